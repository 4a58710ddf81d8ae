"""Whether a certificate was revoked, from lists (CRL, RFC 5280) and answers (OCSP, RFC 6960) at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA224, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from .types import Reason

WEAK_HASHES = (SHA1, SHA224)
# An answer without a "next update" is good for a day.
ANSWER_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Status:
    """What one list or answer says of one certificate: `revoked_at` None: not revoked as of `this_update`."""

    this_update: datetime
    next_update: datetime
    revoked_at: datetime | None


class RevocationList:
    """A CRL whose signature is checked once per issuer; serials looked up in a table."""

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self._crl, self._genuine = crl, dict[bytes, bool]()
        self.issuer = crl.issuer.public_bytes()
        self.this_update = crl.last_update_utc
        self.next_update = crl.next_update_utc or self.this_update + ANSWER_LASTS
        self._revoked = {entry.serial_number: entry.revocation_date_utc for entry in crl}
        self._whole = _is_whole(crl)

    @property
    def der(self) -> bytes:
        return self._crl.public_bytes(Encoding.DER)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, key: bytes) -> Status | None:
        """None when the list says nothing of this certificate. `key`: the issuer's fingerprint."""
        if not self._whole or self.issuer != certificate.issuer.public_bytes():
            return None
        if key not in self._genuine:
            self._genuine[key] = self._signed_by(issuer)
        if not self._genuine[key]:
            return None
        revoked_at = self._revoked.get(certificate.serial_number)
        if revoked_at is None and self.this_update > certificate.not_valid_after_utc:
            # Authorities take expired certificates off their lists: silence says nothing then.
            return None
        return Status(self.this_update, self.next_update, revoked_at)

    def _signed_by(self, issuer: x509.Certificate) -> bool:
        if isinstance(self._crl.signature_hash_algorithm, WEAK_HASHES):
            return False
        try:
            usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
            if not usage.crl_sign:
                return False
        except x509.ExtensionNotFound:
            pass
        except ValueError:
            return False
        try:
            return self._crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        except (TypeError, ValueError, UnsupportedAlgorithm):
            return False


def _is_whole(crl: x509.CertificateRevocationList) -> bool:
    """Neither a delta, nor indirect, nor for a few reasons or kinds only."""
    try:
        for extension in crl.extensions:
            match extension.value:
                case x509.DeltaCRLIndicator():
                    return False
                case x509.IssuingDistributionPoint() as point:
                    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
                        return False
                    if point.only_contains_ca_certs or point.only_contains_user_certs:
                        return False
                case x509.UnrecognizedExtension() if extension.critical:
                    return False
    except ValueError:
        return False
    return True


class RevocationAnswer:
    """One OCSP answer, good for the one certificate it speaks of."""

    def __init__(self, answer: ocsp.OCSPResponse) -> None:
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise ValueError("no successful answer")
        self._answer = answer
        self.serial = answer.serial_number

    @property
    def der(self) -> bytes:
        return self._answer.public_bytes(Encoding.DER)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, key: bytes) -> Status | None:
        """None when the answer says nothing of this certificate, or not by its issuer's word."""
        answer = self._answer
        if answer.serial_number != certificate.serial_number or not self._speaks_of(issuer):
            return None
        if answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN or not self._signed_for(issuer):
            return None
        revoked_at = answer.revocation_time_utc
        if revoked_at is None and answer.this_update_utc > certificate.not_valid_after_utc:
            # As with lists: of expired certificates a responder need not remember anything.
            return None
        until = answer.next_update_utc or answer.this_update_utc + ANSWER_LASTS
        return Status(answer.this_update_utc, until, revoked_at)

    def _speaks_of(self, issuer: x509.Certificate) -> bool:
        # The digests only name the issuer here; RFC 6960 has SHA-1 as its usual name. The issuer's signature decides.
        name, public = _issuer_hashes(issuer, self._answer.hash_algorithm)
        return self._answer.issuer_name_hash == name and self._answer.issuer_key_hash == public

    def _signed_for(self, issuer: x509.Certificate) -> bool:
        answer = self._answer
        digest = answer.signature_hash_algorithm
        if digest is None or isinstance(digest, WEAK_HASHES):
            return False
        for signer in [issuer, *answer.certificates]:
            if signer is not issuer and not _is_responder(signer, issuer, answer.this_update_utc):
                continue
            if _verifies(signer, answer.signature, answer.tbs_response_bytes, digest):
                return True
        return False


def _issuer_hashes(issuer: x509.Certificate, digest: HashAlgorithm) -> tuple[bytes, bytes]:
    request = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, digest).build()
    return request.issuer_name_hash, request.issuer_key_hash


def _is_responder(signer: x509.Certificate, issuer: x509.Certificate, moment: datetime) -> bool:
    try:
        signer.verify_directly_issued_by(issuer)
        uses = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound, UnsupportedAlgorithm):
        return False
    valid = signer.not_valid_before_utc <= moment <= signer.not_valid_after_utc
    return valid and ExtendedKeyUsageOID.OCSP_SIGNING in uses


def _verifies(signer: x509.Certificate, signature: bytes, message: bytes, digest: HashAlgorithm) -> bool:
    public = signer.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), digest)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def reason_against(statuses: list[Status], signed_at: datetime, proven_at: datetime) -> Reason | None:
    """What the revocation data say against a signature of `signed_at` that surely existed at `proven_at`.

    Fresh enough is what was issued at or after the signing, or what was still current at `proven_at`.
    """
    revoked = [status.revoked_at for status in statuses if status.revoked_at is not None]
    if revoked:
        first = min(revoked)
        if first <= signed_at:
            return Reason.REVOKED
        return Reason.REVOKED_LATER if first <= proven_at else None
    if not statuses:
        return Reason.NO_REVOCATION_DATA
    if any(status.this_update >= signed_at or status.next_update >= proven_at for status in statuses):
        return None
    return Reason.STALE_REVOCATION_DATA
