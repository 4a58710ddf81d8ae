from datetime import date, timedelta

import pytest

from tests.factories.organization import (
    LONG_AGO,
    TODAY,
    make_actor,
    make_administrative_unit,
    make_appointment,
    make_province,
    make_user,
)
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.modules.organization import actions
from thongsuot.modules.organization.actions.appointments import AlreadyAppointed, BadPeriod
from thongsuot.modules.organization.actions.units import CodeTaken, WrongPlace
from thongsuot.modules.organization.models import (
    AdministrativeUnitChange,
    Appointment,
    CodeList,
    CodeValue,
    SchoolYear,
    Unit,
)
from thongsuot.modules.organization.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def administrator(province):
    return province.actor("system_administrator", "department")


# -- appointing ---------------------------------------------------------------------------------
def test_a_principal_appoints_in_the_own_school_only(province):
    p = province
    principal, teacher = p.actor("principal", "school_a1"), make_user()
    made = actions.appoint(by=principal, user=teacher, role="teacher", unit=p.school_a1, valid_from=TODAY)
    assert actor_for(teacher, today=TODAY).holdings[0].unit_id == p.school_a1.pk
    assert made.valid_to is None
    for role, unit in (
        ("teacher", p.school_b1),
        ("principal", p.school_a1),
        ("system_administrator", p.department),
    ):
        with pytest.raises(NotAllowed):
            actions.appoint(by=principal, user=make_user(), role=role, unit=unit, valid_from=TODAY)


def test_nobody_appoints_themselves(province):
    user = make_user()
    make_appointment(user, "commune_leader", province.commune_a)
    with pytest.raises(NotAllowed):
        actions.appoint(
            by=actor_for(user, today=TODAY),
            user=user,
            role="principal",
            unit=province.school_a1,
            valid_from=TODAY,
        )


def test_a_commune_appoints_principals_of_its_schools(province):
    leader = province.actor("commune_leader", "commune_a")
    actions.appoint(by=leader, user=make_user(), role="principal", unit=province.school_a1, valid_from=TODAY)
    with pytest.raises(NotAllowed):
        actions.appoint(
            by=leader, user=make_user(), role="principal", unit=province.upper_school, valid_from=TODAY
        )


def test_a_role_is_held_where_it_belongs(province, administrator):
    with pytest.raises(actions.NotHeldHere):
        actions.appoint(
            by=administrator, user=make_user(), role="principal", unit=province.commune_a, valid_from=TODAY
        )


def test_not_twice_at_the_same_time(province, administrator):
    user = make_user()
    end = TODAY + timedelta(10)
    actions.appoint(
        by=administrator, user=user, role="teacher", unit=province.school_a1, valid_from=TODAY, valid_to=end
    )
    with pytest.raises(AlreadyAppointed):
        actions.appoint(by=administrator, user=user, role="teacher", unit=province.school_a1, valid_from=end)
    actions.appoint(
        by=administrator, user=user, role="teacher", unit=province.school_a1, valid_from=end + timedelta(1)
    )
    with pytest.raises(BadPeriod):
        actions.appoint(
            by=administrator,
            user=user,
            role="teacher",
            unit=province.school_a2,
            valid_from=end,
            valid_to=TODAY,
        )


def test_ending(province):
    principal, teacher = province.actor("principal", "school_a1"), make_user()
    made = actions.appoint(
        by=principal, user=teacher, role="teacher", unit=province.school_a1, valid_from=TODAY
    )
    with pytest.raises(BadPeriod):
        actions.end_appointment(by=principal, appointment=made, on=TODAY - timedelta(1))
    with pytest.raises(NotAllowed):
        actions.end_appointment(by=province.actor("principal", "school_b1"), appointment=made, on=TODAY)
    actions.end_appointment(by=principal, appointment=made, on=TODAY)
    assert actor_for(teacher, today=TODAY).holdings
    assert not actor_for(teacher, today=TODAY + timedelta(1)).holdings


# -- delegation ---------------------------------------------------------------------------------
def lend(
    principal_user,
    to,
    *,
    rights=("directives.accept",),
    start=TODAY,
    end=TODAY + timedelta(7),
    today=TODAY,
    reason="Đi công tác",
):
    own = Appointment.objects.get(user=principal_user, delegated_from__isnull=True)
    return actions.delegate(
        by=actor_for(principal_user, today=today),
        appointment_id=own.pk,
        to=to,
        rights=frozenset(rights),
        valid_from=start,
        valid_to=end,
        reason=reason,
        today=today,
    )


@pytest.fixture
def principal(province):
    user = make_user()
    make_appointment(user, "principal", province.school_a1, valid_to=TODAY + timedelta(30))
    return user


