"""From a mark to a transcript that anyone can check, on a phone: a teacher enters a class's marks, the homeroom teacher
comments, the principal closes the books and signs the class in one go, the Sở accepts, a parent shows the QR code, a stranger
checks; then the school takes one back after the year was closed, and puts another in its place.
"""

from __future__ import annotations

import io
import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy
import pdfplumber
import pytest
import qrcode
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import registry
from tests.factories.gradebook import fill_year, make_open_class
from tests.factories.organization import (
    make_administrative_unit,
    make_appointment,
    make_school,
    make_unit,
    make_user,
)
from thongsuot.kit.signing.certificates import identity_of
from thongsuot.kit.signing.practice import PracticeAuthority, pem_of, write_private
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.gradebook.models import RemarkPhrase, SubjectMarks, TermConduct
from thongsuot.modules.organization.models import CodeList, CodeValue, SchoolYear, Term
from thongsuot.modules.transcripts.domain.values import plain_serial
from thongsuot.modules.transcripts.models import GatewayCertificate, GatewayMessage, Transcript

BOOKS, TRANSCRIPTS = "Sổ điểm", "Học bạ số"
PUPILS = ("Lê Văn An", "Trần Thị Bình", "Đỗ Thị Chi")
PEOPLE = {
    "maths": ("Phạm Thị Toán", "teacher"),
    "homeroom": ("Vũ Thị Chủ Nhiệm", "teacher"),
    "principal": ("Lê Văn Hiệu", "principal"),
    "office": ("Nguyễn Thị Văn Thư", "school_office"),
}
# In the order in which they sign.
SIGNERS = (
    ("maths", "Ký phần môn của mình"),
    ("principal", "Ký phần môn của mình"),
    ("homeroom", "Ký với tư cách giáo viên chủ nhiệm"),
    ("principal", "Ký với tư cách hiệu trưởng"),
    ("office", "Ký phát hành"),
)
PHRASE = "Chăm chỉ, hòa đồng, tiến bộ rõ trong học kỳ."
# Fingers: what is pressed is at least so high. Links inside a sentence, and what lies in a closed menu, are not asked.
THUMB = 36
TOO_SMALL = """(least) => Array.from(document.querySelectorAll(
  'main button, main a.btn, main select, main summary, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), .navbar-toggler, dialog[open] button'
)).filter((one) => one.checkVisibility({ checkVisibilityCSS: true }) && !one.closest('.visually-hidden')).map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && (box.height < least || box.width < least))
  .map(([one, box]) => one.outerHTML.slice(0, 120) + ' ' + Math.round(box.width) + 'x' + Math.round(box.height))"""


@pytest.fixture
def browser_context_args(browser_context_args):
    """A phone: narrow, with a finger."""
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True}


def make_year(today):
    """A school year whose second term is on, and which ended by the calendar of transcripts yesterday."""
    first = (today - timedelta(days=1)).year - 1
    begins, middle, ends = (
        datetime(first, 9, 5).date(),
        datetime(first + 1, 1, 1).date(),
        today + timedelta(days=30),
    )
    year = SchoolYear.objects.create(name=f"{first}-{first + 1}", starts_on=begins, ends_on=ends)
    Term.objects.create(school_year=year, number=1, starts_on=begins, ends_on=middle - timedelta(days=1))
    Term.objects.create(school_year=year, number=2, starts_on=middle, ends_on=ends)
    return year


