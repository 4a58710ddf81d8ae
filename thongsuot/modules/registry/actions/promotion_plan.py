"""What ending a school year would do: where each pupil and each class of a school goes next. Writes only the exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization import queries as organization

from ..domain.grades import grades_of, mixed_grades
from ..domain.promotion import YearOutcome, next_grade, possible_outcomes, proposed_outcome, shifted
from ..models import Completion, Enrolment, SchoolClass, YearPromotion, YearResult
from ..permissions import can_promote
from ..queries.facts import group_names, registry_fact
from ..queries.results import year_results
from ..types import BadValue, Outcome, OutcomeReason, StateConflict, TooEarly


@dataclass
class PupilPlan:
    """What becomes of one pupil; `possible`: what may be chosen instead."""

    spell_id: int
    name: str
    grade: int | None
    outcome: Outcome
    possible: tuple[Outcome, ...]
    spell: Enrolment
    # What becomes of the pupil unless the school says otherwise, and why.
    usual: Outcome = Outcome.PROMOTED
    reason: OutcomeReason = OutcomeReason.NO_RESULT
    result: YearResult | None = None

    @property
    def is_own_choice(self) -> bool:
        """The school has said otherwise than the records propose."""
        return self.outcome != self.usual


@dataclass
class ClassPlan:
    """A class of this year, its pupils, and the class of next year that it becomes (name "" when it ends here)."""

    source: SchoolClass | None
    pupils: list[PupilPlan] = field(default_factory=list)
    name: str = ""
    code: str = ""
    grade: int | None = None
    # That class is there already, made by hand or by an earlier run.
    is_there: bool = False

    @property
    def counts(self) -> Counter[str]:
        return Counter(pupil.outcome.value for pupil in self.pupils)


@dataclass
class PromotionPlan:
    """What ending the year would do. counts: pupils by outcome; draft: where the exceptions are kept."""

    unit_id: int
    from_year: Any
    to_year: Any
    classes: list[ClassPlan]
    # Classes of the lowest grades, made empty for those who will be admitted and those who stay.
    intake: list[ClassPlan]
    exceptions: Mapping[str, str]

    @property
    def counts(self) -> Counter[str]:
        return sum((one.counts for one in self.classes), Counter())

    @property
    def pupils(self) -> int:
        return sum(len(one.pupils) for one in self.classes)

    @property
    def with_result(self) -> int:
        """Pupils whose outcome is proposed from a record, not by default."""
        reasons = (pupil.reason for one in self.classes for pupil in one.pupils)
        return sum(reason != OutcomeReason.NO_RESULT for reason in reasons)

    @property
    def ending(self) -> int:
        """Pupils whose year ends now: all but those who are assessed again first."""
        return self.pupils - self.counts[Outcome.WAITING.value]


def require_promote(*, by: Actor, unit_id: int) -> None:
    """Raise NotAllowed unless `by` may end the year of the school."""
    if not can_promote(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền kết thúc năm học của trường này."))


def require_not_too_early(*, by: Actor, year: Any, today: date) -> None:
    """Raise TooEarly while the results of the year cannot be in (fact `days_before_year_end`)."""
    first = year.ends_on - timedelta(days=registry_fact(by, "days_before_year_end").value)
    if today < first:
        raise TooEarly(_("Thực hiện được từ ngày %(day)s.") % {"day": f"{first:%d/%m/%Y}"})


def plan_promotion(
    *, by: Actor, unit_id: int, from_year: Any, running: Iterable[Enrolment] | None = None
) -> PromotionPlan:
    """What ending `from_year` would do to the pupils who still sit in a class; writes nothing.

    running: their spells, when the caller has locked them. Raises NotAllowed, StateConflict (the next year is not
    there).
    """
    require_promote(by=by, unit_id=unit_id)
    draft = YearPromotion.objects.filter(unit_id=unit_id, from_year=from_year, done_at=None).first()
    if running is None:
        running = running_spells(by=by, unit_id=unit_id, from_year=from_year)
    return _plan(by, unit_id, from_year, draft.outcomes if draft else {}, running)


def running_spells(*, by: Actor, unit_id: int, from_year: Any) -> QuerySet[Enrolment]:
    """Pupils who still sit in a class of the school in that year, in the order of a register."""
    require_promote(by=by, unit_id=unit_id)
    spells = Enrolment.objects.filter(unit_id=unit_id, school_year=from_year, left_on=None)
    return spells.order_by("student__sort_key", "pk")


def grades_taught(*, by: Actor, unit_id: int) -> frozenset[int]:
    """Grades of the levels that the school has; empty for a unit that is no school."""
    school = organization.school_detail(by, unit_id)
    return grades_of(school.levels) if school else frozenset()


def _plan(
    by: Actor, unit_id: int, from_year: Any, exceptions: Mapping[str, str], running: Iterable[Enrolment]
) -> PromotionPlan:
    years = organization.school_years().filter(starts_on__gt=from_year.ends_on).order_by("starts_on")
    to_year = years.first()
    if to_year is None:
        raise StateConflict(_("Chưa lập năm học tiếp theo: đề nghị Sở lập năm học trước."))
    taught = grades_taught(by=by, unit_id=unit_id)
    ours = SchoolClass.objects.filter(unit_id=unit_id, valid_to=None)
    sources = {row.pk: row for row in ours.filter(school_year=from_year).order_by("grade", "name", "pk")}
    there = {row.code: row for row in ours.filter(school_year=to_year)}
    plans: dict[int | None, ClassPlan] = {key: ClassPlan(row) for key, row in sources.items()}
    spells = list(running)
    held_back = _held_back(unit_id, from_year)
    results = _results(by, spells, from_year)
    most_absent = registry_fact(by, "most_absent_sessions").value
    for spell in spells:
        if spell.school_class_id not in plans:
            plans[spell.school_class_id] = ClassPlan(spell.school_class)
        plan = plans[spell.school_class_id]
        result = results.get(spell.student_id)
        pupil = _pupil(spell, plan.source, taught, result, spell.pk in held_back, most_absent)
        if (wanted := exceptions.get(str(spell.pk), "")) in pupil.possible:
            pupil.outcome = Outcome(wanted)
        plan.pupils.append(pupil)
    names = group_names(by)
    for plan in plans.values():
        _next_class(plan, taught, there, names)
    intake = [
        ClassPlan(source, [], source.name, source.code, source.grade, source.code in there)
        for source in sources.values()
        if _is_lowest(source, taught)
    ]
    return PromotionPlan(unit_id, from_year, to_year, list(plans.values()), intake, exceptions)


def _held_back(unit_id: int, from_year: Any) -> set[int]:
    """Spells of pupils of whom a decision says that they have not completed the level: they stay unless said otherwise."""
    standing = Completion.objects.filter(
        graduation__unit_id=unit_id,
        graduation__school_year=from_year,
        graduation__done_at__isnull=False,
        graduation__undone_at=None,
    )
    rows = standing.order_by("graduation_id").values_list("enrolment_id", "completes")
    # The last decision on a pupil holds.
    return {key for key, completes in dict(rows).items() if not completes}


def _results(by: Actor, spells: Iterable[Enrolment], from_year: Any) -> dict[int, YearResult]:
    """The result of the year by pupil: that of the school where the pupil sits before that of an earlier school."""
    at = {spell.student_id: spell.unit_id for spell in spells}
    rows = year_results(by, school_year_id=from_year.pk, student_ids=list(at))
    ordered = sorted(rows, key=lambda row: (row.unit_id == at[row.student_id], row.updated_at, row.pk))
    return {row.student_id: row for row in ordered}


def _pupil(
    spell: Enrolment,
    source: SchoolClass | None,
    taught: frozenset[int],
    result: YearResult | None,
    is_held_back: bool,
    most_absent: int,
) -> PupilPlan:
    grade = spell.grade if spell.grade is not None else source.grade if source else None
    usual, reason = proposed_outcome(_said(result), grade, taught, most_absent)
    if is_held_back:
        # A decision with a number weighs more than what was handed in before it.
        usual, reason = Outcome.RETAINED, OutcomeReason.LEVEL_NOT_COMPLETED
    possible = possible_outcomes(grade, taught)
    return PupilPlan(spell.pk, spell.student_name, grade, usual, possible, spell, usual, reason, result)


def _said(result: YearResult | None) -> YearOutcome | None:
    if result is None:
        return None
    return YearOutcome(
        result.promotion, result.is_completed, result.learning, result.conduct, result.days_absent
    )


def _is_mixed(source: SchoolClass) -> bool:
    return bool(mixed_grades(source.mixed_grades))


def _next_class(
    plan: ClassPlan, taught: frozenset[int], there: Mapping[str, SchoolClass], names: Mapping[int, str]
) -> None:
    """A class moves up with its pupils; a mixed class stays what it is; the last of a level ends."""
    source = plan.source
    if source is None:
        return
    if _is_mixed(source):
        plan.name, plan.code, plan.grade = source.name, source.code, source.grade
    elif source.grade is not None and (following := next_grade(source.grade)) in taught and following:
        plan.name = shifted(source.name, source.grade, following, names)
        plan.code, plan.grade = shifted(source.code, source.grade, following, names), following
    plan.is_there = plan.code in there


def _is_lowest(source: SchoolClass, taught: frozenset[int]) -> bool:
    grade = source.grade
    return (
        grade is not None
        and grade in taught
        and not _is_mixed(source)
        and all(next_grade(other) != grade for other in taught)
    )


@transaction.atomic
def set_outcomes(
    *, by: Actor, unit_id: int, from_year: Any, outcomes: Mapping[int, str]
) -> YearPromotion | None:
    """Keep what differs from the usual for some pupils: {spell: outcome}. Written when the year is ended.

    Raises NotAllowed, BadValue (an outcome that the pupil cannot have), StateConflict (a spell that is not running here).
    """
    plan = plan_promotion(by=by, unit_id=unit_id, from_year=from_year)
    pupils = {pupil.spell_id: pupil for one in plan.classes for pupil in one.pupils}
    kept = dict(plan.exceptions)
    for key, outcome in outcomes.items():
        pupil = pupils.get(key)
        if pupil is None:
            raise StateConflict(_("Có học sinh không còn học ở trường: hãy tải lại trang."))
        if outcome not in pupil.possible:
            said = _("%(name)s: không chọn được kết quả này.")
            raise BadValue(said % {"name": pupil.name}, field=f"outcome-{key}")
        kept.pop(str(key), None)
        if outcome != pupil.usual:
            kept[str(key)] = outcome
    row, _new = YearPromotion.objects.update_or_create(
        unit_id=unit_id,
        from_year=from_year,
        done_at=None,
        defaults={"outcomes": kept, "to_year": plan.to_year, "done_by_id": by.user_id},
    )
    return row
