"""One assessment: the school fills it in, the commune looks through, the team scores beside it, the school answers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.pages.views import ActorPage, PageLink

from .. import actions, permissions, queries
from ..domain.scoring import Answer
from ..types import OPEN_STATES, AssessmentState, ItemKind, WrongAnswer
from .forms import EvidenceForm, MinutesForm, NoteForm, ReasonForm, VisitForm
from .words import LEVEL_TONES, STATE_TONES, number, points_words, timeline

EVIDENCE = "maturity.evidence"


class SheetBase(ActorPage):
    right = "maturity.view"

    @cached_property
    def assessment(self) -> Any:
        found = queries.assessment(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def url(self) -> str:
        return reverse("maturity:assessment-detail", args=[self.kwargs["public_id"]])

    def get_title(self) -> Any:
        return self.assessment.unit.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Phiếu đánh giá"), reverse("maturity:assessment-list"))]

    # -- what the actor may do now ----------------------------------------------------------------

    @cached_property
    def may(self) -> dict[str, bool]:
        row, actor = self.assessment, self.actor
        state = row.state
        fills, submits = permissions.can_fill(actor, row), permissions.can_submit(actor, row)
        scores = state == AssessmentState.EXTERNAL and permissions.can_score(actor, row)
        assesses = permissions.can_assess(actor)
        held_by_commune = state == AssessmentState.SUBMITTED and permissions.can_forward(actor, row)
        return {
            "fill": fills and state in OPEN_STATES,
            "submit": submits and state in OPEN_STATES,
            "forward": held_by_commune,
            "return": held_by_commune or (assesses and state == AssessmentState.FORWARDED),
            "score": scores,
            "propose": scores,
            "conclude": scores and row.proposed_at is not None,
            "reply": fills and state == AssessmentState.PROPOSED,
            "agree": submits and state == AssessmentState.PROPOSED,
        }

    def sheet(self) -> queries.Sheet:
        return queries.sheet(self.assessment, today=timezone.localdate())

    def line_context(self, line: queries.Line, said: str = "", error: str = "") -> dict[str, Any]:
        return {
            "line": line,
            "item": line.item,
            "assessment": self.assessment,
            "may": self.may,
            "fields": fields_of(line.item, line.external if self.may["score"] else line.own),
            "own_words": words_of(line.item, line.own),
            "known_words": words_of(line.item, line.known.answer(line.item)) if line.known else "",
            "external_words": words_of(line.item, line.external) if line.external_row else "",
            "said": said,
            "error": error,
            "rows_url": self.rows_url(line),
        }

    def rows_url(self, line: queries.Line) -> str:
        known = line.known
        if known is None or not known.code or not self.actor.can("indicators.view"):
            return ""
        address = reverse("indicators:unit", args=[known.code, self.assessment.unit_id])
        return f"{address}?ngay={known.as_of:%Y-%m-%d}"

    def summary(self, sheet: queries.Sheet) -> dict[str, Any]:
        shown = sheet.external if self.may["score"] else sheet.own
        total = len(sheet.lines)
        done = total - len(sheet.external_left) if self.may["score"] else sheet.answered_count
        row = self.assessment
        show_external = row.external_level is not None and (
            row.state not in (AssessmentState.EXTERNAL,) or self.may["score"]
        )
        return {
            "sheet": sheet,
            "score": shown,
            "tone": LEVEL_TONES.get(shown.level, "quiet"),
            "groups": [
                (one.group, number(one.points), number(one.group.max), one.level) for one in shown.groups
            ],
            "total": number(shown.points) if sheet.rubric.combination == "sum" else "",
            "done": done,
            "item_count": total,
            "plan": None if self.may["score"] else sheet.plan,
            "plan_name": sheet.rubric.level_name(sheet.plan.level) if sheet.plan else "",
            "assessment": row,
            "external_points": points_words(row.external_points) if show_external else "",
            "show_external": show_external,
            "may": self.may,
        }


def fields_of(item: Any, answer: Answer) -> list[dict[str, Any]]:
    """The number fields of an item: name, label, value."""
    if item.kind == ItemKind.RATIO:
        return [
            {"name": "numerator", "label": item.numerator, "value": plain(answer.numerator)},
            {"name": "denominator", "label": item.denominator, "value": plain(answer.denominator)},
        ]
    if item.kind in (ItemKind.COUNT, ItemKind.GRADED):
        label = item.numerator if item.kind == ItemKind.COUNT else _("Điểm")
        return [{"name": "amount", "label": label, "value": plain(answer.amount)}]
    return []


def plain(value: Decimal | None) -> str:
    return number(value).replace(",", ".") if value is not None else ""


def words_of(item: Any, answer: Answer) -> str:
    """An answer in words: "Có", "7/20 (35 %)", "41 học liệu"."""
    if item.kind == ItemKind.RATIO:
        if answer.numerator is None or answer.denominator is None:
            return ""
        share = f" ({number((answer.numerator * 100 / answer.denominator).quantize(Decimal('0.01')))} %)"
        return f"{number(answer.numerator)}/{number(answer.denominator)}{share if answer.denominator else ''}"
    if item.kind in (ItemKind.COUNT, ItemKind.GRADED):
        return number(answer.amount) if answer.amount is not None else ""
    return "" if answer.yes is None else (_("Có") if answer.yes else _("Không"))


class SheetPage(SheetBase):
    template_name = "maturity/sheet.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        row, sheet, given = self.assessment, self.sheet(), forms or {}
        recognised = queries.recognition_of(self.actor, row.pk)
        last = queries.last_appeal_day(recognised) if recognised else None
        context = {
            **self.summary(sheet),
            "parts": self.parts(sheet),
            "state_tone": STATE_TONES.get(row.state, "quiet"),
            "story": timeline(queries.story(row)),
            "visits": queries.visits(row),
            "team_people": queries.team_people(row),
            "differences": [self.line_context(line) for line in sheet.differences]
            if row.state != AssessmentState.EXTERNAL or self.may["score"]
            else [],
            "recognised": recognised,
            "appeal_until": last if last and permissions.can_submit(self.actor, row) else None,
            "appeal_open": bool(last and timezone.localdate() <= last),
            "self_points": points_words(row.self_points),
            "past_levels": queries.past_levels(row),
            "today": timezone.localdate(),
            "note_form": given.get("forward") or NoteForm(),
            "return_form": given.get("return") or ReasonForm(prefix="return"),
            "conclude_form": given.get("conclude") or ReasonForm(prefix="conclude"),
            "visit_form": given.get("visit") or VisitForm(),
            "minutes_form": given.get("minutes") or MinutesForm(prefix="minutes"),
            "links": [
                PageLink(
                    _("Bộ chỉ số"),
                    reverse("maturity:rubric-detail", args=[row.rubric.public_id]),
                    "list-details",
                )
            ],
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def parts(self, sheet: queries.Sheet) -> list[dict[str, Any]]:
        return [
            {
                "group": part.group,
                "points": number(part.points),
                "max": number(part.group.max),
                "criteria": [
                    {
                        "criterion": one.criterion,
                        "points": number(one.points),
                        "max": number(one.criterion.max),
                        "level": one.level,
                        "lines": [self.line_context(line) for line in one.lines],
                    }
                    for one in part.criteria
                ],
            }
            for part in sheet.groups
        ]


class ItemAct(SheetBase):
    """POST .../muc/<code>/<act>/ : one line kept; htmx gets the line and the summary, others go back to the page."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act = ITEM_ACTS.get(kwargs["act"])
        if act is None:
            raise Http404
        said, error = "", ""
        try:
            with transaction.atomic():
                said = act(self, kwargs["code"])
        except NotAllowed:
            raise
        except Refused as refused:
            error = refused.message
        if not request.htmx:  # type: ignore[attr-defined]
            if error:
                messages.error(request, error)
            return HttpResponseRedirect(f"{self.url()}#muc-{kwargs['code']}")
        return self.answer(kwargs["code"], said, error)

    def answer(self, code: str, said: str, error: str) -> HttpResponse:
        sheet = self.sheet()
        line = sheet.lines.get(code)
        if line is None:
            raise Http404
        parts = render_to_string(
            "maturity/_line.html", self.line_context(line, said, error), request=self.request
        ) + render_to_string(
            "maturity/_summary.html", {**self.summary(sheet), "oob": True}, request=self.request
        )
        return HttpResponse(parts, status=200)

    @property
    def given(self) -> dict[str, Any]:
        return {"by": self.actor, "assessment": self.assessment, "now": timezone.now()}


