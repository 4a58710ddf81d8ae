"""Search without accents against the SQL that does no more than find the rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from tests.bench.measure import Figure, compare
from tests.bench.province import World
from tests.bench.scale import Scale
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.directives import queries
from thongsuot.modules.organization.queries import actor_for

RAW = """
    select public_id, text from directives_assignment
    where search @@ to_tsquery('simple', %s) order by id desc limit 20
"""
# The same rows of all three kinds, of one person: row-level security alone decides what is found.
SAME = """
    (select public_id, subject, number from directives_directive
     where subject_fold like all(%(like)s) order by issued_on desc, id desc limit 20)
    union all
    (select a.public_id, a.text, u.name from directives_assignment a join organization_unit u on u.id = a.unit_id
     where search @@ to_tsquery('simple', %(raw)s) order by a.id desc limit 20)
    union all
    (select t.public_id, t.text, d.number from directives_target t join directives_directive d on d.id = t.directive_id
     where t.text_fold like all(%(like)s) order by d.issued_on desc, d.id desc, t.id limit 20)
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

            like = [f"%{word}%" for word in fold(words).split()]

            def by_hand(actor=actor, raw=raw, like=like) -> None:  # type: ignore[no-untyped-def]
                with act_as(actor), connection.cursor() as cursor:
                    cursor.execute(SAME, {"raw": raw, "like": like})
                    cursor.fetchall()

            note = "orders, tasks, targets that the person may see; the floor finds tasks only, of everybody"
            yield compare(f"search, {name}, {who}", ours, floor, scale=scale, note=note)
            note = "the floor finds the same in one statement, by row-level security alone"
            yield compare(f"search, {name}, {who}, same rows", ours, by_hand, scale=scale, note=note)
