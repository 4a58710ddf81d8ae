"""What is said about an assignment: people, progress, product, extension, difficulty, handing down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...types import DeadlineKind, Period
from .units import ActorForm, DayField, UnitsField, lines, offer

PeopleChoices = list[tuple[Any, Any]]


class PersonForm(forms.Form):
    """`people` and `leaders`: choices (id, name)."""

    person = forms.TypedChoiceField(label=_("Người thực hiện"), coerce=int, empty_value=None, required=False)
    leader = forms.TypedChoiceField(
        label=_("Lãnh đạo phụ trách"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: PeopleChoices, leaders: PeopleChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", [("", _("Chưa giao cho ai")), *people])
        offer(self, "leader", [("", _("Chưa có")), *leaders])


class HandDownForm(ActorForm):
    unit_ids = UnitsField(
        label=_("Giao cho"), help_text=_("Có thể gõ tên nhóm, ví dụ “các trường tiểu học thuộc xã”.")
    )
    text = forms.CharField(label=_("Việc"), widget=lines(3), max_length=4000)
    product = forms.CharField(label=_("Sản phẩm, kết quả"), widget=lines(2), max_length=2000, required=False)
    due_on = DayField(label=_("Hạn"), required=False)


class AssignmentForm(ActorForm):
    """A task that no document brought."""

    text = forms.CharField(label=_("Việc"), widget=lines(3), max_length=4000)
    unit_ids = UnitsField(label=_("Đơn vị chủ trì"))
    coordinating_ids = UnitsField(label=_("Đơn vị phối hợp"), required=False)
    product = forms.CharField(label=_("Sản phẩm, kết quả"), widget=lines(2), max_length=2000, required=False)
    legal_basis = forms.CharField(label=_("Căn cứ"), widget=lines(2), max_length=2000, required=False)
    responsibility = forms.CharField(label=_("Trách nhiệm"), widget=lines(2), max_length=2000, required=False)
    authority = forms.CharField(
        label=_("Thẩm quyền quyết định"), widget=lines(2), max_length=2000, required=False
    )
    deadline_kind = forms.ChoiceField(label=_("Loại thời hạn"), choices=DeadlineKind.choices)
    due_on = DayField(label=_("Hạn"), required=False)
    deadline_event = forms.CharField(label=_("Điều kiện"), max_length=400, required=False)
    period = forms.ChoiceField(
        label=_("Chu kỳ"), choices=[("", _("Không lặp lại")), *Period.choices], required=False
    )


class ProgressForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Tiến độ (%)"), min_value=0, max_value=100, widget=forms.NumberInput(attrs={"step": 5})
    )
    note = forms.CharField(label=_("Kết quả, tiến độ"), widget=lines(3), max_length=4000)
    file = forms.FileField(label=_("Tệp kèm theo"), required=False)


class PeriodForm(forms.Form):
    note = forms.CharField(label=_("Kết quả trong kỳ"), widget=lines(3), max_length=4000)
    file = forms.FileField(label=_("Tệp kèm theo"), required=False)


class DifficultyForm(forms.Form):
    text = forms.CharField(label=_("Khó khăn, vướng mắc"), widget=lines(3), max_length=4000)
    proposal = forms.CharField(
        label=_("Đề xuất, kiến nghị"), widget=lines(2), max_length=4000, required=False
    )


class DecisionForm(forms.Form):
    decision = forms.CharField(label=_("Ý kiến giải quyết"), widget=lines(3), max_length=4000)


class ForwardForm(forms.Form):
    note = forms.CharField(label=_("Ý kiến kèm theo"), widget=lines(2), max_length=2000, required=False)


class ExtensionForm(forms.Form):
    new_due_on = DayField(label=_("Hạn xin đổi"))
    reason = forms.CharField(label=_("Lý do"), widget=lines(3), max_length=2000)


class ExtensionDecisionForm(forms.Form):
    granted_due_on = DayField(label=_("Hạn được duyệt"), required=False)
    note = forms.CharField(label=_("Ý kiến"), widget=lines(2), max_length=2000, required=False)


class EvidenceForm(forms.Form):
    """The product: a document with its number, and the file or the link where it is."""

    number = forms.CharField(label=_("Số"), max_length=20, required=False)
    symbol = forms.CharField(label=_("Ký hiệu"), max_length=60, required=False)
    issued_on = DayField(label=_("Ngày văn bản"), required=False)
    subject = forms.CharField(label=_("Trích yếu"), widget=lines(2), max_length=2000)
    file = forms.FileField(label=_("Tệp"), required=False)
    link = forms.URLField(label=_("Hoặc liên kết"), max_length=500, required=False, assume_scheme="https")
    note = forms.CharField(label=_("Ghi chú"), widget=lines(2), max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("file") and not said.get("link") and not self.errors:
            raise forms.ValidationError(_("Cần có minh chứng: đính kèm tệp hoặc ghi liên kết."))
        return said


class EventForm(forms.Form):
    occurred_on = DayField(label=_("Ngày điều kiện xảy ra"))
    document = forms.CharField(
        label=_("Văn bản làm phát sinh"),
        max_length=200,
        required=False,
        help_text=_("Số, ký hiệu và ngày, ví dụ: Quyết định số 12/QĐ-TTg ngày 05/01/2026."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), widget=lines(3), max_length=2000)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Nhận xét"), widget=lines(2), max_length=2000, required=False)
