"""What came of the summer, written at one go: re-assessments, training, help; and what it makes of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.context import acting
from thongsuot.modules.registry.queries import classes

from ..domain.cells import COMMENT_LEVELS, Column, Wrong, canonical
from ..models import ClassSubject, Reassessment, YearJudgement
from ..queries.books import book_of
from ..queries.summer import reassessed_text
from ..types import CellFault, ColumnKind
from .keeping import judge_year
from .reassessing import reassess
from .results import compute_results


@dataclass(frozen=True)
class SummerCell:
    """of: "again" (key: a subject of a class), "trained" or "helped" (key: a class). old: as the page saw it."""

    of: str
    key: int
    student_id: int
    old: str
    new: str


@dataclass(frozen=True)
class SummerOutcome:
    """Nothing is written where there is a fault; `column` of a fault is "again-12"."""

    written: int
    faults: tuple[CellFault, ...]


@transaction.atomic
def record_summer(
    *, by: Actor, unit: Any, school_year: Any, cells: Sequence[SummerCell], on: date
) -> SummerOutcome:
    """All or nothing, each cell only where it still holds what the page saw; then the pupils' results are computed again.

    on: the day of the re-assessments. Raises NotAllowed (a subject or a class that is not the actor's).
    Legal source: TT 22/2021/TT-BGDĐT Điều 13, 14; TT 27/2020/TT-BGDĐT Điều 11.
    """
    writer = _Writer(by, unit, school_year, on)
    faults, written = [], 0
    with transaction.atomic(), acting(by, reason=_("Đánh giá lại, rèn luyện trong hè")):
        for cell in cells:
            try:
                written += writer.write(cell)
            except NotAllowed:
                raise
            except Refused as error:
                faults.append(CellFault(cell.student_id, f"{cell.of}-{cell.key}", cell.new, error.message))
        if faults:
            transaction.set_rollback(True)
    if faults:
        return SummerOutcome(0, tuple(faults))
    if written:
        compute_results(by=None, unit=unit, school_year=school_year)
    return SummerOutcome(written, ())


class Changed(Refused):
    """Somebody else has written the cell since the page read it."""

    code = "changed"


class _Writer:
    def __init__(self, by: Actor, unit: Any, school_year: Any, on: date) -> None:
        self.by, self.unit, self.year, self.on = by, unit, school_year, on

    def write(self, cell: SummerCell) -> int:
        if cell.of == "again":
            return self.again(cell)
        return self.judged(cell)

    def again(self, cell: SummerCell) -> int:
        own = ClassSubject.objects.filter(unit_id=self.unit.pk, school_year_id=self.year.pk)
        subject = (
            own.select_related("school_class", "school_year", "unit__school").filter(pk=cell.key).first()
        )
        if subject is None:
            raise NotAllowed(_("Môn này không thuộc trường, năm học đang mở."))
        row = Reassessment.objects.filter(class_subject=subject, student_id=cell.student_id).first()
        if not self.is_new(cell, reassessed_text(row), _canonical(subject, cell.new)):
            return 0
        reassess(by=self.by, class_subject=subject, student_id=cell.student_id, result=cell.new, on=self.on)
        return 1

    def judged(self, cell: SummerCell) -> int:
        found = classes(self.by, school_year_id=self.year.pk, unit_id=self.unit.pk).filter(pk=cell.key)
        school_class = found.select_related("unit__school", "school_year").first()
        if school_class is None or cell.of not in ("trained", "helped"):
            raise NotAllowed(_("Lớp này không thuộc trường, năm học đang mở."))
        row = YearJudgement.objects.filter(school_class=school_class, student_id=cell.student_id).first()
        if not self.is_new(cell, getattr(row, cell.of) if row else "", cell.new):
            return 0
        said: dict[str, Any] = {cell.of: cell.new}
        judge_year(by=self.by, school_class=school_class, student_id=cell.student_id, **said)
        return 1

    @staticmethod
    def is_new(cell: SummerCell, stands: str, wanted: str) -> bool:
        """Raises Changed."""
        if wanted == stands:
            return False
        if cell.old != stands:
            raise Changed(_("Người khác vừa ghi “%(value)s”. Xem lại rồi ghi.") % {"value": stands or "–"})
        return True


def _canonical(subject: ClassSubject, text: str) -> str:
    """As it would be kept; what cannot be is left as it is, for `reassess` to refuse."""
    if subject.form == "score":
        column = Column("final", ColumnKind.MARK)
    else:
        column = Column("final_level", ColumnKind.LEVEL, COMMENT_LEVELS)
    found = canonical(column, text, book_of(subject).decimals)
    return text if isinstance(found, Wrong) else found
