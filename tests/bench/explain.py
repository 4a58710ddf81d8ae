"""What the database does for a page: EXPLAIN (ANALYZE, BUFFERS) of each statement that takes its time."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.bench_pages import PAGES, opened, signed_in
from tests.bench.province import World
from tests.bench.scale import Scale
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import actor_for

SLOW = 3.0


def explain(world: World, scale: Scale) -> None:
    """Print the plans of the statements of every page that took over SLOW milliseconds."""
    for name, who, address in PAGES[: scale.pages]:
        user = getattr(world, who)
        client, actor = signed_in(user), actor_for(user)
        opened(client, address)
        with CaptureQueriesContext(connection) as caught:
            opened(client, address)
        spent = sum(float(query["time"]) for query in caught.captured_queries) * 1000
        print(f"\n### {name} {address}: {len(caught)} statements, {spent:.0f} ms")
        for query in caught.captured_queries:
            if float(query["time"]) * 1000 > SLOW and query["sql"].lower().startswith(("select", "with")):
                print(f"\n-- {float(query['time']) * 1000:.0f} ms\n{query['sql'][:1500]}")
                with act_as(actor), connection.cursor() as cursor:
                    cursor.execute("explain (analyze, buffers) " + query["sql"].replace("%", "%%"), [])
                    print("\n".join(row[0] for row in cursor.fetchall()))
