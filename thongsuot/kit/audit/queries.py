"""Reads of the room: the history of a row, who read it, who signed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.models import ReadingLog, SignInLog
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.audit.types import ChangeKind, FieldChange, HistoryEntry

# None would find the rows of the system.
NOBODY = 0


def history(obj: models.Model) -> list[HistoryEntry]:
    """Every recorded change of `obj`, the newest first. The caller has already checked that it may be seen.

    Raises LookupError when the model is not `tracked`.
    """
    model = event_model(type(obj))
    if model is None:
        raise LookupError(f"{obj._meta.label} is not tracked")
    events = list(model._base_manager.filter(pgh_obj_id=obj.pk).order_by("pgh_id"))
    entries = described(events)
    entries.reverse()
    return entries


def described(events: Sequence[models.Model]) -> list[HistoryEntry]:
    """The events of one row, the oldest first, as entries in the same order."""
    if not events:
        return []
    fields = tracked_fields(type(events[0]))
    steps: list[tuple[models.Model, list[tuple[models.Field, Any, Any]]]] = []
    before: models.Model | None = None
    for event in events:
        changes = []
        for field in fields:
            old = getattr(before, field.attname) if before is not None else None
            new = None if _is_delete(event) else getattr(event, field.attname)
            if _is_delete(event):
                old = getattr(event, field.attname)
            if old != new and not (_empty(old) and _empty(new)):
                changes.append((field, old, new))
        steps.append((event, changes))
        before = None if _is_delete(event) else event
    names = _related_names([change for _event, changes in steps for change in changes])
    return [_entry(event, changes, names) for event, changes in steps]


def tracked_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of an event model that come from the tracked model and say something to a reader."""
    return [
        f for f in model._meta.local_fields if not f.name.startswith("pgh_") and f.name != "id" and f.editable
    ]


def _entry(
    event: Any, changes: list[tuple[models.Field, Any, Any]], names: dict[tuple[str, Any], str]
) -> HistoryEntry:
    context = event.pgh_context or {}
    return HistoryEntry(
        at=event.pgh_created_at,
        who=context.get("name", ""),
        role=context.get("role", ""),
        reason=context.get("reason", ""),
        action=ChangeKind(event.pgh_label),
        changes=tuple(
            FieldChange(f.name, str(f.verbose_name), _shown(f, old, names), _shown(f, new, names))
            for f, old, new in changes
        ),
    )


def _is_delete(event: Any) -> bool:
    return event.pgh_label == ChangeKind.DELETE


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _related_names(changes: Iterable[tuple[models.Field, Any, Any]]) -> dict[tuple[str, Any], str]:
    """Names of all rows that foreign keys pointed to: one query for each model, within the actor's scope."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for field, old, new in changes:
        if isinstance(field, models.ForeignKey):
            wanted[field.related_model].update(v for v in (old, new) if v is not None)
    return {
        (model._meta.label, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._base_manager.filter(pk__in=keys)
    }


def _shown(field: models.Field, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if _empty(value):
        return ""
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model._meta.label, value), _("(ngoài phạm vi được xem)"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return plain(value)


def plain(value: Any) -> str:
    """A value as a Vietnamese reader writes it."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "H:i d/m/Y")
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    if isinstance(value, Decimal | float):
        return number_format(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(v) for v in value)
    return str(value)


def readings(actor: Actor) -> models.QuerySet[ReadingLog]:
    """Who opened what, the newest first: everything for whoever may read the log, else one's own."""
    rows = ReadingLog.objects.select_related("user")
    return rows if actor.can("audit.read") else rows.filter(user_id=actor.user_id or NOBODY)


def sign_ins(actor: Actor) -> models.QuerySet[SignInLog]:
    """Who came in from where, the newest first: everything for whoever may read the log, else one's own."""
    rows = SignInLog.objects.select_related("user")
    return rows if actor.can("audit.read") else rows.filter(user_id=actor.user_id or NOBODY)


def tracked_kinds() -> list[tuple[str, str]]:
    """(kind for addresses, words for people) of every tracked model."""
    found = [model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return sorted(((m._meta.label_lower, str(m._meta.verbose_name_plural)) for m in found), key=itemgetter(1))


def tracked_model(kind: str) -> type[models.Model] | None:
    """The tracked model of a kind ("directives.assignment"), None when there is none."""
    try:
        found = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return found if event_model(found) is not None else None


def changes(actor: Actor, model: type[models.Model]) -> models.QuerySet[Any]:
    """Events of a tracked model, the newest first; row-level security leaves those within reach."""
    events = event_model(model)
    if events is None:
        raise LookupError(f"{model._meta.label} is not tracked")
    rows = events._base_manager.order_by("-pgh_id")
    return rows if actor.can("audit.read") else rows.none()


def history_of(model: type[models.Model], key: int) -> list[HistoryEntry]:
    """`history` of a row by its key: it may be gone."""
    return history(model(pk=key))


def kind_of_table(table: str) -> str:
    """What people call the rows of a table; the table's name when no model has it."""
    return next((str(m._meta.verbose_name) for m in apps.get_models() if m._meta.db_table == table), table)
