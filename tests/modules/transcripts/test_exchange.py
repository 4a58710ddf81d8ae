"""Six transactions over HTTP, to a gateway of others and to our own; certificates that cannot be judged yet; large batches."""

import json
import sys
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import requests
from django.contrib.auth import get_user_model
from django.utils import timezone
from requests.adapters import BaseAdapter

from tests.modules.transcripts.flow import SYSTEM, approve_seal, build, issue
from tests.modules.transcripts.world import NOW
from thongsuot.kit.api.actions import create_token
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.domain.packing import pack
from thongsuot.modules.transcripts.models import (
    Dispatch,
    GatewayCertificate,
    GatewayItem,
    GatewayMessage,
    Original,
    Recall,
    Transcript,
)
from thongsuot.modules.transcripts.types import ContentTooLarge, RecallRefused, SigningRefused

OPS = Path(__file__).resolve().parents[3] / "ops"
TOKEN = "khóa-thử".encode().hex()


@pytest.fixture
def foreign():
    """The reference gateway on a free port, and our client for it."""
    sys.path.insert(0, str(OPS))
    try:
        import transcript_gateway
    finally:
        sys.path.remove(str(OPS))
    gateway = transcript_gateway.Gateway()
    server = transcript_gateway.Server(("127.0.0.1", 0), gateway, token=TOKEN)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    yield gateway, actions.HttpGateway(url, user_name="truong", token=TOKEN, tries=1)
    server.shutdown()
    server.server_close()


class ThroughDjango(BaseAdapter):
    """Requests of our client answered by our own address."""

    def __init__(self, client):
        super().__init__()
        self.client = client

    def send(self, request, **_options):
        found = self.client.generic("POST", request.path_url, request.body, content_type="application/json")
        answer = requests.Response()
        answer.status_code, answer.raw = found.status_code, BytesIO(found.content)
        return answer

    def close(self):
        """Nothing is open."""


def own_over_http(world, client):
    office = world.actors["office"]
    today = timezone.localdate()
    key = create_token(
        by=office,
        name="Phần mềm trường",
        scopes=["transcripts.prepare", "transcripts.view"],
        expires_on=today + timedelta(days=30),
        today=today,
    ).secret
    name = get_user_model().objects.get(pk=office.user_id).username
    way = actions.HttpGateway("http://own.test", user_name=name, token=key, tries=1)
    for session in (way._service._patient, way._service._once):
        session.mount("http://", ThroughDjango(client))
    return way


def step(world, dispatch, way, *, now=NOW):
    dispatch = queries.dispatch_by_id(dispatch.pk)
    return actions.hand_over(by=world.actors["office"], dispatch=dispatch, gateway=way, now=now)


def work(now=NOW):
    for pk in queries.waiting_messages(now):
        actions.work_message(by=SYSTEM, message_id=pk, now=now)


def register(world):
    given = {"signature_kind": "USB_TOKEN", "provider": "BAN_CO_YEU", "now": NOW}
    return actions.register_at_gateway(by=world.actors["office"], unit=world.school, **given)


def submit(world):
    build(world)
    ids = [row.pk for row in issue(world)]
    (dispatch,) = actions.send(by=world.actors["office"], transcript_ids=ids, now=NOW)
    return dispatch


def recall_first(world, now=NOW):
    row = Transcript.objects.filter(state="accepted").order_by("pk").first()
    given = {"reason": "mistake", "words": "Sai điểm Toán", "now": now}
    return row, actions.ask_recall(by=world.actors["office"], transcript=row, **given)


