"""Who is assessed again in summer, and in what; who trains, who is helped; what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import person_sort_key
from thongsuot.modules.registry.queries import class_members

from ..models import ClassSubject, PupilYear, Reassessment, SubjectResult, YearJudgement
from ..permissions import can_keep_class, classes_visible, subjects_entered, subjects_visible
from ..types import Conduct, Learning, Outcome, PrimaryLearning
from .books import level_of
from .rules import rules_held, rules_of
from .words import name_of

PRIMARY_LAST = 5


@dataclass(frozen=True)
class AgainSubject:
    """A subject that the pupil may be assessed in again. year: the year's result; result: of the re-assessment, "" while
    there is none; on: its day. may_write: by the actor."""

    class_subject_id: int
    name: str
    form: str
    year: str
    result: str
    on: date | None
    may_write: bool


@dataclass(frozen=True)
class SummerPupil:
    """A pupil whom the summer concerns. subjects: to be assessed again; wants: "", "trained" (conduct) or "helped" (primary
    school), with `value` as it stands; before, after: learning in words; outcome: what it comes to now."""

    student_id: int
    name: str
    class_id: int
    class_name: str
    before: str
    after: str
    conduct: str
    outcome: str
    outcome_name: str
    subjects: tuple[AgainSubject, ...]
    wants: str
    value: str
    may_judge: bool
    is_stale: bool

    @property
    def is_waiting(self) -> bool:
        """Nothing of what the summer asks of the pupil is written yet."""
        return self.outcome in (Outcome.REASSESS, Outcome.TRAIN, Outcome.SUPPORT)


def years_with_summer(actor: Actor, unit_id: int) -> list[int]:
    """School years in which somebody of the school had to be assessed, trained or helped again, the newest first."""
    rows = PupilYear.objects.filter(_concerned(), unit_id=unit_id).filter(
        Q(classes_visible(actor)) | Q(school_class_id__in=_taught_classes(actor))
    )
    found = rows.order_by("-school_year__starts_on").values_list("school_year_id", "school_year__starts_on")
    return list(dict.fromkeys(key for key, _starts in found.distinct()))


def _taught_classes(actor: Actor) -> Any:
    return ClassSubject.objects.filter(subjects_visible(actor)).order_by().values("school_class_id")


def _concerned() -> Q:
    trained = Q(conduct=Conduct.NOT_PASSED) | Q(outcome=Outcome.TRAIN)
    return ~Q(again=[]) | trained | Q(learning=PrimaryLearning.NOT_DONE) | Q(outcome=Outcome.SUPPORT)


@rules_held()
def summer_pupils(actor: Actor, unit_id: int, school_year_id: int) -> list[SummerPupil]:
    """By class and name; of the subjects those that the actor sees. A handful of statements.

    Legal source: TT 22/2021/TT-BGDĐT Điều 13, 14; TT 27/2020/TT-BGDĐT Điều 11.
    """
    judged = YearJudgement.objects.filter(unit_id=unit_id, school_class__school_year_id=school_year_id)
    judgements = {(one.school_class_id, one.student_id): one for one in judged.exclude(trained="", helped="")}
    trained = [student for (_class, student), one in judgements.items() if one.trained]
    rows = list(
        PupilYear.objects.filter(_concerned() | Q(student_id__in=trained))
        .filter(unit_id=unit_id, school_year_id=school_year_id)
        .select_related("school_class__school_year", "unit__school")
    )
    subjects = _subjects(actor, rows)
    seen = set(
        PupilYear.objects.filter(classes_visible(actor), pk__in=[row.pk for row in rows]).values_list(
            "pk", flat=True
        )
    )
    members = class_members(Actor.system(), {row.school_class_id for row in rows})
    names = {(one.class_id, one.student_id): one.name for one in members if not one.has_left}
    may_keep = {row.school_class_id: can_keep_class(actor, row.school_class) for row in rows}
    found = []
    for row in rows:
        key = (row.school_class_id, row.student_id)
        own = subjects.get(row.student_id, ())
        if key in names and (row.pk in seen or own):
            found.append(
                _pupil(
                    row, names[key], own, judgements.get(key), may_keep[row.school_class_id], row.pk in seen
                )
            )
    return sorted(
        (one for one in found if one.subjects or one.wants),
        key=lambda one: (_place(one.class_name), person_sort_key(one.name)),
    )


def _place(class_name: str) -> tuple[int, str]:
    digits = "".join(sign for sign in class_name[:2] if sign.isdecimal())
    return (int(digits or 0), class_name)


def _pupil(
    row: PupilYear,
    name: str,
    subjects: tuple[AgainSubject, ...],
    judged: YearJudgement | None,
    may_keep: bool,
    is_seen: bool,
) -> SummerPupil:
    wants = _wants(row, judged) if is_seen else ""
    value = getattr(judged, wants) if judged and wants else ""
    outcome = Outcome(row.outcome)
    return SummerPupil(
        student_id=row.student_id,
        name=name,
        class_id=row.school_class_id,
        class_name=row.school_class.name,
        before=_level(row.learning),
        after=_level(row.learning_after),
        conduct=name_of(Conduct(row.conduct)) if row.conduct and is_seen else "",
        outcome=outcome,
        outcome_name=name_of(outcome) if is_seen else "",
        subjects=subjects,
        wants=wants,
        value=value,
        may_judge=may_keep,
        is_stale=row.is_stale,
    )


def _level(value: str) -> str:
    for known in (Learning, PrimaryLearning):
        if value in list(known):
            return name_of(known(value))
    return ""


def _wants(row: PupilYear, judged: YearJudgement | None) -> str:
    """What a person has to judge of the pupil's summer."""
    if (row.school_class.grade or 0) <= PRIMARY_LAST:
        return "helped" if row.learning == PrimaryLearning.NOT_DONE else ""
    is_bad = conduct_before_training(row) == Conduct.NOT_PASSED
    return "trained" if is_bad or (judged is not None and judged.trained) else ""


