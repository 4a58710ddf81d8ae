from datetime import date, timedelta

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.kit.audit.test_history import make_token
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit import queries
from thongsuot.kit.audit.actions import acting, purge, record_reading
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


def resolve(user, *, acting_index=0) -> Actor:
    return actor_of(user, "audit.read", reach=None)


def resolve_officer(user, *, acting_index=0) -> Actor:
    return actor_of(user, reach=None)


def test_pages(client, settings):
    settings.ACTOR_RESOLVER = "tests.kit.audit.test_logs.resolve"
    administrator, person = make_user("Quản Trị"), make_user("Người Xem")
    with act_as(actor_of(person)), acting(actor_of(person), reason="theo công văn 12"):
        record_reading(by=actor_of(person), subject=person, purpose="Xem hồ sơ")
        token = make_token(person)
    client.force_login(administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert "/nhat-ky/thay-doi/api.apitoken/" in client.get("/nhat-ky/").content.decode()
    listed = client.get("/nhat-ky/thay-doi/api.apitoken/?who=xem").content.decode()
    assert "theo công văn 12" in listed
    assert "Thêm mới" in listed
    today = timezone.localdate()
    none = client.get(f"/nhat-ky/thay-doi/api.apitoken/?at_after={today + timedelta(days=1)}")
    assert "theo công văn 12" not in none.content.decode()
    history = client.get(f"/nhat-ky/thay-doi/api.apitoken/{token.pk}/").content.decode()
    assert "<ins>Khoá 1</ins>" in history
    readings = client.get("/nhat-ky/luot-xem/?who=Người").content.decode()
    assert "Xem hồ sơ" in readings
    assert "tài khoản" in readings
    assert "Đăng nhập" in client.get("/nhat-ky/dang-nhap/").content.decode()
    csv = b"".join(client.get("/nhat-ky/luot-xem/?export=csv").streaming_content).decode("utf-8-sig")
    assert "Người Xem" in csv
    for missing in ("thay-doi/accounts.user/", "thay-doi/x/", f"thay-doi/api.apitoken/{token.pk + 9}/"):
        assert client.get(f"/nhat-ky/{missing}").status_code == 404
    settings.ACTOR_RESOLVER = "tests.kit.audit.test_logs.resolve_officer"
    other = Client()
    other.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    for page in ("", "luot-xem/", "dang-nhap/", "thay-doi/api.apitoken/"):
        assert other.get(f"/nhat-ky/{page}").status_code == 404
