"""Checking signatures in PDF files of strangers: pyHanko tells what the file's bytes say, our trust store judges the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import core
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from .certificates import Identity, identity_of
from .timestamps import TimestampFault, check_token
from .trust import TrustStore
from .types import Reason, SignatureFinding, SigningFault, verdict_of

MOST_PDF_BYTES = 64 * 1024 * 1024
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


def verify_pdf(pdf: bytes, *, trust: TrustStore, at: datetime | None = None) -> list[SignatureFinding]:
    """What is to be said of each signature in `pdf`, oldest first; [] when there is none.

    `at` as for `verify_xml`; a good time-stamp in the file takes its place. Revocation data in the file (DSS) are
    used beside those of `trust`: they are signed by their authorities. Raises SigningFault (too_large, not_pdf).
    """
    if len(pdf) > MOST_PDF_BYTES:
        raise SigningFault("too_large")
    moment = at or datetime.now(UTC)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise SigningFault("not_pdf", "encrypted")
        signatures = list(reader.embedded_regular_signatures)
        trust = _with_embedded(reader, trust) if signatures else trust
        return [_checked(each, reader, trust, moment) for each in signatures]
    except SigningFault:
        raise
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        raise SigningFault("not_pdf") from None


def _checked(
    signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: TrustStore, moment: datetime
) -> SignatureFinding:
    try:
        signer = identity_of(signature.signer_cert.dump())
    except (ValueError, CMSExtractionError):
        return _finding(signature, (Reason.NO_CERTIFICATE,))
    reasons, when = [], signature.self_reported_timestamp
    try:
        reasons += _of_file(signature, reader)
    except (SignatureValidationError, PdfError, ValueError, KeyError, TypeError):
        return _finding(signature, (Reason.MALFORMED,), signer)
    if when is not None and when.tzinfo is None:
        when = None
    if when is None:
        reasons.append(Reason.NO_SIGNING_TIME)
    stamped, faults = _stamped(signature, trust)
    reasons += faults
    moment = stamped or moment
    others = [each.dump() for each in signature.other_embedded_certs]
    reasons += trust.judge(signer, others, when or moment, moment)
    return _finding(signature, tuple(dict.fromkeys(reasons)), signer, when, stamped)


def _of_file(signature: EmbeddedPdfSignature, reader: PdfFileReader) -> list[Reason]:
    """What the bytes say: whom to trust, and when, is judged by our store, as for XML."""
    reasons = []
    signature.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    if not intact:
        reasons.append(Reason.ALTERED)
    elif not valid:
        reasons.append(Reason.SIGNATURE_WRONG)
    if signature.md_algorithm not in _DIGESTS:
        weak = signature.md_algorithm in ("sha1", "md5")
        reasons.append(Reason.WEAK_ALGORITHM if weak else Reason.ALGORITHM_REFUSED)
    if intact and (signature.coverage not in _WHOLE or _was_changed(signature, reader)):
        reasons.append(Reason.CHANGED_AFTER_SIGNING)
    return reasons


def _was_changed(signature: EmbeddedPdfSignature, reader: PdfFileReader) -> bool:
    """Whether later revisions hold more than proofs and further signatures."""
    if signature.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return False
    found = signature.diff_result
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        return True
    allowed = signature.docmdp_level
    if allowed is not None and found.modification_level.value > allowed.value:
        return True
    return found.modification_level is ModificationLevel.FORM_FILLING and _has_fields_to_fill(reader)


def _has_fields_to_fill(reader: PdfFileReader) -> bool:
    form = reader.root.get("/AcroForm", {})
    fields = form.get("/Fields", ())
    # By number, not by iteration: only so pyHanko follows the references.
    kinds = (fields[number] for number in range(len(fields)))
    return any("/FT" not in field or field["/FT"] != "/Sig" for field in kinds)


def _stamped(signature: EmbeddedPdfSignature, trust: TrustStore) -> tuple[datetime | None, list[Reason]]:
    attributes = signature.signer_info["unsigned_attrs"]
    tokens = [
        each["values"][0].dump()
        for each in (attributes if not isinstance(attributes, core.Void) else ())
        if each["type"].native == "signature_time_stamp_token"
    ]
    if not tokens:
        return None, []
    try:
        return check_token(tokens[0], signature.signer_info["signature"].native, trust), []
    except TimestampFault:
        return None, [Reason.TIMESTAMP_WRONG]


def _with_embedded(reader: PdfFileReader, trust: TrustStore) -> TrustStore:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return trust
    streams = lambda references: [each.get_object().data for each in references]  # noqa: E731
    return trust.helped_by(
        certificates=[each.get_object().data for each in store.certs.values()],
        crls=streams(store.crls),
        answers=streams(store.ocsps),
    )


def _finding(
    signature: EmbeddedPdfSignature,
    reasons: tuple[Reason, ...],
    signer: Identity | None = None,
    when: datetime | None = None,
    stamped: datetime | None = None,
) -> SignatureFinding:
    return SignatureFinding(
        signature_id=signature.field_name,
        verdict=verdict_of(reasons),
        reasons=reasons,
        signer=signer.name if signer else "",
        subject=signer.subject if signer else "",
        issuer=signer.issuer if signer else "",
        serial=signer.serial if signer else "",
        signed_at=when,
        timestamp=stamped,
        references=("document",),
        regions=("document",),
        broken=("document",) if Reason.ALTERED in reasons else (),
        certificate=signer.der if signer else b"",
    )
