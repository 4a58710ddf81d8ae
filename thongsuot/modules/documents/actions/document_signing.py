"""A document is sent, shown, and signed on its signer's word: PDF as PAdES, XML as XAdES.

Three steps, because nobody waits for a network inside a transaction: what is to be signed is read in one; the key, the
authority of time-stamps and those of certificates are asked outside; the signed file is kept in another one. Broken off at
any point, it is done again from the same file, certificate and moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any, cast

from cryptography import x509
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.files.actions import discard, store_upload
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.pades import Level
from thongsuot.kit.signing.types import KeyUnavailable, SigningFault
from thongsuot.kit.signing.words import FAULTS, KEY_FAULTS
from thongsuot.kit.text.vietnamese import clean_text

from ..models import DocumentSigning, SignerCertificate
from ..permissions import can_sign_with
from ..queries.certificates import can_sign_at
from ..queries.desk import AnsweredKey
from ..queries.documents import document_at_work, kind_of, levels_at_hand, source_of
from ..queries.provider import outside_transactions
from ..queries.signing import key_for
from ..types import AtDesk, CertificateFault, CertificateMedium, DocumentFault, DocumentState
from .desk import ask_at_desk, drop_desk_signing, use_desk_signatures
from .signing import _signed_file

FILES = "documents.signing"
TASK = "documents.sign"


@transaction.atomic
def send_document(
    *, by: Actor, certificate: SignerCertificate, upload: Any, level: str, reason: str, now: datetime
) -> DocumentSigning:
    """Keep a file that the actor wants to sign, to be shown first. Nothing is signed yet.

    Raises NotAllowed (another's certificate), CertificateFault (not in use), FileRefused (too large, another format),
    DocumentFault (damaged, locked by a password, XML with entities).
    """
    if by.user_id is None:
        raise NotAllowed(_("Hãy đăng nhập."))
    _may_use(by, certificate, now)
    if level not in levels_at_hand():
        raise DocumentFault(_("Máy chủ chưa ký được ở mức này."), field="level")
    stored = store_upload(by=by, upload=upload, owner_unit_id=certificate.unit_id, kind=FILES)
    upload.seek(0)
    kind = kind_of(upload.read())
    return DocumentSigning.objects.create(
        unit_id=certificate.unit_id,
        certificate=certificate,
        title=stored.original_name[:200],
        kind=kind,
        level=level,
        reason=clean_text(reason)[:200],
        source=stored,
        asked_by_id=by.user_id,
        asked_at=now,
    )


@transaction.atomic
def authorise_document(*, by: Actor, signing: DocumentSigning, now: datetime) -> DocumentSigning:
    """The signer's yes to what was shown; a job signs then. Raises NotAllowed, CertificateFault, DocumentFault (signed, or
    being signed, already).
    """
    row = _own(by, signing)
    if row.state not in (DocumentState.SHOWN, DocumentState.FAILED):
        raise DocumentFault(_("Văn bản này đã được ký hoặc đang ký."))
    _may_use(by, row.certificate, now)
    row.state, row.moment, row.fault = DocumentState.OPEN, now, ""
    row.save(update_fields=["state", "moment", "fault"])
    return row


@transaction.atomic
def drop_document(*, by: Actor, signing: DocumentSigning) -> None:
    """Take a file back that is not signed: it is deleted. Raises NotAllowed, DocumentFault (signed, or being signed)."""
    row = _own(by, signing)
    if row.state not in (DocumentState.SHOWN, DocumentState.FAILED):
        raise DocumentFault(_("Văn bản này đã được ký hoặc đang ký nên không bỏ được."))
    source = row.source
    row.delete()
    discard(by=Actor.system(), file=source)


def sign_open_document(*, by: Actor, signing_id: int, now: datetime) -> DocumentState:
    """Sign a document to which its signer has said yes; where it stands then (open: it waits for a token at the desk).

    Called without a transaction. What cannot be signed is kept as failed with its reason, and may be tried again. Raises
    Refused with that reason.
    """
    with act_as(by):
        row = document_at_work(signing_id)
    if row is None:
        return DocumentState.SIGNED
    try:
        signed = _signed(by, row, now)
    except AtDesk as waits:
        _lay_out(by, row, waits.messages, now)
        return DocumentState.OPEN
    except SigningFault as fault:
        raise _failed(by, row, str(FAULTS.get(fault.code, fault.code))) from fault
    except KeyUnavailable as fault:
        raise _failed(by, row, str(KEY_FAULTS.get(fault.code, fault.code))) from fault
    except Refused as fault:
        raise _failed(by, row, fault.message) from fault
    with act_as(by), acting(by, reason=_("Ký văn bản")):
        _keep(by, row, signed, now)
    return DocumentState.SIGNED


def _signed(by: Actor, row: DocumentSigning, now: datetime) -> bytes:
    if row.asked_by_id != by.user_id:
        raise NotAllowed(_("Chỉ người đã cho phép mới ký tiếp được."))
    said, answered = _("Ký văn bản: %(title)s") % {"title": row.title}, None
    with act_as(by):
        certificate = SignerCertificate.objects.select_related("staff").get(pk=row.certificate_id)
        _may_use(by, certificate, now)
        data = source_of(row)
        if certificate.medium == CertificateMedium.TOKEN:
            answered = AnsweredKey(x509.load_der_x509_certificate(bytes(certificate.der)), row.public_id)
    if sha256(data).hexdigest() != row.source.sha256:
        raise DocumentFault(_("Tệp trong kho không còn đúng như khi đưa lên. Hãy đưa lại tệp."))

    def signed() -> bytes:
        return _signed_file(
            data,
            key=answered or key_for(certificate, description=said[:100]),
            level=cast(Level, row.level),
            reason=row.reason,
            moment=cast(datetime, row.moment),
            signature_id=f"ky-{row.public_id.hex}",
        )

    # A provider of remote signing is asked between two rounds, which ask for the same bytes.
    return outside_transactions(signed)


def _lay_out(by: Actor, row: DocumentSigning, messages: Sequence[bytes], now: datetime) -> None:
    with act_as(by), acting(by):
        ask_at_desk(
            by=by,
            certificate=row.certificate,
            reference=row.public_id,
            title=_("Ký văn bản: %(title)s") % {"title": row.title},
            messages=messages,
            moment=cast(datetime, row.moment),
            resume=(TASK, {"signing_id": row.pk}),
            now=now,
        )


def _keep(by: Actor, row: DocumentSigning, signed: bytes, now: datetime) -> None:
    locked = DocumentSigning.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.state != DocumentState.OPEN:
        return
    name = PurePath(row.title)
    upload = ContentFile(signed, name=f"{name.stem}-da-ky{name.suffix or '.' + row.kind}")
    locked.signed = store_upload(by=by, upload=upload, owner_unit_id=row.unit_id, kind=FILES)
    locked.state, locked.signed_at = DocumentState.SIGNED, now
    locked.save(update_fields=["state", "signed", "signed_at"])
    use_desk_signatures(by=by, reference=row.public_id, now=now)


def _failed(by: Actor, row: DocumentSigning, reason: str) -> DocumentFault:
    with act_as(by), acting(by):
        rows = DocumentSigning.objects.filter(pk=row.pk, state=DocumentState.OPEN)
        rows.update(state=DocumentState.FAILED, fault=reason[:300])
    return DocumentFault(reason)


@transaction.atomic
def stop_document(*, by: Actor, signing: DocumentSigning, now: datetime) -> None:
    """What waits for the token at the desk is not wanted any more. Raises NotAllowed, DocumentFault (it does not wait)."""
    row = _own(by, signing)
    if row.state != DocumentState.OPEN:
        raise DocumentFault(_("Văn bản này không còn chờ ký."))
    drop_desk_signing(by=by, reference=row.public_id, now=now)
    row.state, row.fault = DocumentState.FAILED, _("Người ký đã dừng.")
    row.save(update_fields=["state", "fault"])


def _own(by: Actor, signing: DocumentSigning) -> DocumentSigning:
    row = (
        DocumentSigning.objects.select_for_update(of=("self",))
        .select_related("certificate__staff", "source")
        .get(pk=signing.pk)
    )
    if by.user_id is None or row.asked_by_id != by.user_id:
        raise NotAllowed(_("Chỉ người đưa văn bản lên mới ký hoặc bỏ được."))
    return row


def _may_use(by: Actor, certificate: SignerCertificate, now: datetime) -> None:
    if not can_sign_with(by, certificate):
        raise NotAllowed(_("Anh/chị không được ký bằng chứng thư số này."))
    if not can_sign_at(certificate, now):
        raise CertificateFault(
            _("Chứng thư số này đã hết hạn, bị thu hồi hoặc chưa được duyệt. Hãy chọn chứng thư khác."),
            field="certificate",
        )
