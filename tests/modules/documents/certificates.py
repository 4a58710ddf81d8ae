"""Certificates for tests: an authority, files as providers hand them out, rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from tests.factories.registry import make_staff
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.practice import PracticeAuthority
from thongsuot.modules.documents import actions

NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))
TODAY = NOW.date()


@cache
def authority() -> PracticeAuthority:
    return PracticeAuthority("CA luyện tập", since=NOW - timedelta(days=400))


def certificate_file(name: str, *, days: int = 900, began: int = 30, **details) -> bytes:
    """PEM of a certificate for `name` that lasts `days` from now."""
    valid = (NOW - timedelta(days=began), NOW + timedelta(days=days))
    return authority().issue(name, valid=valid, **details)[1].public_bytes(Encoding.PEM)


def registered(unit, staff=None, *, by: Actor | None = None, days: int = 900, **details):
    """A certificate of somebody at `unit` (made up when not given), waiting for approval."""
    said = {"medium": "token", "provider": "Ban Cơ yếu Chính phủ", **details}
    return actions.register_certificate(
        by=by or Actor.system(),
        unit_id=unit.pk,
        staff=staff,
        data=certificate_file(staff.full_name if staff else unit.name, days=days),
        now=NOW,
        **said,
    )


def approved(unit, staff=None, **details):
    row = registered(unit, staff, **details)
    return actions.approve_certificate(by=Actor.system(), certificate=row, now=NOW)


def make_certificates(number: int, actor: Actor) -> None:
    """Rows for the test of list pages."""
    from tests.factories.organization import make_school, make_unit
    from thongsuot.modules.organization.models import Unit

    unit = Unit.objects.filter(kind="school").first() or make_school(parent=make_unit("commune"))
    for _ in range(number):
        registered(unit, make_staff(unit))