def test_all_six_with_a_gateway_of_others(world, foreign):
    gateway, way = foreign
    with pytest.raises(SigningRefused):
        actions.register_at_gateway(
            by=world.actors["office"], unit=world.school, signature_kind="USB_TOKEN", provider="X", now=NOW
        )
    registering = register(world)
    assert register(world).pk == registering.pk
    gateway.down = 1
    assert step(world, registering, way).failures == 1
    assert step(world, registering, way).acknowledged_at is not None
    assert step(world, registering, way).state == "waiting"
    serial = json.loads(gateway.messages[str(registering.public_id)]["text"])["serial_number"]
    gateway.decisions[serial] = 1
    assert step(world, registering, way).accepted == 1
    submitting = submit(world)
    refused = Transcript.objects.order_by("-pk").first()
    gateway.refused = frozenset({str(refused.uuid)})
    for _try in range(3):
        submitting = step(world, submitting, way)
    assert (submitting.state, submitting.accepted, submitting.refused) == ("done", 2, 1)
    refused.refresh_from_db()
    assert (refused.state, refused.note) == ("refused", "Từ chối để luyện tập.")
    # The original lies there: the recall goes by transaction 5 and is decided there.
    row, recall = recall_first(world)
    assert (recall.original, recall.state) == (None, "waiting")
    with pytest.raises(RecallRefused, match="cổng khác"):
        actions.decide_recall(by=world.actors["chief"], recall=recall, agree=True, answer="", now=NOW)
    asking = Dispatch.objects.get(recall=recall)
    for _try in range(3):
        assert step(world, asking, way).state == "waiting"
    gateway.decisions[str(row.uuid)] = 2
    assert step(world, asking, way).state == "done"
    row.refresh_from_db()
    assert (row.state, Recall.objects.get().state) == ("recalled", "agreed")
    assert set(gateway.calls) == {1, 2, 3, 4, 5, 6}
    # A wrong key: told in the gateway's own words, and nothing is lost.
    wrong = actions.HttpGateway(way._service._url, user_name="truong", token="sai", tries=1)
    row, recall = recall_first(world)
    failed = step(world, Dispatch.objects.get(recall=recall), wrong)
    assert (failed.state, failed.fault) == ("failed", "Không xác thực được.")
    row.refresh_from_db()
    recall.refresh_from_db()
    assert (row.state, recall.state) == ("accepted", "refused")


def test_all_six_with_our_own_over_http(world, client):
    way = own_over_http(world, client)
    registering = register(world)
    step(world, registering, way)
    work()
    assert step(world, registering, way).state == "waiting"
    certificate = GatewayCertificate.objects.get()
    actions.decide_certificate(by=world.actors["officer"], certificate=certificate, approve=True, now=NOW)
    assert step(world, registering, way).accepted == 1
    # Signed by the clock of the test, checked by that of today: the list of revoked ones is renewed with it.
    submitting = submit(world)
    step(world, submitting, way)
    work()
    submitting = step(world, submitting, way)
    assert (submitting.state, submitting.accepted) == ("done", 3), submitting.fault
    # Handed in for a foreign store's recall: the same address answers, by the pupil's facts.
    row = Transcript.objects.filter(state="accepted").order_by("pk").first()
    recall = Recall.objects.create(
        unit=world.school, transcript=row, reason="mistake", words="Sai", is_after_lock=False,
        needs_ministry=False, asked_at=NOW,
    )  # fmt: skip
    asking = Dispatch.objects.create(
        unit=world.school, school_year=world.year, type=5, recall=recall, next_try_at=NOW, made_at=NOW,
        made_by_id=world.actors["office"].user_id,
    )  # fmt: skip
    step(world, asking, way)
    work()
    assert Original.objects.get(uuid=row.uuid).state == "recalled"
    answer = way.result(
        by=world.actors["office"], dispatch=queries.dispatch_by_id(asking.pk), first_year=2025, now=NOW
    )
    assert (answer.state, answer.items[0]["trang_thai"]) == ("done", 2)


def test_faults_of_a_message_are_told_in_vietnamese(world, client):
    def told(**said):
        answer = client.post("/api/hoc-ba/giao-dich", json.dumps(said), content_type="application/json")
        assert answer.status_code == 400
        return answer.json()["ErrorDescription"]

    said = told(token="x", user_name="y", password="ngắn", ma_don_vi="", nam_hoc="hai nghìn", type=9)
    for words in (
        "password: không đúng dạng", "ma_don_vi: ngắn hơn 1 ký tự", "nam_hoc: phải là số nguyên",
        "messageid: thiếu trường này", "type: chỉ nhận 1, 2, 3, 4, 5 hoặc 6", "và 1 lỗi khác",
    ):  # fmt: skip
        assert words in said
    assert "hai nghìn" not in said
    content = pack(json.dumps({"ma_don_vi": "x", "serial_number": "zz", "ngay_hieu_luc": "mai"}).encode())
    received = actions.receive(
        by=world.actors["office"], unit=world.school, message_id="m", type=3, first_year=2025, content=content, now=NOW,
    )  # fmt: skip
    message = actions.work_message(by=SYSTEM, message_id=received.message.pk, now=NOW)
    assert "ngay_hieu_luc: phải là ngày" in message.fault
    assert "nha_phat_hanh: thiếu trường này" in message.fault


