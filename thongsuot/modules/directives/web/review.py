"""The review of what was found in a document: each answer is one action and a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import FormPage, refuse
from thongsuot.kit.pages.views import ActorPage

from .. import actions
from ..domain.extraction import parse_deadline
from ..permissions import can_review
from ..queries.directives import directive, finding, findings
from ..types import DeadlineKind, DirectiveState, FindingKind, FindingState
from .cards import Card, cards
from .forms.findings import FORMS, HeaderForm, SplitForm
from .words import SourceLine, source_lines

KIND_TABS = (
    (FindingKind.TASK, gettext_lazy("Nhiệm vụ")),
    (FindingKind.TARGET, gettext_lazy("Chỉ tiêu")),
    (FindingKind.REPORTING, gettext_lazy("Chế độ báo cáo")),
)
STEPS = (gettext_lazy("Đưa văn bản vào"), gettext_lazy("Rà soát"), gettext_lazy("Xác nhận"))


def steps(directive: Any = None) -> list[tuple[Any, str]]:
    review = reverse("directives:review", args=[directive.public_id]) if directive else ""
    return [(STEPS[0], reverse("directives:directive-upload")), (STEPS[1], review), (STEPS[2], "")]


@dataclass(frozen=True)
class Progress:
    total: int
    accepted: int
    dropped: int
    unmatched: int

    @property
    def done(self) -> int:
        return self.accepted + self.dropped


def progress(findings: list[Any]) -> Progress:
    states = [finding.state for finding in findings]
    return Progress(
        total=len(states),
        accepted=states.count(FindingState.ACCEPTED),
        dropped=states.count(FindingState.DROPPED),
        unmatched=sum(bool(f.units.get("unmatched")) and f.state != FindingState.DROPPED for f in findings),
    )


class ReviewPage(ActorPage):
    """Pages of one document under review, for those who may review it."""

    right = "directives.import"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.directive = directive(self.actor, kwargs["public_id"])

    def allowed(self, actor: Any) -> bool:
        return can_review(actor, self.directive)

    def review_url(self, finding: Any = None) -> str:
        url = reverse("directives:review", args=[self.directive.public_id])
        return f"{url}?kind={finding.kind}#f-{finding.pk}" if finding is not None else url

    def finding(self) -> Any:
        return finding(self.actor, self.directive, self.kwargs["pk"])

    def findings(self) -> Any:
        return findings(self.actor, self.directive)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Văn bản chỉ đạo"), reverse("directives:directive-list")),
            (str(self.directive.number or self.directive.type), self.review_url()),
        ]


class Review(ReviewPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.directive.state != DirectiveState.REVIEWING:
            return HttpResponseRedirect(
                reverse("directives:directive-detail", args=[self.directive.public_id])
            )
        found = list(self.findings())
        asked = request.GET.get("kind", "")
        kind = asked if asked in FindingKind.values else FindingKind.TASK
        mine = [one for one in found if one.kind == kind]
        tabs = [(label, f"?kind={key}", sum(one.kind == key for one in found)) for key, label in KIND_TABS]
        file = self.directive.file
        return render(
            request,
            "directives/review/page.html",
            {
                "directive": self.directive,
                "lines": source_lines(self.directive.source_text, mine),
                "cards": cards(self.actor, mine),
                "progress": progress(found),
                "kind": kind,
                "kinds": KIND_TABS,
                "tabs": tabs,
                "current": f"?kind={kind}",
                "steps": steps(self.directive),
                "file_url": reverse("files:download", args=[file.public_id]) if file else "",
                **self.frame(),
            },
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return super().breadcrumbs()[:1]


class FindingAct(ReviewPage):
    """One press of a button on a card."""

    def act(self, finding: Any) -> Any:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The card alone, when a form on it is given up."""
        finding = self.finding()
        if not request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.review_url(finding))
        return self.card(finding)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        finding = self.finding()
        try:
            with transaction.atomic():
                self.act(finding)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            if request.htmx:  # type: ignore[attr-defined]
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if not request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.review_url(finding))
        return self.card(self.finding())

    def card(self, finding: Any) -> HttpResponse:
        context = {
            "directive": self.directive,
            "card": cards(self.actor, [finding])[0],
            "progress": progress(list(self.findings())),
            "out_of_band": True,
        }
        return render(self.request, "directives/review/_card.html", context)


