"""What the homeroom teacher keeps, cell by cell: a page that two people have open overwrites nobody.

Each cell is saved only where it still holds what the page saw (`old`); what already holds `new` counts as saved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.text.vietnamese import clean_text, mend_d
from thongsuot.modules.registry.queries import class_members

from ..domain.primary import TRAIT_ORDER
from ..models import Absence, PupilTraits, TermConduct
from ..queries.carried import carried_cells
from ..types import BadValue, CellChange, CellConflict, CellFault, CellSaved, Conduct, EntryOutcome
from .keeping import (
    AbsenceEntry,
    ConductEntry,
    TraitEntry,
    record_absences,
    set_conduct,
    set_traits,
)
from .roll_calls import call_roll

LETTERS: dict[str, str] = {
    Conduct.GOOD: "T",
    Conduct.FAIR: "K",
    Conduct.PASSED: "Đ",
    Conduct.NOT_PASSED: "CĐ",
}
CONDUCTS = {letter.casefold(): value for value, letter in LETTERS.items()} | {
    "d": Conduct.PASSED,
    "cd": Conduct.NOT_PASSED,
}
LONGEST_REMARK = 2000
# What stands in a cell of attendance: absent without leave, with leave.
ABSENT, EXCUSED = "K", "P"
# The cell of a class that says its roll was called ("1"); it is no pupil's.
CALLED = "called"
LOCK = "select pg_advisory_xact_lock(hashtext('gradebook.class'), %s)"

Stored = Callable[[int, str], str]
Canonical = Callable[[str, str], str | None]


@dataclass
class Told:
    """Changes told apart. wanted: pupil -> column -> canonical text."""

    wanted: dict[int, dict[str, str]] = field(default_factory=dict)
    saved: list[CellSaved] = field(default_factory=list)
    conflicts: list[tuple[CellChange, str]] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


@transaction.atomic
def enter_conduct(
    *, by: Actor, school_class: Any, term: int, changes: Sequence[CellChange], reason: str = ""
) -> EntryOutcome:
    """Cells "conduct" (T, K, Đ, CĐ) and "remark" of a term. Raises NotAllowed, BookLocked.

    Legal source: TT 22/2021/TT-BGDĐT Điều 8.
    """
    _one_at_a_time(school_class)
    rows = {row.student_id: row for row in TermConduct.objects.filter(school_class=school_class, term=term)}

    def stored(student_id: int, column: str) -> str:
        row = rows.get(student_id)
        if row is None:
            return ""
        return row.remark if column == "remark" else LETTERS.get(row.conduct, "")

    told = _tell_apart(by, school_class, changes, stored, _conduct_text, f"conduct|{term}")
    with acting(by, reason=reason):
        set_conduct(
            by=by,
            school_class=school_class,
            term=term,
            entries=[_conduct_entry(*one) for one in told.wanted.items()],
        )
    key = {"school_class": school_class, "term": term}
    return _outcome_of(told, _writers_of(TermConduct, key, told.conflicts))


@transaction.atomic
def enter_traits(
    *,
    by: Actor,
    school_class: Any,
    moment: str,
    codes: Collection[str],
    changes: Sequence[CellChange],
    reason: str = "",
) -> EntryOutcome:
    """Qualities and competences (T, Đ, C) at a moment; a column is a code of the rules. Raises NotAllowed, BookLocked,
    BadValue (no primary class). Legal source: TT 27/2020/TT-BGDĐT Điều 8.
    """
    _one_at_a_time(school_class)
    rows = {
        row.student_id: row for row in PupilTraits.objects.filter(school_class=school_class, moment=moment)
    }

    def stored(student_id: int, column: str) -> str:
        return str(rows[student_id].levels.get(column, "")) if student_id in rows else ""

    def text(column: str, given: str) -> str | None:
        found = {"t": "T", "đ": "Đ", "d": "Đ", "c": "C", "": ""}.get(mend_d(given).casefold())
        return found if column in codes and (not found or found in TRAIT_ORDER) else None

    told = _tell_apart(by, school_class, changes, stored, text, f"traits|{moment}")
    with acting(by, reason=reason):
        entries = [TraitEntry(student_id, cells) for student_id, cells in told.wanted.items()]
        set_traits(by=by, school_class=school_class, moment=moment, entries=entries)
    key = {"school_class": school_class, "moment": moment}
    return _outcome_of(told, _writers_of(PupilTraits, key, told.conflicts))


@transaction.atomic
def enter_absences(
    *,
    by: Actor,
    school_class: Any,
    on: date,
    session: str,
    lesson: int | None,
    changes: Sequence[CellChange],
) -> EntryOutcome:
    """Who was not there in a session, or in one lesson of it: "" there, "K" absent, "P" absent with leave; and in the cell
    CALLED that the roll was called ("1"), which whoever writes somebody absent says too.

    Raises NotAllowed, BookLocked, BadValue (a day outside the school year).
    """
    _one_at_a_time(school_class)
    called = next((one for one in changes if one.column == CALLED), None)
    changes = [one for one in changes if one.column != CALLED]
    found = Absence.objects.filter(school_class=school_class, on=on, session=session, lesson=lesson)
    rows = {row.student_id: row for row in found.select_related("written_by")}

    def stored(student_id: int, column: str) -> str:
        row = rows.get(student_id)
        return "" if row is None else (EXCUSED if row.is_excused else ABSENT)

    def text(column: str, given: str) -> str | None:
        return given if given in ("", ABSENT, EXCUSED) else None

    told = _tell_apart(by, school_class, changes, stored, text)
    entries = [
        AbsenceEntry(student_id, on, session, lesson, {ABSENT: False, EXCUSED: True}.get(value))
        for student_id, cells in told.wanted.items()
        for value in cells.values()
    ]
    record_absences(by=by, school_class=school_class, entries=entries)
    if called is not None:
        _call(told, called, by=by, school_class=school_class, on=on, session=session, lesson=lesson)
    writers = {
        key: (row.written_by.full_name if row.written_by else "", row.written_at) for key, row in rows.items()
    }
    return _outcome_of(told, writers)


def _call(told: Told, change: CellChange, **place: Any) -> None:
    """A roll that cannot be taken back is a fault of its cell alone: what else was sent is kept."""
    try:
        call_roll(**place, is_called=change.new == "1")
    except BadValue as error:
        told.faults.append(_fault(change, str(error.message)))
    else:
        told.saved.append(CellSaved(change.student_id, CALLED, change.new))


def _one_at_a_time(school_class: Any) -> None:
    """Rows that are not there yet cannot be locked: two people who write the same class wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [school_class.pk])


