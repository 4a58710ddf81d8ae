"""Do the signatures of a transcript stand where the layout has them, over its data, by the people whom it names? Pure.

What the cryptography says is the signing kit's; here is what a transcript asks beyond it. Works on an lxml tree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from thongsuot.kit.text.vietnamese import fold

from ..types import SignerRole
from .profile import Profile, Signer

DSIG_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


class Flaw(StrEnum):
    """Why a signature that may be sound is not the one that this place asks for."""

    NOT_IN_PLACE = "not_in_place"  # outside the signers' list
    DATA_NOT_COVERED = "data_not_covered"
    TIME_DIFFERS = "time_differs"  # NGAY_KY says another moment than the signature
    OTHER_PERSON = "other_person"  # not whom the transcript names for the role
    OTHER_SCHOOL = "other_school"
    OTHER_NUMBER = "other_number"  # SO_CCCD of the node is not the named person's
    OUT_OF_ORDER = "out_of_order"
    TWICE = "twice"  # another signature stands for the same row


# Who is named in the common part for a role: (name, personal id).
NAMED = {
    SignerRole.HOMEROOM: ("homeroom_name", "homeroom_personal_id"),
    SignerRole.LEADER: ("leader_name", "leader_personal_id"),
}
# Who is named in the row that a subject teacher signs.
NAMED_IN_ROW = ("teacher_name", "teacher_personal_id")


class Placed(NamedTuple):
    """A signature element with the place it stands in; signer None: it stands in none."""

    signature: Any
    node: Any
    signer: Signer | None


class Part(NamedTuple):
    """A row of the data that is signed alone: its element, what it says by source."""

    place: str
    name: str
    element: Any
    row: Mapping[str, str]


def parts(profile: Profile, data: Any, places: Collection[str] | None = None) -> list[Part]:
    """The rows that their own signers sign, in the order of the file. places: these alone."""
    signer = next((one for one in profile.signers if one.covers), None)
    section = profile.section(signer.covers) if signer else None
    if signer is None or section is None:
        return []
    sources = {f.tag: f.source for f in section.fields}
    names = next(f.tag for f in section.fields if f.source == signer.by)
    found = []
    for element in data.iterchildren(section.tag):
        if places is not None and element.findtext(names) not in places:
            continue
        row = {sources[cell.tag]: cell.text or "" for cell in element if cell.tag in sources}
        place = row.get(signer.by, "")
        found.append(Part(place, row.get("subject_name") or place, element, row))
    return found


def by_element(all_parts: Sequence[Part]) -> dict[int, Part]:
    """Rows by the identity of their elements, which live as long as the rows do."""
    return {id(part.element): part for part in all_parts}


def part_of(one: Placed, covered: Sequence[Any], rows: Mapping[int, Part]) -> Part | None:
    """The row that a signature stands for: the only one that it was really made over. None: of none, or of several.
    rows: `by_element`."""
    if one.signer is None or not one.signer.covers:
        return None
    hit = {key: rows[key] for key in map(id, covered) if key in rows}
    return next(iter(hit.values())) if len(hit) == 1 else None


def placed(profile: Profile, root: Any) -> list[Placed]:
    """Every signature of one transcript, in document order."""
    by_tag = {one.tag: one for one in profile.signers}
    listing = root.find(profile.signatures)
    found = []
    for signature in root.iter(DSIG_SIGNATURE):
        node = signature.getparent()
        right = node is not None and listing is not None and node.getparent() is listing
        found.append(Placed(signature, node, by_tag.get(node.tag) if right else None))
    return found


def flaws(
    one: Placed,
    *,
    data: Any,
    covered: Sequence[Any],
    signed_at: datetime | None,
    signer_name: str,
    subject: str,
    common: Mapping[str, str],
    part: Part | None = None,
) -> tuple[Flaw, ...]:
    """What stands against a signature in its role. covered: the elements that were digested; common: the data's first
    section; signer_name, subject: of the certificate; part: the row that it stands for, where its role signs rows."""
    signer = one.signer
    if signer is None:
        return (Flaw.NOT_IN_PLACE,)
    found = []
    if part is None and (signer.covers or not _holds(covered, data)):
        found.append(Flaw.DATA_NOT_COVERED)
    if not _same_moment(one.node.findtext("NGAY_KY"), signed_at):
        found.append(Flaw.TIME_DIFFERS)
    if signer.role == SignerRole.SEAL:
        if not _names(common.get("school_name", ""), signer_name, subject):
            found.append(Flaw.OTHER_SCHOOL)
    elif part is not None:
        found += _not_named(one, part.row, NAMED_IN_ROW, signer_name)
    elif signer.role in NAMED:
        found += _not_named(one, common, NAMED[signer.role], signer_name)
    return tuple(found)


def _holds(covered: Sequence[Any], data: Any) -> bool:
    """Whether this very element is among them."""
    for element in covered:  # noqa: SIM110  # a generator costs more than what it goes through
        if element is data:
            return True
    return False


def _not_named(one: Placed, said: Mapping[str, str], where: tuple[str, str], signer_name: str) -> list[Flaw]:
    """Another person, or another number, than the transcript names for the place."""
    name, number = where
    found = []
    if said.get(name) and not _same_name(said[name], signer_name):
        found.append(Flaw.OTHER_PERSON)
    if said.get(number) and one.node.findtext("SO_CCCD") != said[number]:
        found.append(Flaw.OTHER_NUMBER)
    return found


def _same_moment(written: str | None, signed_at: datetime | None) -> bool:
    if written is None or signed_at is None:
        return False
    try:
        whole = signed_at.replace(microsecond=0) if signed_at.microsecond else signed_at
        return datetime.fromisoformat(written) == whole
    except (ValueError, TypeError):
        return False


def _names(school: str, signer_name: str, subject: str) -> bool:
    """The organisation's certificate carries the school's name, as its own or as its organisation."""
    wanted = _folded(school)
    return bool(wanted) and (_folded(signer_name) == wanted or wanted in _folded(subject))


def _same_name(one: str, other: str) -> bool:
    return one == other or _folded(one) == _folded(other)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A school's transcripts name the same few people."""
    return fold(text)


def region_paths(profile: Profile) -> tuple[frozenset[str], frozenset[str]]:
    """(paths that may be signed, paths that stand once): what the signing kit is told of the layout."""
    data = f"/{profile.root}/{profile.data}"
    rows = {f"{data}/{one.tag}" for one in profile.sections if profile.part_signer(one.key)}
    nodes = {f"/{profile.root}/{profile.signatures}/{one.tag}" for one in profile.signers}
    allowed = {data, *rows, *nodes, *(f"{n}/{part}" for n in nodes for part in ("NGAY_KY", "SO_CCCD"))}
    return frozenset(allowed), frozenset({data, f"/{profile.root}/{profile.signatures}"})
