"""How somebody likes to type marks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import EntryPreference


def prefer_quick(*, by: Actor, is_on: bool) -> None:
    """Whether 75, typed in a cell of a mark, is read as 7,5; kept for the person, on every machine.

    Raises NotAllowed for whoever is not signed in.
    """
    if by.user_id is None:
        raise NotAllowed(_("Chỉ người đã đăng nhập mới lưu được."))
    EntryPreference.objects.update_or_create(user_id=by.user_id, defaults={"is_quick": is_on})
