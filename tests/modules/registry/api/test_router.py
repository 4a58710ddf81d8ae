"""The registry through API keys: scopes, masks, dates, and nothing of others."""

from datetime import date

import pytest

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import make_class, make_staff, make_student
from tests.modules.directives.api.conftest import Caller
from tests.modules.registry.list_pages import year
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.modules.organization.domain.roles import ROLES
from thongsuot.modules.registry.models import Enrolment, Student

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _many_calls(settings):
    settings.API_CALLS_PER_MINUTE = 10_000


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def caller(province):
    def make(role, unit, scopes=None):
        user = make_user()
        make_appointment(user, role, getattr(province, unit))
        return Caller(user, sorted(ROLES[role].rights) if scopes is None else scopes)

    return make


@pytest.fixture
def pupil(province):
    school_class = make_class(province.school_a1, year(), "1A")
    make_staff(province.school_a1, "Lê Thị Dạy")
    return make_student(
        province.school_a1, "Trần Bé", school_class=school_class, personal_id="051320001111", ethnicity="20"
    )


def test_reading(caller, pupil):
    office = caller("school_office", "school_a1")
    (row,) = office.items("/students", q="be tran")
    assert (row["id"], row["class_name"], row["grade"], row["status"]) == (
        str(pupil.public_id),
        "1A",
        1,
        "01",
    )
    assert "051320001111" not in str(row)
    assert office.items("/students", as_of="2000-01-01") == []
    (found,) = office.items("/classes")
    assert found["size"] == 1
    assert office.items("/classes", as_of="2000-01-01")[0]["size"] == 0
    (spell,) = office.items("/enrolments", as_of=date.today().isoformat())
    assert spell["student_id"] == str(pupil.public_id)
    assert [row["group"] for row in office.items("/staff", as_of=date.today().isoformat())] == ["teacher"]


def test_sensitive_values_only_on_request_and_traced(caller, pupil):
    office = caller("school_office", "school_a1")
    address = f"/students/{pupil.public_id}"
    assert office.get(address).json()["sensitive"] is None
    assert not ReadingLog.objects.exists()
    assert office.get(address, full="true").json()["sensitive"]["personal_id"] == "051320001111"
    assert ReadingLog.objects.get().subject_pk == str(pupil.pk)
    assert caller("department_officer", "office").get(address, full="true").status_code == 404
    assert (
        caller("school_office", "school_a1", ["registry.view"]).get(address, full="true").status_code == 404
    )


def test_others_and_keys_without_scope_see_nothing(caller, pupil):
    stranger = caller("school_office", "school_b1")
    for path in ("/students", "/classes", "/enrolments", "/staff"):
        assert stranger.items(path) == []
        assert caller("school_office", "school_a1", ["organization.view"]).get(path).status_code == 404
        assert caller("parent", "school_a1").get(path).status_code == 404
    assert stranger.get(f"/students/{pupil.public_id}").status_code == 404
    assert stranger.patch(f"/students/{pupil.public_id}", {"phone": "1"}).status_code == 404


def test_writing(caller, province, pupil):
    office = caller("school_office", "school_a1")
    school_class = pupil.enrolments.get().school_class
    body = {"unit_id": province.school_a1.pk, "full_name": "Lê Mới", "class_id": school_class.pk}
    made = office.post("/students", body)
    assert made.status_code == 201, made.content.decode()
    assert made.json()["class_name"] == "1A"
    assert office.post("/students", {**body, "identity_status": "matched"}).status_code == 422
    wrong = office.post("/students", {**body, "personal_id": "1"})
    assert wrong.status_code in (400, 409, 422)
    assert Student.objects.count() == 2
    address = f"/students/{made.json()['id']}"
    changed = office.patch(address, {"phone": "0900", "edition": made.json()["edition"]})
    assert changed.json()["phone"] == "0900"
    late = office.patch(address, {"phone": "0901", "edition": made.json()["edition"]})
    assert late.status_code in (400, 409, 422)
    assert late.json()["code"] == "changed_meanwhile"
    other = make_class(province.school_b1, year())
    assert office.post("/students", {**body, "class_id": other.pk}).status_code == 404
    assert (Student.objects.count(), Enrolment.objects.count()) == (2, 2)
    assert office.post("/students", {**body, "unit_id": province.school_b1.pk}).status_code == 404
    assert caller("department_officer", "office").patch(address, {"phone": "1"}).status_code == 404
