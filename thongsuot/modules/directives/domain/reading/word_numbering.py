"""Numbers that Word prints by itself (w:numPr): what the reader of the page sees in front of the
paragraph."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """Counts the numbered paragraphs of one document, in order: call `label` once for each."""

    def __init__(self, document: Any) -> None:
        self._styles = {s.get(W + "styleId"): s for s in document.styles.element.iter(W + "style")}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstracts = {a.get(W + "abstractNumId"): _levels(a) for a in root.iter(W + "abstractNum")}
        for num in root.iter(W + "num"):
            ref = num.find(W + "abstractNumId")
            key = ref.get(W + "val") if ref is not None else None
            number_id = num.get(W + "numId")
            self._abstract[number_id] = key or number_id
            levels = dict(abstracts.get(key, {}))
            for override in num.iter(W + "lvlOverride"):
                start = override.find(W + "startOverride")
                level = int(override.get(W + "ilvl") or 0)
                if start is not None and level in levels:
                    levels[level] = (*levels[level][:2], int(start.get(W + "val") or 1))
                    self._abstract[number_id] = number_id  # counts of its own
            self._levels[number_id] = levels

    def label(self, paragraph: Any) -> str:
        """ "II.", "1.2.", "a)", "-" or "" for a paragraph without a number."""
        number_id, level = self._place(paragraph)
        levels = self._levels.get(number_id or "", {})
        if not number_id or number_id == "0" or level not in levels:
            return ""
        counts = self._counts.setdefault(self._abstract.get(number_id, number_id), {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        form, pattern, _ = levels[level]
        if form == "bullet":
            return {"+": "+", "o": "+"}.get(pattern, "-")
        if form == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m[1]) - 1), pattern).strip()

    def _shown(self, levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
        form, _, start = levels.get(level, ("decimal", "", 1))
        return _formatted(counts.get(level, start), form)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        properties = paragraph.find(W + "pPr")
        found = _num_pr(properties)
        style = (
            properties.find(W + "pStyle").get(W + "val")
            if (properties is not None and properties.find(W + "pStyle") is not None)
            else None
        )
        seen: set[str] = set()
        while found[0] is None and style and style not in seen:
            seen.add(style)
            element = self._styles.get(style)
            if element is None:
                break
            inherited = _num_pr(element.find(W + "pPr"))
            if inherited[0] is not None:
                found = (inherited[0], found[1] if found[1] is not None else inherited[1])
            based = element.find(W + "basedOn")
            style = based.get(W + "val") if based is not None else None
        return found[0], found[1] or 0


def _num_pr(properties: Any) -> tuple[str | None, int | None]:
    num = properties.find(W + "numPr") if properties is not None else None
    if num is None:
        return None, None
    ident, level = num.find(W + "numId"), num.find(W + "ilvl")
    return (
        ident.get(W + "val") if ident is not None else None,
        int(level.get(W + "val") or 0) if level is not None else None,
    )


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    out = {}
    for level in abstract.iter(W + "lvl"):
        form, text, start = (level.find(W + name) for name in ("numFmt", "lvlText", "start"))
        out[int(level.get(W + "ilvl") or 0)] = (
            form.get(W + "val") if form is not None else "decimal",
            (text.get(W + "val") or "") if text is not None else "",
            int(start.get(W + "val") or 1) if start is not None else 1,
        )
    return out


def _formatted(value: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        out, rest = "", value
        for size, sign in _ROMAN:
            out += sign * (rest // size)
            rest %= size
        return out.upper() if form == "upperRoman" else out
    return f"{value:02d}" if form == "decimalZero" else str(value)
