"""Rooms, land, equipment, lines: added, changed, taken out of use. One set of actions for the four kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization import queries as organization

from ..models import Equipment, InternetLine, Land, Room
from ..permissions import can_edit_facilities
from ..types import BadValue, Condition, EquipmentKind, EquipmentUse, RoomBuild, RoomKind, StateConflict
from .checking import locked, only_named

Thing = Room | Land | Equipment | InternetLine
SHARED = frozenset({"name", "site_id", "valid_from", "note"})
FIELDS: dict[type[Any], frozenset[str]] = {
    Room: SHARED | {"kind", "build", "condition", "area", "built_year", "capacity"},
    Land: SHARED | {"area", "has_certificate"},
    Equipment: SHARED | {"kind", "use", "measure", "quantity", "needed", "broken", "is_connected"},
    InternetLine: SHARED | {"provider", "technology", "bandwidth", "is_for_teaching"},
}
CHOICES: dict[tuple[type[Any], str], list[Any]] = {
    (Room, "kind"): RoomKind.values,
    (Room, "build"): RoomBuild.values,
    (Room, "condition"): Condition.values,
    (Equipment, "kind"): EquipmentKind.values,
    (Equipment, "use"): EquipmentUse.values,
}
MODELS = {"room": Room, "land": Land, "equipment": Equipment, "line": InternetLine}


def _require(by: Actor, unit_id: int) -> None:
    if not can_edit_facilities(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa cơ sở vật chất của trường này."))


@transaction.atomic
def add_thing(*, by: Actor, kind: str, unit_id: int, facts: Mapping[str, Any]) -> Thing:
    """kind: "room", "land", "equipment" or "line"; facts: FIELDS of its model. Areas in m², bandwidth in Mbps.

    Raises NotAllowed, BadValue (`field`). Legal source: TT 13/2020/TT-BGDĐT.
    """
    _require(by, unit_id)
    model: Any = MODELS[kind]
    made = model(unit_id=unit_id, valid_from=timezone.localdate())
    _write(by, made, {"name": "", **facts})
    made.save()
    return made


@transaction.atomic
def update_thing(*, by: Actor, thing: Thing, changes: Mapping[str, Any], seen: str = "") -> Thing:
    """Change only the fields that are named. Raises NotAllowed, BadValue, ChangedMeanwhile, StateConflict."""
    _require(by, thing.unit_id)
    row = locked(by=by, row=thing, seen=seen)
    _write(by, row, dict(changes))
    row.save()
    return row


@transaction.atomic
def retire_thing(*, by: Actor, thing: Thing, on: date, note: str = "") -> Thing:
    """In use for the last time on `on`; it stays countable before. Raises NotAllowed, BadValue, StateConflict (out of use)."""
    _require(by, thing.unit_id)
    row = locked(by=by, row=thing)
    if row.valid_to is not None:
        raise StateConflict(_("Mục này đã thôi dùng."))
    if on < row.valid_from:
        raise BadValue(_("Ngày thôi dùng sớm hơn ngày bắt đầu."), field="on")
    row.valid_to = on
    if note:
        _write(by, row, {"note": note})
    row.save()
    return row


def _write(by: Actor, row: Any, facts: dict[str, Any]) -> None:
    model = type(row)
    given = only_named(by=by, given=facts, allowed=FIELDS[model])
    for name, value in given.items():
        allowed = CHOICES.get((model, name))
        if allowed is not None and value not in allowed:
            raise BadValue(_("Giá trị không có trong danh sách."), field=name)
        setattr(row, name, value)
    if not row.name:
        raise BadValue(_("Cần tên."), field="name")
    if row.site_id and not organization.sites_of(by, row.unit_id).filter(pk=row.site_id).exists():
        raise BadValue(_("Điểm trường phải là điểm của trường."), field="site_id")
    for name in ("area", "quantity", "needed", "broken", "capacity", "bandwidth"):
        _require_number(row, name)
    if model is Equipment and row.broken > row.quantity:
        raise BadValue(_("Số hỏng không thể nhiều hơn số hiện có."), field="broken")
    if model is Room and row.built_year and not 1850 <= row.built_year <= timezone.localdate().year:
        raise BadValue(_("Năm xây không hợp lý."), field="built_year")


def _require_number(row: Any, name: str) -> None:
    fields = {field.name: field for field in row._meta.concrete_fields}
    if name not in fields:
        return
    value = getattr(row, name)
    if value is None:
        if not fields[name].null:
            raise BadValue(_("Cần ghi một số."), field=name)
    elif value < 0 or (name == "area" and value == 0):
        raise BadValue(_("Cần một số lớn hơn 0."), field=name)
