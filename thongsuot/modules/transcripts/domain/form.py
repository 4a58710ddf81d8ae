"""How files of a layout are usually written, as a grammar: recognised and read in one go over their bytes.

By our own writer and by others' that indent, write another prefix or another form of a date: whatever is canonical XML
where it may be signed. Narrower than the schema and never wider: what is recognised is well-formed XML without comments,
entities of its own or further attributes, fits the layout's schema, and every part that may be signed stands in it in
canonical form. What is not recognised may still be good: it is read as a tree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from thongsuot.kit.signing.formed import Formed, Region
from thongsuot.kit.signing.plain import BLANK, NAME, TEXT, Plain, plain_at

from .chain import Part
from .profile import Field, Profile, Section, Signer
from .values import escaped

# Longer files are looked at by the parser, which has its own bounds.
MOST_BYTES = 256 * 1024
# Days that every calendar has; the 29th of February is left to the schema.
_DAY = (
    rb"(?:19|20)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    rb"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_ZONE = rb"(?:[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|Z)"
_MOMENT = _DAY + rb"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9}+)?+" + _ZONE
_VALUES = {
    "text": TEXT,
    "number": rb"-?[0-9]{1,12}+(?:\.[0-9]{1,4}+)?+",
    "date": rb"(?:%b|%b|(?:0[1-9]|[12][0-9]|3[01])/(?:0[1-9]|1[0-2])/[0-9]{4})" % (_MOMENT, _DAY),
    "datetime": _MOMENT,
    "uuid": rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
    "personal_id": rb"[0-9]{12}",
    "yes_no": rb"[01]",
}
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:<\?xml version=(?:\"1\.0\"|'1\.0')(?: encoding=(?:\"(?:UTF-8|utf-8)\"|'(?:UTF-8|utf-8)'))?+"
    rb"(?: standalone=(?:\"(?:yes|no)\"|'(?:yes|no)'))?+ ?\?>)?+" + BLANK
)


class Node(NamedTuple):
    """A signer's node, with what it says beside the signature; asked as a node of a tree is."""

    signer: Signer
    facts: Mapping[str, str]

    def findtext(self, tag: str) -> str | None:
        return self.facts.get(tag)


@dataclass(slots=True)
class Recognised:
    """A file that is of the form. content: as read_content gives it; data: the bytes of the data part; parts: the rows of
    it that are signed one by one, whose elements are bytes of `formed.regions`; nodes: one for each of
    `formed.signatures`."""

    content: dict[str, Any]
    data: bytes
    parts: list[Part]
    nodes: list[Node]
    formed: Formed


class _Section(NamedTuple):
    """A section: the pattern of one of it, the sources of its groups, those that may be missing. by: what names a row that
    is signed alone; the first two groups are its element and id then."""

    key: str
    repeat: bool
    pattern: re.Pattern[bytes]
    sources: tuple[str, ...]
    optional: tuple[str, ...]
    by: str
    path: str


class _Place(NamedTuple):
    signer: Signer
    path: str
    opening: re.Pattern[bytes]
    closing: re.Pattern[bytes]


class Form:
    """The grammar of one layout, made once. Safe to share between threads."""

    def __init__(self, profile: Profile) -> None:
        self._path = f"/{profile.root}/{profile.data}"
        around = f"/{profile.root}/{profile.signatures}"
        root, data, signatures = (one.encode() for one in (profile.root, profile.data, profile.signatures))
        self._opening = re.compile(rb'<%b>%b<%b id="(%b)">%b' % (root, BLANK, data, NAME, BLANK))
        self._sections = tuple(_section(one, profile, self._path) for one in profile.sections)
        self._row = next(
            (b"<" + one.tag.encode() for one in profile.sections if profile.part_signer(one.key)), b""
        )
        self._end = b"</%b>" % data
        self._list = re.compile(rb"%b<%b>%b" % (BLANK, signatures, BLANK))
        self._places = tuple(_place(signer, around) for signer in profile.signers)
        self._tail = re.compile(rb"</%b>%b</%b>%b" % (signatures, BLANK, root, BLANK))

    def read(self, file: bytes) -> Recognised | None:
        """What the file says; None when it is not of this form, whatever else it may be."""
        if len(file) > MOST_BYTES or not self._may_be(file):
            return None
        try:
            return self._read(file)
        except UnicodeDecodeError:
            return None

    def _may_be(self, file: bytes) -> bool:
        """Seen from the first row alone: rows that are signed one by one carry an id."""
        place = file.find(self._row) if self._row else 0
        return not self._row or file.startswith(b" ", place + len(self._row))

    def _read(self, file: bytes) -> Recognised | None:
        head = _HEAD.match(file)
        opening = self._opening.match(file, head.end()) if head else None
        if opening is None:
            return None
        name, start = opening[1], file.index(b"<", opening.start() + 1)
        formed = Formed({}, [], [name])
        seen = Recognised({}, b"", [], [], formed)
        end = self._content(file, opening.end(), seen)
        listing = self._list.match(file, end) if end else None
        if listing is None:
            return None
        seen.data = file[start:end]
        formed.regions[name] = Region(seen.data, self._path)
        return seen if self._nodes(file, listing.end(), seen) else None

    def _content(self, file: bytes, position: int, seen: Recognised) -> int:
        """The sections into `seen`; the end of the data part, 0 where it is none."""
        for section in self._sections:
            match, rows = section.pattern.match, []
            while (found := match(file, position)) is not None:
                position = found.end()
                rows.append(_row(found, section, seen))
                if not section.repeat:
                    break
            if not rows:
                return 0
            seen.content[section.key] = rows if section.repeat else rows[0]
        return position + len(self._end) if file.startswith(self._end, position) else 0

    def _nodes(self, file: bytes, position: int, seen: Recognised) -> bool:
        """The signers' nodes up to the end of the file: regions, ids and signatures into `seen`."""
        for place in self._places:
            while (found := place.opening.match(file, position)) is not None:
                signed = plain_at(file, found.end())
                end = place.closing.match(file, signed[1]) if signed else None
                if signed is None or end is None:
                    return False
                position = end.end()
                seen.nodes.append(_node(place, found, signed[0], seen.formed))
                if not place.signer.repeat:
                    break
        return bool(seen.nodes) and self._tail.fullmatch(file, position) is not None


