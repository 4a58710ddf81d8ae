"""Signatures in PDF: PAdES baseline B-B, B-T, B-LT (ETSI EN 319 142-1) by pyHanko, with keys of `keys.py`.

pyHanko is given an already loaded key, parsed certificates and the size of the signature: asked to find these out by
itself it needs five times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from asn1crypto import algos, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.metadata.model import DocumentMetadata
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .keys import RSA_SHA256, SigningKey
from .pdf_checking import verify_pdf
from .timestamps import ask_authority
from .trust import TrustStore
from .types import SigningFault
from .waiting import outside_loops

__all__ = ["Appearance", "Level", "TimestampAuthority", "sign_pdf", "signatures_in", "verify_pdf"]

Level = Literal["B-B", "B-T", "B-LT"]
POINTS_PER_MM = 72 / 25.4
# Room for the signature in the file: certificates and attributes; with a time-stamp, its token and certificates too.
ROOM, ROOM_FOR_TIMESTAMP = 6_000, 16_000


@dataclass(frozen=True)
class Appearance:
    """Where on which page (from 0) a reader can click the signature: left, bottom, right, top in mm from the lower left.

    What is to be seen there (the picture of a seal, the name) is set with the page, before the signing.
    """

    page: int
    box_mm: tuple[float, float, float, float]


class TimestampAuthority(TimeStamper):
    """An RFC 3161 authority at `url`, as pyHanko asks for one."""

    def __init__(self, url: str, *, token: str = "") -> None:
        super().__init__()
        self._url, self._token = url, token

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One call over HTTP. Raises SigningFault."""
        try:
            return tsp.TimeStampResp.load(
                ask_authority(self._url, req.dump(), token=self._token), strict=True
            )
        except ValueError:
            raise SigningFault("timestamp_refused") from None


class _Holder(Signer):
    """A key of ours, as pyHanko asks for one."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        mechanism = "sha256_rsa" if key.algorithm == RSA_SHA256 else "sha256_ecdsa"
        registry = SimpleCertificateStore()
        registry.register_multiple(_parsed(each) for each in key.chain)
        super().__init__(
            signing_cert=_parsed(key.certificate),
            cert_registry=registry,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": mechanism}),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature over `data`, or as many bytes when only the size is asked for."""
        if dry_run:
            return bytes(512)
        if digest_algorithm != "sha256":
            raise SigningError("our keys sign over SHA-256")
        (value,) = self._key.sign([data])
        return value


class _Signer(PdfSigner):
    """A signer that writes the time it is given, not the machine's."""

    def __init__(self, signed_at: datetime, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._signed_at = signed_at

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        """As pyHanko has it, at our time."""
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._signed_at
        return session


class _Dated(DocumentMetadata):
    """What the new revision says of itself: changed when it was signed, whenever it is written."""

    def __init__(self, changed_at: datetime) -> None:
        self.changed_at = changed_at
        super().__init__()

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, self.changed_at if name == "last_modified" else value)


@lru_cache(maxsize=4096)
def _parsed(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def sign_pdf(
    pdf: bytes,
    *,
    key: SigningKey,
    signed_at: datetime,
    level: Level = "B-B",
    appearance: Appearance | None = None,
    field: str = "",
    reason: str = "",
    timestamps: TimeStamper | None = None,
    trust: TrustStore | None = None,
) -> bytes:
    """`pdf` with one more signature, written behind what is there (earlier signatures stay good).

    `level` above B-B needs `timestamps`; B-LT also `trust`, whose roots, lists and answers go into the file.
    `signed_at` aware. The same file, key and moment ask the key for the same bytes: what a token at a desk has signed fits
    the file that is written anew. Raises SigningFault (not_pdf, encrypted, naive_time, timestamp_*, no_revocation),
    KeyUnavailable.
    """
    if signed_at.tzinfo is None:
        raise SigningFault("naive_time")
    if level != "B-B" and timestamps is None:
        raise SigningFault("timestamp_unreachable")
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise SigningFault("encrypted")
        _name_revision(writer, pdf, signed_at)
        writer._meta = _Dated(signed_at)
        name = field or f"Signature{len(list(writer.prev.embedded_signatures)) + 1}"
        context = _context(trust, key) if level == "B-LT" else None
        signer = _Signer(
            signed_at,
            PdfSignatureMetadata(
                field_name=name,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                reason=reason or None,
                embed_validation_info=level == "B-LT",
                validation_context=context,
            ),
            _Holder(key),
            timestamper=timestamps if level != "B-B" else None,
            new_field_spec=_field(name, appearance),
        )
        output = BytesIO()
        room = ROOM if level == "B-B" else ROOM_FOR_TIMESTAMP
        outside_loops(lambda: signer.sign_pdf(writer, bytes_reserved=2 * room, output=output))
    except SigningError as error:
        if isinstance(error.__cause__, PathBuildingError | PathError | ValidationError):
            # Nobody can keep proof of a status that nobody told.
            raise SigningFault("no_revocation") from None
        raise SigningFault("not_pdf") from None
    except (PdfError, ValueError, IndexError, KeyError, TypeError):
        raise SigningFault("not_pdf") from None
    return output.getvalue()


def _name_revision(writer: IncrementalPdfFileWriter, pdf: bytes, signed_at: datetime) -> None:
    """The identifier of the new revision, at random by itself, from what is signed and when."""
    first, _random = writer._document_id
    if "/ID" not in writer.prev.trailer:
        first = ByteStringObject(sha256(pdf).digest()[:16])
    second = ByteStringObject(sha256(pdf + signed_at.isoformat().encode()).digest()[:16])
    writer._document_id = ArrayObject([first, second])


def signatures_in(pdf: bytes) -> int:
    """How many signatures a file has that one more could be put into. Raises SigningFault (not_pdf, encrypted)."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise SigningFault("encrypted")
        # A file whose pages cannot be found is no document.
        if int(reader.root["/Pages"]["/Count"]) < 1:
            raise SigningFault("not_pdf")
        return len(list(reader.embedded_signatures))
    except (PdfError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        raise SigningFault("not_pdf") from None


def _field(name: str, appearance: Appearance | None) -> SigFieldSpec:
    if appearance is None:
        return SigFieldSpec(name)
    left, bottom, right, top = (round(each * POINTS_PER_MM) for each in appearance.box_mm)
    return SigFieldSpec(name, on_page=appearance.page, box=(left, bottom, right, top))


def _context(trust: TrustStore | None, key: SigningKey) -> ValidationContext:
    if trust is None:
        raise SigningFault("no_revocation")
    return ValidationContext(
        trust_roots=[_parsed(each) for each in trust.roots],
        other_certs=[_parsed(each) for each in (*trust.intermediates, *key.chain)],
        crls=list(trust.crl_ders),
        ocsps=list(trust.answer_ders),
        allow_fetching=False,
        revocation_mode="require",
    )
