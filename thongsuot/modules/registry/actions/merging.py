"""Two dossiers of one pupil made one, and made two again. journeys.merge_people calls this and the other modules' parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import (
    Contact,
    Enrolment,
    ErrorReport,
    MatchCandidate,
    PersonMerge,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    Transfer,
    YearResult,
)
from ..models.results import SAID
from ..permissions import can_match
from ..types import ExitType, MatchDecision, StateConflict, result_choice

# What a dossier says of a person; each may be taken from either record. The personal id goes with its digest.
FIELDS = (
    "full_name",
    "birth_date",
    "gender",
    "ethnicity",
    "religion",
    "nationality",
    "personal_id_sealed",
    "ministry_code",
    "birth_place",
    "home_town",
    "residence_commune_code",
    "residence_address",
    "current_address",
    "phone",
    "email",
)
# Fields that go along with another one.
TOGETHER = {
    "full_name": ("name_fold", "sort_key"),
    "birth_date": ("is_birth_year_only",),
    "personal_id_sealed": ("personal_id_digest", "identity_status", "identity_checked_at"),
}
# What hangs on a dossier, and the rows that the other dossier may have already. Units go along with the dossier, but for
# results: a year stays that of the school where it was spent.
MOVED: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Contact, ("relation", "full_name")),
    (StudentCharacteristic, ("kind", "code", "valid_from")),
    (YearResult, ("school_year_id", "unit_id")),
    (ErrorReport, ()),
    (SubjectRequest, ()),
)


# What one result of a year says and another could: all but whose, of which year and school.
RESULT_SAYS = (*SAID, "grade", "school_class_id", "import_run_id")
STAYS_AT_UNIT: tuple[type[Model], ...] = (YearResult,)


@dataclass(frozen=True)
class MergePlan:
    """What merging would do. choices: field -> "kept" or "gone"; conflicts: what a person should look at first.

    results: pairs (kept, gone) that say different things of one year at one school: both are kept, the one that does
    not hold with the record that is merged in. Which one holds is chosen like a field, under `result_choice(gone.pk)`.
    """

    choices: Mapping[str, str]
    spells: int
    conflicts: tuple[str, ...]
    results: tuple[tuple[YearResult, YearResult], ...] = ()


def plan_merge(*, by: Actor, kept: Student, gone: Student) -> MergePlan:
    """What merging `gone` into `kept` would do; writes nothing. Raises NotAllowed, StateConflict."""
    _refuse(by, kept, gone)
    choices = {name: "gone" if not getattr(kept, name) and getattr(gone, name) else "kept" for name in FIELDS}
    results = tuple(_different_results(kept, gone))
    conflicts = _conflicts(kept, gone)
    if results:
        conflicts.append(_("Hai hồ sơ ghi kết quả khác nhau của cùng một năm học."))
    return MergePlan(choices, gone.enrolments.count(), tuple(conflicts), results)


def _refuse(by: Actor, kept: Student, gone: Student) -> None:
    if not can_match(by, kept.unit_id, gone.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền gộp hai hồ sơ này."))
    if kept.pk == gone.pk:
        raise StateConflict(_("Hai hồ sơ là một."))
    if any(record.merged_into_id or record.erased_at or record.restricted_at for record in (kept, gone)):
        raise StateConflict(_("Một trong hai hồ sơ đã được gộp, xóa hoặc đang hạn chế xử lý."))


def _conflicts(kept: Student, gone: Student) -> list[str]:
    said = []
    if (
        kept.personal_id_digest
        and gone.personal_id_digest
        and bytes(kept.personal_id_digest) != bytes(gone.personal_id_digest)
    ):
        said.append(_("Hai hồ sơ có số định danh khác nhau."))
    if kept.ministry_code and gone.ministry_code and kept.ministry_code != gone.ministry_code:
        said.append(_("Hai hồ sơ có mã định danh của Bộ khác nhau."))
    if kept.birth_date != gone.birth_date:
        said.append(_("Ngày sinh khác nhau."))
    if (
        kept.enrolments.filter(left_on__isnull=True).exists()
        and gone.enrolments.filter(left_on__isnull=True).exists()
    ):
        said.append(_("Cả hai đang học: quá trình học đang mở của hồ sơ gộp vào sẽ được đóng là ghi nhầm."))
    if Transfer.objects.filter(student__in=[kept, gone], state__in=["requested", "released"]).exists():
        said.append(_("Đang có đề nghị chuyển trường chưa xong."))
    return said


def _different_results(kept: Student, gone: Student) -> list[tuple[YearResult, YearResult]]:
    rows = YearResult.objects.select_related("school_year", "unit").order_by("-school_year__starts_on", "pk")
    there = {(row.school_year_id, row.unit_id): row for row in rows.filter(student=kept)}
    pairs = [(there.get((row.school_year_id, row.unit_id)), row) for row in rows.filter(student=gone)]
    return [(first, second) for first, second in pairs if first and first.differs_from(second)]


@transaction.atomic
def merge_students(
    *, by: Actor, kept: Student, gone: Student, choices: Mapping[str, str], today: date, now: datetime
) -> PersonMerge:
    """Make `gone` part of `kept`: fields and results as chosen, spells and whatever else hangs on it move over; `gone` stays
    readable in the history and is no longer listed. Raises NotAllowed, StateConflict.

    Where both have an open spell, that of `gone` is closed as written by mistake ("withdrawn"): nobody sits in two
    classes. An open transfer has to end first.
    """
    rows = Student.objects.select_for_update(of=("self",)).in_bulk([kept.pk, gone.pk])
    if len(rows) != len({kept.pk, gone.pk}):
        raise NotAllowed(_("Anh/chị không có quyền gộp hai hồ sơ này."))
    kept, gone = rows[kept.pk], rows[gone.pk]
    _refuse(by, kept, gone)
    if Transfer.objects.filter(student__in=[kept, gone], state__in=["requested", "released"]).exists():
        raise StateConflict(_("Hoàn tất hoặc rút đề nghị chuyển trường trước khi gộp."))
    moved: dict[str, Any] = {"fields": _take_fields(kept, gone, choices)}
    moved["swapped"] = _swap_chosen(_different_results(kept, gone), choices)
    moved["closed"] = _close_second_spell(kept, gone, today)
    moved["spells"] = _move(Enrolment, Q(student=gone), kept)
    moved["transfers"] = _move(Transfer, Q(student=gone), kept)
    for model, identity in MOVED:
        moved[model._meta.model_name or ""] = _move_rest(model, identity, kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into", "updated_at"])
    pair = Q(first=kept, second=gone) | Q(first=gone, second=kept)
    MatchCandidate.objects.filter(pair).update(
        decision=MatchDecision.SAME, decided_by=by.user_id, decided_at=now
    )
    return PersonMerge.objects.create(
        kept=kept, gone=gone, unit_id=kept.unit_id, moved=moved, merged_by_id=by.user_id, merged_at=now
    )


def _take_fields(kept: Student, gone: Student, choices: Mapping[str, str]) -> dict[str, list[Any]]:
    """Fields of `kept` taken from `gone`; what they were and what they became, as JSON."""
    taken = [
        name for name in FIELDS if choices.get(name) == "gone" and getattr(gone, name) != getattr(kept, name)
    ]
    names = [one for name in taken for one in (name, *TOGETHER.get(name, ()))]
    changed = {name: [_as_json(getattr(kept, name)), _as_json(getattr(gone, name))] for name in names}
    for name in names:
        setattr(kept, name, getattr(gone, name))
    if names:
        kept.save(update_fields=[*names, "updated_at"])
    return changed


def _swap_chosen(
    pairs: list[tuple[YearResult, YearResult]], choices: Mapping[str, str]
) -> list[tuple[int, int]]:
    """Where the other result was chosen the two rows say each other's: keys of both, by which it is taken back."""
    chosen = [(one.pk, two.pk) for one, two in pairs if choices.get(result_choice(two.pk)) == "gone"]
    for first, second in chosen:
        _swap(first, second)
    return chosen


