"""One record that holds two persons made two: spells, family and facts go to whom they belong, and it can be taken back.

The reverse of a merge that was a mistake is merging.split_students; here a record was wrong from the beginning (two children
of one name entered as one, a number given twice). A person says which rows belong to whom; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Fault, Ledger
from thongsuot.kit.text.vietnamese import clean_text

from ..domain import persons
from ..models import (
    Contact,
    Enrolment,
    ErrorReport,
    MatchCandidate,
    PersonMerge,
    PersonSplit,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    Transfer,
    YearResult,
)
from ..permissions import can_match
from ..types import OPEN_TRANSFER, BadValue, IdentityStatus, MatchDecision, StateConflict
from .checking import locked
from .persons import write_person

# What can belong to the other person, by the name under which it is chosen.
PARTS: Mapping[str, type[Model]] = {
    "spells": Enrolment,
    "contacts": Contact,
    "characteristics": StudentCharacteristic,
    "transfers": Transfer,
    "reports": ErrorReport,
}
# Facts of the person that may be the other one's: taken out of the record when they go.
MOVABLE = (
    "personal_id",
    "ministry_code",
    "local_code",
    "phone",
    "email",
    "birth_place",
    "residence_address",
    "current_address",
)
NEW_FACTS = frozenset({"full_name", "birth_date", "gender"})
_COLUMNS = {
    "personal_id": ("personal_id_sealed", "personal_id_digest"),
}


@dataclass(frozen=True)
class SplitPlan:
    """What could go: rows by part, facts of the person that stand in the record; conflicts: settled first."""

    rows: Mapping[str, Sequence[Any]]
    facts: Sequence[str]
    conflicts: Sequence[str]


@dataclass(frozen=True)
class Parting:
    """What belongs to the other person. facts: full_name, birth_date, gender; keys: by part; moved: names of MOVABLE."""

    facts: Mapping[str, Any]
    keys: Mapping[str, Sequence[int]] = field(default_factory=dict)
    moved: Sequence[str] = ()


def plan_split(*, by: Actor, student: Student) -> SplitPlan:
    """What the record holds and what stands in the way; writes nothing. Raises NotAllowed, StateConflict."""
    _require(by, student)
    rows: dict[str, Sequence[Any]] = {
        name: list(model._default_manager.filter(student=student)) for name, model in PARTS.items()
    }
    facts = [name for name in MOVABLE if _stands(student, name)]
    return SplitPlan(rows, facts, _conflicts(student))


def _stands(student: Student, name: str) -> bool:
    return any(bool(getattr(student, column)) for column in _COLUMNS.get(name, (name,)))


def _require(by: Actor, student: Student) -> None:
    if not can_match(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền tách hồ sơ này."))
    if student.merged_into_id or student.erased_at or student.restricted_at:
        raise StateConflict(_("Hồ sơ đã được gộp, xóa hoặc đang hạn chế xử lý."))


def _conflicts(student: Student) -> list[str]:
    said = []
    if Transfer.objects.filter(student=student, state__in=OPEN_TRANSFER).exists():
        said.append(_("Đang có đề nghị chuyển trường chưa xong."))
    if PersonMerge.objects.filter(kept=student, undone_at=None).exists():
        said.append(
            _("Hồ sơ này đã nhận một hồ sơ khác gộp vào: hãy tách lại ở trang Hồ sơ nghi trùng trước.")
        )
    open_requests = SubjectRequest.objects.filter(student=student, done_at=None, refused_reason="")
    if open_requests.exists():
        said.append(_("Còn yêu cầu về dữ liệu cá nhân chưa xử lý xong."))
    return said


@transaction.atomic
def split_student(
    *, by: Actor, student: Student, parting: Parting, reason: str, now: datetime
) -> PersonSplit:
    """Make a second record for the other person and give it what belongs to it. `student` keeps the rest.

    The new dossier lies at the school of its last spell. The pair is marked as two different people, so that it is not
    proposed for merging. Raises NotAllowed (the right over every school whose spells go), BadValue (name, a row of
    somebody else, nothing chosen, everything chosen, no reason), StateConflict (see plan_split).
    """
    _require(by, student)
    row = locked(by=by, row=student)
    _require(by, row)
    if said := _conflicts(row):
        raise StateConflict(said[0])
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do tách."), field="reason")
    chosen = _chosen(row, parting)
    spells = list(Enrolment.objects.filter(pk__in=chosen["spells"]).order_by("entered_on", "pk"))
    if not can_match(by, *{spell.unit_id for spell in spells}):
        raise NotAllowed(_("Quá trình học này ở trường khác: đề nghị Sở tách."))
    other = _new_record(by, row, parting, spells[-1].unit_id)
    ledger = Ledger()
    _take_out(row, other, parting.moved, ledger)
    for name, keys in chosen.items():
        ledger.update(PARTS[name]._default_manager.filter(pk__in=keys), student_id=other.pk)
    _take_results(row, spells, other, ledger)
    new_name: dict[str, Any] = {"student_name": other.full_name}
    ledger.update(Enrolment.objects.filter(pk__in=chosen["spells"], left_on=None), **new_name)
    first, second = sorted((row, other), key=lambda one: one.pk)
    MatchCandidate.objects.create(
        first=first, second=second, first_unit_id=first.unit_id, second_unit_id=second.unit_id, score=0,
        found_at=now, decision=MatchDecision.DIFFERENT, decided_by_id=by.user_id, decided_at=now,
        note=_("Tách từ một hồ sơ"),
    )  # fmt: skip
    return PersonSplit.objects.create(
        student=row,
        other=other,
        unit_id=row.unit_id,
        reason=clean_text(reason)[:300],
        moved=ledger.as_json(),
        split_by_id=by.user_id,
        split_at=now,
    )


def _take_results(student: Student, spells: Sequence[Enrolment], other: Student, ledger: Ledger) -> None:
    """What a year came to goes with its spells, where no spell of that school and year stays."""
    theirs = {(spell.unit_id, spell.school_year_id) for spell in spells}
    mine = set(student.enrolments.order_by().values_list("unit_id", "school_year_id"))
    for unit_id, year_id in sorted(theirs - mine):
        rows = YearResult.objects.filter(student=student, unit_id=unit_id, school_year_id=year_id)
        ledger.update(rows, student_id=other.pk)


def _chosen(student: Student, parting: Parting) -> dict[str, list[int]]:
    """The keys that go, by part; each has to be a row of this record."""
    found = {}
    for name, model in PARTS.items():
        keys = list(dict.fromkeys(parting.keys.get(name, ())))
        if model._default_manager.filter(student=student, pk__in=keys).count() != len(keys):
            raise BadValue(_("Có mục không còn trong hồ sơ này: hãy tải lại trang."), field=name)
        found[name] = keys
    if not found["spells"]:
        raise BadValue(_("Chọn ít nhất một mục quá trình học của người kia."), field="spells")
    if Enrolment.objects.filter(student=student).exclude(pk__in=found["spells"]).count() == 0:
        raise BadValue(
            _("Không chuyển hết quá trình học: hồ sơ cũ phải còn là của một người."), field="spells"
        )
    if unknown := set(parting.moved) - set(MOVABLE):
        raise BadValue(_("Không chuyển được mục “%(field)s”.") % {"field": sorted(unknown)[0]}, field="moved")
    return found


def _new_record(by: Actor, student: Student, parting: Parting, unit_id: int) -> Student:
    given = {name: value for name, value in parting.facts.items() if name in NEW_FACTS and value}
    given.setdefault("full_name", "")
    other = Student(unit_id=unit_id)
    write_person(by=by, row=other, given=given)
    other.provisional_code = persons.provisional_code(other.public_id)
    other.save()
    return other


def _take_out(student: Student, other: Student, names: Sequence[str], ledger: Ledger) -> None:
    """Facts of the person go over as they are; the record that stays is without them."""
    columns = [column for name in names for column in _COLUMNS.get(name, (name,))]
    if not columns:
        return
    taken = {column: getattr(student, column) for column in columns}
    empty: dict[str, Any] = {
        column: None if taken[column] is None or column in _COLUMNS["personal_id"] else ""
        for column in columns
    }
    if "personal_id" in names:
        empty["identity_status"] = IdentityStatus.NOT_SENT.value
    ledger.update(Student.objects.filter(pk=student.pk), **empty)
    if "ministry_code" in names:
        other.provisional_code = ""
        if not student.provisional_code:
            code = persons.provisional_code(student.public_id)
            ledger.update(Student.objects.filter(pk=student.pk), provisional_code=code)
    for column, value in taken.items():
        setattr(other, column, value)
    if "local_code" in names and other.unit_id != student.unit_id:
        other.local_code = ""
    other.save()
    student.refresh_from_db()


def blocks_undo(*, by: Actor, split: PersonSplit) -> list[str]:
    """Why a split cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    if not can_match(by, split.student.unit_id, split.other.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền hoàn tác lần tách này."))
    if split.undone_at is not None:
        return [_("Lần tách này đã được hoàn tác.")]
    student, other = split.student, split.other
    if any(one.merged_into_id or one.erased_at for one in (student, other)):
        return [_("Một trong hai hồ sơ đã được gộp hoặc xóa.")]
    said = [_words(fault) for fault in Ledger.of(split.moved).faults()]
    for name, model in PARTS.items():
        went = [int(key) for key in split.moved["changed"].get(model._meta.label_lower, {})]
        new = model._default_manager.filter(student=other).exclude(pk__in=went)
        if number := new.count():
            words = _("Hồ sơ tách ra đã có thêm %(count)d mục “%(name)s”.")
            said.append(words % {"count": number, "name": PARTS[name]._meta.verbose_name})
    return said


def _words(fault: Fault) -> str:
    said = _("%(count)d mục “%(name)s” đã được sửa sau khi tách.")
    return said % {"count": fault.count, "name": fault.model._meta.verbose_name}


@transaction.atomic
def undo_split(*, by: Actor, split: PersonSplit, now: datetime) -> PersonSplit:
    """The two records are one again; the one that was split off stays readable in the history, merged into the first.

    Raises NotAllowed, StateConflict (see blocks_undo).
    """
    row = locked(by=by, row=split)
    keys = sorted((row.student_id, row.other_id))
    list(Student.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    blocked = blocks_undo(by=by, split=row)
    if blocked:
        raise StateConflict(" ".join(blocked))
    # First the facts of the person leave the other record: a number is one person's.
    Student.objects.filter(pk=row.other_id).update(
        personal_id_sealed=None,
        personal_id_digest=None,
        ministry_code="",
        local_code="",
        merged_into_id=row.student_id,
    )
    Ledger.of(row.moved).take_back()
    pair = MatchCandidate.objects.filter(first_id=keys[0], second_id=keys[1])
    pair.update(decision=MatchDecision.SAME, decided_by_id=by.user_id, decided_at=now)
    row.undone_by_id, row.undone_at = by.user_id, now
    row.save(update_fields=["undone_by", "undone_at"])
    return row
