"""Words of the module: states, kinds, refusals. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class ReportState(TextChoices):
    DRAFT = "draft", _("Dự thảo")
    SIGNED = "signed", _("Đã ký duyệt")


class ReportKind(TextChoices):
    """What a periodic report looks back on; the code of its template in data/reports/."""

    FIRST_TERM = "first_term", _("Sơ kết học kỳ I")
    YEAR = "year", _("Tổng kết năm học")


class BadTemplate(Refused):
    """A template of a report cannot be read. The message names the file and the place."""

    code = "bad_template"


class ReportStep(Refused):
    """The report is not in a state that allows this."""

    code = "report_step"


class WrongFigureNote(Refused):
    """An override without a reason, or of a figure that the report does not hold."""

    code = "wrong_figure_note"


class TextConflict(Refused):
    """Somebody saved the same text meanwhile. Both texts are kept in it; nothing was written."""

    code = "text_conflict"

    def __init__(self, message: str, *, theirs: str, yours: str, edition: int, who: str = "") -> None:
        super().__init__(message)
        self.theirs, self.yours, self.edition, self.who = theirs, yours, edition, who


@dataclass(frozen=True)
class ProvidedTable:
    """A table that another module puts into a report: plain words, one tuple a row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Provided:
    """What another module has to say in a report, computed by it. url: the page where it opens, "" for none."""

    sentences: tuple[str, ...] = ()
    tables: tuple[ProvidedTable, ...] = field(default=())
    url: str = ""
