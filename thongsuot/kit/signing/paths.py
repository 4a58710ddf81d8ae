"""From a signer's certificate up to a trusted root, checked by RFC 5280 (pyhanko-certvalidator)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from .waiting import outside_loops

WEAK = frozenset({"md2", "md5", "sha1"})


def path_to_root(
    leaf: bytes, others: Sequence[bytes], roots: Sequence[bytes], moment: datetime
) -> tuple[bytes, ...] | None:
    """The certificates (DER) from `leaf` to a root, both included; None when none of `roots` stands behind it.

    `others` are intermediate certificates, from the file or from the store: not trusted by themselves. Revocation and
    times are judged by the caller; `moment` is one at which the leaf is within its validity.
    """
    certificate = asn1_x509.Certificate.load(leaf)
    if leaf in roots:
        # A root signs certificates, no documents; and a signer's own certificate may not vouch for itself.
        return None
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root) for root in roots],
        other_certs=[asn1_x509.Certificate.load(other) for other in others],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        weak_hash_algos=WEAK,
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = _run(validator)
    except (PathBuildingError, PathError, ValidationError, ValueError, KeyError, TypeError):
        return None
    # From the root down, as the library has it; we go up.
    return tuple(reversed([each.dump() for each in path.iter_certs(include_root=True)]))


def _run(validator: CertificateValidator) -> ValidationPath:
    return outside_loops(lambda: asyncio.run(validator.async_validate_path()))
