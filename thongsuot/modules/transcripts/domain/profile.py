"""Layouts of transcripts as data: data/transcripts/*.json with `sections` (README beside them). Pure.

A circular or a re-issued specification is a new file; transcripts keep the code of the layout they were made in.
"""

from __future__ import annotations

from collections.abc import Iterable
from json import loads
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Given

from ..types import SignerRole, TranscriptFault, TranscriptKind

Confidence = Literal["V", "V2", "M", "I"]
FieldType = Literal["text", "number", "date", "datetime", "uuid", "personal_id", "yes_no"]
TAG = r"^[A-Z][A-Z0-9_]*$"


class Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Layout = TypeVar("Layout", bound=Plain)


class Field(Plain):
    """One tag. source: the value's name in the content of its section; required: X in the specification; only: the one
    value that a file of this layout has here; decimals: how many places a mark is read with, whatever the file writes;
    shown: a code that only programs read is not put before people (its name stands beside it)."""

    tag: str = Given(pattern=TAG)
    label: str
    source: str
    type: FieldType = "text"
    required: bool = True
    note: str = ""
    confidence: Confidence | None = None
    only: str = ""
    decimals: int | None = None
    shown: bool = True


class Section(Plain):
    """A group of tags; `repeat`: as often as there are rows (subjects, past years)."""

    tag: str = Given(pattern=TAG)
    key: str
    label: str
    repeat: bool = False
    confidence: Confidence = "V"
    note: str = ""
    fields: tuple[Field, ...] = Given(min_length=1)


class Signer(Plain):
    """A place in the chain, in the order of signing. personal_id: the node tells the signer's number (SO_CCCD).

    covers: the section of which each signature covers one row, the one that its signer answers for; "" for all data.
    by: what names that row (a source of the section), and with it the place of the signature.
    """

    tag: str = Given(pattern=TAG)
    role: SignerRole
    label: str
    required: bool
    personal_id: bool
    repeat: bool = False
    covers: str = ""
    by: str = ""
    confidence: Confidence = "V"


class SigningTime(Plain):
    """How the signing time in Signature/Object/SignatureProperties/SignatureProperty is written."""

    namespace: str = Given(pattern=r"^[A-Za-z0-9:/.#_-]+$")
    confidence: Confidence
    note: str = ""


class Applies(Plain):
    """From which school year (its first calendar year) on a level uses the layout; to_year: the last one."""

    level: str
    from_year: int
    to_year: int | None = None


class Profile(Plain):
    """kind: what its transcripts speak of. A layout of another kind is told by a tag with a value of its own (`only`)."""

    code: str
    title: str
    kind: TranscriptKind = TranscriptKind.YEAR
    spec_version: str
    legal_source: str
    confidence: Confidence
    note: str = ""
    applies: tuple[Applies, ...]
    level_code: str = ""
    level_codes: dict[str, str] = {}
    root: str = Given(pattern=TAG)
    data: str = Given(pattern=TAG)
    signatures: str = Given(pattern=TAG)
    batch: str = Given(pattern=TAG)
    # What is written where a source is empty: a field of the specification that the world no longer has.
    defaults: dict[str, str] = {}
    default_confidence: Confidence = "I"
    sections: tuple[Section, ...]
    signing_time: SigningTime
    signers: tuple[Signer, ...]

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def signer(self, role: str) -> Signer | None:
        return next((one for one in self.signers if one.role == role), None)

    def part_signer(self, key: str) -> Signer | None:
        """Who signs single rows of a section; None where nobody does."""
        return next((one for one in self.signers if one.covers and one.covers == key), None)

    def level_code_of(self, level: str) -> str:
        return self.level_codes.get(level, self.level_code)

    def level_of(self, code: str) -> str:
        """The level that a file names by `code`; the first of the layout when it names none that is known."""
        by_code = {self.level_code_of(rule.level): rule.level for rule in self.applies}
        return by_code.get(code, self.applies[0].level)

    @property
    def fixed(self) -> dict[str, str]:
        """Values of the first section that say which layout this is, by source."""
        return {one.source: one.only for one in self.sections[0].fields if one.only}


