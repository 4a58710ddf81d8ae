"""Sign-ins are told by Django's signals (another's, not ours): one row for each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_sign_in
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.audit.types import SignInEvent


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    user_login_failed.connect(_failed, dispatch_uid="audit.failed")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")


def _signed_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    _record(SignInEvent.SIGNED_IN, request, user)


def _signed_out(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if user is not None:
        _record(SignInEvent.SIGNED_OUT, request, user)


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    typed = credentials.get("username") or credentials.get("login") or ""
    user = get_user_model()._default_manager.filter(username__iexact=typed).first() if typed else None
    _record(SignInEvent.FAILED, request, user)


def _record(event: SignInEvent, request: HttpRequest | None, user: Any) -> None:
    origin = origin_of(request)
    record_sign_in(
        by=Actor(user_id=user.pk if user else None, name=user.full_name if user else ""),
        event=event,
        ip=origin.ip,
        source_port=origin.port,
        user_agent=origin.user_agent,
    )
