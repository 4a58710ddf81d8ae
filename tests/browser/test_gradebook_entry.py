"""Marks typed in on a phone that loses its line, and on a screen beside a colleague: no mark is lost, nobody overwritten."""

import pytest
from django.http import HttpResponse
from playwright.sync_api import expect

from tests.factories import registry
from tests.factories.gradebook import make_open_class
from tests.factories.organization import make_appointment, make_province, make_user
from tests.modules.registry.list_pages import year
from thongsuot.kit.audit.context import acting
from thongsuot.modules.gradebook.actions import enter_marks
from thongsuot.modules.gradebook.models import Absence, RollCall, SubjectMarks
from thongsuot.modules.gradebook.types import CellChange
from thongsuot.modules.gradebook.web.attendance import AttendanceSave
from thongsuot.modules.organization.queries import actor_for

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([cell, text]) => {
  const data = new DataTransfer(); data.setData('text/plain', text)
  cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('ts-unsent:')).length"


@pytest.fixture
def book(live_server):
    """(teacher, office, book of mathematics, pupils)"""
    school = make_province().school_b2
    teacher, office = make_user("co.toan", "Phạm Thị Toán"), make_user("van.phong", "Lê Văn Phòng")
    make_appointment(teacher, "teacher", school)
    make_appointment(office, "school_office", school)
    staff = registry.make_staff(school, account=teacher)
    made = make_open_class(school, year(), grade=8, name="8A", pupils=4, taught=[(staff, "Toán")])
    pupils = sorted(made.students, key=lambda one: one.sort_key)
    return teacher, office, made.subjects["mathematics"], pupils


def cell(page, pupil, column):
    return page.locator(f'[data-key="{pupil.pk}|{column}"]')


def forgive_the_line(console):
    """That requests failed while there was no line is what the test wanted; all else stays an error."""
    wanted = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "503", "htmx:")
    console[:] = [one for one in console if not any(name in one for name in wanted)]


def state(page):
    return page.locator("#marks [data-state]")


def mark(book, pupil, column="midterm"):
    row = SubjectMarks.objects.filter(class_subject=book, student=pupil, term=1).first()
    return str(getattr(row, column)) if row else ""


def test_on_a_phone_without_a_line(page, sign_in, book, axe, fits, console):
    teacher, _office, maths, (one, two, three, _four) = book
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(teacher, f"/so-diem/{maths.pk}/1/")
    fits(page)
    # One column at a time, the pad of large keys, one pupil after the other.
    page.get_by_label("Cột đang nhập").select_option("midterm")
    expect(cell(page, one, "final")).to_be_hidden()
    cell(page, one, "midterm").click()
    pad = page.locator("#pad")
    expect(pad).to_be_visible()
    axe(page)
    for key in ("7", ",", "5"):
        pad.get_by_role("button", name=key, exact=True).click()
    pad.get_by_role("button", name="Học sinh sau").click()
    expect(cell(page, two, "midterm")).to_be_focused()
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert mark(maths, one) == "7.5"
    # The line is gone: two more marks, kept on the phone, also over a page that is opened again later.
    page.context.set_offline(True)
    pad.get_by_role("button", name="10", exact=True).click()
    expect(cell(page, three, "midterm")).to_be_focused()
    pad.get_by_role("button", name="9", exact=True).click()
    pad.get_by_role("button", name="Học sinh sau").click()
    expect(state(page)).to_contain_text("Mất kết nối")
    expect(state(page)).to_contain_text("2 ô")
    assert mark(maths, two) == ""
    page.goto("about:blank")
    page.context.set_offline(False)
    # Any page of the platform sends what was left behind; then the phone keeps nothing.
    sign_in(teacher, "/")
    page.wait_for_function(f"{KEPT} === 0")
    assert (mark(maths, two), mark(maths, three)) == ("10.0", "9.0")
    forgive_the_line(console)


COPIES = "async () => (await caches.keys()).filter((name) => name.startsWith('ts-pages:')).length"
KNOWN = "() => Object.keys(localStorage).filter((name) => name.startsWith('ts-known:')).length"
KEPT_HERE = """async () => {
  for (const name of await caches.keys()) if (name.startsWith('ts-pages:') && await (await caches.open(name)).match(location.href)) return true
  return false
}"""


