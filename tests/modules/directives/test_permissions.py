"""Each rule about one object equals its filter, over every role at every kind of unit."""

import pytest

from tests.factories.directives import (
    NOW,
    make_assignment,
    make_directive,
    make_duty,
    make_obligation,
    make_target,
)
from tests.factories.organization import make_province, make_unit
from thongsuot.modules.directives import permissions as p
from thongsuot.modules.directives.models import (
    Assignment,
    Difficulty,
    Directive,
    ReportingDuty,
    ReportObligation,
    Target,
    TargetValue,
)

PEOPLE = [
    ("department_leader", "department"),
    ("department_officer", "department"),
    ("department_officer", "office"),
    ("department_officer", "staff_office"),
    ("system_administrator", "department"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("commune_leader", "commune_b"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
    ("principal", "school_b1"),
    ("principal", "upper_school"),
    ("parent", "school_a1"),
    ("pupil", "school_a1"),
]


@pytest.fixture
def place(db):
    """Everything of each kind that could leak, in two communes and the department."""
    place = make_province()
    units = [
        place.department,
        place.office,
        place.commune_a,
        place.commune_a_office,
        place.school_a1,
        place.school_b1,
    ]
    outside = make_unit("external", "Công an tỉnh", parent=place.committee)
    teacher = place.actor("teacher", "school_a1")
    order = make_directive(
        place.department, recipients=(place.commune_a, place.school_a1, place.upper_school)
    )
    for by in (place.department, place.commune_a, place.school_a1):
        for unit in [*units, outside]:
            make_assignment(unit, by)
    make_assignment(place.school_b1, place.commune_b, coordinators=(place.school_a2, place.school_a1))
    make_assignment(place.school_a1, place.school_a1, person_id=teacher.user_id, directive=order)
    make_assignment(
        place.office, place.department, leader_id=place.actor("department_leader", "department").user_id
    )
    make_directive(place.commune_a, recipients=(place.school_a1,), state="reviewing")
    make_directive(place.commune_b, recipients=(place.school_b1,))
    make_target(order, place.commune_a, place.school_b1)
    make_target(make_directive(place.commune_b), place.school_b2)
    duty = make_duty(place.department)
    make_obligation(duty, place.commune_a, place.department)
    make_obligation(duty, place.school_a1, place.commune_a)
    make_obligation(make_duty(place.commune_b), place.school_b1, place.commune_b)
    make_duty(place.commune_a)
    task = Assignment.objects.first()
    for raised_by, routed_to in ((place.school_a1, place.commune_a), (place.commune_a, place.department)):
        Difficulty.objects.create(
            assignment=task,
            text="Thiếu",
            raised_by_unit=raised_by,
            routed_to=routed_to,
            raised_by_id=teacher.user_id,
            raised_at=NOW,
        )
    for unit, approver in ((place.school_a1, place.commune_a), (place.commune_a, place.department)):
        TargetValue.objects.create(
            target=Target.objects.first(),
            unit=unit,
            approver_unit=approver,
            as_of=NOW.date(),
            value=1,
            link="https://example.vn",
            reported_by_id=teacher.user_id,
            reported_at=NOW,
        )
    return place


PAIRS = [
    (Assignment, p.can_see_assignment, p.assignments_visible),
    (Assignment, p.can_work_on, p.assignments_workable),
    (Assignment, p.can_accept, p.assignments_acceptable),
    (Assignment, p.can_manage, p.assignments_manageable),
    (Assignment, p.can_hand_down, p.assignments_to_hand_down),
    (Difficulty, p.can_decide_difficulty, p.difficulties_decidable),
    (Directive, p.can_see_directive, p.directives_visible),
    (Directive, p.can_review, p.directives_reviewable),
    (Directive, p.can_confirm, p.directives_confirmable),
    (Target, p.can_see_target, p.targets_visible),
    (TargetValue, p.can_approve_value, p.values_approvable),
    (ReportObligation, p.can_see_obligation, p.obligations_visible),
    (ReportObligation, p.can_report, p.obligations_reportable),
    (ReportObligation, p.can_decide_report, p.obligations_decidable),
    (ReportingDuty, p.can_see_duty, p.duties_visible),
]


@pytest.mark.parametrize(("model", "rule", "filtered"), PAIRS, ids=lambda x: getattr(x, "__name__", ""))
def test_a_rule_equals_its_filter(place, model, rule, filtered):
    for role, unit in PEOPLE:
        actor = place.actor(role, unit)
        one_by_one = {row.pk for row in model.objects.all() if rule(actor, row)}
        assert set(model.objects.filter(filtered(actor)).values_list("pk", flat=True)) == one_by_one, (
            role,
            unit,
        )


def of(place, role, unit, rule):
    actor = place.actor(role, unit)
    return {(a.unit.name, a.assigned_by_unit.name) for a in Assignment.objects.all() if rule(actor, a)}


def test_who_works_on_a_communes_task(place):
    task = Assignment.objects.get(unit=place.commune_a, assigned_by_unit=place.department)
    workers = {who for who in PEOPLE if p.can_work_on(place.actor(*who), task)}
    assert workers == {("commune_leader", "commune_a"), ("commune_officer", "commune_a_office")}


def test_who_accepts_an_offices_product(place):
    task = Assignment.objects.filter(unit=place.office, assigned_by_unit=place.department).first()
    deciders = {who for who in PEOPLE if p.can_accept(place.actor(*who), task)}
    assert deciders == {
        ("department_leader", "department"),
        ("department_officer", "department"),
        ("department_officer", "staff_office"),
    }


def test_a_teacher_works_only_on_what_is_theirs(place):
    assert of(place, "teacher", "school_a1", p.can_work_on) == {
        ("Trường Tiểu học An Bình", "Trường Tiểu học An Bình")
    }
    assert of(place, "teacher", "school_a1", p.can_see_assignment) == {
        ("Trường Tiểu học An Bình", "Trường Tiểu học An Bình")
    }


def test_families_see_nothing(place):
    for role in ("parent", "pupil"):
        for model, rule, _ in PAIRS:
            assert not [row for row in model.objects.all() if rule(place.actor(role, "school_a1"), row)]


def test_outside_bodies_are_spoken_for_by_who_gave_the_task(place):
    task = Assignment.objects.get(unit__kind="external", assigned_by_unit=place.commune_a)
    assert p.can_work_on(place.actor("commune_officer", "commune_a_office"), task)
    assert not p.can_work_on(place.actor("commune_leader", "commune_b"), task)
    assert not p.can_work_on(place.actor("principal", "school_a1"), task)


def test_reach_of_giving(place):
    officer = place.actor("commune_officer", "commune_a_office")
    assert p.can_assign_to(officer, place.commune_a, place.school_a1.pk)
    assert not p.can_assign_to(officer, place.commune_a, place.school_b1.pk)
    assert not p.can_assign_to(officer, place.department, place.school_a1.pk)
