"""The school's seal on a USB token: the list waits, the desk signs, the work goes on; what changed meanwhile is not signed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests.modules.transcripts.flow import approve_seal, build, sign
from tests.modules.transcripts.world import NOW
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.postgres.isolation import without_actor
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.types import Verdict
from thongsuot.modules.documents import actions as documents
from thongsuot.modules.documents.models import DeskSigning, SignerCertificate
from thongsuot.modules.transcripts import actions, queries, tasks
from thongsuot.modules.transcripts.models import Dispatch, GatewayMessage, Transcript
from thongsuot.modules.transcripts.types import SigningRefused

SYSTEM = Actor.system()


@pytest.fixture
def waiting(world):
    """Signed by teacher and principal; the seal's key is no longer here but on a token."""
    build(world)
    sign(world, "homeroom", "teacher")
    sign(world, "leader", "leader")
    SignerCertificate.objects.filter(unit=world.school, staff=None).update(medium="token")
    return world


def opened(world, now=NOW):
    rows = queries.signable(world.actors["office"], "seal", unit_id=world.school.pk)
    return actions.open_session(
        by=world.actors["office"], role="seal", transcript_ids=[one.pk for one in rows], now=now
    )


def portion(world, session, now):
    return actions.sign_portion(by=world.actors["office"], session=session, now=now)


def answered(world, now, *, refusal=""):
    """What the program at the desk does, with the key of the token."""
    row = DeskSigning.objects.get(state="waiting")
    code = documents.issue_desk_code(by=world.actors["office"], signing=row, now=now)
    taken = documents.take_desk_signing(by=SYSTEM, code=code, now=now)
    key = SoftwareKey.from_file(world.keys / f"{taken.certificate.fingerprint}.pem")
    values = [] if refusal else key.sign([bytes(one) for one in taken.signing.messages])
    return documents.answer_desk_signing(
        by=SYSTEM, ticket=taken.ticket, signatures=values, refusal=refusal, now=now
    )


def test_a_list_is_sealed_at_the_desk(waiting):
    session = opened(waiting)
    assert portion(waiting, session, NOW) == (0, 3)
    later = NOW + timedelta(minutes=9)
    # The worker comes by again before anybody has signed: the same batch waits.
    assert portion(waiting, session, later) == (0, 3)
    row = DeskSigning.objects.get()
    assert (row.number, row.moment, row.title) == (3, NOW, "Ký 3 học bạ: Ký phát hành (nhà trường)")
    assert all(b"SignedInfo" in bytes(one) for one in row.messages)
    answered(waiting, later)
    job = Job.objects.get(task="transcripts.sign")
    assert job.arguments == {"session_id": session.pk}
    assert portion(waiting, session, later + timedelta(minutes=1)) == (3, 0)
    session.refresh_from_db()
    assert session.state == "done"
    for one in Transcript.objects.all():
        check = queries.check_transcript(queries.file_of(one), at=later)
        assert one.state == "issued"
        assert check.verdict == Verdict.VALID, check
        assert [s.signed_at for s in check.signatures if s.role == "seal"] == [NOW]
    row.refresh_from_db()
    assert (row.state, row.messages, row.signatures) == ("used", [], [])


def test_what_was_thrown_away_meanwhile_is_not_signed(waiting):
    session = opened(waiting)
    portion(waiting, session, NOW)
    gone = Transcript.objects.order_by("sort_key")[1]
    actions.discard(by=waiting.actors["office"], transcript=gone, reason="Sai tên", now=NOW)
    answered(waiting, NOW)
    # Signed over another list: a new batch of two waits, nothing of the first was used.
    assert portion(waiting, session, NOW) == (0, 3)
    assert sorted(DeskSigning.objects.values_list("state", "number")) == [("ended", 3), ("waiting", 2)]
    answered(waiting, NOW)
    assert portion(waiting, session, NOW) == (2, 0)
    assert sorted(Transcript.objects.values_list("state", flat=True)) == ["discarded", "issued", "issued"]


def test_a_signer_who_says_no_ends_the_list(waiting):
    office = waiting.actors["office"]
    session = opened(waiting)
    portion(waiting, session, NOW)
    answered(waiting, NOW, refusal="Chưa đúng lớp")
    with pytest.raises(SigningRefused):
        portion(waiting, session, NOW)
    actions.stop_session(by=office, session=session, reason="Người ký không chấp thuận", now=NOW)
    assert not DeskSigning.objects.filter(state__in=("waiting", "taken", "signed")).exists()
    assert set(Transcript.objects.values_list("state", flat=True)) == {"leader_signed"}


