"""What the homeroom teacher keeps of a class: conduct, qualities and competences, absences, the year's judgements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.registry.queries import class_members

from ..bulk.staleness import hold_for_writing, mark_stale
from ..domain.primary import TRAIT_ORDER
from ..domain.rules import PrimaryRules
from ..models import Absence, MarkLock, PupilTraits, TermConduct, YearJudgement
from ..permissions import can_keep_class, can_write_absences
from ..queries.books import level_of
from ..queries.carried import carried_cells
from ..queries.rules import rules_of
from ..types import BadValue, BookLocked, Conduct, DaySession, Moment, PrimaryLearning
from .roll_calls import MOST_LESSONS, note_roll_calls

TERM_OF = {Moment.MID_1: 1, Moment.END_1: 1, Moment.MID_2: 2, Moment.YEAR: 2}


@dataclass(frozen=True)
class ConductEntry:
    """None: left as it is; "": taken away."""

    student_id: int
    conduct: str | None = None
    remark: str | None = None


@dataclass(frozen=True)
class TraitEntry:
    """levels: code -> T, Đ, C or "" (taken away); codes that are not named stay."""

    student_id: int
    levels: Mapping[str, str]


@dataclass(frozen=True)
class AbsenceEntry:
    """lesson: None for the whole session. excused None: the pupil was there after all, the row is taken away."""

    student_id: int
    on: date
    session: str
    lesson: int | None = None
    excused: bool | None = False
    reason: str = ""


@transaction.atomic
def set_conduct(*, by: Actor, school_class: Any, term: int, entries: Sequence[ConductEntry]) -> int:
    """Conduct and remarks of a term (TT 22/2021 Điều 8); returns how many rows were written. All or nothing.

    Raises NotAllowed, BookLocked, BadValue (naming pupil and value).
    """
    _require(by, school_class, term)
    names = _names(by, school_class, [one.student_id for one in entries])
    closed = _closed(school_class, names, f"conduct|{term}")
    known = {one.value for one in Conduct}
    for one in entries:
        if one.conduct and one.conduct not in known:
            raise _bad(names[one.student_id], one.conduct, "conduct")
    there = {
        row.student_id: row
        for row in TermConduct.objects.select_for_update().filter(
            school_class=school_class, term=term, student_id__in=names
        )
    }
    rows = []
    for one in entries:
        row = there.get(one.student_id) or TermConduct(
            unit_id=school_class.unit_id,
            school_class=school_class,
            student_id=one.student_id,
            term=term,
            version=0,
        )
        before = (row.conduct, row.remark)
        row.conduct = row.conduct if one.conduct is None else one.conduct
        row.remark = row.remark if one.remark is None else clean_text(one.remark)
        after = (row.conduct, row.remark)
        if before != after:
            shut = closed.get(one.student_id, {})
            for name, old, new in zip(("conduct", "remark"), before, after, strict=True):
                _refuse_closed(names[one.student_id], name if old != new else "", shut)
            row.version += 1
            rows.append(row)
    _upsert(
        TermConduct, rows, ["conduct", "remark", "version", "updated_at"], ["school_class", "student", "term"]
    )
    _stale(school_class, [row.student_id for row in rows])
    return len(rows)


@transaction.atomic
def set_traits(*, by: Actor, school_class: Any, moment: str, entries: Sequence[TraitEntry]) -> int:
    """Qualities and competences of primary pupils at a moment (TT 27/2020 Điều 8); how many rows were written.

    Raises NotAllowed, BookLocked, BadValue (no primary class, no such quality, no such level).
    """
    if moment not in TERM_OF:
        raise BadValue(_("Không có thời điểm “%(value)s”.") % {"value": moment}, field="moment")
    _require(by, school_class, TERM_OF[Moment(moment)])
    codes = _trait_codes(school_class)
    names = _names(by, school_class, [one.student_id for one in entries])
    closed = _closed(school_class, names, f"traits|{moment}")
    for one in entries:
        for code, level in one.levels.items():
            if code not in codes or (level and level not in TRAIT_ORDER):
                raise _bad(names[one.student_id], f"{code}: {level}", "levels")
    there = {
        row.student_id: row
        for row in PupilTraits.objects.select_for_update().filter(
            school_class=school_class, moment=moment, student_id__in=names
        )
    }
    rows = []
    for one in entries:
        row = there.get(one.student_id) or PupilTraits(
            unit_id=school_class.unit_id,
            school_class=school_class,
            student_id=one.student_id,
            moment=moment,
            version=0,
        )
        levels = {code: level for code, level in {**row.levels, **one.levels}.items() if level}
        if levels != row.levels:
            for code in one.levels:
                is_same = levels.get(code) == row.levels.get(code)
                _refuse_closed(names[one.student_id], "" if is_same else code, closed.get(one.student_id, {}))
            row.levels = levels
            row.version += 1
            rows.append(row)
    _upsert(PupilTraits, rows, ["levels", "version", "updated_at"], ["school_class", "student", "moment"])
    _stale(school_class, [row.student_id for row in rows])
    return len(rows)


@transaction.atomic
def record_absences(*, by: Actor, school_class: Any, entries: Sequence[AbsenceEntry]) -> int:
    """Who was not there; a teacher of the class may write it, for a day of the school year; the roll counts as called then.
    How many rows were written or taken away. Raises NotAllowed, BookLocked, BadValue.
    """
    if not can_write_absences(by, school_class):
        raise NotAllowed(_("Anh/chị không được ghi vắng học của lớp này."))
    hold_for_writing(school_class.unit_id, school_class.school_year_id)
    names = _names(by, school_class, [one.student_id for one in entries])
    year = school_class.school_year
    terms = list(year.terms.all())
    for one in entries:
        if not year.starts_on <= one.on <= year.ends_on:
            raise BadValue(_("%(day)s không thuộc năm học.") % {"day": f"{one.on:%d/%m/%Y}"}, field="on")
        if one.session not in DaySession.values or not (
            one.lesson is None or 1 <= one.lesson <= MOST_LESSONS
        ):
            raise _bad(names[one.student_id], f"{one.session} {one.lesson or ''}", "session")
    for number in {t.number for t in terms for one in entries if t.starts_on <= one.on <= t.ends_on}:
        _refuse_locked(school_class, number)
    gone = Q(pk__in=[])
    for one in entries:
        if one.excused is None:
            gone |= (
                Q(student_id=one.student_id, on=one.on, session=one.session, lesson=one.lesson)
                if (one.lesson)
                else Q(student_id=one.student_id, on=one.on, session=one.session, lesson__isnull=True)
            )
    removed, _each = Absence.objects.filter(gone, school_class=school_class).delete()
    rows = [
        Absence(
            unit_id=school_class.unit_id,
            school_class=school_class,
            student_id=one.student_id,
            on=one.on,
            session=one.session,
            lesson=one.lesson,
            is_excused=one.excused,
            reason=clean_text(one.reason)[:200],
            written_by_id=by.user_id,
        )
        for one in entries
        if one.excused is not None
    ]
    _upsert(
        Absence,
        rows,
        ["is_excused", "reason", "written_by", "written_at", "school_class", "unit"],
        ["student", "on", "session", "lesson"],
    )
    called = [(one.on, one.session, one.lesson) for one in entries]
    note_roll_calls(by=by, school_class=school_class, called=called)
    _stale(school_class, list(names))
    return removed + len(rows)


@transaction.atomic
def judge_year(
    *,
    by: Actor,
    school_class: Any,
    student_id: int,
    trained: str | None = None,
    helped: str | None = None,
    stands_out: bool | None = None,
    has_plan: bool | None = None,
    absences: int | str | None = None,
    remark: str | None = None,
) -> YearJudgement:
    """What people decide of a pupil's year; None leaves a field as it is, "" takes it away (absences too).

    trained, helped and absences may be written after the books are closed: they come in summer.
    Raises NotAllowed, BadValue, BookLocked (for the other fields).
    """
    if not can_keep_class(by, school_class):
        raise NotAllowed(_("Chỉ giáo viên chủ nhiệm hoặc nhà trường ghi mục này."))
    if any(one is not None for one in (stands_out, has_plan, remark)):
        _refuse_locked(school_class, 2)
    hold_for_writing(school_class.unit_id, school_class.school_year_id)
    name = _names(by, school_class, [student_id])[student_id]
    if trained and trained not in {one.value for one in Conduct}:
        raise _bad(name, trained, "trained")
    if helped and helped not in {one.value for one in PrimaryLearning}:
        raise _bad(name, helped, "helped")
    if isinstance(absences, int) and not 0 <= absences <= 366:
        raise _bad(name, str(absences), "absences")
    row, _made = YearJudgement.objects.select_for_update().get_or_create(
        school_class=school_class, student_id=student_id, defaults={"unit_id": school_class.unit_id}
    )
    given = {
        "trained": trained,
        "helped": helped,
        "stands_out": stands_out,
        "has_plan": has_plan,
        "remark": None if remark is None else clean_text(remark),
    }
    for field, value in given.items():
        if value is not None:
            setattr(row, field, value)
    if absences is not None:
        row.absences = absences if isinstance(absences, int) else None
    row.save()
    _stale(school_class, [student_id])
    return row


def _require(by: Actor, school_class: Any, term: int) -> None:
    if not can_keep_class(by, school_class):
        raise NotAllowed(_("Chỉ giáo viên chủ nhiệm hoặc nhà trường ghi mục này."))
    _refuse_locked(school_class, term)


def _refuse_locked(school_class: Any, term: int) -> None:
    hold_for_writing(school_class.unit_id, school_class.school_year_id)
    if MarkLock.objects.filter(
        Q(school_class__isnull=True) | Q(school_class=school_class),
        unit_id=school_class.unit_id,
        school_year_id=school_class.school_year_id,
        term=term,
        unlocked_at__isnull=True,
    ).exists():
        raise BookLocked(_("Sổ điểm học kỳ %(term)s đã khóa.") % {"term": term})


def _names(by: Actor, school_class: Any, student_ids: Collection[int]) -> dict[int, str]:
    """Names of the pupils. Raises BadValue when one of them is not of the class."""
    wanted = set(student_ids)
    names = {
        one.student_id: one.name
        for one in class_members(Actor.system(), [school_class.pk])
        if one.student_id in wanted and not one.has_left
    }
    if wanted - names.keys():
        raise BadValue(_("Có học sinh không thuộc lớp này."), field="student_id")
    return names


def _closed(school_class: Any, names: Collection[int], key: str) -> Mapping[int, Mapping[str, str]]:
    """What came along from another school, by pupil: cell -> whose it is."""
    return carried_cells(school_class.unit_id, school_class.school_year_id, names, key)


def _refuse_closed(name: str, cell: str, closed: Mapping[str, str]) -> None:
    if cell in closed:
        said = _("%(name)s: %(school)s đã ghi mục này trước khi học sinh chuyển đến, chỉ đọc.")
        raise BadValue(said % {"name": name, "school": closed[cell]}, field=cell)


def _bad(name: str, value: str, field: str) -> BadValue:
    return BadValue(
        _("%(name)s: không có giá trị “%(value)s”.") % {"name": name, "value": value}, field=field
    )


def _trait_codes(school_class: Any) -> frozenset[str]:
    level = level_of(school_class.grade, school_class.unit.school.levels) or ""
    rules = rules_of(level, school_class.grade or 0, school_class.school_year.starts_on.year)
    if not isinstance(rules, PrimaryRules):
        raise BadValue(_("Phẩm chất, năng lực chỉ đánh giá ở tiểu học."), field="moment")
    return frozenset((*rules.qualities, *rules.competences))


def _upsert(model: Any, rows: Sequence[Any], updates: list[str], unique: list[str]) -> None:
    if rows:
        for row in rows:
            row.pk = None
        model.objects.bulk_create(rows, update_conflicts=True, update_fields=updates, unique_fields=unique)


def _stale(school_class: Any, student_ids: list[int]) -> None:
    if student_ids:
        mark_stale(school_class.unit_id, school_class.school_year_id, student_ids)
