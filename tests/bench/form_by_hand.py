"""The form 02.ĐN-TH of the whole province as somebody would write it in SQL who needs this one table and no other: a
statement for each of its five subjects, the shares worked out from their numbers. No isolation, no units."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

CODE = "02.ĐN-TH"
RUNS = "{0}.{1} <= %(day)s and ({0}.{2} is null or {0}.{2} >= %(day)s)"
YEAR = "(select id from organization_schoolyear where starts_on <= %(day)s order by starts_on desc limit 1)"
MINOR = "{0}.ethnicity not in ('', '01', '55')"
GRADES = ("true", *(f"e.grade = {grade}" for grade in range(1, 6)))

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
    where {RUNS.format("e", "entered_on", "left_on")} and e.exit_type <> 'withdrawn' and e.grade between 1 and 5"""
AGE = "extract(year from y.starts_on) - extract(year from s.birth_date)"
PUPIL_ROWS = {
    "C01": "true",
    "C02": "s.gender = 'female'",
    "C03": MINOR.format("s"),
    "C04": f"s.gender = 'female' and {MINOR.format('s')}",
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
CLASSES = f"""
    from registry_schoolclass e
    left join (
        select school_class_id, count(*) as pupils from registry_enrolment n
        where {RUNS.format("n", "entered_on", "left_on")} and exit_type <> 'withdrawn' group by school_class_id
    ) n on n.school_class_id = e.id
    left join (
        select v.code, min(v.name::int) as most from organization_codevalue v
        join organization_codelist l on l.id = v.code_list_id where l.code = 'si_so_lop_toi_da' group by v.code
    ) m on m.code = e.grade::text
    where {RUNS.format("e", "valid_from", "valid_to")} and e.school_year_id = {YEAR} and e.grade between 1 and 5"""
CLASS_ROWS = {
    "B01": "true",
    "B02": "e.is_two_sessions",
    "B03": "e.is_boarding",
    "B04": "e.mixed_grades <> ''",
    "B05": "n.pupils > m.most",
}
STAFF = f"""
    from registry_employment m
    join registry_staff t on t.id = m.staff_id
    join organization_school p on p.unit_id = m.unit_id
    where {RUNS.format("m", "valid_from", "valid_to")} and m.status = 'working' and p.levels[1] = 'primary'"""
STAFF_AGE = "extract(year from %(day)s::date) - extract(year from t.birth_date)"
STANDARD = """t.degree in (select v.code from organization_codevalue v
    join organization_codelist l on l.id = v.code_list_id where l.code = 'trinh_do_dat_chuan_pho_thong')"""
TEACHER = """m."group" = 'teacher'"""
STAFF_ROWS = {
    "E01": "true",
    "E02": """m."group" = 'manager'""",
    "E03": TEACHER,
    "E04": f"{TEACHER} and {STANDARD}",
    "E05": f"{TEACHER} and {STAFF_AGE} <= 29",
    "E06": f"{TEACHER} and {STAFF_AGE} between 30 and 49",
    "E07": f"{TEACHER} and {STAFF_AGE} >= 50",
    "E08": """m."group" = 'employee'""",
}
STAFF_COLUMNS = (
    "true",
    "t.gender = 'female'",
    MINOR.format("t"),
    f"t.gender = 'female' and {MINOR.format('t')}",
    "t.is_party_member",
)
ROOMS = f"""
    from registry_room t join organization_school p on p.unit_id = t.unit_id
    where {RUNS.format("t", "valid_from", "valid_to")} and p.levels[1] = 'primary'"""
ROOM_KINDS = ("classroom", "subject_room", "library", "health", "hall", "toilet")
ROOM_COLUMNS = (
    "true",
    *(f"t.build = '{build}'" for build in ("solid", "half_solid", "temporary", "borrowed")),
)
SCHOOLS = f"""
    from organization_school p join organization_unit u on u.id = p.unit_id
    where {RUNS.format("u", "valid_from", "valid_to")}"""
SCHOOL_COLUMNS = ("true", "p.school_type = 'public'", "p.school_type in ('people_founded', 'private')")
PRIMARY = "p.levels = '{primary}'"


def _has(table: str, further: str = "true") -> str:
    runs = RUNS.format("t", "valid_from", "valid_to")
    return f"exists (select 1 from {table} t where t.unit_id = p.unit_id and {runs} and {further})"


SCHOOL_ROWS = {
    "A01": PRIMARY,
    "A02": f"{PRIMARY} and {_has('registry_internetline')}",
    "A03": f"{PRIMARY} and {_has('registry_internetline', 't.is_for_teaching')}",
    "A04": f"{PRIMARY} and "
    + _has("registry_equipment", "t.kind = 'computer' and t.use = 'teaching' and t.quantity > t.broken"),
    "A05": f"{PRIMARY} and " + _has("registry_room", "t.kind = 'library'"),
    "A06": f"{PRIMARY} and " + _has("registry_room", "t.kind = 'toilet'"),
    "A07": f"{PRIMARY} and p.is_hard_area",
    "A08": "cardinality(p.levels) > 1 and p.levels @> '{primary,lower_secondary}'",
}


def _cells(rows: dict[str, str], columns: tuple[str, ...]) -> dict[str, str]:
    return {
        f"{row}.{number}": f"{where} and {column}"
        for row, where in rows.items()
        for number, column in enumerate(columns, 1)
    }


AGE_ROWS = {f"D{row:02}": f"{AGE} {ages}" for row, ages in enumerate(AGES, 1)}
AGE_COLUMNS = ("true", "s.gender = 'female'", MINOR.format("s"), "e.grade = 1")
TABLES = (
    (_cells(PUPIL_ROWS, GRADES) | _cells(AGE_ROWS, AGE_COLUMNS), PUPILS),
    (_cells(CLASS_ROWS, GRADES), CLASSES),
    (_cells(STAFF_ROWS, STAFF_COLUMNS), STAFF),
    (
        _cells({f"G{n:02}": f"t.kind = '{kind}'" for n, kind in enumerate(ROOM_KINDS, 1)}, ROOM_COLUMNS),
        ROOMS,
    ),
    (_cells(SCHOOL_ROWS, SCHOOL_COLUMNS), SCHOOLS),
)


def by_hand(day: date) -> dict[str, Decimal]:
    """All cells of the form; a share of nothing is left out."""
    found: dict[str, Decimal] = {}
    with connection.cursor() as cursor:
        for cells, source in TABLES:
            columns = ", ".join(f"count(*) filter (where {where})" for where in cells.values())
            cursor.execute(f"select {columns} {source}", {"day": day})
            found.update(zip(cells, map(Decimal, cursor.fetchone()), strict=True))
    shares = [(f"B06.{n}", f"C01.{n}", f"B01.{n}", 1, "0.1") for n in range(1, 7)]
    shares += [(f"E09.{n}", f"E04.{n}", f"E03.{n}", 100, "0.01") for n in range(1, 6)]
    shares += [("E10.1", "E03.1", "B01.1", 1, "0.01"), ("G07.1", "G01.1", "B01.1", 1, "0.01")]
    for cell, above, below, times, step in shares:
        if found[below]:
            found[cell] = (found[above] / found[below] * times).quantize(Decimal(step), ROUND_HALF_UP)
    return found


# Every pupil who sits on the day, read once with the dossier: nothing else is joined, nothing but counted.
SCAN = f"""
    select count(*), count(s.gender), count(s.birth_date), count(e.grade)
    from registry_enrolment e join registry_student s on s.id = e.student_id
    where {RUNS.format("e", "entered_on", "left_on")} and e.exit_type <> 'withdrawn'"""


def one_scan(day: date) -> int:
    """Pupils who sit on the day, by one sequential scan of spells and dossiers."""
    with connection.cursor() as cursor:
        cursor.execute(SCAN, {"day": day})
        return int(cursor.fetchone()[0])
