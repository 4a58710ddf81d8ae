"""Words of an order matched to units, for all its findings at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.found import FoundItem, lead_words


def match_units(
    *, by: Actor, found: Iterable[FoundItem], addressed_to: Iterable[str], owner_unit_id: int, today: date
) -> list[dict[str, Any]]:
    """The `units` of each finding, in order; two queries however many.

    lead, coordinating, to: unit ids. unmatched: words of lead units that a person must say more about
    (nothing is
    guessed for them; `suggested` holds guesses by word). Where an order names nobody for a task, those
    whom it is addressed to ("Kính gửi") are proposed, marked `from_addressees`.
    """
    items, addressees = list(found), list(addressed_to)
    wanted = list(dict.fromkeys([*addressees, *(word for item in items for word in _words(item))]))
    matches = organization.match_unit_names(wanted, context_unit_id=owner_unit_id, today=today)
    known = dict(zip(wanted, matches, strict=True))
    everybody = _certain(known, addressees)[0]
    return [_units(item, known, everybody) for item in items]


def _words(item: FoundItem) -> list[str]:
    words = [*lead_words(item.kind, item.data), *(item.data.get("coordinating") or ())]
    return [*words, item.data["to"]] if item.data.get("to") else words


def _certain(known: dict[str, Any], words: Iterable[str]) -> tuple[list[int], list[str]]:
    """(unit ids of what is certain, words of what is not)."""
    ids: dict[int, None] = {}
    unsure = []
    for word in words:
        match = known[word]
        if match.is_certain and match.unit_ids:
            ids.update(dict.fromkeys(match.unit_ids))
        else:
            unsure.append(word)
    return list(ids), unsure


def _units(item: FoundItem, known: dict[str, Any], everybody: list[int]) -> dict[str, Any]:
    words = lead_words(item.kind, item.data)
    lead, unmatched = _certain(known, words)
    coordinating, vague = _certain(known, item.data.get("coordinating") or ())
    units: dict[str, Any] = {"lead": lead, "coordinating": coordinating, "unmatched": unmatched}
    if item.data.get("to"):
        units["to"] = _certain(known, [item.data["to"]])[0][:1]
    if vague:
        units["unmatched_coordinating"] = vague
    guesses = {word: list(known[word].unit_ids) for word in [*unmatched, *vague] if known[word].unit_ids}
    if guesses:
        units["suggested"] = guesses
    if not words and item.kind != "target" and everybody:
        units["lead"], units["from_addressees"] = everybody, True
    return units
