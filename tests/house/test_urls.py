"""Every address refuses the anonymous, unless it is listed here with its reason."""

import re
import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# name (with namespace) -> why nobody needs to sign in for it
OPEN = {
    "account_login": "signing in",
    "account_reset_password": "the password is lost",
    "account_reset_password_done": "the password is lost",
    "account_reset_password_from_key": "the password is lost",
    "account_reset_password_from_key_done": "the password is lost",
    "account_confirm_email": "the link of an e-mail",
    "account_email_verification_sent": "the link of an e-mail",
    "account_logout": "signed out already: sends to the sign-in page",
    "account_inactive": "says that an account is closed",
    "account_signup": "answers that there is no sign-up",
    "mfa_authenticate": "second step of signing in",
    "mfa_login_webauthn": "signing in by passkey",
    "mfa_trust": "second step of signing in",
    "socialaccount_login_cancelled": "signing in by another provider",
    "socialaccount_login_error": "signing in by another provider",
    "socialaccount_signup": "signing in by another provider",
    "openid_connect_login": "signing in by another provider",
    "openid_connect_callback": "signing in by another provider",
    "accounts:set-language": "the language of the sign-in page",
    "registry:family-first-visit": "the slip of the school opens an account",
    "maturity:public": "published levels of schools are for everybody",
    "transcripts:verify": "anyone may check a transcript",
    "transcript-gateway": "the request carries its own token; without it the gateway answers 405 and 401",
    "desk-take": "the request carries a one-time code; without it the answer is 405 and 422",
    "desk-answer": "the request carries the ticket of its batch; without it the answer is 405 and 422",
    "pages:worker": "the same script for everybody",
    "pages:offline": "says that there is no line; knows nobody",
    "pages:manifest": "name and icons of the platform",
    "javascript-catalog": "texts of the scripts",
    "account_request_login_code": "answers that it is off",
    "account_confirm_login_code": "answers that it is off",
}
EXAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "str": "x", "slug": "x", "path": "x"}


def patterns(resolver=None, prefix="", namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else "", prefix + str(entry.pattern)


def example(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: EXAMPLES.get(m.group(1) or "str", "x"), route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route)
    return "/" + route.replace("^", "").replace("$", "").replace("\\Z", "")


CASES = sorted({(name, example(route)) for name, route in patterns()})


def test_the_house_has_addresses():
    assert len(CASES) > 40


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "url"), CASES, ids=[f"{n}|{u}" for n, u in CASES])
def test_anonymous_is_refused(client, name, url):
    response = client.get(url)
    if name in OPEN:
        assert response.status_code < 500
        return
    if url.startswith("/api/"):
        is_document = url.endswith(("/openapi.json", "/docs"))
        assert response.status_code in (401, 405) or (is_document and response.status_code in (200, 401, 302))
        return
    assert response.status_code in (302, 404, 405), (name, url, response.status_code)
    if response.status_code == 302:
        assert "/tai-khoan/" in response["Location"]
