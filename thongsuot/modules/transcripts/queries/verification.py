"""Checking a transcript's file for anyone: who signed, in which role, when, whether the certificate was good then, what was
changed. What is told comes out of the file that was handed in; the store adds whether it is the one in force.

TT 22/2020/TT-BTTTT; QĐ 1789/QĐ-SGDĐT Điều 12, 27.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest, unseal
from thongsuot.kit.signing.asking import ask_about
from thongsuot.kit.signing.checking import verify_tree
from thongsuot.kit.signing.coverage import RegionRule
from thongsuot.kit.signing.formed import verify_formed
from thongsuot.kit.signing.pdf_checking import verify_pdf
from thongsuot.kit.signing.reading import read_xml
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import SignatureFinding, SigningFault, Verdict
from thongsuot.kit.signing.words import FAULTS, REASONS, VERDICTS
from thongsuot.modules.documents import queries as documents

from ..domain.chain import Flaw, Part, Placed, by_element, flaws, part_of, parts, placed, region_paths
from ..domain.document import changes, read_content
from ..domain.profile import Profile, excludes
from ..domain.schema_faults import broken_places
from ..domain.steps import missing_signatures
from ..models import Original
from ..types import OriginalState, TranscriptFault
from .files import file_of
from .layouts import form_of, profile_named, profiles, schema_of
from .pdf_parts import attached_xml

FLAWS = {
    Flaw.NOT_IN_PLACE: gettext_lazy("Chữ ký không nằm ở chỗ dành cho người ký."),
    Flaw.DATA_NOT_COVERED: gettext_lazy("Chữ ký không bao phủ dữ liệu của học bạ này."),
    Flaw.TIME_DIFFERS: gettext_lazy("Ngày ký ghi trong học bạ khác thời điểm ký."),
    Flaw.OTHER_PERSON: gettext_lazy("Chứng thư số không phải của người mà học bạ ghi ở vai trò này."),
    Flaw.OTHER_SCHOOL: gettext_lazy("Chứng thư số không phải của trường ghi trong học bạ."),
    Flaw.OTHER_NUMBER: gettext_lazy("Số định danh của người ký khác số ghi trong học bạ."),
    Flaw.TWICE: gettext_lazy("Môn này đã có chữ ký khác."),
}
WORDS: dict[StrEnum, Any] = dict([*REASONS.items(), *FLAWS.items()])
MOST_SCHEMA_FAULTS = 10
# Of a file of one transcript, unpacked.
MOST_ASKED = 12 * 1024 * 1024
LEVEL, KIND = b"<MA_CAP_HOC>", b"<LOAI_HOC_BA>"


@dataclass(slots=True)
class SignatureCheck:
    """One signature as people read it. reasons: sentences, empty when valid; place: the subject whose row it signs."""

    role: str
    label: str
    signer: str
    subject: str
    issuer: str
    serial: str
    signed_at: datetime | None
    verdict: Verdict
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    place: str = ""

    @property
    def verdict_words(self) -> str:
        return str(VERDICTS[self.verdict])

    @property
    def issuer_name(self) -> str:
        """The common name of the authority; the whole of its name when it has none."""
        parts = (one.strip().partition("=") for one in self.issuer.split(","))
        return next((name for key, _is, name in parts if key.upper() == "CN"), self.issuer)


@dataclass
class Check:
    """What is to be said of a file. faults: of the file as a whole; standing: what the store says of it. Nobody changes it;
    frozen, it would take five times as long to make.

    standing: "in_force", "recalled", "replaced", "other" (the store has another file under this number), "" (unknown to
    this store). changed: labels of what differs from the stored original; told only to who holds the pupil's facts too.
    """

    verdict: Verdict
    profile: str = ""
    uuid: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    signatures: tuple[SignatureCheck, ...] = ()
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    file: bytes = field(default=b"", repr=False)
    standing: str = ""
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> bytes:
        """Of the file as it was handed in; asked for only where there is a store to compare with."""
        return sha256(self.file).digest()

    @property
    def is_good(self) -> bool:
        """May it be relied upon: sound, whole, and not taken back?"""
        return self.verdict == Verdict.VALID and self.standing in ("", OriginalState.IN_FORCE)


def check_transcript(
    data: bytes, *, trust: TrustStore | None = None, at: datetime | None = None, with_store: bool = True
) -> Check:
    """Check one transcript's XML. Never raises for what a file may be: every fault is in the answer.

    at: when the file surely existed (the day it was received); now when not given.
    """
    store = trust or documents.trust_store()
    found = _by_form(data, store, at)
    if found is None:
        return check_as_tree(data, trust=store, at=at, with_store=with_store)
    return _with_store(profile_named(found.profile), found) if with_store else found


def check_as_tree(
    data: bytes, *, trust: TrustStore | None = None, at: datetime | None = None, with_store: bool = True
) -> Check:
    """`check_transcript` for any file, whatever wrote it: through the parser, the schema and the tree."""
    try:
        root = read_xml(data)
    except SigningFault as fault:
        return Check(Verdict.INVALID, faults=(str(FAULTS[fault.code]),))
    profile, faults = _layout(root)
    if profile is None:
        return Check(Verdict.INVALID, faults=tuple(faults))
    element = root.find(profile.data)
    try:
        content = read_content(profile, element)
    except TranscriptFault as fault:
        return Check(Verdict.INVALID, profile=profile.code, faults=tuple(faults) or (fault.message,))
    rows = parts(profile, element)
    signatures = _signatures(profile, root, element, content, rows, trust or documents.trust_store(), at)
    found = _whole_check(profile, data, content, signatures, faults, rows)
    return _with_store(profile, found) if with_store else found


def _by_form(data: bytes, trust: TrustStore, at: datetime | None) -> Check | None:
    """The check of a file that is to the letter as our own writer writes it, and sound; None: it takes the tree to say."""
    place = data.find(LEVEL)
    told = _said(data, place, LEVEL)
    # Behind the level in the common part; who writes much between the two is heard by the tree.
    kind = _said(data, data.find(KIND, place, place + 2048), KIND)
    for profile in _leading(told, kind):
        seen = form_of(profile.code).read(data)
        if seen is None:
            continue
        common = seen.content["common"]
        if common.get("level_code") != told or common.get("kind", "") != kind:
            return None
        findings = verify_formed(seen.formed, trust=trust, at=at)
        if findings is None:
            return None
        signatures, rows = [], by_element(seen.parts)
        for node, finding in zip(seen.nodes, findings, strict=True):
            where = Placed(None, node, node.signer)
            part = part_of(where, finding.covered, rows) if rows else None
            signatures.append(_judged(where, finding, seen.data, seen.content, part))
        return _whole_check(profile, data, seen.content, signatures, (), seen.parts)
    return None


def _said(data: bytes, place: int, tag: bytes) -> str:
    """What the element at `place` says, if it is short; "" where there is none."""
    place += len(tag)
    return "" if place < len(tag) else data[place : place + 40].partition(b"<")[0].decode("ascii", "replace")


@lru_cache(maxsize=256)
def _leading(told: str, kind: str) -> tuple[Profile, ...]:
    """The layouts of level and kind whose form may speak for a file: no layout that the tree would ask before it takes a
    file of it."""
    found: list[Profile] = []
    for root in dict.fromkeys(one.root for one in profiles().values()):
        before: list[Profile] = []
        for one in _of_level(root, told, kind):
            levels = {one.level_code, *one.level_codes.values()}
            if told in levels and one.fixed.get("kind", "") == kind and all(excludes(e, one) for e in before):
                found.append(one)
            before.append(one)
    return tuple(found)


def _whole_check(
    profile: Profile,
    data: bytes,
    content: Mapping[str, Any],
    signatures: list[SignatureCheck],
    faults: Sequence[str],
    rows: Sequence[Part],
) -> Check:
    """`_check`, with the rows that somebody signs alone: each once, none left out."""
    if not rows:
        return _check(profile, data, content, signatures, faults, {})
    judged = _each_row_once(signatures)
    signed = {one.place for one in judged if one.place}
    unsigned = {one.place: one.name for one in rows if one.place not in signed}
    return _check(profile, data, content, judged, faults, unsigned)


def _check(
    profile: Profile,
    data: bytes,
    content: Mapping[str, Any],
    signatures: Sequence[SignatureCheck],
    faults: Sequence[str],
    unsigned: Mapping[str, str],
) -> Check:
    """unsigned: rows that nobody has signed, {place: name}."""
    missing = tuple(missing_signatures(profile, {one.role for one in signatures}, unsigned))
    return Check(
        _verdict(signatures, faults, missing),
        profile.code,
        content["common"].get("uuid", ""),
        content,
        tuple(signatures),
        tuple(faults),
        missing,
        data,
    )


@lru_cache(maxsize=256)
def _of_level(root: str, told: str, kind: str) -> tuple[Profile, ...]:
    """The layouts of a root, those of the kind and level that the file tells first."""
    found = sorted(
        (one for one in profiles().values() if one.root == root),
        key=lambda one: (
            one.fixed.get("kind", "") != kind,
            told not in {one.level_code, *one.level_codes.values()},
            # Then the newest: most files are of it.
            -max((rule.from_year for rule in one.applies), default=0),
        ),
    )
    return tuple(found)


def _layout(root: Any) -> tuple[Profile | None, list[str]]:
    """The layout whose schema the file fits; else the one of its root that it breaks least, with what it breaks."""
    # Of its own kind and level first: a schema that does not fit costs more than one that does.
    told, kind = (str(root.findtext(f".//{tag}") or "")[:40] for tag in ("MA_CAP_HOC", "LOAI_HOC_BA"))
    candidates = _of_level(root.tag, told, kind)
    if not candidates:
        return None, [_("Tệp không phải học bạ số.")]
    broken: list[tuple[int, Profile, list[str]]] = []
    for profile in candidates:
        schema = schema_of(profile.code)
        if schema.validate(root):
            return profile, []
        said = broken_places(schema.error_log)
        broken.append((len(said), profile, said[:MOST_SCHEMA_FAULTS]))
    _number, profile, said = min(broken, key=lambda one: one[0])
    if root.find(profile.data) is None:
        return None, said
    return profile, said


def _signatures(
    profile: Profile,
    root: Any,
    element: Any,
    content: Mapping[str, Any],
    rows: Sequence[Part],
    trust: TrustStore,
    at: datetime | None,
) -> list[SignatureCheck]:
    findings = verify_tree(root, trust=trust, at=at, regions=_rule(profile.code))
    named = by_element(rows)
    return [
        _judged(place, finding, element, content, part_of(place, finding.covered, named))
        for place, finding in zip(placed(profile, root), findings, strict=True)
    ]


@lru_cache(maxsize=64)
def _rule(code: str) -> RegionRule:
    return RegionRule(*region_paths(profile_named(code)))


def _each_row_once(found: list[SignatureCheck]) -> list[SignatureCheck]:
    """A second signature for a row stands for nothing."""
    seen: set[str] = set()
    judged = []
    for one in found:
        if one.place and one.place in seen:
            one = replace(
                one,
                verdict=Verdict.INVALID,
                reasons=(*one.reasons, str(FLAWS[Flaw.TWICE])),
                codes=(*one.codes, Flaw.TWICE.value),
            )
        seen.add(one.place)
        judged.append(one)
    return judged


def _judged(
    place: Any, finding: SignatureFinding, element: Any, content: Mapping[str, Any], part: Part | None
) -> SignatureCheck:
    against = flaws(
        place,
        data=element,
        covered=finding.covered,
        signed_at=finding.signed_at,
        signer_name=finding.signer,
        subject=finding.subject,
        common=content["common"],
        part=part,
    )
    said = (*finding.reasons, *against)
    signer = place.signer
    label = signer.label if signer else ""
    # By place: names would cost as much as all the rest of this.
    return SignatureCheck(
        signer.role.value if signer else "",
        f"{label} ({part.name})" if part else label,
        finding.signer,
        finding.subject,
        finding.issuer,
        finding.serial,
        finding.signed_at,
        Verdict.INVALID if against else finding.verdict,
        tuple([str(WORDS[one]) for one in said]) if said else (),
        tuple([one.value for one in said]) if said else (),
        part.place if part else "",
    )


def _verdict(signatures: Sequence[SignatureCheck], faults: Sequence[str], missing: Sequence[str]) -> Verdict:
    said = [one.verdict for one in signatures]
    if faults or missing or Verdict.INVALID in said:
        return Verdict.INVALID
    return Verdict.VALID if said.count(Verdict.VALID) == len(said) else Verdict.INDETERMINATE


def _with_store(profile: Profile, found: Check) -> Check:
    """What the original store says. Read as the system: the answer holds nothing that the file does not."""
    with act_as(Actor.system()):
        row = Original.objects.filter(uuid=found.uuid).first() if found.uuid else None
        if row is None:
            return found
        if bytes(row.file_digest) == found.digest:
            return replace(found, standing=row.state)
        known = digest(found.content["common"].get("personal_id")) == bytes(row.personal_id_digest)
        if not known and found.verdict != Verdict.VALID:
            # A made-up file around a number that was read off a QR code: not even that there is such a transcript.
            return found
        stored = unseal(row.file_sealed) if known else ""
    changed: tuple[str, ...] = ()
    if stored:
        original = read_content(profile, read_xml(stored.encode()).find(profile.data))
        named = [
            f"{c.field} ({c.row})" if c.row else c.field for c in changes(profile, original, found.content)
        ]
        changed = tuple(named)
    return replace(found, standing="other", changed=changed)


def reasons_of(check: Check) -> list[str]:
    """Why a file is not valid, or not yet, in sentences: what is wrong with it, who is missing, what stands against whom."""
    missing = [_("Thiếu chữ ký: %(who)s.") % {"who": one} for one in check.missing]
    against = [
        f"{one.label}: {reason}" if one.label else reason
        for one in check.signatures
        for reason in one.reasons
    ]
    return list(dict.fromkeys([*check.faults, *missing, *against]))


def ask_authorities(files: Iterable[bytes], now: datetime, *, most: int = MOST_ASKED) -> None:
    """Ask about the certificates that sign files which are about to be checked, or packets of them. Outside any
    transaction, or it asks nobody; never raises for what a file may be."""
    if connection.in_atomic_block or not settings.FETCH_REVOCATION:
        return
    trust = documents.trust_store()
    for data in files:
        try:
            inside = attached_xml(data) if data.startswith(b"%PDF-") else data
            if inside is not None:
                ask_about(read_xml(inside, most_bytes=most), trust=trust, now=now)
            if inside is not data:
                verify_pdf(data, trust=trust, at=now)
        except SigningFault:
            continue


def check_file(data: bytes, *, most: int, at: datetime | None = None, with_store: bool = True) -> Check:
    """A file that somebody handed in: XML, or a PDF with the XML inside. Every fault is in the answer."""
    if len(data) > most:
        return Check(Verdict.INVALID, faults=(str(FAULTS["too_large"]),))
    if not data.startswith(b"%PDF-"):
        return check_transcript(data, at=at, with_store=with_store)
    try:
        xml = attached_xml(data)
        findings = verify_pdf(data, trust=documents.trust_store(), at=at)
    except SigningFault as fault:
        return Check(Verdict.INVALID, faults=(str(FAULTS[fault.code]),))
    if xml is None:
        return Check(Verdict.INVALID, faults=(_("Tệp PDF không mang theo học bạ có chữ ký số."),))
    return _with_pdf(check_transcript(xml, at=at, with_store=with_store), findings)


def _with_pdf(check: Check, findings: Sequence[SignatureFinding]) -> Check:
    """The seal of the printed form beside the signatures of the transcript inside."""
    seals = tuple(
        SignatureCheck(
            role="pdf",
            label=_("Bản PDF"),
            signer=one.signer,
            subject=one.subject,
            issuer=one.issuer,
            serial=one.serial,
            signed_at=one.signed_at,
            verdict=one.verdict,
            reasons=tuple(str(REASONS[reason]) for reason in one.reasons),
            codes=tuple(reason.value for reason in one.reasons),
        )
        for one in findings
    )
    notes = () if seals else (_("Bản PDF chưa được đóng dấu số: chỉ tin nội dung hiện ở trang này."),)
    verdicts = {check.verdict, *(one.verdict for one in seals), *([] if seals else [Verdict.INDETERMINATE])}
    worst = next(v for v in (Verdict.INVALID, Verdict.INDETERMINATE, Verdict.VALID) if v in verdicts)
    return replace(check, verdict=worst, signatures=(*check.signatures, *seals), notes=notes)


def check_own(actor: Actor, transcript: Any) -> Check:
    """The check of a transcript that `own_transcript` gave, with its content."""
    with act_as(Actor.system()):
        return check_transcript(file_of(transcript))
