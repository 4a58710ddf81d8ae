"""The path of a figure in a real browser: a school confirms its form and judges its own digital maturity, the commune sends
on, the department returns one school and recognises one, and the leader opens a number down to the pupils behind it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from types import SimpleNamespace

import docx
import pdfplumber
import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import registry
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.statistics import AS_OF, make_period, officer
from tests.modules.maturity.bodies import FULL
from tests.modules.maturity.steps import fill
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.maturity import actions as maturity
from thongsuot.modules.maturity import queries as maturity_queries
from thongsuot.modules.maturity.models import Assessment
from thongsuot.modules.statistics.models import Return
from thongsuot.modules.statistics.queries.forms import form

FORM = "02.ĐN-TH"
STATISTICS, MATURITY = "Thống kê", "Mức độ chuyển đổi số"
PUPILS = ("Lê Văn An", "Trần Thị Bình", "Đỗ Thị Chi", "Phạm Văn Dũng", "Hoàng Thị Giang")
PEOPLE = {
    "principal": ("principal", "school_a1"),
    "other": ("principal", "school_b1"),
    "commune": ("commune_officer", "commune_a_office"),
    "beside": ("commune_officer", "commune_b_office"),
    "officer": ("department_officer", "office"),
    "leader": ("department_leader", "department"),
}


@pytest.fixture
def world(transactional_db):
    """Two schools of two communes with pupils, a period frozen on its day, a round of assessments open."""
    world = make_province()
    year = make_school_year(AS_OF.year)
    for school, names in ((world.school_a1, PUPILS), (world.school_b1, PUPILS[:2])):
        room = registry.make_class(school, year, "1A", grade=1)
        for name in names:
            registry.make_student(school, name, school_class=room)
    make_period(officer(world), year=year, forms=[form(FORM, AS_OF)], frozen=True)
    now = timezone.now()
    maturity.load_rubrics(by=Actor.system(), folder=django_settings.DATA_DIR / "maturity", now=now)
    world.round = maturity.open_round(
        by=officer(world), school_year=year, dates=maturity_queries.proposed_dates(year.ends_on.year), now=now
    )
    world.people = {}
    for name, (role, unit) in PEOPLE.items():
        world.people[name] = make_user(f"so.{name}", f"Nguyễn Văn {name.title()}")
        make_appointment(world.people[name], role, getattr(world, unit))
    return world


def menu(page, name, group=None):
    """Go by the menu, as people do."""
    side = page.locator("aside").first
    link = side.get_by_role("link", name=name, exact=True)
    if group and not link.is_visible():
        side.locator("summary", has_text=group).click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def row(page, words):
    return page.locator("tbody tr", has_text=words)


def agree(page):
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()


def open_return(page, unit):
    menu(page, "Báo cáo thống kê", STATISTICS)
    row(page, unit.name).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(unit.name)


def confirm_form(page, unit):
    """Whatever differs wants a reason; then the form goes up."""
    open_return(page, unit)
    for field in page.locator("input[name^=reason-]").all():
        field.fill("Năm đầu dùng hệ thống")
    page.get_by_role("button", name="Xác nhận", exact=True).click()
    agree(page)
    expect(page.get_by_text("Đã xác nhận").first).to_be_visible()


def the_form_goes_up(page, sign_in, look, world):
    sign_in(world.people["principal"], "/")
    open_return(page, world.school_a1)
    look(page, "f01-return")
    confirm_form(page, world.school_a1)
    look(page, "f02-confirmed")

    sign_in(world.people["commune"], "/")
    open_return(page, world.school_a1)
    look(page, "f03-commune")
    page.get_by_role("button", name="Nhận báo cáo").click()
    expect(page.get_by_text("Đã nhận").first).to_be_visible()

    sign_in(world.people["other"], "/")
    confirm_form(page, world.school_b1)
    sign_in(world.people["beside"], "/")
    open_return(page, world.school_b1)
    page.locator("summary", has_text="Trả lại để sửa").click()
    page.get_by_label("Lý do").fill("Đếm lại học sinh lớp 1A")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_text("Đếm lại học sinh lớp 1A").first).to_be_visible()
    look(page, "f04-returned")
    states = dict(Return.objects.filter(unit__kind="school").values_list("unit_id", "state"))
    assert (states[world.school_a1.pk], states[world.school_b1.pk]) == ("accepted", "returned")


def assess(page, look, world, school, name):
    """Begin, answer one question in the page (the others lie ready), hand in."""
    menu(page, "Phiếu đánh giá", MATURITY)
    page.get_by_role("button", name="Bắt đầu tự đánh giá").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(school.name)
    sheet = Assessment.objects.select_related("rubric").get(unit=school)
    fill(world, sheet, SimpleNamespace(user_id=world.people[name].pk), FULL)
    page.reload()
    line = page.locator("#muc-1\\.5\\.1")
    line.get_by_role("textbox").first.fill("14")
    line.get_by_role("textbox").first.press("Tab")
    expect(line.get_by_role("status")).to_be_visible()
    look(page, f"m01-sheet-{name}")
    page.get_by_role("button", name="Nộp phiếu").click()
    agree(page)
    expect(page.get_by_text("Đã nộp phiếu; số liệu của hệ thống đã được chốt.")).to_be_visible()


def open_sheet(page, school):
    menu(page, "Phiếu đánh giá", MATURITY)
    row(page, school.name).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(school.name)


def forward(page, school):
    open_sheet(page, school)
    page.get_by_role("button", name="Gửi lên Sở").click()
    expect(page.get_by_text("Đã gửi lên Sở.")).to_be_visible()


def judged_from_outside(page, look, world):
    """The department's officer: one school is sent back, the other gets a team, a visit, its points."""
    open_sheet(page, world.school_b1)
    page.locator("form", has=page.get_by_role("button", name="Trả lại")).get_by_role("textbox").fill(
        "Thiếu biên bản kiểm tra phòng máy"
    )
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_text("Thiếu biên bản kiểm tra phòng máy").first).to_be_visible()
    look(page, "m02-sent-back")

    menu(page, "Phiếu đánh giá", MATURITY)
    page.get_by_role("link", name="Đoàn đánh giá").click()
    page.get_by_role("link", name="Lập đoàn").first.click()
    page.get_by_label("Tên đoàn").fill("Đoàn số 1")
    look(page, "m03-team")
    page.get_by_label("Trưởng đoàn").select_option(label=world.people["officer"].full_name)
    page.get_by_role("button", name="Lưu").click()
    expect(row(page, "Đoàn số 1")).to_be_visible()

    menu(page, "Phiếu đánh giá", MATURITY)
    pick(page, world.school_a1)
    page.get_by_role("button", name="Giao Đoàn số 1").click()
    expect(page.get_by_text("Đã giao 1 phiếu cho Đoàn số 1.")).to_be_visible()
    open_sheet(page, world.school_a1)
    today = timezone.localdate().isoformat()
    page.locator("summary", has_text="Hẹn buổi làm việc").click()
    page.get_by_label("Ngày hẹn").fill(today)
    page.get_by_role("button", name="Hẹn", exact=True).click()
    expect(page.get_by_text("Đã hẹn buổi làm việc.")).to_be_visible()
    page.locator("summary", has_text="Ghi biên bản buổi đã hẹn").click()
    page.get_by_label("Ngày làm việc").fill(today)
    page.get_by_label("Nội dung biên bản").fill("Đã kiểm tra phòng máy và sổ điểm.")
    page.get_by_role("button", name="Ghi biên bản").click()
    expect(page.get_by_text("Đã ghi biên bản.")).to_be_visible()
    line = page.locator("#muc-1\\.5\\.1")
    line.get_by_label("Nhận xét, lý do khác").fill("Hai phần mềm chưa dùng")
    line.get_by_role("textbox").first.fill("12")
    line.get_by_role("textbox").first.press("Tab")
    expect(line.get_by_role("status")).to_be_visible()
    page.get_by_role("button", name="Các mục còn lại: như trường").click()
    expect(page.get_by_text("mục theo trường")).to_be_visible()
    look(page, "m04-scored")
    page.get_by_role("button", name="Gửi kết quả cho trường").click()
    expect(page.get_by_text("Đã gửi kết quả cho trường.")).to_be_visible()


