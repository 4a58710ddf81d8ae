"""The trigger that keeps `AssignmentTally` in step with assignments, whoever writes them and however many at once."""

from django.db import migrations

OPEN = "('assigned', 'in_progress', 'submitted', 'returned')"
# Both rows of an assignment: of its unit, and of its directive where it has one.
KEYS = f"""
    place.unit_id, place.directive_id, changed.state, changed.deadline_kind = 'ongoing',
    case when changed.state in {OPEN} then changed.due_on end,
    case
        when changed.state = 'accepted' then
            case when changed.due_on is null then 'done'
                 when changed.completed_on <= changed.due_on then 'on_time' else 'late' end
        when changed.state in {OPEN} and changed.due_on is null and changed.deadline_kind = 'event'
            and changed.event_occurred_on is null then 'waiting'
        else ''
    end
"""
COLUMNS = "unit_id, directive_id, state, deadline_kind, due_on, completed_on, event_occurred_on"
INSERT = f"""
    insert into public.directives_assignmenttally (unit_id, directive_id, state, is_ongoing, due_on, outcome, number)
    select {KEYS}, sum(changed.sign)
    from ({{changed}}) changed
    cross join lateral (values (changed.unit_id, null::bigint), (null::bigint, changed.directive_id))
        as place (unit_id, directive_id)
    where place.unit_id is not null or place.directive_id is not null
    group by 1, 2, 3, 4, 5, 6
    having sum(changed.sign) <> 0;
"""
NEW = f"select {COLUMNS}, 1 as sign from new_rows"
OLD = f"select {COLUMNS}, -1 as sign from old_rows"
CHANGED = {"insert": NEW, "delete": OLD, "update": f"{NEW} union all {OLD}"}
REFERENCING = {
    "insert": "referencing new table as new_rows",
    "delete": "referencing old table as old_rows",
    "update": "referencing new table as new_rows old table as old_rows",
}


def forward() -> str:
    sql = []
    for operation, changed in CHANGED.items():
        name = f"directives_tally_{operation}"
        # The writer's role may not see the rows that count for the whole province: the function writes as its owner.
        sql.append(
            f"""
            create or replace function public.{name}() returns trigger language plpgsql
            security definer set search_path = pg_catalog, pg_temp as $tally$
            begin {INSERT.format(changed=changed)} return null; end $tally$;
            revoke all on function public.{name}() from public;
            drop trigger if exists {name} on public.directives_assignment;
            create trigger {name} after {operation} on public.directives_assignment
            {REFERENCING[operation]} for each statement execute function public.{name}();
            """
        )
    return "".join(sql)


def backward() -> str:
    return "".join(
        f"drop trigger if exists directives_tally_{operation} on public.directives_assignment;"
        f"drop function if exists public.directives_tally_{operation}();"
        for operation in CHANGED
    )


class Migration(migrations.Migration):
    dependencies = [("directives", "0001_initial")]
    operations = [migrations.RunSQL(forward(), backward())]
