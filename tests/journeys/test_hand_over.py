"""When somebody leaves, roles and open work go together, or not at all."""

from datetime import date

import pytest

from tests.factories.directives import NOW, make_assignment
from tests.factories.organization import TODAY, make_appointment, make_province, make_user
from thongsuot.journeys.hand_over import hand_over
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.modules.organization.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    province = make_province()
    leaving, coming = make_user("nguoi.di"), make_user("nguoi.den")
    make_appointment(leaving, "teacher", province.school_a1)
    open_task = make_assignment(province.school_a1, province.commune_a, person=leaving, leader=leaving)
    done = make_assignment(province.school_a1, province.commune_a, person=leaving, state="accepted")
    elsewhere = make_assignment(province.school_b1, province.commune_b, person=leaving)
    return province, leaving, coming, (open_task, done, elsewhere)


def test_roles_and_open_work_go_together(school):
    province, leaving, coming, (open_task, done, elsewhere) = school
    principal = province.actor("principal", "school_a1")
    handed = hand_over(
        by=principal,
        from_user=leaving,
        to_user=coming,
        unit=province.school_a1,
        on=TODAY,
        now=NOW,
        reason="Chuyển công tác",
    )
    assert (handed.work.as_person, handed.work.as_leader) == (1, 1)
    for row in (open_task, done, elsewhere):
        row.refresh_from_db()
    assert (open_task.person_id, open_task.leader_id) == (coming.pk, coming.pk)
    assert done.person_id == leaving.pk
    assert elsewhere.person_id == leaving.pk
    assert [line.verb for line in open_task.log.all()] == ["set_people"]
    tomorrow = date(2026, 11, 24)
    assert [h.role for h in actor_for(coming, today=tomorrow).holdings] == ["teacher"]
    assert actor_for(leaving, today=tomorrow).holdings == ()


def test_nobody_takes_over_and_the_desk_sees_the_work(school):
    province, leaving, _, (open_task, *_rest) = school
    hand_over(
        by=province.actor("principal", "school_a1"),
        from_user=leaving,
        to_user=None,
        unit=province.school_a1,
        on=TODAY,
        now=NOW,
    )
    open_task.refresh_from_db()
    assert open_task.person_id is None


def test_refused_hand_overs_move_nothing(school):
    province, leaving, coming, (open_task, *_rest) = school
    with pytest.raises(NotAllowed):
        hand_over(
            by=province.actor("principal", "school_b1"),
            from_user=leaving,
            to_user=coming,
            unit=province.school_a1,
            on=TODAY,
            now=NOW,
        )
    with pytest.raises(Refused):
        hand_over(
            by=province.actor("principal", "school_a1"),
            from_user=leaving,
            to_user=leaving,
            unit=province.school_a1,
            on=TODAY,
            now=NOW,
        )
    open_task.refresh_from_db()
    assert open_task.person_id == leaving.pk
