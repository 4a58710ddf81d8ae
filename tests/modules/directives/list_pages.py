"""Rows for the house test of list pages."""

from __future__ import annotations

from datetime import date

from tests.factories.directives import (
    make_assignment,
    make_directive,
    make_duty,
    make_obligation,
    make_target,
)
from tests.factories.organization import make_school, make_unit, make_user


def make_directives(number, actor):
    for _ in range(number):
        make_directive(make_unit("department"))


def make_assignments(number, actor):
    for _ in range(number):
        department = make_unit("department")
        school = make_school(parent=department)
        directive = make_directive(department, recipients=(school,))
        given = {"directive": directive, "person": make_user(), "leader": make_user()}
        parent = make_assignment(school, department, coordinators=(make_unit("commune"),), **given)
        make_assignment(make_school(parent=school), school, parent=parent)


def make_targets(number, actor):
    for _ in range(number):
        make_target(make_directive(make_unit("department")), make_unit("commune"))


def make_obligations(number, actor):
    for _ in range(number):
        department = make_unit("department")
        duty = make_duty(department, directive=make_directive(department))
        make_obligation(duty, make_unit("commune"), department, due_on=date(2026, 12, 10))


ROWS = {
    "directives:directive-list": make_directives,
    "directives:assignment-list": make_assignments,
    "directives:target-list": make_targets,
    "directives:obligation-list": make_obligations,
}
