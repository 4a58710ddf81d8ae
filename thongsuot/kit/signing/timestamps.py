"""RFC 3161 time-stamps of signatures, kept beside a file whose schema has no room for them.

A token speaks of the SHA-256 of the bare signature value (as XAdES and CAdES have it). A token proves that the
signature existed at its time; with that, a certificate that expired or was revoked later does no harm.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from hashlib import new as new_digest
from hashlib import sha256

import requests
from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from .certificates import identity_of
from .trust import TrustStore
from .types import Reason, SigningFault

TIMEOUT = 20
MOST_ANSWER_BYTES = 1024 * 1024
_HASHES: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}


class TimestampFault(Exception):
    """The token is not good for this signature."""


def request_for(message: bytes, *, nonce: int | None = None) -> bytes:
    """A time-stamp request (DER) for the SHA-256 of `message`; the authority shall send its certificate along."""
    return tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": sha256(message).digest(),
            },
            "nonce": secrets.randbits(63) if nonce is None else nonce,
            "cert_req": True,
        }
    ).dump()


def fetch_token(url: str, message: bytes, *, token: str = "", timeout: float = TIMEOUT) -> bytes:
    """A time-stamp token (DER, CMS SignedData) over `message` from the authority at `url`.

    The answer's imprint and nonce are compared; whether the authority is trusted `check_token` says.
    Raises SigningFault (timestamp_unreachable, timestamp_refused).
    """
    request = request_for(message)
    return token_in(ask_authority(url, request, token=token, timeout=timeout), request)


def ask_authority(url: str, request: bytes, *, token: str = "", timeout: float = TIMEOUT) -> bytes:
    """The authority's answer (DER) to a request (DER). Raises SigningFault as `fetch_token`."""
    headers = {"Content-Type": "application/timestamp-query"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with requests.post(
            url, data=request, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as answer:
            body = answer.raw.read(MOST_ANSWER_BYTES, decode_content=True)
    except (requests.RequestException, OSError):
        raise SigningFault("timestamp_unreachable") from None
    if answer.status_code != 200:
        raise SigningFault("timestamp_unreachable" if answer.status_code >= 500 else "timestamp_refused")
    return bytes(body)


def token_in(body: bytes, request: bytes) -> bytes:
    """The token of an authority's answer (DER) to `request`. Raises SigningFault (timestamp_refused)."""
    try:
        answer = tsp.TimeStampResp.load(body, strict=True)
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise SigningFault("timestamp_refused")
        token = answer["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        asked = tsp.TimeStampReq.load(request)
        same = info["message_imprint"].native == asked["message_imprint"].native
        if not same or info["nonce"].native != asked["nonce"].native:
            raise SigningFault("timestamp_refused")
    except (ValueError, KeyError, TypeError):
        raise SigningFault("timestamp_refused") from None
    return bytes(token.dump())


def strength_of(token: bytes) -> tuple[datetime, tuple[str, ...]]:
    """Until when the authority's certificate of a token holds, and what the token rests on: digest of the message, key
    of the authority ("sha256", "rsa-2048"). Raises TimestampFault for what is no token."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        info = signed["encap_content_info"]["content"].parsed
        (signer,) = signed["signer_infos"]
        ders = [each.chosen.dump() for each in signed["certificates"] if each.name == "certificate"]
        certificate = _certificate(signer, ders)
        digest = info["message_imprint"]["hash_algorithm"]["algorithm"].native
        public = certificate.public_key()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TimestampFault("unreadable") from error
    kind = "rsa" if isinstance(public, rsa.RSAPublicKey) else "ec"
    size = public.key_size if isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else 0
    hashing = signer["digest_algorithm"]["algorithm"].native
    return certificate.not_valid_after_utc, tuple(dict.fromkeys([digest, hashing, f"{kind}-{size}"]))


def certificates_of_token(token: bytes) -> tuple[bytes, list[bytes]]:
    """The authority's certificate and the others in a token (DER). Raises TimestampFault for what is no token."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        (signer,) = signed["signer_infos"]
        ders = [each.chosen.dump() for each in signed["certificates"] if each.name == "certificate"]
        own = _certificate(signer, ders).public_bytes(Encoding.DER)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TimestampFault("unreadable") from error
    return own, [each for each in ders if each != own]


def check_token(token: bytes, message: bytes, trust: TrustStore) -> datetime:
    """When the authority saw `message`, if the token is genuine and its authority leads to a trusted root.

    Raises TimestampFault. An authority whose revocation data are missing is not believed.
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        content = signed["encap_content_info"]["content"]
        info = content.parsed
        if not isinstance(info, tsp.TSTInfo):
            raise TimestampFault("no time-stamp token")
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native not in _HASHES:
            raise TimestampFault("weak digest")
        digest = new_digest(imprint["hash_algorithm"]["algorithm"].native, message).digest()
        if imprint["hashed_message"].native != digest:
            raise TimestampFault("another message")
        when = info["gen_time"].native.astimezone(UTC)
        _check_signer(signed, content.contents, when, trust)
    except (ValueError, KeyError, TypeError, AttributeError, x509.ExtensionNotFound) as error:
        raise TimestampFault("unreadable") from error
    return when


def _check_signer(signed: cms.SignedData, content: bytes, when: datetime, trust: TrustStore) -> None:
    (signer,) = signed["signer_infos"]
    ders = [each.chosen.dump() for each in signed["certificates"] if each.name == "certificate"]
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    hashing = signer["digest_algorithm"]["algorithm"].native
    if hashing not in _HASHES:
        raise TimestampFault("weak digest")
    if attributes["message_digest"][0].native != new_digest(hashing, content).digest():
        raise TimestampFault("changed")
    if attributes["content_type"][0].native != "tst_info":
        raise TimestampFault("no time-stamp token")
    certificate = _certificate(signer, ders)
    message = signer["signed_attrs"].untag().dump(force=True)
    signature_hash = signer["signature_algorithm"].hash_algo if _names_hash(signer) else hashing
    _verify(certificate, signer["signature"].native, message, _HASHES.get(signature_hash or hashing))
    _check_authority(certificate, ders, when, trust)


def _names_hash(signer: cms.SignerInfo) -> bool:
    return signer["signature_algorithm"]["algorithm"].native not in ("rsassa_pkcs1v15", "ed25519")


def _certificate(signer: cms.SignerInfo, ders: list[bytes]) -> x509.Certificate:
    wanted = signer["sid"].chosen
    for der in ders:
        certificate = x509.load_der_x509_certificate(der)
        if isinstance(wanted, cms.IssuerAndSerialNumber):
            if (
                wanted["serial_number"].native == certificate.serial_number
                and wanted["issuer"].dump() == certificate.issuer.public_bytes()
            ):
                return certificate
        elif isinstance(wanted, core.OctetString):
            own = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
            if wanted.native == own:
                return certificate
    raise TimestampFault("no certificate")


def _verify(
    certificate: x509.Certificate, value: bytes, message: bytes, digest: HashAlgorithm | None
) -> None:
    public = certificate.public_key()
    try:
        if digest is not None and isinstance(public, rsa.RSAPublicKey):
            public.verify(value, message, padding.PKCS1v15(), digest)
        elif digest is not None and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(value, message, ec.ECDSA(digest))
        else:
            raise TimestampFault("algorithm")
    except InvalidSignature as error:
        raise TimestampFault("changed") from error


def _check_authority(
    certificate: x509.Certificate, ders: list[bytes], when: datetime, trust: TrustStore
) -> None:
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not uses.critical or list(uses.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampFault("not issued for time-stamps")
    der = certificate.public_bytes(Encoding.DER)
    # A time-stamp's certificate is not one for documents: that flaw is its nature. The token proves its own time.
    flaws = [
        reason
        for reason in trust.judge(identity_of(der), [each for each in ders if each != der], when, when)
        if reason is not Reason.WRONG_KEY_USAGE
    ]
    if flaws:
        raise TimestampFault(flaws[0])