def conduct_before_training(row: PupilYear) -> str:
    """Conduct of the year as the two terms give it; "" while one of them is missing. row: with school_class, its year and
    unit__school."""
    where = row.school_class
    if not row.conduct_term1 or not row.conduct_term2:
        return ""
    level = level_of(where.grade, row.unit.school.levels) or ""
    rules = rules_of(level, where.grade or 0, where.school_year.starts_on.year)
    matrix: Mapping[Any, Any] = getattr(rules, "conduct", {})
    return str(matrix[Conduct(row.conduct_term1)][Conduct(row.conduct_term2)]) if matrix else ""


def _subjects(actor: Actor, rows: Collection[PupilYear]) -> dict[int, tuple[AgainSubject, ...]]:
    """Pupil -> subjects for re-assessment that the actor sees."""
    classes = {row.school_class_id for row in rows if row.again}
    books = list(
        ClassSubject.objects.filter(subjects_visible(actor), school_class_id__in=classes).order_by(
            "position", "pk"
        )
    )
    mine = set(
        ClassSubject.objects.filter(subjects_entered(actor), school_class_id__in=classes).values_list(
            "pk", flat=True
        )
    )
    students = [row.student_id for row in rows if row.again]
    keys: dict[str, Any] = {"class_subject__in": books, "student_id__in": students}
    results = {(one.class_subject_id, one.student_id): one for one in SubjectResult.objects.filter(**keys)}
    done = {(one.class_subject_id, one.student_id): one for one in Reassessment.objects.filter(**keys)}
    by_class: dict[int, list[ClassSubject]] = defaultdict(list)
    for book in books:
        by_class[book.school_class_id].append(book)
    return {
        row.student_id: tuple(
            _again(
                book,
                results.get((book.pk, row.student_id)),
                done.get((book.pk, row.student_id)),
                book.pk in mine,
            )
            for book in by_class[row.school_class_id]
            if book.code in row.again
        )
        for row in rows
        if row.again
    }


def _again(
    book: ClassSubject, result: SubjectResult | None, done: Reassessment | None, may_write: bool
) -> AgainSubject:
    year = "" if result is None else result.year_level if book.form == "comment" else mark_text(result.year)
    return AgainSubject(
        class_subject_id=book.pk,
        name=book.name,
        form=book.form,
        year=year,
        result=reassessed_text(done),
        on=done.assessed_on if done else None,
        may_write=may_write,
    )


def reassessed_text(row: Reassessment | None) -> str:
    """As it is typed and compared: "6.5", "Đ", ""."""
    if row is None:
        return ""
    return row.level or mark_text(row.mark)


def mark_text(mark: Any) -> str:
    return "" if mark is None else f"{mark:.1f}"
