"""Words that mean many units at once ("các trường THPT", "UBND các xã, phường, đặc khu"). Pure.

Each reader takes the canonical words, the context and all units, and answers a group or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..types import EducationLevel, SchoolType, UnitKind


@dataclass(frozen=True)
class NamedUnit:
    """A unit as matching sees it. names: canonical, the official one first; body_id: the commune or
    department it belongs to.
    """

    id: int
    kind: str
    name: str
    names: tuple[str, ...]
    parent_id: int | None
    levels: frozenset[str] = frozenset()
    school_type: str = ""


@dataclass(frozen=True)
class Context:
    """Who wrote the words. body_id is the commune, the department, or (for a school) the school itself."""

    kind: str
    body_id: int | None

    @property
    def is_commune(self) -> bool:
        return self.kind in (UnitKind.COMMUNE, UnitKind.COMMUNE_OFFICE)

    @property
    def is_school(self) -> bool:
        return self.kind == UnitKind.SCHOOL


@dataclass(frozen=True)
class Group:
    label: str
    unit_ids: tuple[int, ...]
    score: float = 1.0


# Words that name nobody in particular: a person has to say who is meant.
VAGUE = re.compile(
    r"\b(?:lien quan|cap tren|cap co tham quyen|ca nhan|to chuc khac)\b"
    r"|^(?:cac )?(?:co quan|don vi|co quan don vi|bo phan)$"
)

_KINDS = r"(?:xa|phuong|dac khu|thi tran)"
_SOME_KINDS = rf"((?:cac |cap )?{_KINDS}(?: (?:cac )?{_KINDS})*)"
_IN_PROVINCE = r"(?: (?:tren dia ban|trong|thuoc)(?: toan)? tinh(?: [a-z ]+)?)?"
_COMMUNES = re.compile(rf"^(?:uy ban nhan dan |lanh dao )?{_SOME_KINDS}{_IN_PROVINCE}$")
_COMMUNE_OFFICE = re.compile(
    rf"^(cac )?phong van hoa xa hoi(?: (?:cua |thuoc )?(?:uy ban nhan dan )?{_SOME_KINDS})?{_IN_PROVINCE}$"
)
_OFFICES = re.compile(
    r"^(cac )?phong(?: ban)?((?: (?:chuyen mon|nghiep vu|chuc nang))*)(?: khac)?"
    r"((?: (?:thuoc|cua|truc thuoc))? (?:so|co quan so)(?: giao duc dao tao)?"
    r"| thuoc uy ban nhan dan (?:xa|phuong))?$"
)
_LOCALITIES = re.compile(rf"^(?:cac )?dia phuong{_IN_PROVINCE}$")
_SCHOOL_HEAD = re.compile(
    r"^(cac )?(don vi truong hoc|truong hoc|co so giao duc|don vi giao duc|nha truong|truong"
    r"|don vi su nghiep|don vi(?= truc thuoc)|trung tam)"
)
_LEVELS: dict[str, tuple[EducationLevel, ...]] = {
    "mam non": (EducationLevel.PRESCHOOL,),
    "mau giao": (EducationLevel.PRESCHOOL,),
    "tieu hoc": (EducationLevel.PRIMARY,),
    "trung hoc co so": (EducationLevel.LOWER_SECONDARY,),
    "trung hoc pho thong": (EducationLevel.UPPER_SECONDARY,),
    "pho thong": (EducationLevel.PRIMARY, EducationLevel.LOWER_SECONDARY, EducationLevel.UPPER_SECONDARY),
    "giao duc thuong xuyen": (EducationLevel.CONTINUING,),
    "giao duc nghe nghiep giao duc thuong xuyen": (EducationLevel.CONTINUING,),
}
_TYPES = {
    "cong lap": (SchoolType.PUBLIC,),
    "ngoai cong lap": (SchoolType.PRIVATE, SchoolType.PEOPLE_FOUNDED),
    "tu thuc": (SchoolType.PRIVATE,),
    "dan lap": (SchoolType.PEOPLE_FOUNDED,),
}
_OF_DEPARTMENT = re.compile(r"(?:truc thuoc|thuoc|cua)(?: so(?: giao duc dao tao)?)")
_OF_COMMUNE = re.compile(
    rf"(?:truc thuoc|thuoc|cua|do)(?: uy ban nhan dan)?(?: cac| cap)? {_KINDS}(?: (?:cac )?{_KINDS})*"
    r"(?: quan ly)?"
)
_ANYWHERE = re.compile(
    rf"(?:tren dia ban|trong|toan|thuoc)(?: toan)? (?:{_KINDS}|tinh|nganh)(?: quang ngai)?|tren dia ban"
    r"|cac cap hoc|cac cap|truong hoc|thuoc pham vi quan ly"
)


def read_group(words: str, context: Context, units: Iterable[NamedUnit]) -> Group | None:
    """The units that `words` (canonical) stand for when `context` writes them; None when they are no
    group.
    """
    units = tuple(units)
    for reader in (_communes, _commune_offices, _department_offices, _schools):
        group = reader(words, context, units)
        if group is not None and group.unit_ids:
            return group
    return None


def _communes(words: str, context: Context, units: tuple[NamedUnit, ...]) -> Group | None:
    if _LOCALITIES.match(words) and not context.is_commune:
        return Group("Các địa phương (UBND các xã, phường, đặc khu)", _ids(units, UnitKind.COMMUNE), 0.8)
    found = _COMMUNES.match(words)
    if not found:
        return None
    named = found[1]
    if context.is_commune and not _is_plural(named):
        return Group("", tuple(u.id for u in units if u.id == context.body_id))
    kinds = set(re.findall(_KINDS, named))
    if "cap" in named or kinds >= {"xa", "phuong"}:
        return Group("UBND các xã, phường, đặc khu", _ids(units, UnitKind.COMMUNE))
    chosen = tuple(
        u.id
        for u in units
        if u.kind == UnitKind.COMMUNE and any(f" {kind} " in f" {u.names[0]} " for kind in kinds)
    )
    words_of = {"xa": "xã", "phuong": "phường", "dac khu": "đặc khu", "thi tran": "thị trấn"}
    label = "UBND các " + ", ".join(words_of[kind] for kind in sorted(kinds))
    return Group(label, chosen, 1.0 if _is_plural(named) else 0.9)


def _is_plural(words: str) -> bool:
    return words.startswith(("cac ", "cap ")) or " cac " in words or len(re.findall(_KINDS, words)) > 1


def _commune_offices(words: str, context: Context, units: tuple[NamedUnit, ...]) -> Group | None:
    found = _COMMUNE_OFFICE.match(words)
    if not found:
        return None
    plural = bool(found[1]) or (found[2] is not None and _is_plural(found[2]))
    if context.is_commune and not plural:
        own = tuple(
            u.id for u in units if u.kind == UnitKind.COMMUNE_OFFICE and u.parent_id == context.body_id
        )
        return Group("", own)
    return Group(
        "Phòng Văn hóa - Xã hội các xã, phường, đặc khu",
        _ids(units, UnitKind.COMMUNE_OFFICE),
        1.0 if plural else 0.9,
    )


def _department_offices(words: str, context: Context, units: tuple[NamedUnit, ...]) -> Group | None:
    found = _OFFICES.match(words)
    if not found or not any(found.groups()):
        return None
    if context.is_commune and not (found[3] or "").rstrip().endswith(("so", "giao duc dao tao")):
        own = tuple(
            u.id for u in units if u.kind == UnitKind.COMMUNE_OFFICE and u.parent_id == context.body_id
        )
        return Group("Các phòng chuyên môn thuộc UBND xã", own, 0.8)
    # "Phòng" leaves out the department's Văn phòng and Thanh tra, which documents name apart.
    offices = tuple(
        u.id for u in units if u.kind == UnitKind.DEPARTMENT_OFFICE and u.names[0].startswith("phong ")
    )
    return Group("Các phòng chuyên môn, nghiệp vụ thuộc Sở", offices)


def _schools(words: str, context: Context, units: tuple[NamedUnit, ...]) -> Group | None:
    head = _SCHOOL_HEAD.match(words)
    if not head:
        return None
    rest, wanted = _Wanted.read(words[head.end() :])
    if rest or (head[2] == "trung tam" and not wanted.levels):
        return None
    if context.is_school:
        return Group("", tuple(u.id for u in units if u.id == context.body_id))
    if head[2].startswith("don vi") and "truc thuoc" in words and not context.is_commune:
        wanted.managed_by = "department"
    return Group(
        wanted.label(context),
        tuple(u.id for u in units if u.kind == UnitKind.SCHOOL and wanted.takes(u, context, units)),
    )


class _Wanted:
    """The qualifiers after "các trường ...": levels, kind of founder, and whose schools."""

    def __init__(self) -> None:
        self.levels: list[EducationLevel] = []
        self.types: list[SchoolType] = []
        self.managed_by = ""  # "", department, commune, issuer

    @classmethod
    def read(cls, words: str) -> tuple[str, _Wanted]:
        """What could not be read is answered first: then the words are a name and no group."""
        wanted, rest = cls(), words.strip()
        while rest:
            taken = wanted._take(rest)
            if not taken:
                break
            rest = rest[taken:].strip()
        return rest, wanted

    def _take(self, rest: str) -> int:
        if level := _first_word(_LEVELS, rest):
            self.levels.extend(_LEVELS[level])
            return len(level)
        if kind := _first_word(_TYPES, rest):
            self.types.extend(_TYPES[kind])
            return len(kind)
        for pattern, managed_by in (
            (_OF_DEPARTMENT, "department"),
            (_OF_COMMUNE, "commune"),
            (_ANYWHERE, ""),
        ):
            found = pattern.match(rest)
            if found and (found.end() == len(rest) or rest[found.end()] == " "):
                self.managed_by = self.managed_by or managed_by
                return found.end()
        if re.match(r"truc thuoc\b", rest):
            self.managed_by = "issuer"
            return len("truc thuoc")
        return 0

    def takes(self, unit: NamedUnit, context: Context, units: tuple[NamedUnit, ...]) -> bool:
        if self.levels and not unit.levels.intersection(self.levels):
            return False
        if self.types and unit.school_type not in self.types:
            return False
        if self.managed_by == "department":
            return unit.parent_id in _ids(units, UnitKind.DEPARTMENT)
        if context.is_commune or self.managed_by == "issuer":
            return unit.parent_id == context.body_id
        if self.managed_by == "commune":
            return unit.parent_id not in _ids(units, UnitKind.DEPARTMENT)
        return True

    def label(self, context: Context) -> str:
        parts = ["Các cơ sở giáo dục"]
        parts += (
            [", ".join(str(level.label).lower() for level in dict.fromkeys(self.levels))]
            if self.levels
            else []
        )
        parts += (
            [", ".join(str(kind.label).lower() for kind in dict.fromkeys(self.types))] if self.types else []
        )
        if self.managed_by == "department" or (self.managed_by == "issuer" and not context.is_commune):
            parts.append("trực thuộc Sở")
        elif context.is_commune:
            parts.append("thuộc xã")
        elif self.managed_by == "commune":
            parts.append("thuộc UBND các xã, phường, đặc khu")
        else:
            parts.append("trên địa bàn tỉnh")
        return " ".join(parts)


def _first_word(words: Iterable[str], rest: str) -> str:
    """The longest of `words` that `rest` begins with, "" if none."""
    longest_first = sorted(words, key=len, reverse=True)
    return next((word for word in longest_first if re.match(rf"{word}\b", rest)), "")


def _ids(units: tuple[NamedUnit, ...], kind: UnitKind) -> tuple[int, ...]:
    return tuple(u.id for u in units if u.kind == kind)