def test_a_certificate_that_cannot_be_judged_waits_some_hours(world, settings):
    approve_seal(world)
    dispatch = submit(world)
    way = actions.OwnGateway()
    lists = settings.VAR_DIR / "trust" / "root.crl"
    kept = lists.read_bytes()
    lists.unlink()
    step(world, dispatch, way)
    work()
    message = GatewayMessage.objects.get(type=1)
    assert (message.state, Original.objects.count()) == ("checking", 0)
    waiting = step(world, dispatch, way)
    assert (waiting.state, "xác minh" in waiting.fault) == ("waiting", True)
    assert queries.waiting_messages(NOW) == []
    # Single transcripts: the item waits, with its reason; others are decided.
    row = Transcript.objects.order_by("pk").first()
    received = actions.receive(
        by=world.actors["office"], unit=world.school, message_id="m", type=1, first_year=2025,
        content=pack(queries.file_of(row)), now=NOW,
    )  # fmt: skip
    actions.work_message(by=SYSTEM, message_id=received.message.pk, now=NOW)
    answer = queries.answer_of(world.actors["office"], world.school, "m", 1)
    assert (answer.state, answer.is_ready) == ("checking", False)
    assert (answer.items[0]["trang_thai"], answer.items[0]["error"]) == (None, "")
    # The list comes: looked at again, both are taken.
    soon = NOW + timedelta(minutes=20)
    lists.write_bytes(kept)
    work(soon)
    assert set(GatewayMessage.objects.filter(type=1).values_list("state", flat=True)) == {"done"}
    assert (Original.objects.count(), GatewayItem.objects.filter(status__isnull=True).count()) == (3, 0)
    assert step(world, dispatch, way, now=soon).accepted == 3


def test_a_certificate_that_stays_undecided_is_refused_with_the_reason(world, settings):
    approve_seal(world)
    build(world)
    row = issue(world)[0]
    (settings.VAR_DIR / "trust" / "root.crl").unlink()
    received = actions.receive(
        by=world.actors["office"], unit=world.school, message_id="m", type=1, first_year=2025,
        content=pack(queries.file_of(row)), now=NOW,
    )  # fmt: skip
    actions.work_message(by=SYSTEM, message_id=received.message.pk, now=NOW)
    work(NOW + timedelta(hours=13))
    item = GatewayItem.objects.get()
    assert (item.message.state, item.status, item.error) == ("done", 0, "CHU_KY")
    assert "thu hồi" in item.error_description


def test_a_batch_over_the_limit_goes_in_parts(world, monkeypatch):
    approve_seal(world)
    dispatch = submit(world)
    from thongsuot.modules.transcripts.actions import dispatch_contents

    office = world.actors["office"]
    whole = dispatch_contents.content_of_dispatch(
        by=office, dispatch=queries.dispatch_by_id(dispatch.pk), now=NOW
    )
    # Signatures of elliptic curves differ from one to the next, and the packed size by some bytes.
    limit = queries.exchange().model_copy(update={"max_content_bytes": len(whole) - 120})
    monkeypatch.setattr(dispatch_contents, "exchange", lambda: limit)
    way = actions.OwnGateway()
    ids = sorted(dispatch.transcript_ids)
    step(world, dispatch, way)
    rest = [step(world, one, way) for one in Dispatch.objects.filter(acknowledged_at=None)]
    parts = [one.transcript_ids for one in Dispatch.objects.order_by("pk")]
    assert len(parts) > 1
    assert rest
    assert sorted(pk for part in parts for pk in part) == ids
    work()
    done = [step(world, one, way) for one in Dispatch.objects.filter(state="waiting")]
    assert sum(one.accepted for one in done) == 3
    # One that alone is too large is refused, with how large it may be.
    with pytest.raises(ContentTooLarge, match="vượt giới hạn 10 byte"):
        pack(b"<a/>", most=10)
