"""Forms of the transfers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import GradeLevel, Sought
from thongsuot.modules.registry.web.forms.fields import day, text
from thongsuot.modules.registry.web.units import SchoolChoice


class SeekForm(SchoolChoice):
    """What the family brought along: the name, and one of the others."""

    right = "registry.transfer"
    full_name = text(_("Họ và tên học sinh"), 120, required=True)
    birth_date = day(_("Ngày sinh"), required=False)
    personal_id = text(
        _("Số định danh cá nhân"), 20, help_text=_("12 chữ số, ghi trên giấy khai sinh hoặc thẻ căn cước.")
    )
    ministry_code = text(_("Mã định danh của Bộ"), 20)

    def sought(self) -> Sought:
        data = self.cleaned_data
        return Sought(data["full_name"], data["birth_date"], data["personal_id"], data["ministry_code"])


class AskForm(forms.Form):
    grade = forms.TypedChoiceField(label=_("Xin vào khối"), coerce=int)
    effective_on = day(_("Học ở trường mình từ ngày"))
    reason = text(_("Lý do chuyển"), 300)

    def __init__(self, *args: Any, grades: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [one for one in GradeLevel.choices if not grades or one[0] in grades]
        field: Any = self.fields["grade"]
        field.choices = [*BLANK_CHOICE_DASH, *chosen]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def optional_reason(name: str, label: Any) -> type[forms.Form]:
    field = forms.CharField(
        label=label, max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    return type("OptionalReasonForm", (forms.Form,), {name: field})


class CompleteForm(forms.Form):
    school_class = forms.ChoiceField(label=_("Vào lớp"))
    on = day(_("Học ở trường mình từ ngày"))

    def __init__(self, *args: Any, actor: Actor, unit_id: int, grade: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = queries.classes(actor, unit_id=unit_id).filter(valid_to__isnull=True)
        if grade is not None and classes.filter(grade=grade).exists():
            classes = classes.filter(grade=grade)
        rows = classes.order_by("-school_year__starts_on", "grade", "name", "id")
        field: Any = self.fields["school_class"]
        field.choices = [
            *BLANK_CHOICE_DASH, *((str(row.pk), f"{row.name} · {row.school_year}") for row in rows[:200]),
        ]  # fmt: skip