def test_lending_rights_for_a_while(principal):
    deputy = make_user()
    lend(principal, deputy)
    assert actor_for(deputy, today=TODAY).rights == {"directives.accept"}
    assert actor_for(deputy, today=TODAY + timedelta(8)).rights == frozenset()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"rights": ("directives.import",)}, actions.NotDelegable),  # not a right of a principal
        ({"rights": ("organization.delegate",)}, actions.NotDelegable),
        ({"rights": ()}, actions.NotDelegable),
        ({"end": TODAY + timedelta(31)}, actions.DelegationTooLong),
        ({"start": TODAY - timedelta(1)}, BadPeriod),
        ({"start": TODAY + timedelta(9)}, BadPeriod),
        ({"reason": "  "}, Refused),
    ],
)
def test_what_cannot_be_lent(principal, changed, refusal):
    with pytest.raises(refusal):
        lend(principal, make_user(), **changed)


def test_what_was_lent_is_not_lent_on(principal):
    deputy = make_user()
    lent = lend(principal, deputy)
    with pytest.raises(NotAllowed):
        actions.delegate(
            by=actor_for(deputy, today=TODAY),
            appointment_id=lent.pk,
            to=make_user(),
            rights=frozenset({"directives.accept"}),
            valid_from=TODAY,
            valid_to=TODAY,
            reason="x",
            today=TODAY,
        )
    with pytest.raises(actions.NotDelegable):
        lend(principal, principal)


def test_both_sides_may_end_a_delegation(principal, province):
    deputy = make_user()
    lent = lend(principal, deputy)
    with pytest.raises(NotAllowed):
        actions.end_appointment(by=province.actor("teacher", "school_a1"), appointment=lent, on=TODAY)
    actions.end_appointment(by=actor_for(deputy, today=TODAY), appointment=lent, on=TODAY)
    lent.refresh_from_db()
    assert lent.valid_to == TODAY


def test_ending_takes_back_what_was_lent(principal, administrator):
    now, later = make_user(), make_user()
    lend(principal, now)
    lend(principal, later, start=TODAY + timedelta(3), end=TODAY + timedelta(5))
    own = Appointment.objects.get(user=principal)
    actions.end_appointment(by=administrator, appointment=own, on=TODAY)
    assert list(Appointment.objects.filter(delegated_from=own).values_list("user_id", "valid_to")) == [
        (now.pk, TODAY)
    ]


# -- handing over ------------------------------------------------------------------------------
def test_handing_over(principal, province, administrator):
    successor, deputy = make_user(), make_user()
    lend(principal, deputy)
    done = actions.hand_over(
        by=administrator, from_user=principal, to_user=successor, unit=province.school_a1, on=TODAY
    )
    tomorrow = TODAY + timedelta(1)
    assert [a.role for a in done.ended] == [a.role for a in done.begun] == ["principal"]
    assert actor_for(principal, today=TODAY).holdings
    assert not actor_for(principal, today=tomorrow).holdings
    assert not actor_for(deputy, today=tomorrow).holdings
    assert actor_for(successor, today=tomorrow).holdings
    assert not actor_for(successor, today=TODAY).holdings


def test_leaving_without_a_successor(principal, province, administrator):
    done = actions.hand_over(
        by=administrator, from_user=principal, to_user=None, unit=province.school_a1, on=TODAY
    )
    assert done.begun == ()
    with pytest.raises(Refused):
        actions.hand_over(
            by=administrator, from_user=principal, to_user=None, unit=province.school_a2, on=TODAY
        )


def test_only_who_appoints_hands_over(principal, province):
    with pytest.raises(NotAllowed):
        actions.hand_over(
            by=province.actor("principal", "school_a1"),
            from_user=principal,
            to_user=None,
            unit=province.school_a1,
            on=TODAY,
        )


# -- units -------------------------------------------------------------------------------------
def school_facts(code="M1"):
    return actions.UnitFacts(code=code, name="  Trường Tiểu học  Mới ", kind="school")


def test_founding_a_school(province, administrator):
    place = make_administrative_unit(
        "23527", "Sa Thầy", parent=make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    )
    school = actions.create_school(
        by=administrator,
        facts=school_facts(),
        school=actions.SchoolFacts(levels=["primary"]),
        parent=province.commune_a,
        administrative_unit=place,
        valid_from=TODAY,
    )
    unit = Unit.objects.get(pk=school.pk)
    assert (unit.name, unit.name_fold, unit.path) == (
        "Trường Tiểu học Mới",
        "truong tieu hoc moi",
        f"{province.commune_a.path}{unit.pk}.",
    )
    assert [site.is_main for site in school.sites.all()] == [True]


def test_what_cannot_be_founded(province, administrator):
    common = {"administrative_unit": None, "valid_from": TODAY}
    with pytest.raises(NotAllowed):
        actions.create_unit(
            by=province.actor("principal", "school_a1"),
            facts=school_facts(),
            parent=province.commune_a,
            **common,
        )
    with pytest.raises(WrongPlace):
        actions.create_unit(by=administrator, facts=school_facts(), parent=province.committee, **common)
    with pytest.raises(CodeTaken):
        actions.create_unit(
            by=administrator, facts=school_facts(province.school_a1.code), parent=province.commune_a, **common
        )
    with pytest.raises(Refused):
        actions.create_school(
            by=administrator,
            facts=school_facts(),
            school=actions.SchoolFacts(levels=[]),
            parent=province.commune_a,
            **common,
        )


