"""After the seal: a record that moves with its pupil, is corrected by a decision, goes out on paper, comes in from elsewhere."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from tests.factories.organization import make_actor, make_appointment, make_school, make_user
from tests.factories.registry import make_class, make_contact
from tests.modules.transcripts.flow import SYSTEM, accepted, build, issue, send, sign
from tests.modules.transcripts.world import NOW, TODAY, _term
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing import pades
from thongsuot.kit.signing.pades import verify_pdf
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import SigningFault
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.gradebook.types import SubjectRecord
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import (
    CivilChange,
    CivilChangeItem,
    CorrectionReport,
    ForeignTranscript,
    HandOver,
    Original,
    PaperCopy,
    Recall,
    Transcript,
)
from thongsuot.modules.transcripts.types import TranscriptFault

LATE = NOW + timedelta(days=60)


def url(name, *args):
    return reverse(f"transcripts:{name}", args=args)


def pdf(name="qd.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 x", content_type="application/pdf")


@pytest.fixture
def open_as(client, world, monkeypatch):
    monkeypatch.setattr(gradebook, "class_records", lambda actor, school_class: world.records())

    def sign_in(name):
        from django.contrib.auth import get_user_model

        client.force_login(get_user_model().objects.get(pk=world.actors[name].user_id))
        return client

    return sign_in


def paper(*rows):
    """Rows of the table as a browser sends them: (name, level, mark)."""
    sent = {"mon-TOTAL_FORMS": str(len(rows)), "mon-INITIAL_FORMS": str(len(rows))}
    for place, values in enumerate(rows):
        sent |= {
            f"mon-{place}-{name}": value
            for name, value in zip(("name", "level", "mark"), values, strict=True)
        }
    return sent


def issue_by_two(world):
    """Principal and school: the chain of what no homeroom teacher signs."""
    for role, who in (("leader", "leader"), ("seal", "office")):
        sign(world, role, who)


def test_a_result_to_date_is_signed_by_head_and_school_and_says_what_it_is(world):
    build(world)
    student = world.students[0]
    half = SubjectRecord(
        "mathematics", "Toán", "score", 175, (_term("T", "10"), _term("", "")), "", "", "", False, ()
    )
    (record,) = [one for one in world.records(subjects=(half,), traits={}, outcome="undecided", learning=("", "", ""), remarks=("", "", "")) if one.student_id == student.pk]  # fmt: skip
    given = {"school_class": world.school_class, "record": record, "basis": "Giấy số 12/GCT", "now": NOW}
    with pytest.raises(NotAllowed):
        actions.initialise_partial(by=world.actors["teacher"], up_to=date(2026, 1, 15), **given)
    with pytest.raises(TranscriptFault, match="ngoài năm học"):
        actions.initialise_partial(by=world.actors["office"], up_to=date(2030, 1, 1), **given)
    built = actions.initialise_partial(by=world.actors["office"], up_to=date(2026, 1, 15), **given)
    assert built.made == 1, built.unready
    with pytest.raises(TranscriptFault, match="đã có"):
        actions.initialise_partial(by=world.actors["office"], up_to=date(2026, 1, 15), **given)
    # It stands beside the year's, and nobody waits for a teacher.
    assert len(queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk)) == 3
    issue_by_two(world)
    row = Transcript.objects.get(kind="partial")
    assert (row.state, row.version) == ("issued", 1)
    xml = queries.file_of(row)
    assert b"<LOAI_HOC_BA>KET_QUA_DEN_KHI_CHUYEN_TRUONG</LOAI_HOC_BA>" in xml
    assert b"<DIEM_HK1>10</DIEM_HK1>" in xml
    check = queries.check_transcript(xml, at=NOW)
    assert (check.verdict, check.profile, check.missing) == ("valid", "spec-v1.0-primary-partial", ())
    assert queries.kind_words(check.profile) == "Kết quả đến khi chuyển trường"
    # Taken out of the file, the tag is missed: nothing passes for a whole year.
    bare = re.sub(rb"<LOAI_HOC_BA>.*?</LOAI_HOC_BA>", b"", xml)
    assert queries.check_transcript(bare, at=NOW).verdict == "invalid"
    assert queries.pdf_of(row, xml, now=NOW).startswith(b"%PDF-")


def test_leavers_are_on_the_page_of_the_class(world, open_as):
    student = world.students[0]
    spell = student.enrolments.get()
    type(spell).objects.filter(pk=spell.pk).update(
        exit_type="transferred_out", left_on=date(2026, 1, 15), other_school="Trường Khác"
    )
    office = open_as("office")
    page = office.get(url("class", world.school_class.pk)).content.decode()
    assert "Lập kết quả đến khi chuyển trường" in page
    address = url("partial", world.school_class.pk, student.pk)
    assert 'value="2026-01-15"' in office.get(address).content.decode()
    # Nothing of the pupil is in the book yet: told, and nothing is written.
    answer = office.post(address, {"up_to": "2026-01-15", "basis": ""})
    assert answer.status_code == 422
    assert not Transcript.objects.exists()
    assert office.get(url("partial", world.school_class.pk, world.students[1].pk)).status_code == 404


def test_paper_becomes_data_that_says_so(world, open_as, settings):
    office, student = open_as("office"), world.students[0]
    from tests.factories.organization import make_school_year

    make_school_year(2024)
    said = {
        "school_year": "2024-2025", "grade": 2, "class_name": "2B", "paper_school": "Trường TH Xã Xa",
        "paper_place": "Lai Châu", "basis": "Học bạ số 15", "circular": "27/2020/TT-BGDĐT",
        "result": "Hoàn thành tốt", "is_promoted": "1",
    }  # fmt: skip
    address = url("digitise", student.public_id)
    # The pupil sits in grade 3: the rows of grade 2, each with what the programme says of it.
    page = office.get(address).content.decode()
    assert 'value="Tiếng Việt"' in page
    assert 'value="Tự nhiên và Xã hội"' in page
    assert "Lịch sử và Địa lí" not in page
    table = paper(("Tiếng Việt", "t", "9,0"), ("Toán", "H", "mười"), ("", "T", ""))
    answer = office.post(address, {**said, **table, "scan": pdf()})
    faults = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_mon-1-mark_error"><li>Điểm “mười” không phải số từ 0 đến 10.' in faults
    assert 'id="id_mon-2-name_error"><li>Thiếu tên môn.' in faults
    assert "id_mon-0-mark_error" not in faults
    # Another grade: its own rows, what was typed stays, whether the grade has the subject or not.
    typed = paper(("Toán", "H", "8,5"), ("Khiêu vũ", "", ""), ("Đạo đức", "", ""))
    answer = office.post(
        address, {**said, **typed, "grade": 4, "lam": "khoi"}, headers={"HX-Request": "true"}
    )
    rows = answer.content.decode()
    assert rows.lstrip().startswith('<section id="cac-mon"')
    assert [rows.count(f'value="{one}"') for one in ("8,5", "Khiêu vũ", "Toán", "Lịch sử và Địa lí")] == [
        1,
        1,
        1,
        1,
    ]
    before = rows.count("<tr>")
    answer = office.post(
        address, {**said, **typed, "grade": 4, "lam": "them"}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().count("<tr>") == before + 1
    # By kind of assessment, in a lower secondary school.
    secondary = paper(("Ngữ văn", "Đ", ""), ("Giáo dục thể chất", "", "9"))
    faults = office.post(address, {**said, **secondary, "grade": 7, "scan": pdf()}).content.decode()
    assert 'id="id_mon-0-mark_error"><li>Môn này đánh giá bằng điểm số' in faults
    assert 'id="id_mon-1-mark_error"><li>Môn này đánh giá bằng nhận xét' in faults
    assert not Transcript.objects.exists()
    said |= paper(("Tiếng Việt", "t", "9,0"), ("Toán", "H", "8,5"), ("Đạo đức", "", ""))
    answer = office.post(address, {**said, "scan": pdf()})
    assert answer.status_code == 302, re.findall("invalid-feedback.*|alert.*", answer.content.decode())
    assert office.post(address, {**said, "scan": pdf()}).status_code == 422
    row = Transcript.objects.get()
    assert (row.kind, row.grade, row.scan is not None) == ("digitised", 2, True)
    assert open_as("teacher").get(address).status_code == 404
    issue_by_two(world)
    row.refresh_from_db()
    check = queries.check_transcript(queries.file_of(row), at=NOW)
    assert (check.verdict, check.profile) == ("valid", "spec-v1.0-primary-digitised")
    common = check.content["common"]
    assert common["paper_school"] == "Trường TH Xã Xa"
    assert common["scan_sha256"] == row.scan.sha256
    lines = [(one["subject_name"], one["level"], one["mark"]) for one in check.content["subjects"]]
    assert [(name, level, float(mark)) for name, level, mark in lines] == [
        ("Tiếng Việt", "T", 9),
        ("Toán", "H", 8.5),
    ]
    # The year itself is still to be made, and its class page tells of both.
    assert build(world).made == 3
    page = open_as("office").get(url("class", world.school_class.pk)).content.decode()
    assert "Số hóa từ học bạ giấy" in page
    page = office.get(url("pupil", student.public_id)).content.decode()
    assert page.count("2024-2025") == 1
    assert "Số hóa từ học bạ giấy" in office.get(url("detail", row.uuid)).content.decode()


def test_the_record_follows_its_pupil(world, open_as):
    rows = accepted(world)
    student = world.students[0]
    other = make_school("Trường THCS Mới", parent=world.school.parent)
    # Moved by a way that said nothing to the transcripts: found in the night.
    type(student).objects.filter(pk=student.pk).update(unit=other)
    with pytest.raises(NotAllowed):
        actions.hand_over_left_behind(by=world.actors["office"], now=NOW)
    receiver = make_actor("principal", other, today=TODAY)
    assert [one.student_id for one in queries.to_be_taken(receiver, other.pk)] == [student.pk]
    assert actions.hand_over_left_behind(by=SYSTEM, now=NOW) == 1
    assert actions.hand_over_left_behind(by=SYSTEM, now=NOW) == 0
    moved = HandOver.objects.get()
    assert (moved.from_unit_id, moved.to_unit_id, moved.number, moved.way) == (
        world.school.pk, other.pk, 1, "nightly",
    )  # fmt: skip
    assert queries.transcript(receiver, rows[0].uuid) is not None
    assert Original.objects.get(uuid=rows[0].uuid).holder_id == other.pk
    # The school that holds it reads who signed, and is led to no class of the school that issued it.
    with act_as(receiver):
        names = {one.signer_name for one in queries.signatures_of(rows[0])}
    assert world.leader.full_name in names
    world.actors["receiver"] = receiver
    page = open_as("receiver").get(url("detail", rows[0].uuid)).content.decode()
    assert "Chưa ai ký" not in page
    assert url("class", rows[0].school_class_id) not in page
    page = open_as("office").get(url("hand-over")).content.decode()
    assert "Trường THCS Mới" in page
    # A receiving school that keeps paper: a numbered copy with the confirmation.
    given = {"transcript": rows[1], "now": NOW, "purpose": "chuyển trường"}
    with pytest.raises(TranscriptFault):
        actions.issue_paper_copy(by=world.actors["office"], recipient=" ", **given)
    with pytest.raises(NotAllowed):
        actions.issue_paper_copy(by=receiver, recipient="x", **given)
    client = open_as("office")
    for number in (1, 2):
        answer = client.post(
            url("paper-copy", rows[1].uuid), {"recipient": "Trường TH Xã Xa", "purpose": "chuyển trường"}
        )
        assert answer.status_code == 302
        assert PaperCopy.objects.order_by("-number").first().number == number
    copy = PaperCopy.objects.get(number=2)
    printed = client.get(url("paper-file", rows[1].uuid, copy.public_id))
    assert printed.content.startswith(b"%PDF-")
    assert printed.content == client.get(url("paper-file", rows[1].uuid, copy.public_id)).content
    assert client.get(url("paper-file", rows[2].uuid, copy.public_id)).status_code == 404


def test_files_of_another_province(world, open_as, settings):
    build(world)
    rows = issue(world)
    client, student = open_as("office"), world.students[0]
    bundle = client.get(url("bundle", student.public_id))
    assert bundle.status_code == 200
    address = url("take-in", student.public_id)
    from unittest import mock

    with mock.patch("django.utils.timezone.now", return_value=NOW):
        answer = client.post(address, {"file": SimpleUploadedFile("a.zip", bundle.content)})
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        taken = ForeignTranscript.objects.get()
        assert (taken.uuid, taken.verdict, taken.unit_id) == (rows[0].uuid, "valid", world.school.pk)
        assert client.get(url("foreign-file", student.public_id, taken.uuid)).content == queries.file_of(
            rows[0]
        )
        # The same again is the same; another pupil's, a changed one, no zip: refused.
        assert client.post(address, {"file": SimpleUploadedFile("a.zip", bundle.content)}).status_code == 302
        changed = queries.file_of(rows[0]).replace(b"Pasteur", b"Pasteus")
        for name, content, words in (
            ("b.xml", queries.file_of(rows[1]), "không phải của học sinh này"),
            ("c.xml", changed, "Nội dung đã bị thay đổi sau khi ký"),
            ("d.zip", b"PK nothing", "Không mở được tệp ZIP"),
            ("e.xml", b"<a/>", "không hợp lệ"),
        ):
            answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
            assert (answer.status_code, words in answer.content.decode()) == (422, True), name
    assert ForeignTranscript.objects.count() == 1
    assert "Học bạ số từ tỉnh khác" in client.get(url("pupil", student.public_id)).content.decode()


def decide(world, student, now, **changes):
    from thongsuot.kit.files.actions import store_upload

    by = world.actors["leader"]
    stored = store_upload(by=by, upload=pdf(), owner_unit_id=world.school.pk, kind="transcripts.recall")
    return actions.change_civil_status(
        by=by, student=student, changes=changes, decision_number="45/QĐ-UBND", decided_on=date(2026, 5, 20),
        decided_by="UBND phường Bến Thành", file_id=stored.pk, now=now,
    )  # fmt: skip


def test_a_decision_changes_dossier_and_transcripts_before_the_lock(world, open_as):
    rows = accepted(world)
    student = world.students[0]
    old = rows[0]
    before = queries.file_of(old)
    with pytest.raises(TranscriptFault, match="Không có thông tin nào khác"):
        decide(world, student, NOW, full_name=student.full_name)
    change = decide(world, student, NOW, full_name="Nguyễn Minh Ánh", birth_date=date(2017, 4, 3))
    student.refresh_from_db()
    assert (student.full_name, student.birth_date) == ("Nguyễn Minh Ánh", date(2017, 4, 3))
    item = CivilChangeItem.objects.get(change=change)
    new = item.replacement
    old.refresh_from_db()
    assert (old.state, new.state, new.version, new.replaces_id) == ("replaced", "initialised", 2, old.pk)
    assert new.uuid != old.uuid
    assert Recall.objects.get().reason == "civil_status"
    # Only what the decision says differs; the old file is what it was, byte for byte.
    assert queries.file_of(old) == before
    profile = queries.profile_named(old.profile)
    from thongsuot.modules.transcripts.domain.document import changes

    assert {c.field for c in changes(profile, queries.content_of(old), queries.content_of(new))} == {
        "Họ và tên", "Ngày sinh",
    }  # fmt: skip
    # Signed anew it is taken in by the gateway.
    assert send(world, issue(world)).accepted == 1
    # What the pupil was called before is for those who work on it.
    teacher, leader = world.actors["teacher"], world.actors["leader"]
    assert queries.transcript(teacher, new.uuid) is not None
    assert queries.transcript(teacher, old.uuid) is None
    assert queries.transcript(leader, old.uuid) is not None
    assert queries.transcript(world.actors["chief"], old.uuid) is not None
    page = open_as("teacher").get(url("detail", new.uuid)).content.decode()
    assert "Nguyễn Thị Ánh 0" not in page
    page = open_as("leader").get(url("detail", new.uuid)).content.decode()
    assert "Nguyễn Thị Ánh 0" in page
    page = open_as("leader").get(url("civil-change", change.public_id)).content.decode()
    for words in ("45/QĐ-UBND", "04/03/2017", "03/04/2017", "Bản thay thế"):
        assert words in page
    assert open_as("teacher").get(url("civil-change", change.public_id)).status_code == 404


def test_after_the_lock_the_replacement_comes_with_the_agreement(world):
    rows = accepted(world)
    student = world.students[0]
    other = make_school("Trường Mới", parent=world.school.parent)
    type(student).objects.filter(pk=student.pk).update(unit=other)
    make_class(other, world.year, "4A", grade=4)
    actions.hand_over_left_behind(by=SYSTEM, now=NOW)
    student.refresh_from_db()
    # Recorded by the school that holds the record; the one that issued carries it out.
    by = make_actor("principal", other, today=TODAY)
    from thongsuot.kit.files.actions import store_upload

    stored = store_upload(by=by, upload=pdf(), owner_unit_id=other.pk, kind="transcripts.recall")
    actions.change_civil_status(
        by=by, student=student, changes={"gender": "male" if student.gender != "male" else "female"},
        decision_number="9/QĐ", decided_on=date(2026, 7, 1), decided_by="UBND", file_id=stored.pk, now=LATE,
    )  # fmt: skip
    theirs = CivilChange.objects.get(unit=world.school)
    with pytest.raises(NotAllowed):
        actions.carry_out_change(by=by, change=theirs, now=LATE)
    actions.carry_out_change(by=world.actors["office"], change=theirs, now=LATE)
    item = CivilChangeItem.objects.get()
    assert (item.recall.state, item.replacement) == ("waiting", None)
    actions.carry_out_change(by=world.actors["office"], change=theirs, now=LATE)
    assert Recall.objects.count() == 1
    actions.decide_recall(by=world.actors["chief"], recall=item.recall, agree=True, answer="", now=LATE)
    item.refresh_from_db()
    rows[0].refresh_from_db()
    assert (rows[0].state, item.replacement.holder_id) == ("replaced", other.pk)


def family(world):
    parent = make_user()
    make_appointment(parent, "parent", world.school)
    make_contact(world.students[0], "Nguyễn Văn Bình", relation="father", account=parent)
    return parent


def test_an_error_is_followed_to_its_end(world, open_as, client):
    parent = family(world)
    row = accepted(world)[0]
    client.force_login(parent)
    assert client.post(url("own-report", row.uuid), {"words": "Sai ngày sinh"}).status_code == 302
    report = CorrectionReport.objects.get()
    # The school is reminded, then its head and the Sở are told, once each.
    soon = report.due_on - timedelta(days=1)
    assert actions.remind_of_reports(by=SYSTEM, today=soon, now=NOW) == 1
    assert actions.remind_of_reports(by=SYSTEM, today=soon, now=NOW) == 0
    late = report.due_on + timedelta(days=1)
    assert actions.remind_of_reports(by=SYSTEM, today=late, now=NOW) == 1
    assert actions.remind_of_reports(by=SYSTEM, today=late, now=NOW) == 0
    from thongsuot.kit.notify.models import Notification

    told = Notification.objects.filter(title__contains="Quá hạn").values_list("recipient_id", flat=True)
    assert {world.actors["leader"].user_id, world.actors["chief"].user_id} <= set(told)
    office = open_as("office")
    answer = url("report-answer", report.public_id)
    # "Mended" while nothing was taken back is not true.
    assert office.post(answer, {"mended": "1", "answer": "Đã sửa"}).status_code == 422
    assert office.post(answer, {"mended": "0", "answer": "Đúng"}).status_code == 302
    client.force_login(parent)
    own = url("own-answer", report.public_id)
    assert "Đúng" in client.get(own).content.decode()
    assert client.post(own, {"words": " "}).status_code == 422
    assert client.post(own, {"words": "Giấy khai sinh ghi khác"}).status_code == 302
    assert client.post(own, {"words": "Nữa"}).status_code == 422
    assert office.get(answer).status_code == 404
    chief = open_as("chief")
    assert "Giấy khai sinh ghi khác" in chief.get(answer).content.decode()
    assert chief.post(answer, {"is_wrong": "1", "answer": "Trường phải sửa"}).status_code == 302
    office = open_as("office")
    assert office.post(answer, {"mended": "0", "answer": "Không"}).status_code == 422
    actions.ask_recall(
        by=world.actors["office"], transcript=row, reason="family_report", words="Sai ngày sinh", now=NOW
    )
    assert office.post(answer, {"mended": "1", "answer": "Đã lập lại"}).status_code == 302
    # The transcript is gone from the family's list; what came of the report is not.
    client.force_login(parent)
    assert client.get(url("own", row.uuid)).status_code == 404
    page = client.get(own).content.decode()
    for words in ("Đã lập lại", "Trường phải sửa", "Giấy khai sinh ghi khác"):
        assert words in page
    listed = client.get(url("own-list")).content.decode()
    assert str(report.public_id) in listed
    # Nor is it said that there never was one.
    assert "Nhà trường đang làm bản thay thế." in listed
    assert "Chưa có học bạ số nào" not in listed
    # Of others: neither page nor appeal.
    stranger = make_user()
    make_appointment(stranger, "parent", world.school)
    client.force_login(stranger)
    assert client.get(own).status_code == 404
    # A replacement made of the same records mends nothing: what was answered as mended waits again, ordered by the Sở.
    build(world)
    report.refresh_from_db()
    assert report.state == "ordered"
    said = {"mended": "1", "answer": "Đã sửa", "unchanged": "Ngày sinh vốn đúng"}
    assert open_as("office").post(answer, said).status_code == 422
    # Where the Sở has ordered nothing, the school may say why it counts as mended.
    CorrectionReport.objects.update(state="open", answered_at=None, reviewed_at=None)
    refused = office.post(answer, {**said, "unchanged": ""})
    page = refused.content.decode()
    assert (refused.status_code, "vẫn coi là đã sửa" in page, "không khác bản cũ ở mục nào" in page) == (
        422, True, True,
    )  # fmt: skip
    assert office.post(answer, said).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer.endswith("vì: Ngày sinh vốn đúng")) == ("mended", True)
    type(world.students[0]).objects.filter(pk=row.student_id).update(birth_date=date(2017, 1, 2))
    new = Transcript.objects.get(replaces=row)
    actions.discard(by=world.actors["office"], transcript=new, reason="Sai", now=NOW)
    build(world)
    assert [one.after for one in queries.what_was_mended(report)] == ["02/01/2017"]


def test_pages_of_the_store_and_the_schools_certificates(world, open_as):
    accepted(world)
    actions.check_originals(by=SYSTEM, now=NOW)
    Original.objects.filter(uuid=Transcript.objects.order_by("pk")[0].uuid).update(report_fault="wrong_year")
    page = open_as("officer").get(url("keeping")).content.decode()
    assert "3 bản gốc, 0 không còn nguyên vẹn" in page
    assert "wrong_year" in page
    assert open_as("officer").post(url("keeping")).status_code == 302
    assert "wrong_year" not in open_as("officer").get(url("keeping")).content.decode()
    assert open_as("office").get(url("keeping")).status_code == 404
    assert open_as("office").post(url("keeping")).status_code == 404
    office = open_as("office")
    assert "Đã duyệt" in office.get(url("at-gateway")).content.decode()
    answer = office.post(url("at-gateway"), {"signature_kind": "USB_TOKEN", "provider": "BAN_CO_YEU"})
    assert answer.status_code == 302
    assert open_as("teacher").get(url("at-gateway")).status_code == 404


def test_the_seal_of_a_pdf_is_stamped_when_the_transaction_has_ended(world, open_as, settings, monkeypatch):
    row = accepted(world)[0]
    settings.TIMESTAMP_URL = "http://tsa.test"
    office, asked, outer = open_as("office"), [], len(connection.savepoint_ids)

    def away(*arguments, **more):
        asked.append(len(connection.savepoint_ids) == outer)
        raise SigningFault("timestamp_unreachable")

    monkeypatch.setattr(pades, "ask_authority", away)
    answer = office.get(url("file", row.uuid, "pdf"))
    # The authority is away: sealed without its word.
    assert (asked, answer.content[:4], answer["Content-Type"]) == ([True], b"%PDF", "application/pdf")
    assert len(verify_pdf(answer.content, trust=TrustStore([world.authority.certificate]))) == 1
