"""One whole path in a real browser: an order goes in as a file and comes back as a report."""

import re
from io import BytesIO

import docx
import pytest
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user

LETTER = """SỞ GIÁO DỤC VÀ ĐÀO TẠO TỈNH THỬ NGHIỆM

Số: 77/KH-SGDĐT

Thử Nghiệm, ngày 16 tháng 11 năm 2026

KẾ HOẠCH

Rà soát an toàn thông tin trong trường học

Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị;

I. NHIỆM VỤ

STT	Nhiệm vụ	Đơn vị chủ trì	Đơn vị phối hợp	Sản phẩm	Thời gian hoàn thành
1	Rà soát hệ thống thông tin của các trường trên địa bàn	Ủy ban nhân dân xã An Bình	Phòng Giáo dục Trung học	Báo cáo	Trước ngày 31/12/2026
2	Tổng hợp kết quả rà soát toàn tỉnh	Phòng Giáo dục Trung học		Báo cáo tổng hợp	Trước ngày 15/01/2027

Nơi nhận:
- Như trên;
- Lưu: VT.

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC

Nguyễn Văn Thử
"""
TASK = "Rà soát hệ thống thông tin của các trường trên địa bàn"


@pytest.fixture
def people(transactional_db):
    province = make_province()
    make_school_year()
    roles = {
        "officer": ("department_officer", province.office),
        "commune": ("commune_officer", province.commune_a_office),
        "school": ("principal", province.school_a1),
    }
    found = {}
    for name, (role, unit) in roles.items():
        found[name] = make_user(f"ts.{name}", f"Nguyễn Thị {name.title()}")
        make_appointment(found[name], role, unit)
    return found


def choose_unit(scope, words):
    """Type into the unit picker and take the first it offers."""
    box = scope.get_by_role("combobox").first
    box.press_sequentially(words)
    option = scope.get_by_role("option").first
    expect(option).to_be_visible()
    option.click()


def act(page, name, fill=None, button=None):
    """Open one of the things that can be done with a task, fill its form, send it."""
    box = page.locator(f"#viec-{name}")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    if fill:
        fill(box)
    (
        box.get_by_role("button", name=button) if button else box.locator(".ts-form-actions button").first
    ).click()
    page.wait_for_load_state()


def open_task(page, live_server, words):
    page.goto(f"{live_server.url}/chi-dao/nhiem-vu/?q={words}")
    page.locator("table a", has_text=re.compile("Rà soát hệ thống")).first.click()
    page.wait_for_load_state()


def done_count(page, live_server):
    """The figure of finished tasks on the dashboard."""
    page.goto(f"{live_server.url}/chi-dao/tong-quan/")
    card = page.locator(".ts-stat", has_text="Hoàn thành").first
    return int(card.locator(".ts-stat-value").inner_text().split()[0])


def accept_all(page, progress):
    page.get_by_role("button", name="Nhận tất cả").click()
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text(progress).first).to_be_visible()


def bring_in(page, live_server, sign_in, officer, tmp_path):
    letter = tmp_path / "ke-hoach.txt"
    letter.write_text(LETTER, encoding="utf-8")
    sign_in(officer, "/chi-dao/van-ban/nhap/")
    page.set_input_files("input[type=file]", letter)
    page.get_by_role("button", name="Đọc văn bản").click()
    page.wait_for_url("**/ra-soat/")
    expect(page.get_by_text(TASK).first).to_be_visible()
    accept_all(page, "Đã rà soát 2/4")
    # The products "Báo cáo" were also read as reports that are owed.
    page.get_by_role("link", name="Chế độ báo cáo").last.click()
    accept_all(page, "Đã rà soát 4/4")
    page.get_by_role("link", name="Xác nhận").first.click()
    page.get_by_role("button", name="Xác nhận và giao việc").click()
    page.wait_for_load_state()


def hand_down(page, live_server, sign_in, commune):
    sign_in(commune, "/")
    expect(page.get_by_text(TASK).first).to_be_visible()
    open_task(page, live_server, "ra soat")

    def to_school(box):
        choose_unit(box, "Tiểu học An Bình")
        box.locator("[name$=due_on]").fill("2026-12-20")

    act(page, "hand_down", to_school)
    expect(page.get_by_text("Trường Tiểu học An Bình").first).to_be_visible()


def submit(page, live_server, sign_in, school):
    sign_in(school, "/")
    open_task(page, live_server, "ra soat")

    def product(box):
        box.locator("[name$=number]").fill("12")
        box.locator("[name$=symbol]").fill("BC-THAB")
        box.locator("[name$=issued_on]").fill("2026-11-20")
        box.locator("[name$=subject]").fill("Báo cáo kết quả rà soát hệ thống thông tin")
        document = docx.Document()
        document.add_paragraph("Đã rà soát 12 máy tính.")
        kept = BytesIO()
        document.save(kept)
        mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        box.locator("input[type=file]").set_input_files(
            {"name": "bao-cao.docx", "mimeType": mime, "buffer": kept.getvalue()}
        )

    act(page, "submit", product)
    expect(page.get_by_text("Báo cáo kết quả rà soát hệ thống thông tin").first).to_be_visible()


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return waiting.value.path()


def test_from_a_file_to_a_report(page, live_server, sign_in, people, tmp_path, axe):
    bring_in(page, live_server, sign_in, people["officer"], tmp_path)
    axe(page)
    before = done_count(page, live_server)
    hand_down(page, live_server, sign_in, people["commune"])
    axe(page)
    submit(page, live_server, sign_in, people["school"])

    sign_in(people["commune"], "/chi-dao/nhiem-vu/?state=submitted")
    page.locator("table a", has_text=re.compile("Rà soát hệ thống")).first.click()
    page.wait_for_load_state()
    act(page, "decide", button="Nghiệm thu")
    expect(page.get_by_text("Hoàn thành đúng hạn").first).to_be_visible()

    sign_in(people["officer"], "")
    assert done_count(page, live_server) == before + 1

    page.goto(f"{live_server.url}/chi-dao/ket-xuat/bao-cao/?first=2026-01-01&last=2026-12-31")
    words = "\n".join(p.text for p in docx.Document(download(page, "Tải Word")).paragraphs)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words or "BÁO CÁO" in words
    pdf = PdfDocument(download(page, "Tải PDF"))
    text = "".join(p.get_textpage().get_text_range() for p in pdf)
    assert "Độc lập - Tự do - Hạnh phúc" in text
