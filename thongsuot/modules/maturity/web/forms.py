"""Forms of the module: plain ones, the actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..domain.calendar import RoundDates


def _date(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Ý kiến của xã"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


class EvidenceForm(forms.Form):
    title = forms.CharField(label=_("Tên, số và ngày văn bản"), max_length=300, required=False)
    url = forms.CharField(label=_("Đường dẫn"), max_length=600, required=False)
    file = forms.FileField(label=_("hoặc tệp"), required=False)


class RoundForm(forms.Form):
    as_of = _date(_("Số liệu tính đến ngày"))
    self_due_on = _date(_("Trường nộp tự đánh giá trước"))
    forward_due_on = _date(_("Xã gửi Sở trước"))
    external_due_on = _date(_("Đánh giá ngoài, công bố trước"))
    appeal_days = forms.IntegerField(label=_("Số ngày được kiến nghị sau công bố"), min_value=1, max_value=90)

    @staticmethod
    def dates(said: dict[str, Any]) -> RoundDates:
        return RoundDates(**{name: said[name] for name in RoundDates.__dataclass_fields__})


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Tên đoàn"), max_length=160)
    lead_id = forms.TypedChoiceField(label=_("Trưởng đoàn"), coerce=int)
    member_ids = forms.TypedMultipleChoiceField(
        label=_("Thành viên"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(label=_("Quyết định lập đoàn (số, ngày)"), max_length=200, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_id"].choices = people  # type: ignore[attr-defined]
        self.fields["member_ids"].choices = people  # type: ignore[attr-defined]


class VisitForm(forms.Form):
    planned_on = _date(_("Ngày hẹn"))
    place = forms.CharField(label=_("Địa điểm, hình thức"), max_length=200, required=False)


class MinutesForm(forms.Form):
    held_on = _date(_("Ngày làm việc"))
    present = forms.CharField(
        label=_("Thành phần phía trường"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    minutes = forms.CharField(label=_("Nội dung biên bản"), widget=forms.Textarea(attrs={"rows": 5}))
    file = forms.FileField(label=_("Bản có chữ ký"), required=False)


class IssueForm(forms.Form):
    number = forms.IntegerField(label=_("Số quyết định"), min_value=1, max_value=99999)
    signed_on = _date(_("Ngày ký"))
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120)
    by_deputy = forms.BooleanField(label=_("Phó Giám đốc ký thay"), required=False)


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do kiến nghị"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000
    )
    file = forms.FileField(label=_("Tệp kèm theo"), required=False)


class AppealAnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Nội dung trả lời"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    level = forms.TypedChoiceField(
        label=_("Kết luận"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("", _("Giữ nguyên mức")),
            (1, _("Đổi sang mức 1")),
            (2, _("Đổi sang mức 2")),
            (3, _("Đổi sang mức 3")),
        ],
    )
    number = forms.IntegerField(label=_("Số quyết định sửa đổi (khi đổi mức)"), min_value=1, required=False)
    signed_on = _date(_("Ngày ký"), required=False)
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120, required=False)
