"""One assignment: its six clear points, its sub-tasks, its story, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from ..permissions import can_decide_difficulty, can_see_directive
from ..queries.assignments import assignment, assignment_story, children, open_steps
from ..types import OPEN_STATES
from .forms import assignments as forms
from .story import entries
from .words import TONES, Act, Button, days_words, timeliness_label


class AssignmentBase(ActorPage):
    right = "directives.view"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()

    @property
    def assignment(self) -> Any:
        if not hasattr(self, "_assignment"):
            self._assignment = assignment(self.actor, self.kwargs["public_id"], today=self.today)
        return self._assignment

    def url(self) -> str:
        return reverse("directives:assignment-detail", args=[self.assignment.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nhiệm vụ"), reverse("directives:assignment-list"))]


class AssignmentDetail(AssignmentBase):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        """`refused`: {key of an act: its form with errors}, shown open."""
        thing = self.assignment
        steps = open_steps(self.actor, thing)
        story = assignment_story(self.actor, thing)
        below = _tree(self.actor, thing, self.today)
        is_open = thing.state in OPEN_STATES
        context = {
            "assignment": thing,
            "timeliness": thing.timeliness,
            "timeliness_label": timeliness_label(thing.timeliness),
            "days_words": days_words(thing.due_on, self.today, is_open=is_open),
            "coordinators": "; ".join(unit.name for unit in story.coordinators),
            "directive_url": _directive_url(self.actor, thing),
            "parent_url": _parent_url(self.actor, thing, self.today),
            "siblings_url": _siblings_url(thing),
            "tree": below,
            "roll_up": {"total": thing.children_total, "done": thing.children_done},
            "waiting": _waiting(thing, story),
            "submissions": story.submissions,
            "difficulties": [
                {
                    "thing": one,
                    "can_decide": _decidable(self.actor, one),
                    "can_forward": _decidable(self.actor, one),
                }
                for one in story.difficulties
            ],
            "extensions": story.extensions,
            "story": entries(story),
            "acts": acts(self.actor, thing, steps, story, refused or {}),
        }
        return render(
            self.request, "directives/assignment/detail.html", context | self.frame(), status=status
        )


def _decidable(actor: Actor, difficulty: Any) -> bool:
    return difficulty.decided_at is None and can_decide_difficulty(actor, difficulty)


def _directive_url(actor: Actor, thing: Any) -> str:
    if thing.directive is None or not can_see_directive(actor, thing.directive):
        return ""
    return reverse("directives:directive-detail", args=[thing.directive.public_id])


def _siblings_url(thing: Any) -> str:
    if thing.directive is None:
        return ""
    return f"{reverse('directives:assignment-list')}?directive={thing.directive.public_id}"


def _parent_url(actor: Actor, thing: Any, today: date) -> str:
    from ..permissions import can_see_assignment

    if thing.parent is None or not can_see_assignment(actor, thing.parent):
        return ""
    return reverse("directives:assignment-detail", args=[thing.parent.public_id])


@dataclass
class Node:
    """A sub-task in the tree."""

    url: str
    unit_name: str
    person: str
    text: str
    timeliness: str
    timeliness_label: str
    progress: int
    due_on: date | None
    children: list[Node] = field(default_factory=list)
    is_here: bool = False


# Below this the reader opens the sub-task and reads on from there.
TREE_DEPTH = 2


def _tree(actor: Actor, thing: Any, today: date) -> list[Node]:
    """Sub-tasks two levels deep: one query for each level."""
    if not thing.children_total:
        return []
    from ..queries.assignments import assignments

    first: list[Any] = list(children(actor, thing, today=today))
    second = assignments(actor, today=today).filter(parent__in=[row.pk for row in first])
    below: dict[int | None, list[Node]] = {}
    if any(row.children_total for row in first):
        for row in second.order_by("unit__sort_key", "id"):
            below.setdefault(row.parent_id, []).append(_node(row, thing.text))
    nodes = []
    for row in first:
        node = _node(row, thing.text)
        node.children = below.get(row.pk, [])
        nodes.append(node)
    return nodes


def _node(row: Any, above: str) -> Node:
    return Node(
        url=reverse("directives:assignment-detail", args=[row.public_id]),
        unit_name=row.unit.name,
        person=row.person.full_name if row.person else "",
        # Handed on word for word, it need not be read again at every school.
        text="" if row.text == above else row.text,
        timeliness=row.timeliness,
        timeliness_label=timeliness_label(row.timeliness),
        progress=row.progress,
        due_on=row.due_on,
    )


def _waiting(thing: Any, story: Any) -> list[dict[str, Any]]:
    """What stands still until somebody decides."""
    found = []
    if story.pending_submission:
        words = _("%(who)s đã nộp sản phẩm, chờ %(unit)s nghiệm thu.") % {
            "who": thing.unit.name,
            "unit": thing.assigned_by_unit.name,
        }
        found.append({"tone": "info", "title": _("Chờ nghiệm thu"), "text": words})
    if story.pending_extension:
        words = _("Xin đổi hạn sang %(day)s. Lý do: %(reason)s") % {
            "day": story.pending_extension.new_due_on.strftime("%d/%m/%Y"),
            "reason": story.pending_extension.reason,
        }
        found.append({"tone": "warning", "title": _("Đang xin gia hạn"), "text": words})
    returned = next((one for one in story.submissions if one.state == "returned"), None)
    if thing.state == "returned" and returned:
        found.append({"tone": "error", "title": _("Bị trả lại"), "text": returned.decision_note})
    return found


@dataclass(frozen=True)
class Offer:
    """How an act looks: its form is made by `make(actor, assignment, story, data, files)`."""

    label: Any
    icon: str
    make: Callable[..., Any] | None = None
    buttons: tuple[Button, ...] = ()
    css: str = ""
    question: Any = ""


def _people(thing: Any) -> dict[str, Any]:
    people = organization.people_at(thing.unit_id).order_by("full_name")
    leaders = organization.leaders_of(thing.unit_id).order_by("full_name")
    return {
        "people": [(person.pk, person.full_name) for person in people],
        "leaders": [(person.pk, person.full_name) for person in leaders],
    }


def _hand_down(actor: Actor, thing: Any, data: Any, files: Any) -> Any:
    initial = {"text": thing.text, "product": thing.product, "due_on": thing.due_on}
    return forms.HandDownForm(data, actor=actor, initial=initial, prefix="hand")


def _set_people(actor: Actor, thing: Any, data: Any, files: Any) -> Any:
    initial = {"person": thing.person_id, "leader": thing.leader_id}
    return forms.PersonForm(data, initial=initial, prefix="people", **_people(thing))


def _simple(form_class: Any, prefix: str, **initial: Any) -> Callable[..., Any]:
    def make(actor: Actor, thing: Any, data: Any, files: Any) -> Any:
        said = {name: getattr(thing, source) for name, source in initial.items()}
        return form_class(data, files, initial=said, prefix=prefix)

    return make


SEND = gettext_lazy("Gửi")
SAVE = gettext_lazy("Lưu")
# In the order in which they stand on the page; the keys are those of queries.assignments.open_steps.
OFFERS: dict[str, Offer] = {
    "start": Offer(gettext_lazy("Bắt đầu thực hiện"), "player-play", css="btn-primary"),
    "decide": Offer(
        gettext_lazy("Nghiệm thu hoặc trả lại"),
        "clipboard-check",
        _simple(forms.NoteForm, "decide"),
        (
            Button(gettext_lazy("Nghiệm thu"), "accept", "btn-success"),
            Button(gettext_lazy("Trả lại"), "return", "btn-warning"),
        ),
    ),
    "decide_extension": Offer(
        gettext_lazy("Quyết định gia hạn"),
        "calendar-time",
        None,
        (
            Button(gettext_lazy("Đồng ý"), "grant", "btn-success"),
            Button(gettext_lazy("Không đồng ý"), "refuse", "btn-warning"),
        ),
    ),
    "report": Offer(
        gettext_lazy("Cập nhật tiến độ"),
        "progress",
        _simple(forms.ProgressForm, "report", percent="progress"),
        (Button(SAVE),),
    ),
    "confirm_period": Offer(
        gettext_lazy("Xác nhận kỳ này"), "repeat", _simple(forms.PeriodForm, "period"), (Button(SEND),)
    ),
    "submit": Offer(
        gettext_lazy("Nộp sản phẩm, kết quả"),
        "file-check",
        _simple(forms.EvidenceForm, "submit"),
        (Button(gettext_lazy("Nộp")),),
    ),
    "hand_down": Offer(
        gettext_lazy("Giao xuống cấp dưới"), "hierarchy", _hand_down, (Button(gettext_lazy("Giao")),)
    ),
    "set_people": Offer(gettext_lazy("Phân công người"), "user-check", _set_people, (Button(SAVE),)),
    "difficulty": Offer(
        gettext_lazy("Nêu khó khăn, kiến nghị"),
        "alert-triangle",
        _simple(forms.DifficultyForm, "difficulty"),
        (Button(SEND),),
    ),
    "extend": Offer(
        gettext_lazy("Xin gia hạn"), "calendar-time", _simple(forms.ExtensionForm, "extend"), (Button(SEND),)
    ),
    "event": Offer(
        gettext_lazy("Ghi nhận điều kiện đã xảy ra"),
        "flag",
        _simple(forms.EventForm, "event"),
        (Button(SAVE),),
    ),
    "pause": Offer(
        gettext_lazy("Tạm dừng"), "player-pause", _simple(forms.ReasonForm, "pause"), (Button(SAVE),)
    ),
    "resume": Offer(
        gettext_lazy("Tiếp tục thực hiện"),
        "player-play",
        _simple(forms.ReasonForm, "resume"),
        (Button(SAVE),),
    ),
    "cancel": Offer(
        gettext_lazy("Hủy nhiệm vụ"),
        "ban",
        _simple(forms.ReasonForm, "cancel"),
        (Button(gettext_lazy("Hủy nhiệm vụ"), "", "btn-danger"),),
    ),
}
FIRST_OPEN = ("decide", "decide_extension")


def offered(steps: frozenset[str]) -> list[str]:
    """Keys of OFFERS for the steps that are open: accepting and returning are one form."""
    found = set(steps)
    if {"accept", "return"} & found:
        found.add("decide")
    return [key for key in OFFERS if key in found]


def make_form(key: str, actor: Actor, thing: Any, story: Any, data: Any = None, files: Any = None) -> Any:
    if key == "decide_extension":
        pending = story.pending_extension if story else None
        initial = {"granted_due_on": pending.new_due_on} if pending else {}
        return forms.ExtensionDecisionForm(data, initial=initial, prefix="grant")
    make = OFFERS[key].make
    return make(actor, thing, data, files) if make else None


def acts(actor: Actor, thing: Any, steps: frozenset[str], story: Any, refused: dict[str, Any]) -> list[Act]:
    made = []
    for key in offered(steps):
        offer = OFFERS[key]
        form = refused.get(key) or make_form(key, actor, thing, story)
        made.append(
            Act(
                key=key,
                label=offer.label,
                icon=offer.icon,
                url=reverse("directives:assignment-act", args=[thing.public_id, key]),
                form=form,
                buttons=offer.buttons,
                css=offer.css,
                question=offer.question,
                is_open=key in refused or key in FIRST_OPEN,
            )
        )
    return made


__all__ = ["TONES", "AssignmentBase", "AssignmentDetail", "acts", "make_form", "offered"]
