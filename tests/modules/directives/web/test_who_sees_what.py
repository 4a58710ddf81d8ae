"""Each page and each role: it opens, or it does not exist."""

import pytest
from django.urls import reverse

from tests.factories.directives import (
    make_assignment,
    make_directive,
    make_duty,
    make_finding,
    make_obligation,
    make_target,
)
from thongsuot.modules.directives.types import DirectiveState

PEOPLE = {
    "leader": ("department_leader", "department"),
    "officer": ("department_officer", "office"),
    "commune": ("commune_officer", "commune_a_office"),
    "other_commune": ("commune_leader", "commune_b"),
    "principal": ("principal", "school_a1"),
    "other_principal": ("principal", "school_b1"),
    "teacher": ("teacher", "school_a1"),
    "parent": ("parent", "school_a1"),
}
EVERYBODY = set(PEOPLE)
DEPARTMENT = {"leader", "officer"}
UNITS = EVERYBODY - {"teacher", "parent"}
# What the commune and its school were given: the other commune and its school know nothing of it.
FAMILY = {"leader", "officer", "commune", "principal"}


@pytest.fixture
def things(province):
    department, commune, school = province.department, province.commune_a, province.school_a1
    directive = make_directive(department, recipients=(commune, school))
    assignment = make_assignment(school, commune, directive=directive)
    reviewing = make_directive(department, state=DirectiveState.REVIEWING, source_text="Một\nHai")
    duty = make_duty(department, directive=directive)
    return {
        "directive-detail": [directive.public_id],
        "review": [reviewing.public_id],
        "review-header": [reviewing.public_id],
        "finding-add": [reviewing.public_id],
        "confirm": [reviewing.public_id],
        "finding-edit": [reviewing.public_id, make_finding(reviewing).pk],
        "finding-split": [reviewing.public_id, make_finding(reviewing).pk],
        "assignment-detail": [assignment.public_id],
        "target-detail": [make_target(directive, commune, school).public_id],
        "obligation-detail": [make_obligation(duty, school, commune).public_id],
    }


PAGES = {
    "directive-list": EVERYBODY - {"parent"},
    "assignment-list": EVERYBODY - {"parent"},
    "target-list": UNITS,
    "obligation-list": UNITS,
    "calendar": EVERYBODY - {"parent"},
    "difficulty-list": EVERYBODY - {"parent"},
    "dashboard": UNITS,
    "ranking": UNITS,
    "periodic-report": UNITS,
    "central-export": UNITS,
    "directive-upload": UNITS - {"principal", "other_principal"},
    "assignment-create": UNITS,
    "duty-create": UNITS,
    "unit-search": EVERYBODY - {"parent"},
    "deadline-preview": UNITS - {"principal", "other_principal"},
    "directive-detail": FAMILY,
    "review": DEPARTMENT,
    "review-header": DEPARTMENT,
    "finding-add": DEPARTMENT,
    "finding-edit": DEPARTMENT,
    "finding-split": DEPARTMENT,
    "confirm": DEPARTMENT,
    "assignment-detail": FAMILY,
    "target-detail": FAMILY,
    "obligation-detail": FAMILY,
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_some_and_does_not_exist_for_others(page, things, browse):
    url = reverse(f"directives:{page}", args=things.get(page, []))
    opened = {name for name, place in PEOPLE.items() if browse(*place).get(url).status_code == 200}
    assert opened == PAGES[page]


POSTS = [
    ("directive-close", "directive-detail"),
    ("directive-withdraw", "directive-detail"),
    ("accept-all", "review"),
    ("merge-findings", "review"),
    ("finding-accept", "finding-edit"),
    ("finding-drop", "finding-edit"),
    ("finding-restore", "finding-edit"),
]


@pytest.mark.parametrize(("name", "like"), POSTS)
def test_what_writes_does_not_exist_for_strangers(name, like, things, browse):
    url = reverse(f"directives:{name}", args=things[like])
    for stranger in ("other_commune", "other_principal", "teacher", "parent"):
        assert browse(*PEOPLE[stranger]).post(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "act"), [("assignment", "report"), ("obligation", "submit"), ("target", "report")]
)
def test_acts_do_not_exist_for_strangers(name, act, things, browse):
    url = reverse(f"directives:{name}-act", args=[*things[f"{name}-detail"], act])
    for stranger in ("other_commune", "other_principal", "parent"):
        assert browse(*PEOPLE[stranger]).post(url).status_code == 404


def test_an_act_that_is_none_does_not_exist(things, officer):
    for name in ("assignment", "obligation", "target"):
        url = reverse(f"directives:{name}-act", args=[*things[f"{name}-detail"], "khong-co"])
        assert officer.post(url).status_code == 404
