import contextlib
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api.models import ApiToken
from thongsuot.kit.audit import queries
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.audit.types import ChangeKind
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db


def make_token(user, name="Khoá 1", prefix="aaaaaaaa") -> ApiToken:
    return ApiToken.objects.create(
        user=user, name=name, prefix=prefix, digest="x", expires_at=timezone.now() + timedelta(days=1)
    )


def test_history_tells_who_what_and_why():
    user = make_user("Lê Văn An")
    actor = actor_of(user)
    with act_as(actor), acting(actor):
        token = make_token(user)
        with acting(actor, reason="đổi tên cho đúng"):
            ApiToken.objects.filter(pk=token.pk).update(name="Khoá mới", scopes=["a", "b"])
        # Nothing that is kept has changed, so there is no entry.
        ApiToken.objects.filter(pk=token.pk).update(digest="y")
        entries = queries.history(token)
        ApiToken.objects.filter(pk=token.pk).delete()
        deleted = queries.history(token)[0]
    assert [(e.action, e.who, e.role, e.reason) for e in entries] == [
        (ChangeKind.UPDATE, "Lê Văn An", "Văn phòng trường", "đổi tên cho đúng"),
        (ChangeKind.INSERT, "Lê Văn An", "Văn phòng trường", ""),
    ]
    assert [(c.label, c.old, c.new) for c in entries[0].changes] == [
        ("tên khoá", "Khoá 1", "Khoá mới"),
        ("phạm vi", "", "a, b"),
    ]
    assert ("chủ khoá", "", "Lê Văn An") in [(c.label, c.old, c.new) for c in entries[1].changes]
    assert (deleted.action, deleted.changes[0].new) == (ChangeKind.DELETE, "")


def test_bulk_statements_carry_the_context_too():
    """Staging by COPY, then one INSERT..SELECT: the way in of every import."""
    user = make_user()
    actor = actor_of(user)
    with act_as(actor), acting(actor, reason="nhập từ tệp"), connection.cursor() as cursor:
        cursor.execute("create temporary table staging (n int) on commit drop")
        with cursor.copy("copy staging from stdin") as copy:
            for n in range(1000):
                copy.write_row((n,))
        cursor.execute(
            "insert into api_apitoken (user_id, name, prefix, digest, scopes, created_at, expires_at) "
            "select %s, 'n' || n, 'p' || n, '', '{}', now(), now() from staging",
            [user.pk],
        )
        events = event_model(ApiToken).objects
        assert (
            events.filter(pgh_context__name=user.full_name, pgh_context__reason="nhập từ tệp").count() == 1000
        )


def test_the_context_ends_with_its_block():
    user = make_user()
    actor = actor_of(user)
    with acting(actor, reason="một"):
        with pytest.raises(ZeroDivisionError), acting(Actor.system(), reason="hai"):
            raise ZeroDivisionError
        inside = make_token(user)
    with transaction.atomic():
        outside = make_token(user, prefix="bbbbbbbb")
    assert queries.history(inside)[0].reason == "một"
    assert queries.history(outside)[0].who == ""


def test_events_are_isolated_like_their_rows():
    mine, other = make_user(), make_user()
    token = make_token(mine)
    with act_as(actor_of(mine)):
        assert len(queries.history(token)) == 1
    with act_as(actor_of(other)):
        assert queries.history(token) == []
    with act_as(Actor.system()):
        assert len(queries.history(token)) == 1


@pytest.mark.parametrize("actor", [None, Actor.system()])
@pytest.mark.parametrize(
    "sql",
    [
        "update api_apitokenevent set name = 'x'",
        "delete from api_apitokenevent",
        "truncate api_apitokenevent",
        "truncate api_apitoken",
    ],
)
def test_history_cannot_be_thinned_out(actor, sql):
    make_token(make_user())
    scope = act_as(actor) if actor else contextlib.nullcontext()
    with connection.cursor() as cursor, transaction.atomic(), scope:
        cursor.execute("set local thongsuot.may_truncate = 'off'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(sql)


def test_history_of_an_untracked_model_is_a_fault_of_the_program():
    with pytest.raises(LookupError):
        queries.history(make_user())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "Có"),
        (False, "Không"),
        (date(2026, 9, 5), "05/09/2026"),
        (["a", 1], "a, 1"),
    ],
)
def test_values_as_a_reader_writes_them(value, shown):
    assert queries.plain(value) == shown
