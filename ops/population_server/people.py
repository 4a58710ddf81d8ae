"""The people that the population database knows, and how they come to differ from what schools wrote down."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

# Of those who differ: wrong birth dates first, then sex (as reported of the real verification), then the rest.
KINDS = (
    ("birth_date", 42),
    ("gender", 22),
    ("full_name", 16),
    ("missing", 12),
    ("shared", 5),
    ("cancelled", 3),
)
OTHER = {"male": "female", "female": "male"}
ACCENTS = (("ă", "a"), ("ị", "i"), ("ễ", "ê"), ("ạ", "à"), ("ươ", "uơ"), ("Đ", "D"), ("ú", "u"), ("ồ", "ô"))


def read_people(path: Path, *, disagree: float, seed: int) -> dict[str, list[dict[str, Any]]]:
    """By personal id; more than one under an id when it is shared."""
    lines = path.read_text(encoding="utf-8").splitlines()
    people = [json.loads(line) for line in lines if line.strip()]
    found: dict[str, list[dict[str, Any]]] = {}
    for person in people:
        found.setdefault(person["personal_id"], []).append(dict(person))
    _disagree(found, disagree, random.Random(seed))  # noqa: S311 - invented people
    return found


def _disagree(found: dict[str, list[dict[str, Any]]], share: float, dice: random.Random) -> None:
    kinds, weights = zip(*KINDS, strict=True)
    for number in sorted(found):
        if dice.random() < share:
            person = found[number][0]
            _differ(person, dice.choices(kinds, weights)[0], dice)


def _differ(person: dict[str, Any], kind: str, dice: random.Random) -> None:
    if kind == "birth_date":
        person["birth_date"] = _other_date(person["birth_date"], dice)
    elif kind == "gender":
        person["gender"] = OTHER.get(person["gender"], "male")
    elif kind == "full_name":
        person["full_name"] = _other_name(person["full_name"])
    else:
        person["state"] = kind


def _other_date(text: str, dice: random.Random) -> str:
    """Day and month changed over where that is a date, else a day or a year beside it; a year alone becomes the next one."""
    if len(text) == 4:
        return str(int(text) + 1)
    day = date.fromisoformat(text)
    if day.day <= 12 and day.day != day.month and dice.random() < 0.5:
        return day.replace(day=day.month, month=day.day).isoformat()
    return (day + timedelta(days=dice.choice((-1, 1, 10, 365)))).isoformat()


def _other_name(name: str) -> str:
    for one, other in ACCENTS:
        if one in name:
            return name.replace(one, other, 1)
    return name + " Văn"