def give_key(world, holder, *, staff=None):
    """An approved certificate with its key on the server, of a person or of the school's seal."""
    valid = (world.now - timedelta(days=300), world.now + timedelta(days=300))
    private, certificate = world.authority.issue(holder, organisation=world.school.name, valid=valid)
    der = certificate.public_bytes(Encoding.DER)
    read = identity_of(der)
    row = SignerCertificate.objects.create(
        unit=world.school, staff=staff, holder=holder, serial=read.serial, issuer=read.issuer, subject=read.subject,
        fingerprint=read.fingerprint.hex(), provider="CA thử", medium="software", state="approved",
        valid_from=valid[0], valid_to=valid[1], der=der, registered_at=valid[0], approved_at=valid[0],
    )  # fmt: skip
    write_private(
        world.var / "keys" / f"{row.fingerprint}.pem",
        pem_of(private, certificate, world.authority.certificate),
    )
    return row


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    """A lower secondary school late in the second term: all is written but one book and the homeroom teacher's words."""
    settings.VAR_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "trust").mkdir()
    now = timezone.now()
    province = make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    area = make_administrative_unit("20900", "Đức Phổ", kind="Phường", parent=province)
    department = make_unit("department", "Sở Giáo dục và Đào tạo")
    commune = make_unit("commune", "Phường Đức Phổ", parent=department, administrative_unit=area)
    school = make_school(
        "Trường THCS Đức Phổ", parent=commune, levels=("lower_secondary",), administrative_unit=area
    )
    world = SimpleNamespace(
        var=tmp_path, now=now, department=department, school=school, people={}, staff={},
        authority=PracticeAuthority("CA thử", since=now - timedelta(days=400)),
    )  # fmt: skip
    for name, (full_name, role) in PEOPLE.items():
        world.people[name] = make_user(f"hb.{name}", full_name)
        make_appointment(world.people[name], role, school)
        world.staff[name] = registry.make_staff(school, full_name, account=world.people[name])
    for name, role in (("officer", "department_officer"), ("leader", "department_leader")):
        world.people[name] = make_user(f"hb.{name}", f"Nguyễn Văn {name.title()}")
        make_appointment(world.people[name], role, department)
    kinh = CodeList.objects.create(code="dan_toc", name="Dân tộc")
    CodeValue.objects.create(code_list=kinh, code="01", name="Kinh")
    fill_class(world)
    for name in ("maths", "homeroom", "principal"):
        give_key(world, PEOPLE[name][0], staff=world.staff[name])
    seal = give_key(world, school.name)
    known_at_the_gateway(world, seal)
    root = world.authority.certificate.public_bytes(Encoding.PEM)
    (tmp_path / "trust" / "root.pem").write_bytes(root)
    (tmp_path / "trust" / "root.crl").write_bytes(world.authority.crl(at=now).public_bytes(Encoding.DER))
    return world


def fill_class(world):
    made = make_open_class(
        world.school, make_year(timezone.localdate()), grade=8, name="8A", pupils=0,
        homeroom_teacher=world.staff["homeroom"], taught=[(world.staff["maths"], "Toán")],
    )  # fmt: skip
    world.school_class, world.pupils = made.school_class, []
    for name in PUPILS:
        pupil = registry.make_student(
            world.school, name, school_class=made.school_class, birth_place="Đức Phổ", home_town="Quảng Ngãi",
            current_address="12 Lê Lợi, phường Đức Phổ", ministry_code=f"51{len(world.pupils):08d}",
        )  # fmt: skip
        world.pupils.append(pupil)
        fill_year(made, pupil)
    world.maths = made.subjects["mathematics"]
    SubjectMarks.objects.filter(class_subject=world.maths, term=2).delete()
    TermConduct.objects.filter(term=2).delete()
    RemarkPhrase.objects.create(unit=world.school, text=PHRASE)
    world.people["parent"] = make_user("hb.parent", "Lê Thị Phụ Huynh")
    make_appointment(world.people["parent"], "parent", world.school)
    for place, pupil in enumerate(world.pupils):
        account = {"account": world.people["parent"]} if place == 0 else {}
        registry.make_contact(pupil, "Lê Thị Phụ Huynh", **account)


