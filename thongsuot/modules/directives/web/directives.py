"""A directive comes in, is confirmed, followed, closed or withdrawn."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import CreatePage
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..permissions import can_confirm, can_review
from ..queries.assignments import assignments
from ..queries.directives import directive
from ..queries.reports import duties
from ..queries.targets import targets
from ..types import DirectiveState
from .cards import basis_words
from .forms.units import offer
from .review import steps
from .words import Entry, Stat, day, list_url, source_lines, timeliness_label

TASKS_A_PAGE = 50


def owner_choices(actor: Actor) -> list[tuple[int, str]]:
    """The bodies for which the actor may bring documents in; an office brings them in for its body."""
    held = [h.unit_id for h in actor.holdings if "directives.import" in h.rights]
    units = organization.units_visible(actor).filter(pk__in=held).select_related("parent")
    bodies = (organization.body_of(unit) for unit in units)
    return list(dict.fromkeys((body.pk, body.name) for body in bodies))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp văn bản"),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt,.md"}),
        error_messages={
            "required": gettext_lazy("Hãy chọn tệp."),
            "empty": gettext_lazy("Tệp rỗng."),
        },
    )
    owner_unit = forms.TypedChoiceField(label=gettext_lazy("Đơn vị theo dõi"), coerce=int)

    def __init__(self, *args: Any, owners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        offer(self, "owner_unit", list(owners))
        if len(owners) == 1:
            del self.fields["owner_unit"]

    def owner(self) -> int:
        return self.cleaned_data.get("owner_unit") or self.owners[0][0]


class DirectiveUpload(CreatePage):
    template_name = "directives/upload.html"
    title = gettext_lazy("Đưa văn bản vào")
    right = "directives.import"
    form_class = UploadForm
    success_message = gettext_lazy("Đã đọc văn bản. Hãy rà soát những gì tìm thấy.")
    earlier_url = ""

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        owners = owner_choices(self.actor)
        if not owners:
            raise Http404
        return {"owners": owners}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Văn bản chỉ đạo"), reverse("directives:directive-list"))]

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        owner_id = data.get("owner_unit") or owner_choices(by)[0][0]
        owner = organization.unit_detail(by, owner_id)
        try:
            return actions.import_directive(
                by=by, upload=data["file"], owner_unit=owner, now=timezone.localtime()
            )
        except Refused as error:
            earlier = error.details.get("directive")
            if earlier is not None:
                self.earlier_url = reverse(
                    "directives:directive-detail", args=[getattr(earlier, "public_id", earlier)]
                )
            raise

    def success(self, result: Any) -> str:
        return reverse("directives:review", args=[result.public_id])

    def extra_context(self) -> dict[str, Any]:
        return {"steps": steps(), "earlier_url": self.earlier_url}


class DirectivePage(ActorPage):
    right = "directives.view"

    @property
    def directive(self) -> Any:
        if not hasattr(self, "_directive"):
            self._directive = directive(self.actor, self.kwargs["public_id"])
        return self._directive

    def url(self) -> str:
        return reverse("directives:directive-detail", args=[self.directive.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Văn bản chỉ đạo"), reverse("directives:directive-list"))]


class DirectiveDetail(DirectivePage):
    """Tabs: about it, its tasks, targets, reports, the text, its history."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        thing = self.directive
        if (
            thing.state == DirectiveState.REVIEWING
            and can_review(self.actor, thing)
            and "tab" not in request.GET
        ):
            return HttpResponseRedirect(reverse("directives:review", args=[thing.public_id]))
        parts = {
            "": (_("Thông tin"), "directives/_directive_about.html", self.about),
            "nhiem-vu": (_("Nhiệm vụ"), "directives/_directive_tasks.html", self.tasks),
            "chi-tieu": (_("Chỉ tiêu"), "directives/_directive_targets.html", self.targets),
            "bao-cao": (_("Chế độ báo cáo"), "directives/_directive_reports.html", self.reports),
            "van-ban": (_("Văn bản"), "directives/_directive_source.html", self.source),
            "lich-su": (_("Lịch sử"), "directives/_directive_history.html", self.history),
        }
        asked = request.GET.get("tab", "")
        key = asked if asked in parts else ""
        _label, template, make = parts[key]
        context = {
            "directive": thing,
            "tabs": [(label, f"?tab={name}", "") for name, (label, _t, _m) in parts.items()],
            "current_tab": f"?tab={key}",
            "tab_template": template,
            "can_review": can_review(self.actor, thing),
            "can_manage": can_confirm(self.actor, thing),
            "can_report": self.actor.can("directives.report_out"),
            **make(),
        }
        return render(request, "directives/directive.html", context | self.frame())

    def about(self) -> dict[str, Any]:
        thing = self.directive
        rows = assignments(self.actor, today=timezone.localdate()).filter(directive=thing)
        states = [standing for (standing,) in rows.order_by().values_list("timeliness")]  # type: ignore[misc]
        done = sum(state.startswith("done") for state in states)
        scope = {"directive": thing.public_id}
        cards = [
            Stat(_("Nhiệm vụ"), len(states), "info", "list-check", list_url(**scope)),
            Stat(_("Hoàn thành"), done, "ok", "circle-check"),
            Stat(
                _("Quá hạn"),
                states.count("late"),
                "bad",
                "clock-exclamation",
                list_url(timeliness="late", **scope),
            ),
            Stat(
                _("Sắp đến hạn"),
                states.count("due_soon"),
                "warn",
                "clock",
                list_url(timeliness="due_soon", **scope),
            ),
        ]
        pairs = [
            (_("Số, ký hiệu"), thing.number),
            (_("Loại văn bản"), thing.type),
            (_("Cơ quan ban hành"), thing.issuer),
            (_("Ngày ban hành"), day(thing.issued_on)),
            (_("Trích yếu"), thing.subject),
            (_("Người ký"), " · ".join(part for part in (thing.signer_name, thing.signer_title) if part)),
            (_("Đơn vị theo dõi"), thing.owner_unit.name),
            (_("Năm học"), thing.school_year),
            (_("Nơi nhận"), "; ".join(thing.recipient_words)),
        ]
        bases = [words for basis in thing.legal_bases if (words := basis_words({"legal_basis": [basis]}))]
        return {"cards": cards if states else [], "pairs": pairs, "bases": bases}

    def tasks(self) -> dict[str, Any]:
        rows = assignments(self.actor, today=timezone.localdate()).filter(directive=self.directive)
        page = Paginator(rows.order_by("finding__position", "pk"), TASKS_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        for row in cast(list[Any], page.object_list):
            row.timeliness_words = timeliness_label(row.timeliness)
        return {"rows": page}

    def targets(self) -> dict[str, Any]:
        return {"rows": targets(self.actor).filter(directive=self.directive)}

    def reports(self) -> dict[str, Any]:
        return {"rows": duties(self.actor, today=timezone.localdate()).filter(directive=self.directive)}

    def source(self) -> dict[str, Any]:
        return {"lines": source_lines(self.directive.source_text)}

    def history(self) -> dict[str, Any]:
        thing = self.directive
        story = [
            Entry(
                thing.imported_at,
                _("Đưa văn bản vào"),
                thing.imported_by.full_name,
                tone="info",
                icon="file-import",
            )
        ]
        if thing.confirmed_at:
            who = thing.confirmed_by.full_name
            story.insert(
                0, Entry(thing.confirmed_at, _("Xác nhận, giao nhiệm vụ"), who, tone="ok", icon="checks")
            )
        return {"story": story}


class DirectiveAct(DirectivePage):
    """Close or withdraw."""

    http_method_names = ["post"]

    def act(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                said = self.act()
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(self.url())


class CloseDirective(DirectiveAct):
    def act(self) -> str:
        actions.close_directive(by=self.actor, directive=self.directive, now=timezone.localtime())
        return _("Đã kết thúc theo dõi văn bản.")


class WithdrawDirective(DirectiveAct):
    def act(self) -> str:
        actions.withdraw_directive(by=self.actor, directive=self.directive, now=timezone.localtime())
        return _("Đã thu hồi văn bản.")
