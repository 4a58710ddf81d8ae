"""Whom to tell: the accounts of members of staff, and of the families of classes. Ids only, no names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from thongsuot.kit.accounts.types import Actor

from ..models import Contact, Staff
from ..permissions import rows_visible
from .records import enrolments


@dataclass
class Families:
    """accounts: of the pupils and of their parents; pupils: in the class; unreached: pupils for whom nobody has one."""

    accounts: set[int] = field(default_factory=set)
    pupils: int = 0
    unreached: int = 0


def staff_accounts(actor: Actor, staff_ids: Collection[int]) -> dict[int, int]:
    """staff -> account, of those within reach who have one."""
    rows = Staff.objects.filter(rows_visible(actor), pk__in=staff_ids, account_id__isnull=False)
    return dict(rows.order_by().values_list("pk", "account_id"))


def family_accounts(actor: Actor, class_ids: Collection[int], *, on: date) -> dict[int, Families]:
    """The families of each class on a day; two statements."""
    spells = enrolments(actor, on=on).filter(school_class_id__in=class_ids).order_by()
    found = {class_id: Families() for class_id in class_ids}
    reached: dict[int, set[int]] = {}
    rows = list(spells.values_list("school_class_id", "student_id", "student__account_id"))
    contacts = Contact.objects.filter(
        student_id__in=spells.values("student_id"), account_id__isnull=False
    ).order_by()
    for student_id, account_id in contacts.values_list("student_id", "account_id"):
        reached.setdefault(student_id, set()).add(account_id)
    for class_id, student_id, account_id in rows:
        people = reached.get(student_id, set()) | ({account_id} if account_id else set())
        of_class = found[class_id]
        of_class.pupils += 1
        of_class.accounts |= people
        of_class.unreached += not people
    return found


def staff_names(actor: Actor, staff_ids: Collection[int]) -> dict[int, str]:
    rows = Staff.objects.filter(rows_visible(actor), pk__in=staff_ids)
    return dict(rows.order_by().values_list("pk", "full_name"))
