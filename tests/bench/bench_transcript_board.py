"""The board "which schools lack signed transcripts, who is to act" over a province of transcripts against the same pages over
450 of them, two years in one database; and what keeping the board costs whoever signs.

The many lie at every school of the province, the few at a hundred schools: a page has as many lines in both, and of each
step as many schools as a page shows. Loading 450,000 of them is INSERT ... SELECT.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench.bench_pages import signed_in
from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare, seconds
from tests.bench.province import World, settle
from tests.bench.pupils import PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import Student
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import SchoolStanding, Transcript

MOST = 1.5
# Of one UPDATE of a class's rows and nothing else: signing does much more than that.
MOST_KEPT = 1.5
FEW, FEW_SCHOOLS = 450, 100
# A school in four waits for its teachers of subjects, in four for homeroom teachers, in four for its head; the rest is
# done. Data of the usual size, out of the row as the real ones are.
ROWS = """
    insert into transcripts_transcript (uuid, student_id, unit_id, holder_id, school_year_id, school_class_id, level,
        grade, profile, version, state, class_name, student_name, sort_key, data_sealed, data_digest, places, place_staff,
        places_left, is_supplementary, kind, made_at, note, issued_at, file_digest)
    select gen_random_uuid(), e.student_id, e.unit_id, e.unit_id, %(year)s, e.school_class_id, 'primary', 3,
        'spec-v1.0-primary', 1, s.state, '3A1', 'Em', 'em', decode(repeat('00', 3000), 'hex'), decode('00', 'hex'),
        '{toan,van}', '{1,2}', s.places, false, 'year', now(), '', s.at, case when s.at is not null then decode('00', 'hex') end
    from (select e.*, row_number() over (partition by e.unit_id order by e.id) as n from registry_enrolment e
        where e.school_year_id = %(of)s and e.unit_id = any(%(schools)s)) e
    join (select unit_id, (row_number() over (order by unit_id) - 1) %% 4 as stage
        from unnest(%(schools)s::bigint[]) as unit_id) u using (unit_id)
    join lateral (select case u.stage when 0 then 0 when 1 then 1 when 2 then 2 else 5 end as least) l on true
    join lateral (select least(l.least + (e.n - 1) %% 3, 5) as step) p on true
    join lateral (
        select (array['initialised', 'initialised', 'teacher_signed', 'issued', 'sent', 'accepted'])[1 + p.step],
            case when p.step = 0 then 2 else 0 end, case when p.step >= 3 then now() end
    ) as s (state, places, at) on true
    where e.n <= %(each)s
