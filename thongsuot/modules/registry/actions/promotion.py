"""Ending a school year for a whole school: looked at first, written set by set, taken back while nothing hangs on it.

Legal source: TT 27/2020/TT-BGDĐT (primary), TT 22/2021/TT-BGDĐT (secondary): who is promoted is the school's decision
and comes in from outside; here it becomes spells and classes of the next year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..domain.grades import mixed_grades
from ..domain.promotion import grade_after
from ..models import Enrolment, SchoolClass, TeachingAssignment, YearPromotion
from ..queries.editions import edition_of
from ..types import EntryType, ExitType, Outcome, StateConflict
from .promotion_plan import (
    ClassPlan,
    PromotionPlan,
    PupilPlan,
    plan_promotion,
    require_not_too_early,
    require_promote,
    running_spells,
)

EXITS = {
    Outcome.PROMOTED: ExitType.YEAR_END,
    Outcome.RETAINED: ExitType.YEAR_END,
    Outcome.LEFT: ExitType.YEAR_END,
    Outcome.GRADUATED: ExitType.GRADUATED,
}
ENTRIES = {Outcome.PROMOTED: EntryType.PROMOTED, Outcome.RETAINED: EntryType.RETAINED}
COPIED = (
    "site_id", "mixed_grades", "sessions_per_week", "is_two_sessions", "is_boarding", "foreign_language",
    "max_students",
)  # fmt: skip


@transaction.atomic
def apply_promotion(
    *,
    by: Actor,
    unit_id: int,
    from_year: Any,
    today: date,
    now: datetime,
    keep_homeroom: bool = False,
    with_intake: bool = True,
) -> YearPromotion:
    """End the year for all who still sit in a class, make the classes of the next year, begin their spells.

    Two people at once: the second waits for the rows of the first and finds nothing left. Done again it does nothing
    and returns what was done; pupils who came in since are promoted by themselves into the classes that are there.
    A pupil who stays sits in next year's class of the same name, or in none yet when there is no such class.
    Who is assessed again first (Outcome.WAITING) sits on in this year; a later run ends the year for them.
    Raises NotAllowed, TooEarly, StateConflict (no next year; nobody to promote and nothing done before).
    """
    require_promote(by=by, unit_id=unit_id)
    require_not_too_early(by=by, year=from_year, today=today)
    spells = running_spells(by=by, unit_id=unit_id, from_year=from_year)
    running = list(spells.select_for_update(of=("self",)))
    done = YearPromotion.objects.filter(unit_id=unit_id, from_year=from_year, undone_at=None)
    plan = plan_promotion(by=by, unit_id=unit_id, from_year=from_year, running=running) if running else None
    if plan is None or not plan.ending:
        last = done.filter(done_at__isnull=False).first()
        if last is None:
            raise StateConflict(
                _("Mọi học sinh còn lại đang chờ đánh giá lại.")
                if plan
                else _("Không còn học sinh nào đang học trong năm học này.")
            )
        return last
    draft = done.filter(done_at=None).first()
    classes, new = _make_classes(plan, keep_homeroom=keep_homeroom, with_intake=with_intake)
    closed = _close(plan)
    opened = _open(plan, classes)
    row = draft or YearPromotion(unit_id=unit_id, from_year=from_year)
    row.to_year, row.done_by_id, row.done_at = plan.to_year, by.user_id, now
    row.counts = {**{one.value: plan.counts[one.value] for one in Outcome}, "classes": len(new)}
    row.made = {"closed": closed, "opened": opened, "classes": {str(c.pk): edition_of(c) for c in new}}
    row.save()
    _keep_waiting(plan)
    return row


def _keep_waiting(plan: PromotionPlan) -> None:
    """Whom the school itself set down as assessed again stays so for the next run; the others have it in their result."""
    pupils = [pupil for one in plan.classes for pupil in one.pupils]
    kept = {
        str(one.spell_id): one.outcome.value
        for one in pupils
        if one.outcome is Outcome.WAITING and one.is_own_choice
    }
    if kept:
        YearPromotion.objects.create(
            unit_id=plan.unit_id, from_year=plan.from_year, to_year=plan.to_year, outcomes=kept
        )


def _make_classes(
    plan: PromotionPlan, *, keep_homeroom: bool, with_intake: bool
) -> tuple[dict[str, SchoolClass], list[SchoolClass]]:
    """Classes of the next year by code, and those of them that are new."""
    ours = SchoolClass.objects.filter(unit_id=plan.unit_id, school_year=plan.to_year)
    found = {row.code: row for row in ours}
    wanted = [one for one in plan.classes if one.pupils] + (plan.intake if with_intake else [])
    new: dict[str, SchoolClass] = {}
    for one in wanted:
        if not one.code or one.code in found or one.code in new or one.source is None:
            continue
        leads = keep_homeroom and one not in plan.intake
        new[one.code] = SchoolClass(
            unit_id=plan.unit_id,
            school_year=plan.to_year,
            code=one.code[:30],
            name=one.name[:60],
            grade=one.grade,
            homeroom_teacher_id=one.source.homeroom_teacher_id if leads else None,
            valid_from=plan.to_year.starts_on,
            **{name: getattr(one.source, name) for name in COPIED},
        )
    made = SchoolClass.objects.bulk_create(new.values())
    return {**found, **{row.code: row for row in made}}, made


def _close(plan: PromotionPlan) -> list[int]:
    by_exit: dict[str, list[int]] = {}
    for one in plan.classes:
        for pupil in one.pupils:
            if pupil.outcome in EXITS:
                by_exit.setdefault(EXITS[pupil.outcome].value, []).append(pupil.spell_id)
    for exit_type, keys in by_exit.items():
        Enrolment.objects.filter(pk__in=keys).update(
            exit_type=exit_type, left_on=Greatest(F("entered_on"), plan.from_year.ends_on)
        )
    return [key for keys in by_exit.values() for key in keys]


def _open(plan: PromotionPlan, classes: Mapping[str, SchoolClass]) -> list[list[int | None]]:
    spells = []
    for one in plan.classes:
        for pupil in one.pupils:
            if pupil.outcome not in ENTRIES:
                continue
            grade = grade_after(pupil.grade, pupil.outcome)
            goes_to = _place(one, pupil, grade, classes)
            spells.append(
                Enrolment(
                    student_id=pupil.spell.student_id,
                    unit_id=plan.unit_id,
                    school_year=plan.to_year,
                    school_class=goes_to,
                    grade=grade,
                    entry_type=ENTRIES[pupil.outcome].value,
                    entered_on=max(plan.to_year.starts_on, pupil.spell.entered_on + timedelta(days=1)),
                    student_name=pupil.name,
                )
            )
    made = Enrolment.objects.bulk_create(spells)
    return [[row.pk, row.school_class_id] for row in made]


def _place(
    one: ClassPlan, pupil: PupilPlan, grade: int | None, classes: Mapping[str, SchoolClass]
) -> SchoolClass | None:
    """Next year's class of a pupil: the one that his class becomes; who stays: the one of the same name."""
    codes = [one.code] if pupil.outcome is Outcome.PROMOTED else []
    if one.source is not None:
        codes.append(one.source.code)
    for code in codes:
        found = classes.get(code)
        if found is not None and (grade is None or grade in {found.grade, *mixed_grades(found.mixed_grades)}):
            return found
    return None


