"""How files of a layout are usually written, as a grammar: recognised and read in one go over their bytes.

By our own writer and by others' that indent, write another prefix or another form of a date: whatever is canonical XML
where it may be signed. Narrower than the schema and never wider: what is recognised is well-formed XML without comments,
entities of its own or further attributes, fits the layout's schema, and every part that may be signed stands in it in
canonical form. What is not recognised may still be good: it is read as a tree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from thongsuot.kit.signing.formed import Formed, Region
from thongsuot.kit.signing.plain import BLANK, NAME, Plain, plain_at

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
# The data part is decoded as a whole and looked at as a str. Text as in `kit.signing.plain`: what its bytes may not hold
# (EF) is seen once for all, and which entities there are where there are any.
_VALUES = {
    "text": r"[^<>&\x00-\x20][^<>\x00-\x08\x0b-\x1f]*+",
    "number": r"-?[0-9]{1,12}+(?:\.[0-9]{1,4}+)?+",
    "date": rf"(?:{_MOMENT.decode()}|{_DAY.decode()}|(?:0[1-9]|[12][0-9]|3[01])/(?:0[1-9]|1[0-2])/[0-9]{{4}})",
    "datetime": _MOMENT.decode(),
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
    "personal_id": r"[0-9]{12}",
    "yes_no": r"[01]",
}
# Sources beside those of the fields: a row as it is written, its id.
_ELEMENT, _ROW_ID = "<>", "<id>"
_OTHER = re.compile(r"&(?!(?:amp|lt|gt);)")
_NAME = NAME.decode()
_HEAD = (
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
    """A section: what matches one of it, the sources of its groups, those that may be missing; tags: source by tag. by: what names a row that
    is signed alone; the first two groups are its element and id then."""

    key: str
    repeat: bool
    match: Callable[[str, int], re.Match[str] | None]
    sources: tuple[str, ...]
    optional: tuple[str, ...]
    tags: Mapping[str, str]
    by: str
    path: str


class _Place(NamedTuple):
    """A signer's place. day, number: paths of NGAY_KY and SO_CCCD."""

    signer: Signer
    day: str
    number: str
    opening: re.Pattern[bytes]
    closing: re.Pattern[bytes]


class Form:
    """The grammar of one layout, made once. Safe to share between threads."""

    def __init__(self, profile: Profile) -> None:
        self._path = f"/{profile.root}/{profile.data}"
        around = f"/{profile.root}/{profile.signatures}"
        root, data, signatures = (one.encode() for one in (profile.root, profile.data, profile.signatures))
        self._opening = re.compile(_HEAD + rb'<%b>%b(<%b id="(%b)">%b)' % (root, BLANK, data, NAME, BLANK))
        self._sections, self._indented = (
            tuple(_section(one, profile, self._path, blank) for one in profile.sections)
            for blank in ("", BLANK.decode())
        )
        self._row = next(
            (b"<" + one.tag.encode() for one in profile.sections if profile.part_signer(one.key)), b""
        )
        self._end = b"</%b>" % data
        # The data part has so many bytes at least: its end is not looked for before.
        self._least = sum(
            len(f"<{one.tag}>x</{one.tag}>")
            for part in profile.sections
            for one in part.fields
            if one.required
        )
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
        opening = self._opening.match(file)
        end = file.find(self._end, opening.end() + self._least) if opening else -1
        listing = self._list.match(file, end + len(self._end)) if end > 0 else None
        if opening is None or listing is None:
            return None
        start, name = opening.start(1), opening[2]
        data = file[start : end + len(self._end)]
        seen = Recognised({}, data, [], [], Formed({name: Region(data, self._path)}, [], [name]))
        # Files of others mostly differ in how they are signed. The opening is of letters of one byte.
        is_whole = self._nodes(file, listing.end(), seen) and self._content(data, opening.end() - start, seen)
        return seen if is_whole else None

    def _content(self, data: bytes, position: int, seen: Recognised) -> bool:
        """The sections, which are all that the data part holds behind its opening, into `seen`. position: where the first
        of them begins. Raises UnicodeDecodeError."""
        if b"\xef" in data:
            return False
        text = data.decode()
        # Whoever indents does so from the first tag on.
        sections = self._sections if text[position - 1] == ">" else self._indented
        entity = text.find("&")
        for key, repeat, match, sources, optional, tags, by, path in sections:
            rows: list[dict[str, str]] = []
            while (found := match(text, position)) is not None:
                position = found.end()
                row = dict(zip(sources, found.groups()))  # noqa: B905  # as many groups as sources
                for source in optional:
                    if row[source] is None:
                        del row[source]
                while 0 <= entity < position:
                    source = tags[text[text.rfind("<", 0, entity) + 1 : text.rfind(">", 0, entity)]]
                    if _OTHER.search(row[source]):
                        return False
                    row[source] = _unescaped(row[source])
                    entity = text.find("&", text.find("<", entity))
                rows.append(row)
                if not repeat:
                    break
            if not rows:
                return False
            if by:
                _take_parts(rows, by, path, seen)
            seen.content[key] = rows if repeat else rows[0]
        return position == len(text) - len(self._end)

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


