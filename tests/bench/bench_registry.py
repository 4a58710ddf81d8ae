"""The registry at a province's size: pages against the same pages with a hundredth of the pupils, counts as of a past
date against the bare SQL of the same table.

What is compared is finding, so both pages show as many rows: a page of six rows is drawn sooner than one of 25, whoever
found them. The few pupils are the first of the many, so the measured school, its classes and the dossier are the same;
and the last of the few give way to those of the many whom a search needs to fill its page (`registers`). Counting is not
made alike: of the many it goes on to its cap. That the rows are as many is checked before the clock starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Count

from tests.bench.bench_pages import compared, signed_in
from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare
from tests.bench.province import World, settle
from tests.bench.pupils import DAY, PER_SCHOOL, Pupil, as_in_life, fill
from tests.bench.scale import Scale
from tests.bench.scratch import LARGE, SMALL, Databases
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry.domain.search_words import Looked, looked_for
from thongsuot.modules.registry.models import Enrolment, SchoolClass, Student
from thongsuot.modules.registry.queries import enrolments, listed_classes

PAGES_MOST, COUNTS_MOST = 1.2, 1.5
# A page of the list, and one more: there is a next page.
A_PAGE = 26
ROW = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Of pupils who are called as in life.
WORDS = {
    "common words": "tran thi",
    "one common word": "nguyen",
    "a name late in the alphabet": "vy",
    "words and a name late in the alphabet": "nguyen vy",
    "a rare word beside common ones": "tran thi khuyet",
    "a common name of three words": "nguyen thi anh",
    "a word and a year of birth": "nguyen 2015",
}
OF_THE_PROVINCE = {"API, common words", "list, page 20 of common words"}
PAST = DAY - timedelta(days=30)
# What queries.enrolments counts, and listed_classes, without asking who may see it.
BY_GRADE = """
    select unit_id, grade, count(*) from registry_enrolment
    where entered_on <= %(on)s and (left_on is null or left_on >= %(on)s) and exit_type <> 'withdrawn'
    group by unit_id, grade
"""
BY_CLASS = """
    select c.id, count(e.id) from registry_schoolclass c
    left join registry_enrolment e on e.school_class_id = c.id and e.entered_on <= %(on)s
        and (e.left_on is null or e.left_on >= %(on)s) and e.exit_type <> 'withdrawn'
    group by c.id
