"""Invented names, from the public lists in data/demo/names."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from thongsuot.kit.text.vietnamese import clean_text, mend_d


class Names:
    """Full names in the proportions of the central provinces; in the highlands some are of the peoples who
    live there.
    """

    def __init__(self, folder: Path) -> None:
        self.given = {sex: _lines(folder / f"given-names-{sex}.txt") for sex in ("male", "female")}
        with (folder / "surnames-weighted.csv").open(encoding="utf-8", newline="") as handle:
            rows = [row for row in csv.DictReader(handle) if row["region"] == "central"]
        self.surnames = [mend_d(row["surname"]) for row in rows]
        self.weights = [float(row["weight_percent"]) for row in rows]

    def person(self, rng: random.Random, *, highland: bool = False) -> str:
        sex = rng.choice(("male", "female", "female"))
        given = rng.choice(self.given[sex])
        if highland and rng.random() < 0.3:
            # Xơ-đăng, Ba-na, Gié-Triêng: A for a man, Y for a woman, and one word.
            return f"{'A' if sex == 'male' else 'Y'} {given.rsplit(' ', 1)[-1]}"
        return f"{rng.choices(self.surnames, self.weights)[0]} {given}"


def _lines(path: Path) -> list[str]:
    """The lists write Eth for Đ in some lines, and a small first letter."""
    return [
        " ".join(word[:1].upper() + word[1:] for word in name.split(" "))
        for line in path.read_text(encoding="utf-8").splitlines()
        if (name := mend_d(clean_text(line)))
    ]
