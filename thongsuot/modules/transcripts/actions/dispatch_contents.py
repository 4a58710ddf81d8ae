"""What a dispatch says to the gateway: a batch of transcripts, a certificate, a recall, packed as the specification has it."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.kit.signing.xmldsig import sign_xml
from thongsuot.modules.documents.queries import desk_moment
from thongsuot.modules.documents.types import AtDesk

from ..domain.document import batch_xml, file_bytes
from ..domain.messages import recall_xml
from ..domain.packing import pack
from ..domain.values import plain_serial
from ..models import Dispatch, Transcript
from ..queries.files import content_of, parts_of, xml_of
from ..queries.layouts import exchange, profile_named
from ..queries.signers import certificate_of, key_of, signs_as
from ..types import SignerRole, SigningRefused, Transaction, TranscriptFault


def content_of_dispatch(*, by: Actor, dispatch: Dispatch, now: datetime) -> str:
    """The content as it goes out. Raises SigningRefused, PackingFault (ContentTooLarge for a batch to be halved), AtDesk
    where the seal lies on a token that has not signed it yet.
    """
    made = {
        Transaction.SUBMIT: _batch,
        Transaction.REGISTER_CERTIFICATE: _registration,
        Transaction.RECALL: _recall,
    }[Transaction(dispatch.type)](by, dispatch, now)
    terms = exchange()
    return pack(made, escape_quotes=bool(terms.escape_quotes["value"]), most=terms.max_content_bytes)


def _batch(by: Actor, dispatch: Dispatch, now: datetime) -> bytes:
    """The list under the school's signature."""
    rows = list(Transcript.objects.filter(pk__in=dispatch.transcript_ids).order_by("pk"))
    parts = parts_of(rows)
    profile = profile_named(rows[0].profile)
    batch_id = f"DS-{dispatch.public_id}"
    root = etree.fromstring(batch_xml(profile, batch_id, [xml_of(row, parts[row.pk]) for row in rows]))
    # What was signed at the desk holds the moment at which it was laid out there.
    moment = desk_moment(dispatch.public_id) or now
    certificate = certificate_of(signs_as(by, SignerRole.SEAL, dispatch.unit), at=now)
    key = key_of(certificate, desk=dispatch.public_id)
    try:
        sign_xml(root, key=key, signature_id=f"{batch_id}-CK", references=[batch_id], signed_at=moment)
    except AtDesk:
        raise
    except KeyUnavailable as fault:
        raise SigningRefused(str(KEY_FAULTS[fault.code])) from fault
    return file_bytes(etree.tostring(root, encoding="unicode"))


def _registration(by: Actor, dispatch: Dispatch, now: datetime) -> bytes:
    certificate = dispatch.certificate
    if certificate is None:
        raise TranscriptFault(_("Lần gửi này không có chứng thư số."))
    said = {
        "ma_don_vi": dispatch.unit.school.ministry_code or dispatch.unit.code,
        "serial_number": plain_serial(certificate.serial),
        "ngay_hieu_luc": f"{certificate.valid_from:%Y-%m-%d}",
        "ma_kieu_chu_ky": dispatch.details["signature_kind"],
        "nha_phat_hanh": dispatch.details["provider"],
    }
    return json.dumps(said).encode()


def _recall(by: Actor, dispatch: Dispatch, now: datetime) -> bytes:
    recall = dispatch.recall
    if recall is None or recall.transcript is None:
        raise TranscriptFault(_("Lần gửi này không có yêu cầu thu hồi."))
    common = content_of(recall.transcript)["common"]
    names = ("uuid", "full_name", "gender", "birth_date", "personal_id", "school_name", "school_code")
    said = {name: common.get(name, "") for name in names}
    said |= {"school_year": common.get("school_year_name", ""), "reason": recall.words}
    return file_bytes(recall_xml([said]))
