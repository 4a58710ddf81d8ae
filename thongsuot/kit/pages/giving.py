"""A page that gives a file: at once where it is short, by work in the background where it is long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.addresses import query_with
from thongsuot.kit.pages.exporting import CONTENT_TYPES, check_size
from thongsuot.kit.pages.listing import EXPORT
from thongsuot.kit.text.vietnamese import fold

Step = Callable[[int], None]


def no_step(done: int) -> None:
    """For files that nobody waits for."""


@dataclass(frozen=True)
class Wanted:
    """A file that somebody asked a page for. path, query: the page's address; rows: how many it has."""

    path: str
    query: str
    kind: str
    title: str
    name: str
    rows: int


# (by, what is wanted) -> the address to send the person to. Set by the room that keeps such files.
_later: list[Callable[[Actor, Wanted], str]] = []


def give_later_by(ask: Callable[[Actor, Wanted], str]) -> None:
    """Let `ask` take the files that are too long for a request; without it they are all made at once."""
    _later[:] = [ask]


class GivesFile(ActorPage):
    """Below list pages, and pages that are a file themselves."""

    export_formats: Sequence[str] = ("xlsx", "csv")

    def file_title(self) -> str:
        return str(self.get_title())

    def file_rows(self) -> QuerySet[Any]:
        """The rows that the file will have."""
        raise NotImplementedError

    def make_file(self, kind: str, step: Step = no_step) -> IO[bytes]:
        """The open file. `step` is told now and then how many rows are written."""
        raise NotImplementedError

    def exported(self, kind: str) -> None:
        """Called before a file is made. Override to record the reading of personal data."""

    def file_name(self, kind: str) -> str:
        return (
            f"{fold(self.file_title()).replace(' ', '-') or 'danh-sach'}-{timezone.localdate():%Y%m%d}.{kind}"
        )

    def file_page(self) -> str:
        """Where the person is when no file can be given."""
        return self.request.path + query_with(self.request.GET, export=None)

    def give_file(self, kind: str) -> HttpResponseBase:
        try:
            check_size(kind, self.file_rows())
            self.exported(kind)
            wanted = self._wanted(kind)
            if _later and wanted.rows > settings.EXPORT_INLINE_ROWS:
                return HttpResponseRedirect(self._put_off(wanted))
            made = self.make_file(kind)
        except Refused as error:
            messages.error(self.request, error.message)
            return HttpResponseRedirect(self.file_page())
        return FileResponse(made, as_attachment=True, filename=wanted.name, content_type=CONTENT_TYPES[kind])

    def _wanted(self, kind: str) -> Wanted:
        asked: QueryDict = self.request.GET.copy()
        asked.pop(EXPORT, None)
        return Wanted(
            path=self.request.path,
            query=asked.urlencode(),
            kind=kind,
            title=self.file_title(),
            name=self.file_name(kind),
            rows=self.file_rows().order_by().count(),
        )

    def _put_off(self, wanted: Wanted) -> str:
        url = _later[0](self.actor, wanted)
        said = _(
            "Danh sách có %(rows)d dòng, tệp đang được lập. Có thể làm việc khác: khi xong sẽ có thông báo."
        )
        messages.info(self.request, said % {"rows": wanted.rows})
        return url
