"""Pages as a school's office works with them: forms, refusals, files with their traces."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import (
    make_class,
    make_contact,
    make_equipment,
    make_room,
    make_staff,
    make_student,
)
from tests.modules.registry.list_pages import year
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import Contact, Enrolment, Room, SchoolClass, Staff, Student

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def enter(province):
    def go(role, unit):
        user = make_user()
        make_appointment(user, role, getattr(province, unit))
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return go


@pytest.fixture
def office(enter):
    return enter("school_office", "school_a1")


@pytest.fixture
def school_class(province):
    return make_class(province.school_a1, year(), "1A", max_students=1)


@pytest.fixture
def pupil(province, school_class):
    return make_student(
        province.school_a1,
        "Trần Thị Đức",
        school_class=school_class,
        personal_id="051320007777",
        phone="0901",
    )


def page(client, address, status=200):
    response = client.get(f"/ho-so/{address}")
    assert response.status_code == status, (address, response.status_code)
    return (
        b"".join(response.streaming_content).decode("utf-8-sig")
        if response.streaming
        else response.content.decode()
    )


def form_of(text):
    """Hidden fields of the form of a page."""
    return dict(re.findall(r'<input type="hidden" name="(seen|unit)" value="([^"]*)"', text))


def test_search_answers_with_a_part_while_typing(office, pupil):
    assert "Trần Thị Đức" in page(office, "tim/?q=duc+tran")
    part = office.get(
        "/ho-so/tim/?q=1a", headers={"HX-Request": "true", "HX-Target": "found"}
    ).content.decode()
    assert "Trần Thị Đức" in part
    assert "<html" not in part
    assert "Không tìm thấy ai" in page(office, "tim/?q=khongco")


def test_creating_and_placing(office, province, school_class):
    unit = form_of(page(office, "hoc-sinh/them/"))["unit"]
    sent = {
        "unit": unit,
        "full_name": "Bé  Mới",
        "birth_date": "2020-01-02",
        "gender": "male",
        "nationality": "VN",
    }
    wrong = office.post("/ho-so/hoc-sinh/them/", {**sent, "personal_id": "12"})
    assert wrong.status_code == 422
    assert "12 chữ số" in wrong.content.decode()
    assert not Student.objects.exists()
    entered = school_class.valid_from.isoformat()
    made = office.post(
        "/ho-so/hoc-sinh/them/", {**sent, "school_class": school_class.pk, "entered_on": entered}
    )
    assert made.status_code == 302
    assert Student.objects.get().full_name == "Bé Mới"
    assert Enrolment.objects.get().school_class == school_class


def test_a_second_editor_is_told(office, pupil):
    address = f"hoc-sinh/{pupil.public_id}/sua/"
    shown = form_of(page(office, address))
    sent = {"full_name": pupil.full_name, "birth_date": "2020-03-08", "gender": "female", "nationality": "VN",
            "local_code": pupil.local_code, "ethnicity": "", **shown}  # fmt: skip
    Student.objects.filter(pk=pupil.pk).update(phone="0999")
    refused = office.post(f"/ho-so/{address}", {**sent, "phone": "0888"})
    assert refused.status_code == 422
    assert "Người khác vừa sửa" in refused.content.decode()
    pupil.refresh_from_db()
    assert pupil.phone == "0999"
    again = form_of(page(office, address))
    assert office.post(f"/ho-so/{address}", {**sent, **again, "phone": "0888"}).status_code == 302
    pupil.refresh_from_db()
    assert (pupil.phone, queries.shown_personal_id(pupil, full=True)) == ("0888", "051320007777")


def test_sensitive_fields_open_on_request_and_leave_a_trace(office, enter, pupil):
    address = f"hoc-sinh/{pupil.public_id}/"
    text = page(office, address)
    assert "051320007777" not in text
    assert "••••••••7777" in text
    assert not ReadingLog.objects.exists()
    assert "051320007777" in page(office, f"{address}?full=1")
    assert ReadingLog.objects.filter(user=office.user, subject_pk=str(pupil.pk)).count() == 1
    assert "051320007777" not in page(enter("commune_officer", "commune_a_office"), f"{address}?full=1")


def test_the_steps_of_a_pupil(office, province, pupil):
    base = f"/ho-so/hoc-sinh/{pupil.public_id}/"
    other = make_class(province.school_a1, year(), "1B")
    day = date.today().isoformat()
    for step in ("gia-dinh/them/", "dac-diem/them/"):
        assert office.get(base + step).status_code == 200
    move = reverse("move-class", args=[pupil.public_id])
    assert office.get(move).status_code == 200
    assert office.post(move, {"school_class": other.pk, "on": day}).status_code == 302
    assert (
        queries.roster(province.actor("school_office", "school_a1"), other, on=date.today()).get().student
        == pupil
    )
    assert (
        office.post(
            reverse("leave-school", args=[pupil.public_id]), {"on": day, "reason_code": ""}
        ).status_code
        == 422
    )
    office.post(f"{base}gia-dinh/them/", {"relation": "father", "full_name": "Trần Văn Cha"})
    contact = Contact.objects.get()
    edit = f"{base}gia-dinh/{contact.pk}/"
    seen = re.findall(r'name="seen" value="([^"]*)"', office.get(edit).content.decode())[0]
    office.post(edit, {"relation": "father", "full_name": "Trần Văn Cha", "phone": "0909", "seen": seen})
    contact.refresh_from_db()
    assert contact.phone == "0909"
    office.post(f"{edit}xoa/")
    assert not Contact.objects.exists()
    office.post(f"{base}dac-diem/them/", {"kind": "poverty", "poverty": "poor", "valid_from": day})
    assert "Hộ nghèo" in page(office, f"hoc-sinh/{pupil.public_id}/?tab=traits")
    for tab in ("family", "path", "history"):
        assert office.get(f"{base}?tab={tab}").status_code == 200


def test_exports_leave_a_trace_and_reveal_only_to_whom_may(office, enter, pupil):
    assert "051320007777" not in page(office, "hoc-sinh/?all=1")
    office.post(
        "/ho-so/hoc-sinh/", {"do": "columns", "column": ["full_name", "personal_id"], "page_size": "25"}
    )
    assert "051320007777" not in page(office, "hoc-sinh/?all=1")
    assert "051320007777" in page(office, "hoc-sinh/?all=1&export=csv")
    trace = ReadingLog.objects.get(user=office.user)
    assert "nhạy cảm" in trace.purpose
    above = enter("department_officer", "office")
    above.post(
        "/ho-so/hoc-sinh/", {"do": "columns", "column": ["full_name", "personal_id"], "page_size": "25"}
    )
    text = page(above, "hoc-sinh/?all=1&export=csv")
    assert "Trần Thị Đức" in text
    assert "051320007777" not in text
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(office.get("/ho-so/hoc-sinh/?all=1&export=xlsx").streaming_content))
    )
    assert book.active["B2"].value == "051320007777"


@pytest.mark.parametrize(
    "query",
    ["q=tran", "q=08/03/2020", "state=in", "grade=1", "gender=female", "on=2026-10-01", "school=an+binh"],
)
def test_filters_of_pupils(office, pupil, query):
    assert "Trần Thị Đức" in page(office, f"hoc-sinh/?{query}")


def test_a_class_page(office, pupil, school_class):
    make_student(pupil.unit, "Lê Văn Hai", school_class=school_class)
    text = page(office, f"lop/{school_class.pk}/")
    assert text.index("Trần Thị Đức") < text.index("Lê Văn Hai")  # by given name
    assert "vượt số học sinh tối đa" in text
    before = page(office, f"lop/{school_class.pk}/?tab=roster&on=2020-01-01")
    assert "chưa có học sinh" in before
    assert "Phân công" in page(office, f"lop/{school_class.pk}/?tab=teaching")
    closing = office.post(f"/ho-so/lop/{school_class.pk}/dong/", {"on": date.today().isoformat()})
    assert closing.status_code == 422
    assert "còn 2 học sinh" in closing.content.decode()


def test_making_a_class(office, province):
    unit = form_of(page(office, "lop/them/"))["unit"] if year() else ""
    sent = {"unit": unit, "school_year": year().pk, "name": "2C", "grade": "2"}
    assert office.post("/ho-so/lop/them/", sent).status_code == 302
    made = SchoolClass.objects.get()
    assert (made.name, made.code, made.grade) == ("2C", "2C", 2)
    assert office.post("/ho-so/lop/them/", {**sent, "name": "7A", "grade": "7"}).status_code == 422
    teacher = make_staff(province.school_a1)
    shown = form_of(page(office, f"lop/{made.pk}/sua/"))
    edit = {"name": "2C", "code": "2C", "grade": "2", "homeroom_teacher_id": teacher.pk,
            "valid_from": made.valid_from.isoformat(), "seen": shown["seen"]}  # fmt: skip
    assert office.post(f"/ho-so/lop/{made.pk}/sua/", edit).status_code == 302
    made.refresh_from_db()
    assert made.homeroom_teacher == teacher


def test_a_teacher_sees_the_own_class_only(enter, province, pupil, school_class):
    teacher = enter("teacher", "school_a1")
    assert "Trần Thị Đức" not in page(teacher, "hoc-sinh/?all=1")
    page(teacher, f"lop/{school_class.pk}/", status=404)
    member = make_staff(province.school_a1, account=teacher.user)
    SchoolClass.objects.filter(pk=school_class.pk).update(homeroom_teacher=member)
    assert "Trần Thị Đức" in page(teacher, f"lop/{school_class.pk}/")
    assert "••••••••7777" in page(teacher, f"hoc-sinh/{pupil.public_id}/?full=1")
    page(teacher, f"hoc-sinh/{pupil.public_id}/sua/", status=404)
    page(teacher, f"lop/{school_class.pk}/bang/", status=404)
    page(teacher, "can-bo/", status=404)


def test_staff_pages(office, province):
    unit = form_of(page(office, "can-bo/them/"))["unit"]
    sent = {"unit": unit, "full_name": "Phạm Thị Dạy", "birth_date": "1988-01-01", "gender": "female",
            "nationality": "VN", "group": "teacher", "status": "working", "subjects": "Toán, Tin học",
            "valid_from": "2020-09-01"}  # fmt: skip
    assert office.post("/ho-so/can-bo/them/", sent).status_code == 302
    member = Staff.objects.get()
    base = f"/ho-so/can-bo/{member.public_id}/"
    leave = reverse("leave-post", args=[member.public_id])
    assert member.employments.get().subjects == ["Toán", "Tin học"]
    assert "Phạm Thị Dạy" in page(office, "can-bo/?q=day+pham")
    for part in (
        "",
        "?tab=posts",
        "?tab=teaching",
        "?tab=history",
        "?full=1",
        "sua/",
        "vi-tri/thay-doi/",
        "giang-day/them/",
    ):
        assert office.get(base + part).status_code == 200, part
    change = {"group": "manager", "status": "working", "valid_from": "2024-01-01"}
    assert office.post(f"{base}vi-tri/thay-doi/", change).status_code == 302
    assert [post.group for post in member.employments.all()] == ["manager", "teacher"]
    assert office.post(leave, {"on": "2026-10-01", "status": "retired"}).status_code == 302
    assert not member.employments.filter(valid_to__isnull=True).exists()
    assert office.get(leave).status_code == 404


def test_facilities(office, enter, province):
    make_room(province.school_a1, "Phòng hỏng", condition="broken", area=50)
    make_room(province.school_a1, "Phòng tốt", condition="good", area=40)
    make_equipment(province.school_a1, "Máy cũ", broken=3)
    text = page(office, "phong/?bad=true")
    assert "Phòng hỏng" in text
    assert "Phòng tốt" not in text
    assert re.search(r"Diện tích \(m²\)</dt><dd>50", text)
    assert "Máy cũ" in page(office, "thiet-bi/?bad=true")
    for client, status in (
        (enter("accountant", "school_a1"), 302),
        (enter("commune_officer", "commune_a_office"), 404),
    ):
        add = {"unit": province.school_a1.pk, "name": "Thư viện", "kind": "library", "build": "solid", "condition": "good",
               "valid_from": "2020-01-01"}  # fmt: skip
        assert client.post("/ho-so/co-so-vat-chat/room/them/", add).status_code == status
    room = Room.objects.get(name="Thư viện")
    base = f"/ho-so/co-so-vat-chat/room/{room.pk}/"
    assert office.get(base).status_code == office.get(f"{base}sua/").status_code == 200
    assert office.post(f"{base}thoi-dung/", {"on": "2026-01-01", "note": "Thanh lý"}).status_code == 302
    room.refresh_from_db()
    assert room.valid_to == date(2026, 1, 1)
    assert office.get("/ho-so/co-so-vat-chat/boat/them/").status_code == 404


def test_the_grid_without_a_script_and_with_one(office, pupil, school_class):
    address = f"/ho-so/lop/{school_class.pk}/bang/"
    text = page(office, f"lop/{school_class.pk}/bang/")
    seen = re.findall(r'-seen" value="([^"]*)"', text)[0]
    sent = {f"r{pupil.pk}-seen": seen, f"r{pupil.pk}-birth_date": "30/02/2020", f"r{pupil.pk}-phone": "0777"}
    refused = office.post(address, sent)
    assert refused.status_code == 422
    assert 'value="30/02/2020"' in refused.content.decode()
    answer = office.post(
        address, {**sent, f"r{pupil.pk}-birth_date": "9/3/2020"}, headers={"Accept": "application/json"}
    )
    row = answer.json()["rows"][0]
    assert row["saved"]
    pupil.refresh_from_db()
    assert (pupil.phone, pupil.birth_date) == ("0777", date(2020, 3, 9))
    late = office.post(
        address, sent | {f"r{pupil.pk}-birth_date": "9/3/2020"}, headers={"Accept": "application/json"}
    )
    assert "Người khác" in late.json()["rows"][0]["errors"][""]
    going_on = {f"r{pupil.pk}-seen": row["seen"], f"r{pupil.pk}-phone": "0778"}
    assert office.post(address, going_on).status_code == 302


def test_the_grid_takes_only_its_own_class(office, province, pupil, school_class):
    outsider = make_student(province.school_a2, "Em Ngoài", phone="1")
    answer = office.post(
        f"/ho-so/lop/{school_class.pk}/bang/",
        {f"r{outsider.pk}-phone": "2"},
        headers={"Accept": "application/json"},
    )
    assert answer.json()["rows"] == []
    outsider.refresh_from_db()
    assert outsider.phone == "1"


def test_others_are_not_there(enter, pupil, school_class):
    stranger = enter("school_office", "school_b1")
    contact = make_contact(pupil)
    for path in (
        f"hoc-sinh/{pupil.public_id}/", f"hoc-sinh/{pupil.public_id}/sua/", f"lop/{school_class.pk}/",
        f"lop/{school_class.pk}/bang/", f"hoc-sinh/{pupil.public_id}/gia-dinh/{contact.pk}/",
    ):  # fmt: skip
        page(stranger, path, status=404)


def test_showing_a_code_that_no_list_knows_does_not_change_it(office, pupil, school_class):
    Student.objects.filter(pk=pupil.pk).update(ethnicity="99")
    address = f"hoc-sinh/{pupil.public_id}/sua/"
    text = page(office, address)
    assert '<option value="99" selected' in text
    sent = {"full_name": pupil.full_name, "birth_date": "2020-03-08", "gender": "female", "nationality": "VN",
            "local_code": pupil.local_code, "ethnicity": "99", "phone": "0888", **form_of(text)}  # fmt: skip
    assert office.post(f"/ho-so/{address}", sent).status_code == 302
    assert '<option value="99" selected' in page(office, f"lop/{school_class.pk}/bang/")
    pupil.refresh_from_db()
    assert (pupil.ethnicity, pupil.phone) == ("99", "0888")
