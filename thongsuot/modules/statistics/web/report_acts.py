"""Steps of a periodic report: begin, recompute, gather, keep a version, sign, take up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..types import ReportKind
from .report_page import ReportBase


class StartReport(ActorPage):
    right = "statistics.write_report"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        unit = next(
            (u for u in queries.writable_units(self.actor) if str(u.pk) == request.POST.get("unit")), None
        )
        year = organization.current_school_year(timezone.localdate())
        kind = request.POST.get("kind", "")
        if unit is None or kind not in ReportKind.values:
            raise Http404
        if year is None:
            messages.error(request, _("Chưa có năm học nào đang diễn ra."))
            return HttpResponseRedirect(reverse("statistics:report-list"))
        try:
            made = actions.start_report(
                by=self.actor, unit=unit, school_year=year, kind=kind, now=timezone.now()
            )
        except NotAllowed:
            raise Http404 from None
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("statistics:report-list"))
        return HttpResponseRedirect(reverse("statistics:report-detail", args=[made.public_id]))


class ReportAct(ReportBase):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run = ACTS.get(kwargs["act"])
        if run is None:
            raise Http404
        try:
            with transaction.atomic():
                messages.success(request, run(self, request.POST))
        except NotAllowed:
            raise Http404 from None
        except Refused as error:
            messages.error(request, error.message)
        # What was sent back is a draft again, which those above do not read.
        after = (
            self.url()
            if queries.report(self.actor, kwargs["public_id"])
            else reverse("statistics:report-list")
        )
        return HttpResponseRedirect(after)

    @property
    def given(self) -> dict[str, Any]:
        return {"by": self.actor, "report": self.report, "now": timezone.now()}


def _recompute(view: ReportAct, said: Any) -> str:
    row = actions.recompute_report(**view.given)
    return _("Đã tính lại số liệu đến ngày %(day)s.") % {"day": f"{row.as_of:%d/%m/%Y}"}


def _gather(view: ReportAct, said: Any) -> str:
    number = actions.gather_report(**view.given)
    if not number:
        return _("Không có nội dung mới từ đơn vị dưới.")
    return _("Đã đưa vào %(n)d đoạn từ đơn vị dưới.") % {"n": number}


def _keep(view: ReportAct, said: Any) -> str:
    made = actions.keep_version(**view.given, label=said.get("label", ""))
    return _("Đã lưu phiên bản %(n)d.") % {"n": made.number}


def _sign(view: ReportAct, said: Any) -> str:
    number = said.get("number", "").strip()
    if number and not (number.isdecimal() and 0 < int(number) < 100_000):
        raise Refused(_("Số văn bản là số nguyên dương."))
    actions.sign_report(
        **view.given, number=int(number) if number else None, by_deputy=said.get("by_deputy") == "on"
    )
    return _("Đã ký duyệt; nội dung và số liệu đã được chốt.")


def _reopen(view: ReportAct, said: Any) -> str:
    actions.reopen_report(**view.given, reason=said.get("reason", ""))
    return _("Đã mở lại báo cáo.")


def _return(view: ReportAct, said: Any) -> str:
    actions.return_report(**view.given, reason=said.get("reason", ""))
    return _("Đã trả lại báo cáo; đơn vị được báo tin.")


ACTS = {
    "tinh-lai": _recompute,
    "tong-hop": _gather,
    "luu-ban": _keep,
    "ky": _sign,
    "mo-lai": _reopen,
    "tra-lai": _return,
}
