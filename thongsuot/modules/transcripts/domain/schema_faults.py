"""What the schema says against a file, in the words of the people who read it: place and reason. Pure.

libxml2 tells its kind of fault apart from its English sentence, of which only what it expected is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

EXPECTED = re.compile(r"Expected is(?: one of)? \( (.+?) \)")
ANY_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}*"
TYPE = re.compile(r"type '(\w+)'")
# By the types and patterns of domain/schema.py.
TYPES = {
    "text": "không được để trống",
    "number": "phải là số",
    "date": "phải là ngày, dạng YYYY-MM-DD hoặc dd/mm/yyyy",
    "datetime": "phải là thời điểm có múi giờ",
    "uuid": "phải là UUID phiên bản 4",
    "personal_id": "phải gồm 12 chữ số",
    "yes_no": "chỉ nhận 0 hoặc 1",
}
PATTERNS = {r"\S": "text", "[0-9]{12}": "personal_id", "-4[0-9a-fA-F]{3}-": "uuid", "(Z|": "datetime"}
REASONS = {
    "SCHEMAV_CVC_MINLENGTH_VALID": TYPES["text"],
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "có quá nhiều chữ số thập phân",
    "SCHEMAV_CVC_ENUMERATION_VALID": "không phải giá trị được phép",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "có chữ nằm ngoài các thẻ con",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "có thuộc tính không có trong mẫu",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "thiếu thuộc tính bắt buộc",
    "SCHEMAV_CVC_TYPE_3_1_1": "có thuộc tính không có trong mẫu",
    "SCHEMAV_CVC_TYPE_3_1_2": "không được có thẻ con",
}
OTHERWISE = "không đúng mẫu"


def broken_places(errors: Iterable[Any]) -> list[str]:
    """ "THONG_TIN_CHUNG/NGAY_SINH: phải là ngày, ..." of each faulty place once (lxml's log of a schema); nothing of what
    stood there."""
    found: dict[str, str] = {}
    for error in errors:
        path = str(error.path or "")
        found.setdefault(path, _reason(error.type_name, error.message))
    return [f"{_place(path)}: {reason}" for path, reason in found.items()]


def place_of(fault: str) -> str:
    """The place of such a fault; "" for a fault of the file as a whole."""
    place, colon, _reason = fault.partition(": ")
    return place if colon and " " not in place else ""


def _place(path: str) -> str:
    return "/".join(path.strip("/").split("/")[-2:])


def _reason(kind: str, message: str) -> str:
    expected = EXPECTED.search(message)
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        if expected is None:
            return "thẻ này thừa"
        what = expected[1].replace(ANY_SIGNATURE, "Signature").replace(", ", " hoặc ")
        return f"thiếu {what}" if "Missing child" in message else f"ở chỗ này phải là {what}"
    if kind == "SCHEMAV_CVC_PATTERN_VALID":
        return next((TYPES[name] for part, name in PATTERNS.items() if part in message), OTHERWISE)
    named = TYPE.search(message)
    return TYPES.get(named[1] if named else "", REASONS.get(kind, OTHERWISE))
