"""Permanent keeping (NĐ 88/2026/NĐ-CP Điều 8.3): are the kept bytes still those that were received, and does a time stamp
prove it beyond the life of certificates and algorithms (ETSI EN 319 102-1: renewed before the old one ends)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import SealBroken, unseal
from thongsuot.kit.signing.timestamps import TimestampFault, check_token, fetch_token, strength_of
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import SigningFault
from thongsuot.kit.signing.words import FAULTS
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.organization import queries as organization

from ..models import KeepingRun, Original, OriginalStamp
from ..permissions import GATEWAY
from ..queries.layouts import keeping
from ..queries.stamps import stamped_bytes
from ..types import KeepingKind
from .keeping import KIND

IN_ONE = 100
Stamper = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Checked:
    looked_at: int
    damaged: int


@dataclass(frozen=True)
class Stamped:
    """done: stamps kept; fault: what ended the run early, "" when all that was due is done."""

    done: int
    fault: str = ""


@transaction.atomic
def check_originals(*, by: Actor, now: datetime, most: int = 5000) -> Checked:
    """Look at the originals that were looked at longest ago: unseal, digest, compare. Damage is kept and told to the
    gateway's people; an original that is whole again (restored) is marked so."""
    started = timezone.now()
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
        said = _("%(count)d bản gốc học bạ không còn nguyên vẹn: khôi phục từ bản sao")
        _tell_department(by, said % {"count": len(newly)}, now)
    if rows:
        _noted_run(KeepingKind.CHECK, now, started, done=len(rows), damaged=len(damaged))
    return Checked(len(rows), len(damaged))


def _tell_department(by: Actor, title: str, now: datetime) -> None:
    people = organization.department_users(GATEWAY, today=timezone.localdate(now))
    notify(recipients=people, kind=KIND, title=title, url=reverse("transcripts:keeping"), by=by)


def _noted_run(kind: KeepingKind, now: datetime, started: datetime, **found: Any) -> KeepingRun:
    took = timezone.now() - started
    return KeepingRun.objects.create(kind=kind, started_at=now, ended_at=now + took, **found)


def _is_whole(sealed: bytes, digest: bytes) -> bool:
    try:
        return sha256(unseal(sealed).encode()).digest() == bytes(digest)
    except SealBroken:
        return False


def stamp_originals(
    *,
    by: Actor,
    now: datetime,
    most: int = 5000,
    stamper: Stamper | None = None,
    trust: TrustStore | None = None,
) -> Stamped:
    """Stamp originals that have no time stamp, or whose last one is to be renewed before its certificate or algorithm ends.

    Opens transactions of its own, none while the authority is asked; each stamp is kept as it comes, so that a run that
    was killed or refused goes on where it stopped. Two runs at once do not stamp the same original twice. A token that
    does not hold is not kept and ends the run: the next one tries again.
    """
    ask = stamper or _authority()
    if ask is None:
        return Stamped(0)
    store, day, started = trust or documents.trust_store(), timezone.localdate(now), timezone.now()
    done, after, fault = 0, 0, ""
    while done < most and not fault:
        with act_as(by):
            due = list(_due(day).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:IN_ONE])
        if not due:
            break
        for pk in due[: most - done]:
            try:
                done += _stamp_one(by, pk, ask, store, day)
            except SigningFault as found:
                fault = str(FAULTS.get(found.code, found.code))
            except TimestampFault:
                fault = _("Dấu thời gian nhận được không kiểm tra được: xem lại nơi cấp và gốc tin cậy.")
            if fault:
                break
        after = due[-1]
    if done or fault:
        with act_as(by), acting(by):
            _noted_run(KeepingKind.STAMP, now, started, done=done, fault=fault[:300])
            if fault:
                _tell_department(by, _("Chưa đóng được dấu thời gian cho bản gốc học bạ"), now)
    return Stamped(done, fault)


def _stamp_one(by: Actor, pk: int, ask: Stamper, store: TrustStore, day: date) -> int:
    with act_as(by):
        original = Original.objects.get(pk=pk)
        before = original.stamps.order_by("-stamped_at", "-pk").first()
        if not _is_whole(bytes(original.file_sealed), bytes(original.file_digest)):
            # Found by the check of integrity, which tells; a stamp would vouch for the damage.
            return 0
    message = stamped_bytes(original, before)
    token = ask(message)
    stamped_at = check_token(token, message, store)
    until, algorithms = strength_of(token)
    valid_until = timezone.localdate(until)
    with act_as(by), acting(by), transaction.atomic():
        Original.objects.select_for_update(of=("self",)).get(pk=pk)
        last = OriginalStamp.objects.filter(original_id=pk).order_by("-stamped_at", "-pk").first()
        if (last and last.pk) != (before and before.pk):
            return 0
        OriginalStamp.objects.create(
            original_id=pk,
            token=token,
            authority=settings.TIMESTAMP_URL[:200],
            stamped_at=stamped_at,
            valid_until=valid_until,
            algorithm=" ".join(algorithms)[:40],
            renew_by=keeping().renew_by(
                stamped_on=timezone.localdate(stamped_at), valid_until=valid_until, algorithms=algorithms
            ),
        )
    return 1


def _due(day: date) -> QuerySet[Original]:
    fresh = OriginalStamp.objects.filter(original_id=OuterRef("pk"), renew_by__gt=day)
    return Original.objects.filter(~Exists(fresh), is_damaged=False)


def _authority() -> Stamper | None:
    url = settings.TIMESTAMP_URL
    if not url:
        return None
    return lambda message: fetch_token(url, message, token=settings.TIMESTAMP_TOKEN)
