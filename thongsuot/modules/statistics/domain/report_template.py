"""The template of a periodic report, read from JSON: sections in their order, and what is computed in each. Pure.

    {"code": "year", "as_of": "05-31", "due": {"school": "06-10", "commune": "06-20"}, "sections": [
        {"title": "TÌNH HÌNH CHUNG", "blocks": [
            {"kind": "sentence", "text": "Có {registry.pupils} học sinh."},
            {"kind": "prose", "key": "overview", "title": "Đặc điểm, tình hình"}]}]}

Kinds of blocks: heading, sentence (figures in words), prose (written by the author; gather: texts of the units below
are put into it; as_heading: its title is printed), table (indicators, this year beside the last), breakdown and chart (an indicator by a dimension), units
(indicators of each unit directly below), provided (what another module says).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS: Mapping[str, tuple[str, ...]] = {
    "heading": ("text",),
    "sentence": ("text",),
    "prose": ("key",),
    "table": ("title", "indicators"),
    "breakdown": ("title", "indicator", "by"),
    "chart": ("title", "indicator", "by"),
    "units": ("title", "indicators"),
    "provided": ("code",),
}
NEEDED = ("code", "name", "type_name", "abstract", "as_of", "since", "due", "bases", "sections", "appendices")
PLACE = re.compile(r"\{([a-z_]+\.[a-z0-9_]+)\}")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
# Months from this one on belong to the calendar year in which the school year begins.
FIRST_MONTH = 7


class TemplateFault(ValueError):
    """(place, what is wrong, value): put into words by whoever reads the file."""

    def __init__(self, place: str, fault: str, value: object) -> None:
        super().__init__(place, fault, value)
        self.place, self.fault, self.value = place, fault, value


@dataclass(frozen=True)
class Template:
    """body: the JSON itself, kept with each report so that a later file changes no older one."""

    body: Mapping[str, Any]

    @property
    def parts(self) -> list[Mapping[str, Any]]:
        return [*self.body["sections"], *self.body["appendices"]]

    def blocks(self) -> Iterator[Mapping[str, Any]]:
        for part in self.parts:
            yield from part["blocks"]

    def prose(self) -> dict[str, Mapping[str, Any]]:
        return {block["key"]: block for block in self.blocks() if block["kind"] == "prose"}

    def indicators(self) -> list[str]:
        """Codes of the figures of the unit itself, each once, in the order of the text."""
        found: dict[str, None] = {}
        for block in self.blocks():
            if block["kind"] == "sentence":
                found.update(dict.fromkeys(PLACE.findall(block["text"])))
            elif block["kind"] == "table":
                found.update(dict.fromkeys(block["indicators"]))
            elif block["kind"] in ("breakdown", "chart"):
                found[block["indicator"]] = None
        return list(found)

    def unit_indicators(self) -> list[str]:
        """Codes of the figures that are asked for each unit below."""
        asked = (code for block in self.blocks() if block["kind"] == "units" for code in block["indicators"])
        return list(dict.fromkeys(asked))

    def breakdowns(self) -> list[tuple[str, str]]:
        asked = ((b["indicator"], b["by"]) for b in self.blocks() if b["kind"] in ("breakdown", "chart"))
        return list(dict.fromkeys(asked))

    def provided(self) -> list[str]:
        return [block["code"] for block in self.blocks() if block["kind"] == "provided"]


def parse_template(body: Any) -> Template:
    """Raises TemplateFault naming the place."""
    if not isinstance(body, Mapping):
        raise TemplateFault("", "not_object", type(body).__name__)
    for name in NEEDED:
        if name not in body:
            raise TemplateFault(name, "missing", name)
    days = [("as_of", body["as_of"]), ("since", body["since"])]
    days += [(f"due.{level}", day) for level, day in body["due"].items()]
    for place, day in days:
        if not _DAY.fullmatch(str(day)):
            raise TemplateFault(place, "day", day)
    seen: set[str] = set()
    for where in ("sections", "appendices"):
        for i, part in enumerate(body[where], start=1):
            for j, block in enumerate(part.get("blocks", ()), start=1):
                _check(block, f"{where}[{i}].blocks[{j}]", seen)
    return Template(body)


def _check(block: Mapping[str, Any], place: str, seen: set[str]) -> None:
    kind = block.get("kind", "")
    if kind not in KINDS:
        raise TemplateFault(place, "kind", kind)
    for name in KINDS[kind]:
        if not block.get(name):
            raise TemplateFault(place, "missing", name)
    if kind == "prose":
        if block["key"] in seen:
            raise TemplateFault(place, "twice", block["key"])
        seen.add(block["key"])


def day_in_year(month_day: str, first_year: int) -> date:
    """ "12-31" of 2026-2027 is 31/12/2026, "05-31" is 31/5/2027."""
    month, day = int(month_day[:2]), int(month_day[3:])
    return date(first_year if month >= FIRST_MONTH else first_year + 1, month, day)
