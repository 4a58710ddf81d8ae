"""Taking an import back out of the change log: what it made goes, what it changed is as it was.

The log holds every version of a row with the reason of the change, and an import's reason names its run. A person on
whose records somebody has worked since stays whole as he or she is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.text.vietnamese import fold, person_sort_key

from .sql import count, rows, run

TOUCHED = "registry_undo"


@dataclass(frozen=True)
class Part:
    """A table that an import writes, and its column with the person ("id": the person's own table)."""

    model: str
    person: str


STUDENT_PARTS = (
    Part("Contact", "student_id"),
    Part("StudentCharacteristic", "student_id"),
    Part("Enrolment", "student_id"),
    Part("Student", "id"),
)
RESULT_PARTS = (Part("YearResult", "student_id"),)
STAFF_PARTS = (Part("Employment", "staff_id"), Part("Staff", "id"))


def reason_of(the_run: ImportRun) -> str:
    """What the change log says of each change of this run."""
    return f"nhập tệp {the_run.public_id}"


def take_back(the_run: ImportRun, parts: Sequence[Part]) -> tuple[int, int]:
    """(people put back, people who stay because somebody has worked on them since)."""
    _collect(the_run, parts)
    blocked = _block(parts)
    for part in parts:
        _remove_made(part)
    # The record of a person before what hangs on it: a dossier goes back to the school that had it.
    for part in reversed(parts):
        _restore(part)
    undone = count(f"select count(distinct person_id) from {TOUCHED} where not is_blocked")
    _remove_classes(the_run)
    return undone, blocked


def _model(name: str) -> type[models.Model]:
    return apps.get_model("registry", name)


def _event_model(name: str) -> type[models.Model]:
    found = event_model(_model(name))
    if found is None:
        raise LookupError(f"{name} keeps no log of changes")
    return found


def _events(name: str) -> str:
    return _event_model(name)._meta.db_table


def _collect(the_run: ImportRun, parts: Sequence[Part]) -> None:
    """Every row that the run wrote: its table, its person, whether it was made or changed, its first event."""
    run(f"drop table if exists {TOUCHED}")
    run(f"""create temporary table {TOUCHED} (part text, id bigint, person_id bigint, is_made boolean,
        first_event bigint, last_event bigint, is_blocked boolean not null default false) on commit drop""")
    run(f"grant all on {TOUCHED} to public")
    for part in parts:
        run(
            f"""
            insert into {TOUCHED} (part, id, person_id, is_made, first_event, last_event)
            select '{part.model}', pgh_obj_id, min({part.person}), bool_or(pgh_label = 'insert'),
                min(pgh_id), max(pgh_id)
            from {_events(part.model)}
            where pgh_created_at = %(at)s and pgh_context ->> 'reason' = %(reason)s
            group by pgh_obj_id
            """,
            {"at": the_run.applied_at, "reason": reason_of(the_run)},
        )
    run(f"create index on {TOUCHED} (part, id)")
    run(f"analyze {TOUCHED}")


def _block(parts: Sequence[Part]) -> int:
    """Mark people with a later change, or a row of somebody else's that hangs on a record which would go."""
    for part in parts:
        run(f"""
            update {TOUCHED} u set is_blocked = true
            where u.part = '{part.model}' and exists (select 1 from {_events(part.model)} e
                where e.pgh_obj_id = u.id and e.pgh_id > u.last_event)
        """)
        _block_hanging(part, {one.model for one in parts})
        # What was there before the log began cannot be put back.
        run(f"""
            update {TOUCHED} u set is_blocked = true where not u.is_made and u.part = '{part.model}'
            and not exists (select 1 from {_events(part.model)} e
                where e.pgh_obj_id = u.id and e.pgh_id < u.first_event)
        """)
    run(f"""
        update {TOUCHED} u set is_blocked = true
        where not is_blocked and person_id in (select w.person_id from {TOUCHED} w where w.is_blocked)
    """)
    return count(f"select count(distinct person_id) from {TOUCHED} where is_blocked")


def _block_hanging(part: Part, own: set[str]) -> None:
    """Rows of other tables (or of ours, made by others) that point to a record which the import made."""
    for relation in _model(part.model)._meta.related_objects:
        pointing = relation.related_model
        if relation.many_to_many or pointing.__name__.endswith("Event"):
            continue
        table, column = pointing._meta.db_table, relation.field.column
        made_too = (
            f"and not exists (select 1 from {TOUCHED} m where m.part = '{pointing.__name__}' "
            "and m.id = p.id and m.is_made)"
            if pointing.__name__ in own
            else ""
        )
        run(f"""
            update {TOUCHED} u set is_blocked = true where u.is_made and u.part = '{part.model}'
            and exists (select 1 from {table} p where p.{column} = u.id {made_too})
        """)


def _remove_made(part: Part) -> None:
    table = _model(part.model)._meta.db_table
    run(f"""
        delete from {table} t using {TOUCHED} u
        where u.part = '{part.model}' and u.id = t.id and u.is_made and not u.is_blocked
    """)


def _restore(part: Part) -> None:
    """Each changed row as it stood in its last version before the run."""
    model, events = _model(part.model), _events(part.model)
    logged = {field.column for field in _event_fields(part.model)}
    columns = [
        f.column for f in model._meta.local_concrete_fields if not f.primary_key and f.column in logged
    ]
    said = ", ".join(f"{column} = e.{column}" for column in columns)
    run(f"""
        update {model._meta.db_table} t set {said} from {TOUCHED} u, {events} e
        where u.part = '{part.model}' and u.id = t.id and not u.is_made and not u.is_blocked
            and e.pgh_id = (select max(v.pgh_id) from {events} v
                where v.pgh_obj_id = u.id and v.pgh_id < u.first_event)
    """)
    if part.person == "id":
        _key_names(model._meta.db_table, part.model)


def _event_fields(name: str) -> list[models.Field]:
    return list(_event_model(name)._meta.local_concrete_fields)


def _key_names(table: str, part: str) -> None:
    """What is derived from a name is not in the log."""
    names = rows(f"""
        select t.id, t.full_name from {table} t join {TOUCHED} u on u.id = t.id
        where u.part = '{part}' and not u.is_made and not u.is_blocked
    """)
    run(
        f"""
        update {table} t set name_fold = k.fold, sort_key = k.key
        from unnest(%(ids)s::bigint[], %(folds)s::text[], %(keys)s::text[]) as k(id, fold, key)
        where t.id = k.id and (t.name_fold <> k.fold or t.sort_key <> k.key)
        """,
        {
            "ids": [pk for pk, _name in names],
            "folds": [fold(name) for _pk, name in names],
            "keys": [person_sort_key(name) for _pk, name in names],
        },
    )


def _remove_classes(the_run: ImportRun) -> None:
    """Classes that the run made, as far as nobody sits in them."""
    pointing = [
        f"not exists (select 1 from {relation.related_model._meta.db_table} p where p.{relation.field.column} = c.id)"
        for relation in _model("SchoolClass")._meta.related_objects
        if not relation.related_model.__name__.endswith("Event")
    ]
    run(
        f"""
        delete from registry_schoolclass c using {_events("SchoolClass")} e
        where e.pgh_obj_id = c.id and e.pgh_label = 'insert' and e.pgh_created_at = %(at)s
            and e.pgh_context ->> 'reason' = %(reason)s and {" and ".join(pointing) or "true"}
        """,
        {"at": the_run.applied_at, "reason": reason_of(the_run)},
    )
