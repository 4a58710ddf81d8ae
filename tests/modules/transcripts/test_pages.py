"""Pages of school, Sở, family and the public: who sees what, what a page does, what a number alone reveals."""

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_user
from tests.factories.registry import make_contact
from tests.modules.transcripts.flow import accepted, build, issue
from tests.modules.transcripts.world import NOW
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import (
    CorrectionReport,
    GatewayMessage,
    Recall,
    Supplement,
    Transcript,
)


@pytest.fixture
def open_as(client, world, monkeypatch):
    """Sign in by name; the gradebook's records are those of the world."""
    monkeypatch.setattr(gradebook, "class_records", lambda actor, school_class: world.records())

    def sign_in(name):
        from django.contrib.auth import get_user_model

        client.force_login(get_user_model().objects.get(pk=world.actors[name].user_id))
        return client

    return sign_in


def url(name, *args, **query):
    tail = "&".join(f"{k}={v}" for k, v in query.items())
    return reverse(f"transcripts:{name}", args=args) + (f"?{tail}" if tail else "")


def test_the_schools_way_by_pages(world, open_as):
    office = open_as("office")
    Supplement.objects.filter(student=world.students[0]).update(height=None)
    page = office.get(url("class", world.school_class.pk)).content.decode()
    assert page.count("Chiều cao: chưa có") == 1
    assert world.students[0].full_name in page.split("Chiều cao: chưa có")[1].split("</tr>")[0]
    Supplement.objects.filter(student=world.students[0]).update(height=128)
    page = office.get(url("class-list", nam="2025-2026"))
    assert page.status_code == 200
    assert "Lập học bạ cả trường" in page.content.decode()
    made = office.post(url("build"), {"truong": world.school.pk, "nam": "2025-2026"})
    assert made.status_code == 302
    run_jobs()
    assert Transcript.objects.filter(state="initialised").count() == 3
    teacher = open_as("teacher")
    page = teacher.get(url("sign", "homeroom", truong=world.school.pk))
    keys = [str(pk) for pk in Transcript.objects.values_list("pk", flat=True)]
    assert all(f'value="{key}"' in page.content.decode() for key in keys)
    # How the year came out stands in the list, all of it is read in place.
    assert page.content.decode().count("Hoàn thành tốt") == 3
    uuid = Transcript.objects.values_list("uuid", flat=True).first()
    inside = teacher.get(url("detail", uuid, **{"noi-dung": 1})).content.decode()
    assert "12 Lê Lợi &amp; Pasteur" in inside
    assert "<html" not in inside
    answer = teacher.post(url("sign", "homeroom"), {"truong": world.school.pk, "ban": [*keys, "999999"]})
    assert answer.status_code == 409
    answer = teacher.post(url("sign", "homeroom"), {"truong": world.school.pk, "ban": keys})
    assert answer.status_code == 302
    run_jobs()
    assert "Đã ký 3 trên 3" in teacher.get(answer.url).content.decode()
    assert Transcript.objects.filter(state="teacher_signed").count() == 3
    for name in ("leader", "seal"):
        assert teacher.get(url("sign", name, truong=world.school.pk)).status_code == 404
    leader = open_as("leader")
    for role in ("leader", "seal"):
        leader.post(url("sign", role), {"truong": world.school.pk, "ban": keys})
        run_jobs()
    assert Transcript.objects.filter(state="issued").count() == 3
    row = Transcript.objects.first()
    page = leader.get(url("detail", row.uuid)).content.decode()
    for words in ("12 Lê Lợi &amp; Pasteur", "Hoàn thành tốt", "Phạm Thị Em", "Diễn biến", "27,5"):
        assert words in page
    assert leader.get(url("file", row.uuid, "xml")).content == queries.file_of(row)
    assert leader.get(url("class", world.school_class.pk)).status_code == 200


def test_who_lacks_something_keeps_the_others_from_nothing(world, open_as, monkeypatch):
    first, second, _third = world.students
    Supplement.objects.filter(student=first).update(height=None)
    records = world.records()
    records[1] = replace(records[1], outcome="support")
    monkeypatch.setattr(gradebook, "class_records", lambda actor, school_class: records)
    made = actions.initialise_class(
        by=world.actors["office"], school_class=world.school_class, records=records, now=NOW
    )
    assert (made.made, sorted(one.student_id for one in made.unready)) == (1, [first.pk, second.pk])
    said = {one.student_id: [(p.where, p.reason) for p in one.problems] for one in made.unready}
    assert said[second.pk] == [("Kết quả cả năm", "Giúp đỡ rồi đánh giá bổ sung")]
    (line,) = queries.class_lines(world.actors["office"], unit_id=world.school.pk, school_year=world.year)
    assert line.turns == [("homeroom", 1), ("rest", line.pupils - 1)]
    page = open_as("office").get(url("class", world.school_class.pk)).content.decode()
    assert f'<a href="{reverse("registry:student-detail", args=[first.public_id])}">' in page
    assert "Giáo viên, ở trang Đánh giá lại trong hè" in page
    assert "Được lên lớp" not in page
    page = open_as("teacher").get(url("class", world.school_class.pk)).content.decode()
    assert "(1)" in page
    assert str(first.public_id) not in page
    Transcript.objects.update(state="accepted")
    (line,) = queries.class_lines(world.actors["office"], unit_id=world.school.pk, school_year=world.year)
    assert line.turns == [("rest", line.pupils - 1)]


