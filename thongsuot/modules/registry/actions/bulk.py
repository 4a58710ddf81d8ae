"""Many dossiers at once: the grid of a class. A row is written whole or not at all; every wrong cell is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused

from ..domain.persons import clean_code
from ..models import Enrolment, Student, StudentCharacteristic
from ..permissions import can_edit
from ..queries.editions import edition_of
from ..types import CharacteristicKind
from .checking import only_named
from .persons import write_person

GRID_FIELDS = frozenset(
    {
        "local_code",
        "full_name",
        "birth_date",
        "gender",
        "ethnicity",
        "phone",
        "current_address",
        "is_boarding",
    }
)


@dataclass(frozen=True)
class GridEdit:
    """values: the named cells of one pupil; seen: the edition of the row that the editor had before him."""

    student_id: int
    values: Mapping[str, Any]
    seen: str = ""


@dataclass
class GridResult:
    """What became of one row. errors: {cell: message}, "" for the row itself; edition: of the row as it is now."""

    student_id: int
    saved: bool = False
    edition: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class _Row:
    student: Student
    given: dict[str, Any]
    result: GridResult
    name_before: str
    code_before: str


@transaction.atomic
def edit_students(*, by: Actor, edits: Sequence[GridEdit], today: date) -> list[GridResult]:
    """Save the rows that are right; of the others say what is wrong, cell by cell. Nothing of them is written.

    Local codes may change places inside one save. `is_boarding` begins or ends the characteristic on `today`.
    Raises nothing: a row of another school, a row that somebody has changed meanwhile are errors of that row.
    """
    rows = _rows(by, edits)
    ready = [row for row in rows if not row.result.errors]
    for row in ready:
        _write(by, row)
    _share_codes(ready)
    good = [row for row in ready if not row.result.errors]
    _save(by, good, today)
    return [row.result for row in rows] + _strangers(edits, rows)


def _rows(by: Actor, edits: Sequence[GridEdit]) -> list[_Row]:
    wanted = {edit.student_id: edit for edit in edits}
    found = Student.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    rows = []
    for student in found:
        edit = wanted[student.pk]
        result = GridResult(student.pk, edition=edition_of(student))
        rows.append(_Row(student, {}, result, student.full_name, student.local_code))
        if not can_edit(by, student.unit_id):
            result.errors[""] = _("Không có hồ sơ này.")
        elif student.merged_into_id or student.erased_at or student.restricted_at:
            result.errors[""] = _("Hồ sơ này đã gộp, đã xóa hoặc đang bị hạn chế xử lý.")
        elif edit.seen and edit.seen != result.edition:
            result.errors[""] = _(
                "Người khác vừa sửa em này. Chưa ghi đè: hãy tải lại trang để xem giá trị mới."
            )
        else:
            rows[-1].given = only_named(
                by=by, given={k: v for k, v in edit.values.items() if k in GRID_FIELDS}, allowed=GRID_FIELDS
            )
    return rows


def _strangers(edits: Sequence[GridEdit], rows: Sequence[_Row]) -> list[GridResult]:
    known = {row.student.pk for row in rows}
    gone = _("Không có hồ sơ này.")
    return [GridResult(e.student_id, errors={"": gone}) for e in edits if e.student_id not in known]


def _write(by: Actor, row: _Row) -> None:
    """Cell by cell, so that all that is wrong is told at once. The code is looked at with all others."""
    for name, value in row.given.items():
        if name in ("local_code", "is_boarding"):
            continue
        try:
            write_person(by=by, row=row.student, given={name: value})
        except NotAllowed:
            row.result.errors[name] = _("Anh/chị không có quyền sửa mục này.")
        except Refused as error:
            row.result.errors[name] = error.message
    if "local_code" in row.given:
        row.student.local_code = clean_code(row.given["local_code"])
        if len(row.student.local_code) > 30:
            row.result.errors["local_code"] = _("Dài quá %(limit)d ký tự.") % {"limit": 30}


def _share_codes(rows: Sequence[_Row]) -> None:
    """Tell rows whose code somebody else has, or will have. A row that fails keeps its old code, which may fail others."""
    changed = [row for row in rows if row.student.local_code != row.code_before]
    if not changed:
        return
    others = {
        (unit_id, code)
        for unit_id, code in Student.objects.filter(
            unit_id__in={row.student.unit_id for row in changed},
            local_code__in={row.student.local_code for row in changed},
            merged_into__isnull=True,
        )
        .exclude(pk__in=[row.student.pk for row in rows])
        .values_list("unit_id", "local_code")
    }
    settled = False
    while not settled:
        settled = True
        held = Counter(
            (row.student.unit_id, row.code_before if row.result.errors else row.student.local_code)
            for row in rows
        )
        for row in changed:
            key = (row.student.unit_id, row.student.local_code)
            if row.student.local_code and not row.result.errors and (key in others or held[key] > 1):
                said = _("Mã “%(code)s” đã có ở học sinh khác.")
                row.result.errors["local_code"] = said % {"code": row.student.local_code}
                settled = False


def _save(by: Actor, rows: Sequence[_Row], today: date) -> None:
    moved = [row.student.pk for row in rows if row.code_before and row.student.local_code != row.code_before]
    if len(moved) > 1:
        # Codes that change places are let go of first; the history shows the step.
        Student.objects.filter(pk__in=moved).update(local_code="")
    for row in rows:
        row.student.save()
        if row.student.full_name != row.name_before:
            Enrolment.objects.filter(student=row.student, left_on__isnull=True).update(
                student_name=row.student.full_name
            )
        row.result.saved, row.result.edition = True, edition_of(row.student)
    _board([row for row in rows if "is_boarding" in row.given], today)


def _board(rows: Sequence[_Row], today: date) -> None:
    kind = CharacteristicKind.BOARDING.value
    running = {
        one.student_id: one
        for one in StudentCharacteristic.objects.filter(
            student_id__in=[row.student.pk for row in rows], kind=kind, valid_to__isnull=True
        )
    }
    for row in rows:
        one, wanted = running.get(row.student.pk), bool(row.given["is_boarding"])
        if wanted and one is None:
            StudentCharacteristic.objects.update_or_create(
                student=row.student,
                kind=kind,
                code="",
                valid_from=today,
                defaults={"unit_id": row.student.unit_id, "valid_to": None},
            )
        elif not wanted and one is not None:
            if one.valid_from >= today:
                one.delete()
            else:
                one.valid_to = today - timedelta(days=1)
                one.save(update_fields=["valid_to"])
