"""Defects of pupils, their parents, spells and dated facts: each spoils one row. See defects.py."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from thongsuot.kit.text.vietnamese import fold

if TYPE_CHECKING:
    from thongsuot.config.demo.defects import Workshop

# Old communes (before 1 July 2025) whose codes are no longer valid.
OLD_COMMUNES = ("21010", "21013", "21022", "21175", "21442", "23305")
# How "ê", "ễ" ... look when a TCVN3 text is read as Latin-1.
LEGACY = str.maketrans(
    {"ễ": "Ô", "ầ": "Ç", "ạ": "¹", "ị": "Þ", "ă": "¨", "ê": "ª", "ồ": "å", "ư": "\u00ad", "ơ": "¬", "â": "©"}
)


def _student(change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool] = lambda seat: True) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        seat: Any = shop.take("seats", fits)
        if seat is None:
            return False
        change(shop, seat)
        if seat.spell is not None and "full_name" in code:
            seat.spell.student_name = seat.student.full_name
        shop.truth.add("student", seat.student.id, code)
        return True

    return spoil


def _spell(change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool] = lambda seat: True) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        seat: Any = shop.take("seats", fits)
        if seat is None or seat.spell is None:
            return False
        change(shop, seat)
        shop.truth.add("enrolment", seat.spell.id, code)
        # A pupil with a broken spell is not a clean pupil either.
        shop.truth.add("student", seat.student.id, code)
        return True

    return spoil


def _row(pool: str, kind: str, change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool]) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        row: Any = shop.take(
            pool, lambda one: fits(one) and (kind != "contact" or one.id not in shop.dropped)
        )
        if row is None:
            return False
        change(shop, row)
        shop.truth.add(kind, row.id, code)
        return True

    return spoil


def _set(field: str, value: Any) -> Callable[[Workshop, Any], None]:
    return lambda shop, seat: setattr(seat.student, field, value)


def _number(change: Callable[[str], str]) -> Callable[[Workshop, Any], None]:
    """Changes the personal id."""
    return lambda shop, seat: setattr(seat.student, "personal_id", change(seat.student.personal_id))


def _name(change: Callable[[str], str]) -> Callable[[Workshop, Any], None]:
    return lambda shop, seat: setattr(seat.student, "full_name", change(seat.student.full_name))


def _other_sex(number: str) -> str:
    return f"{number[:3]}{int(number[3]) ^ 1}{number[4:]}"


def _other_year(number: str) -> str:
    return f"{number[:4]}{(int(number[4:6]) + 7) % 100:02d}{number[6:]}"


def _born(years: int) -> Callable[[Workshop, Any], None]:
    """Moves the birth, and gives a personal id that agrees: only the age is odd."""

    def change(shop: Workshop, seat: Any) -> None:
        student = seat.student
        student.birth_date = student.birth_date.replace(
            year=student.birth_date.year + years, day=min(student.birth_date.day, 28)
        )
        student.personal_id = shop.persons.personal_id(
            student.birth_date, student.gender, student.personal_id[:3]
        )

    return change


def _in_future(shop: Workshop, seat: Any) -> None:
    seat.student.birth_date = shop.world.today + timedelta(days=200 + shop.rng.randrange(100))
    seat.student.personal_id = shop.persons.personal_id(
        seat.student.birth_date, seat.student.gender, seat.student.personal_id[:3]
    )


def _year_only(shop: Workshop, seat: Any) -> None:
    seat.student.birth_date = seat.student.birth_date.replace(month=1, day=1)
    seat.student.is_birth_year_only = True


def _status(status: str) -> Callable[[Workshop, Any], None]:
    def change(shop: Workshop, seat: Any) -> None:
        seat.student.identity_status, seat.student.identity_checked_at = status, seat.student.updated_at

    return change


def _stale(shop: Workshop, seat: Any) -> None:
    seat.student.updated_at -= timedelta(days=700)


def _no_parents(shop: Workshop, seat: Any) -> None:
    shop.dropped |= {one.id for one in shop.contacts_of(seat.student.id)}


def _other_grade(shop: Workshop, seat: Any) -> None:
    seat.spell.grade = seat.grade - 1


def _is_general(seat: Any) -> bool:
    return 2 <= seat.grade <= 12


def _has(letters: str) -> Callable[[Any], bool]:
    return lambda seat: any(letter in seat.student.full_name for letter in letters)


def _has_marks(seat: Any) -> bool:
    return fold(seat.student.full_name) != seat.student.full_name.lower()


def _is_long(seat: Any) -> bool:
    return len(seat.student.full_name.split(" ")) > 2


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    # First: no other defect falls on a contact that goes.
    ("student.contacts.missing", 0.0006, _student(_no_parents)),
    ("student.personal_id.missing", 0.0012, _student(_number(lambda number: ""))),
    ("student.personal_id.length", 0.0006, _student(_number(lambda number: number[:-1]))),
    ("student.personal_id.format", 0.0003, _student(_number(lambda number: f"{number[:7]}O{number[8:]}"))),
    ("student.personal_id.province", 0.0003, _student(_number(lambda number: f"099{number[3:]}"))),
    ("student.personal_id.gender", 0.0008, _student(_number(_other_sex))),
    ("student.personal_id.century", 0.0003, _student(_number(lambda n: f"{n[:3]}{int(n[3]) - 2}{n[4:]}"))),
    ("student.personal_id.birth_year", 0.0008, _student(_number(_other_year))),
    ("student.full_name.nfc", 0.0006, _student(_name(lambda n: unicodedata.normalize("NFD", n)), _has_marks)),
    ("student.full_name.eth", 0.0006, _student(_name(lambda n: n.replace("Đ", "\u00d0")), _has("Đ"))),
    ("student.full_name.spaces", 0.0004, _student(_name(lambda n: n.replace(" ", "  ", 1)), lambda s: " " in s.student.full_name)),
    ("student.full_name.nbsp", 0.0002, _student(_name(lambda n: n.replace(" ", "\u00a0", 1)), lambda s: " " in s.student.full_name)),
    ("student.full_name.capitals", 0.0004, _student(_name(str.upper), _is_long)),
    ("student.full_name.lower_case", 0.0002, _student(_name(str.lower), _is_long)),
    ("student.full_name.digits", 0.0003, _student(_name(lambda n: f"{n} 2"))),
    ("student.full_name.punctuation", 0.0002, _student(_name(lambda n: f"{n} (Bi)"))),
    ("student.full_name.legacy_font", 0.0002, _student(_name(lambda n: n.translate(LEGACY)), _has("ễầạăê"))),
    ("student.birth_date.missing", 0.0003, _student(_set("birth_date", None))),
    ("student.birth_date.future", 0.0002, _student(_in_future)),
    ("student.birth_date.year_only", 0.0006, _student(_year_only, _is_general)),
    ("student.grade.too_young", 0.0003, _student(_born(2), _is_general)),
    ("student.grade.too_old", 0.0003, _student(_born(-5), _is_general)),
    ("student.gender.missing", 0.0002, _student(_set("gender", ""))),
    ("student.ethnicity.missing", 0.0003, _student(_set("ethnicity", ""))),
    ("student.ethnicity.code", 0.0002, _student(_set("ethnicity", "88"))),
    ("student.religion.code", 0.0002, _student(_set("religion", "77"))),
    ("student.nationality.code", 0.0001, _student(_set("nationality", "VNM"))),
    ("student.ministry_code.missing", 0.0006, _student(_set("ministry_code", ""), _is_general)),
    ("student.ministry_code.format", 0.0003, _student(_set("ministry_code", "51A0042"), _is_general)),
    ("student.residence_commune.missing", 0.0004, _student(_set("residence_commune_code", ""))),
    ("student.residence_commune.invalid", 0.0008, _student(lambda shop, seat: setattr(
        seat.student, "residence_commune_code", shop.rng.choice(OLD_COMMUNES)))),
    ("student.residence_address.missing", 0.0003, _student(_set("residence_address", ""))),
    ("student.birth_place.missing", 0.0003, _student(_set("birth_place", ""))),
    ("student.updated_at.stale", 0.0008, _student(_stale)),
    ("student.identity.mismatched", 0.002, _student(_status("mismatched"))),
    ("student.identity.not_found", 0.0008, _student(_status("not_found"))),
    ("student.identity.id_cancelled", 0.0002, _student(_status("id_cancelled"))),
    ("student.identity.with_police", 0.0002, _student(_status("with_police"))),
    ("student.identity.mended", 0.0004, _student(_status("mended"))),
    ("enrolment.school_class.missing", 0.0006, _spell(lambda shop, seat: setattr(seat.spell, "school_class_id", None))),
    ("enrolment.grade.class", 0.0003, _spell(_other_grade, _is_general)),
    ("enrolment.status.code", 0.0002, _spell(lambda shop, seat: setattr(seat.spell, "status", "99"))),
    ("enrolment.entered_on.future", 0.0002, _spell(lambda shop, seat: setattr(
        seat.spell, "entered_on", shop.world.today + timedelta(days=90)))),
    ("enrolment.entered_on.before_birth", 0.0001, _spell(lambda shop, seat: setattr(
        seat.spell, "entered_on", date(seat.student.birth_date.year - 1, 9, 5)))),
    ("characteristic.code.disability", 0.002, _row("characteristics", "characteristic",
        lambda shop, row: setattr(row, "code", "99"), lambda row: row.kind == "disability")),
    ("characteristic.code.policy", 0.002, _row("characteristics", "characteristic",
        lambda shop, row: setattr(row, "code", "98"), lambda row: row.kind == "policy")),
    ("contact.phone.format", 0.001, _row("contacts", "contact",
        lambda shop, row: setattr(row, "phone", row.phone[:7]), lambda row: len(row.phone) == 10)),
    ("contact.full_name.digits", 0.0003, _row("contacts", "contact",
        lambda shop, row: setattr(row, "full_name", f"{row.full_name} 0905"), lambda row: True)),
    ("contact.birth_year.out_of_range", 0.0003, _row("contacts", "contact",
        lambda shop, row: setattr(row, "birth_year", shop.world.year.year - 3), lambda row: row.birth_year is not None)),
)  # fmt: skip
