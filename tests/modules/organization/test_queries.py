import pytest

from tests.factories.organization import (
    TODAY,
    make_administrative_unit,
    make_appointment,
    make_province,
    make_school_year,
    make_user,
)
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import permissions, queries
from thongsuot.modules.organization.domain.roles import ROLES
from thongsuot.modules.organization.models import Appointment, Unit
from thongsuot.modules.organization.types import MatchKind

pytestmark = pytest.mark.django_db

HOLDERS = [
    ("system_administrator", "department"),
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
    ("parent", "school_a1"),
    ("pupil", "school_a1"),
]


@pytest.fixture
def province():
    return make_province()


@pytest.mark.parametrize(("role", "unit"), HOLDERS)
def test_both_forms_of_each_rule_agree(province, role, unit):
    actor = province.actor(role, unit)
    for holder in HOLDERS:
        province.actor(*holder)
    units = set(Unit.objects.filter(permissions.units_visible(actor)))
    assert units == {u for u in Unit.objects.all() if permissions.can_see_unit(actor, u)}
    seen = set(Appointment.objects.filter(permissions.appointments_visible(actor)))
    assert seen == {
        a for a in Appointment.objects.select_related("unit") if permissions.can_see_appointment(actor, a)
    }


def test_a_commune_lists_its_own_and_what_is_above(province):
    p = province
    seen = set(queries.units_visible(p.actor("commune_officer", "commune_a_office")))
    assert seen == {
        p.committee,
        p.department,
        p.office,
        p.staff_office,
        p.commune_a,
        p.commune_a_office,
        p.school_a1,
        p.school_a2,
    }


def test_a_teacher_sees_the_managing_commune_but_no_other_school(province):
    p = province
    seen = set(queries.units_visible(p.actor("teacher", "school_a1")))
    assert {p.commune_a, p.school_a1} <= seen
    assert seen.isdisjoint({p.school_a2, p.school_b1, p.commune_b})


def test_families_list_nothing(province):
    assert not queries.units_visible(province.actor("parent", "school_a1")).exists()
    assert queries.unit_tree(province.actor("pupil", "school_a1"), today=TODAY) == []


def test_not_yours_does_not_exist(province):
    principal = province.actor("principal", "school_a1")
    assert queries.unit_detail(principal, province.school_b1.pk) is None
    assert queries.school_detail(principal, province.school_b1.pk) is None
    other = province.actor("teacher", "school_b1")
    there = Appointment.objects.get(user_id=other.user_id)
    assert queries.appointment_visible(principal, there.pk) is None


def test_families_are_listed_only_to_who_appoints_them(province):
    province.actor("parent", "school_a1")
    role = Appointment.objects.filter(role="parent")
    assert role.filter(permissions.appointments_visible(province.actor("principal", "school_a1"))).exists()
    assert not role.filter(permissions.appointments_visible(province.actor("teacher", "school_a1"))).exists()


def test_search_without_accents(province):
    actor = province.actor("department_officer", "office")
    assert [s.unit for s in queries.schools(actor, words="hoa loi tieu")] == [province.school_b1]
    assert [s.unit for s in queries.schools(actor, levels=["preschool", "upper_secondary"])] == [
        province.school_a2,
        province.upper_school,
    ]


def test_the_tree(province):
    (root,) = queries.unit_tree(province.actor("department_leader", "department"), today=TODAY)
    assert (root.name, root.below) == (province.committee.name, 12)
    commune = next(node for node in root.children if node.id == province.commune_a.pk)
    assert {child.id for child in commune.children} == {
        province.commune_a_office.pk,
        province.school_a1.pk,
        province.school_a2.pk,
    }


def test_units_below(province):
    below = set(queries.units_below(province.commune_a.pk))
    assert below == {province.commune_a_office, province.school_a1, province.school_a2}
    assert queries.unit_ids_below(province.commune_a.pk) == {u.pk for u in below} | {province.commune_a.pk}
    assert not queries.units_below(0).exists()


def test_people_leaders_and_rights(province):
    p = province
    actors = {holder: p.actor(*holder).user_id for holder in HOLDERS}
    other = p.actor("principal", "school_b1").user_id

    def ids(found):
        return set(found.values_list("pk", flat=True))

    assert ids(queries.people_at(p.school_a1.pk, today=TODAY)) == {
        actors[role, "school_a1"] for role in ("principal", "school_office", "accountant", "teacher")
    }
    assert ids(queries.leaders_of(p.school_a1.pk, today=TODAY)) == {actors["principal", "school_a1"]}
    assert ids(queries.leaders_of(p.commune_a_office.pk, today=TODAY)) == {
        actors["commune_leader", "commune_a"]
    }
    over = ids(queries.users_with_right("directives.accept", p.school_a1.pk, today=TODAY))
    wanted = [
        ("department_leader", "department"),
        ("department_officer", "office"),
        ("commune_leader", "commune_a"),
    ]
    wanted += [("commune_officer", "commune_a_office"), ("principal", "school_a1")]
    assert over == {actors[holder] for holder in wanted}
    assert other not in over
    assert ids(queries.users_with_right("directives.accept", p.school_a1.pk, at_unit=True, today=TODAY)) == {
        actors["principal", "school_a1"]
    }


def test_rights_over_a_unit_agree_with_the_actors(province):
    """Asked from either side, the answer is the same."""
    for holder in HOLDERS:
        province.actor(*holder)
    for right in ("directives.accept", "directives.view", "accounts.manage"):
        for unit in Unit.objects.all():
            found = set(queries.users_with_right(right, unit.pk, today=TODAY).values_list("pk", flat=True))
            assert found == {a.user_id for a in province.actors.values() if a.can(right, unit.pk)}, (
                right,
                unit,
            )


def test_who_is_gone_is_not_asked(province):
    user = make_user(is_active=False)
    make_appointment(user, "principal", province.school_a2)
    assert not queries.leaders_of(province.school_a2.pk, today=TODAY).exists()


def test_names_in_words(province, django_assert_num_queries):
    with django_assert_num_queries(2):
        office, schools, vague = queries.match_unit_names(
            ["Phòng VH-XH", "các trường", "Các đơn vị có liên quan"],
            context_unit_id=province.commune_b.pk,
            today=TODAY,
        )
    assert office.unit_ids == (province.commune_b_office.pk,)
    assert set(schools.unit_ids) == {province.school_b1.pk, province.school_b2.pk}
    assert vague.kind == MatchKind.NONE
    (lead,) = queries.match_unit_names(["Phòng GDTrH"], context_unit_id=None, today=TODAY)
    assert lead.unit_ids == (province.office.pk,)


def test_school_year_and_term(province):
    old, new = make_school_year(2025), make_school_year(2026)
    assert queries.current_school_year(TODAY) == new
    assert queries.current_school_year(new.starts_on.replace(month=8)) == old
    assert queries.current_term(TODAY).number == 1
    assert queries.school_year("2025-2026") == old


def test_administrative_units_are_searched_without_accents():
    province = make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    commune = make_administrative_unit("23527", "Sa Thầy", parent=province)
    assert list(queries.administrative_units(today=TODAY, level="commune", words="sa thay")) == [commune]


def test_what_may_be_appointed_is_offered(province):
    principal = province.actor("principal", "school_a1")
    offered = dict(queries.roles_to_appoint(principal, province.school_a1.pk))
    assert set(offered) == ROLES["principal"].appoints
    assert queries.roles_to_appoint(principal, province.school_b1.pk) == []
    assert queries.roles_to_appoint(Actor(user_id=None, name=""), province.school_a1.pk) == []
