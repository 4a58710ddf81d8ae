"""Single sign-on from end to end, against a real provider in another process (oidc_provider.py)."""

import re
import socket
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.messages import get_messages

from tests.kit.accounts import oidc_provider
from tests.kit.accounts.conftest import SIGN_IN
from thongsuot.kit.accounts import oidc
from thongsuot.kit.accounts import settings as policy
from thongsuot.kit.accounts.models import User
from thongsuot.kit.audit.models import SignInLog

START = "/tai-khoan/oidc/sso/login/?process=login"
CALLBACK = "/tai-khoan/oidc/sso/login/callback/"
HOST = "http://testserver"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The issuer of a running provider."""
    command = [sys.executable, oidc_provider.__file__, str(tmp_path_factory.mktemp("oidc")), HOST + CALLBACK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        port = process.stdout.readline().strip()
        assert port, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
        process.stdin.close()
        process.wait(10)


def registered(server, **others):
    app = {
        "provider_id": "sso",
        "name": "VNeID",
        "client_id": oidc_provider.CLIENT,
        "secret": oidc_provider.SECRET,
        "settings": {"server_url": server, **others},
    }
    return {"openid_connect": {**oidc_settings(), "APPS": [app]}}


def oidc_settings():
    return policy.SOCIALACCOUNT_PROVIDERS["openid_connect"]


@pytest.fixture
def sso(settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = registered(provider)
    settings.OIDC_CLAIM = settings.OIDC_FIELD = "email"
    settings.OIDC_SECOND_FACTOR = "amr"
    settings.MFA_REQUIRED = "none"


@pytest.fixture
def begin(client, sso):
    """Press the button on our page: where at the provider the browser is led."""

    def go(browser=client):
        answer = browser.post(START)
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    return go


def prove(place, name):
    """Sign in at the provider: the address at which it sends the browser back to us."""
    with requests.Session() as browser:
        page = browser.get(place, timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        form = {"login": name, "password": oidc_provider.PASSWORD, "csrfmiddlewaretoken": token}
        answer = browser.post(page.url, form, allow_redirects=False, timeout=10)
        answer = browser.get(
            requests.compat.urljoin(page.url, answer.headers["Location"]), allow_redirects=False, timeout=10
        )
    back = answer.headers["Location"]
    assert back.startswith(HOST + CALLBACK), back
    return back.removeprefix(HOST)


@pytest.fixture
def arrive(client, begin):
    def go(name):
        return client.get(prove(begin(), name))

    return go


def signed_in(client):
    found = client.session.get("_auth_user_id")
    return found and User.objects.get(pk=found).username


def refused(client, answer, words):
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == SIGN_IN
    assert signed_in(client) is None
    (message,) = get_messages(answer.wsgi_request)
    assert words in str(message)


def logged():
    return list(SignInLog.objects.order_by("pk").values_list("user__username", "event"))


def test_the_button_posts_and_asks_with_pkce_state_and_nonce(client, begin, provider):
    page = client.get(SIGN_IN).content.decode()
    assert re.search(rf'<form [^>]*action="{re.escape(START)}" method="post"', page)
    asked = parse_qs(urlsplit(begin()).query)
    assert begin().startswith(provider)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert {len(asked[name][0]) > 15 for name in ("state", "nonce", "code_challenge")} == {True}
    assert asked["redirect_uri"] == [HOST + CALLBACK]


def test_a_link_cannot_change_what_is_asked(client, sso):
    answer = client.post(f"{START}&scope=admin&auth_params=nonce%3Dmine%26prompt%3Dnone")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert "admin" not in asked["scope"][0]
    assert asked["nonce"] != ["mine"]
    assert "prompt" not in asked


def test_a_person_with_an_account_comes_in_and_is_known_again(client, an, arrive):
    answer = arrive("an")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client) == "an.nguyen"
    assert logged() == [("an.nguyen", "signed_in")]
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.provider) == (an, "sub-an", "sso")
    # From now on it is the subject that counts, whatever becomes of the mail.
    User.objects.filter(pk=an.pk).update(email="khac@example.vn")
    client.logout()
    arrive("an")
    assert signed_in(client) == "an.nguyen"
    assert User.objects.count() == 1


def test_another_claim_may_name_the_account(client, an, arrive, settings):
    settings.OIDC_CLAIM, settings.OIDC_FIELD = "personal_id", "username"
    arrive("citizen")
    assert signed_in(client) == "an.nguyen"


def test_a_stranger_is_told_so_and_no_account_is_made(client, an, arrive):
    refused(client, arrive("stranger"), "Chưa có tài khoản nào gắn với danh tính này")
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert logged() == [(None, "failed")]


def test_a_mail_that_was_not_verified_opens_nothing(client, an, arrive):
    refused(client, arrive("loose"), "Chưa có tài khoản nào")


@pytest.mark.parametrize("known", [True, False])
def test_a_disabled_account_stays_shut(client, an, arrive, known):
    if known:
        arrive("an")
        client.logout()
    User.objects.filter(pk=an.pk).update(is_active=False)
    refused(client, arrive("an"), "đã ngừng hoạt động")
    assert logged()[-1] == ("an.nguyen", "failed")


def test_a_mailbox_that_was_handed_on_does_not_hand_on_the_account(client, an, arrive):
    arrive("an")
    client.logout()
    refused(client, arrive("an-strong"), "đã gắn với một danh tính khác")
    assert SocialAccount.objects.get().uid == "sub-an"


def test_a_state_that_is_not_ours_is_refused(client, an, begin):
    back = prove(begin(), "an")
    refused(client, client.get(re.sub(r"state=[^&]+", "state=cua-nguoi-khac", back)), "Không xác nhận")


def test_an_answer_counts_once_and_only_in_its_own_browser(client, an, begin):
    back = prove(begin(), "an")
    other = client.__class__()
    refused(other, other.get(back), "Không xác nhận")
    client.get(back)
    assert signed_in(client) == "an.nguyen"
    client.logout()
    refused(client, client.get(back), "Không xác nhận")


def injected(client, begin, name):
    """The code of somebody else's sign-in, put into ours."""
    code = parse_qs(urlsplit(prove(begin(client.__class__()), name)).query)["code"][0]
    state = parse_qs(urlsplit(begin()).query)["state"][0]
    return client.get(CALLBACK, {"code": code, "state": state})


