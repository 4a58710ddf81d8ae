"""A pupil's dossier as PDF/A: who, family, path through classes, what counts for policy. Sensitive parts only for those
who may see them; what is left out is said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.kit.typesetting.typst_files import typeset_pdf
from thongsuot.modules.organization import queries as organization

from ..models import Student
from ..permissions import can_export, can_see_sensitive
from ..types import SENSITIVE_KINDS, CharacteristicKind, Poverty
from .records import student as find_student

TEMPLATE = Path(__file__).with_name("dossier.typ")
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif", "Nimbus Roman", "Libertinus Serif")
# Lists whose names are written instead of codes.
CODE_LISTS = {"disability": "loai_khuyet_tat", "policy": "dien_chinh_sach"}


def dossier_pdf(actor: Actor, public_id: UUID, *, day: date) -> tuple[Student, bytes] | None:
    """(the pupil, the file); None when the actor does not see this pupil. Raises NotAllowed without registry.export."""
    found = find_student(actor, public_id)
    if found is None:
        return None
    if not can_export(actor, found.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xuất hồ sơ của trường này."))
    words = _words(found, day, sensitive=can_see_sensitive(actor, found.unit_id))
    inputs = {"dossier": json.dumps(words, ensure_ascii=False)}
    fonts = Path(settings.VAR_DIR) / "fonts"
    return found, typeset_pdf(TEMPLATE, inputs, day=day, families=FAMILIES, fonts_dir=fonts)


def _words(student: Student, day: date, *, sensitive: bool) -> dict[str, Any]:
    above = student.unit.parent
    return {
        "title": _("HỒ SƠ HỌC SINH"),
        "name": student.full_name,
        "school": student.unit.name,
        "above": above.name if above else "",
        "footer": _("In từ hồ sơ ngành ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
        "parts": [
            _part(_("Thông tin chung"), pairs=_person(student, sensitive)),
            _contacts(student),
            _path(student),
            _results(student),
            _traits(student, day, sensitive),
        ],
    }


def _part(title: str, *, pairs: Any = (), head: Any = (), widths: Any = (), rows: Any = ()) -> dict[str, Any]:
    return {
        "title": title,
        "pairs": [[str(label), str(value) or "–"] for label, value in pairs],
        "head": [str(cell) for cell in head],
        "widths": list(widths),
        "rows": [[str(cell) if cell not in (None, "") else "–" for cell in row] for row in rows],
        "empty": _("Chưa có."),
    }


def _person(student: Student, sensitive: bool) -> list[tuple[Any, Any]]:
    number = unseal(student.personal_id_sealed)
    hidden = _("(không hiển thị)")
    born = student.birth_date
    shown = "" if born is None else f"{born:%Y}" if student.is_birth_year_only else f"{born:%d/%m/%Y}"
    return [
        (_("Ngày sinh"), shown),
        (_("Giới tính"), student.get_gender_display()),
        (_("Số định danh cá nhân"), number if sensitive else f"••••••••{number[-4:]}" if number else ""),
        (_("Mã định danh của Bộ"), student.ministry_code or student.provisional_code),
        (_("Mã học sinh của trường"), student.local_code),
        (_("Dân tộc"), _name("dan_toc", student.ethnicity) if sensitive else hidden),
        (_("Tôn giáo"), _name("ton_giao", student.religion) if sensitive else hidden),
        (_("Nơi sinh"), student.birth_place),
        (_("Quê quán"), student.home_town),
        (_("Địa chỉ thường trú"), student.residence_address),
        (_("Nơi ở hiện nay"), student.current_address),
        (_("Xác thực với CSDL dân cư"), student.get_identity_status_display()),
    ]


def _name(code_list: str, code: str) -> str:
    """The name that the ministry's list has for a code; the code itself where it has none."""
    if not code:
        return ""
    names = organization.code_values(code_list).filter(code=code).values_list("name", flat=True)
    return next(iter(names[:1]), code)


def _contacts(student: Student) -> dict[str, Any]:
    rows = [
        (one.get_relation_display(), one.full_name, one.birth_year, one.occupation, one.phone)
        for one in student.contacts.order_by("relation", "pk")
    ]
    head = (_("Quan hệ"), _("Họ và tên"), _("Năm sinh"), _("Nghề nghiệp"), _("Điện thoại"))
    return _part(_("Cha mẹ, người giám hộ"), head=head, widths=(2, 4, 2, 3, 3), rows=rows)


def _path(student: Student) -> dict[str, Any]:
    spells = student.enrolments.exclude(exit_type="withdrawn").select_related(
        "unit", "school_class", "school_year"
    )
    rows = [
        (
            one.school_year.name,
            one.unit.name,
            one.school_class.name if one.school_class else "",
            f"{one.entered_on:%d/%m/%Y}",
            f"{one.left_on:%d/%m/%Y}" if one.left_on else _("nay"),
            one.get_exit_type_display() if one.exit_type else "",
        )
        for one in spells.order_by("entered_on", "pk")
    ]
    head = (_("Năm học"), _("Trường"), _("Lớp"), _("Từ ngày"), _("Đến ngày"), _("Kết thúc"))
    return _part(_("Quá trình học"), head=head, widths=(2.2, 5, 1.4, 2.3, 2.3, 3), rows=rows)


def _results(student: Student) -> dict[str, Any]:
    rows = [
        (
            one.school_year.name,
            one.school_class.name if one.school_class else "",
            one.get_learning_display(),
            one.get_conduct_display(),
            one.get_promotion_display(),
            one.days_absent,
            one.awards,
        )
        for one in student.year_results.select_related("school_class", "school_year").order_by(
            "school_year__starts_on", "pk"
        )
    ]
    head = (
        _("Năm học"),
        _("Lớp"),
        _("Học tập"),
        _("Rèn luyện"),
        _("Lên lớp"),
        _("Số ngày nghỉ"),
        _("Khen thưởng"),
    )
    return _part(_("Kết quả từng năm học"), head=head, widths=(2.2, 1.4, 2.6, 2, 2.6, 1.6, 2.8), rows=rows)


def _traits(student: Student, day: date, sensitive: bool) -> dict[str, Any]:
    held = (
        student.characteristics.exclude(valid_to__lt=day).filter(valid_from__lte=day).order_by("kind", "pk")
    )
    rows = [
        (
            CharacteristicKind(one.kind).label,
            _trait_name(one.kind, one.code),
            f"{one.valid_from:%d/%m/%Y}",
            f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "",
        )
        for one in held
        if sensitive or one.kind not in SENSITIVE_KINDS
    ]
    head = (_("Loại"), _("Nội dung"), _("Từ ngày"), _("Đến hết ngày"))
    return _part(_("Chính sách, đặc điểm đang có hiệu lực"), head=head, widths=(3, 4, 2, 2), rows=rows)


def _trait_name(kind: str, code: str) -> str:
    if kind in CODE_LISTS:
        return _name(CODE_LISTS[kind], code)
    return str(dict(Poverty.choices).get(code, code)) if kind == "poverty" else code
