"""Brings every table of the database to the state its model declares; run by the owner after each migrate."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from thongsuot.kit.postgres.declarations import Anyone, ByParent, ByUnits, Isolation, alternatives
from thongsuot.kit.postgres.policies import (
    WEB_RIGHTS,
    TableIsolation,
    closed,
    pk_column,
    predicate_of,
    quoted,
    statements,
)
from thongsuot.kit.postgres.role_setup import ensure_roles
from thongsuot.kit.postgres.roles import ALL_ROLE, SCOPED_ROLE, WEB_ROLE
from thongsuot.kit.postgres.third_party import LISTED, READABLE_TABLES

ALL_THREE = f"{WEB_ROLE}, {SCOPED_ROLE}, {ALL_ROLE}"


def secure_database(connection: BaseDatabaseWrapper) -> list[str]:
    """Grants and policies for every table; returns the labels of models that declare nothing and stay closed.

    With FORCE ROW LEVEL SECURITY an owner must have BYPASSRLS to migrate and to load the demo. Where a
    hosted PostgreSQL cannot give it, FORCE is left out; the web role owns no table in any case.
    """
    refuse_circles()
    undeclared = []
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        ensure_roles(cursor)
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        force = bool(cursor.fetchone()[0])
    for model in every_model():
        table = model._meta.db_table
        if table not in present:
            continue
        wanted = wanted_isolation(model)
        if wanted is None:
            undeclared.append(model._meta.label)
        _run(connection, closed(table) if wanted is None else statements(wanted, force=force))
    readable = [
        f"grant select on {quoted(name)} to {ALL_THREE}" for name in READABLE_TABLES if name in present
    ]
    _run(connection, [*readable, f"grant usage on all sequences in schema public to {ALL_THREE}"])
    return undeclared


def _run(connection: BaseDatabaseWrapper, sql: list[str]) -> None:
    # One transaction per table: no moment without its policy, and no lock on all tables at once.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '10s'; " + "; ".join(sql))


def every_model() -> Iterator[type[Model]]:
    """Concrete models with a table of their own, automatic many-to-many tables included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and not model._meta.swapped:
            yield model


def is_listed(model: type[Model]) -> bool:
    return model._meta.label in LISTED


def declared_isolation(model: type[Model]) -> Isolation | None:
    """The declaration that counts for a model.

    Events follow the model they track, and an automatic many-to-many table follows the model that owns it.
    """
    if is_listed(model):
        return LISTED[model._meta.label].isolation
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is not None:
        return declared_isolation(tracked)
    if isinstance(model._meta.auto_created, type):
        owner = model._meta.auto_created
        rule = declared_isolation(owner)
        return rule if rule is None or isinstance(rule, Anyone) else ByParent(_link_field(model, owner))
    found = getattr(model, "isolation", None)
    if found is not None and not isinstance(found, Isolation):
        raise ImproperlyConfigured(
            f"{model._meta.label}.isolation is no declaration of kit.postgres.isolation"
        )
    return found


def wanted_isolation(model: type[Model]) -> TableIsolation | None:
    """What the model's table needs, or None when nothing is declared."""
    rule = declared_isolation(model)
    if rule is None:
        return None
    is_event = hasattr(model, "pgh_tracked_model")
    return TableIsolation(
        model._meta.db_table,
        predicate_of(model, rule),
        web_direct=_web_direct(model),
        append_only=is_event or getattr(model, "append_only", False),
        pk=pk_column(model),
    )


def _web_direct(model: type[Model]) -> str:
    if is_listed(model):
        return LISTED[model._meta.label].web_direct
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is not None:
        # What the web role changes by itself (a date of sign-in) leaves its trace too.
        return "insert" if _web_direct(tracked) in ("insert", "write") else ""
    owner = model._meta.auto_created
    source = owner if isinstance(owner, type) else model
    right = getattr(source, "web_direct", "")
    if right and right not in WEB_RIGHTS:
        raise ImproperlyConfigured(f"{source._meta.label}.web_direct is none of {', '.join(WEB_RIGHTS)}")
    return right


def _link_field(through: type[Model], owner: type[Model]) -> str:
    return next(f.name for f in through._meta.local_fields if f.related_model is owner)


def refuse_circles() -> None:
    """PostgreSQL refuses policies that lead back to their own table, but only when a query meets them."""
    edges: dict[type[Model], set[type[Model]]] = {}
    for model in every_model():
        rule = declared_isolation(model)
        targets = [_target(model, one) for one in alternatives(rule)] if rule else []
        edges[model] = {target for target in targets if target is not None}
    for start in edges:
        _walk(start, start, edges, set())


def _target(model: type[Model], rule: Isolation) -> type[Model] | None:
    source = getattr(model, "pgh_tracked_model", model)
    if isinstance(rule, ByParent):
        return source._meta.get_field(rule.field).related_model
    return apps.get_model(rule.link) if isinstance(rule, ByUnits) else None


def _walk(start: type[Model], here: type[Model], edges: dict, seen: set[type[Model]]) -> None:
    for following in edges.get(here, ()):
        if following is start:
            raise ImproperlyConfigured(
                f"{start._meta.label}: its isolation leads back to itself by way of {here._meta.label}; "
                "declare one of the two by its own unit field"
            )
        if following not in seen:
            seen.add(following)
            _walk(start, following, edges, seen)
