"""Logs as timelines: words, tone and icon of each verb."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .words import Entry

# verb -> (words, tone, icon)
VERBS: dict[str, tuple[Any, str, str]] = {
    "create": (_("Giao nhiệm vụ"), "info", "send"),
    "assign": (_("Giao nhiệm vụ"), "info", "send"),
    "hand_down": (_("Giao xuống cấp dưới"), "info", "hierarchy"),
    "people": (_("Phân công người"), "info", "user-check"),
    "set_people": (_("Phân công người"), "info", "user-check"),
    "start": (_("Bắt đầu thực hiện"), "info", "player-play"),
    "report": (_("Cập nhật tiến độ"), "info", "progress"),
    "confirm_period": (_("Xác nhận kỳ"), "ok", "repeat"),
    "submit": (_("Nộp sản phẩm, kết quả"), "info", "file-check"),
    "accept": (_("Nghiệm thu"), "ok", "check"),
    "return": (_("Trả lại"), "bad", "arrow-back-up"),
    "extend": (_("Xin gia hạn"), "warn", "calendar-time"),
    "request_extension": (_("Xin gia hạn"), "warn", "calendar-time"),
    "grant": (_("Đồng ý gia hạn"), "ok", "calendar-time"),
    "grant_extension": (_("Đồng ý gia hạn"), "ok", "calendar-time"),
    "refuse": (_("Không đồng ý gia hạn"), "bad", "calendar-time"),
    "refuse_extension": (_("Không đồng ý gia hạn"), "bad", "calendar-time"),
    "event": (_("Ghi nhận điều kiện đã xảy ra"), "info", "flag"),
    "difficulty": (_("Nêu khó khăn, vướng mắc"), "warn", "alert-triangle"),
    "decide_difficulty": (_("Giải quyết khó khăn"), "ok", "message-circle"),
    "forward_difficulty": (_("Chuyển khó khăn lên cấp trên"), "warn", "arrow-up"),
    "pause": (_("Tạm dừng"), "quiet", "player-pause"),
    "resume": (_("Tiếp tục thực hiện"), "info", "player-play"),
    "cancel": (_("Hủy nhiệm vụ"), "quiet", "ban"),
    "remind": (_("Nhắc hạn"), "quiet", "bell"),
    "waive": (_("Miễn báo cáo"), "quiet", "ban"),
    "forward": (_("Được tổng hợp vào báo cáo cấp trên"), "ok", "mail-forward"),
}
# The same verbs said of reports.
REPORT_VERBS: dict[str, tuple[Any, str, str]] = VERBS | {
    "submit": (_("Nộp báo cáo"), "info", "file-check"),
    "accept": (_("Nhận báo cáo"), "ok", "check"),
    "return": (_("Trả lại báo cáo"), "bad", "arrow-back-up"),
}


def _entry(verbs: dict[str, tuple[Any, str, str]], verb: str, at: Any, who: str, text: str) -> Entry:
    title, tone, icon = verbs.get(verb, (verb, "quiet", "point"))
    return Entry(at=at, title=title, who=who, text=text, tone=tone, icon=icon)


def entries(story: Any) -> list[Entry]:
    """The story of an assignment (queries.assignments.AssignmentStory), newest first."""
    return [
        _entry(
            VERBS,
            line.verb,
            line.at,
            ", ".join(part for part in (line.who, line.unit_name) if part),
            line.detail,
        )
        for line in story.log
    ]


def report_entries(log: list[Any]) -> list[Entry]:
    """The story of a report (rows of ObligationLog)."""
    return [
        _entry(REPORT_VERBS, row.verb, row.at, row.by.full_name if row.by else "", row.detail) for row in log
    ]
