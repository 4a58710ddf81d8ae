"""The parts of a school that go on at its successor, each in its own order: rooms before classes, classes before spells.

reorganizing.merge_school calls them; every write is noted in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.text.vietnamese import fold

from ..models import (
    Employment,
    Enrolment,
    Equipment,
    ErrorReport,
    InternetLine,
    Land,
    MatchCandidate,
    Room,
    SchoolClass,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
    Transfer,
)
from ..types import OPEN_TRANSFER, EntryType, ErrorReportState, ExitType, TransferState
from .carrying import Move, carry, running

ASSETS: tuple[type[Any], ...] = (Land, Room, Equipment, InternetLine)


@dataclass
class Merging:
    """One merger while it is written. sites: {old key: new key}; codes: [kind, old, new] of all that had to be renamed."""

    by: Actor
    gone: Any
    into: Any
    move: Move
    suffix: str
    sites: Mapping[int, int]
    ledger: Ledger
    codes: list[list[str]] = field(default_factory=list)

    def running(self, model: type[Any]) -> QuerySet[Any]:
        return running_at(by=self.by, model=model, unit_id=self.gone.pk, last_day=self.move.last_day)

    def place(self, row: Any) -> None:
        """The site that the old one has become."""
        row.site_id = self.sites.get(row.site_id)


def running_at(*, by: Actor, model: type[Any], unit_id: int, last_day: date) -> QuerySet[Any]:
    """Rows of a school that do not end on `last_day` or before."""
    return running(by=by, rows=model._default_manager.filter(unit_id=unit_id), last_day=last_day)


def classes_at(*, by: Actor, unit_id: int, last_day: date) -> QuerySet[Any]:
    """Classes of years that are not over by `last_day`."""
    rows = running_at(by=by, model=SchoolClass, unit_id=unit_id, last_day=last_day)
    return rows.filter(school_year__ends_on__gt=last_day)


def renamed_classes(
    *, by: Actor, unit_id: int, into_id: int, last_day: date, suffix: str
) -> dict[int, tuple[str, str]]:
    """New (name, code) of classes whose name or code the successor has in the same year, by class."""
    there = list(SchoolClass.objects.filter(unit_id=into_id).values_list("school_year_id", "code", "name"))
    codes = {(year, code) for year, code, _name in there}
    names = {(year, fold(name)) for year, _code, name in there}
    found = {}
    for row in classes_at(by=by, unit_id=unit_id, last_day=last_day).order_by("grade", "name", "pk"):
        year = row.school_year_id
        if (year, row.code) not in codes and (year, fold(row.name)) not in names:
            continue
        code, number = f"{row.code}-{suffix}"[:30], 2
        while (year, code) in codes:
            code, number = f"{row.code[:20]}-{suffix}-{number}"[:30], number + 1
        codes.add((year, code))
        found[row.pk] = (f"{row.name} {suffix}"[:60], code)
    return found


def shared_codes(*, by: Actor, model: type[Any], unit_id: int, into_id: int) -> QuerySet[Any]:
    """Dossiers whose number at the old school somebody at the successor has too."""
    taken = model._default_manager.filter(unit_id=into_id).exclude(local_code="")
    return model._default_manager.filter(
        unit_id=unit_id, local_code__in=taken.order_by().values("local_code")
    )


def carry_things(*, by: Actor, merging: Merging) -> dict[int, Any]:
    """Land, rooms, equipment, lines, on the sites that came along; returns the rooms."""
    rooms: dict[int, Any] = {}
    for model in ASSETS:
        found = carry(
            by=by,
            rows=merging.running(model),
            move=merging.move,
            ledger=merging.ledger,
            columns=["site_id"],
            change=merging.place,
        )
        if model is Room:
            rooms = found
    return rooms


def carry_staff(*, by: Actor, merging: Merging) -> None:
    """Posts go on; who works at both schools already has the post there: this one only ends."""
    rows, move = merging.running(Employment), merging.move
    there = Employment.objects.filter(unit_id=move.into_id, valid_to=None).values_list("staff_id", flat=True)
    double = list(rows.filter(staff_id__in=list(there)).values_list("pk", flat=True))
    both = Employment.objects.filter(pk__in=double)
    merging.ledger.drop(both.filter(valid_from__gt=move.last_day))
    merging.ledger.update(both.filter(valid_from__lte=move.last_day), valid_to=move.last_day)
    carry(by=by, rows=rows.exclude(pk__in=double), move=move, ledger=merging.ledger)


def carry_classes(*, by: Actor, merging: Merging, rooms: Mapping[int, Any]) -> dict[int, SchoolClass]:
    """Classes of the running years with who teaches in them; {old key: class at the successor}."""
    move, ledger = merging.move, merging.ledger
    renamed = renamed_classes(
        by=by, unit_id=move.gone_id, into_id=move.into_id, last_day=move.last_day, suffix=merging.suffix
    )
    rows = classes_at(by=by, unit_id=move.gone_id, last_day=move.last_day)
    new_names = {
        (row.school_year_id, row.code): (row.name, *renamed[row.pk]) for row in rows if row.pk in renamed
    }

    def change(row: SchoolClass) -> None:
        merging.place(row)
        if row.room_id is not None and row.room_id in rooms:
            row.room_id = rooms[row.room_id].pk
        found = new_names.get((row.school_year_id, row.code))
        if found is not None:
            old, name, code = found
            merging.codes.append(["class", f"{old} ({row.code})", f"{name} ({code})"])
            row.name, row.code = name, code

    columns = ["site_id", "room_id", "name", "code"]
    classes = carry(by=by, rows=rows, move=move, ledger=ledger, columns=columns, change=change)

    def into_new_class(row: TeachingAssignment) -> None:
        row.school_class_id = classes[row.school_class_id].pk

    teaching = merging.running(TeachingAssignment)
    theirs = teaching.filter(school_class_id__in=list(classes))
    left_over = teaching.exclude(school_class_id__in=list(classes)).filter(valid_from__lte=move.last_day)
    ledger.update(left_over, valid_to=move.last_day)
    carry(by=by, rows=theirs, move=move, ledger=ledger, columns=["school_class_id"], change=into_new_class)
    return classes


def carry_spells(*, by: Actor, merging: Merging, classes: Mapping[int, SchoolClass]) -> None:
    """Pupils go on in the same class on the next day: no transfer, no dropout."""
    move, ledger = merging.move, merging.ledger
    rows = list(Enrolment.objects.filter(unit_id=move.gone_id, left_on=None).order_by("pk"))
    begun = [spell for spell in rows if spell.entered_on <= move.last_day]
    later = [spell for spell in rows if spell.entered_on > move.last_day]
    ledger.update(
        Enrolment.objects.filter(pk__in=[spell.pk for spell in begun]),
        exit_type=ExitType.REORGANIZED.value,
        left_on=move.last_day,
    )
    ledger.add(
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    student_id=spell.student_id,
                    unit_id=move.into_id,
                    school_year_id=spell.school_year_id,
                    school_class=classes.get(spell.school_class_id or 0),
                    grade=spell.grade,
                    status=spell.status,
                    entry_type=EntryType.REORGANIZED.value,
                    entered_on=move.first_day,
                    student_name=spell.student_name,
                    other_school=merging.gone.name[:200],
                )
                for spell in begun
            ]
        )
    )

    def move_over(spell: Enrolment) -> None:
        spell.unit_id, spell.school_class = move.into_id, classes.get(spell.school_class_id or 0)

    ledger.change(later, ["unit_id", "school_class_id"], move_over)


def move_dossiers(*, by: Actor, merging: Merging) -> None:
    """Dossiers of pupils, former pupils and staff. A number that both have gets the suffix, so that it is still found."""
    move, ledger = merging.move, merging.ledger
    for kind, model in (("student", Student), ("staff", Staff)):
        both = shared_codes(by=by, model=model, unit_id=move.gone_id, into_id=move.into_id)
        taken = set(model._default_manager.filter(unit_id=move.into_id).values_list("local_code", flat=True))

        def rename(row: Any, kind: str = kind, taken: set[str] = taken) -> None:
            new = f"{row.local_code}-{merging.suffix}"
            new = new if len(new) <= 30 and new not in taken else ""
            taken.add(new)
            merging.codes.append([kind, row.local_code, new])
            row.local_code = new

        ledger.change(list(both.order_by("pk")), ["local_code"], rename)
        ledger.update(model._default_manager.filter(unit_id=move.gone_id), unit_id=move.into_id)
    carry(by=by, rows=merging.running(StudentCharacteristic), move=move, ledger=ledger)


def move_open_matters(*, by: Actor, merging: Merging) -> None:
    """Transfers, reports of families, pairs to look at: whoever takes over has to answer them."""
    gone, into, ledger = merging.move.gone_id, merging.move.into_id, merging.ledger
    still_open = Transfer.objects.filter(state__in=OPEN_TRANSFER)
    between = Q(from_unit_id=gone, to_unit_id=into) | Q(from_unit_id=into, to_unit_id=gone)
    ledger.update(still_open.filter(between), state=TransferState.CANCELLED.value)
    ledger.update(still_open.filter(from_unit_id=gone), from_unit_id=into)
    ledger.update(still_open.filter(to_unit_id=gone), to_unit_id=into)
    reports = ErrorReport.objects.filter(unit_id=gone, state=ErrorReportState.OPEN)
    ledger.update(reports, soft=True, unit_id=into)
    ledger.update(MatchCandidate.objects.filter(first_unit_id=gone), soft=True, first_unit_id=into)
    ledger.update(MatchCandidate.objects.filter(second_unit_id=gone), soft=True, second_unit_id=into)
