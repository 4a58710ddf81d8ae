"""Figures kept ready: only what changed is counted again, and a full count gives the same numbers."""

from datetime import date

import pytest

from tests.factories.organization import make_actor, make_province, make_school_year
from tests.factories.registry import make_class, make_enrolment, make_room, make_staff, make_student
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import WarmRun, WarmTotal
from thongsuot.modules.statistics.queries.cells import key_of
from thongsuot.modules.statistics.queries.warm import ready_figures
from thongsuot.modules.statistics.types import WarmKind

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
SYSTEM = Actor.system()
COUNTED = [
    "registry.pupils",
    "registry.girls_share",
    "registry.pupils_per_class",
    "registry.teachers",
    "registry.dropout_rate",
    "registry.promotion_rate",
    "registry.gpi_promotion",
    "registry.classrooms",
    "registry.schools_internet",
]


@pytest.fixture
def p():
    p = make_province()
    last, p.year = make_school_year(2025), make_school_year(2026)
    old = make_class(p.school_a1, last, grade=5)
    p.class_a = make_class(p.school_a1, p.year, grade=1)
    p.class_b = make_class(p.school_b2, p.year, grade=6)
    for sex in ("female", "female", "male"):
        make_student(p.school_a1, gender=sex, school_class=p.class_a)
    for _number in range(2):
        make_student(p.school_b2, school_class=p.class_b)
    p.leaver = make_student(p.school_a1)
    make_enrolment(p.leaver, old, exit_type="year_end", left_on=date(2026, 5, 31))
    for unit in (p.school_a1, p.school_b2):
        make_staff(unit)
        make_room(unit)
    actions.refresh(by=SYSTEM, as_of=DAY)
    return p


def assert_same_as_live():
    asked = [registry.get(code) for code in COUNTED]
    nodes = indicators.unit_nodes(as_of=DAY)
    assert queries.warm_figures(asked, nodes) == indicators.figures_of(asked, nodes, DAY)


def test_ready_for_the_list_of_figures(p):
    asked = [registry.get(code) for code in COUNTED]
    nodes = indicators.unit_nodes([p.commune_a.pk], as_of=DAY)
    assert ready_figures(asked, nodes, date(2026, 11, 22)) is None
    found, at = ready_figures(asked, nodes, DAY)
    assert at == WarmRun.objects.get().at
    live = indicators.figures_of(asked, nodes, DAY)
    # Nobody dropped out, was assessed or has a line: of these nothing is kept, and the page counts them.
    assert set(COUNTED) - set(found) == {
        "registry.dropout_rate", "registry.promotion_rate", "registry.gpi_promotion", "registry.schools_internet",
    }  # fmt: skip
    assert found == {code: live[code] for code in found}
    # An indicator that came in after the count is not nothing.
    WarmTotal.objects.filter(key=key_of(registry.get("registry.pupils").numerator)).delete()
    assert "registry.pupils" not in ready_figures(asked, nodes, DAY)[0]


def test_what_is_kept_adds_up_to_the_live_figures(p):
    first = WarmRun.objects.get()
    assert (first.kind, first.as_of) == (WarmKind.FULL, DAY)
    assert_same_as_live()
    pupils = queries.warm_figures([registry.get("registry.pupils")], indicators.unit_nodes([p.department.pk]))
    assert pupils["registry.pupils"][p.department.pk].value == 5


def test_a_change_at_one_school_reads_the_rows_of_that_school_only(p):
    before = {row.pk for row in WarmTotal.objects.filter(unit_id=p.school_b2.pk)}
    make_student(p.school_a1, school_class=p.class_a)
    run = actions.refresh(by=SYSTEM, as_of=DAY)
    # Pupils on the day and of the year: 4 each; who left: none; results of last year: 1; classes of this year: 1.
    assert (run.kind, run.units, run.rows_read) == (WarmKind.CHANGED, 1, 4 + 4 + 1 + 1)
    assert {row.pk for row in WarmTotal.objects.filter(unit_id=p.school_b2.pk)} == before
    assert_same_as_live()


def test_nothing_changed_reads_nothing(p):
    run = actions.refresh(by=SYSTEM, as_of=DAY)
    assert (run.units, run.rows_read) == (0, 0)


def test_a_pupil_found_again_elsewhere_changes_what_last_years_school_counts(p):
    make_enrolment(p.leaver, p.class_b)
    run = actions.refresh(by=SYSTEM, as_of=DAY)
    assert run.units == 2
    assert_same_as_live()


def test_a_row_that_moves_changes_both_units(p):
    room = make_room(p.school_a1)
    actions.refresh(by=SYSTEM, as_of=DAY)
    room.unit = p.school_b2
    room.save()
    run = actions.refresh(by=SYSTEM, as_of=DAY)
    assert run.units == 2
    assert_same_as_live()


def test_a_deleted_row_is_no_longer_counted(p):
    room = make_room(p.school_b2)
    actions.refresh(by=SYSTEM, as_of=DAY)
    room.delete()
    assert actions.refresh(by=SYSTEM, as_of=DAY).units == 1
    assert_same_as_live()


def test_the_nightly_count_proves_the_same_and_says_where_it_differs(p):
    assert actions.prove(by=SYSTEM, as_of=DAY).difference_count == 0
    WarmTotal.objects.filter(key="pupils:age,sex", unit_id=p.school_b2.pk).update(number=99)
    run = actions.prove(by=SYSTEM, as_of=DAY)
    assert run.difference_count == 1
    told = run.differences[0]
    assert (told["unit_id"], told["kept"], told["counted"]) == (p.school_b2.pk, "99.0000", "2")
    assert actions.prove(by=SYSTEM, as_of=DAY).difference_count == 0


def test_a_new_day_is_counted_whole(p):
    run = actions.refresh(by=SYSTEM, as_of=date(2026, 11, 24))
    assert (run.kind, run.as_of) == (WarmKind.FULL, date(2026, 11, 24))


def test_only_the_system_counts(p):
    somebody = make_actor("department_leader", p.department)
    with pytest.raises(NotAllowed):
        actions.refresh(by=somebody, as_of=DAY)
    with pytest.raises(NotAllowed):
        actions.prove(by=somebody, as_of=DAY)