def known_at_the_gateway(world, seal):
    """The school has registered its seal; the Sở has not answered yet."""
    message = GatewayMessage.objects.create(
        unit=world.school, message_id="chung-thu-1", type=3, first_year=world.now.year, content_sealed=b"x",
        content_digest=b"x", state="done", received_at=world.now,
    )  # fmt: skip
    GatewayCertificate.objects.create(
        unit=world.school, serial=plain_serial(seal.serial), valid_from=seal.valid_from.date(),
        signature_kind="USB_TOKEN", provider="BAN_CO_YEU", state="waiting", message=message,
    )  # fmt: skip


@pytest.fixture
def seen(page, fits):
    """seen(name): the page as it stands fits the phone, and a finger meets everything on it. TS_SCREENSHOTS keeps a picture."""
    folder = os.environ.get("TS_SCREENSHOTS")
    small = []

    def check(name):
        fits(page)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        small.extend(f"{name}: {one}" for one in page.evaluate(TOO_SMALL, THUMB))

    yield check
    assert small == [], "\n".join(small)


def menu(page, name, group):
    """Go by the menu, which a phone keeps folded."""
    page.get_by_role("button", name="Mở hoặc đóng menu").click()
    side = page.locator("#menu")
    link = side.get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        side.locator("summary", has_text=group).click()
    link.click()
    expect(page.locator("#menu")).to_be_hidden()


def agree(page):
    page.get_by_role("dialog").get_by_role("button", name="Đồng ý").click()


def press(page, name):
    page.get_by_role("button", name=name).click()


def cell(page, pupil, column):
    return page.locator(f'[data-key="{pupil.pk}|{column}"]')


def type_marks(page, pupils, column, marks):
    """One pupil after the other with the large keys."""
    page.get_by_label("Cột đang nhập").select_option(column)
    pad = page.locator("#pad")
    cell(page, pupils[0], column).click()
    for text in marks:
        for key in [text] if text == "10" else text:
            pad.get_by_role("button", name=key, exact=True).click()
        # 10 goes on by itself.
        if text != "10":
            pad.get_by_role("button", name="Học sinh sau").click()


def marks_are_entered(page, sign_in, seen, world):
    sign_in(world.people["maths"], "/")
    menu(page, "Nhập điểm", BOOKS)
    seen("01-books")
    page.locator("tbody").get_by_role("link", name="8A").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Toán, lớp 8A, Học kỳ II")
    seen("02-marks")
    for place in range(4):
        type_marks(page, world.pupils, f"regular.{place}", ("7,5", "8", "9"))
    type_marks(page, world.pupils, "midterm", ("8", "10", "6,5"))
    type_marks(page, world.pupils, "final", ("9", "8,5", "7"))
    state = page.locator("#marks [data-state]")
    expect(state).to_contain_text("Đã lưu")
    seen("03-marks-entered")
    rows = SubjectMarks.objects.filter(
        class_subject=world.maths, term=2, midterm__isnull=False, final__isnull=False
    )
    assert rows.count() == 3


def the_homeroom_teacher_comments(page, sign_in, seen, world):
    sign_in(world.people["homeroom"], "/")
    menu(page, "Kết quả, rèn luyện", BOOKS)
    seen("04-class-results")
    page.get_by_role("link", name="Điểm danh").last.click()
    page.locator(f'[data-row="{world.pupils[2].pk}"]').get_by_role("button").click()
    expect(page.locator("#attendance [data-state]")).to_contain_text("Đã lưu")
    seen("04-roll")
    page.get_by_role("link", name="Rèn luyện, nhận xét").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Học kỳ II")
    page.get_by_label("Cột đang nhập").select_option("conduct")
    pad = page.locator("#pad")
    cell(page, world.pupils[0], "conduct").click()
    seen("05-conduct")
    for _pupil in world.pupils:
        pad.get_by_role("button", name="T", exact=True).click()
    page.get_by_label("Cột đang nhập").select_option("remark")
    for pupil in world.pupils:
        row = page.locator(f'tr[data-row="{pupil.pk}"]')
        row.get_by_role("button", name="Chọn từ ngân hàng nhận xét").click()
        page.locator("#phrases").get_by_role("button", name=PHRASE).click()
    cell(page, world.pupils[0], "remark").blur()
    expect(page.locator("#marks [data-state]")).to_contain_text("Đã lưu")
    seen("06-remarks")
    assert TermConduct.objects.filter(term=2, remark=PHRASE, conduct="good").count() == 3


