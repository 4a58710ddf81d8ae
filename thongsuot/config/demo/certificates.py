"""Certificates of the demo's signers, from an authority of its own whose root is trusted on this machine only.

Most of the school's people can sign; some have not been given a certificate yet, a few wait for approval, end soon, were
lost. Keys lie in files under VAR_DIR/keys, for the demo alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from thongsuot.config.demo import teachers
from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.certificates import identity_of
from thongsuot.kit.signing.practice import THREE_YEARS, PracticeAuthority, pem_of, write_private
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.documents.types import CertificateMedium, CertificateState
from thongsuot.modules.organization.models import Unit
from thongsuot.modules.registry import queries as registry

PROVIDER = "Cơ quan chứng thực minh họa"
# In a whole province keys are kept for so many schools: enough to try signing, quick to make.
SCHOOLS_WITH_KEYS = 60
CRL_LASTS = timedelta(days=3650)
SHARE_OF_TEACHERS, SHARE_OF_MANAGERS = 0.86, 0.97


def build(context: DemoContext) -> None:
    if SignerCertificate.objects.exists():
        return
    now = timezone.make_aware(datetime.combine(context.today, time(8)))
    authority = PracticeAuthority(PROVIDER, since=now - timedelta(days=1500))
    keys, trust = documents.keys_dir(), Path(settings.VAR_DIR) / "trust"
    for folder in (keys, trust):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority.save(keys / "demo-authority")
    rows = list(_rows(context, authority, now, keys))
    SignerCertificate.objects.bulk_create(rows, batch_size=1000)
    for row in rows:
        if row.revoked_at:
            authority.revoke(identity_of(row.der).certificate, row.revoked_at)
    (trust / "demo-authority.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    crl = authority.crl(at=now, lasts=CRL_LASTS)
    (trust / "demo-authority.crl").write_bytes(crl.public_bytes(Encoding.DER))


def _rows(
    context: DemoContext, authority: PracticeAuthority, now: datetime, keys: Path
) -> Iterator[SignerCertificate]:
    kept: set[int] = set()
    for unit in Unit.objects.filter(kind__in=("school", "department")).order_by("path"):
        kept |= {unit.pk} if len(kept) < SCHOOLS_WITH_KEYS else set()
        yield _row(context, authority, now, keys if unit.pk in kept else None, unit, None)
    signers = teachers.who_signs(context)
    posts = registry.employed_on(Actor.system(), on=context.today).filter(status="working")
    posts = posts.filter(group__in=("teacher", "manager")).select_related("staff", "unit")
    seen: set[int] = set()
    for post in posts.order_by("unit__path", "staff_id", "pk"):
        share = SHARE_OF_MANAGERS if post.group == "manager" else SHARE_OF_TEACHERS
        is_sure = post.staff_id in signers
        if post.staff_id in seen or (_chance(context, post.staff_id) > share and not is_sure):
            continue
        seen.add(post.staff_id)
        folder = keys if post.unit_id in kept else None
        row = _row(context, authority, now, folder, post.unit, post.staff, is_sure=is_sure)
        row.position = str(post.get_group_display())
        yield row


def _chance(context: DemoContext, staff_id: int) -> float:
    return context.random("certificate", staff_id).random()


def _row(
    context: DemoContext,
    authority: PracticeAuthority,
    now: datetime,
    keys: Path | None,
    unit: Unit,
    staff: Any | None,
    *,
    is_sure: bool = False,
) -> SignerCertificate:
    """is_sure: approved and in force, whatever the dice say."""
    dice = context.random("certificate of", unit.pk, staff.pk if staff else 0)
    kind = dice.random() if staff and not is_sure else 1.0
    began = now - timedelta(days=dice.randint(200, 900))
    if kind < 0.03:
        began = now - THREE_YEARS + timedelta(days=dice.randint(3, 55))
    name = staff.full_name if staff else unit.name
    private, certificate = authority.issue(
        name, organisation=unit.name[:64], valid=(began, began + THREE_YEARS)
    )
    read = identity_of(certificate.public_bytes(Encoding.DER))
    row = SignerCertificate(
        unit=unit,
        staff=staff,
        holder=name[:200],
        serial=read.serial,
        issuer=read.issuer,
        subject=read.subject,
        fingerprint=read.fingerprint.hex(),
        provider=PROVIDER,
        medium=CertificateMedium.SOFTWARE,
        state=CertificateState.APPROVED,
        valid_from=began,
        valid_to=began + THREE_YEARS,
        der=read.der,
        registered_at=began + timedelta(days=2),
        approved_at=began + timedelta(days=3),
    )
    if 0.03 <= kind < 0.05:
        row.state, row.approved_at, row.registered_at = (
            CertificateState.REGISTERED,
            None,
            now - timedelta(days=1),
        )
    elif 0.05 <= kind < 0.06:
        row.state, row.revoked_at = CertificateState.REVOKED, now - timedelta(days=dice.randint(5, 90))
        row.revoked_reason = "Báo mất USB token"
    if keys is not None:
        write_private(keys / f"{row.fingerprint}.pem", pem_of(private, certificate, authority.certificate))
    return row