class AcceptFinding(FindingAct):
    def act(self, finding: Any) -> Any:
        return actions.accept_finding(by=self.actor, finding=finding, now=timezone.localtime())


class DropFinding(FindingAct):
    def act(self, finding: Any) -> Any:
        reason = self.request.POST.get("reason", "")[:500]
        return actions.drop_finding(by=self.actor, finding=finding, reason=reason, now=timezone.localtime())


class RestoreFinding(FindingAct):
    def act(self, finding: Any) -> Any:
        return actions.restore_finding(by=self.actor, finding=finding, now=timezone.localtime())


class FindingForm(FindingAct):
    """A form that stands in the place of the card, or on a page of its own without htmx."""

    form_title: Any = ""
    submit_label: Any = gettext_lazy("Lưu và nhận")

    def make(self, finding: Any, data: Any = None) -> Any:
        raise NotImplementedError

    def send(self, finding: Any, form: Any) -> Any:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        finding = self.finding()
        return self.show(finding, self.make(finding))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        finding = self.finding()
        form = self.make(finding, request.POST)
        if not form.is_valid():
            return self.show(finding, form)
        try:
            with transaction.atomic():
                self.send(finding, form)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self.show(finding, form)
        return self.done(finding)

    def done(self, finding: Any) -> HttpResponse:
        if not self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.review_url(finding))
        return self.card(self.finding())

    def show(self, finding: Any, form: Any) -> HttpResponse:
        inline = self.request.htmx  # type: ignore[attr-defined]
        context = {
            "directive": self.directive,
            "card": _bare_card(finding),
            "form": form,
            "form_title": self.form_title,
            "form_url": self.request.path,
            "card_url": reverse("directives:finding-card", args=[self.directive.public_id, finding.pk]),
            "back_url": self.review_url(finding),
            "submit_label": self.submit_label,
            "source_lines": _lines_of(self.directive, finding.start_line, finding.end_line),
        }
        template = "directives/review/_form.html" if inline else "directives/review/form_page.html"
        return render(self.request, template, context if inline else context | self.frame())


class EditFinding(FindingForm):
    form_title = gettext_lazy("Sửa nội dung")

    def make(self, finding: Any, data: Any = None) -> Any:
        form_class = FORMS[finding.kind]
        prefix = f"f{finding.pk}"
        initial = form_class.values(finding.data, finding.units)
        return form_class(data, actor=self.actor, initial=initial, prefix=prefix)

    def send(self, finding: Any, form: Any) -> Any:
        return actions.edit_finding(
            by=self.actor,
            finding=finding,
            data=form.shape(form.cleaned_data),
            units=form.chosen(form.cleaned_data),
            now=timezone.localtime(),
        )


class SplitFinding(FindingForm):
    form_title = gettext_lazy("Tách nội dung")
    submit_label = gettext_lazy("Tách")

    def make(self, finding: Any, data: Any = None) -> Any:
        text = finding.data.get("text") or finding.data.get("what") or ""
        initial = {"parts": text.replace("; ", ";\n")}
        return SplitForm(data, initial=initial, prefix=f"f{finding.pk}")

    def send(self, finding: Any, form: Any) -> Any:
        return actions.split_finding(
            by=self.actor, finding=finding, parts=form.cleaned_data["parts"], now=timezone.localtime()
        )

    def done(self, finding: Any) -> HttpResponse:
        # The list has new cards: the page is drawn again.
        if not self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.review_url(finding))
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})


