"""Pages of parents and pupils: their own dossiers, unmasked, and what they report."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, FormPage

from .. import actions, queries
from ..queries.family import OWN_CHILDREN, OWN_RECORD
from .forms.people import REPORT_FIELDS, ReportForm
from .reading import trace
from .students import student_facts


def is_family(actor: Actor) -> bool:
    return actor.user_id is not None and (actor.can(OWN_CHILDREN) or actor.can(OWN_RECORD))


class ChildrenPage(ActorPage):
    title = _("Hồ sơ học sinh của tôi")
    template_name = "registry/children.html"

    def allowed(self, actor: Actor) -> bool:
        return is_family(actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return render(
            request, self.template_name, {"children": queries.own_children(self.actor), **self.frame()}
        )


class OneChild:
    actor: Actor
    kwargs: dict[str, Any]

    def allowed(self, actor: Actor) -> bool:
        return is_family(actor)

    @cached_property
    def child(self) -> Any:
        found = queries.own_child(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Hồ sơ học sinh của tôi"), reverse("registry:children"))]


class ChildPage(OneChild, ActorPage):
    template_name = "registry/child.html"

    def get_title(self) -> Any:
        return self.child.full_name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        dossier = queries.family_dossier(self.actor, self.kwargs["public_id"])
        if dossier is None:
            raise Http404
        trace(request, dossier.student, _t("Gia đình xem hồ sơ của mình"))
        names = dict(REPORT_FIELDS)
        reports = [
            (names.get(row.field, row.field), row) for row in queries.own_reports(self.actor, dossier.student)
        ]
        context = {"dossier": dossier, "pairs": student_facts(dossier), "reports": reports, **self.frame()}
        return render(request, self.template_name, context)


class ReportError(OneChild, FormPage):
    form_class = ReportForm
    submit_label = _("Gửi nhà trường")
    success_message = _("Đã gửi. Nhà trường sẽ xem và trả lời ở đây.")

    def get_title(self) -> Any:
        return _t("Báo thông tin sai: %(student)s") % {"student": self.child}

    def get_thing(self) -> Any:
        return self.child

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.report_error(by=by, student=thing, **data)

    def success(self, result: Any) -> str:
        return reverse("registry:child", args=[self.child.public_id])

    def cancel(self) -> str:
        return self.success(None)
