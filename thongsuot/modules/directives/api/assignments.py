"""Tasks: lists, one with its story, new ones, what belongs to them."""

from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.queries import describe
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..permissions import can_see_assignment
from ..types import AssignmentState, DeadlineKind, Timeliness
from .endpoints import Endpoints
from .given import actor_of, known_units, now, today
from .schemas_assignments import AssignmentDetailOut, AssignmentIn, AssignmentOut, LogOut
from .values import Day, Key, Search

endpoints = Endpoints("Nhiệm vụ")
ONE = "/assignments/{uuid:public_id}"
STORY = ("log", "notes", "submissions", "extensions", "difficulties", "coordinators")
READ_APART = ("id", "parent_id", "open_steps", *STORY)


class Sort(StrEnum):
    """Thứ tự; dấu trừ là ngược lại."""

    DUE = "due_on"
    DUE_LAST = "-due_on"
    ACTIVE = "last_activity_at"
    ACTIVE_LAST = "-last_activity_at"
    ASSIGNED = "assigned_on"
    ASSIGNED_LAST = "-assigned_on"
    UNIT = "unit"
    SECTION = "section"


class Mine(StrEnum):
    PERSON = "person"
    LEADER = "leader"
    GIVEN = "given"


class Level(StrEnum):
    TOP = "top"
    SUB = "sub"


MINE = {Mine.PERSON: "person_id", Mine.LEADER: "leader_id", Mine.GIVEN: "assigned_by_id"}


class AssignmentFilters(Schema):
    q: Search = Field("", description="Từ trong việc, sản phẩm, nhóm nhiệm vụ; không cần dấu")
    timeliness: list[Timeliness] = Field([], description="Tình trạng so với hạn")
    state: list[AssignmentState] = Field([])
    deadline_kind: list[DeadlineKind] = Field([])
    directive_id: UUID | None = None
    parent_id: UUID | None = None
    unit_id: Key | None = Field(None, description="Đơn vị chủ trì")
    below: Key | None = Field(None, description="Đơn vị này và mọi đơn vị cấp dưới")
    assigned_by_unit_id: Key | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    changed_since: datetime | None = Field(None, description="Có thay đổi từ thời điểm này, để đồng bộ")
    mine: Mine | None = None
    level: Level | None = Field(None, description="top: không có cấp trên; sub: được giao xuống")
    sort: Sort = Sort.DUE


def narrowed(actor: Actor, rows: QuerySet[Any], asked: AssignmentFilters) -> QuerySet[Any]:
    """By plain conditions, so that indexes serve."""
    plain: dict[str, Any] = {
        "directive__public_id": asked.directive_id,
        "parent__public_id": asked.parent_id,
        "unit_id": asked.unit_id,
        "assigned_by_unit_id": asked.assigned_by_unit_id,
        "due_on__gte": asked.due_from,
        "due_on__lte": asked.due_to,
        "last_activity_at__gte": asked.changed_since,
        "state__in": asked.state or None,
        "deadline_kind__in": asked.deadline_kind or None,
    }
    rows = queries.matching(rows, asked.q).filter(**{k: v for k, v in plain.items() if v is not None})
    if asked.timeliness:
        conditions = queries.timeliness_filters(today())
        rows = rows.filter(reduce(or_, (conditions[one] for one in asked.timeliness)))
    if asked.below:
        rows = rows.filter(unit_id__in=organization.unit_ids_below(asked.below))
    if asked.mine:
        rows = rows.filter(**{MINE[asked.mine]: actor.user_id})
    if asked.level:
        rows = rows.filter(parent__isnull=asked.level is Level.TOP)
    return rows


def ordered(rows: QuerySet[Any], sort: Sort) -> QuerySet[Any]:
    column = "unit__sort_key" if sort is Sort.UNIT else sort.value
    return rows.order_by(column, "-pk" if column.startswith("-") else "pk")


