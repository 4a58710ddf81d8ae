"""One list is signed once at a time: what was authorised goes on, and is not authorised a second time beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..models import SigningSession
from ..types import SessionState, SigningRefused

# First key of the advisory lock under which a school's sessions are opened.
LOCK_SPACE = 20261127


def _under_way(
    by: Actor, *, role: str, unit_id: int, planned: Sequence[Sequence[Any]]
) -> SigningSession | None:
    """The actor's own open session over exactly this list: a second click, or a page sent again because the server died
    before it answered. Raises SigningRefused where some of it is being signed in another open session.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, unit_id % 2**31])
    wanted = _places(planned)
    for session in SigningSession.objects.filter(unit_id=unit_id, role=role, state=SessionState.OPEN):
        if session.authorised_by_id == by.user_id and wanted == _places(session.planned):
            return session
        both = wanted & _places(session.planned[session.worked :])
        if both:
            said = _(
                "%(n)d học bạ trong danh sách đang được ký (%(who)s cho phép lúc %(at)s). Hãy chờ xong hoặc dừng lần ký đó."
            )
            at = timezone.localtime(session.authorised_at)
            raise SigningRefused(
                said % {"n": len(both), "who": session.signer_name, "at": f"{at:%H:%M %d/%m/%Y}"}
            )
    return None


def _places(planned: Sequence[Sequence[Any]]) -> set[tuple[Any, ...]]:
    """What of each transcript is signed: all of it, or one row."""
    return {(key, *place) for key, _digest, *place in planned}
