"""What is still to come with a pupil who moves: files that could not be judged, results to date that are owed."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.organization import make_actor, make_school
from tests.modules.transcripts.flow import SYSTEM, build, issue
from tests.modules.transcripts.test_life import issue_by_two, open_as, url  # noqa: F401
from tests.modules.transcripts.world import NOW, TODAY
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as, without_actor
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.registry.models import Enrolment
from thongsuot.modules.transcripts import actions, queries, tasks
from thongsuot.modules.transcripts.domain.packing import pack
from thongsuot.modules.transcripts.domain.rechecking import next_look
from thongsuot.modules.transcripts.models import AwaitedResult, ForeignCheck, ForeignTranscript, Transcript
from thongsuot.modules.transcripts.queries import verification
from thongsuot.modules.transcripts.types import TranscriptFault

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEFT = date(2026, 1, 15)
SOON = datetime(2026, 1, 16, 3, tzinfo=UTC)


def test_often_at_first_then_daily_then_weekly():
    taken = datetime(2026, 6, 1, tzinfo=UTC)
    for age, wait in ((HOUR, HOUR), (DAY, DAY), (29 * DAY, DAY), (30 * DAY, 7 * DAY), (900 * DAY, 7 * DAY)):
        assert next_look(taken, taken + age) == taken + age + wait


def test_a_file_that_cannot_be_judged_is_looked_at_again(world, open_as, settings, monkeypatch):  # noqa: F811
    build(world)
    data = queries.file_of(issue(world)[0])
    student, trust = world.students[0], settings.VAR_DIR / "trust"
    known = (trust / "root.crl").read_bytes()
    (trust / "root.crl").unlink()
    row = actions.take_in_foreign(by=world.actors["office"], student=student, data=data, now=NOW)
    assert (row.verdict, row.next_check_at) == ("indeterminate", NOW + HOUR)
    # Not before its time by itself, at once on demand; nothing is decided, each look is kept.
    assert actions.recheck_foreign(by=SYSTEM, now=NOW).looked == 0
    assert not queries.foreign_due(NOW)
    office = open_as("office")
    page = office.get(url("pupil", student.public_id)).content.decode()
    assert "Chưa thể kết luận" in page
    assert "Kiểm tra lại ngay" in page
    assert office.post(url("pupil", student.public_id)).status_code == 302
    found = actions.recheck_foreign(by=world.actors["office"], student_id=student.pk, now=NOW + HOUR / 2)
    assert (found.looked, found.valid, found.invalid) == (1, 0, 0)
    assert open_as("teacher").post(url("pupil", student.public_id)).status_code == 404
    stranger = make_actor(
        "school_office", make_school("Trường Khác", parent=world.school.parent), today=TODAY
    )
    assert actions.recheck_foreign(by=stranger, student_id=student.pk, now=NOW).looked == 0
    # Its list is there again: decided, told, and not looked at any more.
    (trust / "root.crl").write_bytes(known)
    later = NOW + 2 * HOUR
    assert queries.foreign_due(later)
    with without_actor():
        assert actions.recheck_foreign(by=SYSTEM, now=later).valid == 1
    row.refresh_from_db()
    assert (row.verdict, row.reasons, row.next_check_at) == ("valid", [], None)
    looks = ForeignCheck.objects.filter(foreign=row).order_by("pk")
    assert [one.verdict for one in looks] == ["indeterminate", "indeterminate", "valid"]
    assert looks[0].reasons
    told = Notification.objects.filter(recipient_id=world.actors["office"].user_id, title__contains="hợp lệ")
    assert told.count() == 1
    page = open_as("office").get(url("pupil", student.public_id)).content.decode()
    assert "Các lần kiểm tra (3)" in page
    assert "Kiểm tra lại ngay" not in page
    assert actions.recheck_foreign(by=SYSTEM, now=later + 30 * DAY).looked == 0
    # One whose signer turns out to have been revoked is told as such, and is not handed on.
    ForeignTranscript.objects.filter(pk=row.pk).update(verdict="indeterminate", next_check_at=later)
    head = SignerCertificate.objects.get(staff=world.leader)
    world.authority.revoke(x509.load_der_x509_certificate(bytes(head.der)), NOW - DAY)
    (trust / "later.crl").write_bytes(world.authority.crl(at=later).public_bytes(Encoding.DER))
    assert actions.recheck_foreign(by=SYSTEM, now=later).invalid == 1
    row.refresh_from_db()
    assert row.verdict == "invalid"
    assert any("thu hồi" in one for one in row.reasons)
    assert queries.bundle([], [row]) == queries.bundle([], [])


def test_authorities_are_asked_before_the_transaction(world, settings, monkeypatch, client):
    """Of what the gateway has taken in, and of a file that anybody hands in; inside a transaction nobody is asked."""
    settings.FETCH_REVOCATION = True
    said = []
    monkeypatch.setattr(verification, "ask_about", lambda root, **given: said.append("asked"))
    queries.ask_authorities([b"<a/>"], NOW)
    assert said == []
    # What follows stands outside of any transaction but that of the test itself.
    monkeypatch.setattr(verification, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(actions, "work_message", lambda **given: said.append("worked"))
    received = actions.receive(
        by=world.actors["office"], unit=world.school, message_id="m", type=1, first_year=2025, content=pack(b"<a/>"),
        now=NOW,
    )  # fmt: skip
    assert tasks.work_waiting() == 1
    assert said == ["asked", "worked"]
    assert received.message.state == "waiting"
    # The file is read before the view is, and again by it.
    answer = client.post(url("verify"), {"file": SimpleUploadedFile("a.xml", b"<a/>")})
    assert said == ["asked", "worked", "asked"]
    assert "Tệp không phải học bạ số." in answer.content.decode()


@pytest.fixture
def moved(world):
    """The first pupil has left for another school in January; the second sits where she sat."""
    student = world.students[0]
    other = make_school("Trường Mới", parent=world.school.parent)
    spell = student.enrolments.get()
    type(spell).objects.filter(pk=spell.pk).update(exit_type="transferred_out", left_on=LEFT)
    type(student).objects.filter(pk=student.pk).update(unit=other)
    return student, make_actor("school_office", other, today=TODAY)


def told(actor):
    return list(
        Notification.objects.filter(recipient_id=actor.user_id).order_by("pk").values_list("title", flat=True)
    )


def test_the_school_of_before_owes_a_result_and_the_new_one_waits(world, moved, open_as, client):  # noqa: F811
    student, receiver = moved
    office, leader = world.actors["office"], world.actors["leader"]
    today = date(2026, 1, 16)
    with pytest.raises(NotAllowed):
        actions.await_results(by=office, today=today, now=SOON)
    assert actions.await_results(by=SYSTEM, today=today, now=SOON) == 1
    assert actions.await_results(by=SYSTEM, today=today, now=SOON) == 0
    row = AwaitedResult.objects.get()
    # Five working days from Friday 16 January.
    assert (row.student_id, row.to_unit.name, row.due_on) == (student.pk, "Trường Mới", date(2026, 1, 23))
    assert told(office) == [
        "1 học sinh chuyển đi giữa năm: lập kết quả đến khi chuyển trường, hạn 23/01/2026"
    ]
    assert told(receiver) == [
        "1 học sinh mới đến: trường đang chờ trường cũ lập kết quả đến khi chuyển trường"
    ]
    # Both see it; the work is in the old school's own list.
    (work,) = [one for one in queries.waiting_for_me(office, today) if one.kind == "to_date"]
    assert (work.count, work.due_on) == (1, date(2026, 1, 23))
    assert not [one for one in queries.waiting_for_me(receiver, today) if one.kind == "to_date"]
    here = open_as("office")
    page = here.get(url("awaited-list"), {"state": "open"}).content.decode()
    assert "Chưa lập" in page
    assert url("awaited", row.pk) in page
    assert (
        url("partial", world.school_class.pk, student.pk) in here.get(url("awaited", row.pk)).content.decode()
    )
    assert "còn chờ trường lập kết quả" in here.get(url("hand-over")).content.decode()
    assert url("awaited-list") in here.get(url("mine")).content.decode()
    client.force_login(get_user_model().objects.get(pk=receiver.user_id))
    page = client.get(url("awaited-list"), {"all": "1"}).content.decode()
    assert "3A" in page
    assert url("awaited", row.pk) not in page
    assert client.get(url("awaited", row.pk)).status_code == 404
    page = client.get(url("pupil", student.public_id)).content.decode()
    assert "Đang chờ Trường Tiểu học Hòa Bình lập kết quả đến khi chuyển trường, hạn 23/01/2026." in page
    assert "Trường đang chờ kết quả đến khi chuyển" in client.get(url("hand-over")).content.decode()
    # Reminded once before the day, and once after it: the head, and the school that waits.
    for day in (date(2026, 1, 21), date(2026, 1, 22)):
        actions.await_results(by=SYSTEM, today=day, now=SOON)
    assert told(office)[1:] == ["Sắp đến hạn lập kết quả đến khi chuyển trường: 1 học sinh"]
    for day in (date(2026, 1, 26), date(2026, 1, 27)):
        actions.await_results(by=SYSTEM, today=day, now=SOON)
    assert told(leader)[2:] == ["Quá hạn lập kết quả đến khi chuyển trường: 1 học sinh"]
    assert told(receiver)[1:] == ["Trường cũ chậm lập kết quả đến khi chuyển trường của 1 học sinh"]
    # Made, it is on its way; issued, nobody waits any more.
    (record,) = [one for one in world.records() if one.student_id == student.pk]
    actions.initialise_partial(
        by=office, school_class=world.school_class, record=record, up_to=LEFT, basis="", now=NOW
    )
    row.refresh_from_db()
    assert row.transcript is not None
    assert queries.open_awaited(receiver).count() == 1
    assert not [one for one in queries.waiting_for_me(office, today) if one.kind == "to_date"]
    issue_by_two(world)
    assert queries.open_awaited(receiver).count() == 0
    assert queries.awaited_in_state(queries.awaited_results(office), "done", today).count() == 1
    # Thrown away in the end, it is owed again.
    Transcript.objects.update(state="discarded")
    assert queries.open_awaited(office).count() == 1


def test_who_has_gone_is_seen_by_the_school_of_before(world, moved):
    """The dossier belongs to the next school and is out of reach; the spell is not."""
    student, _receiver = moved
    office = world.actors["office"]
    with act_as(office):
        (gone,) = queries.leavers(office, world.school_class)
    assert (gone.student_id, gone.left_on, gone.transcript) == (student.pk, LEFT, None)


def test_no_result_is_owed_for_a_reason_or_after_a_transfer_was_taken_back(world, moved):
    student, receiver = moved
    office = world.actors["office"]
    actions.await_results(by=SYSTEM, today=date(2026, 1, 16), now=SOON, student_ids=[student.pk])
    row = AwaitedResult.objects.get()
    with pytest.raises(NotAllowed):
        actions.excuse_result(by=receiver, awaited=row, reason="x", now=SOON)
    with pytest.raises(TranscriptFault, match="lý do"):
        actions.excuse_result(by=office, awaited=row, reason=" ", now=SOON)
    actions.excuse_result(by=office, awaited=row, reason="Rời lớp sau ba ngày", now=SOON)
    assert queries.open_awaited(office).count() == 0
    assert "không lập" in told(receiver)[-1]
    assert [one.excused_for for one in queries.awaited_by(receiver, student.pk)] == ["Rời lớp sau ba ngày"]
    AwaitedResult.objects.update(excused_for="")
    student.enrolments.update(exit_type="", left_on=None)
    actions.await_results(by=SYSTEM, today=date(2026, 1, 17), now=SOON, student_ids=[student.pk])
    assert not AwaitedResult.objects.exists()


def test_what_is_owed_follows_records_and_schools(world, moved):
    """Two records of a pupil become one and two again; the school of before is merged into another, and that is undone."""
    student, receiver = moved
    actions.await_results(by=SYSTEM, today=date(2026, 1, 16), now=SOON, student_ids=[student.pk])
    row, other = AwaitedResult.objects.get(), world.students[1]
    with pytest.raises(NotAllowed):
        actions.follow_spells(by=receiver, student_ids=[student.pk])
    spell = Enrolment.objects.get(school_class_id=row.school_class_id, exit_type="transferred_out")
    for owner in (other, student):
        Enrolment.objects.filter(pk=spell.pk).update(student=owner)
        assert actions.follow_spells(by=SYSTEM, student_ids=[student.pk, other.pk]) == 1
        assert actions.follow_spells(by=SYSTEM, student_ids=[student.pk, other.pk]) == 0
        row.refresh_from_db()
        assert row.student_id == owner.pk
    successor = make_school("Trường Hợp Nhất", parent=world.school.parent)
    ledger = Ledger()
    said = {"gone_id": world.school.pk, "into_id": successor.pk, "classes": (), "ledger": ledger}
    with pytest.raises(NotAllowed):
        actions.move_awaited(by=world.actors["office"], **said)
    assert actions.move_awaited(by=SYSTEM, **said) == 1
    row.refresh_from_db()
    assert (row.from_unit_id, row.to_unit_id) == (successor.pk, receiver.acting.unit_id)
    # The school that waited is merged into the one that owes: it has the books itself.
    said = {"gone_id": receiver.acting.unit_id, "into_id": successor.pk, "classes": (), "ledger": ledger}
    assert actions.move_awaited(by=SYSTEM, **said) == 1
    row.refresh_from_db()
    assert (row.from_unit_id, row.to_unit_id) == (successor.pk, None)
