"""How well what was found agrees with labels made by hand: pairs by shared words (Dice), then field by
field."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SEEDS = HERE.parents[3] / "data" / "demo" / "directives"
WORD = re.compile(r"\w+", re.UNICODE)

# What the rules must reach on labelled directives.
LEAST = {
    "task_f1": 0.95,
    "lead": 0.95,
    "coordinating": 0.9,
    "deadline_kind": 0.95,
    "deadline_date": 0.95,
    "product": 0.9,
    "target_f1": 0.9,
    "target_value": 1.0,
    "header": 0.85,
    "legal_f1": 0.85,
}


def bag(text: str | None) -> Counter[str]:
    return Counter(WORD.findall(unicodedata.normalize("NFC", text or "").lower()))


def dice(a: Counter[str], b: Counter[str]) -> float:
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def same(a: Any, b: Any, least: float = 0.75) -> bool:
    return (
        dice(
            bag(a if isinstance(a, str) else " ".join(a or [])),
            bag(b if isinstance(b, str) else " ".join(b or [])),
        )
        >= least
    )


def pair(gold: list[dict], found: list[dict], least: float = 0.6) -> list[tuple[int, int]]:
    bags = [bag(x.get("text")) for x in gold], [bag(x.get("text")) for x in found]
    scored = sorted(
        ((dice(g, f), i, j) for i, g in enumerate(bags[0]) for j, f in enumerate(bags[1])), reverse=True
    )
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for score, i, j in scored:
        if score >= least and i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def f1(hits: int, gold: int, found: int) -> float:
    return 2 * hits / (gold + found) if gold + found else 1.0


def share(flags: Any) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 1.0


def product_of(task: dict) -> str:
    value = task.get("products", task.get("product"))
    return " ".join(value) if isinstance(value, list) else (value or "")


def score(gold: dict, found: dict) -> dict[str, float]:
    """Figures in 0..1 by name."""
    tasks = pair(gold["tasks"], found["tasks"])
    both = [(gold["tasks"][i], found["tasks"][j]) for i, j in tasks]
    aims = pair(gold["targets"], found["targets"])
    aimed = [(gold["targets"][i], found["targets"][j]) for i, j in aims]
    head, seen = gold["document"], found["document"]
    laws = {x["number"] for x in head["legal_bases"] if x.get("number")}
    cited = {x["number"] for x in seen["legal_bases"] if x.get("number")}

    def when(task: dict) -> Any:
        return (task.get("deadline") or {}).get

    return {
        "task_f1": f1(len(tasks), len(gold["tasks"]), len(found["tasks"])),
        "lead": share(same(g.get("lead"), f.get("lead")) for g, f in both),
        "coordinating": share(same(g.get("coordinating"), f.get("coordinating")) for g, f in both),
        "deadline_kind": share((when(g)("kind") or "none") == (when(f)("kind") or "none") for g, f in both),
        "deadline_date": share(when(g)("date") == when(f)("date") for g, f in both),
        "product": share(same(product_of(g), product_of(f)) for g, f in both),
        "target_f1": f1(len(aims), len(gold["targets"]), len(found["targets"])),
        "target_value": share(
            (g.get("value"), g.get("operator")) == (f.get("value"), f.get("operator"))
            for g, f in aimed
            if isinstance(g.get("value"), int | float)
        ),
        "header": share(
            [
                head.get("number_symbol", head.get("number")) == seen.get("number"),
                same(head.get("type"), seen.get("type")),
                same(head.get("issuer"), seen.get("issuer")),
                head.get("date") == seen.get("date"),
                same(head.get("subject"), seen.get("subject")),
                same((head.get("signer") or {}).get("name"), (seen.get("signer") or {}).get("name")),
                same(head.get("recipients"), seen.get("recipients")),
            ]
        ),
        "legal_f1": f1(len(laws & cited), len(laws), len(cited)),
    }


def shortfalls(gold: dict, found: dict, least: dict[str, float] | None = None) -> dict[str, float]:
    """The figures that do not reach what is asked; empty when all do."""
    figures = score(gold, found)
    return {
        name: round(figures[name], 3)
        for name, floor in (least or LEAST).items()
        if figures[name] < floor - 1e-9
    }


def labels(name: str) -> dict:
    return json.loads((HERE / "gold" / f"{name}.json").read_text(encoding="utf-8"))
