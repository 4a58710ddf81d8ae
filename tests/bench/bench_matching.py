"""School records found in the population: ours against Splink on the same people, the truth known.

Splink is a peer to compare with, no part of the product: `uv pip install -r requirements/bench.txt` brings it. Its model has
the same comparisons and, but for two, the same blocks; of its thresholds the best one is taken, ours is the one that the product uses.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import polars as pl
from django.conf import settings

from tests.bench.measure import Figure, figure
from tests.bench.population import Linkage, linkage
from tests.bench.scale import Scale
from thongsuot.modules.registry.domain.matching import link
from thongsuot.modules.registry.domain.matching.blocks import BLOCKS
from thongsuot.modules.registry.domain.matching.keys import GIVEN, prepare

PEER_THRESHOLDS = range(-6, 13)
# It takes four fifths of the machine otherwise, and writes to disk beyond this.
PEER_MEMORY = "8GB"
# Our blocks without the two that only pay where crowded keys are left out, which Splink cannot do: with
# them it makes several times the pairs.
PEER_BLOCKS = [
    block for block in BLOCKS if block not in (("name_set", "mother"), ("name_set", "low", "high"))
]


def run(scale: Scale) -> Iterator[Figure]:
    if find_spec("splink") is None:
        print("matching: Splink is not here; uv pip install -r requirements/bench.txt", file=sys.stderr)
        return
    people = linkage(*scale.people)
    ours, our_f1 = _ours(people)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    peer, peer_f1 = _splink(people)
    note = f"F1 ours {our_f1:.5f}, Splink {peer_f1:.5f}; ours at most {used:.1f} GiB"
    yield figure(
        f"matching {scale.people[0]} x {scale.people[1]} people", [ours], [peer], note=note, most=1 / 3
    )


def _truth(people: Linkage) -> set[tuple[Any, ...]]:
    return set(people.truth.select("school_id", "population_id").iter_rows())


def f1(found: set[tuple[Any, ...]], truth: set[tuple[Any, ...]]) -> float:
    """Harmonic mean of precision and recall of pairs."""
    right = len(found & truth)
    return 2 * right / (len(found) + len(truth)) if found or truth else 1.0


def _ours(people: Linkage) -> tuple[float, float]:
    wanted = json.loads((settings.DATA_DIR / "registry" / "matching.json").read_text(encoding="utf-8"))
    start = perf_counter()
    found = link.matches(
        people.school.select(GIVEN),
        people.population.select(GIVEN),
        start=wanted["same_person"],
        least=wanted["belongs_from"],
    )
    spent = (perf_counter() - start) * 1000
    return spent, f1(set(found.scored.select("left_id", "right_id").iter_rows()), _truth(people))


def _splink(people: Linkage) -> tuple[float, float]:
    """The same keys, blocks and fields; trained by expectation and maximisation; the best pair of both sides."""
    import duckdb
    from splink import DuckDBAPI, Linker, block_on

    start = perf_counter()
    sides = [
        prepare(side.select(GIVEN))
        .rename({"id": "unique_id"})
        .with_columns(pl.col("birth_date").cast(pl.String))
        for side in (people.school, people.population)
    ]
    database = DuckDBAPI(duckdb.connect(config={"memory_limit": PEER_MEMORY}))
    # The side whose name comes first in the alphabet is the left one of its pairs.
    tables = [
        database.register(side.to_arrow(), dataset_display_name=name)
        for side, name in zip(sides, ("a_school", "b_population"), strict=True)
    ]
    linker = Linker(tables, _settings(block_on))
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("personal_id")], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=2e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("birth_date", "last"))
    training.estimate_parameters_using_expectation_maximisation(block_on("name_set", "year"))
    predicted = linker.inference.predict(threshold_match_weight=min(PEER_THRESHOLDS))
    pairs = predicted.as_duckdbpyrelation().select("unique_id_l, unique_id_r, match_weight").pl()
    spent = (perf_counter() - start) * 1000
    ranked = pairs.sort("match_weight", descending=True)
    best = ranked.unique("unique_id_l", keep="first", maintain_order=True)
    best = best.unique("unique_id_r", keep="first", maintain_order=True)
    truth = _truth(people)
    reached = [
        f1(
            set(
                best.filter(pl.col("match_weight") >= least).select("unique_id_l", "unique_id_r").iter_rows()
            ),
            truth,
        )
        for least in PEER_THRESHOLDS
    ]
    return spent, max(reached)


def _settings(block_on: Any) -> Any:
    from splink import SettingsCreator
    from splink import comparison_level_library as levels
    from splink import comparison_library as comparisons

    name = [
        levels.NullLevel("name"),
        levels.ExactMatchLevel("name", term_frequency_adjustments=True),
        levels.ExactMatchLevel("name_set", term_frequency_adjustments=True),
        levels.JaroWinklerLevel("name", 0.92),
        levels.JaroWinklerLevel("name", 0.85),
        levels.ElseLevel(),
    ]
    birth_date = [
        levels.NullLevel("birth_date"),
        levels.ExactMatchLevel("birth_date"),
        levels.CustomLevel("low_l = low_r and high_l = high_r and year_l = year_r"),
        levels.DamerauLevenshteinLevel("birth_date", 1),
        levels.CustomLevel("year_l = year_r"),
        levels.ElseLevel(),
    ]
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            comparisons.CustomComparison(output_column_name="name", comparison_levels=name),
            comparisons.CustomComparison(output_column_name="birth_date", comparison_levels=birth_date),
            comparisons.ExactMatch("gender"),
            comparisons.DamerauLevenshteinAtThresholds("personal_id", [1]),
            comparisons.JaroWinklerAtThresholds("mother", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in PEER_BLOCKS],
        max_iterations=15,
    )
