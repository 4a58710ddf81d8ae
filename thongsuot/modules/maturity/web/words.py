"""Words and tones that several pages share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.templatetags.frame import TONES

from ..types import AppealState, AssessmentState

STATE_TONES: dict[str, str] = {
    AssessmentState.DRAFT: "quiet",
    AssessmentState.SUBMITTED: "warn",
    AssessmentState.RETURNED: "bad",
    AssessmentState.FORWARDED: "info",
    AssessmentState.EXTERNAL: "info",
    AssessmentState.PROPOSED: "warn",
    AssessmentState.CONCLUDED: "ok",
    AssessmentState.RECOGNISED: "ok",
    AppealState.FILED: "warn",
    AppealState.UPHELD: "ok",
    AppealState.DISMISSED: "quiet",
}
LEVEL_TONES = {1: "bad", 2: "info", 3: "ok"}
VERBS: dict[str, Any] = {
    "start": _("Bắt đầu tự đánh giá"),
    "submit": _("Nộp phiếu, chốt số liệu"),
    "forward": _("Xã gửi lên Sở"),
    "return": _("Trả lại"),
    "assign": _("Giao cho đoàn đánh giá ngoài"),
    "visit": _("Hẹn buổi làm việc"),
    "minutes": _("Ghi biên bản làm việc"),
    "propose": _("Đoàn gửi kết quả cho trường"),
    "agree": _("Trường đồng ý kết quả"),
    "contest": _("Trường không đồng ý"),
    "conclude": _("Trưởng đoàn kết luận"),
    "recognise": _("Công nhận"),
    "appeal": _("Trường gửi kiến nghị"),
    "appeal_decided": _("Trả lời kiến nghị"),
}


def badge(label: Any, tone: str) -> str:
    return format_html('<span class="badge ts-badge {}">{}</span>', TONES.get(tone, TONES["quiet"]), label)


def level_badge(level: int | None) -> str:
    if level is None:
        return "–"
    return badge(_("Mức %(n)d") % {"n": level}, LEVEL_TONES.get(level, "quiet"))


def short_place(name: str) -> str:
    """A commune by its name, not as the committee that it is."""
    return name.removeprefix("Ủy ban nhân dân ").removeprefix("UBND ")


def number(value: Decimal | str | None) -> str:
    """ "62,5": a decimal comma, no idle zeros."""
    if value in (None, ""):
        return ""
    text = f"{Decimal(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")


def points_words(points: dict[str, str]) -> str:
    """ "Nhóm 1: 62,5 · Nhóm 2: 48" """
    return " · ".join(
        str(_("Nhóm %(code)s: %(points)s") % {"code": k, "points": number(v)})
        for k, v in sorted(points.items())
    )


def timeline(rows: Any) -> list[dict[str, Any]]:
    """Rows of a story for components/timeline.html."""
    tones = {"return": "bad", "contest": "warn", "recognise": "ok", "agree": "ok", "appeal": "warn"}
    return [
        {
            "at": row.at,
            "who": row.by.full_name if row.by else "",
            "title": VERBS.get(row.verb, row.verb),
            "text": row.detail,
            "tone": tones.get(row.verb, "info"),
        }
        for row in rows
    ]
