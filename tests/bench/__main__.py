"""python -m tests.bench [--explain] [--only WORDS]: print the figures and write them to var/bench.json."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")
os.environ.setdefault("TS_DB_ROLE", "owner")
# Scratch data: nobody needs it after a power cut.
os.environ.setdefault("TS_DB_SYNCHRONOUS_COMMIT", "off")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from tests.bench import (  # noqa: E402
    bench_dashboards,
    bench_gradebook,
    bench_import,
    bench_pages,
    bench_quality,
    bench_registry,
    bench_signing,
    bench_statistics,
    bench_transcript_board,
    bench_transcripts,
    bench_truth,
    everything,
    measure,
    scratch,
)
from tests.bench.explain import explain  # noqa: E402
from tests.bench.province import World, build  # noqa: E402
from tests.bench.scale import FULL, TINY, Scale  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--explain", action="store_true", help="plans of slow statements at full size, no figures"
    )
    parser.add_argument("--pages", action="store_true", help="the pages only")
    parser.add_argument("--quality", action="store_true", help="the checking of data only")
    parser.add_argument("--truth", action="store_true", help="what the rules find of seeded defects, only")
    parser.add_argument("--registry", action="store_true", help="pages and counts of the registry only")
    parser.add_argument("--import", dest="imports", action="store_true", help="the import of pupils only")
    parser.add_argument("--statistics", action="store_true", help="the statutory forms only")
    parser.add_argument("--gradebook", action="store_true", help="saving marks and computing results only")
    parser.add_argument(
        "--dashboards", action="store_true", help="dashboards and the counting behind them only"
    )
    parser.add_argument("--signing", action="store_true", help="signing and checking only; needs no database")
    parser.add_argument("--transcripts", action="store_true", help="transcripts only; needs no database")
    parser.add_argument("--board", action="store_true", help="the board of transcripts only")
    asked = parser.parse_args()
    scale = TINY if os.environ.get("TS_BENCH_SCALE") == "tiny" else FULL
    if pupils := os.environ.get("TS_BENCH_PUPILS"):
        scale = replace(scale, pupils=int(pupils))
    if asked.signing or asked.transcripts:
        found = list((bench_signing if asked.signing else bench_transcripts).run(scale))
        print(measure.table(found))
        measure.put(found, settings.VAR_DIR / "bench.json")
        return 0
    setup_test_environment(debug=False)
    settings.MFA_REQUIRED = "none"
    settings.API_CALLS_PER_MINUTE = 1_000_000
    worlds: dict[str, World] = {}

    def fill(size: str) -> None:
        if asked.truth or asked.gradebook or (asked.board and size == scratch.SMALL):
            # It makes its own people, in the empty one.
            return
        start = perf_counter()
        few = size == scratch.SMALL or asked.board
        worlds[size] = build(scale, scale.small if few else scale.large)
        print(f"{size}: made in {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)

    with scratch.scratch_databases(fill) as databases:
        if asked.explain:
            databases.use(scratch.LARGE)
            explain(worlds[scratch.LARGE], scale)
            return 0
        found = []
        for one in chosen(asked)(databases, worlds, scale):
            print(f"{one.name}: {one.ratio}", file=sys.stderr, flush=True)
            found.append(one)
    print(measure.table(found))
    if asked.truth:
        measure.put(found, settings.VAR_DIR / "bench.json")
    elif chosen(asked) is everything.figures:
        measure.write(found, settings.VAR_DIR / "bench.json")
    return 0


def chosen(asked: argparse.Namespace) -> Callable[..., Iterator[measure.Figure]]:
    if asked.pages:
        return bench_pages.run
    if asked.truth:
        return _truth
    if asked.registry:
        return bench_registry.run
    if asked.quality:
        return _quality
    if asked.statistics:
        return _statistics
    if asked.dashboards:
        return _dashboards
    if asked.board:
        return _board
    if asked.gradebook:
        return _gradebook
    return _imports if asked.imports else everything.figures


def _quality(
    databases: scratch.Databases, worlds: dict[str, World], scale: Scale
) -> Iterator[measure.Figure]:
    databases.use(scratch.LARGE)
    yield from bench_quality.run(scale)


def _imports(
    databases: scratch.Databases, worlds: dict[str, World], scale: Scale
) -> Iterator[measure.Figure]:
    databases.use(scratch.LARGE)
    yield from bench_import.run(worlds[scratch.LARGE], scale)


def _statistics(
    databases: scratch.Databases, worlds: dict[str, World], scale: Scale
) -> Iterator[measure.Figure]:
    databases.use(scratch.LARGE)
    yield from bench_statistics.run(worlds[scratch.LARGE], scale)


def _dashboards(
    databases: scratch.Databases, worlds: dict[str, World], scale: Scale
) -> Iterator[measure.Figure]:
    databases.use(scratch.LARGE)
    yield from bench_dashboards.run(worlds[scratch.LARGE], scale)


def _board(databases: scratch.Databases, worlds: dict[str, World], scale: Scale) -> Iterator[measure.Figure]:
    databases.use(scratch.LARGE)
    yield from bench_transcript_board.run(worlds[scratch.LARGE], scale)


def _gradebook(
    databases: scratch.Databases, worlds: dict[str, World], scale: Scale
) -> Iterator[measure.Figure]:
    databases.use(scratch.EMPTY)
    yield from bench_gradebook.run(scale)


def _truth(databases: scratch.Databases, worlds: dict[str, World], scale: Scale) -> Iterator[measure.Figure]:
    databases.use(scratch.EMPTY)
    yield from bench_truth.run(scale)


if __name__ == "__main__":
    sys.exit(main())
