"""Checking XML signatures of strangers' files. Proof against signature wrapping: ids are resolved here, must be unique,
and a finding carries the very elements that were digested.

W3C XML Signature 1.1 with its best practices; verdicts as ETSI EN 319 102-1. `examining` looks at each signature by
itself; here time, trust and place are judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain

from lxml import etree

from .coverage import RegionRule, uncovered
from .examined import Document, Examined
from .examining import SIGNATURE, examine
from .qualifying import names_another_certificate, proofs_in, timestamp_in
from .reading import elements_by_id, read_xml
from .signing_times import signing_times, time_of
from .timestamps import TimestampFault, check_token
from .trust import TrustStore
from .types import Reason, SignatureFinding, SigningFault, Verdict, verdict_of

__all__ = ["RegionRule", "verify_tree", "verify_xml"]

MOST_SIGNATURES = 20_000


def verify_xml(
    data: bytes,
    *,
    trust: TrustStore,
    at: datetime | None = None,
    regions: RegionRule | None = None,
    timestamps: Mapping[str, bytes] | None = None,
) -> list[SignatureFinding]:
    """What is to be said of each signature in `data`, in document order; [] when there is none.

    `at` (aware): when these signatures surely existed already, as known from elsewhere (the day the file was
    received); now when not given. `timestamps`: RFC 3161 tokens kept beside the file, by signature id; a good one
    takes the place of `at`. `regions`: where signed regions must stand; without it every part of the file must be
    covered by some signature. Raises SigningFault when the file cannot be read safely.
    """
    return verify_tree(read_xml(data), trust=trust, at=at, regions=regions, timestamps=timestamps)


def verify_tree(
    root: etree._Element,
    *,
    trust: TrustStore,
    at: datetime | None = None,
    regions: RegionRule | None = None,
    timestamps: Mapping[str, bytes] | None = None,
    only: Sequence[etree._Element] | None = None,
) -> list[SignatureFinding]:
    """`verify_xml` for a tree that `read_xml` made and nobody changed since. `only`: the signatures asked for."""
    signatures = list(root.iter(SIGNATURE)) if only is None else list(only)
    if len(signatures) > MOST_SIGNATURES:
        raise SigningFault("too_many_signatures")
    document = Document(root, elements_by_id(root))
    moment = at or datetime.now(UTC)
    seen = [examine(element, document) for element in signatures]
    trust = _with_embedded(seen, trust)
    for each in seen:
        _judge_time(each, trust, moment, timestamps)
    _judge_places(seen, document, regions)
    return [_finding(each, document) for each in seen]


def _with_embedded(seen: list[Examined], trust: TrustStore) -> TrustStore:
    """`trust` with what the signatures carry along (XAdES B-LT); none of our own transcripts' form does."""
    found = [proofs for each in seen if not each.when and any(proofs := proofs_in(each.element))]
    if not found:
        return trust
    certificates, crls, answers = (
        dict.fromkeys(chain.from_iterable(kind)) for kind in zip(*found, strict=True)
    )
    return trust.helped_by(certificates=certificates, crls=crls, answers=answers)


def _judge_places(seen: list[Examined], document: Document, rule: RegionRule | None) -> None:
    """Whether what was signed is what a reader will look at."""
    if rule is None:
        sound = [each for each in seen if verdict_of(tuple(each.reasons)) is not Verdict.INVALID]
        covered = [element for each in sound for element in each.covered]
        if seen and uncovered(document.root, covered):
            for each in seen:
                each.against(Reason.UNCOVERED_CONTENT)
        return
    alone = rule.stands_once(document.root)
    for each in seen:
        if not alone or any(document.path(element) not in rule.allowed for element in each.covered):
            each.against(Reason.WRAPPED)


def _judge_time(
    seen: Examined, trust: TrustStore, moment: datetime, timestamps: Mapping[str, bytes] | None
) -> None:
    """The signing time, and the certificate at that time."""
    if seen.signer is None:
        return
    _read_time(seen)
    if not seen.when and names_another_certificate(seen.element, seen.signer.der):
        seen.against(Reason.KEY_MISMATCH)
    token = timestamps.get(seen.element.get("Id", "")) if timestamps else None
    stamped = (token, seen.value) if token is not None else None
    if stamped is None and not seen.when:
        stamped = timestamp_in(seen.element)
    if stamped is not None:
        try:
            seen.timestamp = moment = check_token(*stamped, trust)
        except TimestampFault:
            seen.against(Reason.TIMESTAMP_WRONG)
    for reason in trust.judge(seen.signer, seen.others[1:], seen.signed_at or moment, moment):
        seen.against(reason)


def _read_time(seen: Examined) -> None:
    """The one signing time, which must be among what was signed."""
    if seen.when:
        seen.signed_at, is_covered = time_of(seen.when), bool(seen.own)
        if seen.signed_at is None:
            return seen.against(Reason.MALFORMED)
    else:
        times = signing_times(seen.element)
        if not times:
            return seen.against(Reason.NO_SIGNING_TIME)
        place, seen.signed_at = times[0]
        if len(times) > 1 or seen.signed_at is None:
            return seen.against(Reason.MALFORMED)
        is_covered = place in seen.own or any(each in seen.own for each in place.iterancestors())
    if not is_covered:
        seen.against(Reason.TIME_NOT_COVERED)
    return None


def _finding(seen: Examined, document: Document) -> SignatureFinding:
    signer, reasons = seen.signer, tuple(seen.reasons)
    return SignatureFinding(
        signature_id=seen.element.get("Id", ""),
        verdict=verdict_of(reasons),
        reasons=reasons,
        signer=signer.name if signer else "",
        subject=signer.subject if signer else "",
        issuer=signer.issuer if signer else "",
        serial=signer.serial if signer else "",
        signed_at=seen.signed_at,
        timestamp=seen.timestamp,
        references=tuple(seen.references),
        regions=tuple(document.path(element) for element in seen.covered),
        broken=tuple(seen.broken),
        certificate=signer.der if signer else b"",
        covered=tuple(seen.covered),
    )
