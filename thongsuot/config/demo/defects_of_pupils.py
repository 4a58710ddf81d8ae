"""Defects of pupils alone, their parents and dated facts: each spoils one row. See defects.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo import defects_of_persons
from thongsuot.config.demo.defects_twice import no_accents
from thongsuot.config.demo.registry.rows import CharacteristicRow, ContactRow

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop


def _student(change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool] = lambda seat: True) -> Any:
    def spoil(shop: Workshop, code: str) -> bool:
        seat: Any = shop.take("seats", fits)
        if seat is None:
            return False
        change(shop, seat)
        shop.truth.add("student", seat.student.id, code)
        return True

    return spoil


def _row(pool: str, kind: str, change: Callable[[Workshop, Any], None], fits: Callable[[Any], bool]) -> Any:
    """A defect of a contact or of a characteristic, and so of the pupil."""

    def spoil(shop: Workshop, code: str) -> bool:
        row: Any = shop.take(pool, fits)
        if row is None:
            return False
        change(shop, row)
        shop.truth.add(kind, row.id, code)
        shop.truth.add("student", row.student_id, code)
        return True

    return spoil


def _set(**values: Any) -> Callable[[Workshop, Any], None]:
    def change(shop: Workshop, seat: Any) -> None:
        for name, value in values.items():
            setattr(seat.student, name, value)

    return change


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


def _no_parents(shop: Workshop, seat: Any) -> None:
    for one in shop.contacts_of(seat.student.id):
        shop.drop("contacts", one)


def _unreachable(shop: Workshop, seat: Any) -> None:
    for one in shop.contacts_of(seat.student.id):
        one.phone = one.email = ""


def _other_poverty(shop: Workshop, row: Any) -> None:
    """The certificate of the other kind was written down, the old one not ended."""
    values = {name: getattr(row, name) for name in ("student_id", "unit_id", "kind", "valid_from")}
    other = "near_poor" if row.code == "poor" else "poor"
    shop.rows.add("characteristics", CharacteristicRow, code=other, **values)


def _parent_twice(shop: Workshop, code: str) -> bool:
    """The same mother once more, from a file without accents."""
    seat: Any = shop.take("seats", lambda one: any(_is_parent(c) for c in shop.contacts_of(one.student.id)))
    if seat is None:
        return False
    one = next(c for c in shop.contacts_of(seat.student.id) if _is_parent(c))
    again: ContactRow = replace(one, id=len(shop.rows.contacts) + 1, full_name=no_accents(one.full_name))
    shop.rows.contacts.append(again)
    shop.truth.add("contact", again.id, code)
    shop.truth.add("student", seat.student.id, code)
    return True


def _is_parent(contact: Any) -> bool:
    return contact.relation in ("father", "mother") and no_accents(contact.full_name) != contact.full_name


def _holds(kind: str) -> Callable[[Any], bool]:
    return lambda row: row.kind == kind and row.valid_to is None


def _is_general(seat: Any) -> bool:
    return 2 <= seat.grade <= 12


DEFECTS: tuple[tuple[str, float, Any], ...] = (
    # First what is rare: characteristics and contacts of pupils to whom nothing else has been done.
    ("characteristic.code.disability", 0.0002, _row("characteristics", "characteristic",
        lambda shop, row: setattr(row, "code", "99"), _holds("disability"))),
    ("characteristic.code.policy", 0.0002, _row("characteristics", "characteristic",
        lambda shop, row: setattr(row, "code", "98"), _holds("policy"))),
    ("characteristic.poverty.both", 0.0003, _row("characteristics", "characteristic", _other_poverty, _holds("poverty"))),
    ("contact.phone.format", 0.001, _row("contacts", "contact",
        lambda shop, row: setattr(row, "phone", row.phone[:7]), lambda row: len(row.phone) == 10)),
    ("contact.relation.twice", 0.0003, _parent_twice),
    ("student.contacts.missing", 0.0006, _student(_no_parents)),
    ("student.contacts.unreachable", 0.0008, _student(_unreachable)),
    ("student.grade.too_young", 0.0003, _student(_born(2), _is_general)),
    ("student.grade.late", 0.0003, _student(_born(-1), _is_general)),
    ("student.grade.too_old", 0.0003, _student(_born(-5), _is_general)),
    ("student.grade.preschool", 0.0003, _student(_born(-1), lambda seat: seat.grade > 15)),
    ("student.local_code.missing", 0.0003, _student(_set(local_code=""))),
    ("student.birth_place.missing", 0.0003, _student(_set(birth_place=""))),
    ("student.residence_address.missing", 0.0003, _student(_set(residence_address="", current_address=""))),
    *defects_of_persons.of("student"),
)  # fmt: skip
