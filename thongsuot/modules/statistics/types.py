"""Words of the module: states, kinds, refusals. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class PeriodKind(TextChoices):
    """kỳ báo cáo of TT 25/2024/TT-BGDĐT: the two of a school year, and any other that the department asks for."""

    START_OF_YEAR = "start_of_year", _("Đầu năm học")
    END_OF_YEAR = "end_of_year", _("Cuối năm học")
    OTHER = "other", _("Khác")


class PeriodState(TextChoices):
    OPEN = "open", _("Chưa chốt số liệu")
    FROZEN = "frozen", _("Đã chốt, đang xác nhận")
    CLOSED = "closed", _("Đã khóa")


class ReturnState(TextChoices):
    WAITING = "waiting", _("Chưa chốt số liệu")
    DRAFT = "draft", _("Chờ đơn vị xác nhận")
    CONFIRMED = "confirmed", _("Chờ cấp trên duyệt")
    RETURNED = "returned", _("Bị trả lại")
    ACCEPTED = "accepted", _("Xã đã nhận")
    SIGNED_OFF = "signed_off", _("Sở đã duyệt")


# What a unit has not confirmed yet.
OWED = frozenset({ReturnState.DRAFT, ReturnState.RETURNED})


class VersionCause(TextChoices):
    FREEZE = "freeze", _("Chốt số liệu của kỳ")
    CORRECTION = "correction", _("Đơn vị đính chính")
    BELOW = "below", _("Đơn vị trực thuộc đính chính")


class Change(TextChoices):
    """How a record differs between what was frozen and what it is compared with."""

    CAME = "came", _("Thêm vào")
    LEFT = "left", _("Không còn")
    CHANGED = "changed", _("Đổi thông tin")


class NoForm(Refused):
    """There is no such form, or not in this version."""

    code = "no_form"


class BadForm(Refused):
    """A form that cannot be read; the message names file, row and cell."""

    code = "bad_form"


class PeriodRefused(Refused):
    """The period cannot be opened, moved, closed or opened again like this."""

    code = "period_refused"


class BadFigure(Refused):
    """A figure that cannot be: the part larger than the whole, a day to come, no evidence."""

    code = "bad_figure"


class AlreadyDecided(Refused):
    """Somebody was quicker."""

    code = "already_decided"


class WarmKind(TextChoices):
    """How the figures that are kept ready were worked out."""

    CHANGED = "changed", _("Chỉ đơn vị có thay đổi")
    FULL = "full", _("Toàn bộ")


class ReportState(TextChoices):
    """Where a reported figure stands."""

    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")


class PaperState(TextChoices):
    """Where a periodic report stands."""

    DRAFT = "draft", _("Dự thảo")
    RETURNED = "returned", _("Bị trả lại")
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


# How far a long piece of work has come: (done, of how many, what is being done).
Tell = Callable[[int, int | None, str | None], None]


def silent(done: int, total: int | None = None, message: str | None = None) -> None:
    """Nobody is told."""
