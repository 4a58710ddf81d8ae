"""The whole path of a school's records in a real browser: a messy file comes in, mistakes are mended, identities are
checked against the reference population database, a pupil changes school, the year ends, the index of quality rises."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_student, personal_id_of
from tests.modules.registry import population
from tests.modules.registry.imports.files import STUDENT_HEAD, eth, load_code_lists, nfd, serial, xlsx
from thongsuot.modules.registry.models import Enrolment, Student

BORN = {
    "Lê Văn An": (date(2019, 1, 15), "male"),
    "Trần Thị Bình": (date(2019, 2, 20), "female"),
    "Đỗ Thị Chi": (date(2019, 3, 8), "female"),
    "Phạm Văn Dũng": (date(2019, 4, 9), "male"),
    "Hoàng Thị Giang": (date(2019, 5, 10), "female"),
}
NUMBERS = {
    name: personal_id_of(born, gender, tail=place)
    for place, (name, (born, gender)) in enumerate(BORN.items(), 1)
}
QUALITY, REGISTRY = "Chất lượng dữ liệu", "Hồ sơ ngành"
HEAD = [*STUDENT_HEAD, "Số điện thoại"]


def line(number, name, *, code, born=None, gender=None, ethnicity="Kinh", personal_id=None, phone=None):
    """A row under HEAD, as its author happened to type it."""
    day, sex = BORN.get(name, (date(2019, 6, 1), "male"))
    gender = gender or {"male": "Nam", "female": "Nữ"}[sex]
    known = NUMBERS.get(name)
    return [
        number, "1A", code, name, born or day, gender, "Đang học", None, ethnicity, None, personal_id or known, phone,
    ]  # fmt: skip


def messy_file():
    """A letterhead, heads in two lines, dates in three manners, Ð for Đ, a lost zero, a total at the end."""
    chi = line(3, "Đỗ Thị Chi", code="HS03", born=serial(date(2019, 3, 8)), phone="0912345")
    chi[3] = eth(chi[3])
    rows = [
        ["PHÒNG VĂN HÓA - XÃ HỘI"],
        ["DANH SÁCH HỌC SINH LỚP 1A"],
        [],
        [label.replace(" ", "\n", 1) if place % 2 else nfd(label) for place, label in enumerate(HEAD)],
        line(1, "Lê Văn An", code="HS01", phone="0901000111"),
        line(2, "Trần Thị Bình", code="HS02", born="20-2-2019"),
        chi,
        line(4, "Phạm Văn Dũng", code="HS04", born="2019-04-09", ethnicity=None),
        [*line(5, "Hoàng Thị Giang", code="HS05", personal_id=int(NUMBERS["Hoàng Thị Giang"]))],
        line(6, "Võ Văn Hải", code="HS06", born="31/02/2019"),
        ["Tổng cộng: 6 học sinh"],
    ]
    rows[8][3] = "HOÀNG THỊ GIANG"
    return xlsx(rows, merges=[(1, 0, 1, 5)])


@pytest.fixture
def world(transactional_db, settings):
    world = make_province()
    load_code_lists(Path(settings.DATA_DIR))
    today = timezone.localdate()
    this = today.year - (today.month < 9)
    world.before, world.year = make_school_year(this - 1), make_school_year(this)
    room = make_class(world.school_a1, world.before, "1A", code="1A", grade=1)
    make_class(world.school_b1, world.year, "2B", code="2B", grade=2)
    for place, name in enumerate(("Lê Văn An", "Trần Thị Bình"), 1):
        born, gender = BORN[name]
        make_student(
            world.school_a1, name, birth_date=born, gender=gender, personal_id=NUMBERS[name],
            local_code=f"HS0{place}", phone="0901000999" if place == 1 else "", school_class=room,
        )  # fmt: skip
    world.people = {}
    for name, role, unit in (
        ("office", "school_office", world.school_a1),
        ("principal", "principal", world.school_a1),
        ("other", "school_office", world.school_b1),
    ):
        world.people[name] = make_user(f"hs.{name}", "Nguyễn Thị Thử Nghiệm")
        make_appointment(world.people[name], role, unit)
    return world


@pytest.fixture
def people_database(settings, tmp_path):
    """Knows all five as the school has them, but for Bình's day of birth."""
    people = [
        {"personal_id": NUMBERS[name], "full_name": name, "birth_date": born.isoformat(), "gender": gender}
        for name, (born, gender) in BORN.items()
    ]
    people[1]["birth_date"] = "2019-02-02"
    server = population.start(people, tmp_path)
    settings.POPULATION_URL, settings.POPULATION_TOKEN = server.url, population.TOKEN
    yield server
    server.stop()


