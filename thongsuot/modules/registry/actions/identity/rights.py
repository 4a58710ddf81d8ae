"""The right that every step of the verification asks for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ...permissions import can_verify


def require_verify(unit_id: int, *, by: Actor) -> None:
    """Raises NotAllowed."""
    if not can_verify(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xác thực dữ liệu của trường này."))
