"""Signing at the desk (docs/desk-signing.md): a batch is laid out, fetched with a code by the program beside the token, and
comes back signed. PIN and key never leave the desk; each signature is checked before it counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography import x509
from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.registry import task_named
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.codes import new_code, read_code
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.signing.returned import is_signature
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..models import DeskSigning, SignerCertificate
from ..queries.desk import OPEN, STANDING, digest_of, whole_certificate
from ..types import CertificateState, DeskFault, DeskState

LASTS = timedelta(hours=2)
CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Taken:
    """What the program at the desk is given: the batch and the ticket to answer with."""

    signing: DeskSigning
    certificate: SignerCertificate
    ticket: str


@transaction.atomic
def ask_at_desk(
    *,
    by: Actor,
    certificate: SignerCertificate,
    reference: UUID,
    title: str,
    messages: Sequence[bytes],
    moment: datetime,
    resume: tuple[str, dict[str, Any]],
    now: datetime,
) -> DeskSigning:
    """Lay a batch out for the token of `certificate`. What waited for `reference` with other content is put aside.

    `resume`: name and ids of the job that is started, as `by`, when the answer is there. Raises NotAllowed (nobody is
    signed in), DeskFault (nothing to sign).
    """
    if by.user_id is None:
        raise NotAllowed(_("Hãy đăng nhập."))
    if not messages:
        raise DeskFault(_("Không có gì để ký."))
    now_digest = digest_of(messages)
    standing = DeskSigning.objects.select_for_update(of=("self",)).filter(
        reference=reference, state__in=STANDING
    )
    for row in standing:
        if row.state in OPEN and bytes(row.digest) == now_digest and row.ends_at > now:
            return row
        _end(row, DeskState.ENDED, now)
    return DeskSigning.objects.create(
        unit_id=certificate.unit_id,
        certificate=certificate,
        title=clean_text(title)[:200],
        reference=reference,
        number=len(messages),
        digest=now_digest,
        messages=list(messages),
        moment=moment,
        asked_by_id=by.user_id,
        acting_index=by.acting_index,
        asked_at=now,
        ends_at=now + LASTS,
        resume_task=resume[0],
        resume_arguments=resume[1],
    )


def _end(row: DeskSigning, state: DeskState, now: datetime, fault: str = "") -> None:
    """Nothing of the content stays where nobody needs it any more."""
    row.state, row.answered_at, row.fault = state, row.answered_at or now, fault[:300]
    row.messages, row.signatures, row.code_digest, row.ticket_digest = [], [], None, None
    row.save()


@transaction.atomic
def issue_desk_code(*, by: Actor, signing: DeskSigning, now: datetime) -> str:
    """A new code for the program at the desk, the one before is void; nowhere kept in plain text.

    Raises NotAllowed (another's batch), DeskFault (it waits no more).
    """
    row = DeskSigning.objects.select_for_update(of=("self",)).get(pk=signing.pk)
    if by.user_id is None or row.asked_by_id != by.user_id:
        raise NotAllowed(_("Chỉ người đã cho phép ký mới lấy được mã."))
    if row.state not in OPEN or row.ends_at <= now:
        raise DeskFault(_("Lần ký này không còn chờ. Hãy ký lại từ danh sách."))
    code = new_code()
    row.code_digest, row.code_until = digest(read_code(code)), min(now + CODE_LASTS, row.ends_at)
    # A program that was at it before begins anew with the new code.
    row.state, row.ticket_digest = DeskState.WAITING, None
    row.save(update_fields=["code_digest", "code_until", "state", "ticket_digest"])
    return code


@transaction.atomic
def take_desk_signing(*, by: Actor, code: str, now: datetime) -> Taken:
    """The batch of a code, which is used up by this. Raises DeskFault: one answer whatever is wrong with the code."""
    typed = read_code(code)
    rows = DeskSigning.objects.select_for_update(of=("self",)).filter(
        code_digest=digest(typed), code_until__gt=now, state=DeskState.WAITING
    )
    row = rows.first() if typed else None
    if row is None:
        raise DeskFault(_("Mã không đúng hoặc đã hết hạn. Hãy lấy mã mới trên trang ký."))
    certificate = whole_certificate(row)
    ticket = secrets.token_urlsafe(32)
    row.state, row.code_digest, row.ticket_digest = DeskState.TAKEN, None, digest(ticket)
    row.save(update_fields=["state", "code_digest", "ticket_digest"])
    return Taken(row, certificate, ticket)


@transaction.atomic
def answer_desk_signing(
    *, by: Actor, ticket: str, signatures: Sequence[bytes], now: datetime, refusal: str = ""
) -> DeskSigning:
    """What came from the desk: all signatures in order, or a refusal. The work that waited goes on as who asked for it.

    Raises DeskFault: unknown or ended ticket, another number of signatures, one that is not of the certificate over its
    message, the certificate revoked meanwhile. Nothing is kept then and the same ticket may answer again.
    """
    rows = DeskSigning.objects.select_for_update(of=("self",)).filter(
        ticket_digest=digest(ticket), state=DeskState.TAKEN, ends_at__gt=now
    )
    row = rows.first() if ticket else None
    if row is None:
        raise DeskFault(_("Lần ký này không còn chờ. Hãy lấy mã mới trên trang ký."))
    if refusal:
        _end(row, DeskState.REFUSED, now, clean_text(refusal))
    else:
        _check(row, signatures)
        row.state, row.answered_at, row.ticket_digest = DeskState.SIGNED, now, None
        row.signatures = list(signatures)
        row.save()
    _resume(row)
    return row


def _check(row: DeskSigning, signatures: Sequence[bytes]) -> None:
    certificate = whole_certificate(row)
    if certificate.state != CertificateState.APPROVED:
        raise DeskFault(_("Chứng thư số này không còn được dùng để ký."))
    if len(signatures) != len(row.messages):
        raise DeskFault(
            _("Cần %(wanted)d chữ ký, nhận được %(given)d.")
            % {"wanted": len(row.messages), "given": len(signatures)}
        )
    read = x509.load_der_x509_certificate(bytes(certificate.der))
    for number, (message, value) in enumerate(zip(row.messages, signatures, strict=True), start=1):
        if not is_signature(read, sha256(bytes(message)).digest(), value):
            said = _("Chữ ký thứ %(number)d không phải của chứng thư số đã đăng ký.")
            raise DeskFault(said % {"number": number})


def _resume(row: DeskSigning) -> None:
    task, asker = task_named(row.resume_task), row.asked_by
    if task is None or not asker.is_active:
        return
    actor = organization.actor_for(asker, acting_index=row.acting_index)
    with act_as(actor), acting(actor):
        start_job(by=actor, task=task, title=row.title, unit_id=row.unit_id, **row.resume_arguments)


@transaction.atomic
def use_desk_signatures(*, by: Actor, reference: UUID, now: datetime) -> None:
    """The signatures stand where they belong: the copies go. In the transaction that puts them there."""
    rows = DeskSigning.objects.select_for_update(of=("self",)).filter(
        reference=reference, state=DeskState.SIGNED, asked_by_id=by.user_id
    )
    for row in rows:
        _end(row, DeskState.USED, now)


@transaction.atomic
def drop_desk_signing(*, by: Actor, reference: UUID, now: datetime) -> None:
    """What waits for the token is not wanted any more. Raises NotAllowed (another's)."""
    rows = DeskSigning.objects.select_for_update(of=("self",)).filter(reference=reference, state__in=STANDING)
    for row in rows:
        if not by.is_system and row.asked_by_id != by.user_id:
            raise NotAllowed(_("Chỉ người đã cho phép ký mới dừng được."))
        _end(row, DeskState.ENDED, now)


@transaction.atomic
def end_desk_signings(*, by: Actor, now: datetime) -> int:
    """Batches for which nobody came: ended, and the work that waited told. How many."""
    rows = DeskSigning.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=OPEN, ends_at__lte=now
    )
    ended = list(rows.select_related("asked_by"))
    for row in ended:
        _end(row, DeskState.REFUSED, now, _("Đã quá thời gian chờ ký tại bàn."))
        _resume(row)
    return len(ended)
