"""One list is signed once at a time: what was authorised goes on, and is not authorised a second time beside it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..models import SigningSession
from ..types import SessionState, SignerRole, SigningRefused

# First key of the advisory lock under which a school's sessions are opened.
LOCK_SPACE = 20261127


def _under_way(by: Actor, *, role: str, unit_id: int, ids: Collection[int]) -> SigningSession | None:
    """The actor's own open session over exactly these transcripts: a second click, or a page sent again because the server
    died before it answered. Raises SigningRefused where some of them are being signed in another open session.
    """
    if role == SignerRole.SUBJECT:
        # Several teachers sign one transcript, each in a place of their own.
        return None
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, unit_id % 2**31])
    wanted = set(ids)
    for session in SigningSession.objects.filter(unit_id=unit_id, role=role, state=SessionState.OPEN):
        left = {key for key, _digest in session.planned[session.worked :]}
        if session.authorised_by_id == by.user_id and wanted == {key for key, _digest in session.planned}:
            return session
        if left & wanted:
            said = _(
                "%(n)d học bạ trong danh sách đang được ký (%(who)s cho phép lúc %(at)s). Hãy chờ xong hoặc dừng lần ký đó."
            )
            at = timezone.localtime(session.authorised_at)
            raise SigningRefused(
                said % {"n": len(left & wanted), "who": session.signer_name, "at": f"{at:%H:%M %d/%m/%Y}"}
            )
    return None