def with_parent(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Adds the public id of the task above, where the actor may see that one too."""
    above = queries.assignments(actor, today=today()).filter(pk=OuterRef("parent_id")).order_by()
    return rows.annotate(parent_public_id=Subquery(above.values("public_id")[:1]))


def one(actor: Actor, public_id: UUID) -> Any:
    """The task; Http404 when it is not the actor's to see."""
    return queries.assignment(actor, public_id, today=today())


def made_rows(actor: Actor, made: list[Any]) -> list[Any]:
    """New tasks as the list shows them."""
    rows = queries.assignments(actor, today=today()).filter(pk__in=[row.pk for row in made])
    return list(with_parent(actor, rows.order_by("pk")))


def detail(actor: Actor, public_id: UUID) -> dict[str, Any]:
    """The task with its whole story, read again after each step."""
    row = one(actor, public_id)
    above = row.parent if row.parent and can_see_assignment(actor, row.parent) else None
    story = queries.assignment_story(actor, row)
    # Who sees the task may know the name of what was handed in, whoever owns the file.
    filed: list[Any] = [*story.notes, *story.submissions]
    files = describe(thing.file_id for thing in filed)
    for thing in filed:
        thing.attached = files.get(thing.file_id)
    shown = {name: getattr(row, name) for name in AssignmentDetailOut.model_fields if name not in READ_APART}
    shown |= {name: getattr(story, name) for name in STORY}
    steps = sorted(queries.open_steps(actor, row))
    return shown | {"id": row.public_id, "parent_id": above.public_id if above else None, "open_steps": steps}


@endpoints.get(
    "/assignments",
    "directives.view",
    summary="Nhiệm vụ mà chủ khoá được thấy",
    answer=list[AssignmentOut],
    many=True,
)
def assignments(request: HttpRequest, filters: Query[AssignmentFilters]) -> Any:
    actor = actor_of(request)
    rows = narrowed(actor, queries.assignments(actor, today=today()), filters)
    return with_parent(actor, ordered(rows, filters.sort))


@endpoints.post(
    "/assignments",
    "directives.assign",
    summary="Giao nhiệm vụ không có trong văn bản, hoặc thêm vào một văn bản",
    answer=list[AssignmentOut],
    status=201,
)
def create(request: HttpRequest, data: AssignmentIn) -> Any:
    actor = actor_of(request)
    apart = {"directive_id", "unit_ids", "coordinating_ids", "period", "deadline_kind"}
    made = actions.create_assignment(
        by=actor,
        directive=queries.directive(actor, data.directive_id) if data.directive_id else None,
        unit_ids=known_units(data.unit_ids, "unit_ids"),
        coordinating_ids=known_units(data.coordinating_ids, "coordinating_ids"),
        period=data.period.value if data.period else "",
        deadline_kind=data.deadline_kind.value,
        now=now(),
        **data.model_dump(exclude=apart),
    )
    return made_rows(actor, made)


@endpoints.get(ONE, "directives.view", summary="Một nhiệm vụ với toàn bộ lịch sử", answer=AssignmentDetailOut)
def assignment(request: HttpRequest, public_id: UUID) -> Any:
    return detail(actor_of(request), public_id)


@endpoints.get(
    f"{ONE}/children",
    "directives.view",
    summary="Nhiệm vụ đã giao xuống",
    answer=list[AssignmentOut],
    many=True,
)
def children(request: HttpRequest, public_id: UUID) -> Any:
    actor = actor_of(request)
    return with_parent(actor, queries.children(actor, one(actor, public_id), today=today()))


@endpoints.get(
    "/changes",
    "directives.view",
    summary="Những gì đã làm với các nhiệm vụ, mới nhất trước",
    answer=list[LogOut],
    many=True,
)
def changes(request: HttpRequest, since: datetime | None = None) -> Any:
    rows = queries.work_log(actor_of(request))
    return rows.filter(at__gte=since) if since else rows