def pick(page, school):
    row(page, school.name).get_by_role("checkbox").check()


def recognised(page, sign_in, look, world):
    """The school agrees, the officer drafts the decision, the leader issues and publishes it."""
    sign_in(world.people["principal"], "/")
    open_sheet(page, world.school_a1)
    look(page, "m05-differences")
    page.get_by_role("button", name="Đồng ý kết quả").click()
    agree(page)
    expect(page.get_by_text("Đã đồng ý kết quả.")).to_be_visible()

    sign_in(world.people["officer"], "/")
    menu(page, "Phiếu đánh giá", MATURITY)
    pick(page, world.school_a1)
    page.get_by_role("button", name="Lập quyết định công nhận").click()
    expect(page.get_by_text("Đã lập dự thảo quyết định cho 1 đơn vị")).to_be_visible()

    sign_in(world.people["leader"], "/")
    menu(page, "Quyết định công nhận", MATURITY)
    page.locator("tbody tr").first.get_by_role("link").first.click()
    page.get_by_label("Số quyết định").fill("117")
    page.get_by_label("Họ tên người ký").fill("Trần Văn Giám")
    look(page, "m06-decision")
    page.get_by_role("button", name="Ban hành", exact=True).click()
    expect(page.get_by_text("Đã ban hành quyết định.")).to_be_visible()
    page.get_by_role("button", name="Công bố").click()
    agree(page)
    expect(page.get_by_text("Đã công bố kết quả.")).to_be_visible()
    menu(page, "Sổ công nhận", MATURITY)
    expect(row(page, world.school_a1.name)).to_be_visible()
    look(page, "m07-register")


