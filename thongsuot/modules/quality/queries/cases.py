"""Cases that the actor may see, with the words for what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold_words
from thongsuot.modules.organization import queries as organization

from ..models import CaseEvent, QualityCase
from ..permissions import MEND, cases_visible
from ..types import BOOK, Severity


def cases(actor: Actor) -> QuerySet[QualityCase]:
    """The most urgent first."""
    return QualityCase.objects.filter(cases_visible(actor)).select_related("unit", "owner")


def open_cases(actor: Actor) -> QuerySet[QualityCase]:
    return cases(actor).filter(closed_at__isnull=True)


def case(actor: Actor, public_id: UUID) -> QualityCase | None:
    return cases(actor).filter(public_id=public_id).first()


def events(case: QualityCase) -> QuerySet[CaseEvent]:
    """What happened to it, the latest first."""
    return CaseEvent.objects.filter(case=case).select_related("by").order_by("-at", "-id")


def about(words: str) -> Q:
    """Cases whose object is called so, or whose rule is: words in any order, without accents."""
    wanted = fold_words(words)
    rules = [
        code
        for code, rule in BOOK.rules.items()
        if all(word in f"{code} {' '.join(fold_words(str(rule.title), most=40))}" for word in wanted)
    ]
    found = [Q(rule__in=rules)]
    for dataset in BOOK.datasets.values():
        if dataset.find is not None:
            found.append(Q(dataset=dataset.code, object_id__in=dataset.find(words)))
    return reduce(or_, found)


def labels(rows: Iterable[QualityCase]) -> dict[tuple[str, int], str]:
    """{(data set, object): what people call it}; one query for each data set among the rows."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.dataset].add(row.object_id)
    return {
        (code, key): label
        for code, keys in ids.items()
        if code in BOOK.datasets
        for key, label in BOOK.datasets[code].labels_of(sorted(keys)).items()
    }


@dataclass(frozen=True)
class OpenCounts:
    total: int
    errors: int
    late: int
    unowned: int


def open_counts(actor: Actor, *, today: date, unit_ids: Iterable[int] | None = None) -> OpenCounts:
    rows = open_cases(actor).select_related(None).order_by()
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    found = rows.aggregate(
        total=Count("pk"),
        errors=Count("pk", filter=Q(severity=Severity.ERROR)),
        late=Count("pk", filter=Q(due_on__lt=today)),
        unowned=Count("pk", filter=Q(owner__isnull=True)),
    )
    return OpenCounts(**found)


def open_by_unit(actor: Actor, *, today: date) -> dict[int, tuple[int, int]]:
    """{unit: (open, late)} over all that the actor sees."""
    rows: Any = (
        open_cases(actor)
        .select_related(None)
        .order_by("unit_id")
        .values("unit_id")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    )
    return {row["unit_id"]: (row["n"], row["late"]) for row in rows}


def menders(unit_id: int, *, today: date) -> list[tuple[int, str]]:
    """(id, name) of the accounts that mend at the unit itself: whom its cases can be given to."""
    ids = organization.desk_users(MEND, [unit_id], today=today).get(unit_id, [])
    return organization.people_named(ids)
