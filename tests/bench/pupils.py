"""Pupils in any number, nearly all of them right, written by COPY. Names are invented."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from tests.bench.population import people
from tests.factories.organization import make_school
from thongsuot.kit.sealing.sealing import digest_many, seal_many
from thongsuot.kit.text.vietnamese import fold, person_sort_key
from thongsuot.modules.organization.models import AdministrativeUnit, School, SchoolYear, Unit
from thongsuot.modules.registry.models import SchoolClass

DAY = date(2026, 11, 23)
BORN = date(2018, 3, 8)
PER_CLASS = 30
PER_SCHOOL = 450
# One pupil in twenty has one of these.
FAULTS = ("gender", "phone", "ethnicity", "name", "birth_date", "commune")
WRONG_EVERY = 20
LETTERS = "abcdeghiklmnopqrstuv"


def name_of(number: int) -> str:
    word = ""
    while True:
        number, rest = divmod(number, len(LETTERS))
        word += LETTERS[rest]
        if not number:
            return word.capitalize()


class Pupil(NamedTuple):
    name: str
    born: date
    gender: str
    personal_id: str


def of_one_age(number: int) -> Iterator[Pupil]:
    """Girls of grade 3, each of a name of her own: nothing that a rule of data quality would find."""
    for n in range(number):
        yield Pupil(f"Trần Thị {name_of(n)}", BORN, "female", f"0513{18:02d}{n:06d}")


def as_in_life(number: int) -> list[Pupil]:
    """Names, days of birth and sexes as common as in life: for searching. Fewer are the first of more."""
    found = people(number).select("full_name", "birth_date", "gender", "personal_id")
    return [Pupil(*row) for row in found.iter_rows()]


@transaction.atomic
def fill(number: int, *, schools: int | None = None, of: Sequence[Pupil] | None = None) -> None:
    """`number` pupils in classes of 30, school by school; a table bench_plain holds their ids unsealed.

    Over the first `schools` schools, or all there are: schools as full as in life at any number of pupils. of: who they
    are, else `of_one_age`.
    """
    year, _made = SchoolYear.objects.get_or_create(
        name="2026-2027", defaults={"starts_on": date(2026, 9, 5), "ends_on": date(2027, 5, 31)}
    )
    commune = AdministrativeUnit.objects.filter(level="commune").first() or AdministrativeUnit.objects.create(
        code="21031", name="Sa Thầy", full_name="Xã Sa Thầy", kind="Xã", level="commune",
        name_fold="xa sa thay", sort_key="1", valid_from=date(2025, 7, 1),
    )  # fmt: skip
    units = list(Unit.objects.filter(kind="school").order_by("id")[:schools])
    department = Unit.objects.filter(kind="department").first()
    units += [make_school(parent=department) for _ in range(number // PER_SCHOOL - len(units))]
    for unit in units:
        School.objects.get_or_create(unit=unit, defaults={"levels": ["primary"]})
    classes = _classes(units, year, -(-number // PER_CLASS))
    pupils = list(of if of is not None else of_one_age(number))
    ids = [pupil.personal_id for pupil in pupils]
    with connection.cursor() as cursor:
        _copy_students(cursor, pupils, classes, commune.code)
        cursor.execute("create table bench_plain (student_id bigint primary key, personal_id text)")
        cursor.execute("select id from registry_student order by id desc limit %s", [number])
        keys = [row[0] for row in reversed(cursor.fetchall())]
        _copy(cursor, "bench_plain (student_id, personal_id)", zip(keys, ids, strict=True))
        _copy_spells(cursor, keys, pupils, classes, year)
        _copy(
            cursor,
            "registry_contact (student_id, relation, full_name, occupation, phone, email)",
            ((key, "mother", "Lê Thị Mẹ", "", "0912345678", "") for key in keys),
        )


def analyze() -> None:
    with connection.cursor() as cursor:
        for table in ("registry_student", "registry_enrolment", "registry_contact", "bench_plain"):
            cursor.execute(f"analyze {table}")


def _classes(units: list[Unit], year: SchoolYear, number: int) -> list[SchoolClass]:
    each = -(-number // len(units))
    return SchoolClass.objects.bulk_create(
        [
            SchoolClass(
                unit=units[n // each], school_year=year, code=f"L{n}", name=f"3A{n % each + 1}", grade=3,
                valid_from=year.starts_on,
            )
            for n in range(number)
        ],
        batch_size=2000,
    )  # fmt: skip


def _copy(cursor, columns: str, rows) -> None:  # type: ignore[no-untyped-def]
    with cursor.copy(f"copy {columns} from stdin (format csv)") as out:
        buffer = io.StringIO()
        for row in rows:
            buffer.write(",".join("" if value is None else f'"{value}"' for value in row) + "\n")
            if buffer.tell() > 1 << 20:
                out.write(buffer.getvalue())
                buffer = io.StringIO()
        out.write(buffer.getvalue())


def _copy_students(cursor, pupils: list[Pupil], classes: list[SchoolClass], commune: str) -> None:  # type: ignore[no-untyped-def]
    columns = (
        "public_id, unit_id, full_name, name_fold, sort_key, birth_date, is_birth_year_only, gender, ethnicity, "
        "religion, nationality, personal_id_sealed, personal_id_digest, ministry_code, provisional_code, "
        "identity_status, birth_place, home_town, residence_commune_code, residence_address, current_address, phone, "
        "email, created_at, updated_at, local_code, is_father_minority, is_mother_minority"
    )
    now = timezone.now()

    def rows():  # type: ignore[no-untyped-def]
        ids = [pupil.personal_id for pupil in pupils]
        sealed = zip(pupils, seal_many(ids), digest_many(ids), strict=True)
        for n, (pupil, box, key) in enumerate(sealed):
            fault = FAULTS[n // WRONG_EVERY % len(FAULTS)] if n % WRONG_EVERY == 0 else ""
            name = pupil.name.upper() if fault == "name" else pupil.name
            yield (
                uuid.uuid4(), classes[n // PER_CLASS].unit_id, name, fold(name), person_sort_key(name),
                None if fault == "birth_date" else pupil.born, "f",
                "" if fault == "gender" else pupil.gender, "" if fault == "ethnicity" else "01", "00", "VN",
                f"\\x{box.hex()}", f"\\x{key.hex()}", f"{5_100_000_000 + n}", "", "matched", "Quảng Ngãi", "",
                "00001" if fault == "commune" else commune, "Thôn 3", "", "123" if fault == "phone" else "0912345678",
                "", now, now, f"HS{n}", "f", "f",
            )  # fmt: skip

    _copy(cursor, f"registry_student ({columns})", rows())


def _copy_spells(
    cursor, keys: list[int], pupils: list[Pupil], classes: list[SchoolClass], year: SchoolYear
) -> None:  # type: ignore[no-untyped-def]
    columns = (
        "student_id, unit_id, school_year_id, school_class_id, grade, status, entry_type, entered_on, exit_type, "
        "exit_reason, student_name, other_school"
    )
    rows = (
        (
            key,
            room.unit_id,
            year.pk,
            room.pk,
            3,
            "01",
            "new",
            year.starts_on,
            "",
            "",
            pupils[n].name,
            "",
        )
        for n, key in enumerate(keys)
        for room in (classes[n // PER_CLASS],)
    )
    _copy(cursor, f"registry_enrolment ({columns})", rows)
