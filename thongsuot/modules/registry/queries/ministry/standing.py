"""Where the objects of a school stand on their way to the ministry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from thongsuot.kit.accounts.types import Actor

from ...models import MinistrySubmission, SchoolClass, Staff, Student
from ...permissions import EXPORT, within
from ...types import SubmissionStatus
from ..search import with_class_now
from .rows import OutRows, out_rows

# Beside the states of SubmissionStatus: sent or accepted, and its words have changed since.
CHANGED = "changed"
LEFT = (SubmissionStatus.SENT, SubmissionStatus.ACCEPTED)


@dataclass(frozen=True)
class Standing:
    """Ids of objects by state. changed: sent or accepted, but their words have changed since."""

    not_sent: frozenset[int]
    sent: frozenset[int]
    accepted: frozenset[int]
    refused: frozenset[int]
    changed: frozenset[int]

    @property
    def to_send(self) -> frozenset[int]:
        """What the next file should hold."""
        return self.not_sent | self.refused | self.changed


def standing_of(rows: OutRows, *, kind: str, school_year_id: int) -> Standing:
    """`rows` come from out_rows, which has asked for the right."""
    known = {
        one.object_id: one
        for one in MinistrySubmission.objects.filter(
            school_year_id=school_year_id, kind=kind, object_id__in=rows.ids
        )
    }
    by_state: dict[str, set[int]] = {state: set() for state in SubmissionStatus.values}
    changed = set()
    for pk, digest in rows.digest_by_id().items():
        one = known.get(pk)
        by_state[one.status if one else SubmissionStatus.NOT_SENT].add(pk)
        if one and one.status in LEFT and one.content_digest and bytes(one.content_digest) != digest:
            changed.add(pk)
    return Standing(
        not_sent=frozenset(by_state[SubmissionStatus.NOT_SENT]),
        sent=frozenset(by_state[SubmissionStatus.SENT]),
        accepted=frozenset(by_state[SubmissionStatus.ACCEPTED]),
        refused=frozenset(by_state[SubmissionStatus.REFUSED]),
        changed=frozenset(changed),
    )


def submissions(actor: Actor) -> QuerySet[MinistrySubmission]:
    """What has been sent, with the name of each object (`object_name`)."""
    named: Any = Case(
        *(
            When(kind=kind, then=Subquery(model.objects.filter(pk=OuterRef("object_id")).values(field)[:1]))
            for kind, model, field in (
                ("student", Student, "full_name"),
                ("staff", Staff, "full_name"),
                ("class", SchoolClass, "name"),
            )
        ),
        output_field=CharField(),
    )
    rows = MinistrySubmission.objects.filter(within(actor, EXPORT)).select_related("unit", "school_year")
    return rows.annotate(object_name=named).order_by("unit_id", "kind", "object_name", "pk")


def objects_with_state(
    actor: Actor, *, unit_id: int, school_year_id: int, kind: str, day: date
) -> QuerySet[Any]:
    """Every object of a kind that the ministry is told of this school and year, those never sent too.

    Rows of pupils, staff or classes with object_name, object_sort, object_code, place (a pupil's class), state (of
    SubmissionStatus, or CHANGED), reason, sent_at, answered_at. Raises NotAllowed.
    """
    rows = out_rows(actor, unit_id=unit_id, school_year_id=school_year_id, kind=kind, day=day)
    changed = standing_of(rows, kind=kind, school_year_id=school_year_id).changed
    known = MinistrySubmission.objects.filter(
        school_year_id=school_year_id, kind=kind, object_id=OuterRef("pk")
    )
    status = Coalesce(Subquery(known.values("status")[:1]), Value(SubmissionStatus.NOT_SENT.value))
    found: QuerySet[Any] = _named_objects(kind).filter(pk__in=rows.ids)
    return found.annotate(
        state=Case(When(pk__in=changed, then=Value(CHANGED)), default=status, output_field=CharField()),
        reason=Coalesce(Subquery(known.values("reason")[:1]), Value("")),
        sent_at=Subquery(known.values("sent_at")[:1]),
        answered_at=Subquery(known.values("answered_at")[:1]),
    ).order_by("place", "object_sort", "pk")


def _named_objects(kind: str) -> QuerySet[Any]:
    if kind == "student":
        pupils = with_class_now(Student.objects.all())
        return pupils.annotate(
            object_name=F("full_name"),
            object_sort=F("sort_key"),
            object_code=F("local_code"),
            place=F("class_name"),
        )
    nowhere = Value("", output_field=CharField())
    if kind == "staff":
        return Staff.objects.annotate(
            object_name=F("full_name"), object_sort=F("sort_key"), object_code=F("local_code"), place=nowhere
        )
    return SchoolClass.objects.annotate(
        object_name=F("name"), object_sort=F("name"), object_code=F("code"), place=nowhere
    )
