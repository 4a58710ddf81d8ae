"""Schools are merged or closed: all that runs goes on at the successor, what has been stays with the old school.

Legal source: Luật Giáo dục 43/2019/QH14 Điều 51; NĐ 125/2024/NĐ-CP (sáp nhập, chia, tách, giải thể cơ sở giáo dục).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from ..domain.grades import grades_of
from ..models import (
    Employment,
    Enrolment,
    Equipment,
    ErrorReport,
    InternetLine,
    Land,
    MatchCandidate,
    Room,
    SchoolClass,
    SchoolMerge,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
    Transfer,
    YearPromotion,
)
from ..permissions import can_reorganize
from ..types import (
    OPEN_TRANSFER,
    BadValue,
    EntryType,
    ErrorReportState,
    ExitType,
    StateConflict,
    StillInUse,
    TransferState,
)
from .carrying import Move, carry, running

ASSETS: tuple[type[Any], ...] = (Land, Room, Equipment, InternetLine)


@dataclass(frozen=True)
class MergerPlan:
    """What merging would move, by kind; conflicts: what has to be settled first (nothing is done while there are any)."""

    counts: Mapping[str, int]
    conflicts: tuple[str, ...]
    # Codes of classes that both schools have in the same year: the old school's get the suffix.
    renamed: tuple[str, ...]


def _require(by: Actor, *units: Any) -> None:
    if not can_reorganize(by, *(unit.pk for unit in units)):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))
    if any(unit.kind != UnitKind.SCHOOL for unit in units):
        raise StateConflict(_("Chỉ sáp nhập, giải thể trường học."))


def plan_merger(*, by: Actor, gone: Any, into: Any, last_day: date) -> MergerPlan:
    """What would move from `gone` to `into` after `last_day`; writes nothing. Raises NotAllowed, StateConflict."""
    _require(by, gone, into)
    spells = Enrolment.objects.filter(unit_id=gone.pk, left_on=None)
    classes = _classes(by, gone, last_day)
    counts = {
        "students": Student.objects.filter(unit_id=gone.pk, merged_into=None).count(),
        "spells": spells.count(),
        "classes": classes.count(),
        "staff": _running(by, Employment, gone, last_day).count(),
        **{model._meta.model_name or "": _running(by, model, gone, last_day).count() for model in ASSETS},
    }
    both = _shared_codes(classes, into)
    return MergerPlan(counts, tuple(_conflicts(by, gone, into, last_day)), tuple(sorted(both.values())))


def _running(by: Actor, model: type[Any], gone: Any, last_day: date) -> Any:
    return running(by=by, rows=model._default_manager.filter(unit_id=gone.pk), last_day=last_day)


def _classes(by: Actor, gone: Any, last_day: date) -> Any:
    """Classes of years that are not over by then."""
    return _running(by, SchoolClass, gone, last_day).filter(school_year__ends_on__gt=last_day)


def _shared_codes(classes: Any, into: Any) -> dict[int, str]:
    there = set(SchoolClass.objects.filter(unit_id=into.pk).values_list("school_year_id", "code"))
    return {row.pk: row.name for row in classes if (row.school_year_id, row.code) in there}


def _conflicts(by: Actor, gone: Any, into: Any, last_day: date) -> list[str]:
    said = []
    if gone.pk == into.pk:
        said.append(_("Trường cũ và trường kế thừa là một."))
    for unit in (gone, into):
        if unit.valid_to is not None and unit.valid_to < last_day:
            said.append(_("%(school)s đã ngừng hoạt động trước ngày này.") % {"school": unit})
    spells = Enrolment.objects.filter(unit_id=gone.pk, left_on=None)
    stale = spells.filter(school_year__ends_on__lte=last_day).count()
    if stale:
        said.append(
            _("%(count)d học sinh còn ở năm học đã hết vào ngày này: kết thúc năm học trước.")
            % {"count": stale}
        )
    school = organization.school_detail(by, into.pk)
    taught = grades_of(school.levels) if school else frozenset()
    strange = spells.exclude(grade=None).exclude(grade__in=taught).order_by("grade").distinct()
    grades = [str(grade) for grade in strange.values_list("grade", flat=True)]
    if grades:
        said.append(
            _("Trường kế thừa không dạy khối %(grades)s: bổ sung cấp học trước.")
            % {"grades": ", ".join(grades)}
        )
    return said


@transaction.atomic
def merge_school(
    *,
    by: Actor,
    gone: Any,
    into: Any,
    last_day: date,
    basis: str,
    now: datetime,
    suffix: str = "CS2",
) -> SchoolMerge:
    """Move all that runs at `gone` to `into`; `last_day` is its last day. suffix: added to names of classes that both have.

    Pupils go on in the same class on the next day, which is no transfer and no dropout; staff, rooms, land, equipment
    and lines likewise; dossiers belong to the successor. What has ended stays with the old school, whose books stand.
    Raises NotAllowed, BadValue (no decision named), StateConflict (see plan_merger).
    """
    plan = plan_merger(by=by, gone=gone, into=into, last_day=last_day)
    if not clean_text(basis):
        raise BadValue(_("Cần ghi quyết định sáp nhập."), field="basis")
    if plan.conflicts:
        raise StateConflict(plan.conflicts[0])
    # Whoever works on these pupils waits, or is waited for.
    list(Student.objects.select_for_update().filter(unit_id=gone.pk).order_by("pk").values_list("pk"))
    move = Move(gone.pk, into.pk, last_day)
    rooms = _carry_things(by, gone, move)
    _carry_staff(by, gone, move)
    classes = _carry_classes(by, gone, into, move, rooms, clean_text(suffix) or "CS2")
    _carry_spells(by, gone, move, classes)
    _move_dossiers(by, gone, move)
    _move_open_matters(move)
    return SchoolMerge.objects.create(
        unit_id=gone.pk,
        successor_id=into.pk,
        last_day=last_day,
        basis=clean_text(basis)[:300],
        counts=dict(plan.counts),
        done_by_id=by.user_id,
        done_at=now,
    )


def _carry_things(by: Actor, gone: Any, move: Move) -> dict[int, Any]:
    """Land, rooms, equipment, lines; returns the rooms. The sites of the old school are not those of the new one."""

    def without_site(row: Any) -> None:
        row.site_id = None

    rooms: dict[int, Any] = {}
    for model in ASSETS:
        found = carry(by=by, rows=_running(by, model, gone, move.last_day), move=move, change=without_site)
        if model is Room:
            rooms = found
    return rooms


def _carry_staff(by: Actor, gone: Any, move: Move) -> None:
    rows = _running(by, Employment, gone, move.last_day)
    there = Employment.objects.filter(unit_id=move.into_id, valid_to=None).values_list("staff_id", flat=True)
    # Who works at both schools already has the post there: this one only ends.
    double = list(rows.filter(staff_id__in=list(there)).values_list("pk", flat=True))
    Employment.objects.filter(pk__in=double, valid_from__gt=move.last_day).delete()
    Employment.objects.filter(pk__in=double).update(valid_to=move.last_day)
    carry(by=by, rows=rows.exclude(pk__in=double), move=move)


def _carry_classes(
    by: Actor, gone: Any, into: Any, move: Move, rooms: Mapping[int, Any], suffix: str
) -> dict[int, SchoolClass]:
    rows = list(_classes(by, gone, move.last_day))
    both = _shared_codes(rows, into)
    codes = {row.pk: row.code for row in rows}
    shared = {codes[key] for key in both}

    def change(row: SchoolClass) -> None:
        row.site_id = None
        if row.room_id is not None and row.room_id in rooms:
            row.room_id = rooms[row.room_id].pk
        if row.code in shared:
            row.name, row.code = f"{row.name} {suffix}"[:60], f"{row.code}-{suffix}"[:30]

    classes = carry(by=by, rows=_classes(by, gone, move.last_day), move=move, change=change)

    def into_new_class(row: TeachingAssignment) -> None:
        row.school_class_id = classes[row.school_class_id].pk

    teaching = _running(by, TeachingAssignment, gone, move.last_day)
    carry(by=by, rows=teaching.filter(school_class_id__in=list(classes)), move=move, change=into_new_class)
    teaching.exclude(school_class_id__in=list(classes)).filter(valid_from__lte=move.last_day).update(
        valid_to=move.last_day
    )
    return classes


def _carry_spells(by: Actor, gone: Any, move: Move, classes: Mapping[int, SchoolClass]) -> None:
    begun: list[Enrolment] = []
    later: list[Enrolment] = []
    for spell in Enrolment.objects.filter(unit_id=gone.pk, left_on=None).order_by("pk"):
        (begun if spell.entered_on <= move.last_day else later).append(spell)
    Enrolment.objects.filter(pk__in=[spell.pk for spell in begun]).update(
        exit_type=ExitType.REORGANIZED, left_on=move.last_day
    )
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                student_id=spell.student_id,
                unit_id=move.into_id,
                school_year_id=spell.school_year_id,
                school_class=classes.get(spell.school_class_id or 0),
                grade=spell.grade,
                status=spell.status,
                entry_type=EntryType.REORGANIZED,
                entered_on=move.first_day,
                student_name=spell.student_name,
                other_school=gone.name[:200],
            )
            for spell in begun
        ]
    )
    for spell in later:
        spell.unit_id, spell.school_class = move.into_id, classes.get(spell.school_class_id or 0)
    Enrolment.objects.bulk_update(later, ["unit", "school_class"], batch_size=1000)


def _move_dossiers(by: Actor, gone: Any, move: Move) -> None:
    for model in (Student, Staff):
        rows = model._default_manager.filter(unit_id=gone.pk)
        taken = model._default_manager.filter(unit_id=move.into_id).exclude(local_code="")
        rows.filter(local_code__in=taken.order_by().values("local_code")).update(local_code="")
        rows.update(unit_id=move.into_id)
    carry(by=by, rows=_running(by, StudentCharacteristic, gone, move.last_day), move=move)


def _move_open_matters(move: Move) -> None:
    """Transfers, reports of families, pairs to look at: whoever takes over has to answer them."""
    still_open = Transfer.objects.filter(state__in=OPEN_TRANSFER)
    still_open.filter(from_unit_id=move.gone_id, to_unit_id=move.into_id).update(
        state=TransferState.CANCELLED
    )
    still_open.filter(from_unit_id=move.into_id, to_unit_id=move.gone_id).update(
        state=TransferState.CANCELLED
    )
    still_open.filter(from_unit_id=move.gone_id).update(from_unit_id=move.into_id)
    still_open.filter(to_unit_id=move.gone_id).update(to_unit_id=move.into_id)
    ErrorReport.objects.filter(unit_id=move.gone_id, state=ErrorReportState.OPEN).update(unit_id=move.into_id)
    MatchCandidate.objects.filter(first_unit_id=move.gone_id).update(first_unit_id=move.into_id)
    MatchCandidate.objects.filter(second_unit_id=move.gone_id).update(second_unit_id=move.into_id)
    YearPromotion.objects.filter(unit_id=move.gone_id, done_at=None).delete()


@transaction.atomic
def close_school(*, by: Actor, unit: Any, last_day: date, basis: str, now: datetime) -> SchoolMerge:
    """A school without a successor ends on `last_day`: its empty classes, rooms, land, equipment and lines end with it.

    Dossiers of former pupils stay with it. Raises NotAllowed, BadValue (no decision named), StillInUse (pupils, staff,
    open transfers: they go elsewhere first).
    """
    _require(by, unit)
    if not clean_text(basis):
        raise BadValue(_("Cần ghi quyết định giải thể."), field="basis")
    pupils = Enrolment.objects.filter(unit_id=unit.pk, left_on=None).count()
    staff = _running(by, Employment, unit, last_day).count()
    if pupils or staff:
        said = _("Trường còn %(pupils)d học sinh đang học, %(staff)d người đang công tác: chuyển đi trước.")
        raise StillInUse(said % {"pupils": pupils, "staff": staff})
    if Transfer.objects.filter(from_unit_id=unit.pk, state__in=OPEN_TRANSFER).exists():
        raise StillInUse(_("Còn đề nghị chuyển trường chưa xong."))
    counts: dict[str, int] = {}
    ending: tuple[type[Any], ...] = (SchoolClass, *ASSETS)
    for model in ending:
        rows = _running(by, model, unit, last_day)
        counts[model._meta.model_name or ""] = rows.count()
        rows.filter(valid_from__gt=last_day).delete()
        rows.update(valid_to=last_day)
    return SchoolMerge.objects.create(
        unit_id=unit.pk,
        last_day=last_day,
        basis=clean_text(basis)[:300],
        counts=counts,
        done_by_id=by.user_id,
        done_at=now,
    )


@transaction.atomic
def mark_unit_closed(*, by: Actor, merge: SchoolMerge) -> SchoolMerge:
    """The unit itself was closed by organization.actions.close_unit. Raises NotAllowed."""
    _require(by, merge.unit)
    merge.is_unit_closed = True
    merge.save(update_fields=["is_unit_closed"])
    return merge
