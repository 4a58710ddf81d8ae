"""`tracked`: every change of a model's rows is kept, with who made it and why (ADR 0003).

    @tracked()
    class Assignment(models.Model): ...

A statement-level trigger copies the new rows (the old ones of a delete) into `<Model>Event` beside the model:
bulk statements, raw SQL and other programs are recorded like a single save. After adding the decorator or
changing the fields, run makemigrations for the model's app.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event as PlainEvent

from thongsuot.kit.audit.triggers import ContextOnce, NoTruncate

M = TypeVar("M", bound=type[models.Model])


class Event(PlainEvent):
    """Base of all event models. 64-bit keys: marks alone make hundreds of millions of events in a few
    years.
    """

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    pgh_label = models.CharField(_("thao tác"), max_length=20)

    class Meta:
        abstract = True


class _InBulk:
    """A tracker whose trigger reads who acts, and why, once per statement."""

    def add_event_trigger(self: Any, event_model: type[models.Model]) -> None:
        trigger = ContextOnce(
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=self.row,
            operation=self.operation,
            condition=self.condition,
            level=self.level,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)  # type: ignore[attr-defined]


class _BulkInsert(_InBulk, pghistory.InsertEvent):
    pass


class _BulkUpdate(_InBulk, pghistory.UpdateEvent):
    pass


class _BulkDelete(_InBulk, pghistory.DeleteEvent):
    pass


EACH_ROW = (pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent)
ONCE = (_BulkInsert, _BulkUpdate, _BulkDelete)


def tracked(
    *, exclude: Sequence[str] = (), in_bulk: bool = False, replaced_when: str = ""
) -> Callable[[M], M]:
    """Class decorator. `exclude` names fields not worth keeping; generated columns are left out by
    themselves. `in_bulk`: a statement writes a province's rows, for which the context is read once, not for each.
    `replaced_when`: SQL on OLD and NEW; of rows that are computed, millions at a time, only what stood there before such
    an update is kept. The condition is asked without calling anything, and an insert costs nothing.

    The events are isolated like the model (kit.postgres sees to it) and can only be added and read.
    """

    def decorate(model: M) -> M:
        left_out = {*exclude, *_generated(model)}
        pgtrigger.register(NoTruncate())(model)
        pghistory.track(
            *_events(in_bulk, replaced_when),
            exclude=sorted(left_out),
            obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+", null=False),
            # In the row itself: a shared table of contexts would need a policy of its own and an upsert.
            context_field=pghistory.ContextJSONField(),
            context_id_field=None,  # type: ignore[arg-type]
            append_only=True,
            base_model=Event,
            attrs=_plain_foreign_keys(model, left_out),
            meta={
                "triggers": [NoTruncate()],
                "indexes": [BrinIndex(fields=["pgh_created_at"])],
                "verbose_name": model._meta.verbose_name,
                "verbose_name_plural": model._meta.verbose_name_plural,
            },
        )(model)
        return model

    return decorate


def _events(in_bulk: bool, replaced_when: str) -> list[pghistory.RowEvent]:
    if replaced_when:
        condition = pgtrigger.Condition(f"({replaced_when})")
        return [
            pghistory.UpdateEvent("replaced", row=pghistory.Old, level=pghistory.Row, condition=condition)
        ]
    return [event(level=pghistory.Statement) for event in (ONCE if in_bulk else EACH_ROW)]


def _generated(model: type[models.Model]) -> set[str]:
    return {f.name for f in model._meta.local_fields if isinstance(f, models.GeneratedField)}


def _plain_foreign_keys(model: type[models.Model], left_out: set[str]) -> dict[str, models.Field]:
    """Copies of the foreign keys without index or constraint: events are only ever sought by their row."""
    copies: dict[str, models.Field] = {}
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or field.name in left_out:
            continue
        target = field.remote_field.model
        copies[field.name] = models.ForeignKey(
            model._meta.label if target == "self" else target,
            models.DO_NOTHING,
            verbose_name=field.verbose_name,
            null=field.null,
            blank=field.blank,
            db_column=field.db_column,
            db_index=False,
            db_constraint=False,
            related_name="+",
            related_query_name="+",
        )
    return copies


def event_model(model: type[models.Model]) -> type[models.Model] | None:
    """The model of `model`'s events, or None when it is not tracked."""
    concrete = model._meta.concrete_model or model
    module = sys.modules[f"{model._meta.app_config.name}.models"]
    found = getattr(module, f"{concrete.__name__}Event", None)
    return found if getattr(found, "pgh_tracked_model", None) is concrete else None
