"""States, tones and stories of returns in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..types import ReturnState

TONES = {
    ReturnState.WAITING: "quiet",
    ReturnState.DRAFT: "info",
    ReturnState.CONFIRMED: "warn",
    ReturnState.RETURNED: "bad",
    ReturnState.ACCEPTED: "ok",
    ReturnState.SIGNED_OFF: "ok",
}
VERBS: dict[str, tuple[Any, str, str]] = {
    "freeze": (_("Chốt số liệu"), "info", "lock"),
    "confirm": (_("Xác nhận số liệu"), "info", "check"),
    "accept": (_("Xã nhận báo cáo"), "ok", "check"),
    "return": (_("Trả lại"), "bad", "arrow-back-up"),
    "sign_off": (_("Sở duyệt"), "ok", "file-check"),
    "correct": (_("Đính chính, có bản mới"), "warn", "pencil"),
    "correct_below": (_("Đơn vị trực thuộc đính chính, số liệu được cộng lại"), "warn", "refresh"),
}


@dataclass(frozen=True)
class Entry:
    at: Any
    title: Any
    who: str
    text: str
    tone: str
    icon: str


def tone(state: str) -> str:
    return TONES.get(ReturnState(state), "quiet")


def entries(log: list[Any]) -> list[Entry]:
    found = []
    for row in log:
        title, tone_of, icon = VERBS[row.verb]
        who = row.by.full_name if row.by else ""
        found.append(Entry(row.at, title, who, row.detail, tone_of, icon))
    return found
