"""A province as statistics find it: pupils of every grade, sex and group, and the staff, rooms and lines of their schools.

Written over the pupils of `pupils.fill`, by statements that take every unit at once: what a row becomes hangs on its id,
so that two runs give the same province.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from thongsuot.modules.organization.models import CodeList, CodeValue, School
from thongsuot.modules.registry.models import Employment, Equipment, InternetLine, Room, SchoolClass, Staff

ROOMS = ("classroom",) * 15 + ("subject_room", "subject_room", "library", "health", "hall", "toilet")
BUILDS = ("solid", "solid", "solid", "half_solid", "temporary", "borrowed")
POSTS = ("manager", "manager", *("teacher",) * 24, "employee", "employee", "employee", "employee")
DEGREES = ("06", "05", "07", "04", "02", "")
OPENED = date(2015, 9, 1)
# Levels of a school by its place among the others; of ten: three preschools, four primary, two lower secondary (one of
# them with a primary part), one upper secondary.
LEVELS = (
    ["primary"], ["preschool"], ["preschool"], ["primary"], ["lower_secondary"], ["primary"], ["preschool"],
    ["primary", "lower_secondary"], ["primary"], ["upper_secondary"],
)  # fmt: skip
FIRST_GRADE = {"preschool": (13, 6), "primary": (1, 5), "lower_secondary": (6, 4), "upper_secondary": (10, 3)}
# Age at the start of the school year: by grade, of preschool groups by the number of the group.
AGE = "case when e.grade > 12 then e.grade - 13 else e.grade + 5 end"
PUPILS = (
    "update registry_schoolclass k set is_two_sessions = k.id % 3 <> 0, is_boarding = k.id % 11 = 0, "
    "mixed_grades = case when k.id % 97 = 0 then '2' else '' end",
    """update registry_enrolment e set grade = k.grade,
        entry_type = case when e.id % 83 = 0 then 'retained' when k.grade in (1, 6, 10, 13) or e.id % 41 = 0 then 'new'
            else 'promoted' end,
        left_on = case when e.id % 211 = 0 then date '2026-10-20' end,
        exit_type = case when e.id % 211 <> 0 then '' when e.id % 2 = 0 then 'dropped_out' else 'transferred_out' end
    from registry_schoolclass k where k.id = e.school_class_id""",
    f"""update registry_student s set
        gender = case when s.id % 1009 = 0 then '' when (s.id * 7919) % 100 < 48 then 'female' else 'male' end,
        ethnicity = case when s.id % 401 = 0 then '' when (s.id * 104729) % 100 < 27 then '19'
            when s.id % 5003 = 0 then '55' else '01' end,
        birth_date = case when s.id % 2003 = 0 then null else make_date(
            2026 - ({AGE}) - (s.id % 61 = 0)::int + (s.id % 131 = 0)::int, 1 + (s.id % 12)::int, 1 + (s.id % 28)::int) end,
        identity_status = case when s.id % 9 = 0 then 'unchecked' else 'matched' end,
        identity_checked_at = case when s.id % 7 = 0 then timestamptz '2026-12-01 00:00+07'
            when s.id % 2 = 0 then timestamptz '2026-09-01 00:00+07' end
    from registry_enrolment e where e.student_id = s.id""",
    # Who has moved sits at the school with the next number since.
    """insert into registry_enrolment (student_id, unit_id, school_year_id, school_class_id, grade, status, entry_type,
        entered_on, exit_type, exit_reason, student_name, other_school)
    select e.student_id, k.unit_id, e.school_year_id, k.id, e.grade, '01', 'transferred_in', date '2026-10-21', '', '',
        e.student_name, ''
    from registry_enrolment e
    join lateral (
        select k.id, k.unit_id from registry_schoolclass k
        where k.grade = e.grade and k.id <> e.school_class_id order by k.id limit 1
    ) k on true
    where e.exit_type = 'transferred_out'""",
    """insert into registry_studentcharacteristic (student_id, unit_id, kind, code, note, valid_from, valid_to)
    select s.id, s.unit_id, c.kind, c.code, '', date '2026-09-05', case when s.id % 7 = 0 then date '2026-10-01' end
    from registry_student s join (values ('poverty', 'poor', 13), ('poverty', 'near_poor', 17), ('policy', '01', 12),
        ('disability', '02', 120), ('boarding', '', 19), ('two_sessions', '', 6)) c (kind, code, every)
        on s.id % c.every = 0""",
    # The year before: everybody but the beginners sat a grade lower, and nearly all have a result.
    """insert into registry_enrolment (student_id, unit_id, school_year_id, grade, status, entry_type,
        entered_on, left_on, exit_type, exit_reason, student_name, other_school)
    select e.student_id, e.unit_id, y.id, e.grade - 1, '01', 'promoted', y.starts_on, y.ends_on, 'year_end', '',
        e.student_name, ''
    from registry_enrolment e join organization_schoolyear y on y.starts_on between '2025-08-01' and '2025-12-31'
    where e.entry_type <> 'transferred_in' and e.grade not in (1, 13)""",
    """insert into registry_yearresult (student_id, unit_id, school_year_id, grade, learning, conduct, promotion, awards,
        updated_at)
    select e.student_id, e.unit_id, e.school_year_id, e.grade, '', '', case when e.id % 59 = 0 then 'retained'
        when e.id % 43 = 0 then 'again' else 'promoted' end, '', now()
    from registry_enrolment e join organization_schoolyear y on y.id = e.school_year_id
    where y.starts_on < '2026-01-01' and e.id % 20 <> 0""",
)
# Lists that forms look at: degrees that meet the standard, the most pupils of a class by grade.
LISTS = {
    "trinh_do_dat_chuan_pho_thong": {"05": "Đại học sư phạm", "06": "Đại học"},
    "trinh_do_dat_chuan_mam_non": {"07": "Cao đẳng sư phạm"},
    "si_so_lop_toi_da": {str(grade): "29" for grade in range(1, 6)},
}


def vary() -> None:
    """Over pupils that `fill` has made."""
    _lists()
    schools = list(School.objects.order_by("unit_id"))
    for number, school in enumerate(schools):
        school.levels = LEVELS[number % len(LEVELS)]
        school.school_type = "private" if number % 23 == 0 else "public"
        school.is_hard_area = number % 4 == 0
    School.objects.bulk_update(schools, ["levels", "school_type", "is_hard_area"], batch_size=500)
    _classes({school.unit_id: school.levels for school in schools})
    with connection.cursor() as cursor:
        for statement in PUPILS:
            cursor.execute(statement)
    _staff([school.unit_id for school in schools])
    _things([school.unit_id for school in schools])


def _lists() -> None:
    for code, values in LISTS.items():
        held, _made = CodeList.objects.get_or_create(code=code, defaults={"name": code})
        for value, name in values.items():
            CodeValue.objects.update_or_create(code_list=held, code=value, defaults={"name": name})


def _classes(levels: dict[int, list[str]]) -> None:
    rows = list(SchoolClass.objects.order_by("unit_id", "pk"))
    for number, row in enumerate(rows):
        own = levels[row.unit_id]
        first, grades = FIRST_GRADE[own[number % len(own)]]
        row.grade = first + number % grades
    SchoolClass.objects.bulk_update(rows, ["grade"], batch_size=1000)


def _staff(unit_ids: list[int]) -> None:
    people = [
        Staff(
            unit_id=unit_id,
            full_name=f"Phạm Thị Dạy {number}",
            name_fold=f"pham thi day {number}",
            sort_key=f"{number}",
            birth_date=date(1966 + (number * 7) % 36, 1 + number % 12, 1 + number % 28),
            gender="female" if number % 10 < 7 else "male",
            ethnicity="19" if number % 13 == 0 else "01",
            degree=DEGREES[number % len(DEGREES)],
            is_party_member=number % 3 == 0,
        )
        for number, unit_id in enumerate(unit_id for unit_id in unit_ids for _post in POSTS)
    ]
    Staff.objects.bulk_create(people, batch_size=2000)
    Employment.objects.bulk_create(
        (
            Employment(
                staff=one,
                unit_id=one.unit_id,
                group=POSTS[number % len(POSTS)],
                status="on_leave" if number % 37 == 0 else "working",
                valid_from=OPENED,
            )
            for number, one in enumerate(people)
        ),
        batch_size=2000,
    )


def _things(unit_ids: list[int]) -> None:
    Room.objects.bulk_create(
        (
            Room(
                unit_id=unit_id,
                name=f"P{number}",
                kind=kind,
                build=BUILDS[(number + place) % len(BUILDS)],
                valid_from=OPENED,
            )
            for number, unit_id in enumerate(unit_ids)
            for place, kind in enumerate(ROOMS[: len(ROOMS) - number % 4])
        ),
        batch_size=2000,
    )
    few = [(number, unit_id) for number, unit_id in enumerate(unit_ids) if number % 5]
    InternetLine.objects.bulk_create(
        InternetLine(unit_id=unit_id, name="Đường 1", is_for_teaching=number % 3 > 0, valid_from=OPENED)
        for number, unit_id in few
    )
    Equipment.objects.bulk_create(
        Equipment(
            unit_id=unit_id,
            name="Máy tính",
            kind="computer",
            use="teaching" if number % 2 else "management",
            quantity=10,
            broken=10 if number % 9 == 0 else 1,
            valid_from=OPENED,
        )
        for number, unit_id in few
    )
