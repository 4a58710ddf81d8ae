"""Where the verification with the population database stands: by school, by class, by list, by person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from thongsuot.kit.accounts.types import Actor

from ..domain.identity import DISAGREED
from ..models import Employment, Enrolment, IdentityBatch, IdentityCheck, Staff, Student
from ..permissions import VERIFY, within
from ..types import IdentityStatus

MODELS: dict[str, Any] = {"student": Student, "staff": Staff}
DIFFER = sorted(state.value for state in DISAGREED)


def _present(kind: str) -> Q:
    """Whoever is at the school now; the same people as PRESENT of actions/identity."""
    if kind == "student":
        here = Enrolment.objects.filter(student_id=OuterRef("pk"), left_on__isnull=True)
        free = Q(merged_into__isnull=True, erased_at__isnull=True, restricted_at__isnull=True)
        return Q(Exists(here)) & free
    working = Employment.objects.filter(
        staff_id=OuterRef("pk"), valid_to__isnull=True, status__in=["working", "on_leave"]
    )
    return Q(Exists(working))


def _counts(prefix: str = "") -> dict[str, Any]:
    status = f"{prefix}identity_status"
    matched = Q(**{status: IdentityStatus.MATCHED})
    return {
        "total": Count("pk"),
        "matched": Count("pk", filter=matched),
        "waiting": Count("pk", filter=Q(**{status: IdentityStatus.WAITING})),
        "differ": Count("pk", filter=Q(**{f"{status}__in": DIFFER})),
        "to_send": Count("pk", filter=Q(**{f"{status}__in": ["not_sent", "mended"]})),
        # Tenths of a per cent, half up.
        "share": (Count("pk", filter=matched) * 2000 + Count("pk")) / (Count("pk") * 2),
    }


def identity_by_school(actor: Actor, kind: str) -> QuerySet[Any, Any]:
    """Rows {unit_id, unit__name, total, matched, waiting, differ, to_send, share (in tenths of a per cent)}."""
    rows = MODELS[kind].objects.filter(within(actor, VERIFY), _present(kind)).order_by()
    return rows.values("unit_id", "unit__name").annotate(**_counts()).order_by("unit__name", "unit_id")


def identity_by_class(actor: Actor, unit_id: int) -> list[dict[str, Any]]:
    """The same by class of a school, of pupils."""
    rows = Enrolment.objects.filter(
        within(actor, VERIFY),
        unit_id=unit_id,
        left_on__isnull=True,
        student__merged_into__isnull=True,
        student__erased_at__isnull=True,
        student__restricted_at__isnull=True,
    ).order_by()
    found = rows.values("school_class_id", "school_class__name", "school_class__grade")
    counted = found.annotate(**_counts("student__"))
    ordered = counted.order_by("school_class__grade", "school_class__name", "school_class_id")
    return [dict(row) for row in ordered]


def identity_states(actor: Actor, kind: str, unit_id: int | None = None) -> dict[str, int]:
    """{state: people}, every state named."""
    rows = MODELS[kind].objects.filter(within(actor, VERIFY), _present(kind)).order_by()
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    found = dict(rows.values_list("identity_status").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in IdentityStatus.values}


def identity_batches(actor: Actor) -> QuerySet[IdentityBatch]:
    return IdentityBatch.objects.filter(within(actor, VERIFY)).select_related("unit", "created_by")


def identity_batch(actor: Actor, public_id: UUID) -> IdentityBatch | None:
    return identity_batches(actor).filter(public_id=public_id).first()


def _named(rows: QuerySet[IdentityCheck]) -> QuerySet[Any]:
    """With person_name and person_public_id, by the kind of the batch."""
    extra: dict[str, Any] = {}
    for name, field in (("person_name", "full_name"), ("person_public_id", "public_id")):
        whens = [
            When(
                batch__kind=kind,
                then=Subquery(model.objects.filter(pk=OuterRef("person_id")).values(field)[:1]),
            )
            for kind, model in MODELS.items()
        ]
        extra[name] = Case(*whens) if field == "public_id" else Case(*whens, output_field=CharField())
    return rows.annotate(**extra)


def batch_checks(
    actor: Actor, batch: IdentityBatch, *, differing_only: bool = True
) -> QuerySet[IdentityCheck]:
    """Those of a list whom the other side does not confirm (all of them when not `differing_only`)."""
    rows = IdentityCheck.objects.filter(within(actor, VERIFY), batch=batch)
    if differing_only:
        rows = rows.exclude(
            status__in=[IdentityStatus.MATCHED, IdentityStatus.WAITING, IdentityStatus.NOT_SENT]
        )
    return _named(rows.select_related("batch")).order_by("person_name", "pk")


def identity_to_settle(actor: Actor) -> QuerySet[IdentityCheck]:
    """The newest answer of each person who does not agree and has not been mended: what a person must look at.

    `state_now`: where the person stands (with the police, say), beside `status`, which was answered.
    """
    newer = IdentityCheck.objects.filter(
        person_id=OuterRef("person_id"), batch__kind=OuterRef("batch__kind"), pk__gt=OuterRef("pk")
    )
    now = Case(
        *(
            When(
                batch__kind=kind,
                then=Subquery(model.objects.filter(pk=OuterRef("person_id")).values("identity_status")[:1]),
            )
            for kind, model in MODELS.items()
        ),
        output_field=CharField(),
    )
    rows = IdentityCheck.objects.filter(within(actor, VERIFY), ~Exists(newer), status__in=DIFFER)
    rows = rows.annotate(state_now=now, kind=F("batch__kind")).filter(state_now__in=DIFFER)
    return _named(rows.select_related("batch", "unit")).order_by("unit__name", "person_name", "pk")


def differing_by_person(kind: str, unit_ids: Collection[int] | None) -> dict[int, str]:
    """{person: fields that the newest answer says differ, "birth_date,gender"}, of those who do not agree now.

    For the data sets of quality: the input of the rule behind a case. unit_ids None: all that the database shows.
    """
    rows = IdentityCheck.objects.filter(batch__kind=kind, answered_at__isnull=False)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    newest = rows.order_by("person_id", "-pk").distinct("person_id")
    known = dict(newest.values_list("person_id", "differing"))
    people = MODELS[kind].objects.filter(identity_status=IdentityStatus.MISMATCHED)
    if unit_ids is not None:
        people = people.filter(unit_id__in=list(unit_ids))
    ids = people.order_by().values_list("pk", flat=True)
    return {pk: known[pk] for pk in ids if known.get(pk)}
