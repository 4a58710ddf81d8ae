"""Dossiers of pupils and staff as people read them: with masks, names for codes, and the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.queries import described
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.audit.types import FieldChange, HistoryEntry
from thongsuot.kit.sealing.sealing import unseal

from ..domain.persons import masked
from ..domain.statuses import STUDYING
from ..models import (
    Contact,
    Employment,
    Enrolment,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
    Transfer,
    YearResult,
)
from ..permissions import can_see_sensitive, transfers_visible
from ..types import SENSITIVE_KINDS
from .words import characteristic_names, code_names

HIDDEN = "••••"
SEALED = "personal_id_sealed"
MASKED_FIELDS = frozenset({"ethnicity", "religion", "is_father_minority", "is_mother_minority"})


@dataclass(frozen=True)
class Characteristic:
    """A fact between two dates in words; `words` is hidden where it is sensitive and not opened."""

    id: int
    kind: str
    label: str
    words: str
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Spell:
    """A spell in a class, with the names behind its codes."""

    id: int
    school: str
    year: str
    class_name: str
    class_id: int | None
    grade: str
    entry: str
    entered_on: date
    ending: str
    reason: str
    left_on: date | None
    status: str
    is_withdrawn: bool
    student_name: str


@dataclass(frozen=True)
class StudentDossier:
    """is_full: the sensitive fields stand as they are; then the reading has to be recorded (kit.audit)."""

    student: Student
    is_full: bool
    may_open: bool
    personal_id: str
    ethnicity: str
    religion: str
    contacts: Sequence[Contact] = ()
    characteristics: Sequence[Characteristic] = ()
    spells: Sequence[Spell] = ()
    transfers: Sequence[Transfer] = ()
    results: Sequence[YearResult] = ()

    @property
    def now(self) -> Spell | None:
        return next((spell for spell in self.spells if spell.left_on is None), None)


def student_dossier(actor: Actor, student: Student, *, full: bool = False) -> StudentDossier:
    """The dossier of a pupil whom the actor may see (queries.student). full: open, as far as the actor may."""
    may_open = can_see_sensitive(actor, student.unit_id)
    transfers = Transfer.objects.filter(transfers_visible(actor), student=student)
    return dossier_of(student, full=full and may_open, may_open=may_open, transfers=list(transfers))


def dossier_of(
    student: Student, *, full: bool, may_open: bool, transfers: Sequence[Transfer] = ()
) -> StudentDossier:
    """The parts of a dossier, whoever asks; who may ask is decided by the callers in this room."""
    return StudentDossier(
        student=student,
        is_full=full,
        may_open=may_open,
        personal_id=shown_personal_id(student, full=full),
        ethnicity=_shown("dan_toc", student.ethnicity, full),
        religion=_shown("ton_giao", student.religion, full),
        contacts=list(student.contacts.select_related("account")),
        characteristics=_characteristics(student.characteristics.all(), full),
        spells=_spells(student),
        transfers=transfers,
        results=_results(student),
    )


def _results(student: Student) -> list[YearResult]:
    """Of the dossier, and of records merged into it where they say otherwise of the same year and school."""
    merged = Q(student__merged_into=student) | Q(student__merged_into__merged_into=student)
    rows = list(
        YearResult.objects.filter(Q(student=student) | merged)
        .select_related("school_year", "school_class", "unit")
        .order_by("-school_year__starts_on", "unit_id", "pk")
    )
    own = {(row.school_year_id, row.unit_id): row for row in rows if row.student_id == student.pk}

    def is_shown(row: YearResult) -> bool:
        first = own.get((row.school_year_id, row.unit_id))
        return row is first or first is None or first.differs_from(row)

    # The dossier's own first, what a merged record says beneath it.
    shown = [row for row in rows if is_shown(row)]
    return sorted(
        shown, key=lambda row: (-row.school_year.starts_on.toordinal(), row.student_id != student.pk)
    )


def shown_personal_id(person: Student | Staff, *, full: bool) -> str:
    """The number, or its last four digits behind dots; "" when there is none."""
    number = unseal(person.personal_id_sealed)
    return number if full else masked(number)


def _shown(code_list: str, code: str, full: bool) -> str:
    if not code:
        return ""
    return code_names(code_list).get(code, code) if full else HIDDEN


def _characteristics(rows: Iterable[StudentCharacteristic], full: bool) -> list[Characteristic]:
    found = list(rows)
    names = characteristic_names() if found else {}
    return [
        Characteristic(
            id=row.pk,
            kind=row.kind,
            label=row.get_kind_display(),
            words=HIDDEN
            if row.kind in SENSITIVE_KINDS and not full
            else names.get((row.kind, row.code), row.code),
            note=HIDDEN if row.note and row.kind in SENSITIVE_KINDS and not full else row.note,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in found
    ]


def _spells(student: Student) -> list[Spell]:
    rows = list(student.enrolments.select_related("unit", "school_year", "school_class"))
    if not rows:
        return []
    statuses, reasons = code_names("trang_thai_hoc_sinh"), code_names("ly_do_thoi_hoc")
    today = timezone.localdate()
    return [
        Spell(
            id=row.pk,
            school=row.unit.name,
            year=row.school_year.name,
            class_name=row.school_class.name if row.school_class else "",
            class_id=row.school_class_id,
            grade=row.get_grade_display() if row.grade else "",
            entry=row.get_entry_type_display(),
            entered_on=row.entered_on,
            ending=row.get_exit_type_display() if row.exit_type else "",
            reason=reasons.get(row.exit_reason, row.exit_reason),
            left_on=row.left_on,
            # The ministry's word stays that of the beginning where a year simply ended.
            status=_("Đã kết thúc")
            if row.status == STUDYING and row.left_on and row.left_on < today
            else statuses.get(row.status, row.status),
            is_withdrawn=row.exit_type == "withdrawn",
            student_name=row.student_name,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class StaffDossier:
    staff: Staff
    is_full: bool
    may_open: bool
    personal_id: str
    ethnicity: str
    religion: str
    degree: str
    standard: str
    employments: Sequence[Employment] = ()
    teaching: Sequence[TeachingAssignment] = ()

    @property
    def has_running_post(self) -> bool:
        return any(p.valid_to is None and p.unit_id == self.staff.unit_id for p in self.employments)


def staff_dossier(actor: Actor, member: Staff, *, full: bool = False) -> StaffDossier:
    """The dossier of somebody whom the actor may see (queries.staff)."""
    may_open = can_see_sensitive(actor, member.unit_id)
    full = full and may_open
    employments = list(member.employments.select_related("unit"))
    positions, contracts = code_names("chuc_vu"), code_names("hinh_thuc_hop_dong")
    for post in employments:
        post.position_name = positions.get(post.position, post.position)  # type: ignore[attr-defined]
        post.contract_name = contracts.get(post.contract, post.contract)  # type: ignore[attr-defined]
    return StaffDossier(
        staff=member,
        is_full=full,
        may_open=may_open,
        personal_id=shown_personal_id(member, full=full),
        ethnicity=_shown("dan_toc", member.ethnicity, full),
        religion=_shown("ton_giao", member.religion, full),
        degree=code_names("trinh_do_chuyen_mon").get(member.degree, member.degree) if member.degree else "",
        standard=code_names("danh_gia_chuan_nghe_nghiep").get(
            member.professional_standard, member.professional_standard
        )
        if member.professional_standard
        else "",
        employments=employments,
        teaching=list(
            member.teaching.select_related("school_class", "school_class__school_year").order_by(
                "-valid_from", "subject", "id"
            )
        ),
    )


def student_history(student: Student, *, full: bool) -> list[HistoryEntry]:
    """Changes of the dossier and of all that hangs on it, the newest first; sensitive values masked unless `full`."""
    parts: list[tuple[type[Model], Iterable[int], bool]] = [
        (Student, [student.pk], False),
        (Enrolment, student.enrolments.order_by().values_list("pk", flat=True), False),
        (Contact, student.contacts.order_by().values_list("pk", flat=True), False),
        (StudentCharacteristic, student.characteristics.order_by().values_list("pk", flat=True), True),
    ]
    return _history(parts, full)


def staff_history(member: Staff, *, full: bool) -> list[HistoryEntry]:
    parts: list[tuple[type[Model], Iterable[int], bool]] = [
        (Staff, [member.pk], False),
        (Employment, member.employments.order_by().values_list("pk", flat=True), False),
    ]
    return _history(parts, full)


def _history(parts: Sequence[tuple[type[Model], Iterable[int], bool]], full: bool) -> list[HistoryEntry]:
    entries: list[HistoryEntry] = []
    for model, keys, may_be_health in parts:
        events: Any = event_model(model)
        by_row = defaultdict(list)
        for event in events._base_manager.filter(pgh_obj_id__in=list(keys)).order_by("pgh_id"):
            by_row[event.pgh_obj_id].append(event)
        for rows in by_row.values():
            hides = may_be_health and any(row.kind in SENSITIVE_KINDS for row in rows) and not full
            about = "" if model in (Student, Staff) else str(model._meta.verbose_name).capitalize()
            entries += [_about(_masked(entry, full, hides), about) for entry in described(rows)]
    return sorted((e for e in entries if e.changes), key=attrgetter("at"), reverse=True)


def _about(entry: HistoryEntry, what: str) -> HistoryEntry:
    """Says which part of the dossier changed, before the reason that was given."""
    return replace(entry, reason=". ".join(part for part in (what, entry.reason) if part))


def _masked(entry: HistoryEntry, full: bool, hides: bool) -> HistoryEntry:
    return replace(entry, changes=tuple(_masked_change(change, full, hides) for change in entry.changes))


def _masked_change(change: FieldChange, full: bool, hides: bool) -> FieldChange:
    if change.name == SEALED:
        # Old numbers stay sealed in the history: that it changed is what is told.
        return replace(change, old="", new=_("đã ghi số mới") if change.new else _("đã bỏ số"))
    if (change.name in MASKED_FIELDS and not full) or (hides and change.name in ("code", "note")):
        return replace(change, old=HIDDEN if change.old else "", new=HIDDEN if change.new else "")
    return change
