"""Who may see and change what of the registry. Each rule twice: about one object, and as a filter; a test holds them equal.

A school keeps its own records; commune and department read them, masked. A teacher sees the classes that he or she leads
or teaches. A parent sees the own children, a pupil the own record (queries/family.py: through a door of its own).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.queries import within

from .models import Enrolment, MatchCandidate, SchoolClass, SchoolMerge, Student, SubjectRequest, Transfer

VIEW = "registry.view"
OWN_CLASSES = "registry.view_own_classes"
VERIFY = "registry.verify"
EXPORT = "registry.export"
SET_FACTS = "registry.set_facts"
IMPORT_FILES = "registry.import_files"


def _either(*filters: Q) -> Q:
    """What any of them shows. Q() shows everything, but `Q() | q` would be q."""
    found = Q(pk__in=[])
    for one in filters:
        if not one:
            return Q()
        found |= one
    return found


def rows_visible(actor: Actor, prefix: str = "") -> Q:
    """Staff, rooms, equipment and whatever else belongs to one school."""
    return within(actor, VIEW, f"{prefix}unit_id")


def can_see_row(actor: Actor, row: Any) -> bool:
    return actor.can(VIEW, row.unit_id)


def things_visible(actor: Actor) -> Q:
    """Land, rooms, equipment, lines: also for whoever keeps only these (kế toán)."""
    return _either(rows_visible(actor), within(actor, "registry.edit_facilities"))


def can_see_thing(actor: Actor, row: Any) -> bool:
    return actor.can(VIEW, row.unit_id) or actor.can("registry.edit_facilities", row.unit_id)


def _taught_by(actor: Actor, prefix: str = "") -> Q:
    """Classes that the actor leads or teaches, while nothing says that the assignment has ended."""
    if actor.user_id is None or not actor.can(OWN_CLASSES):
        return Q(pk__in=[])
    teaching = SchoolClass.objects.filter(
        Q(homeroom_teacher__account_id=actor.user_id)
        | Q(teaching__staff__account_id=actor.user_id, teaching__valid_to__isnull=True),
        unit_id__in=actor.own_unit_ids,
    )
    return Q(**{f"{prefix}in": teaching.order_by().values("pk")})


def classes_visible(actor: Actor) -> Q:
    return _either(rows_visible(actor), _taught_by(actor, "pk__"))


def can_see_class(actor: Actor, school_class: SchoolClass) -> bool:
    if actor.can(VIEW, school_class.unit_id):
        return True
    return SchoolClass.objects.filter(_taught_by(actor, "pk__"), pk=school_class.pk).exists()


def enrolments_visible(actor: Actor) -> Q:
    return _either(rows_visible(actor), _taught_by(actor, "school_class__"))


def can_see_enrolment(actor: Actor, enrolment: Enrolment) -> bool:
    if actor.can(VIEW, enrolment.unit_id):
        return True
    return Enrolment.objects.filter(_taught_by(actor, "school_class__"), pk=enrolment.pk).exists()


def students_visible(actor: Actor) -> Q:
    """Pupils whose dossier lies at a unit within reach; for a teacher those who now sit in an own class."""
    seen = rows_visible(actor)
    if actor.can(OWN_CLASSES) and actor.user_id is not None:
        taught = Enrolment.objects.filter(_taught_by(actor, "school_class__"), left_on__isnull=True)
        seen = _either(seen, Q(pk__in=taught.order_by().values("student_id")))
    return seen


def can_see_student(actor: Actor, student: Student) -> bool:
    if actor.can(VIEW, student.unit_id):
        return True
    taught = Enrolment.objects.filter(_taught_by(actor, "school_class__"), left_on__isnull=True)
    return taught.filter(student_id=student.pk).exists()


def transfers_visible(actor: Actor) -> Q:
    """Both schools have part in a transfer, and whoever looks after either of them."""
    return _either(within(actor, VIEW, "from_unit_id"), within(actor, VIEW, "to_unit_id"))


def can_see_transfer(actor: Actor, transfer: Transfer) -> bool:
    ends = [unit_id for unit_id in (transfer.from_unit_id, transfer.to_unit_id) if unit_id]
    return any(actor.can(VIEW, unit_id) for unit_id in ends)


def can_see_sensitive(actor: Actor, unit_id: int) -> bool:
    """Personal id in full, ethnicity, religion, disability, health of a record of this unit."""
    return actor.can("registry.view_sensitive", unit_id)


def can_edit(actor: Actor, unit_id: int) -> bool:
    """Pupils, classes, staff of this unit."""
    return actor.can("registry.edit", unit_id)


def can_import(actor: Actor, unit_id: int) -> bool:
    """Bring a file of pupils, classes, staff of this unit in: its own office, or whoever brings in files of many."""
    return actor.can(IMPORT_FILES, unit_id) or can_edit(actor, unit_id)


def imports_within(actor: Actor) -> Q:
    """Units of which the actor may bring files in, as a filter on `unit_id`."""
    return _either(within(actor, IMPORT_FILES), within(actor, "registry.edit"))


def can_edit_facilities(actor: Actor, unit_id: int) -> bool:
    return actor.can("registry.edit_facilities", unit_id)


def can_transfer(actor: Actor, unit_id: int) -> bool:
    return actor.can("registry.transfer", unit_id)


def can_promote(actor: Actor, unit_id: int) -> bool:
    return actor.can("registry.promote", unit_id)


def can_match(actor: Actor, *unit_ids: int) -> bool:
    """Decide on a pair of records: whoever holds the right over both schools; without units: look for pairs at all."""
    return actor.can("registry.match") and all(actor.can("registry.match", unit_id) for unit_id in unit_ids)


def can_verify(actor: Actor, unit_id: int) -> bool:
    return actor.can(VERIFY, unit_id)


def can_export(actor: Actor, unit_id: int) -> bool:
    """Files with personal data of this unit: the ministry's layouts, OneRoster, dossiers."""
    return actor.can(EXPORT, unit_id)


def candidates_visible(actor: Actor) -> Q:
    """Pairs that the actor may decide on: the right over both schools."""
    return within(actor, "registry.match", "first_unit_id") & within(
        actor, "registry.match", "second_unit_id"
    )


def can_see_candidate(actor: Actor, candidate: MatchCandidate) -> bool:
    return can_match(actor, candidate.first_unit_id, candidate.second_unit_id)


def requests_visible(actor: Actor) -> Q:
    """Requests under the law on personal data, for whoever carries them out at the school that holds the dossier."""
    return within(actor, "registry.subject_requests", "student__unit_id")


def can_see_request(actor: Actor, request: SubjectRequest) -> bool:
    return can_handle_requests(actor, request.student.unit_id)


def can_handle_requests(actor: Actor, unit_id: int) -> bool:
    return actor.can("registry.subject_requests", unit_id)


def merges_visible(actor: Actor) -> Q:
    """Mergers of schools, for whoever carries them out."""
    return within(actor, "registry.reorganize", "unit_id")


def can_see_merge(actor: Actor, merge: SchoolMerge) -> bool:
    return can_reorganize(actor, merge.unit_id)


def can_reorganize(actor: Actor, *unit_ids: int) -> bool:
    return actor.can("registry.reorganize") and all(actor.can("registry.reorganize", one) for one in unit_ids)
