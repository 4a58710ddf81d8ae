"""Tasks as their readers see them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from thongsuot.kit.accounts.types import Actor

from .. import permissions
from ..domain.transitions import ASSIGNMENT_ACTS, ASSIGNMENT_STEPS, is_open_to
from ..models import Assignment, Difficulty, ExtensionRequest, ProgressNote, Submission, WorkLog
from ..permissions import among, assignments_visible
from ..types import OPEN_STATES, AssignmentState
from .standing import days_left, timeliness_case

# Long texts that no list shows.
_HEAVY = (
    "search",
    "text_fold",
    "directive__source_text",
    "directive__legal_bases",
    "directive__recipient_words",
)


def _children(**conditions: Any) -> Coalesce:
    rows = Assignment.objects.filter(parent=OuterRef("pk"), **conditions).order_by().values("parent")
    return Coalesce(
        Subquery(rows.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0
    )


def assignments(actor: Actor, *, today: date) -> QuerySet[Assignment]:
    """Tasks the actor may see, by deadline.

    Annotated: timeliness (types.Timeliness), days_left, children_total and children_done (accepted or cancelled
    sub-tasks). Names of units are there by select_related; as annotations they would join each count to the units.
    """
    visible = assignments_visible(actor)
    if actor.reach is not None:
        # Found first and sorted then: the planner would walk all tasks of the province by deadline instead.
        visible = among(Assignment.objects.filter(visible).order_by(), "pk")
    return _annotated(visible, today)


def _annotated(visible: Q, today: date) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(visible)
        .select_related("unit", "assigned_by_unit", "directive", "person", "leader")
        .defer(*_HEAVY)
        .annotate(
            timeliness=timeliness_case(today),
            days_left=days_left(today),
            children_total=_children(),
            children_done=_children(state__in=(AssignmentState.ACCEPTED, AssignmentState.CANCELLED)),
        )
    )


def assignment(actor: Actor, public_id: uuid.UUID | str, *, today: date) -> Assignment:
    """One task with the same annotations; Http404 when it is not the actor's to see."""
    rows = _annotated(assignments_visible(actor), today)
    rows = rows.select_related("parent", "parent__unit", "finding")
    return get_object_or_404(rows, public_id=public_id)


def children(actor: Actor, parent: Assignment, *, today: date) -> QuerySet[Assignment]:
    """Sub-tasks that the actor may see, by unit."""
    rows = _annotated(assignments_visible(actor), today).filter(parent=parent)
    return rows.order_by("unit__sort_key", "id")


def open_children(parent: Assignment) -> QuerySet[Assignment]:
    """Sub-tasks that stand in the way of accepting the task."""
    rows = Assignment.objects.filter(parent=parent, state__in=(*OPEN_STATES, AssignmentState.PAUSED))
    return rows.select_related("unit").order_by("unit__sort_key", "id")


@dataclass(frozen=True)
class StoryLine:
    """One thing that was done. `verb` is a key of actions.stories.VERBS; `who` is "" for the system."""

    at: datetime
    verb: str
    detail: str
    who: str
    unit_name: str


@dataclass(frozen=True)
class AssignmentStory:
    """All that belongs to a task, newest first."""

    log: list[StoryLine]
    notes: list[ProgressNote]
    submissions: list[Submission]
    extensions: list[ExtensionRequest]
    difficulties: list[Difficulty]
    coordinators: list[Any]

    @property
    def pending_submission(self) -> Submission | None:
        return next((s for s in self.submissions if s.state == "pending"), None)

    @property
    def pending_extension(self) -> ExtensionRequest | None:
        return next((e for e in self.extensions if e.state == "pending"), None)


def assignment_story(actor: Actor, assignment: Assignment) -> AssignmentStory:
    """The whole history of a task that the actor has been shown; a fixed number of queries."""
    log = WorkLog.objects.filter(assignment=assignment).values_list(
        "at", "verb", "detail", "by__full_name", "by_unit__name"
    )
    return AssignmentStory(
        log=[StoryLine(at, verb, detail, who or "", unit or "") for at, verb, detail, who, unit in log],
        notes=list(assignment.notes.select_related("by", "file")),
        submissions=list(assignment.submissions.select_related("submitted_by", "decided_by", "file")),
        extensions=list(assignment.extensions.select_related("requested_by", "decided_by")),
        difficulties=list(
            assignment.difficulties.select_related("raised_by_unit", "raised_by", "routed_to", "decided_by")
        ),
        coordinators=[
            c.unit for c in assignment.coordinators.select_related("unit").order_by("unit__sort_key", "id")
        ],
    )


# Which rule of permissions opens which step.
_RULES = {
    "start": permissions.can_work_on,
    "report": permissions.can_work_on,
    "submit": permissions.can_work_on,
    "confirm_period": permissions.can_work_on,
    "difficulty": permissions.can_work_on,
    "extend": permissions.can_work_on,
    "accept": permissions.can_accept,
    "return": permissions.can_accept,
    "pause": permissions.can_manage,
    "resume": permissions.can_manage,
    "cancel": permissions.can_manage,
    "hand_down": permissions.can_hand_down,
    "set_people": permissions.can_hand_down,
    "event": permissions.can_record_event,
}


def open_steps(actor: Actor, assignment: Assignment) -> frozenset[str]:
    """Names of what the actor may do to the task now: the buttons of its page.

    "start", "report", "confirm_period", "submit", "accept", "return", "extend", "decide_extension",
    "difficulty", "hand_down", "set_people", "event", "pause", "resume", "cancel".
    """
    verbs = [*ASSIGNMENT_STEPS, *ASSIGNMENT_ACTS]
    found = {v for v in verbs if is_open_to(assignment.state, v) and _RULES[v](actor, assignment)}
    if assignment.deadline_kind != "event" or assignment.event_occurred_on is not None:
        found.discard("event")
    if assignment.deadline_kind not in ("ongoing", "recurring"):
        found.discard("confirm_period")
    pending = assignment.extensions.filter(state="pending").exists()
    if pending:
        found.discard("extend")
        if permissions.can_accept(actor, assignment):
            found.add("decide_extension")
    return frozenset(found)


def work_log(actor: Actor) -> QuerySet[WorkLog]:
    """What was done to the tasks that the actor may see, newest first."""
    rows = WorkLog.objects.select_related("assignment", "by", "by_unit").defer(
        "assignment__search", "assignment__text_fold"
    )
    visible = Assignment.objects.filter(assignments_visible(actor)).order_by()
    return (
        rows
        if actor.reach is None and actor.can("directives.view_unit")
        else rows.filter(assignment__in=visible)
    )


def changed_recently(actor: Actor, since: datetime) -> QuerySet[WorkLog]:
    """The same since a moment; by other people than the actor."""
    return work_log(actor).filter(at__gte=since).exclude(by_id=actor.user_id)
