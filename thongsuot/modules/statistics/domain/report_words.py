"""Figures in the words of a report, and two texts compared. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from .report_template import PLACE

NOTHING = "–"


def number_words(value: Decimal | str | None, decimals: int = 0) -> str:
    """ "1.234,5": points between thousands, a comma before decimals; "–" where nothing could be counted."""
    if value is None or value == "":
        return NOTHING
    text = f"{Decimal(value):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def figure_words(figure: Mapping[str, Any] | None, *, with_unit: bool = False) -> str:
    """The figure as it is printed: the override where there is one, else what was computed."""
    if figure is None:
        return NOTHING
    shown = figure.get("override")
    words = number_words(figure["value"] if shown in (None, "") else shown, int(figure["decimals"]))
    if words == NOTHING:
        return words
    return f"{words}%" if figure["unit"] == "%" else f"{words} {figure['unit']}" if with_unit else words


def filled(text: str, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """The sentence with its figures; {code} of what is not known becomes "–"."""
    return PLACE.sub(lambda found: figure_words(figures.get(found[1])), text)


def pieces(text: str, figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sentence cut into plain words and figures, so that a page can open each figure."""
    found: list[dict[str, Any]] = []
    at = 0
    for place in PLACE.finditer(text):
        found.append({"text": text[at : place.start()]})
        figure = figures.get(place[1])
        found.append({"text": figure_words(figure), "code": place[1], "figure": figure})
        at = place.end()
    return [one for one in [*found, {"text": text[at:]}] if one["text"]]


@dataclass(frozen=True)
class Change:
    """kind: same, added, removed; text: a run of words."""

    kind: str
    text: str


def word_changes(old: str, new: str) -> list[Change]:
    """What was taken out of and put into a text, by words; removed before added at each place."""
    a, b = _words(old), _words(new)
    found: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(a[i1:i2])))
            continue
        if i2 > i1:
            found.append(Change("removed", "".join(a[i1:i2])))
        if j2 > j1:
            found.append(Change("added", "".join(b[j1:j2])))
    return found


def _words(text: str) -> list[str]:
    """Words with the white space behind them: joined, they are the text again."""
    out: list[str] = []
    word = ""
    for letter in text:
        if word and word[-1].isspace() and not letter.isspace():
            out.append(word)
            word = ""
        word += letter
    return [*out, word] if word else out


def changed_figures(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """(name, before, after) of the figures that differ as they are printed."""
    found = []
    for code in dict.fromkeys([*old, *new]):
        before, after = figure_words(old.get(code)), figure_words(new.get(code))
        if before != after:
            found.append((str((new.get(code) or old[code])["name"]), before, after))
    return found


def replaced_line(text: str, old: str, new: str) -> str:
    """The text with its line `old` made `new`; `new` at the end where no line is `old`. Empty lines are not kept."""
    lines = text.splitlines()
    if old and old in lines:
        lines[lines.index(old)] = new
    elif new and new not in lines:
        lines = [*text.rstrip().splitlines(), new]
    else:
        return text
    return "\n".join(line for line in lines if line.strip())
