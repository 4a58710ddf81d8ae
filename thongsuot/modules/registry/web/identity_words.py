"""Words and tones of the verification for its pages."""

from __future__ import annotations

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..types import BatchState, IdentityStatus

TONES = {
    IdentityStatus.MATCHED: "ok",
    IdentityStatus.WAITING: "info",
    IdentityStatus.NOT_SENT: "quiet",
    IdentityStatus.MENDED: "warn",
    IdentityStatus.WITH_POLICE: "warn",
}
BATCH_TONES = {
    BatchState.QUEUED: "warn",
    BatchState.SENT: "info",
    BatchState.DONE: "ok",
    BatchState.GIVEN_UP: "bad",
}
KINDS = [("student", _("Học sinh")), ("staff", _("Cán bộ, giáo viên"))]
FIELD_NAMES = {"full_name": _("Họ và tên"), "birth_date": _("Ngày sinh"), "gender": _("Giới tính")}
FAULTS = {
    "timeout": _("Bên kia trả lời quá chậm; sẽ thử lại."),
    "no_connection": _("Không kết nối được; sẽ thử lại."),
    "http_503": _("Bên kia đang tạm ngừng; sẽ thử lại."),
    "http_429": _("Bên kia yêu cầu gửi chậm lại; sẽ thử lại."),
    "not_whole": _("Bên kia không nhận đủ danh sách; sẽ gửi lại."),
    "declined_401": _("Khoá kết nối không được chấp nhận: quản trị hệ thống cần kiểm tra."),
    "declined_403": _("Khoá kết nối không được chấp nhận: quản trị hệ thống cần kiểm tra."),
    "declined_404": _("Bên kia không còn giữ danh sách này; sẽ gửi lại."),
    "declined_422": _("Bên kia từ chối danh sách; những người trong đó có thể gửi lại."),
    "no_answer_for_a_week": _("Đã dừng vì một tuần không có trả lời."),
}


def kind_name(kind: str) -> str:
    return str(dict(KINDS).get(kind, kind))


def field_names(differing: str) -> str:
    return ", ".join(str(FIELD_NAMES.get(name, name)) for name in differing.split(",") if name)


def fault_words(fault: str) -> str:
    """A fault of the other side for people; "" when there is none."""
    if not fault:
        return ""
    if fault.startswith("bad_answer"):
        return _t("Bên kia trả lời sai quy ước cho một số người; những người này vẫn đang chờ.")
    return str(FAULTS.get(fault, _t("Bên kia gặp trục trặc (%(fault)s); sẽ thử lại.") % {"fault": fault}))


def tenths(value: int | None) -> str:
    """Tenths of a per cent as people read them: 987 is "98,7%"."""
    return "" if value is None else f"{value // 10},{value % 10}%"