def _row(found: re.Match[bytes], section: _Section, seen: Recognised) -> dict[str, str]:
    groups, element, name = found.groups(b"\1"), b"", b""
    if section.by:
        element, name, groups = groups[0], groups[1], groups[2:]
    # No value holds a control character: one decoding for all, with a mark for what is not there.
    written = b"\0".join(groups).decode()
    if "&" in written:
        written = written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    row = dict(zip(section.sources, written.split("\0")))  # noqa: B905  # as many groups as sources
    for source in section.optional:
        if row[source] == "\1":
            del row[source]
    if section.by:
        seen.formed.ids.append(name)
        seen.formed.regions[name] = Region(element, section.path)
        seen.parts.append(Part(row[section.by], row.get("subject_name") or row[section.by], element, row))
    return row


def _node(place: _Place, found: re.Match[bytes], signature: Plain, formed: Formed) -> Node:
    name, day, day_id, day_text, *number = found.groups()
    if name is not None:
        formed.ids.append(name)
    if day_id is not None:
        formed.ids.append(day_id)
        formed.regions[day_id] = Region(day, f"{place.path}/NGAY_KY")
    facts = {"NGAY_KY": day_text.decode()}
    if number:
        whole, number_id, text = number
        if number_id is not None:
            formed.ids.append(number_id)
            formed.regions[number_id] = Region(whole, f"{place.path}/SO_CCCD")
        facts["SO_CCCD"] = text.decode()
    formed.signatures.append(signature)
    return Node(place.signer, facts)


def _section(section: Section, profile: Profile, around: str) -> _Section:
    tag, signer = section.tag.encode(), profile.part_signer(section.key)
    inner = rb">%b%b</%b>" % (BLANK, b"".join(map(_cell, section.fields)), tag)
    # A row that somebody signs alone is found by its id.
    element = rb'(<%b id="(%b)"%b)' % (tag, NAME, inner) if signer else rb"<%b%b" % (tag, inner)
    return _Section(
        key=section.key,
        repeat=section.repeat,
        pattern=re.compile(element + BLANK),
        sources=tuple(field.source for field in section.fields),
        optional=tuple(field.source for field in section.fields if not field.required),
        by=signer.by if signer else "",
        path=f"{around}/{section.tag}",
    )


def _cell(field: Field) -> bytes:
    tag, value = field.tag.encode(), _VALUES[field.type]
    if field.only:
        value = re.escape(escaped(field.only).encode())
    cell = rb"<%b>(%b)</%b>%b" % (tag, value, tag, BLANK)
    return cell if field.required else rb"(?:%b)?+" % cell


_ID = rb'(?: id="(%b)")?+' % NAME


def _place(signer: Signer, around: str) -> _Place:
    tag = signer.tag.encode()
    number = rb"(<SO_CCCD%b>([0-9]{12})</SO_CCCD>)%b" % (_ID, BLANK) if signer.personal_id else b""
    day = rb"(<NGAY_KY%b>(%b)</NGAY_KY>)%b" % (_ID, _MOMENT, BLANK)
    opening = rb"<%b%b>%b%b%b" % (tag, _ID, BLANK, day, number)
    return _Place(
        signer, f"{around}/{signer.tag}", re.compile(opening), re.compile(rb"%b</%b>%b" % (BLANK, tag, BLANK))
    )
