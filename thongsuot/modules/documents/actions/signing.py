"""Documents other than transcripts signed with a certificate of this installation: PDF as PAdES, XML as XAdES."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from uuid import uuid4

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.certificates import identity_of
from thongsuot.kit.signing.keys import SigningKey
from thongsuot.kit.signing.pades import Level, sign_pdf
from thongsuot.kit.signing.reading import read_xml
from thongsuot.kit.signing.timestamps import fetch_token
from thongsuot.kit.signing.types import SigningFault
from thongsuot.kit.signing.xades import sign_xades

from ..models import SignerCertificate
from ..queries.certificates import usable_on
from ..queries.signing import key_for, timestamp_authority, trust_store
from ..types import CertificateFault


def sign_document(
    *, by: Actor, data: bytes, fingerprint: str, level: Level = "B-B", reason: str = "", now: datetime
) -> bytes:
    """`data` (PDF or XML) signed with the certificate whose SHA-256 is `fingerprint`, which must be in use at `now`.

    Files signed before get one more signature (PDF); an XML document is signed as a whole. `reason` is written into PDF.
    Raises NotAllowed (not the operator), CertificateFault (no such certificate in use), SigningFault, KeyUnavailable.
    """
    if not by.is_system:
        raise NotAllowed(_("Chỉ người vận hành hệ thống ký tệp bằng dòng lệnh."))
    with act_as(by):
        wanted = re.sub(r"[^0-9a-f]", "", fingerprint.casefold())
        certificate = SignerCertificate.objects.filter(usable_on(now), fingerprint=wanted).first()
        if certificate is None:
            raise CertificateFault(_("Không có chứng thư số nào đang dùng với vân tay này."))
    key = key_for(certificate, description=reason)
    return _signed_file(
        data, key=key, level=level, reason=reason, moment=now, signature_id=f"ky-{uuid4().hex}"
    )


def _signed_file(
    data: bytes, *, key: SigningKey, level: Level, reason: str, moment: datetime, signature_id: str
) -> bytes:
    """`data` (PDF or XML) with one more signature by `key`. Authorities of stamps and of certificates are asked: never
    inside a transaction. The same arguments ask the key for the same bytes. Raises SigningFault, KeyUnavailable.
    """
    if level == "B-LT":
        _ask_authorities(key, moment)
    if data.startswith(b"%PDF"):
        trust = trust_store() if level == "B-LT" else None
        stamps = timestamp_authority() if level != "B-B" else None
        return sign_pdf(
            data, key=key, signed_at=moment, level=level, reason=reason, timestamps=stamps, trust=trust
        )
    return _signed_xml(data, key, level, moment, signature_id)


def _ask_authorities(key: SigningKey, now: datetime) -> None:
    """Lists and answers about the signer, where they may be fetched (`TS_FETCH_REVOCATION`), before any is needed."""
    signer = identity_of(key.certificate.public_bytes(Encoding.DER))
    trust_store().ask(signer, [each.public_bytes(Encoding.DER) for each in key.chain], now)


def _signed_xml(data: bytes, key: SigningKey, level: Level, now: datetime, signature_id: str) -> bytes:
    root, stamp = read_xml(data), None
    if level != "B-B":
        if not settings.TIMESTAMP_URL:
            raise SigningFault("timestamp_unreachable")
        stamp = partial(fetch_token, settings.TIMESTAMP_URL, token=settings.TIMESTAMP_TOKEN)
    sign_xades(
        root,
        key=key,
        signature_id=signature_id,
        signed_at=now,
        timestamp=stamp,
        trust=trust_store() if level == "B-LT" else None,
    )
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
