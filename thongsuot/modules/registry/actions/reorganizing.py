"""Schools are merged or closed: all that runs goes on at the successor, what has been stays with the old school.

Legal source: Luật Giáo dục 43/2019/QH14 and the decree on conditions of education institutions (NĐ 125/2024/NĐ-CP, in part
replaced in 2026). Whether schools are merged is decided elsewhere; here the decision is carried out. Sites, roles and the
unit itself are the organisation's part (organization.actions.reorganizing); journeys.merge_schools calls both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from ..domain.grades import grades_of
from ..models import (
    Employment,
    Enrolment,
    SchoolClass,
    SchoolMerge,
    Staff,
    Student,
    TeachingAssignment,
    Transfer,
)
from ..permissions import can_reorganize
from ..queries.facts import registry_fact
from ..types import OPEN_TRANSFER, BadValue, StateConflict, StillInUse
from .carrying import Move
from .school_parts import (
    ASSETS,
    Merging,
    carry_classes,
    carry_spells,
    carry_staff,
    carry_things,
    classes_at,
    move_dossiers,
    move_open_matters,
    renamed_classes,
    running_at,
    shared_codes,
)

# tell(done, total, words) before each part; it may raise to stop, and then nothing is written.
Tell = Callable[[int, int, str], None]
# The parts of a merger below, and the end of the unit (journeys.merge_schools).
PARTS = 7


@dataclass(frozen=True)
class MergerPlan:
    """What merging would move, by kind; conflicts: what has to be settled first (nothing is done while there are any).

    renamed: (kind, old, new) of classes whose name or code both schools have in the same year; shared: how many numbers
    of pupils and staff both have (those of the old school get the suffix); twice: who works at both.
    """

    counts: Mapping[str, int]
    conflicts: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    shared: Mapping[str, int]
    twice: int

    @property
    def size(self) -> int:
        """Rows that move: a few thousand take longer than a page should."""
        return sum(self.counts.values())


def suffix_for(*, by: Actor, wanted: str = "") -> str:
    """What is added to names and codes that both schools have: as wanted, else the fact `merger_suffix`."""
    return clean_text(wanted) or str(registry_fact(by, "merger_suffix").value)


def _require(by: Actor, *units: Any) -> None:
    if not can_reorganize(by, *(unit.pk for unit in units)):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))
    if any(unit.kind != UnitKind.SCHOOL for unit in units):
        raise StateConflict(_("Chỉ sáp nhập, giải thể trường học."))


def plan_merger(*, by: Actor, gone: Any, into: Any, last_day: date, suffix: str = "") -> MergerPlan:
    """What would move from `gone` to `into` after `last_day`; writes nothing. Raises NotAllowed, StateConflict."""
    _require(by, gone, into)
    at = {"by": by, "unit_id": gone.pk, "last_day": last_day}
    classes = list(classes_at(**at))
    counts = {
        "students": Student.objects.filter(unit_id=gone.pk, merged_into=None).count(),
        "spells": Enrolment.objects.filter(unit_id=gone.pk, left_on=None).count(),
        "classes": len(classes),
        "staff": running_at(model=Employment, **at).count(),
        **{model._meta.model_name or "": running_at(model=model, **at).count() for model in ASSETS},
    }
    renamed = renamed_classes(into_id=into.pk, suffix=suffix_for(by=by, wanted=suffix), **at)
    shared = {
        name: shared_codes(by=by, model=model, unit_id=gone.pk, into_id=into.pk).count()
        for name, model in (("student", Student), ("staff", Staff))
    }
    there = Employment.objects.filter(unit_id=into.pk, valid_to=None).order_by().values("staff_id")
    return MergerPlan(
        counts,
        tuple(_conflicts(by, gone, into, last_day)),
        tuple(
            (f"{row.name} ({row.code})", "{} ({})".format(*renamed[row.pk]))
            for row in classes
            if row.pk in renamed
        ),
        shared,
        running_at(model=Employment, **at).filter(staff_id__in=there).count(),
    )


def _conflicts(by: Actor, gone: Any, into: Any, last_day: date) -> list[str]:
    said = []
    if gone.pk == into.pk:
        said.append(_("Trường cũ và trường kế thừa là một."))
    for unit in (gone, into):
        if unit.valid_to is not None and unit.valid_to <= last_day:
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
    ledger: Ledger,
    sites: Mapping[int, int],
    suffix: str = "",
    tell: Tell = lambda done, total, words: None,
) -> SchoolMerge:
    """Move all that runs at `gone` to `into`; `last_day` is its last day. sites: what became of its sites, by key;
    suffix: added to names and codes that both have.

    Pupils go on in the same class on the next day, which is no transfer and no dropout; staff, rooms, land, equipment
    and lines likewise; dossiers belong to the successor. What has ended stays with the old school, whose books stand.
    Raises NotAllowed, BadValue (no decision named), StateConflict (see plan_merger).
    """
    plan = plan_merger(by=by, gone=gone, into=into, last_day=last_day, suffix=suffix)
    if not clean_text(basis):
        raise BadValue(_("Cần ghi quyết định sáp nhập."), field="basis")
    if plan.conflicts:
        raise StateConflict(plan.conflicts[0])
    # Whoever works on these pupils waits, or is waited for.
    list(Student.objects.select_for_update().filter(unit_id=gone.pk).order_by("pk").values_list("pk"))
    move = Move(gone.pk, into.pk, last_day)
    merging = Merging(by, gone, into, move, suffix_for(by=by, wanted=suffix), sites, ledger)
    tell(0, PARTS, _("Đất, phòng, thiết bị"))
    rooms = carry_things(by=by, merging=merging)
    tell(1, PARTS, _("Cán bộ, giáo viên"))
    carry_staff(by=by, merging=merging)
    tell(2, PARTS, _("Lớp, phân công"))
    classes = carry_classes(by=by, merging=merging, rooms=rooms)
    tell(3, PARTS, _("Quá trình học"))
    carry_spells(by=by, merging=merging, classes=classes)
    tell(4, PARTS, _("Hồ sơ học sinh"))
    move_dossiers(by=by, merging=merging)
    tell(5, PARTS, _("Việc đang dở"))
    move_open_matters(by=by, merging=merging)
    tell(6, PARTS, _("Vai trò, đơn vị"))
    return SchoolMerge.objects.create(
        unit_id=gone.pk,
        successor_id=into.pk,
        last_day=last_day,
        basis=clean_text(basis)[:300],
        counts=dict(plan.counts),
        made={
            "codes": merging.codes,
            "classes": [[old, new.pk] for old, new in classes.items()],
        },
        done_by_id=by.user_id,
        done_at=now,
    )


@transaction.atomic
def close_school(
    *, by: Actor, unit: Any, last_day: date, basis: str, now: datetime, ledger: Ledger
) -> SchoolMerge:
    """A school without a successor ends on `last_day`: its empty classes, rooms, land, equipment and lines end with it.

    Dossiers of former pupils stay with it. Raises NotAllowed, BadValue (no decision named), StillInUse (pupils, staff,
    open transfers: they go elsewhere first).
    """
    _require(by, unit)
    if not clean_text(basis):
        raise BadValue(_("Cần ghi quyết định giải thể."), field="basis")
    for said in closing_conflicts(by=by, unit=unit, last_day=last_day):
        raise StillInUse(said)
    counts: dict[str, int] = {}
    ending: tuple[type[Any], ...] = (TeachingAssignment, SchoolClass, *ASSETS)
    for model in ending:
        rows = running_at(by=by, model=model, unit_id=unit.pk, last_day=last_day)
        counts[model._meta.model_name or ""] = rows.count()
        ledger.drop(rows.filter(valid_from__gt=last_day))
        ledger.update(rows, valid_to=last_day)
    return SchoolMerge.objects.create(
        unit_id=unit.pk,
        last_day=last_day,
        basis=clean_text(basis)[:300],
        counts=counts,
        done_by_id=by.user_id,
        done_at=now,
    )


def closing_conflicts(*, by: Actor, unit: Any, last_day: date) -> list[str]:
    """What has to go elsewhere before a school can be closed without a successor."""
    _require(by, unit)
    said = []
    pupils = Enrolment.objects.filter(unit_id=unit.pk, left_on=None).count()
    staff = running_at(by=by, model=Employment, unit_id=unit.pk, last_day=last_day).count()
    if pupils or staff:
        words = _("Trường còn %(pupils)d học sinh đang học, %(staff)d người đang công tác: chuyển đi trước.")
        said.append(words % {"pupils": pupils, "staff": staff})
    if Transfer.objects.filter(from_unit_id=unit.pk, state__in=OPEN_TRANSFER).exists():
        said.append(_("Còn đề nghị chuyển trường chưa xong."))
    if Transfer.objects.filter(to_unit_id=unit.pk, state__in=OPEN_TRANSFER).exists():
        said.append(_("Trường còn đề nghị nhận học sinh chưa xong: rút trước."))
    if unit.valid_to is not None and unit.valid_to <= last_day:
        said.append(_("%(school)s đã ngừng hoạt động trước ngày này.") % {"school": unit})
    return said


@transaction.atomic
def keep_ledger(*, by: Actor, merge: SchoolMerge, ledger: Ledger, counts: Mapping[str, int]) -> SchoolMerge:
    """Write down what all modules did, by which the merger can be taken back. Raises NotAllowed."""
    _require(by, merge.unit)
    merge.made = {**merge.made, **ledger.as_json()}
    merge.counts = {**merge.counts, **counts}
    merge.is_unit_closed = True
    merge.save(update_fields=["made", "counts", "is_unit_closed"])
    return merge
