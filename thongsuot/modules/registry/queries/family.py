"""The door of families: parents see their children, pupils themselves, and nobody else.

A parent's or pupil's account reaches no unit, so row-level security shows it nothing. Here, and only here, rows are read
as the system: those of pupils whose contact (Contact.account) or own account (Student.account) is the one that asks.
Everything is read inside the block and comes out as plain values; no QuerySet leaves that could be widened outside.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as

from ..models import Contact, ErrorReport, FamilyCode, Student
from .dossier import StudentDossier, dossier_of
from .search import with_class_now

OWN_CHILDREN, OWN_RECORD = "registry.own_children", "registry.own_record"


def _own(actor: Actor) -> QuerySet[Student]:
    """Dossiers of the account that asks; to be read as the system, never to be given out."""
    if actor.user_id is None or actor.is_system:
        return Student.objects.none()
    mine = Q(pk__in=[])
    if actor.can(OWN_CHILDREN):
        is_contact = Contact.objects.filter(student_id=OuterRef("pk"), account_id=actor.user_id)
        mine |= Q(Exists(is_contact))
    if actor.can(OWN_RECORD):
        mine |= Q(account_id=actor.user_id)
    return Student.objects.filter(mine, merged_into__isnull=True, erased_at__isnull=True)


def is_family_of(actor: Actor, student: Student) -> bool:
    with act_as(Actor.system()):
        return _own(actor).filter(pk=student.pk).exists()


def own_children(actor: Actor) -> list[Any]:
    """The pupils whom this account may see, with school and class, in the order of a register."""
    with act_as(Actor.system()):
        return list(with_class_now(_own(actor)).select_related("unit").order_by("sort_key", "id"))


def own_child(actor: Actor, public_id: UUID) -> Student | None:
    with act_as(Actor.system()):
        return _own(actor).select_related("unit").filter(public_id=public_id).first()


def family_dossier(actor: Actor, public_id: UUID) -> StudentDossier | None:
    """One's own data, unmasked; None for everybody else's. The caller records the reading."""
    with act_as(Actor.system()):
        student = _own(actor).select_related("unit").filter(public_id=public_id).first()
        return None if student is None else dossier_of(student, full=True, may_open=True)


def codes_waiting(actor: Actor, student: Student, now: datetime) -> dict[int | None, FamilyCode]:
    """For the school: codes that are out and still good, by contact (None: the pupil's own)."""
    rows = FamilyCode.objects.filter(student=student, used_at=None, withdrawn_at=None, expires_at__gt=now)
    return {row.contact_id: row for row in rows.select_related("issued_by")}


def own_reports(actor: Actor, student: Student) -> list[ErrorReport]:
    """What this account has reported about an own child, with the answers, the newest first."""
    with act_as(Actor.system()):
        if not _own(actor).filter(pk=student.pk).exists():
            return []
        reports = ErrorReport.objects.filter(student=student, reported_by_id=actor.user_id)
        return list(reports.order_by("-reported_at", "-id"))
