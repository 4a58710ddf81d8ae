"""What is owed and waited for follows pupils and schools: records that become one or two, schools that are merged.

Called by journeys.merge_people, journeys.split_person and journeys.merge_schools.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries as registry

from ..models import AwaitedResult

MATCH, REORGANIZE = "registry.match", "registry.reorganize"


@transaction.atomic
def follow_spells(*, by: Actor, student_ids: Collection[int]) -> int:
    """Results to date belong to whom the spell belongs that was left: after two records have become one, or one two. Of two
    rows about one spell the one with a transcript stays. How many rows moved. Raises NotAllowed.
    """
    if not by.can(MATCH):
        raise NotAllowed(_("Anh/chị không có quyền gộp, tách hồ sơ."))
    system, moved = Actor.system(), 0
    with act_as(system):
        rows = list(
            AwaitedResult.objects.select_for_update(of=("self",))
            .filter(student_id__in=list(student_ids))
            .order_by("transcript_id", "pk")
        )
        left = registry.enrolments(system).filter(
            student_id__in=list(student_ids),
            school_class_id__in=[row.school_class_id for row in rows],
            exit_type="transferred_out",
        )
        owners: dict[int, set[int]] = {}
        for class_id, student_id in left.order_by().values_list("school_class_id", "student_id"):
            owners.setdefault(class_id, set()).add(student_id)
        held = {(row.student_id, row.school_class_id) for row in rows}
        for row in rows:
            whose = owners.get(row.school_class_id, set())
            if len(whose) != 1 or row.student_id in whose:
                continue
            (owner,) = whose
            if (owner, row.school_class_id) in held:
                if row.transcript_id is None:
                    row.delete()
                continue
            row.student_id = owner
            row.save(update_fields=["student"])
            held.add((owner, row.school_class_id))
            moved += 1
    return moved


@transaction.atomic
def move_awaited(
    *, by: Actor, gone_id: int, into_id: int, classes: Sequence[tuple[int, int]], ledger: Ledger
) -> int:
    """Schools are merged: what the old one owed the successor owes, what it waited for the successor waits for. Between the
    two nothing is waited for any more. classes: (class that ended, class in which it goes on). Noted in the ledger, which
    takes it back. How many. Raises NotAllowed.
    """
    if not (by.can(REORGANIZE, gone_id) and by.can(REORGANIZE, into_id)):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))
    with act_as(Actor.system()):
        for old, new in classes:
            taken = AwaitedResult.objects.filter(school_class_id=new).values("student_id")
            same = AwaitedResult.objects.filter(school_class_id=old).exclude(student_id__in=taken)
            ledger.update(same, soft=True, school_class_id=new)
        waits = AwaitedResult.objects.filter(to_unit_id=gone_id)
        moved = ledger.update(waits.exclude(from_unit_id=into_id), soft=True, to_unit_id=into_id)
        moved += ledger.update(waits.filter(from_unit_id=into_id), soft=True, to_unit_id=None)
        owed = AwaitedResult.objects.filter(from_unit_id=gone_id)
        ledger.update(owed.filter(to_unit_id=into_id), soft=True, to_unit_id=None)
        return moved + ledger.update(owed, soft=True, from_unit_id=into_id)
