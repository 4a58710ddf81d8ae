"""What a large action has made, changed and dropped, so that it can be taken back while nothing was built on it.

    ledger = Ledger()
    ledger.add(SchoolClass.objects.bulk_create(copies))
    ledger.update(Room.objects.filter(...), valid_to=last_day)
    row.made = ledger.as_json()
    ...
    ledger = Ledger.of(row.made)
    if not ledger.faults():
        ledger.take_back()

A ledger says nothing of rights: whoever calls it has looked at them. It reads and writes through the models, so that
isolation and the history hold for it as for anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model, QuerySet

PIECE = 1000
# Written by background work, or by the clock: no sign that somebody has built on a row.
NOT_CONTENT = frozenset({"created_at", "updated_at", "identity_status", "identity_checked_at"})


@dataclass(frozen=True)
class Fault:
    """Why a ledger cannot be taken back. kind: changed (rows are no longer as they were left), built (others hang on them)."""

    kind: str
    model: type[Model]
    count: int


class Ledger:
    """made: {table: {key: edition}}; changed: {table: {key: {column: [before, after]}}}; dropped: {table: [row]}.

    order: the tables as they were first written; soft: tables whose rows may have gone their own way since and are then
    left alone; following: tables whose rows may hang on what is new: whoever takes the ledger back sets them elsewhere
    first.
    """

    def __init__(self) -> None:
        self.made: dict[str, dict[str, str]] = {}
        self.changed: dict[str, dict[str, dict[str, list[Any]]]] = {}
        self.dropped: dict[str, list[dict[str, Any]]] = {}
        self.order: list[str] = []
        self.soft: set[str] = set()
        self.following: set[str] = set()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Ledger:
        """The ledger that `as_json` gave."""
        found = cls()
        found.made = dict(kept.get("made", {}))
        found.changed = dict(kept.get("changed", {}))
        found.dropped = dict(kept.get("dropped", {}))
        # A list: jsonb does not keep the order of keys.
        found.order = list(kept.get("order", ()))
        found.soft = set(kept.get("soft", ()))
        found.following = set(kept.get("following", ()))
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "made": self.made,
            "changed": self.changed,
            "dropped": self.dropped,
            "order": self.order,
            "soft": sorted(self.soft),
            "following": sorted(self.following),
        }

    # -- while it is done -----------------------------------------------------------------------

    def add(self, rows: Iterable[Model]) -> None:
        """Rows that are new, as they were saved."""
        for row in rows:
            self._touch(row._meta.label_lower)
            self.made.setdefault(row._meta.label_lower, {})[str(row.pk)] = _edition(row)

    def update(self, rows: QuerySet[Any], *, soft: bool = False, **values: Any) -> int:
        """Set the same values on all rows of a query, in one statement. Foreign keys by their column (unit_id)."""
        label, names = rows.model._meta.label_lower, list(values)
        if soft:
            self.soft.add(label)
        keys = []
        for before in rows.order_by().values("pk", *names):
            keys.append(before["pk"])
            self._note(label, before["pk"], {name: before[name] for name in names}, values)
        rows.model._default_manager.filter(pk__in=keys).update(**values)
        return len(keys)

    def change(self, rows: Sequence[Any], columns: Sequence[str], change: Callable[[Any], None]) -> None:
        """Let `change` set some columns of each row, and save those columns of all of them."""
        if not rows:
            return
        for row in rows:
            before = {name: getattr(row, name) for name in columns}
            change(row)
            self._note(row._meta.label_lower, row.pk, before, {name: getattr(row, name) for name in columns})
        model = type(rows[0])
        fields = [_field(model, name).name for name in columns]
        model._default_manager.bulk_update(rows, fields, batch_size=PIECE)

    def drop(self, rows: QuerySet[Any]) -> int:
        """Delete rows that had not begun; they come back with their keys."""
        kept = self.dropped.setdefault(rows.model._meta.label_lower, [])
        found = list(rows)
        kept += [
            {f.attname: _as_json(getattr(row, f.attname)) for f in row._meta.concrete_fields} for row in found
        ]
        rows.model._default_manager.filter(pk__in=[row.pk for row in found]).delete()
        return len(found)

    def _touch(self, label: str) -> None:
        if label not in self.order:
            self.order.append(label)

    def _note(self, label: str, key: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self._touch(label)
        noted = self.changed.setdefault(label, {}).setdefault(str(key), {})
        for name, old in before.items():
            first = noted[name][0] if name in noted else _as_json(old)
            noted[name] = [first, _as_json(after[name])]

    # -- when it is taken back ------------------------------------------------------------------

    def faults(self) -> list[Fault]:
        """What stands in the way; empty when all can be taken back. A few queries for each table."""
        found: Counter[tuple[str, type[Model]]] = Counter()
        for label, kept in self.made.items():
            model = apps.get_model(label)
            rows = model._default_manager.in_bulk([int(key) for key in kept])
            edited = sum(
                int(key) not in rows or _edition(rows[int(key)]) != edition for key, edition in kept.items()
            )
            found["changed", model] += edited
            self._count_built_on(model, [int(key) for key in kept], found)
        for label, kept_rows in self.changed.items():
            if label not in self.soft:
                found["changed", apps.get_model(label)] += len(kept_rows) - len(self._as_left(label))
        return [Fault(kind, model, count) for (kind, model), count in found.items() if count]

    def _count_built_on(
        self, model: type[Model], keys: list[int], found: Counter[tuple[str, type[Model]]]
    ) -> None:
        """Rows of any module that point to new rows and are not new themselves."""
        for relation in model._meta.get_fields(include_hidden=True):
            other: Any = relation.related_model
            if relation.concrete or not (relation.one_to_many or relation.one_to_one) or other is None:
                continue
            if hasattr(other, "pgh_tracked_model") or not other._meta.managed:
                continue
            if other._meta.label_lower in self.following:
                continue
            ours = [int(key) for key in self.made.get(other._meta.label_lower, {})]
            ours += [int(key) for key in self.changed.get(other._meta.label_lower, {})]
            pointing = other._default_manager.filter(**{f"{relation.field.name}__in": keys})  # type: ignore[union-attr]
            found["built", other] += pointing.exclude(pk__in=ours).count()

    def _as_left(self, label: str) -> dict[int, dict[str, list[Any]]]:
        """Changed rows whose columns still hold what was set."""
        kept = self.changed[label]
        names = sorted({name for columns in kept.values() for name in columns})
        rows = apps.get_model(label)._default_manager.filter(pk__in=[int(key) for key in kept])
        found = {}
        for row in rows.order_by().values("pk", *names):
            columns = kept[str(row["pk"])]
            content = {name: pair for name, pair in columns.items() if name not in NOT_CONTENT}
            if all(_as_json(row[name]) == after for name, (_before, after) in content.items()):
                found[row["pk"]] = columns
        return found

    def take_back(self, tell: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Table by table, the last first: delete what is new, set back what was changed. Then bring back what was dropped.

        tell(done, total) is called before each table.
        """
        for number, label in enumerate(reversed(self.order)):
            tell(number, len(self.order))
            model = apps.get_model(label)
            rows = self._as_left(label) if label in self.changed else {}
            model._default_manager.filter(pk__in=[int(key) for key in self.made.get(label, {})]).delete()
            _set_back(model, rows)
        for label, dropped in self.dropped.items():
            model = apps.get_model(label)
            model._default_manager.bulk_create(
                [
                    model(**{name: _from_json(model, name, value) for name, value in row.items()})
                    for row in dropped
                ]
            )


