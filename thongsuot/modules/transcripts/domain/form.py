"""The one way in which our writer writes the file of a layout, as a grammar: recognised and read in one go over its bytes.

Narrower than the schema and never wider: what is a form's file is well-formed XML without comments, entities of its own
or further attributes, fits the layout's schema, and every part that may be signed stands in it in canonical form. What
is no form's file may still be good: it is read as a tree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from thongsuot.kit.signing.formed import Formed, Region
from thongsuot.kit.signing.plain import NAME, TEXT, Plain, plain_at

from .document import DECLARATION
from .profile import Field, Profile, Section, Signer

# Longer files are looked at by the parser, which has its own bounds.
MOST_BYTES = 256 * 1024
# Days that every calendar has; the 29th of February is left to the schema.
_DAY = (
    rb"(?:19|20)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    rb"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_MOMENT = _DAY + rb"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
_VALUES = {
    "text": TEXT,
    "number": rb"-?[0-9]{1,12}+(?:\.[0-9]{1,4}+)?+",
    "date": _MOMENT,
    "datetime": _MOMENT,
    "uuid": rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "personal_id": rb"[0-9]{12}",
    "yes_no": rb"[01]",
}


class Node(NamedTuple):
    """A signer's node, with what it says beside the signature; asked as a node of a tree is."""

    signer: Signer
    facts: Mapping[str, str]

    def findtext(self, tag: str) -> str | None:
        return self.facts.get(tag)


@dataclass(slots=True)
class Recognised:
    """A file that is of the form. content: as read_content gives it; data: the bytes of the data part; nodes: one for each
    of `formed.signatures`."""

    content: dict[str, Any]
    data: bytes
    nodes: list[Node]
    formed: Formed


class _Part(NamedTuple):
    """A section: the pattern of one of it, the sources of its groups, those that may be missing."""

    key: str
    repeat: bool
    pattern: re.Pattern[bytes]
    sources: tuple[str, ...]
    optional: tuple[str, ...]


class _Place(NamedTuple):
    signer: Signer
    path: str
    opening: re.Pattern[bytes]
    closing: bytes


class Form:
    """The grammar of one layout, made once. Safe to share between threads."""

    def __init__(self, profile: Profile) -> None:
        self._head = f"{DECLARATION}<{profile.root}>".encode()
        self._data = re.compile(rb'<%b id="(%b)">' % (profile.data.encode(), NAME))
        self._parts = tuple(_part(section) for section in profile.sections)
        self._between = f"</{profile.data}>".encode()
        self._list = f"<{profile.signatures}>".encode()
        self._tail = f"</{profile.signatures}></{profile.root}>".encode()
        self._path = f"/{profile.root}/{profile.data}"
        around = f"/{profile.root}/{profile.signatures}"
        self._places = tuple(_place(signer, around) for signer in profile.signers)

    def read(self, file: bytes) -> Recognised | None:
        """What the file says; None when it is not of this form, whatever else it may be."""
        if len(file) > MOST_BYTES or not file.startswith(self._head):
            return None
        try:
            return self._read(file)
        except UnicodeDecodeError:
            return None

    def _read(self, file: bytes) -> Recognised | None:
        start = len(self._head)
        opening = self._data.match(file, start)
        if opening is None:
            return None
        content: dict[str, Any] = {}
        end = self._content(file, opening.end(), content)
        if end is None or not file.startswith(self._list, end):
            return None
        name, data = opening[1], file[start:end]
        formed = Formed({name: Region(data, self._path)}, [], [name])
        nodes = self._nodes(file, end + len(self._list), formed)
        return None if nodes is None else Recognised(content, data, nodes, formed)

    def _content(self, file: bytes, position: int, content: dict[str, Any]) -> int | None:
        """The sections into `content`; the end of the data part."""
        for part in self._parts:
            match, key = part.pattern.match, part.key
            found = match(file, position)
            if found is None:
                return None
            position = found.end()
            content[key] = row = _row(found, part)
            if not part.repeat:
                continue
            content[key] = rows = [row]
            while (found := match(file, position)) is not None:
                position = found.end()
                rows.append(_row(found, part))
        return position + len(self._between) if file.startswith(self._between, position) else None

    def _nodes(self, file: bytes, position: int, formed: Formed) -> list[Node] | None:
        """The signers' nodes up to the end of the file; regions, ids and signatures into `formed`."""
        nodes: list[Node] = []
        for place in self._places:
            while (found := place.opening.match(file, position)) is not None:
                signed = plain_at(file, found.end())
                if signed is None or not file.startswith(place.closing, signed[1]):
                    return None
                position = signed[1] + len(place.closing)
                nodes.append(_node(place, found, signed[0], formed))
                if not place.signer.repeat:
                    break
        return nodes if nodes and file[position:] == self._tail else None


def _row(found: re.Match[bytes], part: _Part) -> dict[str, str]:
    # No value holds a control character: one decoding for all, with a mark for what is not there.
    written = b"\0".join(found.groups(b"\1")).decode()
    if "&" in written:
        written = written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    row = dict(zip(part.sources, written.split("\0")))  # noqa: B905  # as many groups as sources
    for name in part.optional:
        if row[name] == "\1":
            del row[name]
    return row


def _node(place: _Place, found: re.Match[bytes], signature: Plain, formed: Formed) -> Node:
    name, day, day_id, day_text, *number = found.groups()
    formed.ids.extend((name, day_id))
    formed.regions[day_id] = Region(day, f"{place.path}/NGAY_KY")
    facts = {"NGAY_KY": day_text.decode()}
    if number:
        whole, number_id, text = number
        formed.ids.append(number_id)
        formed.regions[number_id] = Region(whole, f"{place.path}/SO_CCCD")
        facts["SO_CCCD"] = text.decode()
    formed.signatures.append(signature)
    return Node(place.signer, facts)


def _part(section: Section) -> _Part:
    tag = section.tag.encode()
    pattern = re.compile(rb"<%b>%b</%b>" % (tag, b"".join(map(_cell, section.fields)), tag))
    sources = tuple(field.source for field in section.fields)
    optional = tuple(field.source for field in section.fields if not field.required)
    return _Part(section.key, section.repeat, pattern, sources, optional)


def _cell(field: Field) -> bytes:
    tag = field.tag.encode()
    cell = rb"<%b>(%b)</%b>" % (tag, _VALUES[field.type], tag)
    return cell if field.required else rb"(?:%b)?+" % cell


def _place(signer: Signer, around: str) -> _Place:
    tag = signer.tag.encode()
    number = rb'(<SO_CCCD id="(%b)">([0-9]{12})</SO_CCCD>)' % NAME if signer.personal_id else b""
    opening = rb'<%b id="(%b)">(<NGAY_KY id="(%b)">(%b)</NGAY_KY>)%b' % (tag, NAME, NAME, _MOMENT, number)
    return _Place(signer, f"{around}/{signer.tag}", re.compile(opening), b"</%b>" % tag)