def test_a_unit_in_use_is_not_closed(province, administrator):
    with pytest.raises(actions.UnitStillInUse):
        actions.close_unit(by=administrator, unit=province.commune_a, on=TODAY)
    province.actor("teacher", "school_a1")
    with pytest.raises(actions.UnitStillInUse):
        actions.close_unit(by=administrator, unit=province.school_a1, on=TODAY)
    assert actions.close_unit(by=administrator, unit=province.school_a2, on=TODAY).valid_to == TODAY


def test_contacts_are_kept_by_whoever_looks_after_the_unit(province):
    unit = province.school_a1
    office = province.actor("school_office", "school_a1")
    actions.update_details(by=office, unit=unit, address="Thôn 1", email="a@b.vn", phone="0255")
    for other in (province.actor("school_office", "school_b1"), province.actor("teacher", "school_a1")):
        with pytest.raises(NotAllowed):
            actions.update_details(by=other, unit=unit, address="", email="", phone="")


def test_paths_can_be_rebuilt(province):
    right = dict(Unit.objects.values_list("pk", "path"))
    Unit.objects.update(path="")
    actions.rebuild_paths(by=Actor.system())
    assert dict(Unit.objects.values_list("pk", "path")) == right


def test_sites(province):
    school, office = province.school_a1.school, province.actor("school_office", "school_a1")
    site = actions.add_site(by=office, school=school, name="Thôn 2", address="", valid_from=LONG_AGO)
    main = school.sites.get(is_main=True)
    with pytest.raises(Refused):
        actions.close_site(by=office, site=main, on=TODAY)
    with pytest.raises(Refused):
        actions.update_site(by=office, site=main, name="Điểm chính", address="", is_main=False)
    actions.update_site(by=office, site=site, name="Thôn 2", address="", is_main=True)
    assert school.sites.get(is_main=True) == site
    main.refresh_from_db()
    assert actions.close_site(by=office, site=main, on=TODAY).valid_to == TODAY
    with pytest.raises(NotAllowed):
        actions.add_site(
            by=make_actor("principal", province.school_b1),
            school=school,
            name="x",
            address="",
            valid_from=TODAY,
        )


# -- lists -------------------------------------------------------------------------------------
TERMS = [(date(2027, 9, 5), date(2028, 1, 15)), (date(2028, 1, 17), date(2028, 5, 31))]


def test_a_school_year(administrator, province):
    year = actions.create_school_year(
        by=administrator, starts_on=TERMS[0][0], ends_on=TERMS[1][1], terms=TERMS
    )
    assert (year.name, year.terms.count()) == ("2027-2028", 2)
    with pytest.raises(Refused):
        actions.create_school_year(by=administrator, starts_on=TERMS[0][0], ends_on=TERMS[1][1], terms=TERMS)
    with pytest.raises(NotAllowed):
        actions.create_school_year(
            by=province.actor("principal", "school_a1"),
            starts_on=TERMS[0][0],
            ends_on=TERMS[1][1],
            terms=TERMS,
        )


@pytest.mark.parametrize(
    "terms", [[], TERMS[::-1], [TERMS[0], (TERMS[0][1], TERMS[1][1])], [(date(2027, 9, 1), TERMS[0][1])]]
)
def test_terms_follow_one_another_inside_the_year(administrator, terms):
    with pytest.raises(Refused):
        actions.create_school_year(by=administrator, starts_on=TERMS[0][0], ends_on=TERMS[1][1], terms=terms)
    assert not SchoolYear.objects.exists()


def test_a_code_is_corrected(administrator, province):
    value = CodeValue.objects.create(
        code_list=CodeList.objects.create(code="x", name="X"), code="01", name="Sai", confidence="M"
    )
    actions.correct_code(by=administrator, value=value, name=" Đúng ")
    value.refresh_from_db()
    assert (value.name, value.is_corrected, value.confidence) == ("Đúng", True, "V")
    with pytest.raises(NotAllowed):
        actions.correct_code(by=province.actor("principal", "school_a1"), value=value, name="x")


def test_a_line_of_the_map_is_corrected(administrator):
    province = make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    commune = make_administrative_unit("23527", "Sa Thầy", parent=province)
    line = AdministrativeUnitChange.objects.create(
        level="commune",
        old_name="Xã Cũ",
        old_name_fold="xa cu",
        new_unit=province,
        effective_on=LONG_AGO,
        confidence="M",
    )
    actions.correct_change(
        by=administrator,
        change=line,
        old_name="Xã Sa Sơn",
        old_code="23530",
        new_unit=commune,
        is_partial=False,
        document="NQ 1677",
    )
    line.refresh_from_db()
    assert (line.new_unit, line.is_corrected, line.old_name_fold) == (commune, True, "xa sa son")