def until(page, question, answer):
    """wait_for_function takes the promise of an asynchronous question for a yes."""
    for _turn in range(150):
        if page.evaluate(question) == answer:
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def test_a_page_opened_again_in_a_dead_spot(page, live_server, sign_in, book, axe, fits, console):
    teacher, _office, maths, (one, two, three, _four) = book
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(teacher, f"/so-diem/{maths.pk}/1/")
    until(page, KEPT_HERE, True)
    page.get_by_label("Cột đang nhập").select_option("midterm")
    cell(page, one, "midterm").fill("7,5")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Đã lưu lúc")
    # No line: one mark waits, the page is opened again, nothing typed is missing, and typing goes on.
    page.context.set_offline(True)
    cell(page, two, "midterm").fill("6")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Mất kết nối")
    page.reload()
    expect(page.get_by_text("Không có mạng. Cứ nhập tiếp")).to_be_visible()
    fits(page)
    page.get_by_label("Cột đang nhập").select_option("midterm")
    expect(cell(page, one, "midterm")).to_have_value("7,5")
    expect(cell(page, two, "midterm")).to_have_value("6")
    expect(state(page)).to_contain_text("1 ô")
    cell(page, three, "midterm").fill("9")
    page.keyboard.press("Enter")
    cell(page, one, "midterm").fill("8")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("3 ô")
    # A page that was never opened here says so, and leads to those that can be.
    page.goto(f"{live_server.url}/so-diem/")
    expect(page.get_by_role("heading", name="Không có mạng")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Toán").click()
    expect(state(page)).to_contain_text("3 ô")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Tải lại trang")).to_be_visible()
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert [mark(maths, pupil) for pupil in (one, two, three)] == ["8.0", "6.0", "9.0"]
    page.get_by_role("button", name="Tải lại trang").click()
    expect(cell(page, three, "midterm")).to_have_value("9")
    expect(page.get_by_text("Không có mạng. Cứ nhập tiếp")).to_have_count(0)
    assert page.evaluate(KNOWN) == 0
    # Signing out leaves no page and no mark on the device.
    assert page.evaluate(COPIES) == 1
    page.get_by_role("button", name="Menu tài khoản").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("#marks")).to_have_count(0)
    until(page, COPIES, 0)
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/so-diem/{maths.pk}/1/")
    expect(page.get_by_role("heading", name="Không có mạng")).to_be_visible()
    expect(page.get_by_text("Chưa có trang nào được giữ")).to_be_visible()
    page.context.set_offline(False)
    forgive_the_line(console)


def test_a_copy_is_never_shown_to_another_account(page, live_server, sign_in, book, console):
    teacher, office, maths, _pupils = book
    sign_in(teacher, f"/so-diem/{maths.pk}/1/")
    until(page, KEPT_HERE, True)
    page.context.clear_cookies()
    sign_in(office, "/")
    until(page, COPIES, 0)
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/so-diem/{maths.pk}/1/")
    expect(page.get_by_text("Chưa có trang nào được giữ")).to_be_visible()
    page.context.set_offline(False)
    forgive_the_line(console)


