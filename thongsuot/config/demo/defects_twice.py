"""One person in two dossiers, one number on two persons. See defects.py; the ways in which records of a person differ are
those of the field: accents, tone placement, Eth, day and month, order of the words, a typing error, no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.classes import LIMITS
from thongsuot.config.demo.registry.rows import ContactRow, EnrolmentRow
from thongsuot.config.demo.truth import Pair

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

# The two ways to place a tone: "hòa" and "hoà"; not in a closed syllable ("hoàng") and not after q ("quý").
PLACEMENTS = {
    old: new
    for base, pairs in {"oa": ("òóỏõọ", "àáảãạ"), "oe": ("òóỏõọ", "èéẻẽẹ"), "uy": ("ùúủũụ", "ỳýỷỹỵ")}.items()
    for old, new in zip([f"{t}{base[1]}" for t in pairs[0]], [f"{base[0]}{t}" for t in pairs[1]], strict=True)
}
_PLACED = re.compile(rf"(?<![qQ])({'|'.join(PLACEMENTS)})\b")
_D = str.maketrans("Đđ", "\u00d0\u00f0")
# A word that starts a name of a Xơ-đăng, Gié-Triêng or Ba-na: without it, or in another place, in another file.
_FIRST = ("A", "Y")


def no_accents(name: str) -> str:
    bare = unicodedata.normalize("NFD", name)
    return "".join(c for c in bare if not unicodedata.combining(c)).translate(str.maketrans("Đđ", "Dd"))


def other_tone_place(name: str) -> str:
    return _PLACED.sub(lambda found: PLACEMENTS[found[1]], name)


def eth(name: str) -> str:
    return name.translate(_D)


def other_order(name: str) -> str:
    """The given name first, as some files have it."""
    words = name.split(" ")
    return " ".join([words[-1], *words[:-1]])


def typing_error(name: str) -> str:
    """Two letters in the wrong order in the longest word."""
    words = name.split(" ")
    index = max(range(len(words)), key=lambda i: len(words[i]))
    word = words[index]
    words[index] = word[:-2] + word[-1] + word[-2] if len(word) > 2 else word + word[-1]
    return " ".join(words)


def other_minority_form(name: str) -> str:
    """ "A Lâm" without the A, and another apostrophe in "H'Lan"."""
    words = name.split(" ")
    if words[0] in _FIRST and len(words) > 1:
        return " ".join(words[1:])
    return name.replace("'", "\u2019") if "'" in name else name.replace("\u2019", "'")


def _day_and_month(row: Any) -> None:
    born = row.birth_date
    row.birth_date = born.replace(month=born.day, day=born.month)


def _named(change: Callable[[str], str]) -> Callable[[Any], None]:
    def apply(row: Any) -> None:
        row.full_name = change(row.full_name)

    return apply


Variant = tuple[str, Callable[[Any], None], Callable[[Any], bool]]
VARIANTS: tuple[Variant, ...] = (
    ("same", lambda row: None, lambda row: True),
    ("no_accents", _named(no_accents), lambda row: no_accents(row.full_name) != row.full_name),
    ("tone_place", _named(other_tone_place), lambda row: other_tone_place(row.full_name) != row.full_name),
    ("eth", _named(eth), lambda row: "Đ" in row.full_name),
    ("nfd", _named(lambda name: unicodedata.normalize("NFD", name)), lambda row: no_accents(row.full_name) != row.full_name),
    ("day_month", _day_and_month, lambda row: row.birth_date.day <= 12 and row.birth_date.day != row.birth_date.month),
    ("order", _named(other_order), lambda row: " " in row.full_name and row.ethnicity == "01"),
    ("typing_error", _named(typing_error), lambda row: len(row.full_name) > 8),
    ("minority_form", _named(other_minority_form), lambda row: other_minority_form(row.full_name) != row.full_name),
)  # fmt: skip


AS_DEFECT = {"eth": "student.full_name.eth", "nfd": "student.full_name.nfc"}


def _twice(shop: Workshop, code: str) -> bool:
    """A second dossier at another school, with a place in a class there."""
    name, change, fits = VARIANTS[len(shop.truth.pairs) % len(VARIANTS)]
    seat: Any = shop.take("seats", lambda one: fits(one.student) and _elsewhere(shop, one) is not None)
    if seat is None:
        # No such name in a tiny province: the plainest kind of double instead.
        name, change, _ = VARIANTS[0]
        seat = shop.take("seats", lambda one: _elsewhere(shop, one) is not None)
    if seat is None:
        return False
    has_number = len(shop.truth.pairs) % 2 == 0
    second = _second(shop, seat, _elsewhere(shop, seat), has_number, code)
    change(second)
    # The spell that was made with it.
    shop.rows.enrolments[-1].student_name = second.full_name
    shop.truth.pairs.append(Pair(seat.student.id, second.id, name))
    if has_number:
        for row in (seat.student, second):
            shop.truth.add("student", row.id, "student.personal_id.duplicate_in_province")
    if name in AS_DEFECT:
        shop.truth.add("student", second.id, AS_DEFECT[name])
    return True


def _twice_here(shop: Workshop, code: str) -> bool:
    """A second dossier at the same school, in a class beside: imported twice, the second time without the number."""

    def beside(seat: Any) -> Any:
        rooms = shop.at("classes", seat.school.unit_id)
        return next(
            (r for r in rooms if r.grade == seat.grade and shop.counts[r.id] < LIMITS[r.grade] - 3), None
        )

    seat: Any = shop.take("seats", lambda one: beside(one) is not None)
    if seat is None:
        return False
    second = _second(shop, seat, beside(seat), False, code)
    shop.truth.pairs.append(Pair(seat.student.id, second.id, "same"))
    return True


def _second(shop: Workshop, seat: Any, room: Any, has_number: bool, code: str) -> Any:
    """The other dossier of the same person, in the class `room`; both are written into the truth."""
    first = seat.student
    second = replace(
        first,
        id=len(shop.rows.students) + 1,
        unit_id=room.unit_id,
        public_id=shop.persons.public_id(),
        personal_id=first.personal_id if has_number else "",
        ministry_code=shop.persons.ministry_code(seat.school.commune) if first.ministry_code else "",
        identity_status="waiting" if has_number else "not_sent",
        identity_checked_at=None,
    )
    second.local_code = f"HS{second.id:07d}"
    second.provisional_code = "" if second.ministry_code else f"TAM-{second.id:07d}"
    shop.rows.students.append(second)
    shop.touch("student", second.id)
    _place(shop, seat, second, room)
    for row in (first, second):
        shop.truth.add("student", row.id, code)
    if not has_number:
        shop.truth.add("student", second.id, "student.personal_id.missing")
    return second


def _elsewhere(shop: Workshop, seat: Any) -> Any:
    """The first class of the same grade at another school that has a place left."""
    for room in shop.rooms_of(seat.grade):
        if room.unit_id != seat.school.unit_id and shop.counts[room.id] < LIMITS[seat.grade] - 3:
            return room
    return None


def _place(shop: Workshop, seat: Any, second: Any, room: Any) -> None:
    shop.counts[room.id] += 1
    shop.rows.add(
        "enrolments",
        EnrolmentRow,
        student_id=second.id,
        unit_id=room.unit_id,
        school_year_id=room.school_year_id,
        school_class_id=room.id,
        grade=seat.grade,
        entered_on=room.valid_from,
        student_name=second.full_name,
        entry_type="new",
    )
    for contact in shop.contacts_of(seat.student.id)[:1]:
        shop.rows.add(
            "contacts",
            ContactRow,
            student_id=second.id,
            relation=contact.relation,
            full_name=contact.full_name,
            birth_year=contact.birth_year,
            phone=contact.phone,
        )


def _shared(field: str, same_school: bool) -> Callable[[Workshop, str], bool]:
    """A number of one pupil on another."""

    def spoil(shop: Workshop, code: str) -> bool:
        first: Any = shop.take("seats", lambda one: bool(getattr(one.student, field)))
        if first is None:
            return False
        second: Any = shop.take(
            "seats",
            lambda one: (
                (one.school is first.school) == same_school
                and bool(getattr(one.student, field))
                # The number fits both, so that nothing else is wrong with it.
                and one.student.gender == first.student.gender
                and one.student.birth_date.year == first.student.birth_date.year
            ),
        )
        if second is None:
            return False
        setattr(second.student, field, getattr(first.student, field))
        for seat in (first, second):
            shop.truth.add("student", seat.student.id, code)
        return True

    return spoil


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    ("student.personal_id.duplicate_in_school", 0.0002, _shared("personal_id", True)),
    ("student.personal_id.duplicate_in_province", 0.0003, _shared("personal_id", False)),
    ("student.ministry_code.duplicate", 0.0002, _shared("ministry_code", False)),
    ("student.record.duplicate", 0.002, _twice),
    ("student.record.duplicate_in_school", 0.0003, _twice_here),
)
