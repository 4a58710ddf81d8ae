"""The books of a year opened: which subjects each class has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.registry.queries import assigned_subjects, classes

from ..domain.cells import MOST_REGULAR
from ..domain.opening import subjects_of
from ..models import ClassSubject, PupilYear
from ..permissions import KEEP
from ..queries.books import level_of
from ..queries.columns import columns_used, regular_wanted
from ..queries.rules import programme, rules_held, rules_of
from ..types import BadValue, GradingFault
from .inheriting import settle_inherited


@dataclass(frozen=True)
class OpeningOutcome:
    """opened: new subjects of classes; without_rules: names of classes for which no circular holds."""

    opened: int
    classes: int
    without_rules: tuple[str, ...]


@transaction.atomic
@rules_held()
def open_class_subjects(*, by: Actor, unit: Any, school_year: Any) -> OpeningOutcome:
    """Open the books of all classes of the school's year from the programme and the teaching assignments.

    Idempotent: what is open stays as the school has set it, only names of assignments are added; nothing is removed.
    A few statements whatever the number of classes. Raises NotAllowed.
    Legal source: TT 32/2018/TT-BGDĐT (programme), TT 22/2021/TT-BGDĐT Điều 6 (number of assessments).
    """
    if not by.can(KEEP, unit.pk):
        raise NotAllowed(_("Anh/chị không được lập sổ điểm của trường này."))
    taught = assigned_subjects(by, unit_id=unit.pk, school_year_id=school_year.pk)
    rows, without_rules, number = [], [], 0
    for one in classes(by, school_year_id=school_year.pk, unit_id=unit.pk):
        level = level_of(one.grade, unit.school.levels)
        if level is None or one.grade is None:
            continue
        try:
            rules = rules_of(level, one.grade, school_year.starts_on.year)
        except GradingFault:
            without_rules.append(one.name)
            continue
        number += 1
        found = subjects_of(programme(), rules, level, one.grade, taught.get(one.pk, ()))
        rows += [
            ClassSubject(
                unit_id=unit.pk,
                school_year_id=school_year.pk,
                school_class_id=one.pk,
                **{**asdict(subject), "taught_as": list(subject.taught_as)},
            )
            for subject in found
        ]
    opened = _open(unit, school_year, rows)
    if opened:
        settle_inherited(by=by, unit_id=unit.pk, school_year_id=school_year.pk)
    return OpeningOutcome(opened, number, tuple(without_rules))


def _open(unit: Any, school_year: Any, rows: list[ClassSubject]) -> int:
    """Insert what is not there yet; tell what is there the new names of assignments. How many were new."""
    there = {
        (row.school_class_id, row.code): row
        for row in ClassSubject.objects.filter(unit_id=unit.pk, school_year_id=school_year.pk)
    }
    new = [row for row in rows if (row.school_class_id, row.code) not in there]
    ClassSubject.objects.bulk_create(new, ignore_conflicts=True)
    renamed = []
    for row in rows:
        known = there.get((row.school_class_id, row.code))
        if known is not None and not set(row.taught_as) <= set(known.taught_as):
            known.taught_as = list(dict.fromkeys([*known.taught_as, *row.taught_as]))
            renamed.append(known)
    ClassSubject.objects.bulk_update(renamed, ["taught_as"], batch_size=500)
    return len(new)


@transaction.atomic
def set_regular_count(*, by: Actor, class_subject: ClassSubject, number: int) -> ClassSubject:
    """`set_regular_counts` of one. Raises what it raises."""
    return set_regular_counts(by=by, numbers={class_subject.pk: number})[0]


@transaction.atomic
@rules_held()
def set_regular_counts(*, by: Actor, numbers: Mapping[int, int]) -> list[ClassSubject]:
    """How many columns of regular assessments a term has, by subject of a class. All or nothing.

    At least as many as the rules ask for, unless there were fewer already; columns with marks are never taken away.
    Raises NotAllowed, BadValue naming subject and class. Legal source: TT 22/2021/TT-BGDĐT Điều 6.
    """
    found = ClassSubject.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    rows = list(found.select_related("school_class", "school_year", "unit__school").order_by("pk"))
    if len(rows) < len(numbers) or not all(by.can(KEEP, row.unit_id) for row in rows):
        raise NotAllowed(_("Anh/chị không được sửa sổ điểm của trường này."))
    used = columns_used(numbers)
    changed = [row for row in rows if row.regular_count != numbers[row.pk]]
    for row in changed:
        _require_number(row, numbers[row.pk], used.get(row.pk, 0))
        row.regular_count = numbers[row.pk]
    ClassSubject.objects.bulk_update(changed, ["regular_count"], batch_size=500)
    PupilYear.objects.filter(school_class_id__in={row.school_class_id for row in changed}).update(
        is_stale=True
    )
    return rows


def _require_number(row: ClassSubject, number: int, used: int) -> None:
    said: dict[str, Any] = {"subject": row.name, "name": row.school_class.name}
    least = min(regular_wanted(row), row.regular_count)
    if not least <= number <= MOST_REGULAR:
        text = _("%(subject)s, lớp %(name)s: số cột đánh giá thường xuyên từ %(least)s đến %(most)s.")
        raise BadValue(text % {**said, "least": least, "most": MOST_REGULAR}, field="number")
    if number < used:
        text = _("%(subject)s, lớp %(name)s: cột %(used)s đã có điểm, hãy xóa điểm trước khi bớt cột.")
        raise BadValue(text % {**said, "used": used}, field="number")