@transaction.atomic
def undo_promotion(*, by: Actor, promotion: YearPromotion, now: datetime) -> YearPromotion:
    """Take the ending of a year back: spells of the next year go, those of the old run on, new classes go.

    Raises NotAllowed, StateConflict: something has been changed since (a pupil moved, left, was transferred; a class
    edited, taught, filled), or a later run stands on this one.
    """
    require_promote(by=by, unit_id=promotion.unit_id)
    row = YearPromotion.objects.select_for_update(of=("self",)).get(pk=promotion.pk)
    if row.done_at is None or row.undone_at is not None:
        raise StateConflict(_("Lần kết thúc năm học này đã hoàn tác."))
    later = YearPromotion.objects.filter(unit_id=row.unit_id, done_at__isnull=False, undone_at=None)
    if later.filter(pk__gt=row.pk).exists():
        raise StateConflict(_("Hãy hoàn tác lần kết thúc năm học sau trước."))
    opened = {key: class_id for key, class_id in row.made["opened"]}
    spells = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=opened).order_by("pk")
    as_opened = sum(one.left_on is None and one.school_class_id == opened[one.pk] for one in spells)
    changed = max(len(opened) - as_opened, _taken_elsewhere(row))
    if changed:
        said = _("%(count)d học sinh đã được chuyển lớp, chuyển trường hoặc sửa từ đó: không hoàn tác được.")
        raise StateConflict(said % {"count": changed})
    _require_classes_untouched(row, opened)
    Enrolment.objects.filter(pk__in=opened).delete()
    SchoolClass.objects.filter(pk__in=[int(key) for key in row.made["classes"]]).delete()
    Enrolment.objects.filter(pk__in=row.made["closed"]).update(exit_type="", left_on=None)
    row.undone_by_id, row.undone_at = by.user_id, now
    row.save(update_fields=["undone_by", "undone_at"])
    return row


def _taken_elsewhere(row: YearPromotion) -> int:
    """Old spells that are no longer as they were closed, or whose pupil sits somewhere else by now.

    A dossier that has moved to another school is not seen from here at all: what is counted is what still stands.
    """
    closed = row.made["closed"]
    opened = [key for key, _class in row.made["opened"]]
    ours = Enrolment.objects.filter(pk__in=closed)
    since = Enrolment.objects.filter(student_id__in=ours.order_by().values("student_id"), left_on=None)
    standing = ours.filter(
        unit_id=row.unit_id,
        student__unit_id=row.unit_id,
        exit_type__in=sorted({one.value for one in EXITS.values()}),
    ).exclude(student_id__in=since.exclude(pk__in=opened).order_by().values("student_id"))
    return len(closed) - standing.count()


def _require_classes_untouched(row: YearPromotion, opened: Mapping[int, int | None]) -> None:
    made: Mapping[str, str] = row.made["classes"]
    rows: Sequence[SchoolClass] = list(SchoolClass.objects.filter(pk__in=[int(key) for key in made]))
    edited = [one.name for one in rows if edition_of(one) != made[str(one.pk)]]
    others = Enrolment.objects.filter(school_class__in=rows).exclude(pk__in=list(opened))
    taught = TeachingAssignment.objects.filter(school_class__in=rows)
    used = set(others.values_list("school_class__name", flat=True))
    used |= set(taught.values_list("school_class__name", flat=True))
    names = sorted({*edited, *used})
    if names or len(rows) != len(made):
        said = _("Lớp năm mới đã được sửa, phân công hoặc nhận thêm học sinh: %(names)s.")
        raise StateConflict(said % {"names": ", ".join(names[:10])})
