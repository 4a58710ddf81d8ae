"""Defects that a pupil's dossier and a member of the staff share: name, numbers, birth, codes. See defects.py."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from thongsuot.config.demo.registry.cohorts import moment

if TYPE_CHECKING:
    from thongsuot.config.demo.workshop import Workshop

# Old communes (before 1 July 2025) whose codes are no longer valid.
OLD_COMMUNES = ("21010", "21013", "21022", "21175", "21442", "23305")
# How "ê", "ễ" ... look when a TCVN3 text is read as Latin-1.
LEGACY = str.maketrans(
    {"ễ": "Ô", "ầ": "Ç", "ạ": "¹", "ị": "Þ", "ă": "¨", "ê": "ª", "ồ": "å", "ơ": "¬", "â": "©"}
)
Change = Callable[["Workshop", Any], None]
Fits = Callable[["Workshop", Any], bool]
ANY: Fits = lambda shop, row: True  # noqa: E731


def _set(**values: Any) -> Change:
    def change(shop: Workshop, row: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    return change


def _name(change: Callable[[str], str]) -> Change:
    return lambda shop, row: setattr(row, "full_name", change(row.full_name))


def _cut(change: Callable[[str], str]) -> Change:
    """Changes the personal id as it stands."""
    return lambda shop, row: setattr(row, "personal_id", change(row.personal_id))


def _numbered(change: Callable[[str], str]) -> Change:
    """Changes the six digits that say something; the others are drawn anew, so that nobody else has the number."""

    def apply(shop: Workshop, row: Any) -> None:
        row.personal_id = shop.persons.serial(change(row.personal_id[:6]), 6)

    return apply


def _born_on(change: Callable[[Workshop, Any], Any]) -> Change:
    """Moves the birth, with a personal id that agrees."""

    def apply(shop: Workshop, row: Any) -> None:
        row.birth_date = change(shop, row)
        row.personal_id = shop.persons.personal_id(row.birth_date, row.gender, row.personal_id[:3])

    return apply


def _status(status: str, days: int = 20) -> Change:
    def change(shop: Workshop, row: Any) -> None:
        row.identity_status, row.identity_checked_at = status, _ago(shop, days)

    return change


def _ago(shop: Workshop, days: int) -> datetime:
    return moment(shop.world.today - timedelta(days=days), 9)


def _stale(shop: Workshop, row: Any) -> None:
    # Not before the communes of July 2025: only the age of the dossier is wrong.
    row.updated_at = _ago(shop, 405)
    row.created_at = min(row.created_at, row.updated_at)


def _provisional(shop: Workshop, row: Any) -> None:
    row.personal_id = row.ministry_code = ""
    row.provisional_code = f"TAM-{row.local_code}"


def _older(days: int) -> Fits:
    return lambda shop, row: row.created_at < _ago(shop, days)


def _has(letters: str) -> Fits:
    return lambda shop, row: any(letter in row.full_name for letter in letters)


def _has_marks(shop: Workshop, row: Any) -> bool:
    """Marks that can stand apart from their letter; the stroke of Đ cannot."""
    return unicodedata.normalize("NFD", row.full_name) != row.full_name


def _has_small_letters(shop: Workshop, row: Any) -> bool:
    return _is_long(shop, row) and row.full_name.upper() != row.full_name


def _is_long(shop: Workshop, row: Any) -> bool:
    return len(row.full_name.split(" ")) > 2


# (what comes after "student." or "staff.", share of pupils, share of staff, change, which rows)
PERSON_DEFECTS: tuple[tuple[str, float, float, Change, Fits], ...] = (
    ("personal_id.missing", 0.0012, 0.003, _set(personal_id=""), ANY),
    ("personal_id.length", 0.0006, 0.002, _cut(lambda number: number[:-1]), ANY),
    ("personal_id.format", 0.0003, 0.001, _cut(lambda number: f"{number[:7]}O{number[8:]}"), ANY),
    ("personal_id.province", 0.0003, 0.001, _numbered(lambda six: f"099{six[3:]}"), ANY),
    ("personal_id.gender", 0.0008, 0.001, _numbered(lambda six: f"{six[:3]}{int(six[3]) ^ 1}{six[4:]}"), ANY),
    ("personal_id.century", 0.0003, 0.001, _numbered(lambda six: f"{six[:3]}{int(six[3]) ^ 2}{six[4:]}"), ANY),
    ("personal_id.birth_year", 0.0008, 0.002, _numbered(lambda six: f"{six[:4]}{(int(six[4:]) + 7) % 100:02d}"), ANY),
    ("full_name.missing", 0.0001, 0.001, _name(lambda n: "Không Rõ"), ANY),
    ("full_name.nfc", 0.0006, 0.001, _name(lambda n: unicodedata.normalize("NFD", n)), _has_marks),
    ("full_name.eth", 0.0006, 0.001, _name(lambda n: n.replace("Đ", "\u00d0")), _has("Đ")),
    ("full_name.spaces", 0.0004, 0.001, _name(lambda n: n.replace(" ", "  ", 1)), _has(" ")),
    ("full_name.nbsp", 0.0002, 0.001, _name(lambda n: n.replace(" ", "\u00a0", 1)), _has(" ")),
    ("full_name.capitals", 0.0004, 0.001, _name(str.upper), _has_small_letters),
    ("full_name.lower_case", 0.0002, 0.001, _name(str.lower), _is_long),
    ("full_name.digits", 0.0003, 0.001, _name(lambda n: f"{n} 2"), ANY),
    ("full_name.punctuation", 0.0002, 0.001, _name(lambda n: f"{n} (Bi)"), ANY),
    ("full_name.legacy_font", 0.0002, 0.001, _name(lambda n: n.translate(LEGACY)), _has("ễầạăê")),
    ("full_name.one_word", 0.0001, 0.001, _name(lambda n: n.split(" ")[-1]), _is_long),
    ("birth_date.missing", 0.0003, 0.001, _set(birth_date=None), ANY),
    ("birth_date.future", 0.0002, 0.001, _born_on(
        lambda shop, row: shop.world.today + timedelta(days=200 + shop.rng.randrange(100))), ANY),
    ("birth_date.first_january", 0.0003, 0.001, _born_on(lambda shop, row: row.birth_date.replace(month=1, day=1)), ANY),
    ("birth_date.year_only", 0.0006, 0.001, lambda shop, row: _set(
        birth_date=row.birth_date.replace(month=1, day=1), is_birth_year_only=True)(shop, row), ANY),
    ("gender.missing", 0.0002, 0.001, _set(gender=""), ANY),
    ("ethnicity.missing", 0.0003, 0.001, _set(ethnicity=""), ANY),
    ("ethnicity.code", 0.0002, 0.001, _set(ethnicity="88"), ANY),
    ("religion.code", 0.0002, 0.001, _set(religion="77"), ANY),
    ("nationality.code", 0.0001, 0.001, _set(nationality="vn"), ANY),
    ("nationality.ethnicity", 0.0001, 0.001, _set(ethnicity="55"), ANY),
    ("residence_commune.missing", 0.0004, 0.001, _set(residence_commune_code=""), ANY),
    ("residence_commune.invalid", 0.0008, 0.001, lambda shop, row: setattr(
        row, "residence_commune_code", shop.rng.choice(OLD_COMMUNES)), ANY),
    ("phone.format", 0.0002, 0.002, _set(phone="091234"), ANY),
    ("email.format", 0.0001, 0.001, lambda shop, row: setattr(row, "email", f"hop.thu.{row.id}.demo.invalid"), ANY),
    ("ministry_code.missing", 0.0006, 0.002, _set(ministry_code=""), _older(60)),
    ("ministry_code.format", 0.0003, 0.001, _set(ministry_code="51A0042"), _older(60)),
    ("ministry_code.provisional", 0.0002, 0.001, _provisional, _older(95)),
    ("identity.mismatched", 0.002, 0.003, _status("mismatched"), ANY),
    ("identity.not_found", 0.0008, 0.001, _status("not_found"), ANY),
    ("identity.id_cancelled", 0.0002, 0.001, _status("id_cancelled"), ANY),
    ("identity.with_police", 0.0002, 0.001, _status("with_police", 60), ANY),
    ("identity.mended", 0.0004, 0.001, _status("mended", 60), ANY),
    ("identity.not_sent", 0.0006, 0.001, _set(identity_status="not_sent", identity_checked_at=None), _older(60)),
    ("updated_at.stale", 0.0008, 0.001, _stale, _older(60)),
)  # fmt: skip


def of(kind: str) -> tuple[tuple[str, float, Any], ...]:
    """Defects of `kind`, "student" or "staff"."""
    of_pupils = kind == "student"
    return tuple(
        (f"{kind}.{name}", pupils if of_pupils else staff, _spoil(kind, change, fits))
        for name, pupils, staff, change, fits in PERSON_DEFECTS
    )


def _spoil(kind: str, change: Change, fitting: Fits) -> Any:
    def fits(shop: Workshop, row: Any) -> bool:
        # "A Ư" with anything added to it would look like a name in capitals.
        return row.full_name != row.full_name.upper() and fitting(shop, row)

    def spoil(shop: Workshop, code: str) -> bool:
        if kind == "staff":
            member = shop.take("teachers", lambda one: fits(shop, one))
            if member is None:
                return False
            _apply(shop, kind, member, change, code)
            _staff_follows(shop, member, code)
            return True
        seat = shop.take("seats", lambda one: fits(shop, one.student))
        if seat is None:
            return False
        _apply(shop, kind, seat.student, change, code)
        if seat.spell is not None:
            seat.spell.student_name = seat.student.full_name
            pupil_follows(shop, seat, code)
        return True

    return spoil


def _apply(shop: Workshop, kind: str, row: Any, change: Change, code: str) -> None:
    change(shop, row)
    if code.endswith("ministry_code.format"):
        row.ministry_code = f"51A{row.id}"
    shop.truth.add(kind, row.id, code)
    if code.endswith("ministry_code.provisional"):
        shop.truth.follow(f"{kind}.ministry_code.late", row.id, code)
        shop.truth.follow(f"{kind}.personal_id.missing", row.id, code)


def pupil_follows(shop: Workshop, seat: Any, code: str) -> None:
    """What a wrong pupil makes wrong of the age, the class, the school, the spells of the year."""
    truth, student, spell = shop.truth, seat.student, seat.spell
    if not student.gender and spell.school_class_id is not None:
        truth.follow("class.size.totals", spell.school_class_id, code)
    if not student.ethnicity:
        truth.follow("school.students.ethnicity", spell.unit_id, code)
    if student.birth_date is not None and student.birth_date > shop.world.today:
        rule = "student.age.preschool" if seat.grade > 12 else "student.age.too_young"
        truth.follow(rule, student.id, code)
        for one in shop.spells_of(student.id):
            truth.follow("enrolment.entered_on.birth", one.id, code)


def _staff_follows(shop: Workshop, member: Any, code: str) -> None:
    if member.birth_date is not None and member.birth_date > shop.world.today:
        shop.truth.follow("staff.birth_date.working_age", member.id, code)
        shop.truth.follow("staff.recruited_on.birth", member.id, code)
