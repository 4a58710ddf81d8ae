"""The books of a year opened: which subjects each class has."""

from __future__ import annotations

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
from ..queries.rules import programme, rules_of
from ..types import BadValue, GradingFault
from .inheriting import settle_inherited


@dataclass(frozen=True)
class OpeningOutcome:
    """opened: new subjects of classes; without_rules: names of classes for which no circular holds."""

    opened: int
    classes: int
    without_rules: tuple[str, ...]


@transaction.atomic
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
    """How many columns of regular assessments a term of the subject has; columns with marks are never taken away.

    Fewer than the rules ask for leaves the result open. Raises NotAllowed, BadValue.
    """
    row = ClassSubject.objects.select_for_update(of=("self",)).get(pk=class_subject.pk)
    if not by.can(KEEP, row.unit_id):
        raise NotAllowed(_("Anh/chị không được sửa sổ điểm của trường này."))
    if not 0 <= number <= MOST_REGULAR:
        raise BadValue(
            _("Số lần đánh giá thường xuyên từ 0 đến %(most)s.") % {"most": MOST_REGULAR}, field="number"
        )
    used = max(
        (
            max(len(regular), len(levels))
            for regular, levels in row.marks.values_list("regular", "regular_levels")
        ),
        default=0,
    )
    if number < used:
        raise BadValue(
            _("Cột %(used)s đã có điểm: hãy xóa điểm trước khi bớt cột.") % {"used": used}, field="number"
        )
    row.regular_count = number
    row.save(update_fields=["regular_count"])
    PupilYear.objects.filter(school_class_id=row.school_class_id).update(is_stale=True)
    return row
