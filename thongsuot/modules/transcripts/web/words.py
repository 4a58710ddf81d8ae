"""How states look and what a signer is shown."""

from __future__ import annotations

from collections.abc import Iterable
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
    "subject": gettext_lazy("Giáo viên bộ môn ký"),
    "homeroom": gettext_lazy("Giáo viên chủ nhiệm ký"),
    "leader": gettext_lazy("Hiệu trưởng ký"),
    "seal": gettext_lazy("Ký phát hành"),
    "send": gettext_lazy("Văn phòng gửi Sở"),
    "mend": gettext_lazy("Xem lý do Sở từ chối"),
    "department": gettext_lazy("Sở xử lý"),
    "objection": gettext_lazy("Trả lời từ chối ký"),
    "rest": gettext_lazy("Bổ sung dữ liệu, lập nốt"),
    "": gettext_lazy("Đã xong"),
}
STANDING = {
    OriginalState.IN_FORCE: (gettext_lazy("Đúng bản gốc đang lưu hành"), "ok"),
    OriginalState.RECALLED: (gettext_lazy("Bản này đã bị thu hồi"), "bad"),
    OriginalState.REPLACED: (gettext_lazy("Bản này đã có bản thay thế"), "bad"),
    "other": (gettext_lazy("Khác với bản gốc trong kho"), "bad"),
    "": (gettext_lazy("Kho của Sở chưa có học bạ này"), "warn"),
}
# Codes of the specification as people read them.
SIGNATURE_KINDS = {"USB_TOKEN": gettext_lazy("USB token"), "REMOTE_SIGNING": gettext_lazy("Ký số từ xa")}
PROVIDERS = {
    "BAN_CO_YEU": gettext_lazy("Ban Cơ yếu Chính phủ"),
    "VIETTEL": "Viettel",
}
ROLE_ACTS = {
    SignerRole.SUBJECT: gettext_lazy("Ký phần môn của mình"),
    SignerRole.HOMEROOM: gettext_lazy("Ký với tư cách giáo viên chủ nhiệm"),
    SignerRole.LEADER: gettext_lazy("Ký với tư cách hiệu trưởng"),
    SignerRole.SEAL: gettext_lazy("Ký phát hành bằng chứng thư số của trường"),
}


FACT_WORDS = {
    "full_name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "gender": gettext_lazy("Giới tính"),
    "personal_id": gettext_lazy("Số định danh cá nhân"),
}
WAITING_WORDS = {
    "subject": gettext_lazy("Ký phần môn của mình, lớp %(place)s"),
    "homeroom": gettext_lazy("Ký học bạ lớp %(place)s với tư cách chủ nhiệm"),
    "leader": gettext_lazy("Ký học bạ với tư cách hiệu trưởng"),
    "seal": gettext_lazy("Ký phát hành học bạ"),
    "mend": gettext_lazy("Học bạ bị Sở từ chối: xem lý do, sửa"),
    "send": gettext_lazy("Gửi học bạ lên Sở"),
    "build": gettext_lazy("Lập học bạ của học sinh chưa có"),
    "to_date": gettext_lazy("Lập kết quả đến khi chuyển trường cho học sinh chuyển đi"),
    "take_over": gettext_lazy("Nhận học bạ của học sinh từ cấp học trước"),
    "objection": gettext_lazy("Trả lời việc từ chối ký học bạ"),
    "report": gettext_lazy("Trả lời gia đình báo sai sót trong học bạ"),
    "certificate": gettext_lazy("Duyệt chứng thư số của trường"),
    "recall": gettext_lazy("Quyết định yêu cầu thu hồi học bạ"),
}


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
        "refuse_to_sign": _("Từ chối ký"),
        "settle": _("Trả lời việc từ chối ký"),
    }


def apart(signatures: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """(those of the whole transcript, those of single subjects): a dozen of subjects would push everything else away."""
    found = list(signatures)
    return [one for one in found if not one.place], [one for one in found if one.place]