def down_to_the_pupils(page, look, world):
    """From a number on the province's form to the names that were counted, and on to one dossier."""
    open_return(page, world.department)
    look(page, "l01-province")
    page.get_by_role("link", name=f"Học sinh, Tổng số: {len(PUPILS) + 2}", exact=True).click()
    for name in PUPILS:
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    look(page, "l02-rows")
    page.get_by_role("link", name=PUPILS[0]).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(PUPILS[0])
    expect(page).to_have_url(re.compile("/ho-so/hoc-sinh/"))


def the_year_reported(page, axe, look, world, folder):
    """The department's report of the year: begun, written, signed; its Word file opens where a reader opens it."""
    menu(page, "Báo cáo sơ kết, tổng kết", STATISTICS)
    page.get_by_label(f"Báo cáo năm học {AS_OF.year}-{AS_OF.year + 1}").select_option("year")
    page.get_by_label("Của đơn vị").select_option(label=world.department.name)
    page.get_by_role("button", name="Soạn báo cáo").click()
    text = page.get_by_label("Đặc điểm, thuận lợi, khó khăn")
    text.fill("Hai xã miền núi, đi lại khó khăn.")
    text.press("Tab")
    expect(page.locator("#doan-overview .rp-status")).to_contain_text("Đã lưu")
    look(page, "r01-report")
    axe(page)
    page.get_by_label("Số văn bản (theo sổ đi)").fill("128")
    page.get_by_role("button", name="Ký duyệt và chốt").click()
    expect(page.get_by_text("ký duyệt lúc").first).to_be_visible()
    look(page, "r02-signed")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải Word").click()
    file = folder / "tong-ket.docx"
    download.value.save_as(file)
    words = "\n".join(one.text for one in docx.Document(file).paragraphs)
    assert "Hai xã miền núi, đi lại khó khăn." in words
    assert f"với {len(PUPILS) + 2} học sinh" in words
    opens_in_office(file)


def opens_in_office(file):
    """LibreOffice, where the machine has it, makes a PDF of the file with the same words."""
    office = shutil.which("soffice")
    if office is None:
        return
    home = file.parent / "office"
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{home}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            file.parent,
            file,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    with pdfplumber.open(file.with_suffix(".pdf")) as paper:
        text = " ".join(page.extract_text() for page in paper.pages)
    assert "Hai xã miền núi" in " ".join(text.split())


def test_from_a_form_to_the_pupils_behind_it(page, sign_in, axe, look, world, tmp_path):
    the_form_goes_up(page, sign_in, look, world)
    for name, school, desk in (("principal", "school_a1", "commune"), ("other", "school_b1", "beside")):
        sign_in(world.people[name], "/")
        assess(page, look, world, getattr(world, school), name)
        sign_in(world.people[desk], "/")
        forward(page, getattr(world, school))
    sign_in(world.people["officer"], "/")
    judged_from_outside(page, look, world)
    recognised(page, sign_in, look, world)
    axe(page)
    down_to_the_pupils(page, look, world)
    axe(page)
    the_year_reported(page, axe, look, world, tmp_path)
