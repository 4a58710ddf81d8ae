"""All figures, in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import (
    bench_confirm,
    bench_dashboards,
    bench_documents,
    bench_gradebook,
    bench_import,
    bench_matching,
    bench_pages,
    bench_quality,
    bench_reading,
    bench_registry,
    bench_reminders,
    bench_search,
    bench_signing,
    bench_statistics,
    bench_timetable,
    bench_transcript_board,
    bench_truth,
)
from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure
from tests.bench.province import World
from tests.bench.scale import Scale
from tests.bench.scratch import EMPTY, LARGE, Databases


def figures(databases: Databases, worlds: dict[str, World], scale: Scale) -> Iterator[Figure]:
    yield from bench_pages.run(databases, worlds, scale)
    yield from bench_registry.run(databases, worlds, scale)
    databases.use(LARGE)
    yield from bench_dashboards.run(worlds[LARGE], scale)
    yield from bench_transcript_board.run(worlds[LARGE], scale)
    yield from bench_search.run(worlds[LARGE], scale)
    yield from bench_confirm.run(worlds[LARGE], scale)
    yield from bench_reminders.run(worlds[LARGE], scale)
    yield from bench_reading.run(scale)
    yield from bench_documents.run(scale)
    yield from bench_signing.run(scale)
    yield from bench_timetable.run(scale)
    yield from bench_import.run(worlds[LARGE], scale)
    empty_registry()
    yield from bench_quality.run(scale)
    empty_registry()
    yield from bench_matching.run(scale)
    empty_registry()
    yield from bench_statistics.run(worlds[LARGE], scale)
    yield from bench_gradebook.run(scale)
    # In the database in use (`in_place`) other people's units would be in the way.
    if EMPTY in databases.names:
        databases.use(EMPTY)
        yield from bench_truth.run(scale)
