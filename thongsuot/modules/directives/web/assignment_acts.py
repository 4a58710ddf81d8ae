"""What is done to an assignment: each act is one form and one action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import CreatePage

from .. import actions
from ..queries.assignments import assignment_story, open_steps
from .assignment_page import AssignmentBase, AssignmentDetail, make_form, offered
from .evidence import kept
from .forms.assignments import AssignmentForm

Said = dict[str, Any]


class AssignmentAct(AssignmentDetail):
    """POST .../<act>/ : the form of that act; on a refusal the page is shown with the form open."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{self.url()}#viec-{kwargs['act']}")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = kwargs["act"]
        thing = self.assignment
        run = RUN.get(key)
        if run is None or key not in offered(open_steps(self.actor, thing)):
            # Shown before somebody else was quicker, or never open to this actor.
            if run is None:
                raise Http404
            messages.error(request, _("Nhiệm vụ đã đổi trạng thái; việc này không còn làm được."))
            return HttpResponseRedirect(self.url())
        story = assignment_story(self.actor, thing) if key == "decide_extension" else None
        form = make_form(key, self.actor, thing, story, request.POST, request.FILES)
        if form is not None and not form.is_valid():
            return self.show({key: form}, status=422)
        try:
            with transaction.atomic():
                said = run(self, thing, form.cleaned_data if form else {})
        except NotAllowed:
            raise
        except Refused as error:
            if form is None:
                messages.error(request, error.message)
                return HttpResponseRedirect(self.url())
            refuse(form, error)
            return self.show({key: form}, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(self.url())


def _context(view: AssignmentBase, thing: Any) -> dict[str, Any]:
    return {"by": view.actor, "assignment": thing, "now": timezone.localtime()}


def _start(view: Any, thing: Any, said: Said) -> Any:
    actions.start(**_context(view, thing))
    return _("Đã bắt đầu thực hiện.")


def _report(view: Any, thing: Any, said: Said) -> Any:
    actions.report_progress(
        **_context(view, thing),
        percent=said["percent"],
        note=said["note"],
        file=kept(view.actor, said["file"], thing.unit_id),
    )
    return _("Đã cập nhật tiến độ.")


def _confirm_period(view: Any, thing: Any, said: Said) -> Any:
    file = kept(view.actor, said["file"], thing.unit_id)
    actions.confirm_period(**_context(view, thing), note=said["note"], file=file)
    return _("Đã xác nhận kỳ này.")


def _submit(view: Any, thing: Any, said: Said) -> Any:
    fields = {name: said[name] for name in ("number", "symbol", "issued_on", "subject", "link", "note")}
    file = kept(view.actor, said["file"], thing.unit_id)
    actions.submit_result(**_context(view, thing), file=file, **fields)
    return _("Đã nộp. Đơn vị giao việc sẽ nghiệm thu.")


def _decide(view: Any, thing: Any, said: Said) -> Any:
    if view.request.POST.get("do") == "return":
        actions.return_result(**_context(view, thing), reason=said["note"])
        return _("Đã trả lại.")
    actions.accept_result(**_context(view, thing), note=said["note"])
    return _("Đã nghiệm thu.")


def _decide_extension(view: Any, thing: Any, said: Said) -> Any:
    pending = assignment_story(view.actor, thing).pending_extension
    if pending is None:
        raise Refused(_("Yêu cầu gia hạn đã được quyết định."))
    granted = view.request.POST.get("do") == "grant"
    actions.decide_extension(
        by=view.actor,
        request=pending,
        granted=granted,
        granted_due_on=said["granted_due_on"] if granted else None,
        note=said["note"],
        now=timezone.localtime(),
    )
    return _("Đã đồng ý gia hạn.") if granted else _("Đã trả lời không đồng ý gia hạn.")


def _hand_down(view: Any, thing: Any, said: Said) -> Any:
    made = actions.hand_down(**_context(view, thing), **said)
    return ngettext("Đã giao cho %(n)d đơn vị.", "Đã giao cho %(n)d đơn vị.", len(made)) % {"n": len(made)}


def _set_people(view: Any, thing: Any, said: Said) -> Any:
    actions.set_people(**_context(view, thing), person_id=said["person"], leader_id=said["leader"])
    return _("Đã phân công.")


def _difficulty(view: Any, thing: Any, said: Said) -> Any:
    actions.raise_difficulty(**_context(view, thing), text=said["text"], proposal=said["proposal"])
    return _("Đã gửi đến nơi có thẩm quyền.")


def _extend(view: Any, thing: Any, said: Said) -> Any:
    actions.request_extension(**_context(view, thing), new_due_on=said["new_due_on"], reason=said["reason"])
    return _("Đã gửi yêu cầu gia hạn.")


def _event(view: Any, thing: Any, said: Said) -> Any:
    actions.record_event(**_context(view, thing), occurred_on=said["occurred_on"], document=said["document"])
    return _("Đã ghi nhận; thời hạn bắt đầu được tính.")


def _with_reason(name: str, words: Any) -> Callable[..., Any]:
    def run(view: Any, thing: Any, said: Said) -> Any:
        getattr(actions, name)(**_context(view, thing), reason=said["reason"])
        return words

    return run


RUN: dict[str, Callable[..., Any]] = {
    "start": _start,
    "report": _report,
    "confirm_period": _confirm_period,
    "submit": _submit,
    "decide": _decide,
    "decide_extension": _decide_extension,
    "hand_down": _hand_down,
    "set_people": _set_people,
    "difficulty": _difficulty,
    "extend": _extend,
    "event": _event,
    "pause": _with_reason("pause", gettext_lazy("Đã tạm dừng.")),
    "resume": _with_reason("resume", gettext_lazy("Đã tiếp tục.")),
    "cancel": _with_reason("cancel", gettext_lazy("Đã hủy nhiệm vụ.")),
}


class AssignmentCreate(CreatePage):
    """A task that no document brought, to one or several units."""

    template_name = "directives/form.html"
    title = gettext_lazy("Giao nhiệm vụ")
    right = "directives.assign"
    form_class = AssignmentForm
    submit_label = gettext_lazy("Giao")
    success_message = gettext_lazy("Đã giao nhiệm vụ.")

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nhiệm vụ"), reverse("directives:assignment-list"))]

    def cancel(self) -> str:
        return reverse("directives:assignment-list")

    def act(self, by: Any, thing: Any, data: dict[str, Any]) -> Any:
        return actions.create_assignment(by=by, now=timezone.localtime(), **data)

    def success(self, result: Any) -> str:
        first = result[0] if isinstance(result, list) else result
        return reverse("directives:assignment-detail", args=[first.public_id])