class AddFinding(FormPage, ReviewPage):
    """Something the reader did not find; `?start=&end=` are the lines that a person picked."""

    template_name = "directives/review/form_page.html"
    submit_label = gettext_lazy("Thêm")
    success_message = gettext_lazy("Đã thêm.")

    @property
    def kind(self) -> str:
        asked = self.request.GET.get("kind", "")
        return asked if asked in FindingKind.values else FindingKind.TASK

    def span(self) -> tuple[int | None, int | None]:
        ends = [self.request.GET.get(name, "") for name in ("start", "end")]
        if not all(end.isdecimal() and len(end) < 7 for end in ends):
            return None, None
        first, last = int(ends[0]), int(ends[1])
        count = self.directive.source_text.count("\n") + 1
        return (first, last) if 1 <= first <= last <= count else (None, None)

    def get_title(self) -> Any:
        return _("Thêm: %(kind)s") % {"kind": FindingKind(self.kind).label.lower()}

    def initial(self, thing: Any) -> dict[str, Any]:
        text = " ".join(" ".join(line.text.split()) for line in _lines_of(self.directive, *self.span()))
        return {"what" if self.kind == FindingKind.REPORTING else "text": text}

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return FORMS[self.kind]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, by: Any, thing: Any, data: dict[str, Any]) -> Any:
        start, end = self.span()
        form = FORMS[self.kind]
        return actions.add_finding(
            by=by,
            directive=self.directive,
            kind=self.kind,
            data=form.shape(data),
            units=form.chosen(data),
            start_line=start,
            end_line=end,
            now=timezone.localtime(),
        )

    def success(self, result: Any) -> str:
        return self.review_url(result)

    def extra_context(self) -> dict[str, Any]:
        return {
            "directive": self.directive,
            "form_title": self.get_title(),
            "form_url": self.request.get_full_path(),
            "back_url": self.review_url(),
            "source_lines": _lines_of(self.directive, *self.span()),
        }


class EditHeader(FormPage, ReviewPage):
    template_name = "directives/review/form_page.html"
    title = gettext_lazy("Sửa thông tin chung")
    form_class = HeaderForm

    def initial(self, thing: Any) -> dict[str, Any]:
        return {name: getattr(self.directive, name) for name in HeaderForm.base_fields}

    def act(self, by: Any, thing: Any, data: dict[str, Any]) -> Any:
        return actions.edit_header(by=by, directive=self.directive, data=data, now=timezone.localtime())

    def success(self, result: Any) -> str:
        return self.review_url()

    def extra_context(self) -> dict[str, Any]:
        return {
            "directive": self.directive,
            "form_title": self.get_title(),
            "form_url": self.request.path,
            "back_url": self.review_url(),
        }


class ReviewAct(ReviewPage):
    """A press of a button about several findings, or about the whole document."""

    http_method_names = ["post"]

    def act(self) -> str:
        """Do it and say so."""
        raise NotImplementedError

    def then(self) -> str:
        return self.request.META.get("HTTP_REFERER") or self.review_url()

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
        return HttpResponseRedirect(self.then())


class AcceptAll(ReviewAct):
    def then(self) -> str:
        kind = self.request.POST.get("kind", "")
        return f"{self.review_url()}?kind={kind}" if kind in FindingKind.values else self.review_url()

    def act(self) -> str:
        kind = self.request.POST.get("kind", "")
        if kind not in FindingKind.values:
            raise Http404
        count = actions.accept_all(
            by=self.actor, directive=self.directive, kind=kind, now=timezone.localtime()
        )
        return _("Đã nhận %(n)d nội dung.") % {"n": count}


class MergeFindings(ReviewAct):
    merged: Any = None

    def then(self) -> str:
        return self.review_url(self.merged)

    def act(self) -> str:
        picked = [key for key in self.request.POST.getlist("finding") if key.isdecimal()][:50]
        findings = list(self.findings().filter(pk__in=picked))
        self.merged = actions.merge_findings(by=self.actor, findings=findings, now=timezone.localtime())
        return _("Đã gộp %(n)d nội dung thành một.") % {"n": len(findings)}


def deadline_preview(request: HttpRequest) -> HttpResponse:
    """What the rules read in the words of a deadline."""
    if not request.actor.can("directives.import"):  # type: ignore[attr-defined]
        raise Http404
    words = next((request.GET[name] for name in request.GET if name.endswith("deadline_words")), "")
    found = parse_deadline(words[:400], today_year=timezone.localdate().year)
    label = "" if found.kind == DeadlineKind.NONE else DeadlineKind(found.kind).label
    context = {"label": label or _("Chưa nhận ra thời hạn"), "due": found.date, "event": found.event}
    return render(request, "directives/review/_deadline.html", context)


def _lines_of(directive: Any, start: int | None, end: int | None) -> list[SourceLine]:
    if not start:
        return []
    return [line for line in source_lines(directive.source_text) if start <= line.number <= (end or start)]


def _bare_card(finding: Any) -> Card:
    """What the form needs of the card that it stands for."""
    return Card(
        finding.pk,
        finding.kind,
        finding.state,
        "",
        "",
        "",
        (),
        (),
        finding.start_line,
        finding.end_line,
        False,
    )
