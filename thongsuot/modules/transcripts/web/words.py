"""How states look and what a signer is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.signing.types import Verdict

from ..types import OriginalState, SignerRole, TranscriptState

TONES = {
    TranscriptState.DRAFT: "quiet",
    TranscriptState.INITIALISED: "info",
    TranscriptState.TEACHER_SIGNED: "info",
    TranscriptState.LEADER_SIGNED: "info",
    TranscriptState.ISSUED: "info",
    TranscriptState.SENT: "warn",
    TranscriptState.ACCEPTED: "ok",
    TranscriptState.REFUSED: "bad",
    TranscriptState.REPORTED: "ok",
    TranscriptState.RECALL_ASKED: "warn",
    TranscriptState.RECALLED: "bad",
    TranscriptState.REPLACED: "quiet",
    TranscriptState.DISCARDED: "quiet",
}
VERDICT_TONES = {Verdict.VALID: "ok", Verdict.INVALID: "bad", Verdict.INDETERMINATE: "warn"}
TURN_WORDS = {
    "build": gettext_lazy("Văn phòng lập học bạ"),
    "homeroom": gettext_lazy("Giáo viên chủ nhiệm ký"),
    "leader": gettext_lazy("Hiệu trưởng ký"),
    "seal": gettext_lazy("Ký phát hành"),
    "send": gettext_lazy("Văn phòng gửi Sở"),
    "mend": gettext_lazy("Xem lý do Sở từ chối"),
    "department": gettext_lazy("Sở xử lý"),
    "": gettext_lazy("Đã xong"),
}
STANDING = {
    OriginalState.IN_FORCE: (gettext_lazy("Đúng bản gốc đang lưu hành"), "ok"),
    OriginalState.RECALLED: (gettext_lazy("Bản này đã bị thu hồi"), "bad"),
    OriginalState.REPLACED: (gettext_lazy("Bản này đã có bản thay thế"), "bad"),
    "other": (gettext_lazy("Khác với bản gốc trong kho"), "bad"),
    "": (gettext_lazy("Kho của Sở chưa có học bạ này"), "warn"),
}
ROLE_ACTS = {
    SignerRole.HOMEROOM: gettext_lazy("Ký với tư cách giáo viên chủ nhiệm"),
    SignerRole.LEADER: gettext_lazy("Ký với tư cách hiệu trưởng"),
    SignerRole.SEAL: gettext_lazy("Ký phát hành bằng chứng thư số của trường"),
}
YES_NO = {"1": gettext_lazy("Có"), "0": gettext_lazy("Không")}


@dataclass(frozen=True)
class ShownSection:
    """A part of the layout as people read it: pairs, or rows under headings."""

    label: str
    pairs: list[tuple[str, Any]]
    headings: list[str]
    rows: list[list[str]]


def shown(profile: Any, content: Mapping[str, Any]) -> list[ShownSection]:
    """Everything that the data part says, in the words of the layout: the signer sees exactly what is signed."""
    return [_shown(section, content.get(section.key)) for section in profile.sections]


def _shown(section: Any, given: Any) -> ShownSection:
    if section.repeat:
        rows = given or []
        used = [f for f in section.fields if any(f.source in row for row in rows)]
        table = [[_text(f, row.get(f.source, "")) for f in used] for row in rows]
        return ShownSection(section.label, [], [f.label for f in used], table)
    row = given or {}
    pairs = [(f.label, _text(f, row[f.source])) for f in section.fields if f.source in row]
    return ShownSection(section.label, pairs, [], [])


def _text(field: Any, value: str) -> str:
    """Numbers and yes or no as Vietnamese reads them; days as days. Everything else stands as it was signed."""
    if field.type == "yes_no":
        return str(YES_NO.get(value, value))
    if field.type in ("date", "datetime") and len(value) >= 10 and value[4] == "-":
        day = f"{value[8:10]}/{value[5:7]}/{value[:4]}"
        return day if field.type == "date" else f"{value[11:16]} {day}"
    if field.type == "number":
        return value.replace(".", ",")
    return value


def verbs() -> dict[str, str]:
    return {
        "initialise": _("Lập học bạ"),
        "sign_teacher": _("Giáo viên ký"),
        "sign_leader": _("Lãnh đạo ký"),
        "issue": _("Ký phát hành"),
        "send": _("Gửi Sở"),
        "accept": _("Sở tiếp nhận"),
        "refuse": _("Sở từ chối"),
        "report": _("Về kho của Bộ"),
        "ask_recall": _("Xin thu hồi"),
        "keep": _("Không đồng ý thu hồi"),
        "recall": _("Thu hồi"),
        "replace": _("Có bản thay thế"),
        "discard": _("Bỏ"),
    }
