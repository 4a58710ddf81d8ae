"""The days on which offices work, and setting them right."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import DeletePage, FormPage

from .. import actions, queries
from ..permissions import can_manage_calendar
from .forms import WorkDayForm


class WorkDays(FormPage):
    """The calendar; whoever may set days right does so on the same page. `?nam=` shows another year."""

    title = _("Ngày làm việc")
    right = "organization.view"
    template_name = "organization/work_days.html"
    form_class = WorkDayForm
    success_url = "organization:work-days"
    submit_label = _("Ghi ngày này")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.set_work_day(by=by, **data)

    def extra_context(self) -> dict[str, Any]:
        days = queries.calendar_days()
        this_year = timezone.localdate().year
        years = sorted({one.day.year for one in days} | {this_year})
        asked = self.request.GET.get("nam", "")
        year = int(asked) if asked in map(str, years) else this_year
        return {
            "days": [one for one in days if one.day.year == year],
            "tabs": [(one, f"?nam={one}", sum(each.day.year == one for each in days)) for one in years],
            "current": f"?nam={year}",
            "year": year,
            "may_manage": can_manage_calendar(self.actor),
        }

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Năm học"), reverse("organization:year-list"))]

    def cancel(self) -> str:
        return reverse("organization:work-days")


class WorkDayClear(DeletePage):
    right = "organization.manage_calendar"
    success_url = "organization:work-days"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.set_work_days()

    submit_label = _("Bỏ ngày đã ghi")
    success_message = _("Đã bỏ; ngày này lại theo lịch chung.")
    question = _("Ngày này sẽ lại theo lịch nghỉ chung và theo thứ trong tuần. Những hạn đã giao không đổi.")

    def get_title(self) -> Any:
        return _t("Bỏ ngày đã ghi: %(day)s") % {"day": self.thing}

    def act(self, by: Actor, thing: Any) -> Any:
        return actions.clear_work_day(by=by, work_day=thing)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Ngày làm việc"), reverse("organization:work-days"))]
