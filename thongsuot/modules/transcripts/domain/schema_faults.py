"""What libxml2 says against a file by its schema, as a sentence to translate: the place, the reason, none of the file's
values. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .values import gettext_noop

# By libxml2's code. The facets of a type (SCHEMAV_CVC_..._VALID) and its datatypes come to one: a value of another form.
NOT_HERE = gettext_noop("Dòng %(line)s: thẻ %(tag)s không được đứng ở chỗ này.")
NOT_HERE_BUT = gettext_noop(
    "Dòng %(line)s: thẻ %(tag)s không được đứng ở chỗ này; chỗ này phải là %(expected)s."
)
LACKS = gettext_noop("Dòng %(line)s: trong thẻ %(tag)s thiếu %(expected)s.")
NO_NAME = gettext_noop("Dòng %(line)s: thẻ %(tag)s thiếu thuộc tính %(attribute)s.")
OTHER_NAME = gettext_noop("Dòng %(line)s: thẻ %(tag)s không được có thuộc tính %(attribute)s.")
BAD_NAME = gettext_noop(
    "Dòng %(line)s: thuộc tính %(attribute)s của thẻ %(tag)s sai dạng, hoặc trùng với thẻ khác."
)
NO_TAGS = gettext_noop("Dòng %(line)s: thẻ %(tag)s chỉ được chứa một giá trị, không chứa thẻ khác.")
NO_TEXT = gettext_noop("Dòng %(line)s: có chữ nằm ngoài chỗ trong thẻ %(tag)s.")
NOT_FILLED = gettext_noop("Dòng %(line)s: thẻ %(tag)s không có nội dung.")
BAD_VALUE = gettext_noop("Dòng %(line)s: giá trị của thẻ %(tag)s sai dạng.")
NOT_ONE_OF = gettext_noop("Dòng %(line)s: giá trị của thẻ %(tag)s không có trong danh mục.")
UNKNOWN = gettext_noop("Dòng %(line)s: thẻ %(tag)s không có trong mẫu học bạ.")
_BY_CODE = {
    "SCHEMAV_CVC_COMPLEX_TYPE_4": NO_NAME,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": OTHER_NAME,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": OTHER_NAME,
    "SCHEMAV_CVC_TYPE_3_1_1": OTHER_NAME,
    "SCHEMAV_CVC_TYPE_3_1_2": NO_TAGS,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": NO_TAGS,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": NO_TEXT,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": NO_TEXT,
    "SCHEMAV_CVC_MINLENGTH_VALID": NOT_FILLED,
    "SCHEMAV_CVC_ENUMERATION_VALID": NOT_ONE_OF,
    "SCHEMAV_CVC_ELT_1": UNKNOWN,
}
_TAG = re.compile(r"Element '(?:\{[^}']*\})?([^']*)'")
_ATTRIBUTE = re.compile(r"attribute '([^']*)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)\.")
# Of a list of what may stand in a place: the rest is in the layout.
MOST_EXPECTED = 6
_SIGNATURE = re.compile(r"(?:##)?\{http://www\.w3\.org/2000/09/xmldsig#\}\*")


def said(code: str, message: str, line: int) -> tuple[str, Mapping[str, str]]:
    """(a text to translate, what fills its places) of an error of libxml2: its name of the type, its English sentence."""
    tag, attribute, expected = _TAG.search(message), _ATTRIBUTE.search(message), _EXPECTED.search(message)
    context = {
        "line": str(line),
        "tag": tag[1] if tag else "?",
        "attribute": attribute[1] if attribute else "?",
        "expected": _listed(expected[1]) if expected else "",
    }
    if code == "SCHEMAV_ELEMENT_CONTENT":
        if "Missing child" in message and expected:
            return LACKS, context
        return (NOT_HERE_BUT if expected else NOT_HERE), context
    if code in _BY_CODE:
        return _BY_CODE[code], context
    return (BAD_NAME if attribute else BAD_VALUE), context


def _listed(expected: str) -> str:
    names = [_SIGNATURE.sub("Signature", one.strip()) for one in expected.split(",")]
    return ", ".join(names[:MOST_EXPECTED]) + (" ..." if len(names) > MOST_EXPECTED else "")
