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
    ids = formed.ids.copy()
    for plain in formed.signatures:
        ids += plain.ids
    if len(set(ids)) != len(ids):
        return None
    digests, sound = dict[bytes, bytes](), []
    for plain in formed.signatures:
        covered, signed_at = _covered(plain, formed.regions, digests), time_of(plain.when)
        if not covered or signed_at is None:
            return None
        sound.append((plain, covered, signed_at))
    for plain in formed.signatures:
        if not verifies(plain.signer, plain.algorithm, plain.value, plain.signed_info):
            return None
    moment = at or datetime.now(UTC)
    findings = []
    for plain, covered, signed_at in sound:
        signer = plain.signer
        reasons = trust.judge(signer, (), signed_at, moment)
        # By place: names would cost as much as all the rest of this.
        finding = SignatureFinding(
            plain.name.decode(),
            verdict_of(reasons) if reasons else Verdict.VALID,
            reasons,
            signer.name,
            signer.subject,
            signer.issuer,
            signer.serial,
            signed_at,
            None,
            tuple(["#" + name.decode() for name, _wanted in plain.references]),
            tuple([region.path for region in covered]),
            (),
            signer.der,
            tuple([region.content for region in covered]),
        )
        findings.append(finding)
    return findings


def _covered(
    plain: Plain, regions: Mapping[bytes, Region], digests: dict[bytes, bytes]
) -> list[Region] | None:
    """The regions that it signs; None when one is not there or not as it was signed, or its own time is not among them."""
    covered, own = [], False
    for name, wanted in plain.references:
        region = regions.get(name)
        if region is not None:
            covered.append(region)
            found = digests.get(name)
            if found is None:
                found = digests[name] = b2a_base64(sha256(region.content).digest(), newline=False)
        elif (content := plain.own.get(name)) is not None:
            own, found = True, b2a_base64(sha256(content).digest(), newline=False)
        else:
            return None
        if found != wanted:
            return None
    return covered if own else None
