"""Certificates registered, approved, renewed, revoked. What is uploaded is the certificate: a file with a private key is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.certificates import Identity, identity_of, name_of
from thongsuot.kit.signing.trust import certificates_in
from thongsuot.kit.signing.words import REASONS
from thongsuot.kit.text.vietnamese import clean_text, fold
from thongsuot.modules.organization import queries as organization

from ..models import SignerCertificate
from ..permissions import APPROVE, can_approve, can_register, can_revoke
from ..queries.certificates import position_at, title_at
from ..types import CertificateFault, CertificateMedium, CertificateState

KIND = "documents.certificate"
MOST_BYTES = 64 * 1024


@transaction.atomic
def register_certificate(
    *,
    by: Actor,
    unit_id: int,
    staff: Any | None,
    data: bytes,
    medium: str,
    provider: str,
    key_reference: str = "",
    now: datetime,
    renews: SignerCertificate | None = None,
    account: Any | None = None,
) -> SignerCertificate:
    """Take in a certificate (PEM or DER) of a person (`staff`, or `account` of somebody of the department or a commune),
    or without both of the unit's seal. It waits for approval.

    The name in it must be the person's (accents and case aside). Raises NotAllowed; CertificateFault for what is no
    certificate, carries a private key, has expired, is not for signing documents, is another person's, is here already,
    was revoked at any unit.
    """
    position = _position(unit_id, staff, account, now)
    if not can_register(by, unit_id, staff, account):
        raise NotAllowed(_("Không được đăng ký chứng thư số cho người này."))
    read = _read(data)
    _check(read, staff or account, now)
    provider, key_reference = clean_text(provider)[:120], clean_text(key_reference)[:120]
    if (
        medium in (CertificateMedium.REMOTE, CertificateMedium.SIM, CertificateMedium.HSM)
        and not key_reference
    ):
        said = _("Hãy ghi tên khóa trên thiết bị hoặc mã tài khoản ký tại nhà cung cấp.")
        raise CertificateFault(said, field="key_reference")
    row = SignerCertificate(
        unit_id=unit_id,
        staff=staff,
        account=account,
        holder=read.name[:200],
        position=position[:120],
        serial=read.serial,
        issuer=read.issuer[:600],
        subject=read.subject[:600],
        fingerprint=read.fingerprint.hex(),
        provider=provider or _organisation(read),
        medium=CertificateMedium(medium),
        key_reference=key_reference,
        valid_from=read.not_before,
        valid_to=read.not_after,
        der=read.der,
        renews=renews,
        registered_by_id=by.user_id,
        registered_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CertificateFault(_("Chứng thư số này đã được đăng ký."), field="file") from None
    _tell_approvers(by, row, now)
    return row


def _position(unit_id: int, staff: Any | None, account: Any | None, now: datetime) -> str:
    """What the person is at the unit; "" for a seal. Raises NotAllowed for somebody who is nothing there."""
    day = timezone.localdate(now)
    if staff is not None:
        if staff.unit_id != unit_id:
            raise NotAllowed(_("Người này không thuộc đơn vị."))
        return position_at(staff, day)
    if account is None:
        return ""
    title = title_at(account.pk, unit_id, day)
    if not title:
        raise NotAllowed(_("Người này không giữ vai trò nào ở đơn vị."))
    return title


def _read(data: bytes) -> Identity:
    if b"PRIVATE KEY" in data:
        said = _(
            "Tệp có khóa bí mật. Chỉ gửi tệp chứng thư số (.cer, .crt, .pem); hãy coi khóa này là đã lộ."
        )
        raise CertificateFault(said, field="file")
    try:
        if len(data) > MOST_BYTES:
            raise ValueError
        first = certificates_in(data)[0]
        return identity_of(first.public_bytes(Encoding.DER))
    except (ValueError, IndexError):
        said = _("Tệp không phải là chứng thư số (.cer, .crt hoặc .pem).")
        raise CertificateFault(said, field="file") from None


def _check(read: Identity, person: Any | None, now: datetime) -> None:
    if read.flaws:
        raise CertificateFault(str(REASONS[read.flaws[0]]), field="file")
    if read.not_after <= now:
        said = _("Chứng thư số đã hết hạn ngày %(day)s.")
        day = timezone.localtime(read.not_after).strftime("%d/%m/%Y")
        raise CertificateFault(said % {"day": day}, field="file")
    if person is not None and fold(read.name) != fold(person.full_name):
        said = _("Chứng thư số cấp cho “%(holder)s”, không phải cho %(person)s.")
        raise CertificateFault(said % {"holder": read.name, "person": person.full_name}, field="file")
    # A lost token does not come back at the next school.
    with act_as(Actor.system()):
        revoked = SignerCertificate.objects.filter(
            fingerprint=read.fingerprint.hex(), state=CertificateState.REVOKED
        )
        if revoked.exists():
            raise CertificateFault(_("Chứng thư số này đã bị thu hồi."), field="file")


def _organisation(read: Identity) -> str:
    """The issuer's organisation, else its name."""
    return name_of(read.certificate.issuer)[:120]


