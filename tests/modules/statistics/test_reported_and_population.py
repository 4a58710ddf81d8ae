"""Figures that units report, and enrolment against the population: counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Source
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import IndicatorSource, Population, ReportedFigure
from thongsuot.modules.statistics.queries.reported import sources
from thongsuot.modules.statistics.types import AlreadyDecided, BadFigure, ReportState
from thongsuot.modules.statistics.web.panels import source_of_days

pytestmark = pytest.mark.django_db
CODE = "digital.teachers_using_tools"
DAY = date(2026, 11, 23)


@pytest.fixture
def p():
    return make_province()


def report(p, **changes):
    said = {
        "code": CODE,
        "as_of": DAY,
        "numerator": Decimal(8),
        "denominator": Decimal(10),
        "link": "https://vi.du/1",
    }
    by = p.actor("principal", "school_a1")
    return actions.report_figure(by=by, unit_id=p.school_a1.pk, **{**said, **changes})


def value(p, day=DAY):
    return indicators.value(CODE, p.commune_a.pk, day)


def test_a_figure_counts_from_its_approval_and_its_day_on(p):
    row = report(p)
    assert value(p).value is None
    actions.approve_figure(by=p.actor("commune_leader", "commune_a"), figure=row)
    assert value(p).value == Decimal("80.0")
    assert value(p, DAY - timedelta(days=1)).value is None
    later = report(p, as_of=DAY + timedelta(days=1), numerator=Decimal(9))
    actions.approve_figure(by=p.actor("commune_leader", "commune_a"), figure=later)
    assert value(p).value == Decimal("80.0")
    assert value(p, DAY + timedelta(days=1)).value == Decimal("90.0")


@pytest.mark.parametrize(
    "changes",
    [
        {"numerator": Decimal(11)},
        {"numerator": Decimal(-1)},
        {"link": ""},
        {"code": "registry.pupils"},
        {"as_of": timezone.localdate() + timedelta(days=2)},
    ],
)
def test_what_cannot_be_is_refused(p, changes):
    with pytest.raises(BadFigure):
        report(p, **changes)
    assert not ReportedFigure.objects.exists()


def test_a_count_may_be_larger_than_what_it_is_divided_by_and_nothing_reported_is_not_zero(p):
    def materials(unit):
        return indicators.value("digital.materials", unit.pk, DAY).value

    assert materials(p.school_a1) is None
    row = report(p, code="digital.materials", numerator=Decimal(41), denominator=Decimal(1))
    actions.approve_figure(by=p.actor("commune_leader", "commune_a"), figure=row)
    assert (materials(p.school_a1), materials(p.commune_b)) == (Decimal("41.0"), None)
    with pytest.raises(BadFigure):
        report(p, code="digital.materials", numerator=Decimal(41), denominator=Decimal(0))


def test_who_may_report_and_decide(p):
    row = report(p)
    for role, unit in (
        ("principal", "school_a1"),
        ("principal", "school_b2"),
        ("commune_leader", "commune_b"),
    ):
        with pytest.raises(NotAllowed):
            actions.approve_figure(by=p.actor(role, unit), figure=row)
    with pytest.raises(NotAllowed):
        actions.report_figure(
            by=p.actor("principal", "school_b2"), unit_id=p.school_a1.pk, code=CODE, as_of=DAY,
            numerator=Decimal(1), denominator=Decimal(1), link="https://vi.du",
        )  # fmt: skip


def test_returned_with_a_reason_and_decided_once(p):
    row = report(p)
    manager = p.actor("commune_leader", "commune_a")
    with pytest.raises(BadFigure):
        actions.return_figure(by=manager, figure=row, reason=" ")
    assert (
        actions.return_figure(by=manager, figure=row, reason="Thiếu danh sách").state == ReportState.RETURNED
    )
    with pytest.raises(AlreadyDecided):
        actions.approve_figure(by=manager, figure=row)
    assert value(p).value is None


def test_what_still_waits_is_replaced(p):
    report(p)
    report(p, numerator=Decimal(9))
    assert ReportedFigure.objects.get().numerator == 9


def test_a_change_of_source_is_noted_once(p):
    system = Actor.system()
    IndicatorSource.objects.create(code=CODE, kind=Source.COMPUTED.value, since=date(2026, 1, 1))
    actions.note_sources(by=system, as_of=DAY)
    assert actions.note_sources(by=system, as_of=DAY) == 0
    assert sources(CODE) == [(date(2026, 1, 1), "computed"), (DAY, "reported")]
    said = source_of_days(registry.get(CODE), [date(2026, 11, 22), DAY])
    assert said == ["Tính từ dữ liệu", "Đơn vị báo cáo"]


def test_enrolment_against_the_population_by_hand(p):
    """Commune A: 3 pupils in primary, one of them 5 years old. People of 6 to 10: 4; of 5: 2."""
    year = make_school_year(2026)
    first = make_class(p.school_a1, year, grade=1)
    for born in (2020, 2019, 2021):
        make_student(p.school_a1, birth_date=date(born, 3, 8), school_class=first)
    groups = make_class(p.school_a2, year, grade=18)
    make_student(p.school_a2, birth_date=date(2021, 5, 1), school_class=groups)
    manager = Actor.system()
    rows = [
        actions.People(p.commune_a.pk, 2026, age, "female", people)
        for age, people in ((5, 2), (6, 1), (7, 1), (10, 2), (11, 50))
    ]
    rows.append(actions.People(p.commune_a.pk, 2025, 6, "female", 999))
    actions.set_population(by=manager, rows=rows)
    asked = {
        "statistics.gross_primary": Decimal("75.0"),
        "statistics.net_primary": Decimal("50.0"),
        "statistics.participation_five": Decimal("50.0"),
    }
    nodes = indicators.unit_nodes([p.commune_a.pk, p.school_a1.pk])
    live = indicators.figures_of([registry.get(code) for code in asked], nodes, DAY)
    assert {code: live[code][p.commune_a.pk].value for code in asked} == asked
    assert live["statistics.gross_primary"][p.school_a1.pk].value is None
    actions.refresh(by=manager, as_of=DAY)
    assert queries.warm_figures([registry.get(code) for code in asked], nodes) == live
    # Corrected: only the commune is counted again.
    row = Population.objects.get(year=2026, age=6)
    actions.correct_population(by=manager, row=row, people=3, source="Rà soát")
    assert actions.refresh(by=manager, as_of=DAY).units == 1


def test_population_is_for_who_manages_statistics(p):
    with pytest.raises(NotAllowed):
        actions.set_population(by=p.actor("principal", "school_a1"), rows=[])
