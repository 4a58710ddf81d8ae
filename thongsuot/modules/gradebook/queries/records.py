"""The whole year of a pupil, of a class at once: what transcripts, class sheets and reports to parents are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import Member, class_members, classes, last_spells

from ..domain.cells import ABSENT_MARK
from ..domain.rules import PrimaryRules
from ..models import (
    Absence,
    CarriedYear,
    ClassSubject,
    MarkLock,
    PupilTraits,
    PupilYear,
    Reassessment,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)
from ..permissions import can_see_class
from ..types import PupilRecord, SubjectRecord, TermRecord
from .books import level_of
from .carried import carried_of
from .rules import in_force, rules_of
from .telling import subject_reasons, year_reasons
from .words import TRAITS, sentence


@dataclass
class _Loaded:
    """All rows about the pupils of one class, by what they are looked up by."""

    school_class: Any
    level: str
    rules: Any
    subjects: list[ClassSubject]
    marks: Mapping[tuple[int, str, int], SubjectMarks]
    results: Mapping[tuple[int, int], SubjectResult]
    again: Mapping[tuple[int, int], Reassessment]
    years: Mapping[int, PupilYear]
    conduct: Mapping[tuple[int, int], TermConduct]
    judged: Mapping[int, YearJudgement]
    traits: Mapping[int, Mapping[str, Mapping[str, str]]]
    absent: Mapping[tuple[int, bool], int]
    carried: Mapping[int, list[CarriedYear]]
    is_locked: bool

    @property
    def names(self) -> dict[str, str]:
        return {str(code): str(name) for code, name in TRAITS.items()} | {
            one.code: one.name for one in self.subjects
        }


def class_records(actor: Actor, school_class: Any) -> list[PupilRecord]:
    """The year of every pupil who sits in the class (or sat there when it ended), in the order of a register; a dozen
    statements whatever the number of pupils. Empty for whoever may not see the class as a whole.
    """
    if not can_see_class(actor, school_class):
        return []
    members = [one for one in class_members(Actor.system(), [school_class.pk]) if not one.has_left]
    return _records(school_class.pk, members)


def pupil_year(actor: Actor, student_id: int, school_year: Any) -> PupilRecord | None:
    """The year of one pupil at the school where it ended, or runs. None when there is none that the actor may see."""
    spells = last_spells(Actor.system(), school_year_id=school_year.pk).filter(student_id=student_id)
    last = spells.order_by("-entered_on", "-pk").first()
    if last is None:
        return None
    school_class = classes(Actor.system()).filter(pk=last[2]).first()
    if school_class is None or not can_see_class(actor, school_class):
        return None
    return record_of(school_class.pk, student_id)


def record_of_leaver(actor: Actor, school_class: Any, student_id: int) -> PupilRecord | None:
    """The year to date of one pupil who sits or sat in the class, gone since or not; what a transfer during the year is
    written from. None for whoever may not see the class as a whole."""
    return record_of(school_class.pk, student_id) if can_see_class(actor, school_class) else None


def record_of(class_id: int, student_id: int) -> PupilRecord | None:
    """One pupil's record without asking who wants it: for doors that have asked (queries/family.py)."""
    members = [one for one in class_members(Actor.system(), [class_id]) if one.student_id == student_id]
    return next(iter(_records(class_id, members)), None)


def _records(class_id: int, members: list[Member]) -> list[PupilRecord]:
    if not members:
        return []
    loaded = _load(class_id, [one.student_id for one in members])
    return [] if loaded is None else [_record(loaded, one) for one in members]


