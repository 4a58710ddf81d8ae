"""Forms at a province's size: one form against SQL by hand that gives the same table, all forms against one scan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection

from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare
from tests.bench.province import World, settle
from tests.bench.pupils import DAY, PER_SCHOOL, fill
from tests.bench.scale import Scale
from thongsuot.modules.organization.queries import department_id
from thongsuot.modules.registry.models import Student
from thongsuot.modules.statistics.queries.computing import compute, compute_all
from thongsuot.modules.statistics.queries.forms import file_forms, form

CODE = "02.ĐN-TH"
FORM_MOST, ALL_MOST = 1.5, 10
RUNS = "{0}.{1} <= %(day)s and ({0}.{2} is null or {0}.{2} >= %(day)s)"
PUPILS = f"""
    from registry_enrolment e
    join registry_student s on s.id = e.student_id
    join organization_schoolyear y on y.id = e.school_year_id
    left join registry_schoolclass k on k.id = e.school_class_id
    left join (
        select student_id, bool_or(kind = 'disability') as disability, bool_or(kind = 'policy') as policy,
            max(code) filter (where kind = 'poverty') as poverty, bool_or(kind = 'boarding') as boarding,
            bool_or(kind = 'two_sessions') as two_sessions
        from registry_studentcharacteristic c
        where {RUNS.format("c", "valid_from", "valid_to")} group by student_id
    ) h on h.student_id = e.student_id
    left join (
        select student_id, school_year_id, bool_or(entry_type = 'retained') as again, bool_or(entry_type = 'new') as new
        from registry_enrolment where entry_type in ('retained', 'new') and exit_type <> 'withdrawn'
            and entered_on <= %(day)s
        group by student_id, school_year_id
    ) b on b.student_id = e.student_id and b.school_year_id = e.school_year_id
    where {RUNS.format("e", "entered_on", "left_on")} and e.exit_type <> 'withdrawn' and e.grade between 1 and 5
"""
GRADES = ("true", *(f"e.grade = {grade}" for grade in range(1, 6)))
MINOR = "s.ethnicity not in ('', '01', '55')"
AGE = "extract(year from y.starts_on) - extract(year from s.birth_date)"
PUPIL_ROWS = {
    "C01": "true",
    "C02": "s.gender = 'female'",
    "C03": MINOR,
    "C04": f"s.gender = 'female' and {MINOR}",
    "C05": "h.disability",
    "C06": "b.new",
    "C07": "b.again",
    "C08": "(coalesce(h.two_sessions, false) or k.is_two_sessions)",
    "C09": "(coalesce(h.boarding, false) or k.is_boarding)",
    "C10": "h.policy",
    "C11": "h.poverty = 'poor'",
    "C12": "h.poverty = 'near_poor'",
    "C13": "s.identity_status = 'matched' and (s.identity_checked_at is null or "
    "(s.identity_checked_at at time zone 'Asia/Ho_Chi_Minh')::date <= %(day)s)",
}
AGES = ("<= 5", "= 6", "= 7", "= 8", "= 9", "= 10", "between 11 and 14", ">= 15")
AGE_COLUMNS = ("true", "s.gender = 'female'", MINOR, "e.grade = 1")
PUPIL_CELLS = {
    f"{row}.{number}": f"{where} and {grade}"
    for row, where in PUPIL_ROWS.items()
    for number, grade in enumerate(GRADES, 1)
} | {
    f"D{row:02}.{number}": f"{AGE} {ages} and {where}"
    for row, ages in enumerate(AGES, 1)
    for number, where in enumerate(AGE_COLUMNS, 1)
}
YEAR = "(select id from organization_schoolyear where starts_on <= %(day)s order by starts_on desc limit 1)"
CLASS_CELLS = {f"B01.{number}": grade for number, grade in enumerate(GRADES, 1)}
CLASSES = f"""
    from registry_schoolclass e
    where {RUNS.format("e", "valid_from", "valid_to")} and e.school_year_id = {YEAR} and e.grade between 1 and 5
"""


def run(world: World, scale: Scale) -> Iterator[Figure]:
    if not Student.objects.exists():
        fill(scale.pupils, schools=max(1, scale.pupils // PER_SCHOOL))
        settle()
    one, everything = form(CODE, DAY), file_forms()
    department = department_id() or 0
    _same(compute(one, [department], DAY)[department])
    note = f"{Student.objects.count()} pupils, {len(one.cells)} cells; the floor is SQL by hand without isolation"
    yield compare(
        "one statutory form of the province",
        lambda: compute(one, [department], DAY),
        by_hand,
        scale=scale,
        note=f"{note}, without staff, rooms, schools",
        heavy=True,
        most=FORM_MOST,
    )
    cells = sum(len(each.cells) for each in everything)
    yield compare(
        "all statutory forms of the province",
        lambda: compute_all(everything, [department], DAY),
        _scan,
        scale=scale,
        note=f"{len(everything)} forms, {cells} cells; the floor is one scan of the pupils who sit on the day",
        heavy=True,
        most=ALL_MOST,
    )
    empty_registry()


def by_hand() -> dict[str, int]:
    """Cells of pupils, ages and classes: two statements."""
    return {**_row(PUPIL_CELLS, PUPILS), **_row(CLASS_CELLS, CLASSES)}


def _row(cells: dict[str, str], source: str) -> dict[str, int]:
    columns = ", ".join(f"count(*) filter (where {where})" for where in cells.values())
    with connection.cursor() as cursor:
        cursor.execute(f"select {columns} {source}", {"day": DAY})
        return dict(zip(cells, cursor.fetchone(), strict=True))


def _same(ours: dict[str, Decimal]) -> None:
    found = by_hand()
    wrong = {code: (number, ours[code]) for code, number in found.items() if ours[code] != number}
    if wrong or not found["C01.1"]:
        raise AssertionError(wrong)


def _scan() -> Any:
    """Every pupil of the day once, in the same joins, nothing but counted."""
    return _row({"all": "s.gender is not null", "age": f"{AGE} > 0"}, PUPILS)
