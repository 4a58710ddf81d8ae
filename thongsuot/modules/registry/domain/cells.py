"""What people type or paste into a cell, as a value. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from thongsuot.kit.text.vietnamese import clean_text, fold

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
GENDERS = {"nam": "male", "male": "male", "1": "male", "nu": "female", "female": "female", "0": "female"}
YES = frozenset({"co", "x", "1", "true", "yes", "on"})
NO = frozenset({"", "khong", "0", "false", "no"})


def day_of(text: str) -> date | None:
    """dd/mm/yyyy or yyyy-mm-dd; None for nothing. Raises ValueError."""
    text = clean_text(text)
    if not text:
        return None
    if found := _DAY.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone


def gender_of(text: str) -> str:
    """ "Nam", "Nữ", in any writing; "" for nothing. Raises ValueError."""
    folded = fold(text)
    if not folded:
        return ""
    if folded not in GENDERS:
        raise ValueError(text)
    return GENDERS[folded]


def code_of(text: str, names: Mapping[str, str]) -> str:
    """A code, or the name behind it, in any writing. names: {code: name}. Raises ValueError."""
    text = clean_text(text)
    if not text or text in names:
        return text
    wanted = fold(text)
    for code, name in names.items():
        # Names of peoples are written with other names in brackets: "Kinh (Việt)".
        if wanted in (fold(name), fold(name.split("(")[0])):
            return code
    raise ValueError(text)


def yes_of(text: str) -> bool:
    """ "Có", "x", "Không", nothing. Raises ValueError."""
    folded = fold(text)
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise ValueError(text)
