"""What becomes of certificates when people and schools move.

A certificate is the proof of who signed: none is ever deleted, also not when its holder leaves or asks for erasure (what
was signed with it is kept for ever, NĐ 88/2026/NĐ-CP Điều 8.3). That it signs for a school rests on the post held there:
it ends with the post, and is registered anew, and approved anew, at the school to which the person goes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as

from ..models import DocumentSigning, SignerCertificate
from ..permissions import can_register
from ..types import CertificateState

RUNNING = (CertificateState.REGISTERED.value, CertificateState.APPROVED.value)
MATCH, REORGANIZE = "registry.match", "registry.reorganize"
KIND = "documents.certificate"


def _day_after(day: date) -> datetime:
    """In UTC, as it is read back: a ledger compares the two."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)).astimezone(UTC)


@transaction.atomic
def end_certificates(
    *, by: Actor, unit_id: int, on: date, reason: str, staff: Any = None, account: Any = None
) -> int:
    """The person signs for the unit on `on` for the last time: what was signed until then stays good. How many ended.

    The holder is told that the new unit has to register the certificate. Raises NotAllowed.
    """
    if (staff is None) == (account is None):
        raise ValueError("a member of the staff or an account")
    if not can_register(by, unit_id, staff, account):
        raise NotAllowed(_("Không được thôi dùng chứng thư số của người này."))
    whose = Q(staff=staff) if staff is not None else Q(account=account)
    rows = SignerCertificate.objects.filter(whose, unit_id=unit_id, state__in=RUNNING)
    holder = account.pk if account is not None else staff.account_id
    found = list(rows)
    rows.update(state=CertificateState.ENDED, revoked_at=_day_after(on), revoked_reason=reason[:300])
    if found and holder:
        notify(
            recipients=[holder],
            kind=KIND,
            title=_("Chứng thư số thôi dùng tại đơn vị từ %(day)s")
            % {"day": f"{on + timedelta(days=1):%d/%m/%Y}"},
            body=_("Nếu ký ở đơn vị khác, hãy nhờ đơn vị đó đăng ký lại chứng thư này."),
            url=reverse("documents:certificate-detail", args=[found[0].public_id]),
            by=by,
        )
    return len(found)


@transaction.atomic
def carry_certificates(*, by: Actor, kept: Any, gone: Any) -> int:
    """Two records of one member of staff are one: certificates of `gone` are those of `kept`; each stays at its unit, with
    its approval. How many. Raises NotAllowed (the right over both schools).
    """
    if not (by.can(MATCH, kept.unit_id) and by.can(MATCH, gone.unit_id)):
        raise NotAllowed(_("Anh/chị không có quyền gộp, tách hồ sơ."))
    return SignerCertificate.objects.filter(staff=gone).update(staff=kept)


@transaction.atomic
def move_signers(
    *, by: Actor, gone_id: int, into_id: int | None, last_day: date, reason: str, ledger: Ledger
) -> int:
    """Schools are merged, or one is closed: certificates of people whose record is at the successor by now are kept there,
    approved as they are; the old school's seal, and whoever stays behind, sign for it on `last_day` for the last time.

    Noted in the ledger. How many went to the successor. Raises NotAllowed.
    """
    if not all(by.can(REORGANIZE, unit_id) for unit_id in (gone_id, into_id) if unit_id is not None):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))
    with act_as(Actor.system()):
        moved = 0
        if into_id is not None:
            there = SignerCertificate.objects.filter(unit_id=into_id).exclude(state=CertificateState.ENDED)
            going = SignerCertificate.objects.filter(unit_id=gone_id, staff__unit_id=into_id)
            # Who works at both has it registered there already.
            going = going.exclude(fingerprint__in=list(there.values_list("fingerprint", flat=True)))
            # What they have signed goes with them: its keepers are where the certificate is.
            signed = DocumentSigning.objects.filter(unit_id=gone_id, certificate__in=list(going))
            ledger.update(signed, soft=True, unit_id=into_id)
            moved = ledger.update(going, soft=True, unit_id=into_id)
        left = SignerCertificate.objects.filter(unit_id=gone_id, state__in=RUNNING)
        ledger.update(
            left,
            soft=True,
            state=CertificateState.ENDED.value,
            revoked_at=_day_after(last_day),
            revoked_reason=reason[:300],
        )
    return moved
