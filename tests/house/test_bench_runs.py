"""The bench still runs: each figure once, at next to no size. What it measures is for `make bench`."""

import json

import pytest

from tests.bench import everything, measure
from tests.bench.explain import explain
from tests.bench.province import build
from tests.bench.scale import TINY
from tests.bench.scratch import LARGE, SMALL, in_place


@pytest.mark.slow
@pytest.mark.django_db
def test_every_figure_is_measured(settings, tmp_path, capsys):
    settings.API_CALLS_PER_MINUTE = 1_000_000
    world = build(TINY, TINY.large)
    found = list(everything.figures(in_place(), {SMALL: world, LARGE: world}, TINY))
    assert len(found) > 10
    assert all(one.ours > 0 and one.floor > 0 for one in found)
    assert found[0].name in measure.table(found)
    measure.write(found, tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text())
    assert set(written[0]) == {"name", "ours", "floor", "ratio", "unit", "note"}
    explain(world, TINY)
    assert "list of tasks" in capsys.readouterr().out