def _swap(first: int, second: int) -> None:
    rows = YearResult.objects.select_for_update(of=("self",)).in_bulk([first, second])
    if len(rows) == 2:
        one, two = rows[first], rows[second]
        for name in RESULT_SAYS:
            mine, other = getattr(one, name), getattr(two, name)
            setattr(one, name, other)
            setattr(two, name, mine)
        one.save()
        two.save()


def _close_second_spell(kept: Student, gone: Student, today: date) -> list[dict[str, Any]]:
    if not kept.enrolments.filter(left_on__isnull=True).exists():
        return []
    closed = []
    for spell in gone.enrolments.filter(left_on__isnull=True):
        closed.append({"id": spell.pk})
        spell.left_on, spell.exit_type = max(today, spell.entered_on), ExitType.WITHDRAWN
        spell.save(update_fields=["left_on", "exit_type"])
    return closed


def _move(model: type[Model], which: Q, kept: Student) -> list[int]:
    keys = list(model._default_manager.filter(which).order_by("pk").values_list("pk", flat=True))
    model._default_manager.filter(pk__in=keys).update(student=kept)
    return keys


def _move_rest(
    model: type[Model], identity: tuple[str, ...], kept: Student, gone: Student
) -> list[list[int | None]]:
    """Rows of `gone` that `kept` does not have yet, with the unit that each had: [key, unit or null]."""
    moves_unit = model not in STAYS_AT_UNIT and any(
        field.name == "unit" for field in model._meta.local_fields
    )
    there = set(model._default_manager.filter(student=kept).values_list(*identity)) if identity else set()
    keys: list[list[int | None]] = []
    for row in model._default_manager.filter(student=gone).order_by("pk"):
        if identity and tuple(getattr(row, name) for name in identity) in there:
            continue
        keys.append([row.pk, getattr(row, "unit_id", None)])
    values = {"student": kept, **({"unit_id": kept.unit_id} if moves_unit else {})}
    model._default_manager.filter(pk__in=[key for key, _unit in keys]).update(**values)
    return keys


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def split_students(*, by: Actor, merge: PersonMerge, now: datetime) -> list[str]:
    """Take a merge back: what moved goes back, fields that nobody has changed since become what they were.

    Returns the names of fields that somebody has changed since and that were therefore left alone.
    Raises NotAllowed, StateConflict (taken back already; one of the two has been merged again or left for another school).
    """
    merge = (
        PersonMerge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=merge.pk)
    )
    kept, gone = merge.kept, merge.gone
    if not can_match(by, kept.unit_id, gone.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền tách hai hồ sơ này."))
    if merge.undone_at or gone.merged_into_id != kept.pk or kept.merged_into_id or kept.erased_at:
        raise StateConflict(_("Lần gộp này không còn tách lại được."))
    gone.merged_into = None
    gone.save(update_fields=["merged_into", "updated_at"])
    Enrolment.objects.filter(pk__in=merge.moved["spells"]).update(student=gone)
    Transfer.objects.filter(pk__in=merge.moved["transfers"]).update(student=gone)
    for model, _identity in MOVED:
        _move_back(model, merge.moved[model._meta.model_name or ""], gone)
    for first, second in merge.moved.get("swapped", ()):
        _swap(first, second)
    for spell in merge.moved["closed"]:
        Enrolment.objects.filter(pk=spell["id"]).update(left_on=None, exit_type="")
    left_alone = _give_fields_back(kept, merge.moved["fields"])
    pair = Q(first=kept, second=gone) | Q(first=gone, second=kept)
    MatchCandidate.objects.filter(pair).update(decision="", decided_by=None, decided_at=None)
    merge.undone_by_id, merge.undone_at = by.user_id, now
    merge.save(update_fields=["undone_by", "undone_at"])
    return left_alone


def _move_back(model: type[Model], keys: list[list[int | None]], gone: Student) -> None:
    has_unit = any(field.name == "unit" for field in model._meta.local_fields)
    for key, unit_id in keys:
        values = {"student": gone, **({"unit_id": unit_id} if has_unit else {})}
        model._default_manager.filter(pk=key).update(**values)


def _give_fields_back(kept: Student, fields: Mapping[str, list[Any]]) -> list[str]:
    restored, left_alone = [], []
    for name, (before, after) in fields.items():
        if _as_json(getattr(kept, name)) != after:
            left_alone.append(name)
            continue
        setattr(kept, name, _from_json(name, before))
        restored.append(name)
    if restored:
        kept.save(update_fields=[*restored, "updated_at"])
    return left_alone


def _from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("personal_id_sealed", "personal_id_digest"):
        return bytes.fromhex(value)
    field: Any = Student._meta.get_field(name)
    return field.to_python(value)