def test_an_unfit_key_is_said_and_nothing_begins(world, open_as):
    build(world)
    for file in world.keys.glob("*.pem"):
        file.unlink()
    keys = list(Transcript.objects.values_list("pk", flat=True))
    answer = open_as("teacher").post(url("sign", "homeroom"), {"truong": world.school.pk, "ban": keys})
    assert answer.status_code == 422
    assert "Không tìm thấy khóa ký" in answer.content.decode()


def test_supplement(world, open_as):
    Supplement.objects.all().delete()
    teacher = open_as("teacher")
    address = url("supplement", world.school_class.pk)
    assert teacher.get(address).status_code == 200
    first, second = world.students[0].pk, world.students[1].pk
    said = {f"{first}-weight": "27,5", f"{first}-height": "128", f"{second}-weight": "xyz"}
    assert teacher.post(address, said).status_code == 422
    assert not Supplement.objects.exists()
    said[f"{second}-weight"] = ""
    assert teacher.post(address, said).status_code == 302
    row = Supplement.objects.get()
    assert (row.student_id, str(row.weight), str(row.height)) == (first, "27.5", "128.0")
    assert open_as("officer").get(address).status_code == 404


def test_the_department(world, open_as):
    rows = accepted(world)
    officer = open_as("officer")
    page = officer.get(url("board", nam="2025-2026")).content.decode()
    assert world.school.name in page
    assert officer.get(url("class-list", truong=world.school.pk, nam="2025-2026")).status_code == 200
    for name in ("message-list", "certificate-list", "recall-list", "report-list", "deadlines"):
        assert officer.get(url(name)).status_code == 200
    message = GatewayMessage.objects.get(type=1)
    assert rows[0].student_name in officer.get(url("message", message.pk)).content.decode()
    answer = officer.post(url("deadline", "year_locked"), {"month": 5, "day": 31, "basis": "TT 70/2026"})
    assert answer.status_code == 302
    assert queries.due_on(world.year) == date(2026, 5, 31)
    assert (
        officer.post(url("deadline", "year_locked"), {"month": 2, "day": 31, "basis": "x"}).status_code == 422
    )
    own = url("own-deadline-new", "year_locked")
    said = {"year": "2025-2026", "level": "", "month": 6, "day": 5, "basis": "Công văn 12"}
    assert officer.post(own, {**said, "year": ""}).status_code == 422
    assert officer.post(own, said).status_code == 302
    assert queries.due_on(world.year) == date(2026, 6, 5)
    assert "05/06/2026" in officer.get(url("board", nam="2025-2026")).content.decode()
    (kept,) = queries.own_deadlines("year_locked")
    assert "Năm học 2025-2026" in officer.get(url("deadlines")).content.decode()
    changed = url("own-deadline", "year_locked", kept.pk)
    assert officer.post(changed, {"month": 6, "day": 6, "basis": "Công văn 13"}).status_code == 302
    assert queries.due_on(world.year) == date(2026, 6, 6)
    assert officer.get(url("own-deadline-new", "error_report")).status_code == 404
    assert officer.post(url("own-deadline-drop", "year_locked", kept.pk)).status_code == 302
    assert queries.due_on(world.year) == date(2026, 5, 31)
    office = open_as("office")
    assert office.get(own).status_code == 404
    paper = SimpleUploadedFile("qd.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    said = {"reason": "civil_status", "words": "Đổi tên", "file": paper}
    assert office.post(url("recall", rows[0].uuid), said).status_code == 302
    recall = Recall.objects.get()
    # The deadline of the page holds: after 31 May the Sở decides.
    assert recall.state == "waiting"
    assert office.post(url("recall-decision", recall.public_id), {"agree": "1"}).status_code == 404
    chief = open_as("chief")
    assert "Đổi tên" in chief.get(url("recall-decision", recall.public_id)).content.decode()
    assert chief.post(url("recall-decision", recall.public_id), {"agree": "1"}).status_code == 302
    recall.refresh_from_db()
    assert recall.state == "agreed"


def family(world):
    parent = make_user()
    make_appointment(parent, "parent", world.school)
    make_contact(world.students[0], "Nguyễn Văn Bình", relation="father", account=parent)
    return parent


def test_a_family_sees_its_own_and_reports(world, open_as, client):
    build(world)
    rows = issue(world)
    client.force_login(family(world))
    page = client.get(url("own-list")).content.decode()
    assert str(rows[0].uuid) in page
    assert str(rows[1].uuid) not in page
    assert "Hoàn thành tốt" in client.get(url("own", rows[0].uuid)).content.decode()
    assert client.get(url("own-file", rows[0].uuid, "xml")).content == queries.file_of(rows[0])
    for name in ("own", "own-report"):
        assert client.get(url(name, rows[1].uuid)).status_code == 404
    assert client.get(url("detail", rows[0].uuid)).status_code == 404
    assert client.post(url("own-report", rows[0].uuid), {"words": "Sai ngày sinh"}).status_code == 302
    report = CorrectionReport.objects.get()
    assert report.due_on > report.reported_at.date()
    office = open_as("office")
    said = {"mended": "0", "answer": "Đúng theo giấy khai sinh"}
    assert office.post(url("report-answer", report.public_id), said).status_code == 302
    assert office.post(url("report-answer", report.public_id), said).status_code == 422
    client.force_login(report.reported_by)
    assert "Đúng theo giấy khai sinh" in client.get(url("own", rows[0].uuid)).content.decode()


def test_anyone_checks_a_file_and_a_number_reveals_nothing(world, client, settings):
    crl = world.authority.crl(at=timezone.now()).public_bytes(Encoding.DER)
    (settings.VAR_DIR / "trust" / "root.crl").write_bytes(crl)
    build(world)
    row = issue(world)[0]

    def seen(address):
        page = client.get(address).content.decode()
        return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"|nonce="[^"]*"', "", page)

    # With the number of an issued transcript the page is what it is with any other.
    assert seen(url("verify", ma=str(row.uuid))) == seen(url("verify", ma=str(uuid4())))
    assert seen(url("verify", ma="x")) == seen(url("verify"))
    xml = queries.file_of(row)

    def check(name, content, **query):
        address = url("verify", **query)
        return client.post(address, {"file": SimpleUploadedFile(name, content)}).content.decode()

    # Beside the file, the number of the paper that was scanned.
    other = "không phải học bạ của mã QR vừa quét"
    assert other in check("hb.xml", xml, ma=str(uuid4()))
    assert other not in check("hb.xml", xml, ma=str(row.uuid).upper())

    assert "Hợp lệ" in check("hb.xml", xml)
    assert "Nội dung đã bị thay đổi sau khi ký." in check("hb.xml", xml.replace(b"Pasteur", b"Pasteus"))
    assert "Không hợp lệ" in check("hb.xml", b"<a/>")
    assert client.post(url("verify"), {}).status_code == 422
    pdf = queries.pdf_of(row, xml, now=NOW)
    found = check("hb.pdf", pdf)
    assert "Hợp lệ" in found
    assert "Bản PDF" in found
    assert "Không hợp lệ" in check("hb.pdf", pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1)[:-40])
    altered = check("hb.pdf", pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    assert "Nội dung đã bị thay đổi sau khi ký." in altered
    assert "Đúng bản gốc" not in altered
    bare = check("hb.pdf", queries.typeset_transcript(row, xml))
    assert "Chưa thể kết luận" in bare
    assert "chưa được đóng dấu số" in bare


def test_others_schools_do_not_exist(world, open_as, client):
    from tests.factories.organization import make_actor, make_school

    build(world)
    row = Transcript.objects.first()
    other = make_school(parent=world.school.parent)
    actor = make_actor("principal", other, today=NOW.date())
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    assert client.get(url("detail", row.uuid)).status_code == 404
    assert client.get(url("class", world.school_class.pk)).status_code == 404
    assert queries.transcript(actor, row.uuid) is None
    assert actions.hand_over_records(by=actor, student_ids=[row.student_id], to_unit_id=other.pk) == 0
    # Until its pupil comes to that school: then it is read, and still not changed.
    type(world.students[0]).objects.filter(pk=row.student_id).update(unit=other)
    given = {"by": actor, "student_ids": [row.student_id], "to_unit_id": other.pk}
    # What is still being made stays where it is made.
    assert actions.hand_over_records(**given) == 0
    issue(world)
    row.refresh_from_db()
    assert row.holder_id == other.pk
    assert actions.hand_over_records(**given) == 0
    assert queries.transcript(actor, row.uuid) is not None
    assert client.get(url("detail", row.uuid)).status_code == 200
    assert client.get(url("discard", row.uuid)).status_code == 404
    # The school that issued it still sees it, though the pupil's record has gone.
    assert open_as("office").get(url("detail", row.uuid)).status_code == 200
