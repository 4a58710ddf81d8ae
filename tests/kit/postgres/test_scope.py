"""act_as: what each person meets, how scopes nest and end, and that nothing outlives its transaction."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kit.postgres.conftest import Person
from thongsuot.kit.postgres.isolation import act_as, without_actor

PROVINCE = Person(reach=None)
UNIT_5 = Person(reach=frozenset({5}))
UNIT_6 = Person(reach=frozenset({6}))


def seen(table: str = "paper", on=connection) -> list[int]:
    key = "pgh_id" if table == "paperevent" else "id"
    with on.cursor() as cursor:
        cursor.execute(f"select {key} from isolation_tests_{table} order by 1")
        return [row[0] for row in cursor.fetchall()]


def settings_now(on=connection) -> tuple[str, str, str]:
    with on.cursor() as cursor:
        cursor.execute(
            "select current_setting('role'), current_setting('app.units', true), "
            "current_setting('app.user', true)"
        )
        role, units, user = cursor.fetchone()
        return role, units or "", user or ""


@pytest.mark.parametrize(
    ("person", "papers"),
    [
        (PROVINCE, [1, 2, 3]),
        (UNIT_5, [1]),
        (UNIT_6, [2, 3]),
        (Person(reach=frozenset({5, 6})), [1, 2, 3]),
        (Person(reach=frozenset({8})), [3]),
        (Person(user_id=7), [2]),
        (Person(user_id=8), []),
        (Person(), []),
    ],
)
def test_each_sees_their_own(world, person, papers):
    """By unit, by person, by a unit in a link table; remarks and events follow the paper."""
    with act_as(person):
        assert (seen("paper"), seen("remark")) == (papers, papers)
        events = seen("paperevent")
    # An event that does not carry the author asks the paper.
    assert events == papers


def test_one_statement(world):
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        act_as(UNIT_5),
    ):
        inside = [q["sql"] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(inside) == 1


def test_nested_gives_back(world):
    with act_as(UNIT_5):
        with act_as(PROVINCE):
            assert seen() == [1, 2, 3]
        assert seen() == [1]
        with act_as(Person(user_id=7)):
            assert seen() == [2]
        assert seen() == [1]
    assert settings_now() == ("none", "", "")


def test_nested_same_actor_costs_nothing(world):
    with act_as(UNIT_5), CaptureQueriesContext(connection) as queries, act_as(UNIT_5):
        assert seen() == [1]
    assert [q["sql"] for q in queries.captured_queries if "set_config" in q["sql"]] == []


def test_failure_inside_gives_back(world):
    with act_as(UNIT_5):
        with pytest.raises(RuntimeError), act_as(PROVINCE):
            raise RuntimeError
        assert seen() == [1]
        with pytest.raises(DatabaseError), act_as(PROVINCE), connection.cursor() as cursor:
            cursor.execute("select 1/0")
        assert seen() == [1]


def test_asked_rollback_gives_back(world):
    with act_as(UNIT_5):
        with act_as(UNIT_6):
            transaction.set_rollback(True)
        assert seen() == [1]
    assert settings_now() == ("none", "", "")


def test_rolled_back_savepoint_keeps_the_scope(world):
    with act_as(UNIT_5):
        with pytest.raises(RuntimeError), transaction.atomic():
            raise RuntimeError
        assert seen() == [1]


def test_failure_of_the_outermost_gives_back(world):
    with pytest.raises(RuntimeError), act_as(UNIT_5):
        raise RuntimeError
    assert settings_now() == ("none", "", "")


def test_writing_elsewhere_is_refused(world):
    for sql in (
        "insert into isolation_tests_paper values (9, 6, null)",
        "update isolation_tests_paper set unit_id = 6 where id = 1",
    ):
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            act_as(UNIT_5),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    with act_as(UNIT_5), connection.cursor() as cursor:
        cursor.execute("update isolation_tests_paper set author_id = 1")
        assert cursor.rowcount == 1
        cursor.execute("delete from isolation_tests_remark")
        assert cursor.rowcount == 1


@pytest.mark.parametrize("person", [UNIT_5, PROVINCE])
@pytest.mark.parametrize(
    "sql",
    [
        "update isolation_tests_paperevent set unit_id = 5",
        "delete from isolation_tests_paperevent",
        "truncate isolation_tests_paper cascade",
        "alter table isolation_tests_paper disable row level security",
        "drop policy ts_scoped on isolation_tests_paper",
    ],
)
def test_history_and_protection_are_out_of_reach(world, person, sql):
    with pytest.raises(DatabaseError), act_as(person), connection.cursor() as cursor:
        cursor.execute(sql)


def test_without_actor_sees_nothing(world):
    with pytest.raises(DatabaseError, match="permission denied"), without_actor():
        seen()
    with act_as(UNIT_5):
        with pytest.raises(DatabaseError, match="permission denied"), without_actor():
            seen()
        assert seen() == [1]


class TestWebLogin:
    """The same, signed in as the role that serves the pages."""

    def test_no_actor_no_rows(self, web_login):
        on = transaction.get_connection(web_login)
        with pytest.raises(DatabaseError, match="permission denied"):
            seen(on=on)

    def test_each_sees_their_own(self, web_login):
        on = transaction.get_connection(web_login)
        with act_as(UNIT_5, using=web_login):
            assert seen(on=on) == [1]
        with act_as(PROVINCE, using=web_login):
            assert seen(on=on) == [1, 2, 3]

    def test_connection_forgets(self, web_login):
        on = transaction.get_connection(web_login)
        on.settings_dict["CONN_MAX_AGE"] = 60
        for end in (None, RuntimeError, DatabaseError):
            try:
                with act_as(PROVINCE, using=web_login):
                    pid = on.connection.info.backend_pid
                    if end:
                        raise end
            except (RuntimeError, DatabaseError):
                pass
            on.close_if_unusable_or_obsolete()
            assert settings_now(on=on) == ("none", "", "")
            assert on.connection.info.backend_pid == pid
            with pytest.raises(DatabaseError, match="permission denied"):
                seen(on=on)

    def test_becoming_the_owner_is_refused(self, web_login):
        on = transaction.get_connection(web_login)
        with on.cursor() as cursor:
            for role in ("thongsuot_owner", "postgres", "pg_read_all_data"):
                with pytest.raises(DatabaseError):
                    cursor.execute(f"set role {role}")
            with pytest.raises(DatabaseError):
                cursor.execute("create table public.mine (id int)")