"""
# Name, address; of the deep page the number of schools decides how deep.
VIEWS = (
    ("schools", ""),
    ("by step, subjects", "&viec=subject"),
    ("by step, homeroom", "&viec=homeroom"),
    ("by step, leader", "&viec=leader"),
    # The few are of a year that is over: of both there are as many on a page that are not late.
    ("not late", "&tre=false"),
    ("searched", "&q=tieu+hoc+so+1"),
    ("sorted by commune", "&sort=commune"),
    ("sorted by what is left", "&sort=left"),
    ("deep page", "&page={last}"),
)


def run(world: World, scale: Scale) -> Iterator[Figure]:
    if not Student.objects.exists():
        fill(scale.pupils, schools=max(1, scale.pupils // PER_SCHOOL))
        settle()
    years = _fill(scale)
    many, few = years
    client = signed_in(world.leader)
    number = Transcript.objects.filter(school_year=many).count()
    note = f"{number} transcripts against {Transcript.objects.filter(school_year=few).count()}"
    for name, query in VIEWS:
        yield compare(
            f"board of transcripts: {name}",
            partial(_opened, client, many, query),
            partial(_opened, client, few, query),
            scale=scale,
            note=note,
            most=MOST,
        )
    yield compare(
        "board of transcripts: communes",
        partial(_opened, client, many, "&all=1", "transcripts:commune-board"),
        partial(_opened, client, few, "&all=1", "transcripts:commune-board"),
        scale=scale,
        note=note,
        most=MOST,
    )
    yield compare(
        "board of transcripts: a school's line in xlsx",
        partial(_exported, client, many),
        partial(_exported, client, few),
        scale=scale,
        note=note,
        heavy=True,
        most=MOST,
    )
    yield _kept(many, scale)
    _explain(many)
    _empty()


def _fill(scale: Scale) -> tuple[SchoolYear, SchoolYear]:
    many = SchoolYear.objects.get(name="2026-2027")
    few, _made = SchoolYear.objects.get_or_create(
        name="2025-2026", defaults={"starts_on": date(2025, 9, 5), "ends_on": date(2026, 5, 31)}
    )
    schools = list(Unit.objects.filter(kind="school").order_by("pk").values_list("pk", flat=True))
    at = schools[: min(FEW_SCHOOLS, len(schools))]
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"year": many.pk, "of": many.pk, "schools": schools, "each": 10**6})
        each = max(1, -(-min(FEW, scale.pupils) // len(at)))
        cursor.execute(ROWS, {"year": few.pk, "of": many.pk, "schools": at, "each": each})
    actions.count_pupils(by=Actor.system(), school_year=many, now=timezone.now())
    settle()
    return many, few


def _opened(client: Client, year: SchoolYear, query: str, page: str = "transcripts:board") -> None:
    if "{last}" in query:
        query = query.format(last=max(1, SchoolStanding.objects.filter(school_year=year).count() // 25))
    response = client.get(f"{reverse(page)}?nam={year.name}{query}")
    if response.status_code != 200:
        raise RuntimeError(f"{query}: {response.status_code}")


def _exported(client: Client, year: SchoolYear) -> float:
    """Milliseconds a school."""
    start = seconds()
    response = client.get(f"{reverse('transcripts:board')}?nam={year.name}&export=xlsx")
    file = response.getvalue()
    spent = (seconds() - start) * 1000
    if not file.startswith(b"PK"):
        raise RuntimeError(f"no file: {response.status_code}")
    return spent / max(SchoolStanding.objects.filter(school_year=year).count(), 1)


def _kept(year: SchoolYear, scale: Scale) -> Figure:
    """A class goes on by a step, with its standing kept and without."""
    room = (
        Transcript.objects.filter(school_year=year, state="teacher_signed")
        .order_by("unit_id", "school_class_id")
        .values_list("school_class_id", flat=True)[0]
    )
    waiting = Transcript.objects.filter(school_class_id=room, school_year=year, state="teacher_signed")
    rows = list(waiting.defer("data_sealed"))
    found = compare(
        "transcripts of a class moved, standing kept",
        partial(_moved, rows, is_kept=True),
        partial(_moved, rows, is_kept=False),
        scale=scale,
        most=MOST_KEPT,
    )
    speed = {name: round(len(rows) / ms * 1000) for name, ms in (("kept", found.ours), ("not", found.floor))}
    note = f"{len(rows)} rows; {speed['kept']} rows/s against {speed['not']} rows/s"
    return Figure(found.name, found.ours, found.floor, found.ratio, found.unit, note, found.most)


def _moved(rows: list[Transcript], *, is_kept: bool) -> float:
    trigger = f"alter table transcripts_transcript {'enable' if is_kept else 'disable'} trigger transcripts_standing_update"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute(trigger)
        start = seconds()
        for one in rows:
            one.state = "leader_signed"
        Transcript.objects.bulk_update(rows, ["state", "issued_at", "file_digest", "places_left"])
        spent = (seconds() - start) * 1000
        standing = SchoolStanding.objects.get(unit=rows[0].unit_id, school_year=rows[0].school_year_id)
        if bool(standing.at_seal) != is_kept:
            raise RuntimeError("the trigger did what it should not")
        transaction.set_rollback(True)
    return spent


def _explain(year: SchoolYear) -> None:
    """Nothing of the page may read the transcripts of the province."""
    with act_as(Actor.system()):
        rows: Any = queries.standings(Actor.system(), year, today=timezone.localdate())
        for asked in (rows, rows.filter(turn="leader"), rows.filter(is_late=True)):
            if "transcripts_transcript " in asked.explain():
                raise RuntimeError("the board reads transcripts")
        if Transcript.objects.count() > 100_000:
            units = list(rows.values_list("unit_id", flat=True)[:25])
            plan = queries.classes_waiting(units, year).explain()
            if "transcripts_waiting_classes" not in plan:
                raise RuntimeError(f"the classes that wait are not found by their index:\n{plan}")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints all immediate; select set_config('thongsuot.may_truncate', 'on', false)"
        )
        cursor.execute(
            "truncate transcripts_schoolstanding; truncate transcripts_transcript, transcripts_transcriptevent cascade"
        )
    empty_registry()
