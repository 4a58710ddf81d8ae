"""Signing in: password, lock, second factor, sessions, what is owed first."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.utils import timezone

from tests.kit.accounts.conftest import PASSWORD, SIGN_IN, code_of
from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.models import SignInGuard

REFUSED = "Tên đăng nhập hoặc mật khẩu không đúng"
SECURITY = "/tai-khoan/bao-mat/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def is_in(client) -> bool:
    return client.get(SECURITY).status_code == 200


@pytest.mark.parametrize("name", ["an.nguyen", "AN.Nguyen", "an@example.vn"])
def test_signs_in_by_name_or_mail(client, an, sign_in, name):
    assert sign_in(name).status_code == 302
    assert is_in(client)


def test_wrong_password_unknown_name_and_lock_say_the_same(client, an, sign_in):
    unknown = sign_in("khong.co", "x").context["form"].non_field_errors()
    wrong = [sign_in("an.nguyen", "sai").context["form"].non_field_errors() for _ in range(5)]
    locked = sign_in("an.nguyen").context["form"].non_field_errors()
    assert REFUSED in unknown[0]
    assert {tuple(errors) for errors in [*wrong, locked]} == {tuple(unknown)}
    assert not is_in(client)


def test_the_lock_ends_by_itself(client, an, sign_in):
    for _ in range(5):
        sign_in("an.nguyen", "sai")
    assert guard.is_locked(an)
    SignInGuard.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    sign_in("an.nguyen")
    assert is_in(client)
    assert not SignInGuard.objects.exists()


def test_a_good_sign_in_forgets_the_failures(client, an, sign_in):
    for _ in range(4):
        sign_in("an.nguyen", "sai")
    sign_in("an.nguyen")
    assert not SignInGuard.objects.exists()


def test_disabled_account_stays_out(client, an, sign_in):
    an.is_active = False
    an.save()
    sign_in("an.nguyen")
    assert not is_in(client)


def test_nobody_signs_up(client, db):
    response = client.get("/tai-khoan/signup/")
    assert response.status_code == 200
    assert "không tự đăng ký được" in response.content.decode()
    client.post("/tai-khoan/signup/", {"username": "ke.la", "password1": PASSWORD})
    assert not is_in(client)


@pytest.fixture
def with_app(an):
    TOTP.activate(an, SECRET)
    return an


def test_secret_lies_encrypted(with_app):
    assert SECRET not in str(Authenticator.objects.get(user=with_app).data)


def test_second_factor(client, with_app, sign_in):
    assert sign_in("an.nguyen").url == "/tai-khoan/hai-lop/authenticate/"
    assert not is_in(client)
    client.post("/tai-khoan/hai-lop/authenticate/", {"code": code_of(SECRET)})
    assert is_in(client)


def test_wrong_codes_lock_too(client, with_app, sign_in):
    for _ in range(5):
        sign_in("an.nguyen")
        client.post("/tai-khoan/hai-lop/authenticate/", {"code": "000000"})
    assert guard.is_locked(with_app)
    client.post("/tai-khoan/hai-lop/authenticate/", {"code": code_of(SECRET)})
    assert not is_in(client)


def test_wrong_password_at_the_second_question_counts(client, an, sign_in):
    sign_in("an.nguyen")
    client.post("/tai-khoan/reauthenticate/", {"password": "sai"})
    assert SignInGuard.objects.get(user=an).failures == 1


def set_session(client, **values):
    session = client.session
    session.update(values)
    session.save()


def test_idle_session_ends(client, an, sign_in, settings):
    sign_in("an.nguyen")
    set_session(client, seen=time.time() - settings.SESSION_IDLE_LIMIT - 1)
    assert client.get("/").url == SIGN_IN
    assert not is_in(client)


def test_htmx_is_led_to_the_sign_in_page(client, an, sign_in, settings):
    sign_in("an.nguyen")
    set_session(client, seen=0)
    assert client.get("/", headers={"hx-request": "true"})["HX-Redirect"] == SIGN_IN


def test_old_session_ends_even_when_busy(client, an, sign_in, settings):
    sign_in("an.nguyen")
    set_session(client, began=time.time() - settings.SESSION_ABSOLUTE_LIMIT - 1)
    assert client.get("/").url == SIGN_IN


def test_administrators_have_less_time(client, manager, an, sign_in, settings):
    idle = settings.SESSION_IDLE_LIMIT_ADMIN + 1
    assert idle < settings.SESSION_IDLE_LIMIT
    sign_in("an.nguyen")
    set_session(client, seen=time.time() - idle)
    assert is_in(client)
    client.logout()
    sign_in("quan.tri")
    set_session(client, seen=time.time() - idle)
    assert not is_in(client)


def test_what_a_page_asks_by_itself_is_no_presence(client, an, sign_in):
    sign_in("an.nguyen")
    then = time.time() - 100
    set_session(client, seen=then)
    client.get("/", headers={"x-background": "1"})
    assert client.session["seen"] == then
    client.get("/")
    assert client.session["seen"] > then


def test_visits_are_noted(client, an, sign_in):
    sign_in("an.nguyen")
    set_session(client, seen=time.time() - 100)
    client.get("/")
    an.refresh_from_db()
    assert an.last_seen_at is not None


def test_one_time_password_is_replaced_first(client, an, sign_in):
    an.must_change_password = True
    an.save()
    sign_in("an.nguyen")
    change = "/tai-khoan/password/change/"
    assert client.get("/").url == change
    fresh = "Hoa-Phuong-No-2027"
    answer = client.post(change, {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert answer.url == SECURITY
    assert client.get("/").status_code == 200
    an.refresh_from_db()
    assert not an.must_change_password
    assert an.password_changed_at is not None


@pytest.mark.parametrize("weak", ["Ngan@2026", "khongcochuhoa@2026", PASSWORD])
def test_weak_or_former_password_is_refused(client, an, sign_in, weak):
    sign_in("an.nguyen")
    answer = client.post(
        "/tai-khoan/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_administrator_must_have_a_second_factor(client, manager, sign_in, settings):
    settings.MFA_REQUIRED = "admin"
    sign_in("quan.tri")
    assert client.get("/").url == "/tai-khoan/hai-lop/"
    assert client.get("/tai-khoan/hai-lop/").status_code == 200
    TOTP.activate(manager, SECRET)
    assert client.get("/").status_code == 200


def test_what_a_page_asks_by_itself_leads_nowhere(client, manager, sign_in, settings):
    settings.MFA_REQUIRED = "admin"
    sign_in("quan.tri")
    answer = client.get("/thong-bao/so-chua-doc/", headers={"hx-request": "true", "x-background": "1"})
    assert answer.status_code == 204
    assert "HX-Redirect" not in answer


def test_vietnamese_unless_chosen(client, an, sign_in):
    sign_in("an.nguyen")
    assert 'lang="vi"' in client.get("/", headers={"accept-language": "en"}).content.decode()
    client.post("/tai-khoan/ngon-ngu/", {"language": "en"})
    assert 'lang="en"' in client.get("/").content.decode()


def test_others_need_none_unless_asked(client, an, sign_in, settings):
    settings.MFA_REQUIRED = "admin"
    sign_in("an.nguyen")
    assert client.get("/").status_code == 200


def test_old_password_of_an_administrator_is_due(client, manager, sign_in, settings):
    settings.PASSWORD_MAX_DAYS_ADMIN = 60
    sign_in("quan.tri")
    assert client.get("/").status_code == 200
    manager.password_changed_at = timezone.now() - timedelta(days=61)
    manager.save()
    assert client.get("/").url == "/tai-khoan/password/change/"


def test_sign_out_elsewhere(client, an, sign_in):
    sign_in("an.nguyen")
    other = type(client)()
    other.post(SIGN_IN, {"login": "an.nguyen", "password": PASSWORD})
    assert UserSession.objects.filter(user=an).count() == 2
    client.post("/tai-khoan/phien/")
    assert is_in(client)
    assert not is_in(other)


def test_password_by_mail(client, an):
    for address in ("an@example.vn", "khong.co@example.vn"):
        answer = client.post("/tai-khoan/password/reset/", {"email": address})
        assert answer.url == "/tai-khoan/password/reset/done/"
    assert "Đặt lại mật khẩu" in mail.outbox[0].subject
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    page = client.get(link, follow=True)
    fresh = "Hoa-Phuong-No-2027"
    client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    an.refresh_from_db()
    assert an.check_password(fresh)


def test_demo_accounts_show_in_a_demo_only(client, an, settings):
    settings.DEMO_ACCOUNTS_PROVIDER = "tests.kit.accounts.test_sign_in.people"
    settings.DEMO = False
    assert "Nguyễn Văn Thử" not in client.get(SIGN_IN).content.decode()
    settings.DEMO = True
    assert "Nguyễn Văn Thử" in client.get(SIGN_IN).content.decode()


def people():
    return [
        {
            "username": "x",
            "password": "x",
            "full_name": "Nguyễn Văn Thử",
            "role_name": "Vai",
            "unit_name": "Nơi",
        }
    ]
