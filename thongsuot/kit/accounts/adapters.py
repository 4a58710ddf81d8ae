"""Where our policy meets allauth."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.passwords import set_own_password
from thongsuot.kit.accounts.stages import second_factor_seen

# One sentence for every reason: it does not tell a stranger which accounts exist or which are locked.
REFUSED = _("Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khoá do nhập sai nhiều lần.")

UNKNOWN = _("Chưa có tài khoản nào gắn với danh tính này. Hãy liên hệ quản trị hệ thống của đơn vị.")
DISABLED = _("Tài khoản này đã ngừng hoạt động. Hãy liên hệ quản trị hệ thống của đơn vị.")
TAKEN = _(
    "Tài khoản đã gắn với một danh tính khác của nơi cấp này. Hãy liên hệ quản trị hệ thống của đơn vị."
)
FAILED = _("Không xác nhận được lần đăng nhập này. Hãy bấm đăng nhập lại từ đầu.")
UNREACHABLE = _(
    "Chưa kết nối được với nơi cấp danh tính. Hãy thử lại sau ít phút hoặc đăng nhập bằng mật khẩu."
)

logger = logging.getLogger(__name__)


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

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "thongsuot.kit.accounts.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        signal_kwargs = kwargs["signal_kwargs"] or {}
        # Who comes by single sign-on owes no new password here, and no second factor where they showed one.
        request.session["single_sign_on"] = "sociallogin" in signal_kwargs
        request.session["second_factor"] = second_factor_seen(signal_kwargs)
        return super().post_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        user_login_failed.send(__name__, credentials={"username": user.username}, request=request)
        messages.error(request, DISABLED)
        return redirect("account_login")

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
            raise _refused(request, UNKNOWN)
        if not account.is_active:
            raise _refused(request, DISABLED, account)
        if SocialAccount.objects.filter(user=account, provider=sociallogin.account.provider).exists():
            # Another subject with this mail or name: a mailbox that was handed on must not hand on the account.
            raise _refused(request, TAKEN, account)
        sociallogin.connect(request, account)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            messages.info(request, _("Anh/chị đã dừng đăng nhập tại nơi cấp danh tính."))
            raise ImmediateHttpResponse(redirect("account_login"))
        # The reason is for the administrator; it names no person.
        logger.warning("single sign-on failed: %s", exception or error)
        unreachable = isinstance(exception, RequestException)
        raise _refused(request, UNREACHABLE if unreachable else FAILED)

    def _account_for(self, sociallogin: Any) -> User | None:
        """By the claim that TS_OIDC_CLAIM names; an e-mail counts only when the provider has verified it."""
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        value = str(claims.get(settings.OIDC_CLAIM) or "").strip()
        if not value or (settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True):
            return None
        if settings.OIDC_FIELD not in ("email", "username"):
            return None
        return User.objects.filter(**{f"{settings.OIDC_FIELD}__iexact": value}).first()


def _refused(request: HttpRequest, message: Any, account: User | None = None) -> ImmediateHttpResponse:
    """Back to the sign-in page with the reason; the sign-in log has the attempt."""
    named = {"username": account.username} if account else {}
    user_login_failed.send(__name__, credentials=named, request=request)
    messages.error(request, message)
    return ImmediateHttpResponse(redirect("account_login"))
