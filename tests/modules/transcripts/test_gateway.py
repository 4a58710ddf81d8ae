"""The Sở's gateway: taken in once, judged item by item, taken back with the approvals that the lock asks for."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from lxml import etree

from tests.modules.transcripts.flow import SYSTEM, accepted, approve_seal, build, forward, issue, send
from tests.modules.transcripts.world import NOW, SINCE, UNTIL, issue_key
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.api.actions import create_token
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.outside.service import Unreachable
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.domain.document import batch_xml, file_bytes
from thongsuot.modules.transcripts.domain.packing import pack, unpack
from thongsuot.modules.transcripts.models import (
    GatewayCertificate,
    GatewayItem,
    GatewayMessage,
    Original,
    Recall,
    Transcript,
)
from thongsuot.modules.transcripts.types import PackingFault, RecallRefused, TranscriptStep

LATE = NOW + timedelta(days=60)  # after 30/6


def hand_in(world, content, *, number="m1", type=1):
    received = actions.receive(
        by=world.actors["office"], unit=world.school, message_id=number, type=type, first_year=2025,
        content=content, now=NOW,
    )  # fmt: skip
    return actions.work_message(by=SYSTEM, message_id=received.message.pk, now=NOW)


def said(message):
    return [(one.status, one.error) for one in message.items.order_by("position")]


def outcomes(message):
    return [
        outcome for _item, outcome in queries.item_outcomes(message, list(queries.message_items(message)))
    ]


def test_a_class_goes_to_the_store_once(world):
    rows = accepted(world)
    assert len(rows) == 3
    originals = list(Original.objects.order_by("student_name"))
    assert [one.uuid for one in originals] == [one.uuid for one in rows]
    # Byte for byte what the school issued, and bound to the pupil's record.
    assert [bytes(one.file_digest) for one in originals] == [bytes(one.file_digest) for one in rows]
    assert [one.student_id for one in originals] == [one.student_id for one in rows]
    check = queries.check_transcript(queries.file_of(rows[0]), at=NOW)
    assert check.is_good
    assert check.standing == "in_force"
    _a_number_alone_is_told_nothing(rows[0])
    with pytest.raises(TranscriptStep):
        actions.send(by=world.actors["office"], transcript_ids=[rows[0].pk], now=NOW)


def _a_number_alone_is_told_nothing(row):
    """Whoever makes up a file around a number learns as little as with a number that nobody has."""
    file = queries.file_of(row)
    altered = file.replace(b"Pasteur", b"Pasteus")
    assert queries.check_transcript(altered, at=NOW).changed == ("Chỗ ở hiện nay",)
    common = queries.content_of(row)["common"]
    made_up = altered.replace(common["personal_id"].encode(), b"000000000001")
    nobody_s = made_up.replace(str(row.uuid).encode(), str(uuid4()).encode())
    assert {queries.check_transcript(one, at=NOW).standing for one in (made_up, nobody_s)} == {""}


def test_a_lost_answer_is_the_same_transaction(world):
    build(world)
    approve_seal(world)
    rows = issue(world)
    (dispatch,) = actions.send(by=world.actors["office"], transcript_ids=[r.pk for r in rows], now=NOW)
    way = actions.OwnGateway()

    class Lost(actions.OwnGateway):
        def submit(self, **given):
            super().submit(**given)
            raise Unreachable("timeout")

    dispatch = actions.hand_over(by=world.actors["office"], dispatch=dispatch, gateway=Lost(), now=NOW)
    assert dispatch.acknowledged_at is None
    assert dispatch.failures == 1
    assert dispatch.next_try_at > NOW
    dispatch = forward(world, dispatch)
    assert (dispatch.state, dispatch.accepted, dispatch.refused) == ("done", 3, 0)
    assert GatewayMessage.objects.filter(type=1).count() == 1
    assert Original.objects.count() == 3
    assert way.result(by=world.actors["office"], dispatch=dispatch, first_year=2025, now=NOW).is_ready


def test_an_unapproved_certificate_refuses_all_with_the_reason(world):
    build(world)
    dispatch = send(world, issue(world))
    assert (dispatch.state, dispatch.refused) == ("failed", 3)
    assert "chưa được Sở duyệt" in dispatch.fault
    row = Transcript.objects.filter(state="refused").first()
    assert "chưa được Sở duyệt" in row.note
    # Approved, it can be sent again.
    approve_seal(world)
    rows = list(Transcript.objects.filter(state="refused"))
    assert send(world, rows).accepted == 3


def test_items_are_judged_one_by_one(world):
    build(world)
    approve_seal(world)
    rows = issue(world)
    xml = [etree.fromstring(queries.file_of(row)) for row in rows]
    profile = queries.profile_named(rows[0].profile)
    xml[1][0][0].find("HO_VA_TEN").text = "Nguyễn Thị Giả"
    xml[2][1].remove(xml[2][1][2])
    single = file_bytes(etree.tostring(xml[0], encoding="unicode"))
    good = hand_in(world, pack(single), number="a")
    assert said(good) == [(1, "")]
    # Word for word again: accepted, kept once. The same number for another file: refused.
    assert said(hand_in(world, pack(single), number="b")) == [(1, "")]
    assert Original.objects.count() == 1
    # Another program of the school has handed in what was made here: the school's list knows.
    rows[0].refresh_from_db()
    assert rows[0].state == "accepted"
    # What does not fit the schema still says whose it is, and where.
    odd = single.decode().replace("<GIOI_TINH>", "<GIOI>").replace("</GIOI_TINH>", "</GIOI>")
    item = hand_in(world, pack(odd.encode()), number="odd").items.get()
    assert (item.reference, item.student_name) == (str(rows[0].uuid), rows[0].student_name)
    assert (item.error, item.error_field) == ("CAU_TRUC", "THONG_TIN_CHUNG/GIOI")
    assert "GIOI_TINH" in item.error_description
    for number, root, error in (("c", xml[1], "CHU_KY"), ("d", xml[2], "THIEU_CHU_KY")):
        found = hand_in(world, pack(file_bytes(etree.tostring(root, encoding="unicode"))), number=number)
        assert said(found) == [(0, error)]
    # A batch without the sender's signature says nothing of who sends it.
    batch = batch_xml(profile, "DS-1", [etree.tostring(one, encoding="unicode") for one in xml[:1]])
    failed = hand_in(world, pack(file_bytes(batch)), number="e")
    assert failed.state == "failed"
    assert "chữ ký của đơn vị gửi" in failed.fault


def test_what_cannot_be_read_is_answered(world):
    for number, content in (("a", "không phải"), ("b", pack(b"<a/>")), ("c", pack(b"<!DOCTYPE x><HOC_BA/>"))):
        message = hand_in(world, content, number=number)
        assert message.state == "failed"
        assert message.fault
    answer = queries.answer_of(world.actors["office"], world.school, "a", 1)
    assert (answer.state, answer.items) == ("failed", ())


def test_a_number_is_used_once(world):
    hand_in(world, pack(b"<a/>"), number="a")
    with pytest.raises(PackingFault, match="đã dùng"):
        hand_in(world, pack(b"<b/>"), number="a")
    with pytest.raises(NotAllowed):
        actions.receive(
            by=world.actors["teacher"], unit=world.school, message_id="x", type=1, first_year=2025,
            content="x", now=NOW,
        )  # fmt: skip


def test_certificates_are_registered_and_decided(world):
    said_of = {
        "ma_don_vi": world.school.code, "serial_number": "0a:bc:12", "ngay_hieu_luc": "2026-01-01",
        "ma_kieu_chu_ky": "USB_TOKEN", "nha_phat_hanh": "BAN_CO_YEU",
    }  # fmt: skip
    content = pack(json.dumps(said_of).encode())
    message = hand_in(world, content, type=3)
    assert said(message) == [(1, "")]
    assert outcomes(message) == ["waiting"]

    def answer():
        return queries.answer_of(world.actors["office"], world.school, "m1", 3).items[0]

    assert (answer()["serial_number"], answer()["trang_thai"]) == ("ABC12", None)
    certificate = GatewayCertificate.objects.get()
    given = {"certificate": certificate, "now": NOW}
    with pytest.raises(NotAllowed):
        actions.decide_certificate(by=world.actors["office"], approve=True, **given)
    actions.decide_certificate(by=world.actors["officer"], approve=True, **given)
    assert answer()["trang_thai"] == 1
    assert outcomes(message) == ["accepted"]
    # Registered again it is the same registration.
    hand_in(world, content, number="m2", type=3)
    assert GatewayCertificate.objects.count() == 1
    for field, value in (("nha_phat_hanh", "ABC"), ("ma_kieu_chu_ky", "X"), ("ma_don_vi", "khác")):
        bad = pack(json.dumps({**said_of, field: value}).encode())
        found = hand_in(world, bad, number=field, type=3)
        assert found.items.get().error_field == field


def test_before_the_lock_the_school_takes_back_and_replaces_by_itself(world):
    rows = accepted(world)
    actions.ask_recall(
        by=world.actors["office"], transcript=rows[0], reason="mistake", words="Sai tên", now=NOW
    )
    rows[0].refresh_from_db()
    original = Original.objects.get(uuid=rows[0].uuid)
    assert (rows[0].state, original.state) == ("recalled", "recalled")
    check = queries.check_transcript(queries.file_of(rows[0]), at=NOW)
    assert (check.verdict, check.standing, check.is_good) == ("valid", "recalled", False)
    # The new version has a new number, names what it replaces, and goes the same way.
    student = world.students[0]
    type(student).objects.filter(pk=student.pk).update(full_name="Nguyễn Thị Ánh Đúng")
    assert build(world).made == 1
    new = Transcript.objects.get(student=student, state="initialised")
    assert (new.version, new.replaces_id, new.uuid != rows[0].uuid) == (2, rows[0].pk, True)
    rows[0].refresh_from_db()
    assert rows[0].state == "replaced"
    assert send(world, issue(world)).accepted == 1
    assert Original.objects.filter(personal_id_digest=original.personal_id_digest).count() == 2


def test_a_second_one_of_a_year_is_refused_until_the_first_is_taken_back(world):
    rows = accepted(world)
    Transcript.objects.filter(pk=rows[0].pk).update(state="recalled")
    build(world)
    dispatch = send(world, issue(world))
    assert dispatch.refused == 1
    assert GatewayItem.objects.get(error="DA_CO").error_field == "SO_CCCD"


def test_after_the_lock_the_department_decides(world):
    rows = accepted(world)
    given = {"by": world.actors["office"], "now": LATE, "words": "Sai điểm"}
    recall = actions.ask_recall(transcript=rows[0], reason="mistake", **given)
    assert (recall.state, recall.is_after_lock) == ("waiting", True)
    rows[0].refresh_from_db()
    assert rows[0].state == "recall_asked"
    with pytest.raises(NotAllowed):
        actions.decide_recall(by=world.actors["leader"], recall=recall, agree=True, answer="", now=LATE)
    with pytest.raises(RecallRefused):
        actions.decide_recall(by=world.actors["chief"], recall=recall, agree=False, answer=" ", now=LATE)
    actions.decide_recall(by=world.actors["chief"], recall=recall, agree=False, answer="Không sai", now=LATE)
    rows[0].refresh_from_db()
    assert rows[0].state == "accepted"
    recall = actions.ask_recall(transcript=rows[0], reason="mistake", **given)
    # Another program asks for the same, and for one that nobody has: what was refused is read first.
    common = queries.content_of(rows[0])["common"]
    one = {"uuid": rows[0].uuid, "name": common["full_name"], "number": common["personal_id"]}
    asked = RECALL.format(**one) + RECALL.format(**{**one, "uuid": uuid4()})
    asked = asked.replace("</DANH_SACH_THU_HOI><DANH_SACH_THU_HOI>", "")
    message = hand_in(world, pack(asked.encode()), number="r", type=5)
    assert outcomes(message) == ["refused", "waiting"]
    actions.decide_recall(by=world.actors["chief"], recall=recall, agree=True, answer="", now=LATE)
    rows[0].refresh_from_db()
    assert rows[0].state == "recalled"
    assert outcomes(message) == ["refused", "accepted"]
    # A change of civil status comes with its paper.
    with pytest.raises(RecallRefused):
        actions.ask_recall(transcript=rows[1], reason="civil_status", **given)


def test_where_the_ministry_has_it_the_ministry_agrees_too(world):
    rows = accepted(world)
    Original.objects.filter(uuid=rows[0].uuid).update(reported_at=NOW)
    Transcript.objects.filter(pk=rows[0].pk).update(state="reported")
    rows[0].refresh_from_db()
    recall = actions.ask_recall(
        by=world.actors["office"], transcript=rows[0], reason="mistake", words="Sai", now=LATE
    )
    actions.decide_recall(by=world.actors["chief"], recall=recall, agree=True, answer="", now=LATE)
    recall.refresh_from_db()
    assert recall.state == "at_ministry"
    # Refused there, it lies in the ministry's store as before.
    actions.settle_at_ministry(by=SYSTEM, recall=recall, agree=False, answer="Không sai", now=LATE)
    rows[0].refresh_from_db()
    assert rows[0].state == "reported"
    # Before the lock nobody of the province is asked; the ministry is.
    recall = actions.ask_recall(
        by=world.actors["office"], transcript=rows[0], reason="mistake", words="Sai", now=NOW
    )
    recall.refresh_from_db()
    assert (recall.state, recall.is_after_lock) == ("at_ministry", False)
    actions.settle_at_ministry(by=SYSTEM, recall=recall, agree=True, answer="", now=LATE)
    rows[0].refresh_from_db()
    assert rows[0].state == "recalled"


RECALL = """<DANH_SACH_THU_HOI><HOC_BA><MA_TRA_CUU_UUID>{uuid}</MA_TRA_CUU_UUID><HO_VA_TEN>{name}</HO_VA_TEN>
<GIOI_TINH>Nữ</GIOI_TINH><NGAY_SINH>04/03/2017</NGAY_SINH><SO_CCCD>{number}</SO_CCCD><TEN_TRUONG>x</TEN_TRUONG>
<MA_TRUONG>x</MA_TRUONG><TEN_NAM_HOC>2025-2026</TEN_NAM_HOC></HOC_BA></DANH_SACH_THU_HOI>"""


def test_a_recall_by_transaction_needs_the_pupils_facts(world):
    rows = accepted(world)
    common = queries.content_of(rows[0])["common"]
    given = {"uuid": rows[0].uuid, "name": common["full_name"], "number": common["personal_id"]}
    for number, change in (("a", {"number": "079316000099"}), ("b", {"name": "Ai Đó"})):
        found = hand_in(world, pack(RECALL.format(**{**given, **change}).encode()), number=number, type=5)
        assert said(found)[0][0] == 3
    assert not Recall.objects.exists()
    content = pack(RECALL.format(**given).encode())
    assert said(hand_in(world, content, number="c", type=5)) == [(2, "")]
    rows[0].refresh_from_db()
    assert rows[0].state == "recalled"
    answer = queries.answer_of(world.actors["office"], world.school, "c", 5)
    assert answer.items[0]["trang_thai"] == 2
    # Taken back it is not taken in again, though word for word.
    found = hand_in(world, pack(queries.file_of(rows[0])), number="again")
    assert said(found) == [(0, "DA_THU_HOI")]
    # One whose answer is still on the way to the school is not moved from under it; the transaction is answered.
    Transcript.objects.filter(pk=rows[1].pk).update(state="sent")
    common = queries.content_of(rows[1])["common"]
    given = {"uuid": rows[1].uuid, "name": common["full_name"], "number": common["personal_id"]}
    found = hand_in(world, pack(RECALL.format(**given).encode()), number="d", type=5)
    assert (found.state, said(found)) == ("done", [(3, "TRANG_THAI")])


def test_over_http(world, client):
    rows = accepted(world)
    office = world.actors["office"]
    name = get_user_model().objects.get(pk=office.user_id).username
    today = timezone.localdate()
    key = create_token(
        by=office,
        name="Phần mềm trường",
        scopes=["transcripts.prepare", "transcripts.view"],
        expires_on=today + timedelta(days=30),
        today=today,
    ).secret

    def call(**changes):
        asked = {
            "token": key, "user_name": name, "password": sha256(key.encode()).hexdigest(),
            "ma_don_vi": world.school.code, "nam_hoc": 2025, "messageid": "http-1", "type": 1,
            "function": "submit", "content": pack(queries.file_of(rows[0])), **changes,
        }  # fmt: skip
        answer = client.post("/api/hoc-ba/giao-dich", json.dumps(asked), content_type="application/json")
        return answer.status_code, answer.json()

    status, body = call()
    assert (status, body["ResponseCode"], body["MessageId"]) == (200, "DA_NHAN", "http-1")
    result = {"messageid": "q", "type": 2, "function": "submit_result", "content": "", "asked": "http-1"}
    assert call(**result)[1]["ResponseCode"] == "CHO"
    run_jobs()
    status, body = call(**result)
    assert body["ResponseCode"] == "XONG"
    assert body["items"][0]["trang_thai"] == 1
    assert body["items"][0]["ma_tra_cuu_uuid"] == str(rows[0].uuid)
    assert call(**{**result, "asked": "khác"})[1]["ResponseCode"] == "KHONG_CO"
    for change, code in (
        ({"password": "0" * 64}, 401),
        ({"user_name": "ai"}, 401),
        ({"token": "ts_x"}, 401),
        ({"ma_don_vi": "khác"}, 403),
        ({"function": "recall"}, 400),
        ({"type": 9}, 400),
        ({"content": "", "messageid": "n"}, 400),
        ({"content": "khác"}, 400),
        ({"messageid": "a\x00"}, 400),
        ({"asked": "a\x00", "type": 2, "function": "submit_result"}, 400),
        ({"user_name": "\ud800"}, 400),
    ):
        assert call(**change)[0] == code, change
    assert client.post("/api/hoc-ba/giao-dich", b"{", content_type="application/json").status_code == 400
    assert client.get("/api/hoc-ba/giao-dich").status_code == 405


def test_a_stolen_school_certificate_is_of_no_use_elsewhere(world):
    """A key that the authority gave to another school, put in this school's place."""
    issue_key(world, "Trường Khác", organisation="Trường Khác", valid=(SINCE + timedelta(days=1), UNTIL))
    build(world)
    approve_seal(world)
    dispatch = send(world, issue(world))
    assert dispatch.refused == 3
    assert GatewayItem.objects.filter(error="CHU_KY").count() == 3


def test_the_packed_batch_is_what_the_specification_says(world):
    build(world)
    approve_seal(world)
    rows = issue(world)
    (dispatch,) = actions.send(by=world.actors["office"], transcript_ids=[r.pk for r in rows], now=NOW)
    from thongsuot.modules.transcripts.actions.dispatch_contents import content_of_dispatch

    root = etree.fromstring(
        unpack(content_of_dispatch(by=world.actors["office"], dispatch=dispatch, now=NOW))
    )
    assert root.tag == "DANH_SACH_HOC_BA"
    assert queries.schema_of(rows[0].profile).validate(root), queries.schema_of(rows[0].profile).error_log
