"""Difficulties: where they lie, answered, passed on."""

from typing import Any

from django.http import HttpRequest

from .. import actions, queries
from .endpoints import Endpoints
from .given import actor_of, now
from .schemas_assignments import DecisionIn, DifficultyOut
from .schemas_shared import NoteIn

endpoints = Endpoints("Khó khăn, vướng mắc")
ONE = "/difficulties/{int:difficulty_id}"


@endpoints.get(
    "/difficulties",
    "directives.view",
    summary="Khó khăn, vướng mắc",
    answer=list[DifficultyOut],
    many=True,
)
def difficulties(request: HttpRequest, is_open: bool | None = None, routed_to_id: int | None = None) -> Any:
    rows = queries.difficulties(actor_of(request), is_open=is_open)
    return rows.filter(routed_to_id=routed_to_id) if routed_to_id else rows


@endpoints.get(ONE, "directives.view", summary="Một khó khăn", answer=DifficultyOut)
def difficulty(request: HttpRequest, difficulty_id: int) -> Any:
    return queries.difficulty(actor_of(request), difficulty_id)


@endpoints.post(f"{ONE}/decide", "directives.accept", summary="Cho ý kiến giải quyết", answer=DifficultyOut)
def decide(request: HttpRequest, difficulty_id: int, data: DecisionIn) -> Any:
    actor = actor_of(request)
    row = queries.difficulty(actor, difficulty_id)
    actions.decide_difficulty(by=actor, difficulty=row, decision=data.decision, now=now())
    return queries.difficulty(actor, difficulty_id)


@endpoints.post(f"{ONE}/forward", "directives.accept", summary="Chuyển lên cấp trên", answer=DifficultyOut)
def forward(request: HttpRequest, difficulty_id: int, data: NoteIn) -> Any:
    actor = actor_of(request)
    row = queries.difficulty(actor, difficulty_id)
    actions.forward_difficulty(by=actor, difficulty=row, note=data.note, now=now())
    # Passed up, it may lie beyond what the actor sees through units; the task that it is about does not.
    return queries.difficulty(actor, difficulty_id)