def _load(class_id: int, students: Collection[int]) -> _Loaded | None:
    school_class = classes(Actor.system()).select_related("unit__school").filter(pk=class_id).first()
    if school_class is None or school_class.grade is None:
        return None
    level = level_of(school_class.grade, school_class.unit.school.levels)
    if level is None:
        return None
    own = {"student_id__in": students}
    unit_year = {"unit_id": school_class.unit_id, "school_year_id": school_class.school_year_id}
    subjects = list(ClassSubject.objects.filter(school_class_id=class_id).order_by("position", "pk"))
    results = SubjectResult.objects.filter(class_subject__in=subjects, **own)
    again = Reassessment.objects.filter(class_subject__in=subjects, **own)
    in_class = {"school_class_id": class_id, **own}
    traits: dict[int, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for one in PupilTraits.objects.filter(**in_class):
        traits[one.student_id][one.moment] = one.levels
    # Days missed in another class of the school count too.
    absent = Absence.objects.filter(
        lesson__isnull=True,
        unit_id=school_class.unit_id,
        school_class__school_year_id=school_class.school_year_id,
        **own,
    ).order_by()
    locks = MarkLock.objects.filter(
        Q(school_class__isnull=True) | Q(school_class_id=class_id), unlocked_at__isnull=True, **unit_year
    )
    return _Loaded(
        school_class=school_class,
        level=level,
        rules=in_force(rules_of(level, school_class.grade, school_class.school_year.starts_on.year)),
        subjects=subjects,
        marks=_marks(class_id, students, unit_year),
        results={(one.student_id, one.class_subject_id): one for one in results},
        again={(one.student_id, one.class_subject_id): one for one in again},
        years={one.student_id: one for one in PupilYear.objects.filter(**unit_year, **own)},
        conduct={(one.student_id, one.term): one for one in TermConduct.objects.filter(**in_class)},
        judged={one.student_id: one for one in YearJudgement.objects.filter(**in_class)},
        traits=traits,
        absent={
            (row["student_id"], row["is_excused"]): row["days"]
            for row in absent.values("student_id", "is_excused").annotate(days=Count("on", distinct=True))
        },
        carried=carried_of(school_class.unit_id, school_class.school_year_id, students),
        is_locked=set(locks.values_list("term", flat=True)) == {1, 2},
    )


def _marks(
    class_id: int, students: Collection[int], unit_year: Mapping[str, int]
) -> dict[tuple[int, str, int], SubjectMarks]:
    """By (pupil, code, term): those of the class, else those brought along from another class of the school."""
    asked = {f"class_subject__{key}": value for key, value in unit_year.items()}
    rows = SubjectMarks.objects.filter(student_id__in=students, **asked).select_related("class_subject")
    found: dict[tuple[int, str, int], SubjectMarks] = {}
    for row in sorted(rows, key=lambda one: one.class_subject.school_class_id == class_id):
        found[row.student_id, row.class_subject.code, row.term] = row
    return found


def _record(loaded: _Loaded, member: Member) -> PupilRecord:
    key = member.student_id
    year = loaded.years.get(key)
    subjects = tuple(
        _subject(loaded, key, one)
        for one in loaded.subjects
        if not one.is_optional or any((key, one.code, term) in loaded.marks for term in (1, 2))
    )
    conduct = [loaded.conduct.get((key, term)) for term in (1, 2)]
    judged = loaded.judged.get(key)
    carried = loaded.carried.get(key, [])
    results = {one.code: loaded.results.get((key, one.pk)) for one in loaded.subjects}
    known = {code: one for code, one in results.items() if one is not None}
    reasons = year_reasons(year, loaded.rules, known) if year else []
    return PupilRecord(
        student_id=key,
        public_id=member.public_id,
        name=member.name,
        unit_id=loaded.school_class.unit_id,
        school_year_id=loaded.school_class.school_year_id,
        class_id=loaded.school_class.pk,
        class_name=loaded.school_class.name,
        grade=loaded.school_class.grade,
        level=loaded.level,
        rules=loaded.rules.code,
        subjects=subjects,
        learning=(year.learning_term1, year.learning_term2, year.learning) if year else ("", "", ""),
        learning_after=year.learning_after if year else "",
        conduct=(*(one.conduct if one else "" for one in conduct), year.conduct if year else ""),  # type: ignore[arg-type]
        traits=loaded.traits.get(key, {}),
        outcome=year.outcome if year else "undecided",
        award=year.award if year else "",
        again=tuple(year.again) if year else (),
        absences=year.absences if year else (judged.absences if judged else None),
        excused=loaded.absent.get((key, True), 0) + sum(one.excused for one in carried),
        unexcused=loaded.absent.get((key, False), 0) + sum(one.unexcused for one in carried),
        remarks=(*(one.remark if one else "" for one in conduct), judged.remark if judged else ""),  # type: ignore[arg-type]
        reasons=tuple(sentence(one, loaded.names) for one in reasons),
        is_locked=loaded.is_locked,
        is_stale=year is None or year.is_stale,
        computed_at=year.computed_at if year else None,
        published_at=year.published_at if year else None,
        carried_from=tuple(one.from_unit.name for one in carried),
    )


def _subject(loaded: _Loaded, key: int, subject: ClassSubject) -> SubjectRecord:
    result = loaded.results.get((key, subject.pk))
    again = loaded.again.get((key, subject.pk))
    reassessed: Any = None if again is None else again.mark if again.mark is not None else again.level
    is_primary = isinstance(loaded.rules, PrimaryRules)
    reasons = []
    if result is not None and not is_primary:
        wanted = loaded.rules.regular_number(subject.form, subject.periods)
        reasons = subject_reasons(result, subject.code, subject.form, wanted, reassessed)
    by_level = is_primary or subject.form == "comment"
    lines = [loaded.marks.get((key, subject.code, term)) for term in (1, 2)]
    return SubjectRecord(
        code=subject.code,
        name=subject.name,
        form=subject.form,
        periods=subject.periods,
        terms=tuple(
            _term(line, result, place, by_level, is_primary) for place, line in enumerate(lines, start=1)
        ),  # type: ignore[arg-type]
        year=_value(result, "year", by_level),
        after=_value(result, "after", by_level),
        reassessed=_text(reassessed),
        is_exempt=any(line.exempt for line in lines if line) or bool(result and result.is_exempt),
        reasons=tuple(sentence(one, {subject.code: ""}).removeprefix(": ") for one in reasons),
    )


def _term(
    line: SubjectMarks | None, result: SubjectResult | None, term: int, by_level: bool, is_primary: bool
) -> TermRecord:
    value = _value(result, f"term{term}", by_level)
    if line is None:
        return TermRecord((), "", "", "", "", value, "")
    regular: tuple[str, ...] = (
        tuple(line.regular_levels) if by_level else tuple(_text(one) for one in line.regular)
    )
    midterm, final = (ABSENT_MARK if gone else "" for gone in (line.midterm_absent, line.final_absent))
    return TermRecord(
        regular=() if is_primary else regular,
        midterm=midterm if midterm and not by_level else _text(line.midterm, whole=is_primary),
        final=final if final and not by_level else _text(line.final, whole=is_primary),
        midterm_level=(midterm if by_level else "") or line.midterm_level,
        final_level=(final if by_level else "") or line.final_level,
        result=value,
        remark=line.remark,
    )


def _value(result: SubjectResult | None, name: str, by_level: bool) -> str:
    if result is None:
        return ""
    return getattr(result, f"{name}_level") if by_level else _text(getattr(result, name))


def _text(mark: Any, *, whole: bool = False) -> str:
    if mark is None:
        return ""
    if isinstance(mark, str):
        return mark
    return str(int(mark)) if whole else f"{mark:.1f}"