def test_on_a_screen_beside_a_colleague(page, sign_in, book, axe, fits):
    teacher, office, maths, (one, two, three, four) = book
    sign_in(teacher, f"/so-diem/{maths.pk}/1/")
    fits(page)
    axe(page)
    # Keys, the quick way to type a decimal, back out of a mistake.
    cell(page, one, "midterm").focus()
    page.keyboard.type("75")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-row="{one.pk}"]')).to_contain_text("bật “Gõ nhanh”")
    page.get_by_label("Gõ nhanh").check()
    expect(state(page)).to_contain_text("Đã bật gõ nhanh")
    cell(page, one, "midterm").fill("")
    cell(page, one, "midterm").focus()
    page.keyboard.type("75")
    # What is understood stands there before it is saved.
    expect(page.locator('td[data-echo="= 7,5"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(cell(page, one, "midterm")).to_have_value("7,5")
    expect(cell(page, two, "midterm")).to_be_focused()
    page.keyboard.type("abc")
    page.keyboard.press("Escape")
    expect(cell(page, two, "midterm")).to_have_value("")
    page.keyboard.type("10,5")
    page.keyboard.press("ArrowDown")
    expect(cell(page, two, "midterm")).to_have_attribute("aria-invalid", "true")
    # What is wrong and left so stands there again the next time, with its reason, until it is put right or dropped.
    page.reload()
    expect(cell(page, two, "midterm")).to_have_value("10,5")
    expect(cell(page, two, "midterm")).to_have_attribute("aria-invalid", "true")
    expect(state(page)).to_contain_text("Ô sai, chưa lưu: 1")
    expect(page.locator("#held")).to_contain_text("“10,5”. Điểm từ 0 đến 10.")
    axe(page)
    page.locator("#held").get_by_role("button", name="Đến ô này").click()
    expect(cell(page, two, "midterm")).to_be_focused()
    page.locator("#held").get_by_role("button", name="Bỏ").click()
    expect(page.locator("#held")).to_be_hidden()
    expect(cell(page, two, "midterm")).to_have_value("")
    assert page.evaluate(KEPT) == 0
    cell(page, two, "midterm").focus()
    # A block of a spreadsheet in one step, taken back in one step, put in again.
    # Never of a block: 75 in a spreadsheet may be out of a hundred.
    page.evaluate(PASTE, [cell(page, two, "midterm").element_handle(), "75\t9"])
    expect(cell(page, two, "midterm")).to_have_value("75")
    expect(cell(page, two, "midterm")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(cell(page, two, "midterm")).to_have_value("")
    block = "8,5\t9\n7.25\t6\n8\tv"
    page.evaluate(PASTE, [cell(page, two, "midterm").element_handle(), block])
    expect(cell(page, three, "midterm")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, four, "final")).to_have_value("V")
    expect(state(page)).to_contain_text("Ô sai, chưa lưu: 1")
    assert (mark(maths, two), mark(maths, two, "final")) == ("8.5", "9.0")
    page.get_by_role("button", name="Đến ô sai").click()
    expect(cell(page, three, "midterm")).to_be_focused()
    expect(page.locator(".gb-error:visible")).to_have_text("Chỉ một chữ số sau dấu phẩy.")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(cell(page, two, "midterm")).to_have_value("")
    expect(state(page)).to_contain_text("Đã lưu")
    assert mark(maths, two) == "None"
    # A colleague writes the same cell meanwhile: both values are shown, one is chosen.
    colleague = actor_for(office)
    changes = [CellChange(one.pk, "midterm", "7.5", "6"), CellChange(three.pk, "final", "", "5")]
    with acting(colleague):
        enter_marks(by=colleague, class_subject=maths, term=1, changes=changes)
    cell(page, one, "midterm").fill("8")
    page.keyboard.press("Tab")
    clashes = page.locator("#clashes")
    expect(clashes).to_contain_text("của anh/chị 8; đang có 6 (Lê Văn Phòng")
    axe(page)
    clashes.get_by_role("button", name="Giữ của tôi").click()
    expect(clashes).to_be_hidden()
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert mark(maths, one) == "8.0"
    # What the colleague wrote elsewhere comes in by itself.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(cell(page, three, "final")).to_have_value("5")
    # The history of the cell tells all of it.
    cell(page, one, "midterm").focus()
    page.keyboard.press("Alt+h")
    story = page.locator("#cell-history")
    expect(story).to_contain_text("6 → 8")
    expect(story).to_contain_text("Lê Văn Phòng")
    page.keyboard.press("Escape")
    # A click chooses the whole mark: what is typed replaces it.
    cell(page, two, "final").click()
    cell(page, one, "midterm").click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(cell(page, one, "midterm")).to_have_value("7")
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert page.evaluate(KEPT) == 0


def test_the_roll_is_called_with_one_tap(page, sign_in, book, axe, fits, console, monkeypatch):
    teacher, _office, maths, (one, two, *_rest) = book
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(teacher, f"/so-diem/diem-danh/?lop={maths.school_class_id}&buoi=morning")
    fits(page)
    row = page.locator(f'[data-row="{one.pk}"]')
    # All there: one tap says that the roll was called, another takes it back.
    roll = page.locator("[data-called]")
    expect(roll).to_have_text("Chưa điểm danh")
    page.get_by_role("button", name="Điểm danh xong").click()
    expect(page.locator("#attendance [data-state]")).to_contain_text("Đã lưu")
    assert RollCall.objects.count() == 1
    page.get_by_role("button", name="Bỏ ghi điểm danh").click()
    expect(roll).to_have_text("Chưa điểm danh")
    row.get_by_role("button").click()
    expect(roll).to_have_text("Đã điểm danh")
    expect(row).to_contain_text("Vắng không phép")
    expect(page.locator("#attendance [data-state]")).to_contain_text("Đã lưu")
    axe(page)
    page.context.set_offline(True)
    other = page.locator(f'[data-row="{two.pk}"]').get_by_role("button")
    other.click()
    other.click()
    expect(page.locator("#attendance [data-state]")).to_contain_text("Mất kết nối")
    page.context.set_offline(False)
    expect(page.locator("#attendance [data-state]")).to_contain_text("Đã lưu")
    assert list(Absence.objects.order_by("student_id").values_list("is_excused", flat=True)) == [False, True]
    # Signing out with something unsent asks first, and leaves nothing of the pupils on a shared phone.
    monkeypatch.setattr(AttendanceSave, "post", lambda *_, **__: HttpResponse(status=503))
    row.get_by_role("button").click()
    expect(page.locator("#attendance [data-state]")).to_contain_text("Mất kết nối")
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Menu tài khoản").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("#confirm")).to_contain_text("máy chủ chưa nhận")
    page.locator("#confirm").get_by_role("button", name="Đồng ý").click()
    expect(page.locator("#attendance")).to_have_count(0)
    assert page.evaluate(KEPT) == 0
    forgive_the_line(console)
