"""What a signed-in person owes before going on, and when their session ends by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from thongsuot.kit.accounts.domain.sessions import has_ended
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.passwords import has_second_factor
from thongsuot.kit.accounts.types import Actor

TOUCH_EVERY = 60
SEEN_EVERY = timedelta(hours=1)
# Requests that a page makes by itself do not count as somebody being there.
BACKGROUND_HEADER = "X-Background"
ALWAYS_OPEN = {"account_logout", "account_login", "accounts:set-language"}
PASSWORD_PAGES = {
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
}
FACTOR_PAGES = {"account_reauthenticate", "accounts:security", "accounts:act-as"}


class SignInPolicyMiddleware:
    """Ends idle and old sessions; leads to the new password or the second factor that is still owed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A caller with a token has no session that could grow old.
        if request.user.is_authenticated and SESSION_KEY in request.session:
            now = time.time()
            if _ended(request, now):
                logout(request)
                request.actor = Actor(user_id=None, name="")  # type: ignore[attr-defined]
                messages.info(request, _("Phiên làm việc đã hết hạn. Hãy đăng nhập lại."))
                if not request.path_info.startswith("/api/"):
                    return _lead_to(request, reverse("account_login"))
            else:
                _touch(request, now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or request.path_info.startswith("/api/"):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS_OPEN:
            return None
        owed = _owed(request, name)
        if owed and request.headers.get(BACKGROUND_HEADER):
            # The page that asks may be the very one that is owed: leading there would reload it for ever.
            return HttpResponse(status=204)
        return _lead_to(request, reverse(owed)) if owed else None


def _ended(request: HttpRequest, now: float) -> bool:
    admin = request.actor.can(settings.ADMIN_RIGHT)  # type: ignore[attr-defined]
    return has_ended(
        began=request.session.get("began", now),
        seen=request.session.get("seen", now),
        now=now,
        idle_limit=settings.SESSION_IDLE_LIMIT_ADMIN if admin else settings.SESSION_IDLE_LIMIT,
        absolute_limit=settings.SESSION_ABSOLUTE_LIMIT,
    )


def _touch(request: HttpRequest, now: float) -> None:
    session = request.session
    if request.headers.get(BACKGROUND_HEADER) or now - session.get("seen", 0) < TOUCH_EVERY:
        return
    session["seen"] = now
    session.setdefault("began", now)
    at = timezone.now()
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)
    last = request.user.last_seen_at  # type: ignore[union-attr]
    if last is None or at - last > SEEN_EVERY:
        User.objects.filter(username=request.user.get_username()).update(last_seen_at=at)


def _owed(request: HttpRequest, name: str) -> str:
    if _owes_password(request):
        return "" if name in PASSWORD_PAGES else "account_change_password"
    if owes_second_factor(request) and not name.startswith("mfa_") and name not in FACTOR_PAGES:
        return "mfa_index"
    return ""


def _owes_password(request: HttpRequest) -> bool:
    user = cast(User, request.user)
    if request.session.get("single_sign_on"):
        return False
    if user.must_change_password:
        return True
    days = settings.PASSWORD_MAX_DAYS_ADMIN
    if not days or not request.actor.can(settings.ADMIN_RIGHT) or not user.has_usable_password():  # type: ignore[attr-defined]
        return False
    changed = user.password_changed_at or user.created_at
    return timezone.now() - changed > timedelta(days=days)


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether this person must have a second factor (MFA_REQUIRED) and has none yet."""
    if not _needs_second_factor(request.actor):  # type: ignore[attr-defined]
        return False
    if not request.session.get("second_factor"):
        request.session["second_factor"] = has_second_factor(request.user)
    return not request.session["second_factor"]


def _needs_second_factor(actor: Actor) -> bool:
    if settings.MFA_REQUIRED == "none":
        return False
    if actor.can(settings.ADMIN_RIGHT):
        return True
    staff = any(holding.role not in settings.MFA_EXEMPT_ROLES for holding in actor.holdings)
    return settings.MFA_REQUIRED == "staff" and staff


def _lead_to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
