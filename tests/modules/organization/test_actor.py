"""Who somebody is on a day, and what that lets them see."""

from datetime import date, timedelta

import pytest

from tests.factories.organization import TODAY, make_appointment, make_province, make_unit, make_user
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.organization import queries
from thongsuot.modules.organization.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


def test_reach_by_role(province):
    p = province
    assert p.actor("department_officer", "office").reach is None
    commune = {p.commune_a.pk, p.commune_a_office.pk, p.school_a1.pk, p.school_a2.pk}
    assert p.actor("commune_leader", "commune_a").reach == commune
    # An officer of Phòng VH-XH acts for the commune, not for the office alone.
    assert p.actor("commune_officer", "commune_a_office").reach == commune
    assert p.actor("principal", "school_a1").reach == {p.school_a1.pk}
    assert p.actor("parent", "school_a1").reach == frozenset()


def test_a_path_is_a_prefix_of_whole_steps(province):
    """Unit 12 is not above unit 120."""
    actor = province.actor("commune_leader", "commune_a")
    neighbour = make_unit("commune", parent=province.committee)
    Unit.objects.filter(pk=neighbour.pk).update(path=f"{province.commune_a.path.rstrip('.')}0.")
    assert neighbour.pk not in province.actor("commune_leader", "commune_a").reach
    assert actor.reach == province.actor("commune_leader", "commune_a").reach


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (TODAY, None, True),
        (TODAY - timedelta(9), TODAY, True),
        (TODAY - timedelta(9), TODAY - timedelta(1), False),
        (TODAY + timedelta(1), None, False),
    ],
)
def test_only_appointments_in_force_count(province, valid_from, valid_to, counts):
    user = make_user()
    make_appointment(user, "principal", province.school_a1, valid_from=valid_from, valid_to=valid_to)
    assert bool(queries.actor_for(user, today=TODAY).holdings) is counts


def test_a_closed_unit_gives_no_rights(province):
    user = make_user()
    make_appointment(user, "principal", province.school_a1)
    Unit.objects.filter(pk=province.school_a1.pk).update(valid_to=date(2026, 6, 30))
    assert queries.actor_for(user, today=TODAY).holdings == ()


def test_somebody_without_appointments_may_do_nothing(province):
    actor = queries.actor_for(make_user(), today=TODAY)
    assert (actor.rights, actor.reach) == (frozenset(), frozenset())
    with pytest.raises(NotAllowed):
        actor.require("organization.view")


def test_a_delegation_gives_only_what_was_lent(province):
    principal, deputy = make_user(), make_user()
    own = make_appointment(principal, "principal", province.school_a1, valid_to=TODAY)
    make_appointment(
        deputy,
        "principal",
        province.school_a1,
        valid_to=TODAY + timedelta(30),
        delegated_from=own,
        lent_rights=["directives.accept", "organization.delegate", "audit.read"],
    )
    assert queries.actor_for(deputy, today=TODAY).rights == {"directives.accept"}
    # It ends with what it lends from, whatever its own date.
    assert queries.actor_for(deputy, today=TODAY + timedelta(1)).rights == frozenset()


def test_own_appointments_come_before_borrowed_ones(province):
    principal, deputy = make_user(), make_user()
    own = make_appointment(principal, "principal", province.school_a1)
    make_appointment(
        deputy,
        "principal",
        province.school_a1,
        valid_to=TODAY,
        delegated_from=own,
        lent_rights=["directives.accept"],
    )
    make_appointment(deputy, "teacher", province.school_a1, valid_from=TODAY)
    assert [h.role for h in queries.actor_for(deputy, today=TODAY).holdings] == ["teacher", "principal"]


@pytest.mark.parametrize(
    ("role", "unit", "count"),
    [
        ("department_officer", "office", 1),
        ("commune_officer", "commune_a_office", 2),
        ("principal", "school_a1", 1),
    ],
)
def test_cost_in_queries(province, django_assert_num_queries, role, unit, count):
    user = make_user()
    make_appointment(user, role, getattr(province, unit))
    with django_assert_num_queries(count):
        queries.actor_for(user, today=TODAY)