def _unescaped(said: str) -> str:
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _take_parts(rows: list[dict[str, str]], by: str, path: str, seen: Recognised) -> None:
    """The rows that somebody signs alone, with their elements and ids as they are written, into `seen`."""
    for row in rows:
        element, name = row.pop(_ELEMENT).encode(), row.pop(_ROW_ID).encode()
        seen.formed.ids.append(name)
        seen.formed.regions[name] = Region(element, path)
        seen.parts.append(Part(row[by], row.get("subject_name") or row[by], element, row))


def _node(place: _Place, found: re.Match[bytes], signature: Plain, formed: Formed) -> Node:
    ids, regions, number_id = formed.ids, formed.regions, None
    if place.signer.personal_id:
        name, day, day_id, day_text, whole, number_id, text = found.groups()
        facts = {"NGAY_KY": day_text.decode(), "SO_CCCD": text.decode()}
    else:
        name, day, day_id, day_text = found.groups()
        facts = {"NGAY_KY": day_text.decode()}
    if name is not None:
        ids.append(name)
    if day_id is not None:
        ids.append(day_id)
        regions[day_id] = Region(day, place.day)
    if number_id is not None:
        ids.append(number_id)
        regions[number_id] = Region(whole, place.number)
    formed.signatures.append(signature)
    return Node(place.signer, facts)


def _section(section: Section, profile: Profile, around: str, blank: str) -> _Section:
    """blank: what may stand behind each tag."""
    tag, signer = section.tag, profile.part_signer(section.key)
    inner = f">{blank}{''.join([_cell(field, blank) for field in section.fields])}</{tag}>"
    # A row that somebody signs alone is found by its id.
    element = f'(<{tag} id="({_NAME})"{inner})' if signer else f"<{tag}{inner}"
    return _Section(
        key=section.key,
        repeat=section.repeat,
        match=re.compile(element + blank).match,
        sources=((_ELEMENT, _ROW_ID) if signer else ()) + tuple(field.source for field in section.fields),
        optional=tuple(field.source for field in section.fields if not field.required),
        tags={field.tag: field.source for field in section.fields},
        by=signer.by if signer else "",
        path=f"{around}/{section.tag}",
    )


def _cell(field: Field, blank: str) -> str:
    tag, value = field.tag, re.escape(escaped(field.only)) if field.only else _VALUES[field.type]
    cell = f"<{tag}>({value})</{tag}>{blank}"
    return cell if field.required else f"(?:{cell})?+"


_ID = rb'(?: id="(%b)")?+' % NAME


def _place(signer: Signer, around: str) -> _Place:
    tag = signer.tag.encode()
    number = rb"(<SO_CCCD%b>([0-9]{12})</SO_CCCD>)%b" % (_ID, BLANK) if signer.personal_id else b""
    day = rb"(<NGAY_KY%b>(%b)</NGAY_KY>)%b" % (_ID, _MOMENT, BLANK)
    opening = rb"<%b%b>%b%b%b" % (tag, _ID, BLANK, day, number)
    return _Place(
        signer,
        f"{around}/{signer.tag}/NGAY_KY",
        f"{around}/{signer.tag}/SO_CCCD",
        re.compile(opening),
        re.compile(rb"%b</%b>%b" % (BLANK, tag, BLANK)),
    )
