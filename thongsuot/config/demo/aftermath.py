"""What the seeded defects do to what is counted, and what is unusual in the rows that are right: recounted from the rows
when everything is spoiled. A finding with a defect behind it follows from that; one without is unusual. Only for what is
listed here something unusual is allowed at all."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.truth import Flaw
from thongsuot.kit.text.vietnamese import fold

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

CHANGE = 10
AT_WORK = ("working", "on_leave")
_fold = lru_cache(maxsize=200_000)(fold)


def settle(shop: Workshop) -> None:
    found = {(flaw.kind, flaw.id): flaw.code for flaw in reversed(shop.truth.flaws)}
    sitting = {one.student_id for one in shop.rows.enrolments if one.left_on is None}
    sitting |= shop.truth.ids("student.enrolment.missing")
    pupils = [one for one in shop.rows.students if one.id in sitting]
    works = {job.staff_id for job in shop.rows.employments if job.valid_to is None and job.status in AT_WORK}
    works |= {flaw.id for flaw in shop.truth.flaws if flaw.kind == "staff"}
    _people(shop, "student", pupils, found)
    _people(shop, "staff", [one for one in shop.rows.staff if one.id in works], found)
    _namesakes(shop, pupils, found)
    _changes(shop, found)


def _note(shop: Workshop, found: dict[tuple[str, int], str], kind: str, pk: int, rule: str) -> None:
    """By its cause, or as unusual."""
    because = found.get((kind, pk))
    if because is None:
        shop.truth.natural.append(Flaw(kind, pk, rule))
    else:
        shop.truth.follow(rule, pk, because)


def _people(shop: Workshop, kind: str, rows: list[Any], found: dict[tuple[str, int], str]) -> None:
    for row in rows:
        if len(row.full_name.split()) < 2:
            _note(shop, found, kind, row.id, f"{kind}.full_name.one_word")
        born = row.birth_date
        if born is not None and (born.month, born.day) == (1, 1) and not row.is_birth_year_only:
            _note(shop, found, kind, row.id, f"{kind}.birth_date.first_january")


def _namesakes(shop: Workshop, pupils: list[Any], found: dict[tuple[str, int], str]) -> None:
    """Two of one name, born on the same day: twins of the name, or one person twice."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in pupils:
        if row.birth_date is not None and row.gender:
            groups.setdefault((row.birth_date, row.gender, _fold(row.full_name)), []).append(row)
    doubles = {pk for pair in shop.truth.pairs for pk in (pair.first, pair.second)}
    for group in groups.values():
        units = Counter(row.unit_id for row in group)
        for row in group if len(group) > 1 else ():
            cause = found if row.id in doubles else {}
            if units[row.unit_id] > 1:
                _note(shop, cause, "student", row.id, "student.dossier.namesake_here")
            if len(group) > units[row.unit_id]:
                _note(shop, cause, "student", row.id, "student.dossier.namesake_elsewhere")


def _changes(shop: Workshop, found: dict[tuple[str, int], str]) -> None:
    """Schools with many more or fewer pupils than a year ago: a few small ones in any province."""
    then = shop.world.today - timedelta(days=365)
    now: Counter[int] = Counter()
    before: Counter[int] = Counter()
    for one in shop.rows.enrolments:
        if ("enrolments", one.id) in shop.dropped:
            continue
        now[one.unit_id] += one.left_on is None and one.school_year_id == shop.world.year.id
        before[one.unit_id] += one.entered_on <= then and (one.left_on is None or one.left_on >= then)
    seeded = shop.truth.ids("school.students.change")
    for unit_id, many in sorted(before.items()):
        if many and abs(now[unit_id] - many) * 100 > many * CHANGE and unit_id not in seeded:
            _note(shop, {}, "school", unit_id, "school.students.change")
