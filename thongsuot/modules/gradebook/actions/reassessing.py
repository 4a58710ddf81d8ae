"""Re-assessment in summer, and the bank of remarks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.registry.queries import class_members

from ..bulk.staleness import hold_for_writing, mark_stale
from ..domain.cells import COMMENT_LEVELS, Column, Wrong, canonical
from ..models import ClassSubject, PupilYear, Reassessment, RemarkPhrase
from ..permissions import ENTER, KEEP, can_enter
from ..queries.books import book_of
from ..types import BadValue, ColumnKind, StateConflict


@transaction.atomic
def reassess(
    *, by: Actor, class_subject: ClassSubject, student_id: int, result: str, on: date
) -> Reassessment | None:
    """The result of the re-assessment of a subject, which replaces the year's result for the decision; "" takes it away.

    Only of a subject that the year's result leaves open for it. result: "6.5" or "Đ", "CĐ".
    Raises NotAllowed, BadValue, StateConflict (the pupil may not be assessed again in this subject).
    Legal source: TT 22/2021/TT-BGDĐT Điều 14.
    """
    rows = ClassSubject.objects.select_related("school_class", "school_year", "unit__school")
    subject = rows.filter(pk=class_subject.pk).first()
    if subject is None or not can_enter(by, subject):
        raise NotAllowed(_("Anh/chị không được nhập điểm môn này của lớp này."))
    if not any(
        one.student_id == student_id for one in class_members(Actor.system(), [subject.school_class_id])
    ):
        raise BadValue(_("Học sinh không thuộc lớp này."), field="student_id")
    mine = {"class_subject": subject, "student_id": student_id}
    text = _result(subject, result)
    hold_for_writing(subject.unit_id, subject.school_year_id)
    mark_stale(subject.unit_id, subject.school_year_id, [student_id])
    if not text:
        Reassessment.objects.filter(**mine).delete()
        return None
    year = PupilYear.objects.filter(
        student_id=student_id, school_year_id=subject.school_year_id, unit_id=subject.unit_id
    ).first()
    if year is None or subject.code not in year.again:
        raise StateConflict(_("Kết quả năm học của em không cho phép đánh giá lại môn này."))
    is_score = subject.form == "score"
    values: dict[str, Any] = {
        "unit_id": subject.unit_id,
        "mark": Decimal(text) if is_score else None,
        "level": "" if is_score else text,
        "assessed_on": on,
        "written_by_id": by.user_id,
    }
    row, _made = Reassessment.objects.update_or_create(**mine, defaults=values)
    return row


def _result(subject: ClassSubject, result: str) -> str:
    is_score = subject.form == "score"
    column = (
        Column("final", ColumnKind.MARK)
        if is_score
        else Column("final_level", ColumnKind.LEVEL, COMMENT_LEVELS)
    )
    text = canonical(column, result, book_of(subject).decimals)
    if isinstance(text, Wrong):
        raise BadValue(_(text.said) % text.about, field="result")
    return text


@transaction.atomic
def keep_phrase(
    *, by: Actor, unit: Any, text: str, subject: str = "", level: str = "", is_schools: bool = False
) -> RemarkPhrase:
    """Add a remark to the actor's own bank, or to the school's. Raises NotAllowed, BadValue (empty)."""
    right = KEEP if is_schools else ENTER
    if not (by.can(right, unit.pk) or by.can(KEEP, unit.pk)):
        raise NotAllowed(_("Anh/chị không được thêm câu nhận xét ở trường này."))
    said = clean_text(text)
    if not said:
        raise BadValue(_("Câu nhận xét không được để trống."), field="text")
    owner = None if is_schools else by.user_id
    row, _made = RemarkPhrase.objects.get_or_create(
        unit_id=unit.pk, owner_id=owner, subject=subject, level=level, text=said[:500]
    )
    return row


@transaction.atomic
def drop_phrase(*, by: Actor, phrase: RemarkPhrase) -> None:
    """Take a remark out of the bank: the own one, or the school's by whoever keeps the books. Raises NotAllowed."""
    is_own = phrase.owner_id is not None and phrase.owner_id == by.user_id
    if not (is_own or (phrase.owner_id is None and by.can(KEEP, phrase.unit_id))):
        raise NotAllowed(_("Anh/chị không được xóa câu nhận xét này."))
    phrase.delete()
