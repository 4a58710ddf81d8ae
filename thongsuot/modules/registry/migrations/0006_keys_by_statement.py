"""Foreign keys to schools and school years of the three largest tables, checked once per statement.

PostgreSQL checks a foreign key row by row, some 3.6 microseconds each: of a province's import a fifth. These keys take
few different values, so a statement looks each of them up once, under the same lock as PostgreSQL's own check takes
(FOR KEY SHARE on the parent). See docs/adr/0019-speed-of-the-import.md.

Unlike PostgreSQL's own, these checks cannot be put off to the end of the transaction: parents are written first.
"""

import django.db.models.deletion
from django.db import migrations, models

UNIT, YEAR = "organization_unit", "organization_schoolyear"
# {table: {column: parent}}
KEYS = {
    "registry_student": {"unit_id": UNIT},
    "registry_enrolment": {"unit_id": UNIT, "school_year_id": YEAR},
    "registry_studentcharacteristic": {"unit_id": UNIT},
}
REFERENCING = {
    "insert": "new table as new_rows",
    "delete": "old table as old_rows",
    "update": "new table as new_rows old table as old_rows",
}
# What rows name now; of an update what no old row named: that one was there, and is held by the old row.
NAMED = {
    "insert": "select distinct {column} as id from new_rows",
    "update": "select {column} as id from new_rows except select {column} from old_rows",
}
REQUIRE = """
    with named as ({named}),
    held as (select p.id from public.{parent} p where p.id in (select n.id from named n) for key share)
    select min(n.id) into missing from named n left join held h on h.id = n.id where h.id is null;
    if missing is not null then
        raise foreign_key_violation using
            message = 'insert or update on table "{table}" violates foreign key constraint "{table}_{column}_set"',
            detail = format('Key ({column})=(%s) is not present in table "{parent}".', missing),
            schema = 'public', table = '{table}', constraint = '{table}_{column}_set';
    end if;
"""
# Ids that are no longer there.
GONE = {
    "delete": "select id from old_rows",
    "update": "select id from old_rows except select id from new_rows",
}
# An older snapshot would not show the rows that another transaction has written meanwhile. PostgreSQL's own check can
# look past it, a trigger cannot.
FRESH = """
    if not exists ({gone}) then return null; end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise feature_not_supported using
            message = 'rows of "{parent}" can be removed in read committed transactions only';
    end if;
"""
REFUSE = """
    select min(g.id) into used from ({gone}) g
    where exists (select from public.{table} c where c.{column} = g.id);
    if used is not null then
        raise foreign_key_violation using
            message = 'update or delete on table "{parent}" violates foreign key constraint "{table}_{column}_set" '
                'on table "{table}"',
            detail = format('Key (id)=(%s) is still referenced from table "{table}".', used),
            schema = 'public', table = '{table}', constraint = '{table}_{column}_set';
    end if;
"""


def children():
    """(table, operation, variable, body) of the triggers on the tables that have the keys."""
    for table, keys in KEYS.items():
        for operation, named in NAMED.items():
            body = "".join(
                REQUIRE.format(named=named.format(column=column), parent=parent, table=table, column=column)
                for column, parent in keys.items()
            )
            yield table, operation, "missing", body


def parents():
    """The same for the tables that are pointed at."""
    for parent in (UNIT, YEAR):
        for operation, gone in GONE.items():
            body = FRESH.format(gone=gone, parent=parent)
            for table, keys in KEYS.items():
                for column in (column for column, to in keys.items() if to == parent):
                    body += REFUSE.format(gone=gone, parent=parent, table=table, column=column)
            yield parent, operation, "used", body


def name_of(table, operation):
    return f"registry_keys_{table.split('_')[1]}_{operation}"


def forward():
    sql = []
    for table, operation, variable, body in (*children(), *parents()):
        name = name_of(table, operation)
        # As the owner: a key is checked against all rows, not those that the writer may see.
        sql.append(f"""
            create or replace function public.{name}() returns trigger language plpgsql
            security definer set search_path = pg_catalog, pg_temp as $keys$
            declare {variable} bigint;
            begin {body} return null; end $keys$;
            revoke all on function public.{name}() from public;
            create trigger {name} after {operation} on public.{table}
            referencing {REFERENCING[operation]} for each statement execute function public.{name}();
        """)
    return "".join(sql)


def backward():
    return "".join(
        f"drop trigger {name_of(table, operation)} on public.{table};"
        f"drop function public.{name_of(table, operation)}();"
        for table, operation, _variable, _body in (*children(), *parents())
    )


def plain_key(to, label):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0004_work_days"),
        ("registry", "0005_lighter_student_indexes"),
    ]
    operations = [
        migrations.RunSQL(forward(), backward()),
        migrations.AlterField("student", "unit", plain_key("organization.unit", "trường giữ hồ sơ")),
        migrations.AlterField("enrolment", "unit", plain_key("organization.unit", "trường")),
        migrations.AlterField("enrolment", "school_year", plain_key("organization.schoolyear", "năm học")),
        migrations.AlterField("studentcharacteristic", "unit", plain_key("organization.unit", "trường")),
    ]
