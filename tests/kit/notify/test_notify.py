from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify import queries, registry, tasks
from thongsuot.kit.notify.actions import choose_ways, mark_read, notify, purge, send_digest
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.notify.types import Way
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 5)
MORNING = timezone.make_aware(datetime(2026, 9, 5, 7, 0))
NIGHT = timezone.make_aware(datetime(2026, 9, 5, 22, 0))
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register_kind("tests.given", "Được giao việc")
    registry.register_kind("tests.late", "Quá hạn", default=Way.EMAIL)


def person(name: str, email: str = "") -> User:
    user = make_user(name)
    user.email = email
    user.save()
    return user


def tell(*people, kind="tests.given", by=None, title="Nhiệm vụ mới") -> int:
    return notify(recipients=people, kind=kind, title=title, url="/chi-dao/1/", by=by)


def run_mail() -> None:
    """What the worker does with the queued letters."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where status = 'todo' returning task_name, args")
        queued = cursor.fetchall()
    import json

    for name, args in queued:
        task = {"notify.mail": tasks.mail, "notify.mail_digest": tasks.mail_digest}[name]
        task(**(json.loads(args) if isinstance(args, str) else args))


def test_people_are_told_in_one_statement(django_assert_num_queries):
    people = [make_user() for _number in range(20)]
    writer = actor_of(people[0], reach={1})
    with act_as(writer), django_assert_num_queries(5):
        # Savepoint, scope, the one statement, scope back, savepoint.
        assert tell(*people, by=writer) == 19
    assert Notification.objects.count() == 19
    assert tell() == 0
    with pytest.raises(LookupError):
        tell(people[1], kind="nobody's")


def test_only_ones_own_are_seen_and_marked():
    me, other = make_user(), make_user()
    tell(me, me.pk, other)
    actor = actor_of(me)
    with act_as(actor):
        mine = Notification.objects.get()
        assert (mine.title, mine.url, queries.unread_count(actor)) == ("Nhiệm vụ mới", "/chi-dao/1/", 1)
        mark_read(by=actor, notification_ids=range(mine.pk - 1, mine.pk + 2))
        assert queries.unread_count(actor) == 0
    assert Notification.objects.filter(read_at=None).count() == 1


def test_a_choice_of_silence_is_kept():
    quiet, gone, normal = make_user(), make_user(), make_user()
    choose_ways(by=actor_of(quiet), ways={"tests.given": "in_app"})
    choose_ways(by=actor_of(quiet), ways={"tests.given": "none"})
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert tell(quiet, gone, normal) == 1
    assert tell(quiet, kind="tests.late") == 1
    ways = {kind.code: way for kind, way in queries.ways(actor_of(quiet))}
    assert ways == {"tests.given": Way.NONE, "tests.late": Way.EMAIL}
    with pytest.raises(ValueError):
        choose_ways(by=actor_of(quiet), ways={"tests.given": "pigeon"})


def test_urgent_things_go_out_at_once_and_once():
    an, binh = person("Lê Văn An", "an@example.vn"), person("Không Thư")
    tell(an, binh, kind="tests.late", title="Nhiệm vụ của Lê Văn An quá hạn")
    run_mail()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["an@example.vn"], "Thông Suốt: thông báo mới")
    assert "- Nhiệm vụ của Lê Văn An quá hạn\n  http://localhost:8000/chi-dao/1/" in letter.body
    tasks.mail(notification_ids=list(Notification.objects.values_list("pk", flat=True)))
    assert len(mail.outbox) == 1


def test_a_digest_is_one_quiet_letter_for_each_person():
    an, binh = person("Lê Văn An", "an@example.vn"), person("Trần Thị Bình", "binh@example.vn")
    person("Chẳng Có Gì", "khong@example.vn")
    tell(an, binh, title="Việc một")
    tell(an, title="Việc hai")
    tell(binh, title="Đã đọc rồi")
    Notification.objects.filter(title="Đã đọc rồi").update(read_at=timezone.now())
    with pytest.raises(NotAllowed):
        send_digest(by=actor_of(an), today=TODAY, now=MORNING)
    assert send_digest(by=SYSTEM, today=TODAY, now=NIGHT) == 0
    assert send_digest(by=SYSTEM, today=TODAY, now=MORNING) == 2
    run_mail()
    assert {letter.to[0]: letter.subject for letter in mail.outbox} == {
        "an@example.vn": "Thông Suốt: 2 thông báo",
        "binh@example.vn": "Thông Suốt: thông báo mới",
    }
    assert "Đã đọc rồi" not in mail.outbox[1].body
    # The tick comes twice, or the next day brings nothing new: no letter.
    assert send_digest(by=SYSTEM, today=TODAY, now=MORNING) == 0
    run_mail()
    assert len(mail.outbox) == 2


def test_what_was_read_long_ago_goes():
    user = make_user()
    tell(user, title="Cũ")
    tell(user, title="Chưa đọc")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=400))
    Notification.objects.filter(title="Cũ").update(read_at=timezone.now() - timedelta(days=200))
    assert purge(by=SYSTEM, today=timezone.localdate()) == 1
    assert Notification.objects.get().title == "Chưa đọc"


def test_pages(client, settings):
    settings.ACTOR_RESOLVER = "tests.kit.jobs.work.resolve"
    me, other = make_user(), make_user()
    tell(me, title="Của tôi")
    tell(other, title="Của người khác")
    mine, theirs = Notification.objects.get(recipient=me), Notification.objects.get(recipient=other)
    client.force_login(me, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get("/thong-bao/").content.decode()
    assert "Của tôi" in page
    assert "Của người khác" not in page
    assert ">1</span>" in client.get("/thong-bao/so-chua-doc/").content.decode()
    assert "<strong>Của tôi</strong>" in client.get("/thong-bao/chuong/").content.decode()
    assert client.get(f"/thong-bao/{theirs.pk}/").status_code == 404
    response = client.get(f"/thong-bao/{mine.pk}/")
    assert (response.status_code, response["Location"]) == (302, "/chi-dao/1/")
    assert client.get("/thong-bao/so-chua-doc/").content.strip() == b""
    assert client.get("/thong-bao/da-doc-het/").status_code == 405
    assert client.post("/thong-bao/da-doc-het/").status_code == 302
    form = client.get("/thong-bao/cach-nhan/").content.decode()
    assert "Được giao việc" in form
    client.post("/thong-bao/cach-nhan/", {"tests.given": "none", "tests.late": "digest"})
    assert dict((k.code, w) for k, w in queries.ways(actor_of(me)))["tests.given"] == Way.NONE
