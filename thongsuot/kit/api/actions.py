"""Writes of the room: make and revoke keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken
from thongsuot.kit.api.queries import NOBODY, available_scopes
from thongsuot.kit.api.types import KeyRefused, NewKey
from thongsuot.kit.audit.actions import acting

LONGEST = timedelta(days=366)


def create_token(*, by: Actor, name: str, scopes: Iterable[str], expires_on: date, today: date) -> NewKey:
    """Make a key for `by`, good until the end of `expires_on` (at most a year), for some of their own rights.

    Needs the right "api.token"; raises NotAllowed, KeyRefused. The answer holds the key, which is not kept.
    """
    by.require("api.token")
    if by.user_id is None:
        raise NotAllowed(_("Khoá phải thuộc về một người."))
    wanted = sorted(set(scopes))
    if not name.strip():
        raise KeyRefused(_("Hãy đặt tên cho khoá, ví dụ tên phần mềm sẽ dùng nó."))
    if not wanted:
        raise KeyRefused(_("Hãy chọn ít nhất một phạm vi."))
    if not set(wanted) <= available_scopes(by):
        raise KeyRefused(_("Không thể cấp cho khoá quyền mà anh/chị không có."))
    if not today <= expires_on <= today + LONGEST:
        raise KeyRefused(_("Ngày hết hạn phải từ hôm nay đến một năm sau."))
    secret, prefix, digest = keys.new_key()
    expires_at = timezone.make_aware(datetime.combine(expires_on + timedelta(days=1), time.min))
    with acting(by):
        token = ApiToken.objects.create(
            user_id=by.user_id,
            name=name.strip()[:120],
            prefix=prefix,
            digest=digest,
            scopes=wanted,
            expires_at=expires_at,
        )
    return NewKey(token.pk, secret)


def revoke_token(*, by: Actor, token_id: int) -> None:
    """End a key of one's own at once (Http404 for another's). Revoking twice changes nothing."""
    with acting(by):
        found = ApiToken.objects.filter(pk=token_id, user_id=by.user_id or NOBODY)
        if not found.exists():
            raise Http404
        found.filter(revoked_at=None).update(revoked_at=timezone.now())
