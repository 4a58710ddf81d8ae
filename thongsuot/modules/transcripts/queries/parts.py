"""Rows of transcripts that their own signers sign: what each says, whom it names, what is left to be signed by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lxml import etree

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import unseal_many

from ..domain.chain import NAMED_IN_ROW, Part, parts
from ..models import Objection, Transcript, TranscriptSignature
from ..permissions import own_staff_ids, signable_by
from ..types import SignerRole, TranscriptState
from .layouts import profile_named
from .reading import shown_row

Places = Mapping[int, Collection[str]]


def _read(rows: Iterable[Transcript], places: Places | None = None) -> list[tuple[Transcript, list[Part]]]:
    """The rows of each, read out of the data that are signed; with `places` by transcript these alone."""
    transcripts = [row for row in rows if row.places]
    data = unseal_many(row.data_sealed for row in transcripts)
    return [
        (
            row,
            parts(
                profile_named(row.profile),
                etree.fromstring(xml),
                None if places is None else places.get(row.pk, ()),
            ),
        )
        for row, xml in zip(transcripts, data, strict=True)
    ]


def part_digests(rows: Iterable[Transcript], places: Places | None = None) -> dict[tuple[int, str], str]:
    """SHA-256, in hex, of each row as canonical XML, by (transcript, place): what is shown is what is signed."""
    return {
        (row.pk, one.place): sha256(etree.tostring(one.element, method="c14n", with_tail=False)).hexdigest()
        for row, found in _read(rows, places)
        for one in found
    }


def named_in_parts(rows: Iterable[Transcript], places: Places | None = None) -> dict[tuple[int, str], str]:
    """The personal id that each row names, by (transcript, place)."""
    _name, number = NAMED_IN_ROW
    return {
        (row.pk, one.place): one.row.get(number, "") for row, found in _read(rows, places) for one in found
    }


@dataclass(frozen=True)
class ShownPart:
    """A pupil's row as its signer is shown it; cells in the order of `PartList.headings`."""

    transcript: Transcript
    place: str
    cells: Sequence[str]
    headings: Sequence[str] = ()

    @property
    def labelled(self) -> list[tuple[str, str]]:
        return list(zip(self.headings, self.cells, strict=True))

    @property
    def key(self) -> str:
        return f"{self.transcript.pk}:{self.place}"


@dataclass(frozen=True)
class PartList:
    """A subject of a class."""

    school_class: Any
    place: str
    name: str
    headings: Sequence[str]
    rows: Sequence[ShownPart]


def part_lists(actor: Actor, *, unit_id: int, school_class_id: int | None = None) -> list[PartList]:
    """What the actor may sign now of subjects, with all that is signed: by class and subject, in the order of a register.
    Nothing else of the transcripts is read out."""
    rows, due = _due(actor, unit_id, school_class_id)
    groups: dict[tuple[int, str], list[tuple[Transcript, Part]]] = defaultdict(list)
    for row, found in _read(rows, due):
        for one in found:
            groups[row.school_class_id, one.place].append((row, one))
    return [_list(group) for group in groups.values()]


def _list(group: Sequence[tuple[Transcript, Part]]) -> PartList:
    row, part = group[0]
    profile = profile_named(row.profile)
    signer = profile.signer(SignerRole.SUBJECT)
    section = profile.section(signer.covers) if signer else None
    if section is None:
        raise LookupError(row.profile)
    hidden = {"subject_code", "subject_name", *NAMED_IN_ROW}
    used = [
        f
        for f in section.fields
        if f.source not in hidden and any(f.source in one.row for _row, one in group)
    ]
    return PartList(
        row.school_class,
        part.place,
        part.name,
        headings := [f.label for f in used],
        [ShownPart(one, each.place, shown_row(used, each.row), headings) for one, each in group],
    )


def _due(
    actor: Actor, unit_id: int, school_class_id: int | None = None
) -> tuple[list[Transcript], Mapping[int, set[str]]]:
    """Transcripts with rows that wait for the actor, and those rows."""
    own = set(own_staff_ids(actor))
    rows = Transcript.objects.filter(
        signable_by(actor, SignerRole.SUBJECT),
        unit_id=unit_id,
        state=TranscriptState.INITIALISED,
        places_left__gt=0,
    ).exclude(pk__in=open_objections(unit_id))
    if school_class_id is not None:
        rows = rows.filter(school_class_id=school_class_id)
    found = list(
        rows.select_related("school_class").order_by(
            "school_class__grade", "school_class__name", "sort_key", "pk"
        )
    )
    signed = signed_places(one.pk for one in found)
    due = {
        row.pk: {
            place
            for place, staff in zip(row.places, row.place_staff, strict=True)
            if staff in own and place not in signed[row.pk]
        }
        for row in found
    }
    return [row for row in found if due[row.pk]], due


def parts_waiting(actor: Actor, unit_id: int, school_class_id: int | None = None) -> int:
    """How many rows wait for the actor's signature."""
    rows, due = _due(actor, unit_id, school_class_id)
    return sum(len(due[row.pk]) for row in rows)


def own_parts(actor: Actor) -> list[tuple[Transcript, int, bool]]:
    """(one transcript of the class, rows that wait for the actor, are all of the summer's), class by class; two
    statements, without the data."""
    own = set(own_staff_ids(actor))
    rows = (
        Transcript.objects.filter(
            signable_by(actor, SignerRole.SUBJECT), state=TranscriptState.INITIALISED, places_left__gt=0
        )
        .exclude(pk__in=open_objections())
        .select_related("unit", "school_year")
        .only(
            "unit__name", "school_year", "school_class_id", "class_name", "places", "place_staff", "is_supplementary",
            "level",
        )
    )  # fmt: skip
    found = list(rows.order_by("class_name", "school_class_id", "pk"))
    signed = signed_places(one.pk for one in found)
    groups: dict[int, tuple[Transcript, int, bool]] = {}
    for row in found:
        named = zip(row.places, row.place_staff, strict=True)
        due = sum(staff in own and place not in signed[row.pk] for place, staff in named)
        if due:
            first, number, summer = groups.get(row.school_class_id, (row, 0, True))
            groups[row.school_class_id] = (first, number + due, summer and row.is_supplementary)
    return list(groups.values())


def open_objections(unit_id: int | None = None) -> Any:
    """Transcripts that somebody has refused to sign, until it is settled; for another statement."""
    rows = Objection.objects.filter(settled_at__isnull=True).order_by()
    return (rows if unit_id is None else rows.filter(unit_id=unit_id)).values("transcript_id")


def signed_places(ids: Iterable[int]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = TranscriptSignature.objects.filter(transcript__in=list(ids), role=SignerRole.SUBJECT)
    for key, place in rows.values_list("transcript_id", "place"):
        found[key].add(place)
    return found
