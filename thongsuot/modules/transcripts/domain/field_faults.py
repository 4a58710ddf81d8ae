"""What is wrong with a message from outside, told to the people who wrote the other program: field and reason. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

# By pydantic's code of the error; its context fills the places.
REASONS = {
    "missing": "thiếu trường này",
    "extra_forbidden": "không có trường này trong đặc tả",
    "string_type": "phải là chuỗi ký tự",
    "string_too_short": "ngắn hơn {min_length} ký tự",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_pattern_mismatch": "không đúng dạng {pattern}",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải không quá {le}",
    "enum": "chỉ nhận {expected}",
    "date_type": "phải là ngày, dạng YYYY-MM-DD hoặc dd/mm/yyyy",
    "date_parsing": "phải là ngày, dạng YYYY-MM-DD hoặc dd/mm/yyyy",
    "date_from_datetime_parsing": "phải là ngày, dạng YYYY-MM-DD hoặc dd/mm/yyyy",
    "date_from_datetime_inexact": "phải là ngày, không có giờ",
    "model_type": "phải là một đối tượng JSON",
    "dict_type": "phải là một đối tượng JSON",
    "list_type": "phải là một danh sách",
}
OTHERWISE = "giá trị không hợp lệ"
MOST_TOLD = 5


def told(error: ValidationError) -> str:
    """Every fault as "field: reason", the first few of them; nothing of what was sent."""
    faults = error.errors(include_url=False, include_input=False)
    said = [_one(fault) for fault in faults[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        said.append(f"và {len(faults) - MOST_TOLD} lỗi khác")
    return "; ".join(said)


def _one(fault: Any) -> str:
    where = ".".join(map(str, fault["loc"]))
    context = {name: str(value).replace(" or ", " hoặc ") for name, value in fault.get("ctx", {}).items()}
    try:
        reason = REASONS.get(fault["type"], OTHERWISE).format(**context)
    except KeyError:
        reason = OTHERWISE
    return f"{where}: {reason}" if where else f"Nội dung {reason}"
