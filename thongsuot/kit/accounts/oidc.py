"""OpenID Connect, where allauth leaves room: the nonce, the signature and the subject are always checked.

allauth sends no nonce and does not look at the signature of a token that it fetched itself; the standard allows
both (OpenID Connect Core 1.0, 3.1.3.7), as long as TLS ends where the provider does. Behind the proxies of a
data centre it often does not, so we check. `SOCIALACCOUNT_PROVIDERS` names `Provider`; urls.py names the views.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
import requests
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase

# Signatures by a key that only the provider has. HS256 would be checked with our own secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds by which the clocks may differ


NEEDED = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises RequestException: cannot be reached, or is no provider."""
        found = super().openid_config
        if not isinstance(found, dict) or not found.keys() >= NEEDED:
            raise requests.RequestException("no OpenID configuration")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The identity of the ID token, enriched by the user info of the same subject.

        Raises OAuth2Error: no ID token, signature, issuer, audience, time, nonce or subject wrong.
        """
        credential = kwargs["response"].get("id_token")
        if not credential:
            raise OAuth2Error("no id_token")
        claims = self._decode_id_token(app, credential)
        data = {"id_token": claims}
        if app.settings.get("fetch_userinfo", True) and "userinfo_endpoint" in self.openid_config:
            found = self._fetch_user_info(token.token)
            if found.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo of another subject")
            data["userinfo"] = {**claims, **found}
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(header.get("kid"), header.get("alg")),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise OAuth2Error("invalid id_token") from error
        said = str(claims.get("nonce", ""))
        if not self.expected_nonce or not secrets.compare_digest(said.encode(), self.expected_nonce.encode()):
            raise OAuth2Error("wrong nonce")
        return claims

    def _key(self, kid: str | None, algorithm: str | None) -> Any:
        if algorithm not in ALGORITHMS:
            raise OAuth2Error("unsupported signature")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [key for key in answer.json().get("keys", []) if kid is None or key.get("kid") == kid]
        if len(keys) != 1:
            raise OAuth2Error("unknown signing key")
        return jwt.PyJWK(keys[0], algorithm=algorithm)


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = CheckedAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(32)
        # Only what the settings say goes to the provider: the address of our own page could name more.
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)


class CallbackView(OAuth2CallbackView):
    adapter: CheckedAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.expected_nonce = state.get("nonce") or ""
        return state, response


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A provider that cannot be reached, or answers nonsense, is a message and no fault of the program."""
    adapter = CheckedAdapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        answer: HttpResponseBase = view.adapter_view(adapter)(request)
    except requests.RequestException as error:
        answer = render_authentication_error(request, provider, exception=error)
    return answer


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(CallbackView, request, provider_id)
