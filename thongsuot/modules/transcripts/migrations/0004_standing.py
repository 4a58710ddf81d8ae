"""The triggers that keep `SchoolStanding` in step with transcripts, whoever writes them; and what stands already."""

from django.db import migrations

TABLE, KEPT = "public.transcripts_transcript", "public.transcripts_schoolstanding"
COLUMNS = {
    "at_subject": "{r}.state = 'initialised' and {r}.places_left > 0",
    "at_homeroom": "{r}.state = 'initialised' and {r}.places_left = 0",
    "at_leader": "{r}.state = 'teacher_signed'",
    "at_seal": "{r}.state = 'leader_signed'",
    "at_mending": "{r}.state = 'refused'",
    "at_sending": "{r}.state = 'issued'",
    "at_department": "{r}.state = 'sent'",
    "received": "{r}.state in ('accepted', 'reported', 'recall_asked')",
}
STEPS = "case " + " ".join(f"when {said} then '{name}'" for name, said in COLUMNS.items()) + " end"
SUMS = ", ".join(f"coalesce(sum(changed.sign) filter (where changed.step = '{name}'), 0)" for name in COLUMNS)
ADDED = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in COLUMNS)


def rows(source: str, sign: int) -> str:
    return (
        f"select r.unit_id, r.school_year_id, {STEPS.format(r='r')} as step, {sign} as sign "
        f"from {source} r where r.kind = 'year'"
    )


def adding(changed: str) -> str:
    # In the order of the key: two writers of several schools wait for each other and never both.
    return f"""
        insert into {KEPT} as kept (unit_id, school_year_id, pupils, {", ".join(COLUMNS)})
        select moved.unit_id, moved.school_year_id, 0, {SUMS.replace("changed.", "moved.")}
        from (
            select changed.unit_id, changed.school_year_id, changed.step, sum(changed.sign) as sign
            from ({changed}) changed where changed.step is not null
            group by 1, 2, 3 having sum(changed.sign) <> 0
        ) moved
        group by moved.unit_id, moved.school_year_id
        order by moved.unit_id, moved.school_year_id
        on conflict (school_year_id, unit_id) do update set {ADDED};
    """


NEW, OLD = rows("new_rows", 1), rows("old_rows", -1)
CHANGED = {"insert": NEW, "delete": OLD, "update": f"{NEW} union all {OLD}"}
REFERENCING = {
    "insert": "referencing new table as new_rows",
    "delete": "referencing old table as old_rows",
    "update": "referencing new table as new_rows old table as old_rows",
}


def forward() -> str:
    sql = []
    for operation, changed in CHANGED.items():
        name = f"transcripts_standing_{operation}"
        # Counts are nobody's to write: the function writes them as its owner.
        sql.append(
            f"""
            create or replace function public.{name}() returns trigger language plpgsql
            security definer set search_path = pg_catalog, pg_temp as $standing$
            begin {adding(changed)} return null; end $standing$;
            revoke all on function public.{name}() from public;
            drop trigger if exists {name} on {TABLE};
            create trigger {name} after {operation} on {TABLE}
            {REFERENCING[operation]} for each statement execute function public.{name}();
            """
        )
    return "".join(sql) + adding(rows(TABLE, 1))


def backward() -> str:
    return "".join(
        f"drop trigger if exists transcripts_standing_{operation} on {TABLE};"
        f"drop function if exists public.transcripts_standing_{operation}();"
        for operation in CHANGED
    )


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0003_subject_parts")]
    operations = [migrations.RunSQL(forward(), backward())]
