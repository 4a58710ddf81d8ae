"""Foreign keys to pupils, classes and accounts of the three tables that a province's import fills, without a check of
each row.

As migration 0006 does for schools and school years, where the reasons and the two differences to PostgreSQL's own keys
stand (they cannot be put off; parents are removed in read committed transactions only). Here a statement names as many
parents as it has rows, so the functions are held to looking each one up by the parent's index: their plans are kept
for a session, and a plan made for a province's rows must serve the next single row too.

Keys that are mostly empty, and all updates, are looked at row by row, those rows alone that name a parent anew.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STUDENT, CLASS, USER = "registry_student", "registry_schoolclass", "accounts_user"
# {table: {column: parent}}; an index of the table begins with each column.
FILLED = {
    "registry_enrolment": {"student_id": STUDENT, "school_class_id": CLASS},
    "registry_studentcharacteristic": {"student_id": STUDENT},
}
MOSTLY_EMPTY = {STUDENT: {"account_id": USER, "merged_into_id": STUDENT}}
# The lock is that of PostgreSQL's own check: a parent that is being removed is waited for. Parents whose numbers follow
# each other, as those of a file's new pupils do, are read in one go.
REQUIRE_ALL = """
    select count(distinct n.{column}), min(n.{column}), max(n.{column}) into named, least, most from new_rows n;
    if named = most - least + 1 then
        select count(*) into held from (
            select from public.{parent} p where p.id between least and most for key share
        ) locked;
    else
        select count(*) into held from (
            select from public.{parent} p join (select distinct r.{column} as id from new_rows r) n on n.id = p.id
            for key share of p
        ) locked;
    end if;
    if held < named then
        select min(n.{column}) into missing from new_rows n
        where n.{column} is not null and not exists (select from public.{parent} p where p.id = n.{column});
        {refuse}
    end if;
"""
REQUIRE_ONE = """
    if {named} then
        missing := new.{column};
        perform from public.{parent} p where p.id = missing for key share;
        if not found then
            {refuse}
        end if;
    end if;
"""
REFUSE_MISSING = """
        raise foreign_key_violation using
            message = 'insert or update on table "{table}" violates foreign key constraint "{table}_{column}_set"',
            detail = format('Key ({column})=(%s) is not present in table "{parent}".', missing),
            schema = 'public', table = '{table}', constraint = '{table}_{column}_set';
"""
# An older snapshot would not show the rows that another transaction has written meanwhile. PostgreSQL's own check can
# look past it, a trigger cannot.
FRESH = """
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise feature_not_supported using
            message = 'rows of "{parent}" can be removed in read committed transactions only';
    end if;
"""
UNUSED_ALL = "select min(g.id) into used from old_rows g where exists (select from public.{table} c where c.{column} = g.id);"
UNUSED_ONE = "select old.id into used where exists (select from public.{table} c where c.{column} = old.id);"
REFUSE_USED = """
    if used is not null then
        raise foreign_key_violation using
            message = 'update or delete on table "{parent}" violates foreign key constraint "{table}_{column}_set" '
                'on table "{table}"',
            detail = format('Key (id)=(%s) is still referenced from table "{table}".', used),
            schema = 'public', table = '{table}', constraint = '{table}_{column}_set';
    end if;
"""
INSERT = "after insert on public.{on} referencing new table as new_rows for each statement"
DELETE = "after delete on public.{on} referencing old table as old_rows for each statement"
EACH = "after {operation} on public.{on} for each row when ({when})"
# A row that names a parent anew.
NAMES = {
    "insert": "new.{column} is not null",
    "update": "(new.{column} is not null and new.{column} is distinct from old.{column})",
}


def children():
    """(table, operation, firing, body) of the triggers on the tables that have the keys."""
    for table, keys in FILLED.items():
        yield table, "insert", INSERT.format(on=table), "".join(_require(REQUIRE_ALL, table, keys, ""))
        yield table, "update", *_each(table, keys, "update")
    for table, keys in MOSTLY_EMPTY.items():
        for operation in NAMES:
            yield table, operation, *_each(table, keys, operation)


def _each(table, keys, operation):
    named = NAMES[operation]
    when = " or ".join(named.format(column=column) for column in keys)
    firing = EACH.format(operation=operation, on=table, when=when)
    return firing, "".join(_require(REQUIRE_ONE, table, keys, named))


def _require(text, table, keys, named):
    for column, parent in keys.items():
        names = {"table": table, "column": column, "parent": parent}
        refuse = REFUSE_MISSING.format(**names)
        yield text.format(**names, refuse=refuse, named=named.format(column=column))


def parents():
    """The same for the tables that are pointed at."""
    every_key = [*FILLED.items(), *MOSTLY_EMPTY.items()]
    for parent in (STUDENT, CLASS, USER):
        fresh = FRESH.format(parent=parent)
        every, one = f"if not exists (select from old_rows) then return null; end if; {fresh}", fresh
        for table, keys in every_key:
            for column in (column for column, to in keys.items() if to == parent):
                names = {"table": table, "column": column, "parent": parent}
                refuse = REFUSE_USED.format(**names)
                every += UNUSED_ALL.format(**names) + refuse
                one += UNUSED_ONE.format(**names) + refuse
        yield parent, "delete", DELETE.format(on=parent), every
        when = "new.id is distinct from old.id"
        yield parent, "update_id", EACH.format(operation="update", on=parent, when=when), one


def name_of(table, operation):
    return f"registry_person_keys_{table.split('_')[1]}_{operation}"


def forward():
    sql = []
    for table, operation, firing, body in (*children(), *parents()):
        name = name_of(table, operation)
        # As the owner: a key is checked against all rows, not those that the writer may see.
        sql.append(f"""
            create or replace function public.{name}() returns trigger language plpgsql
            security definer set search_path = pg_catalog, pg_temp
            set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $keys$
            declare named bigint; least bigint; most bigint; held bigint; missing bigint; used bigint;
            begin {body} return null; end $keys$;
            revoke all on function public.{name}() from public;
            create trigger {name} {firing} execute function public.{name}();
        """)
    return "".join(sql)


def backward():
    return "".join(
        f"drop trigger {name_of(table, operation)} on public.{table};"
        f"drop function public.{name_of(table, operation)}();"
        for table, operation, _firing, _body in (*children(), *parents())
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_keys_by_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(forward(), backward()),
        migrations.AlterField(
            "enrolment",
            "student",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="enrolments",
                to="registry.student",
                verbose_name="học sinh",
            ),
        ),
        migrations.AlterField(
            "enrolment",
            "school_class",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrolments",
                to="registry.schoolclass",
                verbose_name="lớp",
            ),
        ),
        migrations.AlterField(
            "studentcharacteristic",
            "student",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="characteristics",
                to="registry.student",
                verbose_name="học sinh",
            ),
        ),
        migrations.AlterField(
            "student",
            "account",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="tài khoản",
            ),
        ),
        migrations.AlterField(
            "student",
            "merged_into",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="registry.student",
                verbose_name="đã gộp vào",
            ),
        ),
    ]
