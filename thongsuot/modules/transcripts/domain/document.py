"""The XML of a transcript: data written once and never changed, signature nodes set in beside it. Pure.

    <HOC_BA><DU_LIEU_HOC_BA id="DL-{uuid}">...</DU_LIEU_HOC_BA><DANH_SACH_THONG_TIN_KY>nodes</DANH_SACH_THONG_TIN_KY></HOC_BA>

Written as text: a transcript is some 6 kB, a school 2,000 of them. Content is by section: a mapping of values by source
name, or rows of them where the section repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from ..types import Problem, TranscriptFault
from .profile import Profile, Section, Signer
from .values import FORMS, Unwritable, escaped, gettext_noop, moment

Row = Mapping[str, Any]
Content = Mapping[str, "Row | Sequence[Row]"]
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
MISSING = gettext_noop("chưa có")
ID = "id"


class _Cell(NamedTuple):
    source: str
    opening: str
    closing: str
    form: Callable[[object], str]
    required: bool
    tag: str
    label: str


@dataclass(frozen=True)
class Made:
    """The data part of one transcript, or why it cannot be made; xml is "" while there are problems."""

    xml: str
    problems: tuple[Problem, ...] = ()


def data_id(uuid: UUID | str) -> str:
    """The id that signatures refer to; it holds the UUID, so that many transcripts lie in one batch file."""
    return f"DL-{uuid}"


def node_id(uuid: UUID | str, tag: str, place: str = "") -> str:
    """The id of a signature's node; of a part of it with `place`."""
    return f"{tag}-{uuid}-{place}" if place else f"{tag}-{uuid}"


def part_id(uuid: UUID | str, tag: str, place: str) -> str:
    """The id of one row of the data, which its own signer signs."""
    return f"{tag}-{uuid}-{place}"


def write_data(profile: Profile, content: Content) -> Made:
    """The data part. `content["common"]["uuid"]` names the transcript. Every problem is told, not the first alone."""
    problems: list[Problem] = []
    common = content.get("common", {})
    uuid = str(common.get("uuid", "")) if isinstance(common, Mapping) else ""
    parts = [f'<{profile.data} {ID}="{data_id(uuid)}">']
    for section, cells in _cells(profile):
        given: Any = content.get(section.key)
        rows: Sequence[Row] = (given or ()) if section.repeat else (given or {},)
        signer = profile.part_signer(section.key)
        for row in rows:
            parts.append(_opening(section, row.get(signer.by, "") if signer else None, uuid))
            _write_row(cells, row, parts, problems, _row_name(section, row))
            parts.append(f"</{section.tag}>")
        if section.repeat and not rows and any(cell.required for cell in cells):
            problems.append(Problem(section.tag, section.label, MISSING))
    parts.append(f"</{profile.data}>")
    return Made("" if problems else "".join(parts), tuple(problems))


def _opening(section: Section, place: str | None, uuid: str) -> str:
    if place is None:
        return f"<{section.tag}>"
    return f'<{section.tag} {ID}="{escaped(part_id(uuid, section.tag, place))}">'


def places_of(profile: Profile, content: Content) -> list[str]:
    """Names of the rows that are signed one by one, in their order; none where the layout has no such signer."""
    signer = next((one for one in profile.signers if one.covers), None)
    if signer is None:
        return []
    rows: Any = content.get(signer.covers) or ()
    return [str(row.get(signer.by, "")) for row in rows]


def _row_name(section: Section, row: Row) -> str:
    """Which row a problem speaks of: its subject, its class."""
    if not section.repeat:
        return ""
    return str(row.get("subject_name") or row.get("class_name") or "")


def _write_row(
    cells: Sequence[_Cell], row: Row, parts: list[str], problems: list[Problem], name: str
) -> None:
    for cell in cells:
        value = row.get(cell.source)
        if value is None or value == "":
            # A null is a tag left out.
            if cell.required:
                problems.append(Problem(cell.tag, _where(cell, name), MISSING))
            continue
        try:
            written = cell.form(value)
        except Unwritable as fault:
            problems.append(Problem(cell.tag, _where(cell, name), fault.said))
            continue
        if not written.strip():
            if cell.required:
                problems.append(Problem(cell.tag, _where(cell, name), MISSING))
            continue
        parts.append(f"{cell.opening}{written}{cell.closing}")


def _where(cell: _Cell, name: str) -> str:
    return f"{cell.label} ({name})" if name else cell.label


@lru_cache(maxsize=16)
def _cells_of(fields: tuple[tuple[str, str, str, bool, str], ...]) -> tuple[_Cell, ...]:
    return tuple(
        _Cell(source, f"<{tag}>", f"</{tag}>", FORMS[kind], required, tag, label)
        for tag, source, kind, required, label in fields
    )


def _cells(profile: Profile) -> list[tuple[Section, tuple[_Cell, ...]]]:
    return [
        (section, _cells_of(tuple((f.tag, f.source, f.type, f.required, f.label) for f in section.fields)))
        for section in profile.sections
    ]