def test_the_page_gives_the_code(waiting, client):
    world = waiting
    client.force_login(User.objects.get(pk=world.actors["office"].user_id))
    rows = Transcript.objects.values_list("pk", flat=True)
    answer = client.post("/hoc-ba/ky/seal/", {"ban": list(rows)})
    page = urlsplit(answer["Location"]).path
    session = queries.session(world.actors["office"], page.split("/")[-2])
    job = Job.objects.get(task="transcripts.sign")
    progress = Quiet()
    result = tasks.sign(by=world.actors["office"], progress=progress, session_id=session.pk)
    assert "Chờ ký tại bàn" in result.message
    text = client.get(page).content.decode()
    assert "Cắm USB token" in text
    assert "ts-code" not in text
    text = client.post(page, {"lam": "ma"}).content.decode()
    code = text.split('class="ts-code"')[1].split("</span>")[1].split("</p>")[0].strip()
    taken = documents.take_desk_signing(by=SYSTEM, code=code, now=timezone.now())
    key = SoftwareKey.from_file(world.keys / f"{taken.certificate.fingerprint}.pem")
    still = f"/van-ban/ky-tai-ban/?con={taken.signing.public_id}"
    assert "HX-Redirect" not in client.get(still)
    asks = client.get(page + "?cho=1", HTTP_HX_REQUEST="true")
    assert "HX-Refresh" not in asks
    documents.answer_desk_signing(
        by=SYSTEM, ticket=taken.ticket, signatures=key.sign([bytes(m) for m in taken.signing.messages]),
        now=timezone.now(),
    )  # fmt: skip
    assert client.get(page + "?cho=1", HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    assert client.get(still)["HX-Redirect"] == "/van-ban/ky-tai-ban/"
    assert Job.objects.filter(task="transcripts.sign").exclude(pk=job.pk).count() == 1
    with without_actor():
        tasks.sign(by=world.actors["office"], progress=progress, session_id=session.pk)
    text = client.get(page).content.decode()
    assert "Đã ký 3 trên 3 học bạ" in text
    # The packet for the Sở contains the seals and is signed after them: the next step on the same page.
    approve_seal(world)
    assert "Gửi 3 học bạ vừa ký lên Sở" in text
    assert urlsplit(client.post(page, {"lam": "gui"})["Location"]).path == page
    dispatch = Dispatch.objects.get()
    assert "hx-get" in client.get(page).content.decode()
    # As the worker runs it, on a connection that is nobody's.
    with without_actor():
        tasks.send(by=world.actors["office"], progress=progress, dispatch_ids=[dispatch.pk])
    text = client.get(page).content.decode()
    assert "Cắm USB token" in text
    assert "Chờ đóng dấu tại bàn" in text
    assert "Gửi 3 học bạ vừa ký" not in text
    assert 'class="ts-code"' in client.post(page, {"lam": "ma"}).content.decode()
    answered(world, timezone.now())
    assert client.post(page, {"lam": "gui"}).status_code == 302
    assert Dispatch.objects.count() == 1


class Quiet:
    def set(self, *args, **kwargs):
        pass

    def step(self, *args, **kwargs):
        pass


def test_what_is_sent_waits_for_the_token_too(waiting, client):
    world, by = waiting, waiting.actors["office"]
    session = opened(world)
    portion(world, session, NOW)
    answered(world, NOW)
    portion(world, session, NOW)
    approve_seal(world)
    (dispatch,) = actions.send(
        by=by, transcript_ids=list(Transcript.objects.values_list("pk", flat=True)), now=NOW
    )
    way = actions.OwnGateway()
    dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=NOW)
    assert (dispatch.acknowledged_at, dispatch.fault) == (None, "Chờ đóng dấu tại bàn bằng USB token.")
    # Looked at again before anybody signed: the same batch waits.
    dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=NOW + timedelta(minutes=5))
    assert DeskSigning.objects.filter(reference=dispatch.public_id).count() == 1
    answered(world, NOW + timedelta(minutes=6))
    assert Job.objects.filter(task="transcripts.resume", arguments={"dispatch_id": dispatch.pk}).exists()
    later = NOW + timedelta(minutes=7)
    dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=later)
    assert dispatch.acknowledged_at == later
    for message in GatewayMessage.objects.filter(state="waiting"):
        actions.work_message(by=SYSTEM, message_id=message.pk, now=later)
    dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=later)
    assert (dispatch.accepted, dispatch.refused) == (3, 0)
    assert not DeskSigning.objects.exclude(state="used").exists()


def test_the_page_of_what_waits(waiting, client):
    by = waiting.actors["office"]
    client.force_login(User.objects.get(pk=by.user_id))
    assert "Không có gì chờ ký tại bàn" in client.get("/van-ban/ky-tai-ban/").content.decode()
    portion(waiting, opened(waiting, timezone.now()), timezone.now())
    row = DeskSigning.objects.get()
    assert "chờ USB token của anh/chị" in client.get("/hoc-ba/").content.decode()
    text = client.post("/van-ban/ky-tai-ban/", {"lan": str(row.public_id)}).content.decode()
    code = text.split('class="ts-code"')[1].split("</span>")[1].split("</p>")[0].strip()
    assert documents.take_desk_signing(by=SYSTEM, code=code, now=timezone.now()).signing == row
    other = User.objects.get(pk=waiting.actors["leader"].user_id)
    client.force_login(other)
    assert client.post("/van-ban/ky-tai-ban/", {"lan": str(row.public_id)}).status_code == 404
