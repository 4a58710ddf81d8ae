"""Timeliness in SQL: the answer of domain.timeliness as an expression, and as filters an index can serve."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)

from thongsuot.kit.text.vietnamese import fold

from ..domain.timeliness import SOON_DAYS, STOPPED
from ..types import OPEN_STATES, AssignmentState, DeadlineKind, Timeliness

M = TypeVar("M", bound=Model)


def timeliness_filters(today: date, prefix: str = "") -> dict[str, Q]:
    """One condition for each answer; every task meets exactly one."""

    def field(**conditions: Any) -> Q:
        return Q(**{prefix + name: value for name, value in conditions.items()})

    soon = today + timedelta(days=SOON_DAYS)
    is_open, done = field(state__in=OPEN_STATES), field(state=AssignmentState.ACCEPTED)
    no_day = field(due_on__isnull=True)
    waits = field(deadline_kind=DeadlineKind.EVENT, event_occurred_on__isnull=True)
    kept = field(completed_on__lte=F(prefix + "due_on"))
    return {
        Timeliness.STOPPED: field(state__in=STOPPED),
        Timeliness.DONE: done & no_day,
        Timeliness.DONE_ON_TIME: done & kept,
        Timeliness.DONE_LATE: done & field(completed_on__gt=F(prefix + "due_on")),
        Timeliness.WAITING: is_open & no_day & waits,
        Timeliness.NO_DEADLINE: is_open & no_day & ~waits,
        Timeliness.LATE: is_open & field(due_on__lt=today),
        Timeliness.DUE_SOON: is_open & field(due_on__gte=today, due_on__lte=soon),
        Timeliness.ON_TIME: is_open & field(due_on__gt=soon),
    }


def timeliness_case(today: date, prefix: str = "") -> Case:
    """Expression with a value of types.Timeliness."""
    return Case(
        *(
            When(condition, then=Value(value))
            for value, condition in timeliness_filters(today, prefix).items()
        ),
        output_field=CharField(),
    )


def with_timeliness(rows: QuerySet[M], value: str, today: date) -> QuerySet[M]:
    """Only the assignments that stand so on `today`; by plain conditions, so that indexes serve."""
    return rows.filter(timeliness_filters(today)[value])


def days_left(today: date, field: str = "due_on") -> Func:
    """Days to the deadline, below zero after it; null without one."""
    return Func(
        F(field),
        Value(today, output_field=DateField()),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def matching(rows: QuerySet[M], words: str, field: str = "search") -> QuerySet[M]:
    """Rows whose text holds every word, each as the beginning of a word, without accents."""
    tokens = ["".join(c for c in word if c.isalnum()) for word in fold(words).split()[:8]]
    raw = " & ".join(f"{token}:*" for token in tokens if token)
    if not raw:
        return rows.none() if words.strip() else rows
    return rows.filter(**{field: SearchQuery(raw, search_type="raw", config="simple")})
