"""The rubrics of the house, and answers to them."""

from __future__ import annotations

import json
from decimal import Decimal

from django.conf import settings

from thongsuot.modules.maturity.domain.rubric import parse
from thongsuot.modules.maturity.domain.scoring import Answer

D = Decimal


def body(code: str) -> dict:
    return json.loads((settings.DATA_DIR / "maturity" / f"{code}.json").read_text(encoding="utf-8"))


def rubric(code: str = "4725"):
    return parse(body(code))


YES, NO = Answer(yes=True), Answer(yes=False)


def amount(value) -> Answer:
    return Answer(amount=D(str(value)))


def ratio(part, whole) -> Answer:
    return Answer(numerator=D(part), denominator=D(whole))


GATES = {code: YES for code in ("1.1", "1.2", "2.1", "2.2")}
# Group 1: 30 + 10 + 20 + 20 + 20; group 2: 60 + 30, ten points of 2.3 being unknown (data/maturity/4725.json).
FULL = GATES | {
    **{f"1.3.{n}": YES for n in range(1, 6)},
    "1.4": amount(41),
    "1.5.1": amount(15),
    "1.5.2": YES,
    "1.6.1": ratio(25, 40),
    "1.6.2": ratio(25, 40),
    "1.6.3": ratio(17, 40),
    "1.7.1": ratio(15, 20),
    "1.7.2": amount(7),
    "1.7.3": YES,
    **{f"2.3.{n}": YES for n in range(1, 9)},
    **{f"2.4.{n}": YES for n in range(1, 4)},
}
