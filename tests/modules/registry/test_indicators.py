"""Figures of the registry, counted by hand. The small province has two communes; every pupil stands in a comment."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import (
    make_class,
    make_enrolment,
    make_equipment,
    make_line,
    make_room,
    make_staff,
    make_student,
)
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.indicators import queries, registry
from thongsuot.kit.indicators.opening import parts_of, rows_behind
from thongsuot.kit.indicators.types import Part
from thongsuot.modules.organization.actions import close_unit
from thongsuot.modules.organization.models import CodeList, CodeValue, School
from thongsuot.modules.registry.models import SchoolClass, StudentCharacteristic

pytestmark = pytest.mark.django_db
DAY, EARLIER = date(2026, 11, 23), date(2026, 9, 30)
OLD_END = date(2026, 5, 31)


def code_list(code, values):
    held = CodeList.objects.get_or_create(code=code, defaults={"name": code})[0]
    for one, name in values.items():
        CodeValue.objects.update_or_create(code_list=held, code=one, defaults={"name": name})


def pupil(unit, old, new, *, result="promoted", sex="female", **fields):
    """Sat in `old` to its end, then in `new`; None: nothing there."""
    found = make_student(unit, gender=sex, **fields)
    if old is not None:
        ended = "graduated" if result == "completed" else "year_end"
        make_enrolment(found, old, exit_type=ended, left_on=OLD_END, entry_type="new")
    if new is not None:
        entry = {"promoted": "promoted", "retained": "retained"}.get(result, "new")
        make_enrolment(found, new, entry_type=entry if old is not None else "new")
    return found


@pytest.fixture
def world():
    """School A1 (primary, commune A): class 1A of last year, 1B and 2B of this year; class 5A of last year.
    School B2 (lower secondary, commune B): class 6B of this year, two sessions a day."""
    p = make_province()
    last, this = make_school_year(2025), make_school_year(2026)
    one_a, five_a = make_class(p.school_a1, last, grade=1), make_class(p.school_a1, last, grade=5)
    one_b, two_b = make_class(p.school_a1, this, grade=1), make_class(p.school_a1, this, grade=2)
    six_b = make_class(p.school_b2, this, grade=6, is_two_sessions=True)
    # Grade 1 of last year: three girls and a boy promoted, a boy stays: 4 of 5 promoted, girls 3/3, boys 1/2.
    for _number in range(3):
        pupil(p.school_a1, one_a, two_b)
    pupil(p.school_a1, one_a, two_b, sex="male", ethnicity="19", identity_status="matched")
    pupil(p.school_a1, one_a, one_b, sex="male", result="retained")
    # Grade 5 of last year: three complete the level, two of them enter grade 6 at B2; one stays in no class.
    for _number in range(2):
        pupil(p.school_b2, five_a, six_b, result="completed")
    pupil(p.school_a1, five_a, None, result="completed")
    pupil(p.school_a1, five_a, None)
    # New in grade 1: one with a disability since October; one who drops out on 15 October; one who moves away.
    disabled = pupil(p.school_a1, None, one_b)
    StudentCharacteristic.objects.create(
        student=disabled, unit=p.school_a1, kind="disability", code="01", valid_from=date(2026, 10, 1)
    )
    for exit_type in ("dropped_out", "transferred_out"):
        gone = make_student(p.school_a1)
        make_enrolment(gone, one_b, exit_type=exit_type, left_on=date(2026, 10, 15))
    # Six teachers would be too many: two with a degree of university, one without, a manager, one on leave.
    code_list("trinh_do_dat_chuan_pho_thong", {"16": "Đại học sư phạm"})
    make_staff(p.school_a1, degree="16", has_digital_skills=True, identity_status="matched")
    make_staff(p.school_b2, degree="16")
    make_staff(p.school_a1, degree="17")
    make_staff(p.school_a1, degree="16", group="manager", has_digital_skills=True)
    make_staff(p.school_a1, degree="17", status="on_leave")
    make_room(p.school_a1)
    make_room(p.school_a1, build="temporary")
    make_room(p.school_a1, kind="library")
    make_room(p.school_b2, valid_from=date(2026, 10, 10))
    make_line(p.school_a1)
    make_line(p.school_b2, is_for_teaching=False)
    make_equipment(p.school_a1, use="teaching")
    make_equipment(p.school_b2, use="teaching", quantity=3, broken=3)
    code_list("si_so_lop_toi_da", {"2": "3", "6": "45"})
    return p


def figure(code, unit, as_of=DAY):
    return queries.value(f"registry.{code}", unit.pk, as_of)


SENSITIVE = {"registry.pupils_minority", "registry.pupils_inclusive", "registry.pupils_poor"}
# code, numerator, denominator, value for the whole province on 23 November
BY_HAND = [
    # 4 in 2B, 1 retained and 1 new in 1B, 2 in 6B
    ("pupils", 8, None, "8"),
    ("pupils_primary", 6, None, "6"),
    ("pupils_lower_secondary", 2, None, "2"),
    ("pupils_girls", 6, None, "6"),
    ("girls_share", 6, 8, "75.0"),
    ("pupils_minority", 1, None, "1"),
    ("pupils_inclusive", 1, None, "1"),
    ("pupils_verified", 1, 8, "12.5"),
    ("two_sessions_share", 2, 8, "25.0"),
    ("schools", 5, None, "5"),
    ("classes", 3, None, "3"),
    ("pupils_per_class", 8, 3, "2.67"),
    # 2B has four where three may sit; 1B has no limit that is known.
    ("classes_over_limit", 1, 3, "33.3"),
    ("teachers", 3, None, "3"),
    ("staff", 4, None, "4"),
    ("teachers_per_class", 3, 3, "1.00"),
    ("pupils_per_teacher", 8, 3, "2.67"),
    ("teachers_standard", 2, 3, "66.7"),
    ("staff_verified", 1, 4, "25.0"),
    ("staff_digital_skills", 2, 4, "50.0"),
    ("classrooms", 3, None, "3"),
    ("rooms_per_class", 3, 3, "1.00"),
    ("solid_rooms", 2, 3, "66.7"),
    ("schools_internet", 1, 5, "20.0"),
    ("schools_computers", 1, 5, "20.0"),
    ("schools_library", 1, 5, "20.0"),
    # Ten began the year: the eight above, the one who dropped out and the one who moved.
    ("dropout_rate", 1, 10, "10.00"),
    ("dropouts", 1, None, "1"),
    # Nine sat the year to its end; of one in grade 5 nobody knows what became.
    ("repetition_rate", 1, 8, "12.50"),
    ("promotion_rate", 7, 8, "87.5"),
    # Of the fourth nobody knows.
    ("completion_primary", 3, 3, "100.0"),
    ("transition_lower_secondary", 2, 3, "66.7"),
    # Girls 6 of 6, boys 1 of 2.
    ("gpi_promotion", "100.0000", "50.0000", "2.00"),
]


def test_by_hand(world):
    found = {code: figure(code, world.committee) for code, *_rest in BY_HAND}
    shown = [(code, one.numerator, one.denominator, str(one.value)) for code, one in found.items()]
    expected = [
        (code, Decimal(top), None if below is None else Decimal(below), value)
        for code, top, below, value in BY_HAND
    ]
    assert shown == expected


def test_a_past_day(world):
    # On 30 September the two who left in October still sat in 1B, and nobody was known to be disabled.
    assert figure("pupils", world.committee, EARLIER).value == 10
    assert figure("pupils_inclusive", world.committee, EARLIER).value == 0
    assert figure("dropout_rate", world.committee, EARLIER).value == 0
    assert figure("classrooms", world.committee, EARLIER).value == 2
    # On the last day of last year all nine sat in their old classes.
    assert figure("pupils", world.committee, OLD_END).value == 9


def test_totals_agree_between_school_commune_and_province(world):
    nodes = queries.unit_nodes(as_of=DAY)
    schools = [world.school_a1, world.school_a2, world.school_b1, world.school_b2, world.upper_school]
    asked = [one for one in registry.all_indicators() if one.numerator and not one.compared]
    found = queries.figures_of(asked, nodes, DAY)
    for one in asked:
        figures = found[one.code]
        if not one.is_area_only:
            below = sum(figures[unit.pk].numerator for unit in schools)
            communes = [
                figures[unit.pk].numerator for unit in (world.commune_a, world.commune_b, world.upper_school)
            ]
            assert figures[world.committee.pk].numerator == below == sum(communes), one.code
        for code in one.breakdowns:
            lines = queries.breakdown(one, nodes[world.committee.pk], DAY, code)
            assert sum(line.figure.numerator for line in lines) == figures[world.committee.pk].numerator, (
                one.code,
                code,
            )


def test_every_figure_opens_onto_as_many_rows(world):
    leader = world.actor("department_leader", "department")
    nodes = queries.unit_nodes([world.committee.pk], DAY)
    node = nodes[world.committee.pk]
    for one in registry.all_indicators():
        if one.numerator is None or one.compared or not one.code.startswith("registry."):
            continue
        figure = queries.figures(one, nodes, DAY)[node.id]
        counted = {
            Part.NUMERATOR: figure.numerator,
            Part.DENOMINATOR: figure.denominator,
            Part.MISSING: (figure.denominator or 0) - figure.numerator,
        }
        for part in parts_of(one):
            if one.code in SENSITIVE:
                # Of whom it is true is told only to who may read such data of the pupil.
                with pytest.raises(NotAllowed):
                    rows_behind(leader, one, node, DAY, part)
                continue
            assert rows_behind(leader, one, node, DAY, part).rows.count() == counted[part], (one.code, part)


def test_a_school_opens_its_own_rows_of_a_pupil_who_has_moved_on(world):
    principal = world.actor("principal", "school_a1")
    node = queries.unit_nodes([world.school_a1.pk], DAY)[world.school_a1.pk]
    completed = registry.get("registry.completion_primary")
    # Two of the three now sit at B2: their spells of last year are still A1's.
    assert rows_behind(principal, completed, node, DAY, Part.NUMERATOR).rows.count() == 3


def test_a_school_that_has_closed_counts_on_the_days_before(world):
    asked = [registry.get(f"registry.{code}") for code in ("schools", "pupils", "teachers", "dropout_rate")]

    def counted(unit, day):
        found = queries.figures_of(asked, queries.unit_nodes([unit.pk], day), day)
        return [found[one.code][unit.pk].numerator for one in asked]

    before = {unit: counted(unit, EARLIER) for unit in (world.committee, world.commune_a, world.school_a1)}
    assert before[world.commune_a] == [2, 8, 2, 0]
    closed_on = date(2026, 10, 31)
    close_unit(by=world.actor("system_administrator", "department"), unit=world.school_a1, on=closed_on)
    for unit, figures in before.items():
        assert counted(unit, EARLIER) == figures, unit
    # On its last day it still counts, the two who left in October gone; the day after it does not.
    assert counted(world.commune_a, closed_on) == [2, 6, 2, 1]
    assert counted(world.commune_a, date(2026, 11, 1)) == [1, 0, 0, 0]
    leader = world.actor("department_leader", "department")
    node = queries.unit_nodes([world.school_a1.pk], EARLIER)[world.school_a1.pk]
    assert rows_behind(leader, asked[1], node, EARLIER, Part.NUMERATOR).rows.count() == 8


def test_teachers_against_the_norm(world):
    """A1 has classes 1B and 2B with one session a day, and two teachers at work; B2 has 6B and one teacher."""

    def below():
        found = figure("schools_below_norm", world.committee)
        return found.numerator, found.denominator

    # No norm is known: nothing is said of any school.
    assert below() == (0, 0)
    code_list(
        "dinh_muc_giao_vien_lop", {"primary": "1.5", "primary_one_session": "1.2", "lower_secondary": "1,9"}
    )
    # A1: 2 x 1.2 = 2.4, two are enough; B2: 1.9, one is.
    assert below() == (0, 2)
    SchoolClass.objects.filter(unit=world.school_a1, school_year__starts_on=date(2026, 9, 5)).update(
        is_two_sessions=True
    )
    # A1: 2 x 1.5 = 3, one is lacking.
    assert below() == (1, 2)
    assert figure("schools_below_norm", world.school_a1).value == 100
    code_list("dinh_muc_giao_vien_lop", {"primary": "2", "lower_secondary": "nhiều"})
    assert below() == (1, 1)
    # The norm of schools is not that of a centre.
    code_list("dinh_muc_giao_vien_lop", {"lower_secondary": "1.9"})
    assert below() == (1, 2)
    School.objects.filter(unit=world.school_b2).update(levels=["continuing"])
    assert below() == (1, 1)


def test_schools_with_toilets(world):
    make_room(world.school_a1, kind="toilet", valid_from=date(2026, 10, 10))
    found = figure("schools_toilets", world.committee)
    assert (found.numerator, found.denominator) == (1, 5)
    assert figure("schools_toilets", world.committee, EARLIER).numerator == 0