def _conduct_text(column: str, given: str) -> str | None:
    if column == "remark":
        return given if len(given) <= LONGEST_REMARK else None
    if column != "conduct" or (given and mend_d(given).casefold() not in CONDUCTS):
        return None
    return LETTERS[CONDUCTS[mend_d(given).casefold()]] if given else ""


def _conduct_entry(student_id: int, cells: Mapping[str, str]) -> ConductEntry:
    conduct = cells.get("conduct")
    value = str(CONDUCTS[conduct.casefold()]) if conduct else conduct
    return ConductEntry(student_id, value, cells.get("remark"))


def _tell_apart(
    by: Actor,
    school_class: Any,
    changes: Sequence[CellChange],
    stored: Stored,
    canonical: Canonical,
    key: str = "",
) -> Told:
    """Changes that may be written, that somebody was quicker to write, that cannot be. key: under which cells that came
    along from another school are closed.
    """
    told = Told()
    pupils = {change.student_id for change in changes}
    closed = carried_cells(school_class.unit_id, school_class.school_year_id, pupils, key) if key else {}
    # Whether the actor may is asked when it is written; who sits in the class, without his or her filters.
    members = {one.student_id for one in class_members(Actor.system(), [school_class.pk]) if not one.has_left}
    for change in changes:
        stands, text = (
            stored(change.student_id, change.column),
            canonical(change.column, clean_text(change.new)),
        )
        if change.student_id not in members:
            told.faults.append(_fault(change, _("học sinh không thuộc lớp này")))
        elif text is None:
            said = _("không ghi được “%(value)s” ở đây") % {"value": change.new[:40]}
            told.faults.append(_fault(change, said))
        elif text != stands and change.column in closed.get(change.student_id, {}):
            said = _("%(school)s đã ghi mục này trước khi học sinh chuyển đến, chỉ đọc")
            told.faults.append(_fault(change, said % {"school": closed[change.student_id][change.column]}))
        elif text != stands and clean_text(change.old) != stands:
            told.conflicts.append((change, stands))
        else:
            told.saved.append(CellSaved(change.student_id, change.column, text))
            if text != stands:
                told.wanted.setdefault(change.student_id, {})[change.column] = text
    return told


def _fault(change: CellChange, reason: str) -> CellFault:
    return CellFault(change.student_id, change.column, change.new, reason)


Writers = Mapping[int, tuple[str, datetime | None]]


def _outcome_of(told: Told, writers: Writers) -> EntryOutcome:
    conflicts = tuple(
        CellConflict(
            change.student_id,
            change.column,
            stands,
            change.new,
            *writers.get(change.student_id, ("", None)),
        )
        for change, stands in told.conflicts
    )
    return EntryOutcome(tuple(told.saved), conflicts, tuple(told.faults))


def _writers_of(model: Any, key: dict[str, Any], conflicts: Sequence[tuple[CellChange, str]]) -> Writers:
    """Who wrote the row of each pupil last."""
    if not conflicts:
        return {}
    students = {change.student_id for change, _stands in conflicts}
    rows = dict(model.objects.filter(**key, student_id__in=students).values_list("pk", "student_id"))
    events: Any = event_model(model)
    found: dict[int, tuple[str, datetime | None]] = {}
    for event in events._base_manager.filter(pgh_obj_id__in=rows).order_by("pgh_id"):
        name = (event.pgh_context or {}).get("name", "")
        found[rows[event.pgh_obj_id]] = (name, event.pgh_created_at)
    return found
