from datetime import date, timedelta

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit import queries
from thongsuot.kit.audit.actions import purge, record_reading
from thongsuot.kit.audit.models import ReadingLog, SignInLog
from thongsuot.kit.audit.types import SignInEvent
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db


def test_a_reading_is_kept_and_seen_by_whom_it_concerns():
    reader, other = make_user(), make_user()
    subject = make_user("Nguyễn Thị Bí Mật")
    actor = actor_of(reader)
    with act_as(actor):
        record_reading(by=actor, subject=subject, purpose="Xem hồ sơ", ip="10.0.0.7")
        row = queries.readings(actor).get()
        assert (row.user, row.subject_table, row.subject_pk, row.purpose, row.ip) == (
            reader,
            "accounts_user",
            str(subject.pk),
            "Xem hồ sơ",
            "10.0.0.7",
        )
    with act_as(actor_of(other, "audit.read")):
        # The right alone does not open what lies outside the reach.
        assert list(queries.readings(actor_of(other, "audit.read"))) == []
    administrator = actor_of(other, "audit.read", reach=None)
    with act_as(administrator):
        assert list(queries.readings(administrator)) == [row]


@pytest.mark.parametrize(
    "sql",
    ["update audit_readinglog set purpose = ''", "delete from audit_readinglog", "truncate audit_readinglog"],
)
def test_readings_stay(sql):
    record_reading(by=Actor.system(), subject=make_user(), purpose="thử")
    with connection.cursor() as cursor:
        cursor.execute("set local thongsuot.may_truncate = 'off'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(sql)
    assert ReadingLog.objects.count() == 1


def test_sign_ins_are_told_by_django(settings):
    user = make_user()
    settings.SECURE_PROXY_SSL_HEADER = None
    request = RequestFactory().post(
        "/",
        REMOTE_ADDR="192.0.2.9",
        REMOTE_PORT="51515",
        HTTP_USER_AGENT="Firefox",
        HTTP_X_FORWARDED_FOR="1.2.3.4",
    )
    user_login_failed.send(sender=None, credentials={"username": user.username.upper()}, request=request)
    user_login_failed.send(sender=None, credentials={"username": "my secret password"}, request=request)
    user_logged_in.send(sender=None, request=request, user=user)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    user_logged_out.send(sender=None, request=request, user=user)
    rows = SignInLog.objects.order_by("id").values_list("event", "user", "ip", "source_port", "user_agent")
    assert list(rows) == [
        (SignInEvent.FAILED, user.pk, "192.0.2.9", 51515, "Firefox"),
        (SignInEvent.FAILED, None, "192.0.2.9", 51515, "Firefox"),
        (SignInEvent.SIGNED_IN, user.pk, "192.0.2.9", 51515, "Firefox"),
        (SignInEvent.SIGNED_OUT, user.pk, "1.2.3.4", None, "Firefox"),
    ]


def test_sign_ins_are_kept_twelve_months():
    today = timezone.localdate()
    for days in (0, 300, 400):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into audit_signinlog (at, event, user_agent) values (now() - %s, 'failed', '')",
                [timedelta(days=days)],
            )
    with pytest.raises(NotAllowed):
        purge(by=actor_of(make_user()), today=today)
    with act_as(Actor.system()):
        assert purge(by=Actor.system(), today=today) == 1
        assert purge(by=Actor.system(), today=date(today.year, today.month, 1)) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            SignInLog.objects.all()._raw_delete("default")
    assert SignInLog.objects.count() == 2
