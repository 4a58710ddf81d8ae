"""The board "which schools lack signed transcripts, who is to act" over a province of transcripts, against the same page over a
hundredth of them: two years in one database, so that both read the same tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.bench.bench_pages import opened, signed_in
from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare
from tests.bench.province import World, settle
from tests.bench.pupils import PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.registry.models import Student
from thongsuot.modules.transcripts import actions
from thongsuot.modules.transcripts.models import Transcript

MOST = 1.5
# Every state that a transcript waits in, pupil by pupil; data of the usual size.
ROWS = """
    insert into transcripts_transcript (uuid, student_id, unit_id, holder_id, school_year_id, school_class_id, level,
        grade, profile, version, state, class_name, student_name, sort_key, data_sealed, data_digest, places, place_staff,
        places_left, is_supplementary, kind, made_at, note, issued_at, file_digest)
    select gen_random_uuid(), e.student_id, e.unit_id, e.unit_id, %(year)s, e.school_class_id, 'primary', 3,
        'spec-v1.0-primary', 1, s.state, '3A1', 'Em', 'em', decode(repeat('00', 3000), 'hex'), decode('00', 'hex'),
        '{}', '{}', 0, false, 'year', now(), '', s.at, case when s.at is not null then decode('00', 'hex') end
    from registry_enrolment e
    join lateral (
        select (array['initialised', 'teacher_signed', 'leader_signed', 'issued', 'sent', 'accepted'])[1 + e.id %% 6],
            case when e.id %% 6 >= 3 then now() end
    ) as s (state, at) on true
    where e.school_year_id = %(of)s and e.id %% %(each)s = 0
"""
SCHOOLS = 30


def run(world: World, scale: Scale) -> Iterator[Figure]:
    if not Student.objects.exists():
        fill(scale.pupils, schools=max(1, scale.pupils // PER_SCHOOL))
        settle()
    many = SchoolYear.objects.get(name="2026-2027")
    few, _made = SchoolYear.objects.get_or_create(
        name="2025-2026", defaults={"starts_on": date(2025, 9, 5), "ends_on": date(2026, 5, 31)}
    )
    each = max(1, scale.pupils // scale.few_pupils)
    with connection.cursor() as cursor:
        cursor.execute(
            "set local max_parallel_workers_per_gather = 0" if connection.in_atomic_block else "select 1"
        )
        cursor.execute(ROWS, {"year": many.pk, "of": many.pk, "each": 1})
        rows = cursor.rowcount
        # A hundredth of them, all at the first schools: as many lines on the page.
        cursor.execute(
            ROWS + " and e.unit_id in (select id from organization_unit where kind = 'school' order by id limit %(schools)s)",
            {"year": few.pk, "of": many.pk, "each": max(1, each * SCHOOLS * PER_SCHOOL // max(scale.pupils, 1)),
             "schools": SCHOOLS},
        )  # fmt: skip
        least = cursor.rowcount
        cursor.execute("analyze transcripts_transcript; analyze transcripts_schoolstanding")
    actions.count_pupils(by=Actor.system(), school_year=many, now=timezone.now())
    client, board = signed_in(world.leader), reverse("transcripts:board")
    for name, query in (("schools", ""), ("by step", "&viec=leader")):
        yield compare(
            f"board of transcripts: {name}",
            lambda query=query: opened(client, f"{board}?nam={many.name}{query}"),
            lambda query=query: opened(client, f"{board}?nam={few.name}{query}"),
            scale=scale,
            note=f"{rows} transcripts against {least}",
            most=MOST,
        )
    _explain(many)
    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints all immediate; select set_config('thongsuot.may_truncate', 'on', false)"
        )
        cursor.execute(
            "truncate transcripts_schoolstanding; truncate transcripts_transcript, transcripts_transcriptevent cascade"
        )
    empty_registry()


def _explain(year: SchoolYear) -> None:
    """Nothing of the page may read the transcripts of the province."""
    from thongsuot.kit.postgres.isolation import act_as
    from thongsuot.modules.transcripts import queries

    with act_as(Actor.system()):
        rows = queries.standings(Actor.system(), year, today=timezone.localdate())[:25]
        if "transcripts_transcript " in rows.explain():
            raise RuntimeError("the board reads transcripts")
        units = [one.unit_id for one in rows]
        plan = (
            Transcript.objects.filter(unit_id__in=units, school_year=year, state="initialised")
            .values("unit_id")
            .explain()
        )
        if len(units) > 1 and "Seq Scan" in plan and Transcript.objects.count() > 100_000:
            raise RuntimeError(f"the classes that wait are not found by an index:\n{plan}")
