"""Validators of passwords (AUTH_PASSWORD_VALIDATORS) and the memory of former ones."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.domain.passwords import weakness
from thongsuot.kit.accounts.models import FormerPassword, User


def has_second_factor(user: Any) -> bool:
    if user is None or user.pk is None:
        return False
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class StrengthValidator:
    """14 characters of four kinds; 8 are enough for an account with a second factor (TCVN 14423:2026)."""

    def validate(self, password: str, user: Any = None) -> None:
        alone, with_mfa = settings.PASSWORD_LENGTH_ALONE, settings.PASSWORD_LENGTH_WITH_MFA
        second = has_second_factor(user)
        problem = weakness(password, with_mfa=second, alone_length=alone, mfa_length=with_mfa)
        if problem == "short":
            wanted = with_mfa if second else alone
            raise ValidationError(
                _("Mật khẩu cần ít nhất %(number)d ký tự.") % {"number": wanted}, code="password_too_short"
            )
        if problem == "types":
            raise ValidationError(
                _("Mật khẩu cần đủ bốn loại ký tự: chữ thường, chữ hoa, chữ số và ký tự khác."),
                code="password_types",
            )

    def get_help_text(self) -> str:
        return _(
            "Ít nhất %(alone)d ký tự gồm chữ thường, chữ hoa, chữ số và ký tự khác; "
            "tài khoản đã bật xác thực hai lớp: ít nhất %(second)d ký tự."
        ) % {"alone": settings.PASSWORD_LENGTH_ALONE, "second": settings.PASSWORD_LENGTH_WITH_MFA}


class NotUsedBeforeValidator:
    """None of the last passwords of the account, nor the present one."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        former = FormerPassword.objects.filter(user=user).order_by("-id")[: settings.PASSWORD_REMEMBERED]
        hashes = [user.password, *(row.password for row in former)]
        if any(known and check_password(password, known) for known in hashes):
            raise ValidationError(
                _("Mật khẩu này đã dùng trước đây. Hãy chọn mật khẩu khác."), code="password_used"
            )

    def get_help_text(self) -> str:
        return _("Không trùng với các mật khẩu đã dùng gần đây.")


def set_own_password(user: User, password: str) -> None:
    """The person chose a password: it replaces a one-time one, and the former one is remembered."""
    if user.has_usable_password() and user.password:
        FormerPassword.objects.create(user=user, password=user.password)
        kept = (
            FormerPassword.objects.filter(user=user)
            .order_by("-id")
            .values("pk")[: settings.PASSWORD_REMEMBERED]
        )
        FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save()
    guard.clear(user)
