"""What may be written about a person: names, dates of birth, codes. Pure."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from thongsuot.kit.text.vietnamese import clean_text, fold, mend_d, person_sort_key

PERSONAL_ID = re.compile(r"\d{12}")
EARLIEST_BIRTH = date(1900, 1, 1)
# Nobody is enrolled or employed who was born after today; how old a pupil of a grade is, quality asks.
_SEPARATORS = re.compile(r"[\s.\-]+")


def clean_name(text: str) -> str:
    """A name as it is kept: NFC, single spaces, Eth and African D read as Đ. Case stays as registered."""
    return clean_text(mend_d(text))


def name_parts(full_name: str) -> dict[str, str]:
    """The three columns of a name: as registered, as compared, as sorted."""
    name = clean_name(full_name)
    return {"full_name": name, "name_fold": fold(name), "sort_key": person_sort_key(name)}


def is_name(text: str) -> bool:
    """One word is a name (many peoples have one); digits never are."""
    name = clean_name(text)
    return any(c.isalpha() for c in name) and not any(c.isdecimal() for c in name)


def clean_personal_id(text: str) -> str:
    """The digits of a number that people write with spaces, points or dashes."""
    return _SEPARATORS.sub("", clean_text(text))


def is_personal_id(text: str) -> bool:
    """12 digits (Luật Căn cước 26/2023/QH15). What the digits mean, quality compares."""
    return PERSONAL_ID.fullmatch(text) is not None


def is_birth_date(day: date, today: date) -> bool:
    return EARLIEST_BIRTH <= day <= today


def clean_code(text: str) -> str:
    """A code is opaque: leading zeros stay, only spaces around it go."""
    return clean_text(text)


def masked(text: str) -> str:
    """The last four characters behind dots: "••••••••0123"; "" for nothing."""
    return "•" * max(len(text) - 4, 0) + text[-4:] if text else ""


def provisional_code(public_id: UUID) -> str:
    """A code of our own until the ministry's arrives: unique without asking anybody."""
    return f"TAM-{public_id.hex[:12].upper()}"
