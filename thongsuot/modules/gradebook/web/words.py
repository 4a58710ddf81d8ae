"""Words of pages: qualities and competences, sessions, levels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# TT 27/2020 Điều 8; codes of data/grading/tt27-2020.json.
TRAITS = {
    "patriotism": _("Yêu nước"),
    "kindness": _("Nhân ái"),
    "diligence": _("Chăm chỉ"),
    "honesty": _("Trung thực"),
    "responsibility": _("Trách nhiệm"),
    "self_reliance": _("Tự chủ và tự học"),
    "communication": _("Giao tiếp và hợp tác"),
    "problem_solving": _("Giải quyết vấn đề và sáng tạo"),
    "language": _("Ngôn ngữ"),
    "calculation": _("Tính toán"),
    "scientific": _("Khoa học"),
    "technological": _("Công nghệ"),
    "informatics": _("Tin học"),
    "aesthetic": _("Thẩm mĩ"),
    "physical": _("Thể chất"),
}


def trait_name(code: str) -> str:
    return str(TRAITS.get(code, code))