def the_principal_closes_the_books(page, sign_in, seen, work_off, world):
    sign_in(world.people["principal"], "/")
    menu(page, "Tiến độ nhập điểm", BOOKS)
    seen("07-progress")
    for term in ("Học kỳ I", "Học kỳ II"):
        page.get_by_role("link", name=term, exact=True).click()
        press(page, "Khoá sổ toàn trường")
        agree(page)
        expect(page.get_by_text("Đã khoá sổ toàn trường.")).to_be_visible()
    seen("08-locked")


def waits_for_the_job(page, seen, work_off, name):
    """The page of a job tells how far it is, and leads on."""
    seen(f"{name}-waiting")
    work_off()
    page.reload()
    seen(f"{name}-done")
    page.locator("main").get_by_role("link", name="Xem kết quả").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def transcripts_are_made(page, sign_in, seen, work_off, world):
    sign_in(world.people["office"], "/")
    menu(page, "Kết quả, rèn luyện", BOOKS)
    press(page, "Tính lại")
    expect(page.get_by_text("Đã tính lại kết quả của 3 em.")).to_be_visible()
    seen("09-results")
    menu(page, "Học bạ theo lớp", TRANSCRIPTS)
    seen("10-board")
    page.get_by_role("link", name="8A").click()
    seen("11-class-lacking")
    page.get_by_role("link", name="Bổ sung thông tin").click()
    for place, pupil in enumerate(world.pupils):
        page.locator(f'[name="{pupil.pk}-register_number"]').fill(f"08/{place + 1}")
    seen("12-supplement")
    press(page, "Lưu cả lớp")
    seen("13-class-ready")
    press(page, "Lập 3 học bạ")
    waits_for_the_job(page, seen, work_off, "14-building")
    assert Transcript.objects.filter(state="initialised").count() == 3


def signs(page, sign_in, seen, work_off, world, who, label, name):
    """From the list of classes: what waits for this signer, one authorisation, watched until it is done."""
    sign_in(world.people[who], "/hoc-ba/")
    page.get_by_role("link", name=label).click()
    seen(f"{name}-list")
    press(page, "Cho phép ký các")
    agree(page)
    expect(page.get_by_role("heading", name="Lần ký học bạ")).to_be_visible()
    work_off()
    if "maths" not in name:
        # The first of a round waits for the page to ask by itself, which it does every two seconds.
        page.reload()
    expect(page.get_by_text("Đã ký xong")).to_be_visible()
    seen(f"{name}-signed")


def all_sign(page, sign_in, seen, work_off, world, round):
    """Each teacher the own subjects, the principal those that nobody teaches any more; then the whole of it."""
    for place, (who, label) in enumerate(SIGNERS):
        signs(page, sign_in, seen, work_off, world, who, label, f"{round}{place}-{who}")


def the_gateway_knows_the_seal(page, sign_in, seen, world):
    sign_in(world.people["officer"], "/")
    menu(page, "Toàn cảnh học bạ", TRANSCRIPTS)
    seen("30-overview")
    page.get_by_role("link", name="Chứng thư", exact=True).click()
    seen("31-certificates")
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_label("Đồng ý").check()
    seen("32-certificate")
    press(page, "Ghi quyết định")
    assert GatewayCertificate.objects.get().state == "approved"


def sent_and_accepted(page, sign_in, seen, work_off, world, number, name):
    sign_in(world.people["office"], "/")
    menu(page, "Học bạ theo lớp", TRANSCRIPTS)
    press(page, f"Gửi {number} học bạ lên Sở")
    waits_for_the_job(page, seen, work_off, name)
    page.get_by_role("link", name="8A").click()
    expect(page.get_by_text("Sở đã tiếp nhận").first).to_be_visible()
    seen(f"{name}-class")


