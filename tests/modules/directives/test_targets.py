"""Targets: reported with evidence, approved above, added up by numerators and denominators."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.directives import NOW, make_directive, make_target
from tests.factories.organization import TODAY, make_province
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.directives import queries as reads
from thongsuot.modules.directives.actions import targets
from thongsuot.modules.directives.domain.target_values import meets
from thongsuot.modules.directives.types import TargetValueState


@pytest.fixture
def province(db):
    return make_province()


@pytest.fixture
def target(province):
    directive = make_directive(province.department, recipients=(province.school_a1, province.school_b1))
    return make_target(directive, province.school_a1, province.school_b1, value=90)


def report(province, target, school, top, below, as_of=TODAY):
    return targets.report_value(
        by=province.actor("principal", school), target=target, unit=getattr(province, school), now=NOW, link="https://example.vn/",
        figure=targets.ReportedFigure(as_of=as_of, numerator=Decimal(top), denominator=Decimal(below)),
    )  # fmt: skip


def test_a_share_is_computed_half_up(province, target):
    assert report(province, target, "school_a1", 1, 3).value == Decimal("33.33")
    assert report(province, target, "school_a1", 2, 3).value == Decimal("66.67")
    assert report(province, target, "school_a1", 1, 800).value == Decimal("0.13")  # 0.125


@pytest.mark.parametrize(("top", "below"), [(5, 4), (1, 0), (-1, 4)])
def test_impossible_numbers_are_refused(province, target, top, below):
    with pytest.raises(targets.BadValue):
        report(province, target, "school_a1", top, below)


def test_evidence_and_a_day_that_has_come(province, target):
    principal = province.actor("principal", "school_a1")
    figure = targets.ReportedFigure(as_of=TODAY, value=Decimal(95))
    with pytest.raises(targets.BadValue, match="minh chứng"):
        targets.report_value(by=principal, target=target, unit=province.school_a1, figure=figure, now=NOW)
    with pytest.raises(targets.BadValue, match="chưa tới"):
        report(province, target, "school_a1", 1, 2, as_of=TODAY + timedelta(days=1))


def test_a_unit_without_the_target_does_not_report(province, target):
    with pytest.raises(NotAllowed):
        report(province, target, "school_a2", 1, 2)


def test_approval_is_the_communes_and_happens_once(province, target):
    value = report(province, target, "school_a1", 9, 10)
    with pytest.raises(NotAllowed):
        targets.approve_value(by=province.actor("commune_officer", "commune_b_office"), value=value, now=NOW)
    officer = province.actor("commune_officer", "commune_a_office")
    with pytest.raises(targets.BadValue):
        targets.return_value(by=officer, value=value, reason=" ", now=NOW)
    assert targets.approve_value(by=officer, value=value, now=NOW).state == TargetValueState.APPROVED
    with pytest.raises(targets.ValueDecided):
        targets.return_value(by=officer, value=value, reason="nhầm", now=NOW)


def test_the_whole_is_the_sum_of_the_parts_not_the_mean_of_shares(province, target):
    leader = province.actor("department_leader", "department")
    for school, commune, top, below in (
        ("school_a1", "commune_a_office", 10, 10),
        ("school_b1", "commune_b_office", 30, 90),
    ):
        value = report(province, target, school, top, below)
        targets.approve_value(by=province.actor("commune_officer", commune), value=value, now=NOW)
    detail = reads.target_detail(leader, reads.target(leader, target.public_id), today=TODAY)
    assert detail.value == Decimal("40.00")
    assert detail.met is False
    assert [s.unit.pk for s in detail.missing] == [province.school_b1.pk]


def test_what_is_not_approved_does_not_count(province, target):
    report(province, target, "school_a1", 10, 10)
    leader = province.actor("department_leader", "department")
    detail = reads.target_detail(leader, reads.target(leader, target.public_id), today=TODAY)
    assert detail.value is None
    assert [s.pending for s in detail.standings if s.unit.pk == province.school_a1.pk] == [True]
    assert len(detail.missing) == 2


def test_the_trend_takes_each_units_newest_value_of_the_day(province, target):
    leader, officer = (
        province.actor("department_leader", "department"),
        province.actor("commune_officer", "commune_a_office"),
    )
    for day, top in ((date(2026, 9, 30), 2), (date(2026, 10, 31), 5), (date(2026, 11, 20), 9)):
        targets.approve_value(
            by=officer, value=report(province, target, "school_a1", top, 10, as_of=day), now=NOW
        )
    detail = reads.target_detail(leader, reads.target(leader, target.public_id), today=TODAY)
    assert [(day.month, value) for day, value in detail.trend] == [(9, 20), (10, 50), (11, 90)]
    assert detail.met is True


def test_a_school_sees_only_its_own_standing(province, target):
    principal = province.actor("principal", "school_a1")
    detail = reads.target_detail(principal, reads.target(principal, target.public_id), today=TODAY)
    assert [s.unit.pk for s in detail.standings] == [province.school_a1.pk]
    assert [u.pk for u in detail.reports_for] == [province.school_a1.pk]
    assert reads.target(province.actor("principal", "school_a2"), target.public_id) is None


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_meeting_a_target_is_one_of_less_equal_more(value, aim):
    assert sum([meets("<", value, aim), meets("=", value, aim), meets(">", value, aim)]) == 1
    assert meets(">=", value, aim) == (meets(">", value, aim) or meets("=", value, aim))
    assert meets("<=", value, aim) != meets(">", value, aim)
    assert meets(">=", value, None) is None
