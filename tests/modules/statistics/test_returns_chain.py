"""The chain: who gets a return, who may do which step, what is asked first, who is reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import registry
from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.statistics import DUE, NOW, make_period, officer, return_of, small_form
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.statistics.actions.freezing import freeze_period
from thongsuot.modules.statistics.actions.periods import change_days, open_period
from thongsuot.modules.statistics.actions.return_reminding import remind_units, send_return_reminders
from thongsuot.modules.statistics.actions.returns import accept_return, confirm_return, send_back, sign_off
from thongsuot.modules.statistics.domain.return_dates import due_day, reminder_step
from thongsuot.modules.statistics.models import FrozenRow, Return, ReturnVersion
from thongsuot.modules.statistics.permissions import (
    can_confirm,
    can_review,
    can_see_return,
    returns_confirmable,
    returns_reviewable,
    returns_visible,
)
from thongsuot.modules.statistics.queries.returns import board, steps

pytestmark = pytest.mark.django_db
ROLES = (
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_b1"),
    ("teacher", "school_a1"),
    ("system_administrator", "department"),
)


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def period(province):
    return make_period(officer(province), frozen=True)


def test_every_unit_of_the_level_has_a_return_and_those_above_it(province, period):
    found = {(one.unit_id, one.to_unit_id, one.due_on) for one in Return.objects.filter(period=period)}
    department = province.department.pk
    assert found == {
        (province.school_a1.pk, province.commune_a.pk, DUE["school"]),
        (province.school_b1.pk, province.commune_b.pk, DUE["school"]),
        (province.commune_a.pk, department, DUE["commune"]),
        (province.commune_b.pk, department, DUE["commune"]),
        (department, None, DUE["department"]),
    }


def test_a_school_with_pupils_of_a_level_that_it_does_not_list_is_asked_too(province):
    by = officer(province)
    period = make_period(by)
    school_class = registry.make_class(province.school_a2, SchoolYear.objects.get(), grade=1)
    registry.make_student(province.school_a2, school_class=school_class)
    freeze_period(by=by, period=period, now=NOW)
    one = return_of(period, province.school_a2)
    assert ReturnVersion.objects.get(owner=one).values["A01.1"] == "1"
    whole = return_of(period, province.commune_a)
    assert ReturnVersion.objects.get(owner=whole).values["A01.1"] == "1"


@pytest.mark.parametrize(("role", "unit"), ROLES)
def test_rights_about_one_and_as_a_filter_are_equal(province, period, role, unit):
    actor = province.actor(role, unit)
    rows = list(Return.objects.select_related("unit", "to_unit"))
    for about_one, as_filter in (
        (can_see_return, returns_visible),
        (can_confirm, returns_confirmable),
        (can_review, returns_reviewable),
    ):
        kept = set(Return.objects.filter(as_filter(actor)).values_list("pk", flat=True))
        assert kept == {one.pk for one in rows if about_one(actor, one)}, about_one


def test_nobody_above_a_school_confirms_for_it(province, period):
    one = return_of(period, province.school_a1)
    for role, unit in ROLES:
        expected = (role, unit) == ("principal", "school_a1")
        assert can_confirm(province.actor(role, unit), one) is expected, (role, unit)
    with pytest.raises(NotAllowed):
        confirm_return(by=province.actor("commune_officer", "commune_a_office"), one=one, now=NOW)


def test_the_whole_way_up_and_back(province, period):
    principal, office = province.actor("principal", "school_a1"), province.actor("school_office", "school_b1")
    commune = {key: province.actor("commune_officer", f"commune_{key}_office") for key in ("a", "b")}
    department = officer(province)

    def now_at(unit):
        return return_of(period, getattr(province, unit))

    with pytest.raises(Refused, match="An Bình"):
        confirm_return(by=commune["a"], one=now_at("commune_a"), now=NOW)
    confirm_return(by=principal, one=now_at("school_a1"), now=NOW)
    with pytest.raises(Refused, match="trạng thái"):
        confirm_return(by=principal, one=now_at("school_a1"), now=NOW)
    with pytest.raises(Refused, match="lý do"):
        send_back(by=commune["a"], one=now_at("school_a1"), reason="", now=NOW)
    with pytest.raises(NotAllowed):
        send_back(by=commune["b"], one=now_at("school_a1"), reason="Không phải của tôi", now=NOW)
    send_back(by=commune["a"], one=now_at("school_a1"), reason="Thiếu lớp 1B", now=NOW)
    assert (now_at("school_a1").state, now_at("school_a1").note) == ("returned", "Thiếu lớp 1B")
    confirm_return(by=principal, one=now_at("school_a1"), now=NOW)
    accept_return(by=commune["a"], one=now_at("school_a1"), now=NOW)
    confirm_return(by=commune["a"], one=now_at("commune_a"), now=NOW)
    with pytest.raises(Refused, match="Sở trả lại"):
        send_back(by=commune["a"], one=now_at("school_a1"), reason="Muộn rồi", now=NOW)
    send_back(by=department, one=now_at("commune_a"), reason="Xem lại", now=NOW)
    send_back(by=commune["a"], one=now_at("school_a1"), reason="Sở trả", now=NOW)
    confirm_return(by=principal, one=now_at("school_a1"), now=NOW)
    accept_return(by=commune["a"], one=now_at("school_a1"), now=NOW)
    confirm_return(by=commune["a"], one=now_at("commune_a"), now=NOW)
    with pytest.raises(NotAllowed):
        sign_off(by=commune["a"], one=now_at("commune_a"), now=NOW)
    sign_off(by=department, one=now_at("commune_a"), now=NOW)
    assert (now_at("commune_a").state, now_at("school_a1").state) == ("signed_off", "signed_off")
    with pytest.raises(Refused, match="Hòa Lợi"):
        sign_off(by=department, one=now_at("department"), now=NOW)
    confirm_return(by=office, one=now_at("school_b1"), now=NOW)
    accept_return(by=commune["b"], one=now_at("school_b1"), now=NOW)
    confirm_return(by=commune["b"], one=now_at("commune_b"), now=NOW)
    sign_off(by=department, one=now_at("commune_b"), now=NOW)
    sign_off(by=department, one=now_at("department"), now=NOW)
    assert set(Return.objects.values_list("state", flat=True)) == {"signed_off"}
    assert not ReturnVersion.objects.filter(signed_off_at=None).exists()


def test_buttons_are_the_steps_that_work(province, period):
    one = return_of(period, province.school_a1)
    version = ReturnVersion.objects.get(owner=one)
    mine = steps(province.actor("principal", "school_a1"), one, version)
    theirs = steps(province.actor("commune_officer", "commune_a_office"), one, version)
    assert (mine.confirm, mine.correct, mine.accept, mine.send_back, mine.sign_off) == (
        True, True, False, False, False)  # fmt: skip
    assert not any((theirs.confirm, theirs.accept, theirs.send_back, theirs.sign_off, theirs.correct))


def test_the_board_says_who_is_late_and_one_click_reminds(province, period):
    commune = province.actor("commune_officer", "commune_a_office")
    principal = province.actor("principal", "school_a1")
    late = DUE["school"] + timedelta(days=3)
    found = board(commune, period, province.commune_a.pk, today=late)
    assert [(line.unit_id, line.is_late, line.owes) for line in found.lines] == [
        (province.school_a1.pk, True, True)
    ]
    assert found.late == 1
    Notification.objects.all().delete()
    assert remind_units(by=commune, returns=found.owed_ids, now=NOW) == 1
    assert list(Notification.objects.values_list("recipient_id", flat=True)) == [principal.user_id]
    with pytest.raises(NotAllowed):
        remind_units(by=principal, returns=found.owed_ids, now=NOW)
    above = board(officer(province), period, province.department.pk, today=late)
    assert {(line.unit_id, line.below_in, line.below_total) for line in above.lines} == {
        (province.commune_a.pk, 0, 1),
        (province.commune_b.pk, 0, 1),
    }


def test_reminders_go_out_once_for_each_step(province, period):
    make_appointment(make_user(), "principal", province.school_a1)
    system = Actor.system()
    ahead = NOW.replace(month=10, day=2)
    Notification.objects.all().delete()
    assert send_return_reminders(by=system, now=ahead) == 2
    assert send_return_reminders(by=system, now=ahead) == 0
    assert Notification.objects.count() == 1
    assert send_return_reminders(by=system, now=ahead.replace(day=4)) == 2
    with pytest.raises(NotAllowed):
        send_return_reminders(by=province.actor("principal", "school_a1"), now=ahead)


def test_days_can_be_moved_and_reminders_follow(province, period):
    due = {**DUE, "school": date(2026, 10, 9)}
    change_days(by=officer(province), period=period, due=due)
    assert return_of(period, province.school_a1).due_on == date(2026, 10, 9)
    with pytest.raises(Refused, match="lần lượt"):
        change_days(by=officer(province), period=period, due={**DUE, "commune": date(2026, 10, 1)})


def test_a_period_is_opened_once_and_by_the_department_only(province, period):
    given = {
        "kind": "start_of_year", "name": "Lần hai", "school_year": period.school_year, "as_of": period.as_of,
        "forms": [small_form()], "due": DUE, "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused, match="Đã mở"):
        open_period(by=officer(province), **given)
    with pytest.raises(NotAllowed):
        open_period(by=province.actor("commune_officer", "commune_a_office"), **given)


def test_rows_of_others_do_not_exist_for_the_database(province):
    by = officer(province)
    year_class = {}
    period = make_period(by)
    for school in (province.school_a1, province.school_b1):
        year_class[school.pk] = registry.make_class(school, SchoolYear.objects.get(), grade=1)
        registry.make_student(school, school_class=year_class[school.pk])
    freeze_period(by=by, period=period, now=NOW)
    with act_as(province.actor("principal", "school_a1")):
        assert set(FrozenRow.objects.values_list("unit_id", flat=True)) == {province.school_a1.pk}
        assert set(Return.objects.values_list("unit_id", flat=True)) == {province.school_a1.pk}
        assert set(ReturnVersion.objects.values_list("owner__unit_id", flat=True)) == {province.school_a1.pk}
    assert Unit.objects.count() > 1


@pytest.mark.parametrize(
    ("left", "step"), [(8, None), (7, 7), (5, 7), (3, 3), (1, 1), (0, 0), (-1, -1), (-7, -1), (-8, -8)]
)
def test_steps_of_reminders(left, step):
    today = date(2026, 10, 1)
    assert reminder_step(today + timedelta(days=left), today) == step


def test_a_last_day_on_a_free_day_moves_to_the_next_working_day():
    assert due_day(date(2026, 10, 31), lambda day: day.weekday() < 5) == date(2026, 11, 2)