def _number(text: str, name: str) -> Decimal | None:
    words = text.strip().replace(" ", "").replace(",", ".")
    if not words:
        return None
    try:
        return Decimal(words)
    except InvalidOperation as error:
        raise WrongAnswer(_("“%(text)s” không phải là số.") % {"text": text[:20]}, field=name) from error


def read_answer(data: Any) -> Answer:
    """What the fields of a line say."""
    return Answer(
        yes={"yes": True, "no": False}.get(data.get("yes", "")),
        amount=_number(data.get("amount", ""), "amount"),
        numerator=_number(data.get("numerator", ""), "numerator"),
        denominator=_number(data.get("denominator", ""), "denominator"),
    )


def _save(view: ItemAct, code: str) -> str:
    data = view.request.POST
    answer = read_answer(data)
    write = actions.score_item if view.may["score"] else actions.answer_item
    write(**view.given, item=code, answer=answer, note=data.get("note", "")[:5000])
    return _("Đã lưu")


def _take(view: ItemAct, code: str) -> str:
    actions.take_figure(**view.given, item=code)
    return _("Đã lấy số của hệ thống")


def _prove(view: ItemAct, code: str) -> str:
    form = EvidenceForm(view.request.POST, view.request.FILES)
    if not form.is_valid():
        raise WrongAnswer("; ".join(str(e) for errors in form.errors.values() for e in errors))
    said = form.cleaned_data
    if not view.may["fill"]:
        raise NotAllowed(_("Chỉ đơn vị được đánh giá mới thêm minh chứng."))
    file = kept(view.actor, said["file"], view.assessment.unit_id)
    actions.add_evidence(**view.given, item=code, title=said["title"], url=said["url"], file=file)
    return _("Đã thêm minh chứng")


def _unprove(view: ItemAct, code: str) -> str:
    line = view.sheet().lines.get(code)
    wanted = view.request.POST.get("evidence", "")
    proof = next((p for p in line.proofs if str(p.row.public_id) == wanted), None) if line else None
    if proof is None:
        raise Http404
    actions.remove_evidence(by=view.actor, evidence=proof.row)
    return _("Đã bỏ minh chứng")


def _reply(view: ItemAct, code: str) -> str:
    actions.reply(**view.given, item=code, text=view.request.POST.get("text", "")[:5000])
    return _("Đã ghi ý kiến")


ITEM_ACTS = {"luu": _save, "lay-so": _take, "minh-chung": _prove, "bo-minh-chung": _unprove, "y-kien": _reply}


def kept(actor: Actor, upload: Any, unit_id: int) -> Any:
    """The stored file for the unit, or None where nothing was attached."""
    if not upload:
        return None
    return store_upload(by=actor, upload=upload, owner_unit_id=unit_id, kind=EVIDENCE)
