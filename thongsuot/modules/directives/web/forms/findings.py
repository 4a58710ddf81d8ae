"""Mending what was found in a document. `shape` gives the shape of the extraction, `chosen` the units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from ...domain.found import operator_of, value_of
from ...types import DeadlineKind, FindingKind, Operator, Period
from .units import ActorForm, DayField, UnitsField, lines


def deadline_input() -> forms.TextInput:
    """What is typed is read at once and shown as a kind and a day below the field."""
    return forms.TextInput(
        attrs={
            "hx-get": reverse_lazy("directives:deadline-preview"),
            "hx-trigger": "keyup changed delay:300ms",
            "hx-target": "next .form-hint",
            "hx-swap": "innerHTML",
        }
    )


class TaskForm(ActorForm):
    text = forms.CharField(label=_("Nhiệm vụ"), widget=lines(4), max_length=4000)
    lead = UnitsField(label=_("Đơn vị chủ trì"))
    coordinating = UnitsField(label=_("Đơn vị phối hợp"), required=False)
    product = forms.CharField(label=_("Sản phẩm, kết quả"), widget=lines(2), max_length=2000, required=False)
    deadline_words = forms.CharField(
        label=_("Thời hạn"),
        max_length=400,
        required=False,
        widget=deadline_input(),
        help_text=_("Ví dụ: Trước ngày 31/3/2026; Quý III/2026; Thường xuyên; Sau khi Thủ tướng phê duyệt."),
    )
    deadline_kind = forms.ChoiceField(
        label=_("Loại thời hạn"),
        choices=[("", _("Theo lời văn ở trên")), *DeadlineKind.choices],
        required=False,
    )
    deadline_date = DayField(label=_("Hạn cuối"), required=False)
    legal_basis = forms.CharField(label=_("Căn cứ"), widget=lines(2), max_length=2000, required=False)
    section = forms.CharField(label=_("Mục"), max_length=40, required=False)
    group = forms.CharField(label=_("Nhóm nhiệm vụ"), max_length=1000, required=False)

    @staticmethod
    def values(data: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
        deadline = data.get("deadline") or {}
        basis = data.get("legal_basis") or ""
        return {
            "text": data.get("text", ""),
            "lead": units.get("lead", []),
            "coordinating": units.get("coordinating", []),
            "product": data.get("product") or "",
            "deadline_words": deadline.get("raw") or deadline.get("event") or "",
            "deadline_kind": "",
            "deadline_date": deadline.get("date") or "",
            "legal_basis": basis if isinstance(basis, str) else "; ".join(map(_words, basis)),
            "section": data.get("section") or "",
            "group": data.get("group") or "",
        }

    @staticmethod
    def shape(said: dict[str, Any]) -> dict[str, Any]:
        """Without `deadline.kind` where the words are to be read by the rules."""
        day = said["deadline_date"]
        return {
            "text": said["text"],
            "product": said["product"],
            "deadline": {
                "raw": said["deadline_words"],
                "kind": said["deadline_kind"],
                "date": day.isoformat() if day else None,
            },
            "legal_basis": said["legal_basis"],
            "section": said["section"],
            "group": said["group"],
        }

    @staticmethod
    def chosen(said: dict[str, Any]) -> dict[str, list[int]]:
        return {"lead": said["lead"], "coordinating": said["coordinating"]}


class TargetForm(ActorForm):
    text = forms.CharField(label=_("Chỉ tiêu"), widget=lines(3), max_length=4000)
    operator = forms.ChoiceField(label=_("So sánh"), choices=Operator.choices)
    value = forms.DecimalField(
        label=_("Giá trị giao"), max_digits=14, decimal_places=4, localize=True, required=False
    )
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=60, required=False)
    period = forms.CharField(label=_("Kỳ"), max_length=120, required=False)
    lead = UnitsField(label=_("Giao cho"), required=False)

    @staticmethod
    def values(data: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
        # "Tất cả" is shown as what it will be: 100 %.
        value, unit = value_of(data)
        return {
            "text": data.get("text", ""),
            "operator": operator_of(data),
            "value": value,
            "unit": unit,
            "period": data.get("period") or "",
            "lead": units.get("lead", []),
        }

    @staticmethod
    def shape(said: dict[str, Any]) -> dict[str, Any]:
        value = said["value"]
        return {
            "text": said["text"],
            "operator": said["operator"],
            "value": None if value is None else (int(value) if value == int(value) else float(value)),
            "unit": said["unit"],
            "period": said["period"],
        }

    @staticmethod
    def chosen(said: dict[str, Any]) -> dict[str, list[int]]:
        return {"lead": said["lead"]}


class ReportingForm(ActorForm):
    what = forms.CharField(label=_("Báo cáo gì"), widget=lines(3), max_length=4000)
    lead = UnitsField(label=_("Ai báo cáo"))
    to = forms.CharField(label=_("Gửi về đâu (trong văn bản)"), max_length=400, required=False)
    to_unit = UnitsField(
        label=_("Nơi nhận trong hệ thống"),
        single=True,
        required=False,
        help_text=_("Bỏ trống: trường gửi về xã, xã gửi về đơn vị theo dõi văn bản."),
    )
    due = forms.CharField(
        label=_("Thời hạn"), max_length=300, required=False, help_text=_("Ví dụ: Trước ngày 20/12/2026.")
    )
    period = forms.ChoiceField(
        label=_("Chu kỳ"), choices=[("", _("Một lần")), *Period.choices], required=False
    )

    @staticmethod
    def values(data: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
        due = data.get("due")
        return {
            "what": data.get("what") or data.get("text") or "",
            "lead": units.get("lead", []),
            "to": data.get("to") or "",
            "to_unit": units.get("to", []),
            "due": (due.get("raw") if isinstance(due, dict) else due) or "",
            "period": data.get("period") if data.get("period") in Period.values else "",
        }

    @staticmethod
    def shape(said: dict[str, Any]) -> dict[str, Any]:
        return {name: said[name] for name in ("what", "to", "due", "period")}

    @staticmethod
    def chosen(said: dict[str, Any]) -> dict[str, list[int]]:
        return {"lead": said["lead"], "to": [int(said["to_unit"])] if said["to_unit"] else []}


FORMS: dict[str, type[TaskForm] | type[TargetForm] | type[ReportingForm]] = {
    FindingKind.TASK: TaskForm,
    FindingKind.TARGET: TargetForm,
    FindingKind.REPORTING: ReportingForm,
}


class SplitForm(forms.Form):
    parts = forms.CharField(
        label=_("Các phần"),
        widget=lines(8),
        max_length=8000,
        help_text=_("Mỗi dòng thành một nội dung riêng; đơn vị và thời hạn giữ như cũ."),
    )

    def clean_parts(self) -> list[str]:
        parts = [part.strip(" -;") for part in self.cleaned_data["parts"].splitlines() if part.strip(" -;")]
        if len(parts) < 2:
            raise forms.ValidationError(_("Hãy xuống dòng giữa các phần để tách thành ít nhất hai nội dung."))
        return parts


class HeaderForm(forms.Form):
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    type = forms.CharField(label=_("Loại văn bản"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=250, required=False)
    place = forms.CharField(label=_("Địa danh"), max_length=120, required=False)
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    subject = forms.CharField(label=_("Trích yếu"), widget=lines(3), max_length=2000, required=False)
    signer_name = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    signer_title = forms.CharField(label=_("Chức vụ người ký"), max_length=160, required=False)
    note = forms.CharField(
        label=_("Ghi chú"),
        widget=lines(2),
        max_length=500,
        required=False,
        help_text=_("Điều người đọc cần biết: văn bản của nơi khác gửi đến, chỗ còn để trống..."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), widget=lines(2), max_length=2000)


def _words(basis: Any) -> str:
    if isinstance(basis, dict):
        return str(basis.get("words") or basis.get("number") or "")
    return str(basis)
