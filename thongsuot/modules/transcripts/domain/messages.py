"""What passes through the gateway besides transcripts: queries, certificates, recalls, as they lie in `content`. Pure.

A recall is XML with the tags of the specification; a query and a certificate are JSON with its field names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from json import loads
from typing import Any

from pydantic import Field, ValidationError, field_validator

from ..types import PackingFault
from .field_faults import told
from .profile import Plain
from .values import escaped, is_uuid4, plain_serial, read_date

MOST_ITEMS = 20_000


class Query(Plain):
    """Types 2, 4, 6: which transaction is asked about."""

    messageid: str = Field(min_length=1, max_length=80)


class Registration(Plain):
    """Type 3: the certificate with which a unit signs what it sends."""

    ma_don_vi: str = Field(min_length=1, max_length=30)
    serial_number: str = Field(min_length=1, max_length=80, pattern=r"^[0-9A-Fa-f:]+$")
    ngay_hieu_luc: date
    ma_kieu_chu_ky: str = Field(min_length=1, max_length=20)
    nha_phat_hanh: str = Field(min_length=1, max_length=40)

    @field_validator("ngay_hieu_luc", mode="before")
    @classmethod
    def _either_form(cls, value: Any) -> Any:
        found = read_date(value) if isinstance(value, str) else value
        return found or value

    @property
    def serial(self) -> str:
        """As certificates are compared: upper case hex without colons and leading zeros."""
        return plain_serial(self.serial_number)


class RecallItem(Plain):
    """Type 5: one transcript to be taken back."""

    uuid: str
    full_name: str
    birth_date: date | None
    personal_id: str
    school_code: str
    school_year: str
    reason: str = ""


RECALL_TAGS = {
    "MA_TRA_CUU_UUID": "uuid",
    "HO_VA_TEN": "full_name",
    "NGAY_SINH": "birth_date",
    "SO_CCCD": "personal_id",
    "MA_TRUONG": "school_code",
    "TEN_NAM_HOC": "school_year",
    "LY_DO": "reason",
}
# Told by the specification, of no use here.
IGNORED_TAGS = frozenset({"GIOI_TINH", "TEN_TRUONG"})


def read_json(kind: type[Plain], content: bytes) -> Any:
    """One object of `kind`. Raises PackingFault naming the field."""
    try:
        return kind.model_validate(loads(content))
    except ValidationError as error:
        raise PackingFault(told(error)) from error
    except (ValueError, RecursionError) as error:
        raise PackingFault("Nội dung không phải JSON.") from error


def seems_to_be(transcript: Any) -> dict[str, str]:
    """Whom a transcript (an lxml element) that does not fit the schema names, as far as it does: so that who sent it finds
    it among others."""
    data = next(iter(transcript), None)
    if data is None:
        return {}
    tags = {
        "uuid": "MA_TRA_CUU_UUID",
        "student_code": "MA_HOC_SINH",
        "full_name": "HO_VA_TEN",
        "personal_id": "SO_CCCD",
    }
    found = {name: (data.findtext(f".//{tag}") or "").strip()[:120] for name, tag in tags.items()}
    return found if is_uuid4(found["uuid"]) else {**found, "uuid": ""}


def recall_xml(items: Sequence[Mapping[str, str]]) -> str:
    """Type 5 as it is sent: rows of values by the names that `read_recalls` gives them, all tags of the specification."""
    tags = {source: tag for tag, source in RECALL_TAGS.items()} | {
        "gender": "GIOI_TINH",
        "school_name": "TEN_TRUONG",
    }
    order = ("uuid", "full_name", "gender", "birth_date", "personal_id", "school_name", "school_code", "school_year", "reason")  # fmt: skip
    rows = "".join(
        "<HOC_BA>"
        + "".join(f"<{tags[name]}>{escaped(row[name])}</{tags[name]}>" for name in order if row.get(name))
        + "</HOC_BA>"
        for row in items
    )
    return f"<DANH_SACH_THU_HOI>{rows}</DANH_SACH_THU_HOI>"


def read_recalls(root: Any) -> list[RecallItem]:
    """The items of a recall (an lxml tree). Raises PackingFault."""
    rows = [one for one in root if isinstance(one.tag, str)] if root.tag != "HOC_BA" else [root]
    if not 0 < len(rows) <= MOST_ITEMS:
        raise PackingFault("Yêu cầu thu hồi không có học bạ nào, hoặc có quá nhiều.")
    return [_recall(place, row) for place, row in enumerate(rows, start=1)]


def _recall(place: int, row: Any) -> RecallItem:
    said: dict[str, Any] = {"full_name": "", "birth_date": None, "personal_id": ""}
    said |= {"school_code": "", "school_year": ""}
    for cell in row:
        name = RECALL_TAGS.get(cell.tag) if isinstance(cell.tag, str) else None
        if name is None:
            if cell.tag in IGNORED_TAGS:
                continue
            raise PackingFault(f"Học bạ thứ {place}: không hiểu {cell.tag}.")
        text = (cell.text or "").strip()
        said[name] = read_date(text) if name == "birth_date" else text
    if not is_uuid4(said.get("uuid", "")):
        raise PackingFault(f"Học bạ thứ {place}: MA_TRA_CUU_UUID không phải UUID phiên bản 4.")
    said["uuid"] = said["uuid"].lower()
    return RecallItem(**said)
