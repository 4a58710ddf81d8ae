"""Forms of cases and rules. They check shapes; actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..queries import SetRule
from ..types import MendField


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MendForm(forms.Form):
    """One field, of the kind that the data set says."""

    def __init__(self, *args: Any, how: MendField, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {"label": label, "help_text": how.help_text}
        if how.kind == "date":
            self.fields["value"] = forms.DateField(widget=_date_input(), **said)
        elif how.kind == "choice":
            choices = how.choices() if how.choices else []
            self.fields["value"] = forms.ChoiceField(choices=[("", "—"), *choices], **said)
        else:
            self.fields["value"] = forms.CharField(
                max_length=200, required=not how.may_be_empty, strip=True, **said
            )


class ExplainForm(forms.Form):
    explanation = forms.CharField(
        label=_("Vì sao số liệu đúng"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nêu căn cứ, giấy tờ. Giải trình được giữ trong lịch sử."),
    )


class AssignForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Giao cho"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = people  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """The numbers of the rule come as fields "number_<name>"."""

    is_on = forms.BooleanField(label=_("Áp dụng quy tắc này"), required=False)
    weight = forms.DecimalField(
        label=_("Trọng số"),
        required=False,
        max_digits=6,
        decimal_places=2,
        localize=True,
        help_text=_("Để trống: theo mặc định của chương trình."),
    )
    valid_from = forms.DateField(label=_("Áp dụng thiết lập từ ngày"), widget=_date_input())
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=_date_input())
    reason = forms.CharField(label=_("Lý do, văn bản"), max_length=300, required=False)

    def __init__(self, *args: Any, thing: SetRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = ("valid_from", "valid_to", "reason")
        for name, words in thing.rule.labels.items():
            self.fields[f"number_{name}"] = forms.IntegerField(label=words, min_value=0)
        numbers = [f"number_{name}" for name in thing.rule.labels]
        self.order_fields(["is_on", "weight", *numbers, *last])

    @property
    def numbers(self) -> dict[str, int]:
        return {
            name.removeprefix("number_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("number_")
        }


class ThresholdForm(forms.Form):
    green = forms.IntegerField(label=_("Xanh từ"), min_value=1, max_value=100)
    yellow = forms.IntegerField(label=_("Vàng từ"), min_value=1, max_value=100)
    valid_from = forms.DateField(label=_("Áp dụng từ ngày"), widget=_date_input())
    reason = forms.CharField(label=_("Lý do, văn bản"), max_length=300, required=False)