def test_a_foreign_code_fails_by_the_code_verifier(client, an, begin):
    refused(client, injected(client, begin, "an"), "Không xác nhận")


def test_a_foreign_code_fails_by_the_nonce_alone(client, an, begin, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = registered(provider, oauth_pkce_enabled=False)
    refused(client, injected(client, begin, "an"), "Không xác nhận")
    assert SocialAccount.objects.count() == 0


def forged(monkeypatch, change):
    """The provider's token on its way to us, changed by `change(claims, key id)`."""
    true = oidc.CheckedAdapter.get_access_token_data

    def meddled(self, *args, **kwargs):
        data = true(self, *args, **kwargs)
        claims = jwt.decode(data["id_token"], options={"verify_signature": False})
        data["id_token"] = change(claims, jwt.get_unverified_header(data["id_token"])["kid"])
        return data

    monkeypatch.setattr(oidc.CheckedAdapter, "get_access_token_data", meddled)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_that_the_provider_did_not_sign_is_refused(client, an, arrive, monkeypatch, algorithm):
    key = oidc_provider.SECRET * 3 if algorithm == "HS256" else None
    forged(monkeypatch, lambda claims, kid: jwt.encode(claims, key, algorithm, headers={"kid": kid}))
    refused(client, arrive("stranger"), "Không xác nhận")


def test_a_token_signed_by_another_key_is_refused(client, an, arrive, monkeypatch):
    key = rsa.generate_private_key(65537, 2048)
    forged(monkeypatch, lambda claims, kid: jwt.encode(claims, key, "RS256", headers={"kid": kid}))
    refused(client, arrive("an"), "Không xác nhận")


def test_userinfo_of_somebody_else_is_refused(client, an, arrive, monkeypatch):
    monkeypatch.setattr(
        oidc.CheckedAdapter, "_fetch_user_info", lambda self, token: {"sub": "sub-khac", "email": an.email}
    )
    refused(client, arrive("an"), "Không xác nhận")


def test_who_turns_back_at_the_provider_is_not_scolded(client, begin):
    state = parse_qs(urlsplit(begin()).query)["state"][0]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state})
    refused(client, answer, "đã dừng đăng nhập")
    assert logged() == []


@pytest.fixture
def authenticator(an):
    totp.TOTP.activate(an, totp.generate_totp_secret())
    RecoveryCodes.activate(an)
    return Authenticator.objects.get(user=an, type="totp")


def test_a_second_factor_here_is_asked_when_the_provider_asked_none(client, authenticator, arrive):
    assert arrive("an")["Location"] == "/tai-khoan/hai-lop/authenticate/"
    assert signed_in(client) is None


def test_a_second_factor_is_not_asked_twice(client, authenticator, arrive, settings):
    settings.MFA_REQUIRED = "staff"
    assert arrive("an-strong")["Location"] == "/"
    assert signed_in(client) == "an.nguyen"


@pytest.mark.parametrize(("trust", "asked"), [("always", False), ("never", True)])
def test_settings_say_whether_the_provider_stands_for_the_second_factor(
    client, authenticator, arrive, settings, trust, asked
):
    settings.OIDC_SECOND_FACTOR = trust
    arrive("an-strong" if asked else "an")
    assert (signed_in(client) is None) == asked


def test_who_showed_two_factors_there_need_not_enrol_here(client, manager, arrive, settings):
    settings.MFA_REQUIRED = "admin"
    User.objects.filter(pk=manager.pk).update(email="an@example.vn")
    arrive("an-strong")
    assert client.get("/tai-khoan/nguoi-dung/").status_code != 302


def test_a_one_time_password_that_nobody_used_is_not_owed(client, an, arrive):
    User.objects.filter(pk=an.pk).update(must_change_password=True)
    arrive("an")
    assert "password/change" not in client.get("/", follow=True).request["PATH_INFO"]


def test_what_single_sign_on_waived_a_password_owes_again(client, an, arrive, sign_in):
    User.objects.filter(pk=an.pk).update(must_change_password=True)
    arrive("an")
    client.post("/tai-khoan/logout/")
    sign_in("an.nguyen")
    assert "password/change" in client.get("/", follow=True).request["PATH_INFO"]


@pytest.fixture
def nowhere():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_provider_that_is_down_is_a_message(client, sso, settings, nowhere):
    settings.SOCIALACCOUNT_PROVIDERS = registered(nowhere)
    refused(client, client.post(START), "Chưa kết nối được")


def test_an_address_that_is_no_provider_is_a_message(client, sso, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = registered(f"{provider}/.well-known/jwks.json")
    refused(client, client.post(START), "Chưa kết nối được")


def test_a_provider_that_goes_down_on_the_way_is_a_message(client, an, begin, settings, nowhere):
    back = prove(begin(), "an")
    settings.SOCIALACCOUNT_PROVIDERS = registered(nowhere)
    refused(client, client.get(back), "Chưa kết nối được")


def test_a_provider_that_is_not_registered_does_not_exist(client, sso):
    assert client.post("/tai-khoan/oidc/khac/login/").status_code == 404
