"""Parts of conditions that many rules share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .lazily import pl

# What people type where they know nothing (folded: without accents, lower case).
PLACEHOLDERS = (
    r"^(n/?a|none|null|khong ro|khong biet|chua ro|chua co|khong co|dang cap nhat|test|abc+|xxx*|\.+|-+|\?+)$"
)
PHONE = r"^(0[0-9]{9}|\+84[0-9]{9}|02[0-9]{9})$"
EMAIL = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
# Letters of TCVN3, VNI and of UTF-8 read as Latin-1 that no Vietnamese name has; and those that it has, but never as a
# capital within a word ("NguyÔn").
LEGACY_FONT = (
    "[\u00a1-\u00a9\u00aa-\u00b3\u00b5-\u00bf\u00c4-\u00c7\u00cb\u00cf\u00d1\u00d6-\u00d8\u00dc\u00de-\u00df"
    "\u00e4-\u00e7\u00eb\u00ef\u00f1\u00f6-\u00f8\u00fc\u00fe\u00ff]|\u00c6[\u00b0\u00a1]|\\p{Ll}[\u00c0-\u00dd]"
)
NAME_CHARACTER = r"[^\p{L}\p{M} '’‘ʼ`´.\-]"
BRACKETS = r"[()\[\]{}<>\"“”]"
ODD_SPACES = "^\\s|\\s$|\\s\\s|[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff\t\r\n]"


def blank(column: str) -> pl.Expr:
    """Nothing there: null, or text without letters."""
    return pl.col(column).is_null() | (pl.col(column).str.strip_chars() == "")


def filled(column: str) -> pl.Expr:
    return ~blank(column)


def outside(column: str, codes: Collection[str]) -> pl.Expr:
    """A code that the list does not have. A list that was never loaded says nothing."""
    if not codes:
        return pl.lit(False)
    return ~pl.col(column).is_in(sorted(codes))


def days_since(column: str, today: date) -> pl.Expr:
    return (pl.lit(today) - pl.col(column)).dt.total_days()


def birth_century() -> pl.Expr:
    """The digit that a personal id has for the century of the birth date, for a male: 0 from 1900, 2 from 2000."""
    return (pl.col("birth_date").dt.year() // 100 - 19) * 2
