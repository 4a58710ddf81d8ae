"""Defects of rooms, equipment and lines. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

Fits = Callable[["Workshop", Any], bool]
KIND = {"rooms": "room", "equipment": "equipment", "lines": "line"}


def _change(
    pool: str, change: Callable[[Any], None], fits: Fits = lambda shop, row: True, follows: str = ""
) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        row: Any = shop.take(pool, lambda one: fits(shop, one))
        if row is None:
            return False
        change(row)
        shop.truth.add(KIND[pool], row.id, code)
        if follows:
            shop.truth.follow(follows, row.id, code)
        return True

    return spoil


def _set(**values: Any) -> Callable[[Any], None]:
    def change(row: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    return change


def _twice(pool: str) -> Any:
    """The line was typed in twice."""

    def spoil(shop: Workshop, code: str) -> bool:
        # A second classroom of the name would make the rooms more than they are; nothing counts offices.
        row: Any = shop.take(pool, lambda one: pool != "rooms" or one.kind == "office")
        if row is None:
            return False
        rows = getattr(shop.rows, pool)
        made = replace(row, id=len(rows) + 1)
        rows.append(made)
        for one in (row, made):
            shop.truth.add(KIND[pool], one.id, code)
        return True

    return spoil


def _is_classroom(shop: Workshop, row: Any) -> bool:
    return bool(row.kind == "classroom")


def _is_old(shop: Workshop, row: Any) -> bool:
    return row.built_year is not None and row.valid_from.year < shop.world.today.year - 1


def _since(row: Any) -> None:
    row.built_year = row.valid_from.year + 1


def _share_stays_low(shop: Workshop, row: Any) -> bool:
    """One line of broken things must not make the whole school one of broken things."""
    all_of_it = shop.at("equipment", row.unit_id)
    total = sum(one.quantity for one in all_of_it)
    return row.quantity > 1 and (sum(one.broken for one in all_of_it) + row.quantity) * 100 < total * 27


def _mostly_broken(row: Any) -> None:
    row.broken = row.quantity


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("room.name.twice", 0.001, _twice("rooms")),
    ("room.kind.code", 0.001, _change("rooms", _set(build="gỗ"))),
    ("room.area.missing", 0.003, _change("rooms", _set(area=None), _is_classroom)),
    ("room.area.out_of_range", 0.002, _change("rooms", _set(area=Decimal(540)), _is_classroom)),
    ("room.capacity.missing", 0.002, _change("rooms", _set(capacity=None), _is_classroom)),
    ("room.capacity.area", 0.002, _change("rooms", _set(area=Decimal(30)), _is_classroom)),
    ("room.built_year.out_of_range", 0.002, _change("rooms", _set(built_year=2062), follows="room.built_year.since")),
    ("room.built_year.since", 0.002, _change("rooms", _since, _is_old)),
    ("equipment.name.twice", 0.002, _twice("equipment")),
    ("equipment.measure.missing", 0.003, _change("equipment", _set(measure=""))),
    ("equipment.quantity.zero", 0.002, _change(
        "equipment", _set(quantity=0, broken=0, needed=None), lambda s, row: row.kind in ("projector", "smart_device"))),
    ("equipment.needed.missing", 0.004, _change("equipment", _set(needed=None), lambda s, row: row.kind == "teaching")),
    ("equipment.needed.excess", 0.002, _change("equipment", lambda row: setattr(row, "quantity", row.needed * 10),
        lambda s, row: row.needed)),
    ("equipment.broken.share", 0.003, _change("equipment", _mostly_broken, lambda s, row: row.kind != "computer"
        and _share_stays_low(s, row))),
    ("equipment.is_connected.smart", 0.004, _change(
        "equipment", _set(is_connected=False), lambda s, row: row.kind == "smart_device")),
    ("line.bandwidth.missing", 0.01, _change("lines", _set(bandwidth=None))),
    ("line.bandwidth.range", 0.005, _change("lines", _set(bandwidth=100_000))),
    ("line.provider.missing", 0.005, _change("lines", _set(provider="", technology=""))),
)  # fmt: skip
