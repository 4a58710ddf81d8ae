"""The population database as it is configured (docs/identity-contract.md)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.outside.service import Service

from ..types import StateConflict


def is_connected() -> bool:
    """Whether an address of the population database is configured; without one lists go as files."""
    return bool(settings.POPULATION_URL)


def population() -> Service:
    """Raises StateConflict when nothing is configured."""
    if not is_connected():
        raise StateConflict(_("Chưa khai báo địa chỉ kết nối với CSDL dân cư; hãy dùng trao đổi tệp."))
    return Service(
        "population", settings.POPULATION_URL, settings.POPULATION_TOKEN, timeout=settings.POPULATION_TIMEOUT
    )
