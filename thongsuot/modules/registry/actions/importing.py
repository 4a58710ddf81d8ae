"""Files of pupils and staff, for one school or a whole province, by statements over all rows.

    clean columns -> stage (COPY) -> matching -> comparing -> writing (INSERT..SELECT, UPDATE..FROM)

The matching runs as the system, because a record may lie at another school; the writing runs as the actor, within
row-level security.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.progress import Tells
from thongsuot.kit.importing.types import ImportRefused
from thongsuot.kit.postgres.isolation import act_as

from ..bulk import classes, listing, matching, prepare, results, staff, staging, students, undoing
from ..bulk.sql import has_sound_rows, make_room
from ..bulk.types import Asked, Staged, Year
from ..domain.layouts import Layout
from ..permissions import can_import

# How far a file is, in hundredths: the parts take about so long.
PREPARED, MATCHED, WRITTEN, ALL = 35, 50, 90, 100


def bring_students(
    *,
    by: Actor,
    run: ImportRun,
    importer: Importer,
    staged: Staged,
    layout: Layout,
    apply: bool,
    progress: Tells,
) -> dict[str, int]:
    """Say of each row what it does to a pupil's record; do it where `apply`. The counts by outcome.

    Raises NotAllowed for a school that the actor may not edit, ImportRefused when no row can go in.
    """
    _require(by, staged.asked)
    with acting(by, reason=undoing.reason_of(run)):
        progress.set(0, ALL, _("Đang kiểm tra"))
        prepare.prepare_students(staged, layout)
        if staged.asked.make_classes and apply and classes.make_missing(staged):
            _find_classes_again(staged)
        progress.set(PREPARED)
        make_room()
        with act_as(Actor.system()):
            is_first = apply and matching.is_first(students.KIND)
        if is_first:
            missing = _write_first(staged, progress)
        else:
            missing = _write_students(staged, progress, apply=apply)
        run.message = staged.warning
        counts = listing.keep_rows(run, importer, staged, missing, all_new=is_first)
    progress.set(ALL)
    return counts


def _write_first(staged: Staged, progress: Tells) -> list[tuple[int, str, str]]:
    """A province's first pupils: nobody to match, to compare, to miss."""
    progress.set(MATCHED, message=_("Đang ghi"))
    _require_rows(has_sound=bool(staging.sound_rows(staged).height))
    students.write_first(staged, lambda part: progress.set(MATCHED + round((WRITTEN - MATCHED) * part)))
    return []


def _write_students(staged: Staged, progress: Tells, *, apply: bool) -> list[tuple[int, str, str]]:
    """Match, compare and, where `apply`, write; the pupils whom the file does not name."""
    staging.write_stage(staged, students.KIND)
    with act_as(Actor.system()):
        has_known = matching.match(staged, students.KIND)
        if has_known:
            students.compare(staged)
    progress.set(MATCHED, message=_("Đang ghi") if apply else None)
    missing = listing.students_missing(staged)
    if apply:
        _require_rows(has_sound=has_sound_rows())
        if has_known:
            with act_as(Actor.system()):
                students.take_over(staged)
        students.write(staged, has_known=has_known)
        progress.set(WRITTEN)
    return missing


def bring_staff(
    *,
    by: Actor,
    run: ImportRun,
    importer: Importer,
    staged: Staged,
    layout: Layout,
    apply: bool,
    progress: Tells,
) -> dict[str, int]:
    """`bring_students` for staff."""
    _require(by, staged.asked)
    with acting(by, reason=undoing.reason_of(run)):
        progress.set(0, ALL, _("Đang kiểm tra"))
        prepare.prepare_staff(staged, layout)
        staging.write_stage(staged, staff.KIND)
        progress.set(PREPARED)
        with act_as(Actor.system()):
            matching.match(staged, staff.KIND)
            staff.compare(staged)
        progress.set(MATCHED, message=_("Đang ghi") if apply else None)
        missing = listing.staff_missing(staged)
        if apply:
            _require_rows(has_sound=has_sound_rows())
            with act_as(Actor.system()):
                staff.take_over(staged)
            staff.write(staged)
            progress.set(WRITTEN)
        counts = listing.keep_rows(run, importer, staged, missing)
    progress.set(ALL)
    return counts


def bring_results(
    *,
    by: Actor,
    run: ImportRun,
    importer: Importer,
    staged: Staged,
    layout: Layout,
    apply: bool,
    progress: Tells,
) -> dict[str, int]:
    """Say of each row what it changes of the pupil's year result; keep it where `apply`. The counts by outcome.

    Only pupils whose dossier lies at the school: nobody is found at another one, nobody is made. Raises NotAllowed,
    ImportRefused as `bring_students`.
    """
    _require(by, staged.asked)
    with acting(by, reason=undoing.reason_of(run)):
        progress.set(0, ALL, _("Đang kiểm tra"))
        prepare.prepare_students(staged, layout)
        staging.write_stage(staged, students.KIND)
        progress.set(PREPARED)
        matching.match_own(staged, students.KIND)
        results.compare(staged)
        progress.set(MATCHED, message=_("Đang ghi") if apply else None)
        if apply:
            _require_rows(has_sound=has_sound_rows())
            results.write(staged, run)
            progress.set(WRITTEN)
        counts = listing.keep_rows(run, importer, staged, [])
    progress.set(ALL)
    return counts


def take_back(*, by: Actor, run: ImportRun, asked: Asked, parts: Sequence[undoing.Part]) -> tuple[int, int]:
    """Undo a whole import: (people put back, people who stay as they are because of later work)."""
    _require(by, asked)
    with acting(by, reason=_("Hoàn tác lần nhập tệp")), act_as(Actor.system()):
        return undoing.take_back(run, parts)


def _find_classes_again(staged: Staged) -> None:
    staged.cleaned.values = staged.cleaned.values.drop("class_id", "class_grade")
    classes.find_classes(staged)


def _require(by: Actor, asked: Asked) -> None:
    units = [asked.unit_id] if asked.unit_id is not None else list(set(asked.units.values()))
    if not units or not all(can_import(by, unit_id) for unit_id in units):
        raise NotAllowed(_("Anh/chị không có quyền nhập dữ liệu của trường này."))


def _require_rows(*, has_sound: bool) -> None:
    if not has_sound:
        raise ImportRefused(_("Không có dòng nào nhập được."))


__all__ = ["Asked", "Staged", "Year", "bring_results", "bring_staff", "bring_students", "take_back"]
