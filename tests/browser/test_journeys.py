"""A pupil changes school and a year ends, in a real browser: asked for, let go, received, promoted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_student
from thongsuot.modules.registry.models import Enrolment, Student


@pytest.fixture
def world(transactional_db):
    world = make_province()
    today = timezone.localdate()
    this = today.year - (today.month < 9)
    world.before, world.year = make_school_year(this - 1), make_school_year(this)
    world.there = make_class(world.school_b1, world.year, "2B", code="2B", grade=2)
    room = make_class(world.school_a1, world.before, "1A", code="1A", grade=1)
    world.pupil = make_student(world.school_a1, "Trần Thị Bé", birth_date=date(2019, 3, 8), school_class=room)
    make_student(world.school_a1, "Lê Văn An", school_class=room)
    world.people = {}
    for name, role, unit in (
        ("asks", "school_office", world.school_b1), ("lets_go", "principal", world.school_a1),
    ):  # fmt: skip
        world.people[name] = make_user(f"bt.{name}", "Nguyễn Thị Thử Nghiệm")
        make_appointment(world.people[name], role, unit)
    return world


def ask(page, sign_in, console, world):
    sign_in(world.people["asks"], "/chuyen-truong/")
    page.get_by_role("link", name="Đề nghị nhận học sinh").first.click()
    page.get_by_label("Họ và tên học sinh").fill("tran thi be")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_text("Cần thêm số định danh, mã của Bộ hoặc ngày sinh.")).to_be_visible()
    # The browser calls the answer 422 an error.
    console.clear()
    page.get_by_label("Ngày sinh").fill("2019-03-08")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_text("có hồ sơ ở Trường Tiểu học An Bình")).to_be_visible()
    page.get_by_label("Xin vào khối").select_option("2")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Trường Tiểu học An Bình trả lời")).to_be_visible()


def test_a_transfer_and_the_end_of_a_year(page, sign_in, console, axe, fits, world):
    ask(page, sign_in, console, world)
    axe(page)

    sign_in(world.people["lets_go"], "/chuyen-truong/")
    page.get_by_role("link", name="tran thi be").click()
    page.get_by_role("link", name="Đồng ý", exact=True).click()
    page.get_by_role("button", name="Đồng ý cho chuyển").click()
    expect(page.get_by_text("Trường Tiểu học Hòa Lợi tiếp nhận")).to_be_visible()

    sign_in(world.people["asks"], "/chuyen-truong/")
    page.get_by_role("link", name="Trần Thị Bé").click()
    page.get_by_role("link", name="Tiếp nhận vào lớp").click()
    page.get_by_label("Vào lớp").select_option(label=f"2B · {world.year.name}")
    page.get_by_role("button", name="Tiếp nhận vào lớp").click()
    expect(page.get_by_text("Hồ sơ nay thuộc trường mình")).to_be_visible()
    axe(page)
    assert Student.objects.get(pk=world.pupil.pk).unit == world.school_b1
    left = Enrolment.objects.get(unit=world.school_a1, student=world.pupil)
    assert left.left_on == timezone.localdate() - timedelta(days=1)

    sign_in(world.people["lets_go"], "/ket-thuc-nam-hoc/")
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    page.get_by_role("link", name="1A", exact=True).first.click()
    axe(page)
    fits(page)
    page.get_by_role("combobox", name="Lê Văn An").select_option("retained")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("button", name="Kết thúc năm học").click()
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("1 ở lại lớp").first).to_be_visible()
    # The plan says so too: it is done when it can be undone.
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_visible()
    stays = Enrolment.objects.get(unit=world.school_a1, left_on=None)
    assert (stays.entry_type, stays.school_class.name) == ("retained", "1A")
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("Đã hoàn tác: học sinh lại ở lớp của năm học trước.")).to_be_visible()
    assert Enrolment.objects.get(unit=world.school_a1, left_on=None).school_year == world.before