class Variant(Plain):
    """A layout told as what differs from another one. required: by section, the only tags that stay mandatory there;
    adds: fields after those of the section; drops: tags that are left out."""

    code: str
    extends: str
    kind: TranscriptKind
    title: str
    legal_source: str
    confidence: Confidence
    note: str = ""
    required: dict[str, tuple[str, ...]] = {}
    adds: dict[str, tuple[Field, ...]] = {}
    drops: tuple[str, ...] = ()
    signers: tuple[Signer, ...]

    def of(self, base: Profile) -> Profile:
        told = {"code", "kind", "title", "legal_source", "confidence", "note", "signers"}
        sections = tuple(self._section(one) for one in base.sections)
        return base.model_copy(update={**{name: getattr(self, name) for name in told}, "sections": sections})

    def _section(self, section: Section) -> Section:
        wanted = self.required.get(section.key)
        fields = [
            one if wanted is None else one.model_copy(update={"required": one.tag in wanted})
            for one in section.fields
            if one.tag not in self.drops
        ]
        return section.model_copy(update={"fields": (*fields, *self.adds.get(section.key, ()))})


def excludes(one: Profile, other: Profile) -> bool:
    """Whether no file of `other` fits the schema of `one`, seen from a tag or an id that one of them must have and the other
    cannot. False: they may be told apart by more."""
    if [each.tag for each in one.sections] != [each.tag for each in other.sections]:
        return True
    for mine, theirs in zip(one.sections, other.sections, strict=True):
        if bool(one.part_signer(mine.key)) != bool(other.part_signer(theirs.key)):
            return True
        tags, their_tags = {f.tag for f in mine.fields}, {f.tag for f in theirs.fields}
        if {f.tag for f in mine.fields if f.required} - their_tags or {
            f.tag for f in theirs.fields if f.required
        } - tags:
            return True
    return False


def load_profiles(folder: Path) -> dict[str, Profile]:
    """All layouts by code. Raises TranscriptFault naming file and field; ones that speak of the same tag twice, or build
    on a layout that is not there."""
    found: dict[str, Profile] = {}
    files: dict[str, str] = {}
    variants: list[tuple[str, Variant]] = []
    for path in sorted(folder.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        if '"sections"' in text:
            profile = _read(path.name, text, Profile)
            found[profile.code], files[profile.code] = profile, path.name
        elif "extends" in loads(text):
            variants.append((path.name, _read(path.name, text, Variant)))
    for name, variant in variants:
        if variant.extends not in found:
            raise TranscriptFault(f"{name}: extends: không có mẫu {variant.extends}")
        found[variant.code], files[variant.code] = variant.of(found[variant.extends]), name
    for code, profile in found.items():
        _once(files[code], profile)
        _parts_exist(files[code], profile)
    return found


def _read(name: str, text: str, kind: type[Layout]) -> Layout:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first: Any = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise TranscriptFault(f"{name}: {where}: {first['msg']}") from error


def _once(name: str, profile: Profile) -> None:
    lists = [[s.tag for s in profile.sections], [s.tag for s in profile.signers]]
    lists += [[f.tag for f in section.fields] for section in profile.sections]
    for tags in lists:
        doubled = {tag for tag in tags if tags.count(tag) > 1}
        if doubled:
            raise TranscriptFault(f"{name}: {', '.join(sorted(doubled))} có hai lần")


def _parts_exist(name: str, profile: Profile) -> None:
    for signer in profile.signers:
        section = profile.section(signer.covers) if signer.covers else None
        if not signer.covers:
            continue
        if section is None or not section.repeat or signer.by not in {f.source for f in section.fields}:
            raise TranscriptFault(f"{name}: {signer.tag}: covers, by")


def profile_in_force(
    profiles: Iterable[Profile], *, level: str, first_year: int, kind: str = TranscriptKind.YEAR
) -> Profile | None:
    """The layout that a level uses in the school year that begins in `first_year`: the one that began last. A paper
    transcript is digitised in the layout of today, whatever its year: the oldest one holds for years before it."""
    of_kind = [one for one in profiles if one.kind == kind]
    if kind == TranscriptKind.DIGITISED and of_kind:
        first_year = max(first_year, min(rule.from_year for one in of_kind for rule in one.applies))
    holding = [
        (rule.from_year, profile.code, profile)
        for profile in of_kind
        for rule in profile.applies
        if rule.level == level
        and rule.from_year <= first_year
        and (rule.to_year is None or first_year <= rule.to_year)
    ]
    return max(holding, key=lambda one: one[:2])[2] if holding else None
