"""The grid of a class and the search, as a school's office uses them: keys, a block from a spreadsheet, undo, saving."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import make_class, make_student
from tests.modules.registry.list_pages import year
from thongsuot.modules.registry.models import Student

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([cell, text]) => {
  const data = new DataTransfer(); data.setData('text/plain', text)
  cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""


@pytest.fixture
def school(live_server):
    province = make_province()
    unit = province.school_a1
    school_class = make_class(unit, year(), "1A")
    pupils = [
        make_student(
            unit,
            f"Trần Thị {given}",
            school_class=school_class,
            local_code=f"HS{number}",
            birth_date=date(2020, 3, number),
        )
        for number, given in enumerate(("An", "Bình", "Chi"), start=1)
    ]
    user = make_user("van.phong", "Lê Văn Phòng")
    make_appointment(user, "school_office", unit)
    return user, school_class, pupils


def cell(page, pupil, name):
    return page.locator(f'[name="r{pupil.pk}-{name}"]')


@pytest.mark.parametrize("width", [1280, 390])
def test_the_grid(page, sign_in, school, axe, fits, width):
    user, school_class, (one, two, three) = school
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(user, f"/ho-so/lop/{school_class.pk}/bang/")
    fits(page)
    axe(page)
    # Keys: down a column, and back out of what was typed.
    cell(page, one, "phone").focus()
    page.keyboard.type("0901000111")
    page.keyboard.press("Enter")
    expect(cell(page, two, "phone")).to_be_focused()
    page.keyboard.type("sai")
    page.keyboard.press("Escape")
    expect(cell(page, two, "phone")).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(cell(page, one, "phone")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, one, "current_address")).to_be_focused()
    # A block from a spreadsheet: names, dates, words of a select.
    block = "Trần Thị Anh\t9/3/2020\tNam\nTrần Thị Bích\t31/02/2020\tNữ"
    page.evaluate(PASTE, [cell(page, one, "full_name").element_handle(), block])
    expect(cell(page, two, "full_name")).to_have_value("Trần Thị Bích")
    expect(cell(page, one, "gender")).to_have_value("male")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(cell(page, two, "full_name")).to_have_value("Trần Thị Bình")
    page.evaluate(PASTE, [cell(page, one, "full_name").element_handle(), block])
    # Good rows are saved, the wrong cell stays with its reason.
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("[data-state]")).to_contain_text("Đã lưu 1 em; 1 em còn ô sai")
    expect(cell(page, two, "birth_date")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, two, "birth_date")).to_be_focused()
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.full_name, one.phone, one.gender, one.birth_date) == (
        "Trần Thị Anh", "0901000111", "male", date(2020, 3, 9),
    )  # fmt: skip
    assert two.full_name == "Trần Thị Bình"
    cell(page, two, "birth_date").fill("28/02/2020")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("[data-state]")).to_contain_text("Đã lưu 1 em.")
    two.refresh_from_db()
    assert (two.full_name, two.birth_date) == ("Trần Thị Bích", date(2020, 2, 28))
    # Somebody else was quicker: nothing is overwritten.
    Student.objects.filter(pk=three.pk).update(phone="0999")
    cell(page, three, "phone").fill("0888")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(f'[data-row="{three.pk}"] [data-row-error]')).to_contain_text("Người khác vừa sửa")
    three.refresh_from_db()
    assert three.phone == "0999"
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")


def test_search_answers_while_typing(page, sign_in, school, axe):
    user, _, (one, *_) = school
    sign_in(user, "/ho-so/tim/")
    page.get_by_label("Tên, mã, ngày sinh").press_sequentially("chi tran", delay=20)
    expect(page.locator("#found a")).to_have_text(["Trần Thị Chi"])
    axe(page)
    page.get_by_label("Tên, mã, ngày sinh").fill("1a")
    expect(page.locator("#found a")).to_have_text(["Trần Thị An", "Trần Thị Bình", "Trần Thị Chi"])
    page.get_by_label("Tên, mã, ngày sinh").fill("01/03/2020")
    expect(page.locator("#found a")).to_have_text(["Trần Thị An"])
    page.locator("#found a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trần Thị An")
    expect(page.get_by_text("Hiện thông tin nhạy cảm")).to_be_visible()
    assert one.public_id.hex in page.url.replace("-", "")
