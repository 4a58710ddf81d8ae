"""A whole invented province with defects that are known one by one, and all quality rules over it: what they find of what
was seeded, and what they cry about for nothing. Not a matter of time: `ours` is what was found, `floor` what is there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction

from tests.bench.measure import Figure
from tests.bench.pupils import DAY
from tests.bench.scale import Scale
from thongsuot.config.demo import organization, people
from thongsuot.config.demo.comparing import Outcome, compare_cases
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.registry import build as registry
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.quality.actions import run_checks


def run(scale: Scale) -> Iterator[Figure]:
    """In an empty database; taken back in the end."""
    with transaction.atomic():
        yield figure_of(outcomes(scale.demo, DAY), scale.demo)
        transaction.set_rollback(True)


def outcomes(scale: str, today: date) -> list[Outcome]:
    """The registry of the demo, seeded, checked and compared; in the transaction of the caller."""
    context = DemoContext(scale, today, settings.DATA_DIR, lambda line: print(line, file=sys.stderr))
    with act_as(Actor.system()):
        for step in (organization.reference, organization.calendar, organization.units, people.people):
            step(context)
        made = registry.build(context)
        if made is None:
            raise RuntimeError("there are pupils already")
        run_checks(by=Actor.system(), today=today)
        return compare_cases(made.truth)


def figure_of(found: Sequence[Outcome], scale: str) -> Figure:
    """ratio: recall over all rules. The note names the rules that missed something or cried for nothing."""
    expected = sum(one.expected for one in found)
    missed = sum(len(one.missed) for one in found)
    cried = sum(len(one.false_alarms) for one in found)
    seeded = sum(one.seeded for one in found)
    wrong = ", ".join(one.rule for one in found if not one.is_right) or "none"
    lowest = min((one.recall for one in found if one.recall is not None), default=0.0)
    note = (
        f"{scale}: {len(found)} rules, {seeded} seeded, {expected - seeded} that follow or are unusual; lowest recall of "
        f"a rule {lowest:.3f}; false alarms {cried}; rules that are not exact: {wrong}"
    )
    recall = round((expected - missed) / expected, 5) if expected else 0.0
    return Figure(
        "recall of the quality rules", float(expected - missed), float(expected), recall, "objects", note
    )
