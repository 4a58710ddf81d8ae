"""Columns of importable files. A column knows its headers, and reads, checks and shows one cell.

A module declares an importer in its `imports.py` and registers it in `apps.ready()`:

    class SchoolImporter(Importer):
        kind, title, right = "organization.schools", _("Trường"), "organization.write"
        key = ("code",)
        columns = (
            Code("code", _("Mã trường"), aliases=("mã định danh", "mã cơ sở"), required=True),
            Text("name", _("Tên trường"), aliases=("trường", "tên đơn vị"), required=True),
            Choice("school_type", _("Loại hình"), choices=SchoolType.choices),
            Reference("parent", _("Cơ quan quản lý"), resolver=units_by_name),
            Date("valid_from", _("Ngày thành lập")),
        )
        def existing(self, keys, actor): ...   # one query: {("S01",): Found(id, {"code": ..., "name": ...})}
        def apply(self, plans, by): ...        # calls the module's actions; {row number: id}

Headers are matched by folded text, never by position: label, aliases and key of the column; what stands in
brackets, a star and a leading number are left out. A resolver is asked once for a whole file:
resolver(texts: set[str], actor) -> {text: value}; a text that is missing is "not found", `Ambiguous([...])`
says that several fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal as Number
from decimal import InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.types import Cell, CellError
from thongsuot.kit.text.vietnamese import clean_text, fold, mend_d

# Day 1 of Excel is 1 January 1900; it believes in a 29 February 1900, hence the 30th.
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIAL_DAYS = range(3653, 73051)  # 1910 to 2100
_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}.*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")


def text_of(cell: Cell) -> str:
    """A cell as a person reads it; whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("Có") if cell else _("Không")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == datetime.min.time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return clean_text(str(cell))


