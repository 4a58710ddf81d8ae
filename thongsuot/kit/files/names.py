"""File names: kept readable, made harmless. Pure."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from thongsuot.kit.files.types import EXTENSIONS

LONGEST = 200
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


def clean_name(given: str, content_type: str) -> str:
    """The name to keep: NFC, no path, no control or direction signs, with the ending of what the file is."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join(_FORBIDDEN.sub("", name).split()).strip(". ")
    endings = EXTENSIONS[content_type]
    suffix = PurePosixPath(name).suffix
    if suffix.lower() not in endings:
        name, suffix = f"{name}{endings[0]}", endings[0]
    stem = name[: -len(suffix)] or "tep"
    return stem[: LONGEST - len(suffix)] + suffix


def ascii_name(name: str) -> str:
    """For browsers that know no RFC 5987: the same without marks."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return plain.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "tep"
