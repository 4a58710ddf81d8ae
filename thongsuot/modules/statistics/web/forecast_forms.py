"""Making a forecast, norms set right, past years brought in from a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import FormPage
from thongsuot.modules.organization.types import EducationLevel

from ..actions import forecast as actions
from ..domain.forecast_needs import Norm
from ..permissions import MANAGE, VIEW
from ..queries import forecast as queries
from ..tasks import start_forecast

CHANGEABLE = ("primary", "lower_secondary", "upper_secondary")
LARGEST_FILE = 5 * 1024 * 1024


def above() -> list[tuple[Any, str]]:
    return [(_("Dự báo học sinh"), reverse("statistics:forecast-list"))]


class MakeForm(forms.Form):
    """Norms come as size_<level>, teachers_<level>, rooms_<level>."""

    name = forms.CharField(label=gettext_lazy("Tên phương án"), max_length=120)
    migration = forms.DecimalField(
        label=gettext_lazy("Học sinh chuyển đến mỗi năm (%)"),
        help_text=gettext_lazy("Cộng thêm vào nhịp đến, đi đã có sẵn trong số liệu các năm qua; âm là chuyển đi nhiều hơn."),
        min_value=-20, max_value=20, decimal_places=1, localize=False,
    )  # fmt: skip
    births = forms.DecimalField(
        label=gettext_lazy("Số trẻ sinh ra mỗi năm tăng (%)"),
        help_text=gettext_lazy("Chỉ đổi số trẻ ở nhóm tuổi mà các em chưa sinh; âm là giảm."),
        min_value=-20, max_value=20, decimal_places=1, localize=False,
    )  # fmt: skip

    def __init__(self, *args: Any, norms: dict[str, Norm | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(EducationLevel.choices)
        for level in CHANGEABLE:
            said, norm = {"level": labels[level]}, norms[level]
            self.fields[f"size_{level}"] = forms.IntegerField(
                label=_("%(level)s: học sinh mỗi lớp") % said,
                min_value=1, max_value=100, initial=norm.class_size if norm else None,
            )  # fmt: skip
            self.fields[f"teachers_{level}"] = forms.DecimalField(
                label=_("%(level)s: giáo viên mỗi lớp") % said,
                min_value=Decimal("0.1"), max_value=10, decimal_places=2, initial=norm.teachers if norm else None,
            )  # fmt: skip
            self.fields[f"rooms_{level}"] = forms.IntegerField(
                label=_("%(level)s: số lớp dùng chung một phòng") % said,
                help_text=_("1 khi học cả ngày, 2 khi hai lớp học hai buổi khác nhau."),
                min_value=1, max_value=2, initial=norm.classes_per_room if norm else None,
            )  # fmt: skip


class ForecastMake(FormPage):
    title = gettext_lazy("Lập phương án dự báo")
    form_class = MakeForm
    submit_label = gettext_lazy("Tính dự báo")
    # The page of the job says how far it is.
    success_message = ""

    def allowed(self, actor: Actor) -> bool:
        return queries.reads_province(actor)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"migration": 0, "births": 0}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"norms": {one.group: one.norm for one in queries.norms()}}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        changed = {
            level: Norm(data[f"size_{level}"], data[f"teachers_{level}"], data[f"rooms_{level}"])
            for level in CHANGEABLE
        }
        return start_forecast(
            by=by,
            name=data["name"],
            migration=data["migration"],
            births=data["births"],
            changed_norms=changed,
        )

    def success(self, result: Any) -> str:
        return reverse("jobs:detail", args=[result.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return above()


class ConfirmForm(forms.Form):
    """Nothing to fill in: the page asks once more."""


class ForecastDelete(FormPage):
    form_class = ConfirmForm
    right = VIEW
    submit_label = gettext_lazy("Xóa phương án")
    success_message = gettext_lazy("Đã xóa phương án.")
    success_url = "statistics:forecast-list"

    def get_title(self) -> Any:
        return _("Xóa phương án “%(name)s”?") % {"name": self.get_thing().name}

    def get_thing(self) -> Any:
        found = queries.forecasts(self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None or not queries.may_delete(self.actor, found):
            raise Http404
        return found

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.delete_forecast(by=by, forecast_id=thing.pk)

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return above()


class NormForm(forms.Form):
    classes_per_room = forms.IntegerField(
        label=gettext_lazy("Số lớp dùng chung một phòng"),
        help_text=gettext_lazy("1 khi học cả ngày, 2 khi hai lớp học hai buổi khác nhau."),
        min_value=1, max_value=2,
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("Căn cứ"), max_length=300)


class NormEdit(FormPage):
    right = MANAGE
    form_class = NormForm
    success_message = gettext_lazy("Đã lưu định mức; áp dụng cho các dự báo lập từ nay.")

    def get_title(self) -> Any:
        return _("Phòng học: %(group)s") % {"group": queries.group_label(self.kwargs["group"])}

    def get_thing(self) -> queries.SetNorm:
        found = next((one for one in queries.norms() if one.group == self.kwargs["group"]), None)
        if found is None:
            raise Http404
        return found

    def initial(self, thing: queries.SetNorm) -> dict[str, Any]:
        return {"classes_per_room": thing.rooms, "source": thing.rooms_source}

    def act(self, by: Actor, thing: queries.SetNorm, data: dict[str, Any]) -> Any:
        return actions.set_rooms(by=by, group=thing.group, **data)

    def success(self, result: Any) -> str:
        return reverse("statistics:forecast-norms")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*above(), (_("Định mức"), reverse("statistics:forecast-norms"))]


class PastForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp xlsx, ods hoặc csv"),
        help_text=gettext_lazy(
            "Dòng đầu là tên cột, theo đúng thứ tự: năm (năm học bắt đầu, ví dụ 2022), mã xã, khối (1–12; 13–18 là các nhóm mầm non), số học sinh ngày 30/9."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: Biểu đầu năm học 2022-2023, đã ký ngày 10/10/2022."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Tệp lớn hơn 5 MB."))
        return file


class PastUpload(FormPage):
    title = gettext_lazy("Nhập số học sinh các năm trước")
    right = MANAGE
    form_class = PastForm
    submit_label = gettext_lazy("Nhập")
    success_message = gettext_lazy(
        "Đã nhập. Năm, xã, khối có trong tệp được thay bằng số mới; số khác giữ nguyên."
    )
    success_url = "statistics:forecast-list"

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.keep_past_file(by=by, data=data["file"].read(), source=data["source"])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return above()