def _set_back(model: type[Model], rows: Mapping[int, Mapping[str, list[Any]]]) -> None:
    """One statement for all rows that were the same before."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for key, columns in rows.items():
        before = tuple(sorted((name, pair[0]) for name, pair in columns.items()))
        alike.setdefault(before, []).append(key)
    for before, keys in alike.items():
        values = {name: _from_json(model, name, value) for name, value in before}
        model._default_manager.filter(pk__in=keys).update(**values)


def _field(model: type[Model], column: str) -> Any:
    return next(f for f in model._meta.concrete_fields if column in (f.attname, f.name))


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _from_json(model: type[Model], column: str, value: Any) -> Any:
    if value is None:
        return None
    field = _field(model, column)
    return bytes.fromhex(value) if isinstance(field, BinaryField) else field.to_python(value)


def _edition(row: Model) -> str:
    hashed = blake2b(digest_size=9)
    for field in row._meta.concrete_fields:
        if field.name not in NOT_CONTENT:
            value = getattr(row, field.attname)
            # A choice set by its member and the same read back are one value.
            value = str(value) if isinstance(value, str) else value
            value = value.normalize() if isinstance(value, Decimal) else value
            hashed.update(f"{field.attname}={_as_json(value)!r}\x1f".encode())
    return hashed.hexdigest()
