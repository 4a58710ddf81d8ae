"""Files of a form that is known to the letter, checked without a tree.

Who knows the one way in which files of a layout are written recognises it byte by byte (`modules/transcripts` writes
such a form from each layout) and hands in what stands where. This answers only where everything is as it should be:
every digest, every signature value. Whatever else there is to say of a file is said by `checking`, from the start.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain

from .plain import Plain
from .signing_times import time_of
from .trust import TrustStore
from .types import SignatureFinding, Verdict, verdict_of
from .values import verifies


@dataclass(slots=True)
class Region:
    """A part of a file that may be signed: its bytes as they stand in the file, which are canonical XML, and its path."""

    content: bytes
    path: str


@dataclass(slots=True)
class Formed:
    """What was recognised in a file. `regions` by id; `signatures` in document order, none within another nor within a
    region; `ids`: every id of the file outside its signatures, as often as it is there."""

    regions: dict[bytes, Region]
    signatures: list[Plain]
    ids: list[bytes]


def verify_formed(
    formed: Formed, *, trust: TrustStore, at: datetime | None = None
) -> list[SignatureFinding] | None:
    """The findings of `checking.verify_xml` with the regions as the rule; None: ask there.

    A finding's `covered` holds the bytes of the regions, the same objects as in `formed`.
    """
    ids = [*formed.ids, *chain.from_iterable(each.ids for each in formed.signatures)]
    if len(set(ids)) != len(ids):
        return None
    moment, digests = at or datetime.now(UTC), dict[bytes, bytes]()
    findings = []
    for plain in formed.signatures:
        found = _finding(plain, formed.regions, digests, trust, moment)
        if found is None:
            return None
        findings.append(found)
    return findings


def _finding(
    plain: Plain,
    regions: Mapping[bytes, Region],
    digests: dict[bytes, bytes],
    trust: TrustStore,
    moment: datetime,
) -> SignatureFinding | None:
    covered = _covered(plain, regions, digests)
    signed_at = time_of(plain.when)
    if not covered or signed_at is None:
        return None
    signer = plain.signer
    if not verifies(signer, plain.algorithm, plain.value, plain.signed_info):
        return None
    reasons = trust.judge(signer, (), signed_at, moment)
    return SignatureFinding(
        signature_id=plain.name.decode(),
        verdict=verdict_of(reasons) if reasons else Verdict.VALID,
        reasons=reasons,
        signer=signer.name,
        subject=signer.subject,
        issuer=signer.issuer,
        serial=signer.serial,
        signed_at=signed_at,
        references=tuple(["#" + name.decode() for name, _wanted in plain.references]),
        regions=tuple([region.path for region in covered]),
        certificate=signer.der,
        covered=tuple([region.content for region in covered]),
    )


def _covered(
    plain: Plain, regions: Mapping[bytes, Region], digests: dict[bytes, bytes]
) -> list[Region] | None:
    """The regions that it signs; None when one is not there or not as it was signed, or its own time is not among them."""
    covered, own = [], False
    for name, wanted in plain.references:
        content = plain.own.get(name)
        if content is not None:
            own, found = True, _digest(content)
        else:
            region = regions.get(name)
            if region is None:
                return None
            covered.append(region)
            known = digests.get(name)
            if known is None:
                known = digests[name] = _digest(region.content)
            found = known
        if found != wanted:
            return None
    return covered if own else None


def _digest(content: bytes) -> bytes:
    return b2a_base64(sha256(content).digest(), newline=False)