def agree(page):
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()


def menu(page, name, group=None):
    """Go by the menu, as people do."""
    side = page.locator("aside")
    link = side.get_by_role("link", name=name, exact=True)
    if group and not link.is_visible():
        side.locator("summary", has_text=group).click()
    link.click()


def row(page, words):
    return page.locator("tbody tr", has_text=words)


def bring_in(page, look, world, tmp_path):
    """Upload, columns, each outcome with its reason, then into the registry."""
    menu(page, "Nhập liệu từ tệp")
    look(page, "01-runs")
    page.get_by_role("button", name="Nhập từ tệp").click()
    page.get_by_role("link", name="Học sinh", exact=True).last.click()
    look(page, "02-upload")
    file = tmp_path / "lop 1a.xlsx"
    file.write_bytes(messy_file())
    page.set_input_files("input[type=file]", file)
    page.get_by_label("Năm học").select_option(world.before.name)
    page.get_by_role("button", name="Tải lên và đọc tiêu đề").click()
    look(page, "03-columns")
    page.get_by_role("button", name="Kiểm tra các dòng").click()
    expect(row(page, "Đỗ Thị Chi")).to_contain_text("Mới")
    changed = row(page, "Lê Văn An")
    expect(changed).to_contain_text("Thay đổi")
    expect(changed.locator("del")).to_have_text("0901000999")
    expect(changed.locator("ins")).to_have_text("0901000111")
    expect(row(page, "Không phải ngày")).to_contain_text("31/02/2019")
    expect(row(page, "Trần Thị Bình")).to_contain_text("Không đổi")
    look(page, "04-preview")
    assert Student.objects.count() == 2
    page.get_by_role("button", name="Nhập vào hệ thống").click()
    agree(page)
    expect(page.get_by_text("Đã nhập.")).to_be_visible()
    look(page, "05-applied")
    assert Student.objects.count() == 5


def check(page, work_off, look=None):
    """Ask for a check, let it be done; the index as the page then says it."""
    menu(page, "Chỉ số chất lượng", QUALITY)
    page.get_by_role("button", name="Kiểm tra ngay").click()
    page.wait_for_url("**/viec-nen/**")
    work_off()
    page.reload()
    if look:
        look(page, "06-job")
    menu(page, "Chỉ số chất lượng", QUALITY)
    if look:
        look(page, "07-index")
    card = page.locator(".ts-stat", has_text="Chỉ số chất lượng")
    return Decimal(card.locator(".ts-stat-value").inner_text().strip().replace(",", "."))


def open_case(page, title, person):
    menu(page, "Lỗi dữ liệu", QUALITY)
    page.get_by_label("Tìm trong danh sách").fill(person)
    page.get_by_role("button", name="Lọc", exact=True).click()
    row(page, title).filter(has_text=person).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def mend(page, title, person, fill):
    open_case(page, title, person)
    form = page.locator("form", has=page.get_by_role("button", name="Lưu và kiểm tra lại"))
    fill(form)
    form.get_by_role("button", name="Lưu và kiểm tra lại").click()
    expect(page.get_by_text("Dữ liệu đã đúng, lỗi được đóng.")).to_be_visible()


def mend_three(page, look):
    open_case(page, "Số điện thoại sai dạng", "Đỗ Thị Chi")
    look(page, "08-case")
    mend(
        page, "Số điện thoại sai dạng", "Đỗ Thị Chi", lambda form: form.get_by_role("textbox").fill("0912345678")
    )  # fmt: skip
    mend(
        page, "Thiếu dân tộc", "Phạm Văn Dũng", lambda form: form.get_by_role("combobox").select_option(label="Kinh")
    )  # fmt: skip
    mend(
        page, "Họ tên viết hoa toàn bộ", "HOÀNG THỊ GIANG",
        lambda form: form.get_by_role("textbox").fill("Hoàng Thị Giang"),
    )  # fmt: skip