@dataclass(frozen=True)
class Column:
    """One field of a file. `clean_text` of a subclass raises CellError with the reason."""

    key: str
    label: Any
    aliases: Sequence[str] = ()
    required: bool = False
    help: Any = ""
    # More checks of a clean value: raise CellError, or give back the value to keep.
    check: Callable[[Any], Any] | None = None
    # An empty cell clears the field (True) or leaves what is there (False).
    clears: bool = False

    def names(self) -> list[str]:
        """Everything that a header of this column may say."""
        return [str(self.label), *self.aliases, self.key.replace("_", " ")]

    def prepare(self, texts: set[str], actor: Actor) -> Any:
        """Asked once with all distinct texts of the file; what it gives back goes to each `read`."""
        return None

    def read(self, cell: Cell, prepared: Any = None) -> Any:
        """The clean value of a cell, None when it is empty. Raises CellError."""
        if text_of(cell) == "":
            if self.required:
                raise CellError(_("Thiếu dữ liệu bắt buộc."))
            return None
        value = self.clean(cell, prepared)
        return self.check(value) if self.check else value

    def clean(self, cell: Cell, prepared: Any) -> Any:
        return text_of(cell)

    def show(self, value: Any) -> str:
        """A clean value for people."""
        return text_of(value)

    def encode(self, value: Any) -> Any:
        """A clean value as JSON."""
        return value

    def decode(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Text(Column):
    """Text: NFC, single spaces, a Vietnamese Đ where a file has the Icelandic one."""

    max_length: int = 0

    def clean(self, cell: Cell, prepared: Any) -> str:
        text = mend_d(text_of(cell))
        if self.max_length and len(text) > self.max_length:
            raise CellError(_("Dài quá %(max)d ký tự.") % {"max": self.max_length})
        return text


@dataclass(frozen=True)
class Code(Column):
    """A code: text that may look like a number. `width` gives back the zeros that a number cell has lost."""

    width: int = 0
    # With fewer digits than this it is not a code that has lost its zeros but another one.
    least: int = 1
    pattern: str = ""
    upper: bool = False

    def clean(self, cell: Cell, prepared: Any) -> str:
        if isinstance(cell, float) and not cell.is_integer():
            raise CellError(_("Mã không phải là số lẻ."))
        # Above 15 digits a number cell has been rounded: the code that stood there is lost.
        if isinstance(cell, int | float) and abs(cell) >= 10**15:
            raise CellError(_("Mã quá dài cho ô kiểu số; hãy đổi ô sang kiểu văn bản rồi gõ lại."))
        text = re.sub(r"\s", "", text_of(cell)).lstrip("'")
        if self.width and text.isdecimal() and self.least <= len(text) < self.width:
            text = text.zfill(self.width)
        if self.upper:
            text = text.upper()
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise CellError(str(self.help) or _("Mã không đúng mẫu."))
        return text


@dataclass(frozen=True)
class Date(Column):
    """Day/month/year in that order, ISO, in words, or the serial number of a spreadsheet."""

    earliest: date = date(1900, 1, 1)
    latest: date = date(2100, 12, 31)

    def clean(self, cell: Cell, prepared: Any) -> date:
        found = _date_of(cell)
        if found is None:
            raise CellError(_("Không phải ngày. Hãy viết ngày/tháng/năm, ví dụ 05/09/2026."))
        if not self.earliest <= found <= self.latest:
            raise CellError(_("Ngày nằm ngoài khoảng cho phép."))
        return found

    def encode(self, value: date | None) -> str | None:
        return value.isoformat() if value else None

    def decode(self, value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None


def _date_of(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _EXCEL_DAY_ZERO + timedelta(days=int(cell)) if int(cell) in _SERIAL_DAYS else None
    text = text_of(cell)
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIAL_DAYS:
        return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := (_DATE.fullmatch(text) or _IN_WORDS.fullmatch(fold(text))):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(_full_year(year), int(month), int(day))
    except ValueError:
        return None


def _full_year(text: str) -> int:
    year = int(text)
    # Two digits: people of today's schools and staff were born from 1930 on.
    return year if len(text) == 4 else year + (1900 if year >= 30 else 2000)


@dataclass(frozen=True)
class Integer(Column):
    """A whole number; dots, commas or spaces between groups of three are read as such."""

    least: int | None = None
    most: int | None = None

    def clean(self, cell: Cell, prepared: Any) -> int:
        if isinstance(cell, float) and not cell.is_integer():
            raise CellError(_("Phải là số nguyên."))
        text = text_of(cell)
        if _THOUSANDS.fullmatch(text):
            text = re.sub(r"[.,\s]", "", text)
        if not re.fullmatch(r"[+-]?\d+", text):
            raise CellError(_("Phải là số nguyên."))
        return _between(int(text), self.least, self.most)


@dataclass(frozen=True)
class Decimal(Column):
    """A number: "8,5" and "8.5", "1.234.567,8", "95%" (kept as 95)."""

    least: Number | int | None = None
    most: Number | int | None = None

    def clean(self, cell: Cell, prepared: Any) -> Number:
        text = re.sub(r"[\s%]", "", text_of(cell))
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            text = text.replace("." if comma > point else ",", "")
        elif text.count(",") > 1 or text.count(".") > 1:
            text = text.replace(",", "").replace(".", "")
        try:
            value = Number(text.replace(",", "."))
        except InvalidOperation:
            raise CellError(_("Phải là số.")) from None
        if not value.is_finite():
            raise CellError(_("Phải là số."))
        return _between(value, self.least, self.most)

    def show(self, value: Number | None) -> str:
        return "" if value is None else f"{value:f}".replace(".", ",")

    def encode(self, value: Number | None) -> str | None:
        return None if value is None else str(value)

    def decode(self, value: str | None) -> Number | None:
        return None if value is None else Number(value)


def _between(value: Any, least: Any, most: Any) -> Any:
    if least is not None and value < least:
        raise CellError(_("Nhỏ hơn %(least)s.") % {"least": least})
    if most is not None and value > most:
        raise CellError(_("Lớn hơn %(most)s.") % {"most": most})
    return value


YES = frozenset({"co", "x", "v", "✓", "✔", "dung", "true", "1", "yes", "y", "r"})
NO = frozenset({"khong", "k", "0", "sai", "false", "no", "n", "-"})


@dataclass(frozen=True)
class Boolean(Column):
    """Có, x, 1 ... or không, 0. An empty cell says nothing, or no where `empty_is_no`."""

    empty_is_no: bool = False

    def read(self, cell: Cell, prepared: Any = None) -> bool | None:
        if self.empty_is_no and text_of(cell) == "":
            return False
        return super().read(cell, prepared)

    def clean(self, cell: Cell, prepared: Any) -> bool:
        if isinstance(cell, bool):
            return cell
        text = fold(text_of(cell))
        if text in YES or text in NO:
            return text in YES
        raise CellError(_("Hãy ghi Có hoặc Không."))


@dataclass(frozen=True)
class Choice(Column):
    """One of a list, by its code or its label, without regard to accents.

    choices: [(code, label)] or a function that gives them. also: {"thpt cong lap": code} for other spellings.
    """

    choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]] = ()
    also: Mapping[str, Any] = field(default_factory=dict)

    def _pairs(self) -> list[tuple[Any, Any]]:
        return list(self.choices() if callable(self.choices) else self.choices)

    def prepare(self, texts: set[str], actor: Actor) -> dict[str, Any]:
        pairs = self._pairs()
        known = {fold(word): code for word, code in self.also.items()}
        known |= {fold(str(label)): code for code, label in pairs}
        return known | {fold(str(code)): code for code, _label in pairs}

    def clean(self, cell: Cell, prepared: Any) -> Any:
        known = prepared if prepared is not None else self.prepare(set(), Actor.system())
        found = known.get(fold(text_of(cell)))
        if found is None:
            some = ", ".join(str(label) for _code, label in self._pairs()[:6])
            raise CellError(_("Không có trong danh mục. Ví dụ: %(some)s.") % {"some": some})
        return found

    def show(self, value: Any) -> str:
        return str(dict(self._pairs()).get(value, value if value is not None else ""))


@dataclass(frozen=True)
class Ambiguous:
    """Several records fit one text; `names` tells them apart."""

    names: Sequence[str]


@dataclass(frozen=True)
class Reference(Column):
    """Another record, found by its code or name. The value is what the resolver gives (an id)."""

    resolver: Callable[[set[str], Actor], Mapping[str, Any]] = lambda texts, actor: {}
    # Names of ids for people: {id: name}, asked once for a whole file.
    namer: Callable[[set[Any]], Mapping[Any, str]] | None = None

    def prepare(self, texts: set[str], actor: Actor) -> Mapping[str, Any]:
        return self.resolver(texts, actor)

    def names_of(self, values: set[Any]) -> Mapping[Any, str]:
        return self.namer(values) if self.namer and values else {value: str(value) for value in values}

    def clean(self, cell: Cell, prepared: Any) -> Any:
        found = (prepared or {}).get(text_of(cell))
        if found is None:
            raise CellError(_("Không tìm thấy trong hệ thống."))
        if isinstance(found, Ambiguous):
            raise CellError(_("Có nhiều kết quả: %(names)s.") % {"names": "; ".join(found.names[:4])})
        return found
