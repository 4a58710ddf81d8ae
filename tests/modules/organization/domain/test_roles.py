from thongsuot.modules.organization.domain.rights import NEVER_DELEGATED, RIGHTS
from thongsuot.modules.organization.domain.roles import ROLES, Reach, body_path, lent_rights, roles_with
from thongsuot.modules.organization.types import RoleCode, UnitKind


def test_every_role_is_described_once():
    assert set(ROLES) == set(RoleCode.values)
    for code, role in ROLES.items():
        assert role.name == RoleCode(code).label
        assert role.sentence.endswith(".")
        assert role.held_at <= set(UnitKind.values)


def test_roles_use_only_known_rights_and_no_right_is_idle():
    assert {right for role in ROLES.values() for right in role.rights} == set(RIGHTS)
    assert set(RIGHTS) >= NEVER_DELEGATED


def test_only_who_may_appoint_names_roles_to_appoint():
    for role in ROLES.values():
        assert bool(role.appoints) == ("organization.manage_appointments" in role.rights), role.code


def test_nobody_appoints_upwards():
    assert ROLES["principal"].appoints.isdisjoint(
        {"principal", "commune_leader", "department_officer", "system_administrator"}
    )
    assert ROLES["commune_leader"].appoints == {"commune_officer", "principal"}


def test_families_see_their_own_and_no_unit():
    for code, right in (("parent", "registry.own_children"), ("pupil", "registry.own_record")):
        assert ROLES[code].rights == {right, "gradebook.view_own", "transcripts.own"}
        assert ROLES[code].reach is Reach.NOBODY


def test_a_teacher_sees_own_tasks_only():
    rights = ROLES["teacher"].rights
    assert {"directives.view", "directives.work"} <= rights
    assert "directives.view_unit" not in rights


def test_the_administrator_does_no_task():
    assert not any(right.startswith("directives.") for right in ROLES["system_administrator"].rights)


def test_only_the_administrator_manages_accounts():
    assert roles_with("accounts.manage") == {"system_administrator"}


def test_an_office_acts_for_its_body():
    assert body_path("commune_office", "1.5.22.") == "1.5."
    assert body_path("commune", "1.5.") == "1.5."
    assert body_path("school", "1.5.23.") == "1.5.23."


def test_what_is_lent_is_never_more_than_what_may_be_lent():
    principal = ROLES["principal"]
    assert lent_rights(principal, None) == principal.rights - NEVER_DELEGATED
    assert lent_rights(principal, frozenset({"directives.work", "organization.delegate", "audit.read"})) == {
        "directives.work"
    }
