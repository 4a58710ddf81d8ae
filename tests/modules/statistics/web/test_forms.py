"""Pages of the forms: who sees which, what a number opens, files; the same by API."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.statistics.actions import refresh
from thongsuot.modules.statistics.actions.keeping import forget_forms, keep_usual_forms
from thongsuot.modules.statistics.models import KeptForm
from thongsuot.modules.statistics.queries.forms import form, form_versions

pytestmark = pytest.mark.django_db
DAY = "ngay=2026-09-30"


@pytest.fixture
def world():
    p = make_province()
    p.year = make_school_year(2026)
    room = make_class(p.school_a1, p.year, grade=1)
    make_student(p.school_a1, "Nguyễn Thị Một", school_class=room, birth_date=date(2020, 5, 1))
    make_student(p.school_a1, "Nguyễn Văn Hai", school_class=room, gender="male", birth_date=date(2020, 5, 1))
    return p


def client_of(world, role, unit):
    client = Client()
    client.force_login(User.objects.get(pk=world.actor(role, unit).user_id))
    return client


def test_the_list_leads_to_ones_own_form(world):
    client = client_of(world, "principal", "school_a1")
    page = client.get("/thong-ke/bieu/").content.decode()
    assert "02.ĐN-TH" in page
    assert "/thong-ke/bieu/02-dn-th/" in page
    shown = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}")
    assert shown.context["unit"] == world.school_a1
    assert shown.context["sheet"].values["C01.1"] == 2


def test_only_units_within_ones_reach(world):
    client = client_of(world, "principal", "school_a1")
    for unit in (world.school_b1, world.commune_a, world.department):
        assert client.get(f"/thong-ke/bieu/02-dn-th/{unit.pk}/?{DAY}").status_code == 404
        assert client.get(f"/thong-ke/bieu/02-dn-th/?don-vi={unit.pk}").status_code == 404
        assert client.get(f"/thong-ke/bieu/02-dn-th/{unit.pk}/o/C01.1/dong/").status_code == 404
    commune = client_of(world, "commune_officer", "commune_a")
    assert commune.get(f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/?{DAY}").status_code == 200
    assert commune.get(f"/thong-ke/bieu/02-dn-th/{world.school_b1.pk}/?{DAY}").status_code == 404
    assert client_of(world, "pupil", "school_a1").get("/thong-ke/bieu/").status_code == 404


@pytest.mark.parametrize("address", ["khong-co/", "02-dn-th/1/o/Z99.1/", "02-dn-th/1/o/C01.1/dong/"])
def test_what_does_not_exist(world, address):
    assert client_of(world, "principal", "school_a1").get(f"/thong-ke/bieu/{address}").status_code == 404


def test_a_number_opens_its_rows_and_leaves_a_trace(world):
    client = client_of(world, "principal", "school_a1")
    url = f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/o/C02.1/dong/"
    form_page = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}").content.decode()
    assert f'{url}?{DAY}"' in form_page
    page = client.get(f"{url}?{DAY}").content.decode()
    assert "Nguyễn Thị Một" in page
    assert "Nguyễn Văn Hai" not in page
    assert "Giới tính: Nữ" in page
    assert (
        ReadingLog.objects.filter(subject_pk=str(world.school_a1.pk), purpose__contains="C02.1").count() == 1
    )


def test_the_form_of_a_large_unit_is_computed_in_the_background_and_kept(world, settings):
    settings.FORM_UNITS_AT_ONCE = 2
    client = client_of(world, "department_officer", "office")
    url = f"/thong-ke/bieu/02-dn-th/{world.department.pk}/"
    page = client.get(f"{url}?{DAY}")
    assert "Tính số liệu" in page.content.decode()
    assert "sheet" not in page.context
    assert client.get(f"{url}o/B06.1/?{DAY}").headers["Location"] == f"{url}?{DAY}"
    # A second click asks for nothing new.
    first, second = (client.post(f"{url}?{DAY}").headers["Location"] for _click in range(2))
    assert first == second
    assert run_jobs() == 1
    assert f"{url}?{DAY}" in client.get(first).content.decode()
    # Those of the same period have been counted with it.
    assert set(KeptForm.objects.values_list("form_code", flat=True)) == {
        "01.ĐN-MN", "02.ĐN-TH", "03.ĐN-THCS", "04.ĐN-THPT",
    }  # fmt: skip
    room = make_class(world.school_b1, world.year, grade=1)
    make_student(world.school_b1, school_class=room, birth_date=date(2020, 5, 1))
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(f"{url}?{DAY}")
    assert shown.context["sheet"].values["C01.1"] == 2
    assert not [one for one in asked.captured_queries if "registry_enrolment" in one["sql"]]
    # The new pupil is noticed when the change log is read; a form computed after that knows of it.
    changed = "Hồ sơ của các trường đã thay đổi"
    assert changed not in shown.content.decode()
    refresh(by=Actor.system(), as_of=date(2026, 11, 23))
    assert changed in client.get(f"{url}?{DAY}").content.decode()
    client.post(f"{url}?{DAY}")
    assert run_jobs() == 1
    assert changed not in client.get(f"{url}?{DAY}").content.decode()
    assert client.get(f"{url}?{DAY}").context["sheet"].values["C01.1"] == 3
    assert client.get(f"{url}?{DAY}&export=csv").status_code == 200
    assert client_of(world, "principal", "school_a1").post(f"{url}?{DAY}").status_code == 404


def test_the_department_finds_its_forms_in_the_morning(world, settings):
    settings.FORM_UNITS_AT_ONCE = 2
    now = datetime(2026, 11, 1, 0, 40, tzinfo=UTC)
    system = Actor.system()
    assert keep_usual_forms(by=system, today=now.date(), now=now) == 8
    days = {one.form_code: one.as_of for one in KeptForm.objects.all()}
    assert (days["02.ĐN-TH"], days["02.CN-TH"]) == (date(2026, 9, 30), date(2026, 5, 31))
    assert forget_forms(by=system, now=now + timedelta(days=91)) == 8
    with pytest.raises(NotAllowed):
        forget_forms(by=world.actor("department_officer", "office"), now=now)


def test_a_formula_opens_onto_its_cells(world):
    client = client_of(world, "principal", "school_a1")
    page = client.get(f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/o/B06.1/?{DAY}").content.decode()
    assert "C01 / B01" in page
    assert "/o/C01.1/" in page


def test_nothing_counted_is_said(world):
    client = client_of(world, "principal", "school_a2")
    page = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}").content.decode()
    assert "Đơn vị này không có số liệu" in page


@pytest.mark.parametrize(
    ("kind", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", "\ufeff".encode()), ("sdmx", b"{")]
)
def test_files(world, kind, begins):
    client = client_of(world, "principal", "school_a1")
    answer = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}&export={kind}")
    assert answer.content.startswith(begins)
    assert "02-dn-th-" in answer["Content-Disposition"]


def test_the_api_gives_forms_and_values(world):
    client = client_of(world, "principal", "school_a1")
    listed = client.get("/api/v1/statistics/forms?as_of=2026-09-30").json()
    assert listed[0]["code"] == "01.ĐN-MN"
    given = client.get(
        f"/api/v1/statistics/forms/02-dn-th/values?unit_id={world.school_a1.pk}&as_of=2026-09-30"
    ).json()
    assert given["cells"]["C01.1"] == 2
    for bad in (f"unit_id={world.school_b1.pk}", "unit_id=999999"):
        assert client.get(f"/api/v1/statistics/forms/02-dn-th/values?{bad}").status_code == 404
    assert client.get("/api/v1/statistics/forms/none").status_code == 404
    whole = client.get("/api/v1/statistics/forms/02-dn-th?as_of=2026-09-30").json()
    assert whole["sections"][0]["rows"][0]["code"] == "A01"


def test_a_correction_is_a_new_version_and_the_old_one_stays(world):
    client = client_of(world, "department_officer", "department")
    address = "/thong-ke/bieu/02-dn-th/sua/"
    assert "Sửa biểu 02.ĐN-TH" in client.get(address).content.decode()
    given = {"version": "1", "A01-name": "Trường tiểu học công lập, tư thục", "A01-confidence": "V"}
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert "Cần ghi lý do" in refused.content.decode()
    assert client.post(address, {**given, "reason": "Đối chiếu bản in"}).status_code == 302
    newest, first = form_versions("02.ĐN-TH")
    assert (newest.version, newest.rows["A01"].name) == (2, "Trường tiểu học công lập, tư thục")
    assert (first.version, first.rows["A01"].name) == (1, "Trường tiểu học")
    assert form("02.ĐN-TH", date(2026, 9, 30)).version == 2
    late = client.post(address, {**given, "A01-name": "Khác", "reason": "Sửa tiếp"})
    assert "vừa được người khác sửa" in late.content.decode()


def test_a_correction_that_makes_no_sense_says_where(world):
    client = client_of(world, "department_officer", "department")
    address = "/thong-ke/bieu/02-dn-th/sua/"
    for data, said in (
        ("{", "không phải JSON"),
        (json.dumps({**form("02-dn-th", date(2026, 9, 30)).data, "code": "09.X"}), "không đổi được"),
        (json.dumps({**form("02-dn-th", date(2026, 9, 30)).data, "sections": []}), "danh sách không trống"),
    ):
        answer = client.post(address, {"version": "1", "reason": "Thử", "data": data})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert len(form_versions("02-dn-th")) == 1


def test_only_who_manages_corrects(world):
    for role, unit in (("principal", "school_a1"), ("commune_officer", "commune_a")):
        client = client_of(world, role, unit)
        assert client.get("/thong-ke/bieu/02-dn-th/sua/").status_code == 404
        assert client.post("/thong-ke/bieu/02-dn-th/sua/", {"reason": "x"}).status_code == 404