def the_department_has_them(page, sign_in, seen, world):
    sign_in(world.people["officer"], "/")
    menu(page, "Giao dịch của cổng", TRANSCRIPTS)
    seen("45-messages")
    page.locator("tbody").get_by_role("link").first.click()
    for name in PUPILS:
        expect(page.locator("tbody tr", has_text=name)).to_contain_text("Được")
    seen("46-message")


def downloaded(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def a_parent_takes_the_files(page, sign_in, seen, world):
    sign_in(world.people["parent"], "/")
    menu(page, "Học bạ của tôi, của con", TRANSCRIPTS)
    seen("50-own-list")
    page.locator("main").get_by_role("link", name="lớp 8A").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(PUPILS[0])
    seen("51-own")
    return downloaded(page, "Tải XML"), downloaded(page, "Tải PDF")


def address_in(pdf, uuid):
    """The address that the QR code of the PDF holds: the modules drawn are those of that address and of no other."""
    address = f"{django_settings.BASE_URL}/hoc-ba/kiem-tra/?ma={uuid}"
    drawn = drawn_code(pdf, len(modules_of(address)))
    assert (drawn == modules_of(address)).all()
    assert (drawn != modules_of(address.replace(uuid, uuid[::-1]))).any()
    return address


def modules_of(address):
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    return numpy.array(code.get_matrix(), dtype=bool)


def drawn_code(pdf, number, resolution=300):
    """The dark modules of the QR code (`number` a side) as they are painted; it is the only drawing made of little squares."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        squares = [one for one in page.rects if one["width"] < 5 and abs(one["width"] - one["height"]) < 0.2]
        box = (
            min(one["x0"] for one in squares), min(one["top"] for one in squares),
            max(one["x1"] for one in squares), max(one["bottom"] for one in squares),
        )  # fmt: skip
        assert abs((box[2] - box[0]) - (box[3] - box[1])) < 1
        picture = page.crop(box).to_image(resolution=resolution)
    dark = numpy.array(picture.original.convert("L")) < 128
    places = ((numpy.arange(number) + 0.5) * (dark.shape[0] / number)).astype(int)
    return dark[places][:, places]


def checks(page, live_server, seen, name, xml):
    """A stranger with the file only."""
    page.locator("input[type=file]").set_input_files(
        {"name": "hoc-ba.xml", "mimeType": "application/xml", "buffer": xml}
    )
    press(page, "Kiểm tra")
    seen(name)


def anyone_checks(page, live_server, seen, world, xml, address):
    page.context.clear_cookies()
    # The printed address is that of the installation; here it stands somewhere else.
    page.goto(address.replace(django_settings.BASE_URL, live_server.url))
    expect(page.get_by_text(PUPILS[0])).to_have_count(0)
    seen("60-verify")
    checks(page, live_server, seen, "61-valid", xml)
    expect(page.get_by_text("Hợp lệ", exact=True).first).to_be_visible()
    expect(page.get_by_text("Đúng bản gốc đang lưu hành")).to_be_visible()
    at = xml.index("Đức Phổ".encode()) + 2
    checks(page, live_server, seen, "62-flipped", xml[:at] + bytes([xml[at] ^ 1]) + xml[at + 1 :])
    expect(page.get_by_text("Không hợp lệ").first).to_be_visible()


def the_year_is_closed(page, sign_in, seen, world):
    """The Sở sets the day on which the year's transcripts are closed: it was yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    sign_in(world.people["officer"], "/")
    menu(page, "Toàn cảnh học bạ", TRANSCRIPTS)
    page.get_by_role("link", name="Hạn", exact=True).click()
    seen("70-deadlines")
    page.locator("tbody tr").first.get_by_role("link", name="Sửa").click()
    page.locator("[name=month]").fill(str(yesterday.month))
    page.locator("[name=day]").fill(str(yesterday.day))
    page.get_by_label("Căn cứ").fill("Công văn 100/SGDĐT")
    seen("71-deadline")
    press(page, "Lưu")


def recalled_with_the_departments_word(page, sign_in, seen, work_off, world):
    sign_in(world.people["office"], "/")
    menu(page, "Học bạ theo lớp", TRANSCRIPTS)
    page.get_by_role("link", name="8A").click()
    page.get_by_role("link", name=PUPILS[0]).click()
    seen("72-transcript")
    page.get_by_role("link", name="Thu hồi", exact=True).click()
    page.get_by_label("Thông tin nào sai").fill("Số đăng bộ đúng là 08/15, đối chiếu sổ đăng bộ của trường.")
    seen("73-recall")
    press(page, "Gửi yêu cầu")
    expect(page.get_by_text("Đã gửi yêu cầu thu hồi.")).to_be_visible()
    seen("74-asked")
    sign_in(world.people["leader"], "/")
    menu(page, "Thu hồi, điều chỉnh", TRANSCRIPTS)
    seen("75-recalls")
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_label("Đồng ý").check()
    seen("76-decision")
    press(page, "Ghi quyết định")
    expect(page.get_by_text("Đã ghi quyết định.")).to_be_visible()


def another_takes_its_place(page, sign_in, seen, work_off, world):
    sign_in(world.people["office"], "/")
    menu(page, "Học bạ theo lớp", TRANSCRIPTS)
    page.get_by_role("link", name="8A").click()
    seen("80-class-recalled")
    page.get_by_role("link", name="Bổ sung thông tin").click()
    page.locator(f'[name="{world.pupils[0].pk}-register_number"]').fill("08/15")
    press(page, "Lưu cả lớp")
    press(page, "Lập 1 học bạ")
    waits_for_the_job(page, seen, work_off, "81-building")
    all_sign(page, sign_in, seen, work_off, world, 8)
    sent_and_accepted(page, sign_in, seen, work_off, world, 1, "85-sending")


def the_old_one_says_so(page, live_server, seen, world, xml):
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/hoc-ba/kiem-tra/")
    checks(page, live_server, seen, "90-old", xml)
    expect(page.get_by_text("Bản này đã có bản thay thế")).to_be_visible()
    expect(page.locator("h2").first).not_to_contain_text("Hợp lệ")
    old, new = Transcript.objects.filter(student=world.pupils[0]).order_by("version")
    assert (old.state, new.state) == ("replaced", "accepted")
    assert old.uuid != new.uuid
    return new


def test_from_a_mark_to_a_transcript(page, live_server, sign_in, seen, work_off, world, settings):
    page.set_default_timeout(20_000)
    marks_are_entered(page, sign_in, seen, world)
    the_homeroom_teacher_comments(page, sign_in, seen, world)
    the_principal_closes_the_books(page, sign_in, seen, work_off, world)
    transcripts_are_made(page, sign_in, seen, work_off, world)
    all_sign(page, sign_in, seen, work_off, world, 2)
    the_gateway_knows_the_seal(page, sign_in, seen, world)
    sent_and_accepted(page, sign_in, seen, work_off, world, 3, "40-sending")
    the_department_has_them(page, sign_in, seen, world)
    xml, pdf = a_parent_takes_the_files(page, sign_in, seen, world)
    address = address_in(pdf, str(Transcript.objects.get(student=world.pupils[0]).uuid))
    anyone_checks(page, live_server, seen, world, xml, address)
    the_year_is_closed(page, sign_in, seen, world)
    recalled_with_the_departments_word(page, sign_in, seen, work_off, world)
    another_takes_its_place(page, sign_in, seen, work_off, world)
    new = the_old_one_says_so(page, live_server, seen, world, xml)
    assert str(new.uuid).encode() not in xml
