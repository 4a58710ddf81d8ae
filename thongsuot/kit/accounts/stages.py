"""The second factor after single sign-on: not asked again when the provider has already seen to it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest

# RFC 8176: what a provider may say of how it asked.
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "iris", "sc"})


class SecondFactorStage(AuthenticateStage):
    def _should_handle(self, request: HttpRequest) -> bool:
        return not second_factor_seen(self.login.signal_kwargs) and super()._should_handle(request)


def second_factor_seen(signal_kwargs: dict[str, Any] | None) -> bool:
    """Did this sign-in come from a provider that asked for two factors (settings.OIDC_SECOND_FACTOR)?"""
    sociallogin = (signal_kwargs or {}).get("sociallogin")
    if sociallogin is None or settings.OIDC_SECOND_FACTOR == "never":
        return False
    if settings.OIDC_SECOND_FACTOR == "always":
        return True
    said = (sociallogin.account.extra_data.get("id_token") or {}).get("amr")
    return isinstance(said, list) and bool(STRONG.intersection(map(str, said)))
