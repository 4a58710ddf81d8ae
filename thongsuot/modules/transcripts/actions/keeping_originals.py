"""Permanent keeping (NĐ 88/2026/NĐ-CP Điều 8.3): are the kept bytes still those that were received, and does a time stamp
prove it beyond the life of certificates and algorithms (ETSI EN 319 102-1: renewed before the old one ends)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.sealing.sealing import SealBroken, unseal
from thongsuot.kit.signing.timestamps import check_token, fetch_token
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.organization import queries as organization

from ..models import Original, OriginalStamp
from ..permissions import GATEWAY
from .keeping import KIND

# Time-stamp authorities' certificates live five years (NĐ 23/2025/NĐ-CP): a new stamp well before.
STAMP_YEARS = 4
Stamper = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Checked:
    looked_at: int
    damaged: int


@transaction.atomic
def check_originals(*, by: Actor, now: datetime, most: int = 5000) -> Checked:
    """Look at the originals that were looked at longest ago: unseal, digest, compare. Damage is kept and told to the
    gateway's people; an original that is whole again (restored) is marked so."""
    rows = list(
        Original.objects.order_by(F("checked_at").asc(nulls_first=True), "pk")[:most].values_list(
            "pk", "file_sealed", "file_digest", "is_damaged"
        )
    )
    damaged = [pk for pk, sealed, digest, _was in rows if not _is_whole(bytes(sealed), bytes(digest))]
    bad = set(damaged)
    newly = [pk for pk, _s, _d, was in rows if pk in bad and not was]
    Original.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(checked_at=now, is_damaged=False)
    Original.objects.filter(pk__in=damaged).update(is_damaged=True)
    if newly:
        department = organization.department_id()
        desk = organization.desk_users(GATEWAY, [department] if department else [], today=now.date())
        notify(
            recipients=[user for users in desk.values() for user in users],
            kind=KIND,
            title=_("%(count)d bản gốc học bạ không còn nguyên vẹn: khôi phục từ bản sao")
            % {"count": len(newly)},
            url=reverse("transcripts:board"),
            by=by,
        )
    return Checked(len(rows), len(damaged))


def _is_whole(sealed: bytes, digest: bytes) -> bool:
    try:
        return sha256(unseal(sealed).encode()).digest() == bytes(digest)
    except SealBroken:
        return False


def stamp_originals(
    *,
    by: Actor,
    now: datetime,
    most: int = 500,
    stamper: Stamper | None = None,
    trust: TrustStore | None = None,
) -> int:
    """Stamp originals that have no time stamp, or whose last one is to be renewed; returns how many. Each in a
    transaction of its own: the authority is asked between them. A token that does not hold is not kept. Raises
    SigningFault when the authority does not answer."""
    ask = stamper or _authority()
    if ask is None:
        return 0
    store, day = trust or documents.trust_store(), now.date()
    due = _due(day)[:most]
    for original in due:
        # A renewed stamp covers the file and the stamp before it: the chain proves the whole time.
        message = unseal(original.file_sealed).encode()
        before = original.stamps.order_by("-stamped_at").first()
        if before is not None:
            message += bytes(before.token)
        token = ask(message)
        stamped_at = check_token(token, message, store)
        with transaction.atomic():
            OriginalStamp.objects.create(
                original=original,
                token=token,
                authority=settings.TIMESTAMP_URL[:200],
                stamped_at=stamped_at,
                renew_by=day + timedelta(days=365 * STAMP_YEARS),
            )
    return len(due)


def _due(day: date) -> list[Original]:
    fresh = OriginalStamp.objects.filter(renew_by__gt=day).values("original_id")
    return list(Original.objects.filter(~Q(pk__in=fresh), is_damaged=False).order_by("pk")[:500])


def _authority() -> Stamper | None:
    url = settings.TIMESTAMP_URL
    if not url:
        return None
    return lambda message: fetch_token(url, message, token=settings.TIMESTAMP_TOKEN)