"""


def run(databases: Databases, worlds: dict[str, World], scale: Scale) -> Iterator[Figure]:
    addresses: dict[str, dict[str, str]] = {}
    for size, pupils in registers(scale).items():
        databases.use(size)
        if not Student.objects.exists():
            fill(len(pupils), schools=max(1, len(pupils) // PER_SCHOOL), of=pupils)
            _leave()
            settle()
        addresses[size] = _addresses(worlds[size])
    note = f"{scale.pupils} against {scale.few_pupils} pupils"
    for name in addresses[LARGE]:
        same = {size: addresses[size][name] for size in (SMALL, LARGE)}
        for who in ("leader",) if name in OF_THE_PROVINCE else ("leader", "principal"):
            said = f"{who}: {name}"
            _see_as_many_rows(said, who, same, databases, worlds)
            yield compared(said, who, same, databases, worlds, scale, note=note, most=PAGES_MOST)
    databases.use(LARGE)
    yield from _counts(worlds[LARGE], scale)
    for size in (SMALL, LARGE):
        databases.use(size)
        empty_registry()


def registers(scale: Scale) -> dict[str, list[Pupil]]:
    """By size, the smaller first. Every search finds as many among the few as it shows of the many."""
    many = as_in_life(scale.pupils)
    texts = [*WORDS.values(), many[0].name, f"{many[0].born:%d/%m/%Y}"]
    kept = max(scale.few_pupils - len(texts) * A_PAGE, 0)
    folded = [fold(pupil.name).split() for pupil in many]
    chosen = dict.fromkeys(range(kept))
    for looked in map(looked_for, texts):
        meant = (n for n, pupil in enumerate(many) if _means(looked, folded[n], pupil.born))
        chosen |= dict.fromkeys(islice(meant, A_PAGE))
    others = (n for n in range(scale.few_pupils) if n not in chosen)
    chosen |= dict.fromkeys(list(islice(others, scale.few_pupils - len(chosen))))
    return {SMALL: [many[n] for n in sorted(chosen)], LARGE: many}


def _means(looked: Looked, words: list[str], born: date) -> bool:
    return all(first <= born <= last for first, last in looked.births) and all(
        any(word.startswith(part) for word in words) for part in looked.words
    )


def _see_as_many_rows(
    said: str, who: str, addresses: dict[str, str], databases: Databases, worlds: dict[str, World]
) -> None:
    rows = {}
    for size, address in addresses.items():
        databases.use(size)
        page = signed_in(getattr(worlds[size], who)).get(address)
        rows[size] = len(set(ROW.findall(page.content.decode())))
    if len(set(rows.values())) > 1:
        raise AssertionError(f"{said}: {rows}")


def _addresses(world: World) -> dict[str, str]:
    """Pages of the principal's school, which is the same at both sizes."""
    room = SchoolClass.objects.filter(unit_id=world.school_ids[0]).order_by("pk")[0]
    pupil = Student.objects.filter(unit_id=world.school_ids[0], birth_date__isnull=False).order_by("pk")[0]
    return {
        "search by name": f"/ho-so/tim/?q={pupil.full_name}",
        "search by code": f"/ho-so/tim/?q={pupil.ministry_code}",
        "search by birth date": f"/ho-so/tim/?q={pupil.birth_date:%d/%m/%Y}",
        "search by class": f"/ho-so/tim/?q=lop {room.name}",
        **{f"search, {name}": f"/ho-so/tim/?q={words}" for name, words in WORDS.items()},
        **{f"list, {name}": f"/ho-so/hoc-sinh/?q={words}" for name, words in WORDS.items()},
        "list, page 20 of common words": "/ho-so/hoc-sinh/?q=nguyen&page=20",
        "API, common words": "/api/v1/students?q=tran thi&limit=25",
        "class list": f"/ho-so/lop/{room.pk}/",
        "pupil's dossier": f"/ho-so/hoc-sinh/{pupil.public_id}/",
    }


def _leave() -> None:
    """One pupil in forty leaves, before the past day or after it."""
    for part, days in ((0, 45), (20, 10)):
        with connection.cursor() as cursor:
            cursor.execute(
                "update registry_enrolment set left_on = %s, exit_type = 'dropped_out' where id %% 40 = %s",
                [DAY - timedelta(days=days), part],
            )


def _counts(world: World, scale: Scale) -> Iterator[Figure]:
    actor = actor_for(world.leader)

    def by_grade() -> Any:
        with act_as(actor):
            rows = enrolments(actor, on=PAST).order_by().values("unit_id", "grade")
            return set(rows.annotate(number=Count("pk")).values_list("unit_id", "grade", "number"))

    def by_class() -> Any:
        with act_as(actor):
            rows: Any = listed_classes(actor, on=PAST)
            return set(rows.order_by().values_list("pk", "size"))

    for name, ours, sql in (("schools and grades", by_grade, BY_GRADE), ("classes", by_class, BY_CLASS)):
        if ours() != _table(sql, PAST):
            raise AssertionError(name)
        note = f"{Enrolment.objects.count()} spells as of {PAST}; the floor is SQL by hand without isolation"
        yield compare(
            f"counts as of a past date, {name}",
            ours,
            lambda sql=sql: _table(sql, PAST),  # type: ignore[misc]
            scale=scale,
            note=note,
            heavy=True,
            most=COUNTS_MOST,
        )


def _table(sql: str, on: date) -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on})
        return set(cursor.fetchall())