def open_node(
    signer: Signer, uuid: UUID | str, *, signed_at: datetime, personal_id: str = "", place: str = ""
) -> str:
    """The node of a signer with its facts, ready for the Signature: NGAY_KY and SO_CCCD have ids, so that they are signed."""
    name = node_id(uuid, signer.tag, place)
    number = f'<SO_CCCD {ID}="{name}-SC">{escaped(personal_id)}</SO_CCCD>' if signer.personal_id else ""
    return (
        f'<{signer.tag} {ID}="{name}"><NGAY_KY {ID}="{name}-NK">{moment(signed_at)}</NGAY_KY>{number}'
        f"</{signer.tag}>"
    )


def signed_ids(profile: Profile, signer: Signer, uuid: UUID | str, place: str = "") -> list[str]:
    """What a signature covers besides its own time: the data, or its signer's row of it, and the signer's facts."""
    name = node_id(uuid, signer.tag, place)
    section = profile.section(signer.covers) if signer.covers else None
    covered = part_id(uuid, section.tag, place) if section else data_id(uuid)
    return [covered, f"{name}-NK", *([f"{name}-SC"] if signer.personal_id else [])]


def transcript_xml(profile: Profile, data: str, nodes: Iterable[str] = ()) -> str:
    """One transcript without the XML declaration, the nodes in the order given."""
    held = "".join(nodes)
    return (
        f"<{profile.root}>{data}<{profile.signatures}>{held}</{profile.signatures}></{profile.root}>"
        if held
        else f"<{profile.root}>{data}<{profile.signatures}/></{profile.root}>"
    )


def file_bytes(xml: str) -> bytes:
    """A file as it is kept and handed out."""
    return (DECLARATION + xml).encode()


def batch_xml(profile: Profile, batch_id: str, transcripts: Iterable[str]) -> str:
    """Many transcripts under one root, whose organisation signature is set in by whoever sends it."""
    return f'<{profile.batch} {ID}="{escaped(batch_id)}">{"".join(transcripts)}</{profile.batch}>'


def read_content(profile: Profile, data: Any) -> dict[str, Any]:
    """Values by section and source, as text, of an element DU_LIEU_HOC_BA (lxml). What a signer is shown is this.

    Raises TranscriptFault for a tag that the layout does not know.
    """
    found: dict[str, Any] = {s.key: [] if s.repeat else {} for s in profile.sections}
    by_tag = {s.tag: s for s in profile.sections}
    for element in data:
        # Comments and instructions too: they would cut a value in two for one reader and not for another.
        section = by_tag.get(element.tag) if isinstance(element.tag, str) else None
        if section is None:
            raise TranscriptFault(f"{element.tag}: không có trong mẫu {profile.code}")
        sources = {f.tag: f.source for f in section.fields}
        row: dict[str, str] = {}
        for cell in element:
            if cell.tag not in sources or len(cell):
                raise TranscriptFault(f"{section.tag}/{cell.tag}: không có trong mẫu {profile.code}")
            row[sources[cell.tag]] = cell.text or ""
        if section.repeat:
            found[section.key].append(row)
        else:
            found[section.key] = row
    return found


def rewritten(
    profile: Profile, data: Any, values: Mapping[str, Any], uuid: UUID | str
) -> tuple[Problem, ...]:
    """Set values of the common part, by source, in a data part (an lxml tree, changed in place), everything else as it
    stands, under the number of a new version. A value that is None takes a tag away that may be left out. What cannot be
    written is told, and the tree is of no use then."""
    section = profile.sections[0]
    common = next(one for one in data if one.tag == section.tag)
    cells = {cell.tag: cell for cell in common}
    problems = []
    for field in section.fields:
        if field.source not in values:
            continue
        value, cell = values[field.source], cells.get(field.tag)
        if value is None or value == "":
            if field.required:
                problems.append(Problem(field.tag, field.label, MISSING))
            elif cell is not None:
                common.remove(cell)
            continue
        try:
            FORMS[field.type](value)
        except Unwritable as fault:
            problems.append(Problem(field.tag, field.label, fault.said))
            continue
        if cell is None:
            cell = common.makeelement(field.tag)
            later = [f.tag for f in section.fields[section.fields.index(field) + 1 :]]
            after = next((cells[tag] for tag in later if tag in cells), None)
            common.insert(len(common) if after is None else common.index(after), cell)
            cells[field.tag] = cell
        # The tree escapes: what is written is the plain value.
        plain = FORMS[field.type](value)
        cell.text = plain if field.type != "text" else str(value)
    data.set(ID, data_id(uuid))
    return tuple(problems)


@dataclass(frozen=True)
class Change:
    """A value that differs between two versions."""

    section: str
    field: str
    row: str
    before: str
    after: str


# They differ between any two versions of a transcript: no change of what it says.
OF_THE_VERSION = frozenset({"uuid", "created_at", "issued_at"})


def changes(profile: Profile, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What a replacement says otherwise than what it replaces (both as read by read_content)."""
    found: list[Change] = []
    for section in profile.sections:
        olds, news = _rows(section, before), _rows(section, after)
        for key in list(dict.fromkeys([*olds, *news])):
            old, new = olds.get(key, {}), news.get(key, {})
            found += [
                Change(section.label, f.label, key, old.get(f.source, ""), new.get(f.source, ""))
                for f in section.fields
                if f.source not in OF_THE_VERSION and old.get(f.source, "") != new.get(f.source, "")
            ]
    return found


def _rows(section: Section, content: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    given = content.get(section.key)
    if not section.repeat:
        return {"": given or {}}
    return {_row_name(section, row) or str(place): row for place, row in enumerate(given or [])}