def _tell_approvers(by: Actor, row: SignerCertificate, now: datetime) -> None:
    desks = organization.desk_users(APPROVE, [row.unit_id], today=timezone.localdate(now))
    notify(
        recipients={user for people in desks.values() for user in people},
        kind=KIND,
        title=_("Chứng thư số chờ duyệt: %(holder)s") % {"holder": row.holder},
        url=_url(row),
        by=by,
    )


def _url(row: SignerCertificate) -> str:
    return reverse("documents:certificate-detail", args=[row.public_id])


def _locked(certificate: SignerCertificate) -> SignerCertificate:
    rows = SignerCertificate.objects.select_for_update(of=("self",))
    rows = rows.select_related("staff", "account", "unit")
    return rows.get(pk=certificate.pk)


def _tell_holder(by: Actor, row: SignerCertificate, title: str) -> None:
    if row.holder_account_id:
        notify(recipients=[row.holder_account_id], kind=KIND, title=title, url=_url(row), by=by)


@transaction.atomic
def approve_certificate(*, by: Actor, certificate: SignerCertificate, now: datetime) -> SignerCertificate:
    """Let a registered certificate sign. Raises NotAllowed, CertificateFault (not waiting, expired meanwhile)."""
    if not can_approve(by, certificate):
        raise NotAllowed(_("Không được duyệt chứng thư số của đơn vị này."))
    row = _locked(certificate)
    if row.state != CertificateState.REGISTERED:
        raise CertificateFault(_("Chứng thư số này không còn chờ duyệt."))
    if row.valid_to <= now:
        raise CertificateFault(_("Chứng thư số đã hết hạn, không duyệt được."))
    row.state, row.approved_by_id, row.approved_at = CertificateState.APPROVED, by.user_id, now
    row.save(update_fields=["state", "approved_by", "approved_at"])
    _tell_holder(by, row, _("Chứng thư số của thầy/cô đã được duyệt"))
    return row


@transaction.atomic
def renew_certificate(
    *,
    by: Actor,
    certificate: SignerCertificate,
    data: bytes,
    now: datetime,
    medium: str = "",
    provider: str = "",
    key_reference: str = "",
) -> SignerCertificate:
    """Register the successor of a certificate; the old one goes on until it ends. Raises as `register_certificate`."""
    row = _locked(certificate)
    if row.state == CertificateState.REGISTERED:
        raise CertificateFault(_("Chứng thư số này còn chờ duyệt, chưa cần gia hạn."))
    if row.state == CertificateState.ENDED:
        raise CertificateFault(_("Người ký đã rời đơn vị: đăng ký mới ở đơn vị đang công tác."))
    return register_certificate(
        by=by,
        unit_id=row.unit_id,
        staff=row.staff,
        account=row.account,
        data=data,
        medium=medium or row.medium,
        provider=provider or row.provider,
        key_reference=key_reference or row.key_reference,
        now=now,
        renews=row,
    )


@transaction.atomic
def revoke_certificate(
    *, by: Actor, certificate: SignerCertificate, reason: str, now: datetime, since: datetime | None = None
) -> SignerCertificate:
    """No signature of it counts from `since` (now when not given) on; earlier ones stay good.

    A holder who reports a loss revokes at once, without approval. The authority that issued it must be told too: only
    its list makes others refuse it. Raises NotAllowed, CertificateFault (no reason, revoked already, time to come).
    """
    if not can_revoke(by, certificate):
        raise NotAllowed(_("Không được thu hồi chứng thư số này."))
    reason = clean_text(reason)[:300]
    if not reason:
        raise CertificateFault(_("Hãy ghi lý do thu hồi."), field="reason")
    moment = since or now
    if moment > now:
        raise CertificateFault(_("Thời điểm thu hồi không được ở tương lai."), field="since")
    row = _locked(certificate)
    if row.state == CertificateState.REVOKED:
        raise CertificateFault(_("Chứng thư số này đã bị thu hồi."))
    if row.state == CertificateState.ENDED and row.revoked_at is not None:
        moment = min(moment, row.revoked_at)
    row.state, row.revoked_at, row.revoked_reason = CertificateState.REVOKED, moment, reason
    row.save(update_fields=["state", "revoked_at", "revoked_reason"])
    _tell_holder(by, row, _("Chứng thư số của thầy/cô đã bị thu hồi"))
    return row
