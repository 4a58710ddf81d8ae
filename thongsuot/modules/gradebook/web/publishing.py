"""The year's results handed to the registry: what would change, who is missing and why, done, taken back."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import PageLink

from .. import actions
from ..permissions import KEEP, LOCK
from ..queries.publishing import Preview, preview
from .school import SchoolPage
from .terms import term_name

# Lines of changes and of who is missing that a page shows; the rest is counted.
SHOWN = 200


def publishing_address(unit: Any, year: Any) -> str:
    return f"{reverse('gradebook:publishing')}?{urlencode({'truong': unit.pk, 'nam': year.name})}"


class PublishingPage(SchoolPage):
    name = "publishing"
    title = gettext_lazy("Kết quả năm học vào hồ sơ")
    template_name = "gradebook/publishing.html"

    def default_year(self) -> Any:
        """The last year that is over: this year's results come when it ends."""
        today = timezone.localdate()
        return next((one for one in self.years if one.ends_on < today), super().default_year())

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        from .lists import book_crumb

        return [book_crumb()]

    @cached_property
    def preview(self) -> Preview:
        return preview(self.actor, self.unit, self.year)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        purpose = _("Xem kết quả năm học trước khi đưa vào hồ sơ")
        record_reading(by=self.actor, subject=self.unit, purpose=purpose, ip=origin_of(request).ip)
        found = self.preview
        may_lock = self.actor.can(LOCK, self.unit.pk)
        context = {
            "preview": found,
            "cards": self.cards(found),
            "lines": found.lines[:SHOWN],
            "more_lines": max(0, len(found.lines) - SHOWN),
            "missing": found.missing[:SHOWN],
            "more_missing": max(0, len(found.missing) - SHOWN),
            "open_terms": [term_name(term) for term in (1, 2) if term not in found.locked],
            "may_publish": may_lock and found.is_closed and not found.stale and bool(found.lines),
            "may_lock": may_lock,
            "followed": next((one.followed for one in found.done if one.followed), None)
            if may_lock
            else None,
            "promotion_url": f"{reverse('promotion')}?{urlencode({'unit': self.unit.pk, 'year': self.year.pk})}",
            "may_compute": self.actor.can(KEEP, self.unit.pk),
            "question": self.question(found),
            "unit": self.unit,
            "year": self.year,
            "choices": [self.year_tabs()],
            "links": self.links(),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def links(self) -> list[PageLink]:
        query = urlencode({"truong": self.unit.pk, "nam": self.year.name})
        summer = f"{reverse('gradebook:summer')}?{query}"
        return [PageLink(_("Đánh giá lại, rèn luyện trong hè"), summer, "refresh")]

    @staticmethod
    def question(found: Preview) -> str:
        said = {"n": len(found.lines), "missing": len(found.missing)}
        text = _("Đưa kết quả của %(n)d em vào hồ sơ học sinh?") % said
        if found.missing:
            text += " " + _("%(missing)d em chưa đủ căn cứ, chưa được đưa.") % said
        return text

    @staticmethod
    def cards(found: Preview) -> list[dict[str, Any]]:
        return [
            {"label": _("Có kết quả cả năm"), "value": found.pupils, "icon": "users", "tone": "info"},
            {"label": _("Mới, hồ sơ chưa có"), "value": found.new, "icon": "plus", "tone": "quiet"},
            {"label": _("Khác với hồ sơ"), "value": found.changed, "icon": "pencil", "tone": "warn" if found.changed else "quiet"},
            {"label": _("Như trong hồ sơ"), "value": found.same, "icon": "check", "tone": "ok"},
            {"label": _("Chưa đủ căn cứ"), "value": len(found.missing), "icon": "alert-triangle", "tone": "warn" if found.missing else "quiet"},
        ]  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        acts = {"dua": self.publish, "lay-lai": self.take_back, "tinh": self.compute}
        act = acts.get(request.POST.get("lam", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act())
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(self.address())

    def publish(self) -> str:
        done = actions.publish_year_results(
            by=self.actor,
            unit=self.unit,
            school_year=self.year,
            now=timezone.now(),
            seen=self.request.POST.get("da-xem", "")[:64],
        )
        said = {"n": done.pupils, "changed": len(done.changes)}
        return _("Đã đưa kết quả của %(n)d em vào hồ sơ, %(changed)d em có thay đổi.") % said

    def take_back(self) -> str:
        key = self.request.POST.get("lan", "")
        line = next((one for one in self.preview.done if str(one.row.pk) == key), None)
        if line is None:
            raise Http404
        row, left = actions.take_back_publication(by=self.actor, publication=line.row, now=timezone.now())
        text = _("Đã trả hồ sơ về như trước lần đưa lúc %(at)s.") % {
            "at": f"{timezone.localtime(row.published_at):%H:%M %d/%m/%Y}"
        }
        if left:
            text += " " + _("%(n)d em đã được sửa sau đó nên giữ nguyên.") % {"n": left}
        if line.followed is not None:
            text += " " + _("Chưa hoàn tác: %(what)s") % {
                "what": f"{line.followed.words} {line.followed.way_out}"
            }
        return text

    def compute(self) -> str:
        found = actions.compute_results(by=self.actor, unit=self.unit, school_year=self.year)
        return _("Đã tính lại kết quả của %(n)d em.") % {"n": found.pupils}
