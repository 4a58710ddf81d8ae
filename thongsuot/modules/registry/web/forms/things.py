"""Forms of classes and facilities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ... import queries
from ...types import Condition, EquipmentKind, EquipmentUse, GradeLevel, RoomBuild, RoomKind
from ..units import SchoolChoice
from .fields import BLANK, EditionForm, chosen, day, number, text, yes

KEYS = ("site_id", "homeroom_teacher_id", "room_id", "grade")


def site_choices(actor: Actor, unit_id: int) -> list[tuple[str, str]]:
    sites = organization.sites_of(actor, unit_id).values_list("pk", "name")
    return [(str(pk), name) for pk, name in sites]


def room_choices(actor: Actor, unit_id: int) -> list[tuple[str, str]]:
    rooms = queries.rooms(actor).filter(unit_id=unit_id, valid_to__isnull=True).order_by("name", "id")
    return [(str(pk), name) for pk, name in rooms.values_list("pk", "name")]


class KeyedForm(EditionForm):
    """Selects of other records give their key as a number, or None."""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in KEYS:
            if name in data:
                data[name] = int(data[name]) if data[name] else None
        return super().clean()


class SchoolClassForm(KeyedForm):
    name = text(_("Tên lớp"), 60, required=True)
    code = text(_("Mã lớp"), 30, help_text=_("Để trống: lấy tên lớp."))
    grade = chosen(_("Khối, nhóm tuổi"), [(str(v), label) for v, label in GradeLevel.choices], required=False)
    mixed_grades = text(_("Lớp ghép với khối"), 20, help_text=_("Số khối, cách nhau dấu phẩy."))
    homeroom_teacher_id = forms.ChoiceField(label=_("Giáo viên chủ nhiệm"), required=False)
    room_id = forms.ChoiceField(label=_("Phòng học"), required=False)
    site_id = forms.ChoiceField(label=_("Điểm trường"), required=False)
    sessions_per_week = number(_("Số buổi/tuần"), max_value=14)
    max_students = number(_("Số học sinh tối đa"), max_value=500)
    foreign_language = text(_("Ngoại ngữ 1"), 40)
    valid_from = day(_("Mở từ ngày"), required=False)
    is_two_sessions = yes(_("Học 2 buổi/ngày"))
    is_boarding = yes(_("Lớp bán trú"))

    def __init__(self, *args: Any, actor: Actor, unit_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {
            "homeroom_teacher_id": queries.homeroom_choices,
            "room_id": room_choices,
            "site_id": site_choices,
        }
        for name, choices in known.items():
            self.fields[name].choices = [BLANK, *(choices(actor, unit_id) if unit_id else ())]  # type: ignore[attr-defined]
        self._keep_unknown()


class NewClassForm(SchoolChoice, forms.Form):
    """The school and the year first; what depends on the school is asked when the class is there."""

    school_year = forms.TypedChoiceField(label=_("Năm học"), coerce=int)
    name = text(_("Tên lớp"), 60, required=True)
    code = text(_("Mã lớp"), 30, help_text=_("Để trống: lấy tên lớp."))
    grade = chosen(_("Khối, nhóm tuổi"), [(str(v), label) for v, label in GradeLevel.choices], required=False)
    max_students = number(_("Số học sinh tối đa"), max_value=500)
    is_two_sessions = yes(_("Học 2 buổi/ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year.pk, year.name) for year in organization.school_years()]
        self.fields["school_year"].choices = years  # type: ignore[attr-defined]
        now = organization.current_school_year(timezone.localdate())
        self.fields["school_year"].initial = now.pk if now else None

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("name", "code", "max_students", "is_two_sessions")
        return {name: data[name] for name in names} | {"grade": int(data["grade"]) if data["grade"] else None}


class ThingForm(KeyedForm):
    name = text(_("Tên"), 160, required=True)
    valid_from = day(_("Có từ ngày"))
    note = text(_("Ghi chú"), 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(
            [n for n in self.fields if n not in ("valid_from", "note")] + ["valid_from", "note"]
        )


def area(label: Any, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=10, decimal_places=1, min_value=0, required=required)


class RoomForm(ThingForm):
    kind = chosen(_("Loại phòng"), RoomKind.choices)
    build = chosen(_("Kết cấu"), RoomBuild.choices)
    condition = chosen(_("Tình trạng"), Condition.choices)
    area = area(_("Diện tích (m²)"))
    built_year = number(_("Năm xây"))
    capacity = number(_("Số chỗ"), max_value=5000)


class LandForm(ThingForm):
    area = area(_("Diện tích (m²)"), required=True)
    has_certificate = yes(_("Có giấy chứng nhận quyền sử dụng đất"))


class EquipmentForm(ThingForm):
    kind = chosen(_("Loại thiết bị"), EquipmentKind.choices)
    use = chosen(_("Dùng cho"), EquipmentUse.choices)
    measure = text(_("Đơn vị tính"), 20, required=True)
    quantity = number(_("Hiện có"), required=True, max_value=1_000_000)
    needed = number(_("Cần theo định mức"), max_value=1_000_000)
    broken = number(_("Hỏng"), required=True, max_value=1_000_000)
    is_connected = yes(_("Nối mạng"))


class LineForm(ThingForm):
    provider = text(_("Nhà cung cấp"), 60)
    technology = text(_("Loại kết nối"), 40)
    bandwidth = number(_("Băng thông (Mbps)"), max_value=1_000_000)
    is_for_teaching = yes(_("Dùng cho dạy học"))


class NewThing(SchoolChoice):
    right = "registry.edit_facilities"


def new_form(form: type[ThingForm]) -> type[forms.Form]:
    """The form of a kind, with the school asked first."""
    return type(f"New{form.__name__}", (NewThing, form), {})


FORMS: dict[str, type[ThingForm]] = {
    "room": RoomForm,
    "land": LandForm,
    "equipment": EquipmentForm,
    "line": LineForm,
}
NEW_FORMS = {kind: new_form(form) for kind, form in FORMS.items()}
INITIAL: dict[str, dict[str, Any]] = {
    "room": {
        "condition": Condition.GOOD.value,
        "kind": RoomKind.CLASSROOM.value,
        "build": RoomBuild.SOLID.value,
    },
    "equipment": {"measure": "chiếc", "broken": 0, "use": EquipmentUse.TEACHING.value},
    "line": {"is_for_teaching": True},
    "land": {},
}


class RetireForm(forms.Form):
    on = day(_("Dùng đến hết ngày"))
    note = text(_("Lý do, số biên bản"), 300)
