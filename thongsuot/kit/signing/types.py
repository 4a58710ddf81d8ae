"""What signing and checking a signature speak of. No education, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The three answers of ETSI EN 319 102-1. Only VALID may ever be shown as good."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


class Reason(StrEnum):
    """Why a signature is not valid. What each is called for readers: `words.py`."""

    # The signed content or the signature itself.
    ALTERED = "altered"
    SIGNATURE_WRONG = "signature_wrong"
    MISSING_REGION = "missing_region"
    DUPLICATE_ID = "duplicate_id"
    WRAPPED = "wrapped"
    NO_REFERENCE = "no_reference"
    EXTERNAL_REFERENCE = "external_reference"
    TRANSFORM_REFUSED = "transform_refused"
    ALGORITHM_REFUSED = "algorithm_refused"
    WEAK_ALGORITHM = "weak_algorithm"
    WEAK_KEY = "weak_key"
    KEY_MISMATCH = "key_mismatch"
    MALFORMED = "malformed"
    TIME_NOT_COVERED = "time_not_covered"
    SIGNED_IN_FUTURE = "signed_in_future"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    # The certificate.
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    WRONG_KEY_USAGE = "wrong_key_usage"
    # What is missing for a decision.
    NO_CERTIFICATE = "no_certificate"
    UNKNOWN_ISSUER = "unknown_issuer"
    NO_REVOCATION_DATA = "no_revocation_data"
    STALE_REVOCATION_DATA = "stale_revocation_data"
    REVOKED_LATER = "revoked_later"
    NO_PROOF_OF_TIME = "no_proof_of_time"
    NO_SIGNING_TIME = "no_signing_time"
    UNCOVERED_CONTENT = "uncovered_content"
    TIMESTAMP_WRONG = "timestamp_wrong"


# An unknown issuer, too, is a "cannot say" by the standard: the same file is valid once its root is trusted.
UNDECIDED = frozenset(
    {
        Reason.NO_CERTIFICATE,
        Reason.UNKNOWN_ISSUER,
        Reason.NO_REVOCATION_DATA,
        Reason.STALE_REVOCATION_DATA,
        Reason.REVOKED_LATER,
        Reason.NO_PROOF_OF_TIME,
        Reason.NO_SIGNING_TIME,
        Reason.UNCOVERED_CONTENT,
        Reason.TIMESTAMP_WRONG,
    }
)


def verdict_of(reasons: tuple[Reason, ...]) -> Verdict:
    """VALID only when nothing at all stands against it."""
    if not reasons:
        return Verdict.VALID
    return Verdict.INDETERMINATE if all(reason in UNDECIDED for reason in reasons) else Verdict.INVALID


@dataclass(slots=True)
class SignatureFinding:
    """What was found out about one signature of a file.

    `regions`: what it covers, as paths of element names ("/HOC_BA/DU_LIEU_HOC_BA") or, for PDF, ("document",).
    `covered`: the very elements that were digested (XML only). Whoever reads values of a signed file reads them
    from these and from nowhere else. `broken`: ids of the regions whose content is no longer what was signed.
    """

    signature_id: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    signer: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    signed_at: datetime | None = None
    timestamp: datetime | None = None
    references: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    certificate: bytes = b""
    covered: tuple[Any, ...] = ()


class SigningFault(Exception):
    """The file cannot be signed or read: `code` is a key of `words.FAULTS`, `detail` names the place, no content."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


class KeyUnavailable(Exception):
    """The key cannot sign now: `code` is a key of `words.KEY_FAULTS`; `again`: another try later may succeed."""

    def __init__(self, code: str, *, again: bool = False) -> None:
        super().__init__(code)
        self.code, self.again = code, again
