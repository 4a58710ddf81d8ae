"""Permanent keeping, the ministry's store, the command line."""

import json
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from django.db import connection
from pyhanko.sign.timestamps import DummyTimeStamper

from tests.kit.signing.files import rsa_key
from tests.modules.transcripts.flow import SYSTEM, accepted, build, issue
from tests.modules.transcripts.world import NOW, SINCE, UNTIL
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.outside.service import Service, Unreachable
from thongsuot.kit.sealing.sealing import seal
from thongsuot.kit.signing.practice import PracticeAuthority
from thongsuot.kit.signing.timestamps import request_for, token_in
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import SigningFault
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import KeepingRun, Original, OriginalStamp, Recall, Transcript

OPS = Path(__file__).resolve().parents[3] / "ops"


def test_a_damaged_original_is_found_and_told(world, monkeypatch):
    accepted(world)
    assert actions.check_originals(by=SYSTEM, now=NOW) == actions.Checked(3, 0)
    # The database refuses to change one, so the damage is played where bytes are read.
    from thongsuot.modules.transcripts.actions import keeping_originals as keeping

    whole = keeping._is_whole
    bad = bytes(Original.objects.order_by("pk").first().file_digest)
    monkeypatch.setattr(
        keeping, "_is_whole", lambda sealed, digest: bytes(digest) != bad and whole(sealed, digest)
    )
    assert actions.check_originals(by=SYSTEM, now=NOW).damaged == 1
    assert Original.objects.filter(is_damaged=True).count() == 1
    monkeypatch.undo()
    assert actions.check_originals(by=SYSTEM, now=NOW).damaged == 0
    assert not Original.objects.filter(is_damaged=True).exists()
    assert keeping._is_whole(seal("khác"), bad) is False
    assert keeping._is_whole(b"\x01" + b"0" * 40, bad) is False


def stamping(world, *, until=None, down=()):
    """A time-stamp authority of the test's root: (what asks it, the messages it has seen)."""
    private, certificate = world.authority.issue(
        "Dấu thời gian", valid=(SINCE, until or UNTIL), time_stamping=True, key=rsa_key()
    )
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    seen = []

    def ask(message, at=NOW):
        # Nobody else waits for a row while the authority is asked.
        assert not connection.in_atomic_block or len(connection.savepoint_ids) == outer
        if len(seen) in down:
            seen.append(None)
            raise SigningFault("timestamp_unreachable")
        seen.append(message)
        stamper = DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            tsa_key=asn1_keys.PrivateKeyInfo.load(der),
            fixed_dt=at,
        )
        request = request_for(message)
        return token_in(stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump(), request)

    outer = len(connection.savepoint_ids)
    return ask, seen


def test_stamps_are_kept_one_by_one_and_renewed_before_they_end(world, settings):
    accepted(world)
    settings.TIMESTAMP_URL = "http://tsa.test"
    ask, seen = stamping(world, down={1})
    first = actions.stamp_originals(by=SYSTEM, now=NOW, stamper=ask)
    assert (first.done, bool(first.fault)) == (1, True)
    # Goes on where it stopped; what is done is not asked for again.
    assert actions.stamp_originals(by=SYSTEM, now=NOW, stamper=ask) == actions.Stamped(2)
    assert actions.stamp_originals(by=SYSTEM, now=NOW, stamper=ask) == actions.Stamped(0)
    assert len(seen) == 4
    stamp = OriginalStamp.objects.order_by("pk").first()
    assert (stamp.valid_until, stamp.algorithm) == (date(2028, 12, 31), "sha256 rsa-2048")
    # Half a year before the authority's certificate ends.
    assert stamp.renew_by == date(2028, 12, 31) - timedelta(days=180)
    later = datetime(2028, 7, 10, tzinfo=UTC)
    trust = TrustStore(
        [world.authority.certificate], crls=[world.authority.crl(at=at) for at in (NOW, later)]
    )
    new, messages = stamping(world, until=datetime(2040, 1, 1, tzinfo=UTC))
    found = actions.stamp_originals(
        by=SYSTEM, now=later, stamper=lambda message: new(message, later), trust=trust
    )
    assert found == actions.Stamped(3)
    # The new one covers the file and the stamp before; RSA-2048 ends before the certificate.
    assert all(message.endswith(bytes(stamp_.token)) for message, stamp_ in zip(
        messages, OriginalStamp.objects.order_by("pk")[:3], strict=True
    ))  # fmt: skip
    last = OriginalStamp.objects.order_by("-pk").first()
    assert last.renew_by == date(2030, 12, 31) - timedelta(days=180)
    original = Original.objects.order_by("pk").first()
    assert queries.check_stamps(original, trust=trust) == [NOW, later]
    # A token by a stranger is not kept.
    Original.objects.filter(pk=original.pk).update(is_damaged=True)
    stranger, _seen = stamping(make_stranger(world))
    OriginalStamp.objects.update(renew_by=NOW.date())
    refused = actions.stamp_originals(by=SYSTEM, now=NOW, stamper=stranger)
    assert (refused.done, "kiểm tra được" in refused.fault) == (0, True)
    assert OriginalStamp.objects.count() == 6
    assert list(KeepingRun.objects.order_by("pk").values_list("kind", "done")) == [
        ("stamp", 1), ("stamp", 2), ("stamp", 3), ("stamp", 0),
    ]  # fmt: skip


def make_stranger(world):
    return replace(world, authority=PracticeAuthority("Ai đó", since=SINCE - timedelta(days=1)))


