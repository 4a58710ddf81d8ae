"""Pupils and schools on the move: years that were ended, requests under the law, mergers of schools."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import Enrolment, SchoolMerge, SubjectRequest, Transfer, YearPromotion
from ..permissions import can_see_student, merges_visible, requests_visible, within
from .records import students


def dossier_of_transfer(actor: Actor, transfer: Transfer) -> Any:
    """The dossier of the pupil, for the school that holds it now; None for the other one."""
    found = students(actor).filter(pk=transfer.student_id).first()
    return found if found is not None and can_see_student(actor, found) else None


def year_promotions(actor: Actor, unit_id: int) -> QuerySet[YearPromotion]:
    """Endings of school years that were carried out, the newest first; drafts are left out."""
    rows = YearPromotion.objects.filter(
        within(actor, "registry.promote"), unit_id=unit_id, done_at__isnull=False
    )
    return rows.select_related("from_year", "to_year", "done_by", "undone_by")


def years_with_pupils(actor: Actor, unit_id: int) -> list[int]:
    """Ids of the school years in which somebody still sits in a class of the school, the oldest first."""
    running = Enrolment.objects.filter(within(actor, "registry.promote"), unit_id=unit_id, left_on=None)
    rows = running.order_by("school_year__starts_on").values_list("school_year_id", flat=True)
    return list(dict.fromkeys(rows))


def subject_requests(actor: Actor) -> QuerySet[SubjectRequest]:
    """Requests under the law on personal data; `still_enrolled`: the pupil sits in a class, so cannot be erased."""
    running = Enrolment.objects.filter(student_id=OuterRef("student_id"), left_on=None)
    rows = SubjectRequest.objects.filter(requests_visible(actor)).annotate(still_enrolled=Exists(running))
    return rows.select_related("student", "student__unit", "done_by")


def school_merges(actor: Actor) -> QuerySet[SchoolMerge]:
    return SchoolMerge.objects.filter(merges_visible(actor)).select_related("unit", "successor", "done_by")
