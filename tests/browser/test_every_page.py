"""Every page that needs no argument, as several roles open it: accessible, quiet, no wider than a phone."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import registry
from tests.factories.directives import (
    make_assignment,
    make_directive,
    make_duty,
    make_finding,
    make_obligation,
    make_target,
)
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.house.test_urls import patterns
from thongsuot.modules.directives.types import DirectiveState
from thongsuot.modules.registry.models import MatchCandidate, SubjectRequest, Transfer

HOLDERS = {
    "system_administrator": "department",
    "department_leader": "department",
    "principal": "school_a1",
}
# The reference of the API is one long page of closed folds: axe reads it for a minute.
SLOW = {"/api/v1/docs"}
# test_frame.py looks at the pages of sign-in.
ELSEWHERE = "/tai-khoan/"
# Read by axe on a phone, light and dark, too.
SAMPLE = ("/to-chuc/truong/", "/chi-dao/nhiem-vu/")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(live_server):
    """One person for each role, in a province where each list of directives has a row."""
    province = make_province()
    year = make_school_year()
    department, commune, school = province.department, province.commune_a, province.school_a1
    directive = make_directive(department, recipients=(commune,))
    make_finding(make_directive(department, state=DirectiveState.REVIEWING))
    task = make_assignment(commune, department, directive=directive, coordinators=(province.office,))
    make_assignment(school, commune, parent=task, directive=directive)
    make_target(directive, commune, school)
    make_obligation(make_duty(department, directive=directive), commune, department)
    fill_registry(school, year)
    found = {}
    for role, unit in HOLDERS.items():
        found[role] = make_user(f"moi.{role}", "Nguyễn Thị Thử Nghiệm")
        make_appointment(found[role], role, getattr(province, unit))
    return found


def fill_registry(school, year):
    """A row in each list of the registry."""
    school_class = registry.make_class(
        school, year, "1A", max_students=1, homeroom_teacher=registry.make_staff(school)
    )
    pupil = registry.make_student(school, "Trần Thị Thử", school_class=school_class, phone="0901000111")
    registry.make_report(pupil)
    registry.make_room(school, condition="worn", area=54)
    registry.make_equipment(school, broken=2)
    registry.make_piece_of_land(school)
    registry.make_line(school)
    fill_journeys(school, pupil)


def fill_journeys(school, pupil):
    """A row in each list of what is done with dossiers."""
    today, now = timezone.localdate(), timezone.now()
    Transfer.objects.create(
        student=pupil, from_unit=school, to_name="Trường ngoài tỉnh", state="completed",
        student_name=pupil.full_name, effective_on=today, requested_at=now,
    )  # fmt: skip
    other = registry.make_student(school, "Trần Thị Thứ")
    MatchCandidate.objects.create(
        first=pupil, second=other, first_unit=school, second_unit=school, score=7, found_at=now
    )
    SubjectRequest.objects.create(
        student=pupil,
        kind="restrict",
        requested_by_name="Lê Thị Mẹ",
        basis="Đơn",
        received_on=today,
        due_on=today,
    )


def pages_of(user, seen: set[str]) -> list[tuple[str, str]]:
    """(address, its template) of what shows this person a page that nobody has looked at before."""
    client = Client()
    client.force_login(user)
    found = []
    for route in sorted({f"/{route}" for _name, route in patterns()} - seen):
        if "<" in route or "^" in route or route.startswith(ELSEWHERE):
            continue
        answer = client.get(route)
        if answer.status_code == 200 and b"</html>" in getattr(answer, "content", b""):
            found.append((route, answer.templates[0].name))
    return found


def test_every_page(page, live_server, sign_in, people, axe, fits):
    """Each page is opened once, as the first who may open it; only the home pages differ by role.

    axe reads one page of each template: what differs between two lists is tables and filters of one make.
    """
    wrong, seen, read = [], set(), set()
    for role, user in people.items():
        found = pages_of(user, seen)
        seen.update(path for path, _template in found if path != "/")
        page.context.clear_cookies()
        sign_in(user, path="")
        for path, template in found:
            deep = path == "/" or path in SAMPLE or template not in read
            read.add(template)
            try:
                look(page, live_server.url + path, axe if deep and path not in SLOW else None, fits)
            except AssertionError as mistake:
                wrong.append(f"{role} {path}: {mistake}")
    assert wrong == []
    assert len(seen) > 30
    assert len(read) > 15


def look(page, url, axe, fits):
    """Light and wide for axe, narrow for the width; the sample in the other looks too."""
    path = "/" + url.split("/", 3)[3]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    if axe:
        axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    if path in SAMPLE:
        axe(page)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        axe(page)
