"""Columns of a layout as the kit reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Boolean, Choice, Code, Column, Date, Integer, Text, text_of
from thongsuot.kit.importing.types import Cell, CellError
from thongsuot.modules.organization.queries import code_values

from ..domain.import_terms import NO, YES
from ..domain.layouts import Layout, LayoutColumn, read_layout, squeezed
from ..types import GradeLevel

ANY = r".{1,%d}"


@lru_cache(maxsize=8)
def layout(code: str) -> Layout:
    """The layout of a kind of file, from data/registry/layouts/."""
    return read_layout(Path(settings.DATA_DIR) / "registry" / "layouts" / f"{code}.json")


@dataclass(frozen=True)
class Named(Choice):
    """One of a list, by its words only: the numbers of such lists differ from system to system."""

    def prepare(self, texts: set[str], actor: Actor) -> dict[str, Any]:
        known = {squeezed(str(label)): code for code, label in self._pairs()}
        return known | {squeezed(word): code for word, code in self.also.items()}

    def clean(self, cell: Cell, prepared: Any) -> Any:
        known = prepared if prepared is not None else self.prepare(set(), Actor.system())
        found = known.get(squeezed(text_of(cell)))
        if found is None:
            if self.help:
                raise CellError(str(self.help))
            some = ", ".join(str(label) for _code, label in self._pairs()[:6])
            raise CellError(_("Không có trong danh mục. Ví dụ: %(some)s.") % {"some": some})
        return found


@dataclass(frozen=True)
class Characteristic(Named):
    """A code of a list, or said to be none of them (NO): then what held so far ends."""

    def prepare(self, texts: set[str], actor: Actor) -> dict[str, Any]:
        return {word: code or NO for word, code in super().prepare(texts, actor).items()}

    def show(self, value: Any) -> str:
        return _("Không") if value in (NO, "") else super().show(value)


@dataclass(frozen=True)
class Flag(Column):
    """A characteristic without codes: it holds (YES) or not (NO)."""

    def clean(self, cell: Cell, prepared: Any) -> Any:
        return YES if Boolean(self.key, self.label).clean(cell, prepared) else NO

    def show(self, value: Any) -> str:
        return _("Có") if value == YES else _("Không")


@dataclass(frozen=True)
class BirthDate(Date):
    """A date, or a year alone: then 1 January of it."""

    def clean(self, cell: Cell, prepared: Any) -> date:
        text = text_of(cell)
        if re.fullmatch(r"(19|20)\d\d", text):
            return date(int(text), 1, 1)
        return super().clean(cell, prepared)


@dataclass(frozen=True)
class Grade(Named):
    """khối: its name, or its number from 1 to 12."""

    def prepare(self, texts: set[str], actor: Actor) -> dict[str, Any]:
        known = super().prepare(texts, actor)
        for grade in range(1, 13):
            known |= {str(grade): grade, f"lop{grade}": grade}
        return known


def _email(text: str) -> str:
    try:
        validate_email(text.lower())
    except ValidationError:
        raise CellError(_("Không phải địa chỉ thư điện tử.")) from None
    return text.lower()


def _listed(code: str) -> Callable[[], Iterable[tuple[str, str]]]:
    return lambda: list(code_values(code).values_list("code", "name"))


def _labels(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """One label for each code: the first word that means it."""
    first: dict[str, str] = {}
    for word, code in words.items():
        first.setdefault(code, word)
    return list(first.items())


def column_of(said: LayoutColumn) -> Column:
    """The kit's column of a layout's. Raises ValueError for a kind that nobody knows."""
    made = _MAKERS.get(said.kind)
    if made is None:
        raise ValueError(f"{said.key}: {said.kind!r} is no kind of column")
    kind, facts = made(said)
    head = {"key": said.key, "label": said.label, "aliases": said.aliases, "required": said.required}
    return kind(**{"help": said.help, **head, **facts})


_Made = tuple[type[Column], dict[str, Any]]


def _code(said: LayoutColumn) -> _Made:
    longest = said.max_length or 30
    too_long = _("Nhiều nhất %(max)d ký tự.") % {"max": longest}
    return Code, {"width": said.width, "pattern": ANY % longest, "help": said.help or too_long}


def _personal_id(said: LayoutColumn) -> _Made:
    # Two zeros at most stand at the front (001 is Hà Nội): nine digits are an old identity card's number.
    facts = {"width": 12, "least": 10, "pattern": r"\d{12}", "help": _("Số định danh cá nhân có 12 chữ số.")}
    return Code, facts


def _phone(said: LayoutColumn) -> _Made:
    return Code, {
        "width": 10,
        "least": 9,
        "pattern": r"[-+().0-9]{6,20}",
        "help": _("Ghi một số điện thoại, ví dụ 0912345678."),
    }


_MAKERS: dict[str, Callable[[LayoutColumn], _Made]] = {
    "text": lambda said: (Text, {"max_length": said.max_length}),
    "several": lambda said: (Text, {"max_length": 600}),
    "code": _code,
    "personal_id": _personal_id,
    "phone": _phone,
    "email": lambda said: (Text, {"max_length": said.max_length, "check": _email}),
    "date": lambda said: (BirthDate if said.key == "birth_date" else Date, {"earliest": date(1920, 1, 1)}),
    "year": lambda said: (Integer, {"least": 1900, "most": 2020}),
    "number": lambda said: (Integer, {"least": 0, "most": 9999}),
    "boolean": lambda said: (Boolean, {}),
    "words": lambda said: (Named, {"choices": _labels(said.words), "also": said.words}),
    "list": lambda said: (Named, {"choices": _listed(said.code_list), "also": said.words}),
    "characteristic": lambda said: (
        Characteristic,
        {"choices": _listed(said.code_list), "also": said.words},
    ),
    "characteristic_words": lambda said: (
        Characteristic,
        {"choices": _labels(said.words), "also": said.words},
    ),
    "characteristic_flag": lambda said: (Flag, {}),
    "grade": lambda said: (Grade, {"choices": GradeLevel.choices}),
}