@pytest.fixture
def ministry():
    """The reference server on a free port."""
    sys.path.insert(0, str(OPS))
    try:
        import ministry_store
    finally:
        sys.path.remove(str(OPS))
    store = ministry_store.Store()
    server = ministry_store.Server(("127.0.0.1", 0), store, token="bí-mật".encode().hex())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield store, Service("store", f"http://127.0.0.1:{server.server_address[1]}", server.token, tries=1)
    server.shutdown()
    server.server_close()


def test_originals_go_up_once_and_recalls_are_asked_for(world, ministry):
    store, service = ministry
    rows = accepted(world)
    store.refused = frozenset({str(rows[2].uuid)})
    assert actions.report_originals(by=SYSTEM, store=service, now=NOW) == 2
    assert store.kept.keys() == {str(row.uuid) for row in rows[:2]}
    assert store.kept[str(rows[0].uuid)] == bytes(rows[0].file_digest).hex()
    assert Original.objects.get(uuid=rows[2].uuid).report_fault == "refused_for_training"
    assert Transcript.objects.filter(state="reported").count() == 2
    calls = store.calls
    assert actions.report_originals(by=SYSTEM, store=service, now=NOW) == 0
    assert store.calls == calls
    # Who works at the gateway sees what was refused, and sends it again.
    officer = world.actors["officer"]
    state = queries.keeping_state(officer, NOW.date())
    assert (state.reported, state.refused, [one.uuid for one in state.refusals]) == (2, 1, [rows[2].uuid])
    store.refused = frozenset()
    with pytest.raises(NotAllowed):
        actions.report_again(by=world.actors["office"])
    assert actions.report_again(by=officer) == 1
    assert actions.report_originals(by=SYSTEM, store=service, now=NOW + timedelta(hours=1)) == 1
    assert queries.keeping_state(officer, NOW.date()).refused == 0
    rows[0].refresh_from_db()
    late = NOW + timedelta(days=60)
    recall = actions.ask_recall(
        by=world.actors["office"], transcript=rows[0], reason="mistake", words="Sai", now=late
    )
    actions.decide_recall(by=world.actors["chief"], recall=recall, agree=True, answer="", now=late)
    assert actions.ask_ministry(by=SYSTEM, store=service, now=late) == 0
    store.recalled.add(str(rows[0].uuid))
    assert actions.ask_ministry(by=SYSTEM, store=service, now=late) == 1
    assert Recall.objects.get().state == "agreed"
    assert Original.objects.get(uuid=rows[0].uuid).state == "recalled"


def test_a_recall_and_a_report_that_cross(world, ministry):
    store, service = ministry
    rows = accepted(world)
    late = NOW + timedelta(days=60)
    asked = {"by": world.actors["office"], "reason": "mistake", "words": "Sai", "now": late}
    recall = actions.ask_recall(transcript=rows[0], **asked)
    # Asked back: not sent meanwhile.
    assert actions.report_originals(by=SYSTEM, store=service, now=late) == 2
    assert str(rows[0].uuid) not in store.kept
    # It was on its way when the recall was asked for, and arrived before the Sở decided.
    Original.objects.filter(uuid=rows[0].uuid).update(reported_at=late)
    actions.decide_recall(by=world.actors["chief"], recall=recall, agree=True, answer="", now=late)
    recall.refresh_from_db()
    assert (recall.state, recall.needs_ministry) == ("at_ministry", True)
    actions.settle_at_ministry(by=SYSTEM, recall=recall, agree=True, answer="", now=late)
    # It arrived only after the Sở had agreed: the ministry is told, once.
    Recall.objects.filter(pk=recall.pk).update(needs_ministry=False)
    store.kept[str(rows[0].uuid)] = ""
    store.recalled.add(str(rows[0].uuid))
    assert actions.ask_ministry(by=SYSTEM, store=service, now=late) == 1
    assert actions.ask_ministry(by=SYSTEM, store=service, now=late) == 0


def test_an_unreachable_store_changes_nothing(world):
    accepted(world)
    nobody = Service("store", "http://127.0.0.1:9", "x", tries=1, timeout=1)
    with pytest.raises(Unreachable):
        actions.report_originals(by=SYSTEM, store=nobody, now=NOW)
    assert not Original.objects.filter(reported_at__isnull=False).exists()


def run(path, capsys, *more):
    code = 0
    try:
        call_command("verify_transcript", str(path), "--json", "--at", NOW.isoformat(), *more)
    except SystemExit as left:
        code = left.code
    said = capsys.readouterr().out
    return code, json.loads(said) if said else None


def test_the_command_line(world, tmp_path, capsys):
    build(world)
    row = issue(world)[0]
    path = tmp_path / "hb.xml"
    path.write_bytes(queries.file_of(row))
    code, said = run(path, capsys)
    assert (code, said["verdict"], said["uuid"]) == (0, "valid", str(row.uuid))
    assert [one["role"] for one in said["signatures"]] == ["homeroom", "leader", "seal"]
    assert said["content"]["common"]["class_name"] == "3A"
    path.write_bytes(queries.file_of(row).replace(b"Pasteur", b"Pasteus"))
    code, said = run(path, capsys)
    assert (code, said["verdict"]) == (1, "invalid")
    assert said["signatures"][0]["reasons"] == ["altered"]
    assert run(tmp_path / "không có", capsys) == (3, None)
    path.write_bytes(queries.pdf_of(row, queries.file_of(row), now=NOW))
    code, said = run(path, capsys, "--store")
    assert (code, [one["role"] for one in said["signatures"]][-1]) == (0, "pdf")
