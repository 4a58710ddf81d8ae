"""Ways of the planner that a block does not take are open again after it, however it ends."""

import pytest
from django.db import DatabaseError, connection, transaction

from thongsuot.kit.postgres.planning import planned_without

pytestmark = pytest.mark.django_db


def ways():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('enable_seqscan'), current_setting('enable_indexscan')")
        return cursor.fetchone()


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_within_the_block():
    with planned_without("enable_seqscan"):
        assert ways() == ("off", "on")
        with planned_without("enable_seqscan", "enable_indexscan"):
            assert ways() == ("off", "off")
        assert ways() == ("off", "on")
    assert ways() == ("on", "on")


def test_what_somebody_outside_has_closed_stays_closed():
    ask("set local enable_indexscan = off")
    with planned_without("enable_seqscan", "enable_indexscan"):
        pass
    assert ways() == ("on", "off")


def test_after_an_error_of_the_database():
    with pytest.raises(DatabaseError), transaction.atomic(), planned_without("enable_seqscan"):
        ask("select 1 / 0")
    assert ways() == ("on", "on")


def test_after_an_error_of_ours():
    with pytest.raises(KeyError), planned_without("enable_seqscan"):
        raise KeyError
    assert ways() == ("on", "on")


def test_no_other_settings():
    with pytest.raises(ValueError, match="work_mem"), planned_without("work_mem"):
        pass
