"""What a migrated database grants, asked of its catalogue; and what the declarations refuse."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tests.kit.postgres.conftest import Paper, PaperEvent, Reader, Remark
from thongsuot.kit.postgres.declarations import Anyone, ByParent, ByUnit, ByUser
from thongsuot.kit.postgres.policies import TableIsolation, closed, predicate_of, statements
from thongsuot.kit.postgres.roles import ALL_ROLE, SCOPED_ROLE, WEB_ROLE
from thongsuot.kit.postgres.securing import every_model, secure_database, wanted_isolation

TABLE = "isolation_tests_paper"


def rights(role: str, table: str = TABLE) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select privilege_type from information_schema.role_table_grants "
            "where grantee = %s and table_name = %s",
            [role, table],
        )
        return {row[0].lower() for row in cursor.fetchall()}


def protection(table: str = TABLE) -> tuple[bool, bool, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [table])
        enabled, forced = cursor.fetchone()
        cursor.execute("select policyname from pg_policies where tablename = %s", [table])
        return enabled, forced, {row[0] for row in cursor.fetchall()}


def apply(sql: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)


@pytest.mark.usefixtures("world")
class TestOneTable:
    def test_declared(self):
        apply(statements(TableIsolation(TABLE, "unit_id = 1"), force=True))
        assert protection() == (True, True, {"ts_scoped", "ts_all"})
        assert rights(SCOPED_ROLE) == rights(ALL_ROLE) == {"select", "insert", "update", "delete"}
        assert rights(WEB_ROLE) == set()

    def test_owner_who_does_not_bypass(self):
        apply(statements(TableIsolation(TABLE, "unit_id = 1"), force=False))
        assert protection() == (True, False, {"ts_scoped", "ts_all"})

    @pytest.mark.parametrize(
        ("web_direct", "granted"),
        [("select", {"select"}), ("insert", {"insert"}), ("write", {"select", "insert", "update", "delete"})],
    )
    def test_used_before_sign_in(self, web_direct, granted):
        apply(statements(TableIsolation(TABLE, "unit_id = 1", web_direct), force=True))
        assert rights(WEB_ROLE) == granted
        assert "ts_web" in protection()[2]

    def test_append_only(self):
        apply(statements(TableIsolation(TABLE, "unit_id = 1", append_only=True), force=True))
        assert rights(SCOPED_ROLE) == rights(ALL_ROLE) == {"select", "insert"}

    def test_changed_declaration_leaves_nothing_behind(self):
        apply(statements(TableIsolation(TABLE, "unit_id = 1", "write"), force=True))
        apply(statements(TableIsolation(TABLE, None), force=True))
        assert protection() == (False, False, set())
        assert rights(WEB_ROLE) == set()

    def test_undeclared_is_closed(self):
        apply(closed(TABLE))
        assert rights(SCOPED_ROLE) | rights(ALL_ROLE) | rights(WEB_ROLE) == set()


@pytest.mark.django_db
def test_every_table_of_the_project_is_as_declared():
    """Run again on the migrated database: the same result, and no table left open."""
    secure_database(connection)
    present = set(connection.introspection.table_names())
    for model in every_model():
        table = model._meta.db_table
        if table not in present:
            continue
        wanted = wanted_isolation(model)
        if wanted is None:
            assert rights(SCOPED_ROLE, table) | rights(WEB_ROLE, table) == set(), table
        else:
            assert protection(table)[0] == (wanted.predicate is not None), table
            assert "truncate" not in rights(SCOPED_ROLE, table) | rights(ALL_ROLE, table) | rights(
                WEB_ROLE, table
            )


@pytest.mark.django_db
def test_web_role_inherits_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolinherit, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, "
            "pg_has_role(rolname, %s, 'usage') from pg_roles where rolname = %s",
            [ALL_ROLE, WEB_ROLE],
        )
        assert cursor.fetchone() == (False, False, False, False, False, True, False)


class TestPredicates:
    def test_setting_is_read_once_per_query(self):
        assert "any((select " in (predicate_of(Reader, ByUnit("unit_id")) or "")

    def test_same_rule_twice_is_one(self):
        assert predicate_of(Reader, ByUnit("unit_id") | ByUnit("unit_id")) == predicate_of(
            Reader, ByUnit("unit_id")
        )

    def test_anyone(self):
        assert predicate_of(Reader, Anyone("public")) is None

    def test_event_uses_its_own_columns_first(self):
        assert '"isolation_tests_paperevent"."unit_id"' in (predicate_of(PaperEvent, ByUnit("unit_id")) or "")
        assert '"isolation_tests_paperevent"."pgh_obj_id"' in (
            predicate_of(PaperEvent, ByUser("author_id")) or ""
        )

    @pytest.mark.parametrize(
        "rule", [ByUnit("nowhere"), ByUser("nowhere"), ByParent("nowhere"), ByParent("id")]
    )
    def test_wrong_field_is_refused(self, rule):
        with pytest.raises(ImproperlyConfigured, match="Remark"):
            predicate_of(Remark, rule)

    def test_declaration_without_fields_is_refused(self):
        for kind in (ByUnit, ByUser):
            with pytest.raises(TypeError):
                kind()

    def test_alternatives_flatten(self):
        rule = ByUnit("unit_id") | (ByUser("author_id") | ByUnit("unit_id"))
        assert (predicate_of(Paper, rule) or "").count(" or ") == 1
