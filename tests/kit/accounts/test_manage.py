"""What administrators do with accounts."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.utils import timezone

from tests.kit.people import actor_of
from thongsuot.kit.accounts import actions, guard
from thongsuot.kit.accounts.adapters import SingleSignOnAdapter
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.postgres.isolation import act_as

LIST = "/tai-khoan/quan-ly/"


def test_new_account_has_a_one_time_password(client, managing, sign_in):
    with act_as(managing):
        handed = actions.create_account(by=managing, username="binh.tran", full_name="Trần  Thị Bình")
    assert handed.account.full_name == "Trần Thị Bình"
    sign_in("binh.tran", handed.password)
    assert client.get("/").url == "/tai-khoan/password/change/"


def test_two_accounts_of_one_name_are_refused(managing, an):
    with pytest.raises(Refused, match="Tên đăng nhập"), act_as(managing):
        actions.create_account(by=managing, username="AN.nguyen", full_name="Người khác")


@pytest.mark.parametrize(
    "act",
    [
        lambda by, a: actions.create_account(by=by, username="x", full_name="x"),
        lambda by, a: actions.reset_password(by=by, account=a),
        lambda by, a: actions.unlock(by=by, account=a),
        lambda by, a: actions.disable(by=by, account=a),
        lambda by, a: actions.enable(by=by, account=a),
        lambda by, a: actions.remove_second_factor(by=by, account=a),
        lambda by, a: actions.disable_idle(by=by, today=date(2026, 11, 23)),
    ],
)
def test_every_action_needs_the_right(an, act):
    with pytest.raises(NotAllowed):
        act(actor_of(an, "directives.view", reach=None), an)


def test_reset_ends_sessions_and_lifts_the_lock(client, an, managing, sign_in):
    sign_in("an.nguyen")
    for _ in range(5):
        guard.record_failure(an)
    with act_as(managing):
        handed = actions.reset_password(by=managing, account=an)
    assert not guard.is_locked(an)
    assert not UserSession.objects.filter(user=an).exists()
    assert client.get("/").status_code == 302
    sign_in("an.nguyen", handed.password)
    assert client.get("/").url == "/tai-khoan/password/change/"


def test_disable_and_enable(client, an, managing, sign_in):
    with act_as(managing):
        actions.disable(by=managing, account=an)
    sign_in("an.nguyen")
    assert client.get("/").url.startswith("/tai-khoan/login/")
    with act_as(managing):
        actions.enable(by=managing, account=an)
    sign_in("an.nguyen")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("action", [actions.disable, actions.reset_password, actions.remove_second_factor])
def test_not_to_oneself(manager, managing, action):
    with pytest.raises(Refused):
        action(by=managing, account=manager)


def test_idle_accounts_are_disabled(an, manager, db):
    today = timezone.localdate()
    old = timezone.now() - timedelta(days=60)
    User.objects.update(created_at=old)
    User.objects.filter(pk=manager.pk).update(last_seen_at=timezone.now() - timedelta(days=44))
    reopened = User.objects.create_user("mo.lai", None, full_name="Mở Lại")
    User.objects.filter(pk=reopened.pk).update(created_at=old, last_seen_at=old, enabled_at=timezone.now())
    by = Actor.system()
    with act_as(by):
        assert actions.disable_idle(by=by, today=today) == 1
    assert list(User.objects.filter(is_active=False)) == [an]


def test_command(an, capsys):
    User.objects.update(created_at=timezone.now() - timedelta(days=60))
    call_command("disable_idle_accounts")
    assert "Đã khoá 1 tài khoản." in capsys.readouterr().out


def test_pages_are_not_there_for_others(client, an, sign_in):
    sign_in("an.nguyen")
    for url in (LIST, f"{LIST}them/", f"{LIST}{an.public_id}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"{LIST}{an.public_id}/thao-tac/", {"action": "disable"}).status_code == 404


def test_pages(client, manager, an, sign_in):
    sign_in("quan.tri")
    assert an.full_name in client.get(LIST, {"q": "nguyen an"}).content.decode()
    assert an.full_name not in client.get(LIST, {"q": "nguyen an", "state": "locked"}).content.decode()
    answer = client.post(f"{LIST}them/", {"username": "moi.ve", "full_name": "Phạm Mới Về"})
    handed = answer.context["handed"]
    assert handed.password in answer.content.decode()
    detail = f"{LIST}{handed.account.public_id}/"
    assert handed.password not in client.get(detail).content.decode()
    client.post(f"{detail}thao-tac/", {"action": "disable"})
    handed.account.refresh_from_db()
    assert not handed.account.is_active
    assert client.post(f"{detail}thao-tac/", {"action": "xoa"}).status_code == 404


def test_list_page_costs_the_same_for_many(client, manager, an, sign_in, django_assert_max_num_queries):
    sign_in("quan.tri")
    for number in range(30):
        User.objects.create_user(f"nguoi{number}", None, full_name=f"Người {number}")
    with django_assert_max_num_queries(14):
        client.get(LIST)


def sociallogin(**claims):
    connected = []
    return SimpleNamespace(
        is_existing=False,
        account=SimpleNamespace(extra_data={"userinfo": claims}, provider="sso"),
        connect=lambda request, user: connected.append(user),
        connected=connected,
    )


@pytest.fixture
def coming(rf, an):
    """A request of somebody who comes back from the identity provider."""
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    request._messages = SimpleNamespace(add=lambda *args, **kwargs: None)
    return request


def test_single_sign_on_opens_the_account_of_a_verified_mail(coming, an):
    login = sociallogin(email="AN@example.vn", email_verified=True)
    SingleSignOnAdapter().pre_social_login(coming, login)
    assert login.connected == [an]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "an@example.vn"},
        {"email": "an@example.vn", "email_verified": "true"},
        {"email": "x@y.vn", "email_verified": True},
        {},
    ],
)
def test_single_sign_on_makes_no_account_and_trusts_no_unverified_mail(coming, claims):
    login = sociallogin(**claims)
    with pytest.raises(ImmediateHttpResponse):
        SingleSignOnAdapter().pre_social_login(coming, login)
    assert login.connected == []


def test_single_sign_on_by_another_claim(coming, an, settings):
    settings.OIDC_CLAIM, settings.OIDC_FIELD = "personal_id", "username"
    login = sociallogin(personal_id="an.nguyen")
    SingleSignOnAdapter().pre_social_login(coming, login)
    assert login.connected == [an]
