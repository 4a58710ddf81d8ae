"""What a transcript says, in the words of its layout: for the signer, the family, the printed page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from thongsuot.kit.sealing.sealing import unseal_many

from ..domain.document import Change, changes, read_content
from ..models import Transcript
from .layouts import profile_named

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
YES_NO = {"1": gettext_lazy("Có"), "0": gettext_lazy("Không")}


@dataclass(frozen=True)
class ShownSection:
    """A part of the layout as people read it: pairs, or rows under headings."""

    label: str
    pairs: list[tuple[str, Any]]
    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Outcome:
    """How the year came out, as the data say it: what a signer of a long list looks at first."""

    results: str
    is_promoted: bool | None


def outcomes(rows: Iterable[Transcript]) -> dict[int, Outcome]:
    """By transcript, read out of the data that are signed."""
    transcripts = list(rows)
    found = {}
    for row, xml in zip(transcripts, unseal_many(one.data_sealed for one in transcripts), strict=True):
        said = read_content(profile_named(row.profile), etree.fromstring(xml)).get("summary", {})
        results = str(said.get("result", ""))
        if said.get("conduct"):
            results = _("Học tập: %(result)s · Rèn luyện: %(conduct)s") % {
                "result": results,
                "conduct": said["conduct"],
            }
        found[row.pk] = Outcome(results, {"1": True, "0": False}.get(said.get("is_promoted", "")))
    return found


def shown(profile: Any, content: Mapping[str, Any], *, whole: bool = False) -> list[ShownSection]:
    """What the data part says, in the words of the layout. whole: codes that mean nothing to most readers, too: who signs
    sees exactly what is signed."""
    return [_shown(section, content.get(section.key), whole) for section in profile.sections]


def _shown(section: Any, given: Any, whole: bool) -> ShownSection:
    fields = [f for f in section.fields if whole or f.shown]
    if section.repeat:
        rows = given or []
        used = [f for f in fields if any(f.source in row for row in rows)]
        # Names first: codes mean nothing to who reads.
        used.sort(key=lambda one: one.source.endswith(("_code", "_personal_id")))
        table = [[_text(f, row.get(f.source, "")) for f in used] for row in rows]
        return ShownSection(section.label, [], [f.label for f in used], table)
    row = given or {}
    pairs = [(f.label, _text(f, row[f.source])) for f in fields if f.source in row]
    return ShownSection(section.label, pairs, [], [])


def shown_row(fields: Sequence[Any], row: Mapping[str, str]) -> list[str]:
    """The cells of one row, in the order of `fields`."""
    return [_text(one, row.get(one.source, "")) for one in fields]


def _text(field: Any, value: str) -> str:
    """Numbers and yes or no as Vietnamese reads them; days as days. Everything else stands as it was signed."""
    if field.type == "yes_no":
        return str(YES_NO.get(value, value))
    if field.type in ("date", "datetime") and len(value) >= 10 and value[4] == "-":
        day = f"{value[8:10]}/{value[5:7]}/{value[:4]}"
        return day if field.type == "date" else f"{value[11:16]} {day}"
    if field.decimals is not None and NUMBER.fullmatch(value):
        # A mean is read with its places (TT 22/2021 Điều 9): "8,0", though the specification writes 8.
        return f"{Decimal(value):.{max(field.decimals, _places(value))}f}".replace(".", ",")
    if field.type == "number":
        return value.replace(".", ",")
    return value


def _places(value: str) -> int:
    """What was signed is never rounded away."""
    return len(value.partition(".")[2])


def shown_changes(profile: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What a replacement says otherwise than what it replaces, as people read it."""
    fields = {(s.label, f.label): f for s in profile.sections for f in s.fields}

    def read(one: Change, value: str) -> str:
        return _text(fields[one.section, one.field], value)

    return [
        replace(one, before=read(one, one.before), after=read(one, one.after))
        for one in changes(profile, before, after)
        if fields[one.section, one.field].shown
    ]
