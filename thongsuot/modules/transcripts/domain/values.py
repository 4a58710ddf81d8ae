"""Values as the specification writes them (CV 2088/BGDĐT-GDTH Phụ lục 1, section on formats). Pure.

UTF-8, NFC; numbers with a point and at most 4 decimals; moments as YYYY-MM-DDThh:mm:ss+07:00; nothing is left out as
an empty tag. A value that cannot be written raises Unwritable with the reason in Vietnamese.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from unicodedata import is_normalized, normalize
from uuid import UUID
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_DECIMALS = 4
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PERSONAL_ID = re.compile(r"[0-9]{12}")
# Characters that XML 1.0 cannot carry at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NEEDS_ESCAPE = re.compile("[&<>]")


class Unwritable(Exception):
    """`said`: the reason, a text to translate."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def gettext_noop(text: str) -> str:
    return text


def escaped(text: str) -> str:
    """Text between two tags; line ends as XML has them, so that reading and signing see the same."""
    if FORBIDDEN.search(text):
        raise Unwritable(gettext_noop("có ký tự không viết được trong XML"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_normalized("NFC", text):
        text = normalize("NFC", text)
    if NEEDS_ESCAPE.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def text(value: object) -> str:
    return escaped(str(value))


def number(value: object) -> str:
    """A finite number, trailing zeros dropped: Decimal("8.50") is "8.5"."""
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise Unwritable(gettext_noop("không phải số")) from error
    if not found.is_finite():
        raise Unwritable(gettext_noop("không phải số"))
    if found != round(found, MOST_DECIMALS):
        raise Unwritable(gettext_noop("có quá 4 chữ số thập phân"))
    plain = f"{found:f}"
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain


def moment(value: object) -> str:
    """An aware datetime in the time of Vietnam, whole seconds."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Unwritable(gettext_noop("cần thời điểm có múi giờ"))
    return value.astimezone(VIETNAM).isoformat(timespec="seconds")


def day(value: object) -> str:
    """A date is written as the first moment of the day: the specification knows one form of time."""
    if isinstance(value, datetime):
        return moment(value)
    if not isinstance(value, date):
        raise Unwritable(gettext_noop("cần ngày"))
    return datetime.combine(value, time(0), tzinfo=VIETNAM).isoformat(timespec="seconds")


def uuid4(value: object) -> str:
    found = str(value).lower()
    if not UUID4.fullmatch(found):
        raise Unwritable(gettext_noop("không phải UUID phiên bản 4"))
    return found


def personal_id(value: object) -> str:
    found = str(value)
    if not PERSONAL_ID.fullmatch(found):
        raise Unwritable(gettext_noop("số định danh cá nhân gồm 12 chữ số"))
    return found


def yes_no(value: object) -> str:
    if not isinstance(value, bool):
        raise Unwritable(gettext_noop("cần có hoặc không"))
    return "1" if value else "0"


FORMS = {
    "text": text,
    "number": number,
    "date": day,
    "datetime": moment,
    "uuid": uuid4,
    "personal_id": personal_id,
    "yes_no": yes_no,
}


def read_date(written: str) -> date | None:
    """A day in either form that the specification's own examples use (ISO moment, dd/mm/yyyy); None: neither."""
    try:
        if "/" in written:
            return datetime.strptime(written, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (found.astimezone(VIETNAM) if found.tzinfo else found).date()


def is_uuid4(value: UUID | str) -> bool:
    return UUID4.fullmatch(str(value).lower()) is not None


def plain_serial(serial: str) -> str:
    """A certificate's number as both sides compare it: upper case, without colons and leading zeros."""
    return serial.replace(":", "").upper().lstrip("0") or "0"
