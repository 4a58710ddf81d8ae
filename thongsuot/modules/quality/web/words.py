"""Words and shapes that several pages share. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.index import Layer, Thresholds, shown
from ..types import BOOK, CaseState, CaseVerb, Colour, Severity, Word

COLOUR_TONES: dict[str, str] = {Colour.GREEN: "ok", Colour.YELLOW: "warn", Colour.RED: "bad"}
STATE_TONES: dict[str, str] = {
    CaseState.OPEN: "warn",
    CaseState.IN_HAND: "info",
    CaseState.CLAIMED_MENDED: "info",
    CaseState.MENDED: "ok",
    CaseState.EXPLAINED: "quiet",
    CaseState.GONE: "quiet",
}
SEVERITY_TONES: dict[str, str] = {Severity.ERROR: "bad", Severity.WARNING: "warn"}
VERB_ICONS: dict[str, tuple[str, str]] = {
    CaseVerb.FOUND: ("search", "warn"),
    CaseVerb.REOPENED: ("repeat", "bad"),
    CaseVerb.TAKEN: ("user-check", "info"),
    CaseVerb.ASSIGNED: ("user", "info"),
    CaseVerb.CHANGED: ("pencil", "warn"),
    CaseVerb.CLAIMED: ("check", "info"),
    CaseVerb.PUT_BACK: ("arrow-back-up", "warn"),
    CaseVerb.MENDED: ("circle-check", "ok"),
    CaseVerb.EXPLAINED: ("message", "quiet"),
    CaseVerb.GONE: ("archive", "quiet"),
    CaseVerb.RULE_OFF: ("archive", "quiet"),
    CaseVerb.MOVED: ("transfer", "info"),
}


def number(value: Decimal | None) -> str:
    """An index as it is read: "92,4"; a dash where nothing was assessed."""
    found = shown(value)
    return "–" if found is None else f"{found}".replace(".", ",")


def list_url(**asked: Any) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('quality:case-list')}{'?' + query if query else ''}"


def days_words(due_on: date, today: date) -> str:
    left = (due_on - today).days
    if left == 0:
        return _("hôm nay là hạn")
    if left > 0:
        return ngettext("còn %(n)d ngày", "còn %(n)d ngày", left) % {"n": left}
    return ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", -left) % {"n": -left}


@dataclass(frozen=True)
class Node:
    """One line of the drill-down."""

    key: str
    label: str
    value: str
    tone: str
    colour: str
    assessed: int
    failed: int
    incidents: int
    weight: str
    url: str
    below: tuple[Node, ...] = ()


def node(layer: Layer, limits: Thresholds, path: tuple[str, ...], scope: Mapping[str, Any]) -> Node:
    """A layer with all below it. path: data set, field, criterion, rule, as far as it goes down."""
    colour = limits.colour(layer.value)
    below = tuple(node(one, limits, (*path, one.key), scope) for one in layer.below)
    return Node(
        key=layer.key,
        label=label(path),
        value=number(layer.value),
        tone=COLOUR_TONES.get(colour, "quiet") if colour else "quiet",
        colour=str(colour.label) if colour else "",
        assessed=layer.assessed,
        failed=layer.failed,
        incidents=layer.incidents,
        weight=f"{layer.weight.normalize():f}".replace(".", ","),
        url=_cases_of(path, scope) if layer.failed else "",
        below=tuple(sorted(below, key=_worst_first)),
    )


def _worst_first(one: Node) -> tuple[bool, Decimal]:
    return one.value == "–", Decimal(one.value.replace(",", ".")) if one.value != "–" else Decimal(0)


def label(path: tuple[str, ...]) -> str:
    if not path:
        return str(_("Toàn bộ dữ liệu"))
    dataset = BOOK.datasets[path[0]]
    if len(path) == 1:
        return str(dataset.name)
    if len(path) == 2:
        return str(dataset.fields[path[1]])
    return str(Word(path[2]).label) if len(path) == 3 else str(BOOK.rules[path[3]].title)


def _cases_of(path: tuple[str, ...], scope: Mapping[str, Any]) -> str:
    if len(path) == 4:
        return list_url(rule=path[3], **scope)
    if len(path) >= 2:
        return list_url(field=f"{path[0]}.{path[1]}", **scope)
    return list_url(dataset=path[0] if path else "", **scope)
