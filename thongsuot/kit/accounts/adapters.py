"""Where our policy meets allauth."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.passwords import set_own_password

# One sentence for every reason: it does not tell a stranger which accounts exist or which are locked.
REFUSED = _("Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khoá do nhập sai nhiều lần.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": REFUSED,
        "email_password_mismatch": REFUSED,
        "too_many_login_attempts": REFUSED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        account = guard.account_named(credentials)
        # Checked even for a locked account, so that the time taken tells nothing.
        user = super().authenticate(request, **credentials)
        if account is None or (user is not None and not guard.is_locked(account)):
            return user
        if user is None:
            guard.record_failure(account)
        return None

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        guard.clear(user)
        request.session["began"] = request.session["seen"] = time.time()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def set_password(self, user: User, password: str) -> None:
        set_own_password(user, password)


def _fernet() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    derived = (hashlib.sha256(b"thongsuot.mfa:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that exist already; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        account = self._account_for(sociallogin)
        if account is None:
            messages.error(
                request,
                _("Chưa có tài khoản nào gắn với danh tính này. Hãy liên hệ quản trị hệ thống của đơn vị."),
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, account)

    def _account_for(self, sociallogin: Any) -> User | None:
        """By the claim that TS_OIDC_CLAIM names; an e-mail counts only when the provider has verified it."""
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        value = str(claims.get(settings.OIDC_CLAIM) or "").strip()
        if not value or (settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True):
            return None
        if settings.OIDC_FIELD not in ("email", "username"):
            return None
        return User.objects.filter(**{f"{settings.OIDC_FIELD}__iexact": value}, is_active=True).first()
