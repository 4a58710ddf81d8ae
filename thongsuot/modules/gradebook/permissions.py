"""Who may see and change what of the gradebook. Each rule twice: about one object, and as a filter; a test holds them
equal.

A teacher sees and writes the subjects that a teaching assignment gives; of the class that he or she leads sees all, and
writes conduct, traits, absences and remarks, in primary school also the marks of all subjects. The principal and the school's office see and write all of the school;
locking is the principal's. Commune and department read. Families see their own (queries/family.py).
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import led_class_ids, own_assignments, taught_by

from .models import ClassSubject

# VIEW, KEEP: over all of a unit; ENTER: what the assignments give.
VIEW, KEEP, ENTER, LOCK = "gradebook.view", "gradebook.keep", "gradebook.enter", "gradebook.lock"
VIEW_OWN = "gradebook.view_own"
# Which circular, with which parameters, holds in the province.
SET_RULES = "gradebook.set_rules"
NOTHING = Q(pk__in=[])
# Up to here one teacher has the class and all subjects but those of specialists.
LAST_PRIMARY = 5


def within(actor: Actor, right: str, field: str = "unit_id") -> Q:
    """Rows of units over which the actor holds `right`."""
    reach = actor.reach_of(right)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def _either(*filters: Q) -> Q:
    """What any of them shows. Q() shows everything, but `Q() | q` would be q."""
    found = NOTHING
    for one in filters:
        if not one:
            return Q()
        found |= one
    return found


def _taught(actor: Actor) -> Q:
    found = NOTHING
    if actor.can(ENTER):
        for class_id, subject in own_assignments(actor):
            found |= Q(school_class_id=class_id, taught_as__contains=[subject])
    return found


def _led(actor: Actor) -> list[int]:
    return led_class_ids(actor) if actor.can(ENTER) else []


def subjects_visible(actor: Actor) -> Q:
    """Subjects of classes whose marks the actor reads."""
    led = Q(school_class_id__in=_led(actor))
    return _either(within(actor, VIEW), led, _taught(actor))


def can_see_subject(actor: Actor, subject: ClassSubject) -> bool:
    if actor.can(VIEW, subject.unit_id) or subject.school_class_id in _led(actor):
        return True
    return _teaches(actor, subject)


def subjects_entered(actor: Actor) -> Q:
    """Subjects of classes whose marks the actor writes."""
    led = Q(school_class_id__in=_led(actor), school_class__grade__lte=LAST_PRIMARY)
    return _either(within(actor, KEEP), led, _taught(actor))


def can_enter(actor: Actor, subject: ClassSubject) -> bool:
    if actor.can(KEEP, subject.unit_id):
        return True
    grade = subject.school_class.grade
    is_primary = grade is not None and grade <= LAST_PRIMARY
    return _teaches(actor, subject) or (is_primary and subject.school_class_id in _led(actor))


def entered_by(actor: Actor) -> Q:
    """`subjects_entered` for one statement that reads one subject: without asking for the assignments first."""
    if not actor.can(ENTER):
        return within(actor, KEEP)
    taught = taught_by(actor).filter(
        IsOneOf(F("subject"), OuterRef("taught_as")), school_class_id=OuterRef("school_class_id")
    )
    led = Q(
        school_class__homeroom_teacher__account_id=actor.user_id or 0,
        school_class__grade__lte=LAST_PRIMARY,
        unit_id__in=actor.own_unit_ids,
    )
    kept = within(actor, KEEP)
    return Q(Exists(taught)) | led | kept if kept else Q()


class IsOneOf(Func):
    """A value is one of the members of an array."""

    template, arg_joiner = "%(expressions)s)", " = any ("
    output_field = BooleanField()


def _teaches(actor: Actor, subject: ClassSubject) -> bool:
    if not actor.can(ENTER):
        return False
    return any(
        class_id == subject.school_class_id and name in subject.taught_as
        for class_id, name in own_assignments(actor)
    )


def classes_visible(actor: Actor, field: str = "school_class_id", unit: str = "unit_id") -> Q:
    """Rows about classes whose results, conduct, traits and absences the actor reads: all of the unit, or led."""
    return _either(within(actor, VIEW, unit), Q(**{f"{field}__in": _led(actor)}))


def can_see_class(actor: Actor, school_class: Any) -> bool:
    return actor.can(VIEW, school_class.unit_id) or school_class.pk in _led(actor)


def can_keep_class(actor: Actor, school_class: Any) -> bool:
    """Conduct, traits, judgements of the year, remarks: the homeroom teacher, or whoever keeps the school's books."""
    return actor.can(KEEP, school_class.unit_id) or school_class.pk in _led(actor)


def can_write_absences(actor: Actor, school_class: Any) -> bool:
    """Whoever keeps the class, and every teacher who teaches in it."""
    if can_keep_class(actor, school_class):
        return True
    return actor.can(ENTER) and any(one == school_class.pk for one, _name in own_assignments(actor))


def can_lock(actor: Actor, unit_id: int) -> bool:
    """Lock, unlock, decide on requests to unlock, publish the year's results."""
    return actor.can(LOCK, unit_id)


def phrases_visible(actor: Actor) -> Q:
    """The phrases of the schools where the actor works, and the actor's own."""
    if actor.is_system:
        return Q()
    units = _either(within(actor, KEEP), within(actor, ENTER))
    return Q(units, Q(owner__isnull=True) | Q(owner_id=actor.user_id))


def can_write_phrase(actor: Actor, phrase: Any) -> bool:
    """One's own where one teaches; the school's: whoever keeps the school's books."""
    if phrase.owner_id is None:
        return actor.can(KEEP, phrase.unit_id)
    return phrase.owner_id == actor.user_id and (
        actor.can(ENTER, phrase.unit_id) or actor.can(KEEP, phrase.unit_id)
    )


# -- timetables -------------------------------------------------------------------------------------


def timetables_visible(actor: Actor) -> Q:
    """Whoever makes them sees all of the school's; commune and department those that are, or were, in force."""
    return _either(within(actor, KEEP), within(actor, VIEW) & ~Q(state="draft"))


def can_see_timetable(actor: Actor, timetable: Any) -> bool:
    if actor.can(KEEP, timetable.unit_id):
        return True
    return timetable.state != "draft" and actor.can(VIEW, timetable.unit_id)


def can_make_timetable(actor: Actor, unit_id: int) -> bool:
    """Make, change, solve, publish timetables of the school, and set the rules they keep to."""
    return actor.can(KEEP, unit_id)


def entries_own(actor: Actor) -> Q:
    """Lessons in force that a teacher sees: his or her own, and all of the classes he or she teaches or leads."""
    if actor.user_id is None or not actor.can(ENTER):
        return NOTHING
    classes = {class_id for class_id, _subject in own_assignments(actor)} | set(_led(actor))
    mine = Q(staff__account_id=actor.user_id) | Q(school_class_id__in=classes)
    return mine & Q(timetable__state="published", unit_id__in=actor.own_unit_ids)


def may_open_timetable_file(actor: Actor, stored_file: Any) -> bool:
    """A spreadsheet brought in: whoever makes the timetables of the school."""
    return stored_file.owner_unit_id is not None and can_make_timetable(actor, stored_file.owner_unit_id)
