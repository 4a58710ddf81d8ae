"""Search without accents against the SQL that does no more than find the rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from tests.bench.measure import Figure, compare
from tests.bench.province import World
from tests.bench.scale import Scale
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives import queries
from thongsuot.modules.organization.queries import actor_for

RAW = """
    select public_id, text from directives_assignment
    where search @@ to_tsquery('simple', %s) order by id desc limit 20
"""
WORDS = (("a common word", "giáo dục", "giao:* & duc:*"), ("three words", "học bạ số", "hoc:* & ba:* & so:*"))


def run(world: World, scale: Scale) -> Iterator[Figure]:
    for name, words, raw in WORDS:
        for who in ("leader", "officer"):
            actor = actor_for(getattr(world, who))

            def ours(actor=actor, words=words) -> None:  # type: ignore[no-untyped-def]
                with act_as(actor):
                    queries.search(actor, words)

            def floor(raw=raw) -> None:  # type: ignore[no-untyped-def]
                with connection.cursor() as cursor:
                    cursor.execute(RAW, [raw])
                    cursor.fetchall()

            note = "orders, tasks, targets that the person may see; the floor finds tasks only, of everybody"
            yield compare(f"search, {name}, {who}", ours, floor, scale=scale, note=note)