def verify(page, work_off, look):
    """Send all, let them be answered; one differs."""
    menu(page, "Xác thực dân cư", REGISTRY)
    look(page, "09-identity")
    page.get_by_role("link", name="Gửi xác thực").click()
    expect(page.get_by_text("5 người sẽ được gửi")).to_be_visible()
    look(page, "10-send")
    page.get_by_role("button", name="Gửi xác thực").click()
    expect(page.get_by_text("Đã lập danh sách 5 người.")).to_be_visible()
    work_off()
    page.reload()
    expect(page.get_by_text("5 trên 5 người đã có trả lời; 4 người khớp, 1 người chưa khớp.")).to_be_visible()
    look(page, "11-answers")
    page.get_by_role("link", name="Xử lý người chưa khớp").click()
    expect(row(page, "Trần Thị Bình")).to_contain_text("Ngày sinh")
    expect(page.get_by_role("link", name="Trần Thị Bình")).to_have_attribute(
        "href", re.compile("/ho-so/hoc-sinh/")
    )
    look(page, "12-settle")


def hand_over(page, sign_in, look, world):
    """The other school asks, this one lets go, the other one takes in."""
    sign_in(world.people["other"], "/chuyen-truong/")
    page.get_by_role("link", name="Đề nghị nhận học sinh").first.click()
    page.get_by_label("Họ và tên học sinh").fill("Đỗ Thị Chi")
    page.get_by_label("Ngày sinh").fill("2019-03-08")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_label("Xin vào khối").select_option("2")
    look(page, "13-ask")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Trường Tiểu học An Bình trả lời")).to_be_visible()

    sign_in(world.people["office"], "/chuyen-truong/")
    look(page, "14-transfers")
    page.get_by_role("link", name="Đỗ Thị Chi").click()
    look(page, "15-transfer")
    page.get_by_role("link", name="Đồng ý", exact=True).click()
    page.get_by_role("button", name="Đồng ý cho chuyển").click()
    expect(page.get_by_text("Trường Tiểu học Hòa Lợi tiếp nhận")).to_be_visible()

    sign_in(world.people["other"], "/chuyen-truong/")
    page.get_by_role("link", name="Đỗ Thị Chi").click()
    page.get_by_role("link", name="Tiếp nhận vào lớp").click()
    page.get_by_label("Vào lớp").select_option(label=f"2B · {world.year.name}")
    look(page, "16-receive")
    page.get_by_role("button", name="Tiếp nhận vào lớp").click()
    expect(page.get_by_text("Hồ sơ nay thuộc trường mình")).to_be_visible()
    look(page, "17-received")
    assert Student.objects.get(name_fold="do thi chi").unit == world.school_b1
    assert Enrolment.objects.get(unit=world.school_a1, student__name_fold="do thi chi").left_on is not None


def end_the_year(page, sign_in, look, world):
    sign_in(world.people["principal"], "/ket-thuc-nam-hoc/")
    look(page, "18-promotion")
    page.get_by_role("button", name="Kết thúc năm học").click()
    agree(page)
    expect(page.get_by_text("4 lên lớp").first).to_be_visible()
    look(page, "19-promoted")
    there = Enrolment.objects.filter(unit=world.school_a1, left_on=None)
    assert set(there.values_list("school_class__name", "school_year")) == {("2A", world.year.pk)}


def test_from_a_messy_file_to_a_better_index(
    page, sign_in, axe, look, world, people_database, work_off, tmp_path
):
    sign_in(world.people["office"], "/")
    look(page, "00-home")
    bring_in(page, look, world, tmp_path)
    axe(page)
    before = check(page, work_off, look)
    mend_three(page, look)
    verify(page, work_off, look)
    assert check(page, work_off) != before
    open_case(page, "Không khớp CSDL quốc gia về dân cư", "Trần Thị Bình")
    look(page, "20-mismatch")
    axe(page)
    hand_over(page, sign_in, look, world)
    end_the_year(page, sign_in, look, world)
    after = check(page, work_off)
    look(page, "21-index-after")
    assert after > before
    menu(page, "Học sinh", REGISTRY)
    row(page, "Lê Văn An").get_by_role("link").first.click()
    look(page, "22-dossier")
