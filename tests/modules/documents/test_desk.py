"""A batch signed at the desk: laid out, fetched with a code, signed by a token, checked, fetched by who asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from tests.factories.organization import make_appointment, make_school, make_unit, make_user
from tests.modules.documents.certificates import authority
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.signing.practice import new_key
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.modules.documents import actions, queries
from thongsuot.modules.documents.models import DeskSigning
from thongsuot.modules.documents.types import AtDesk, DeskFault
from thongsuot.modules.organization.queries import actor_for

pytestmark = pytest.mark.django_db
private_key = cache(lambda: new_key("rsa"))
MESSAGES = [b"<SignedInfo>1</SignedInfo>", b"<SignedInfo>2</SignedInfo>"]
SYSTEM = Actor.system()
SOFTHSM = next(
    (
        path
        for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
        if Path(path).exists()
    ),
    "",
)


@job_task(name="tests.desk.goes_on", in_steps=True)
def goes_on(*, by, progress, number: int) -> None: ...


class Desk:
    """A school's office with the seal on a token."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.school = make_school(parent=make_unit("commune"))
        self.user = make_user()
        make_appointment(user=self.user, unit=self.school, role="school_office")
        self.actor = actor_for(self.user)
        self.private = private_key()
        valid = (self.now - timedelta(days=30), self.now + timedelta(days=300))
        self.certificate = authority().issue(self.school.name, valid=valid, key=self.private)[1]
        row = actions.register_certificate(
            by=SYSTEM, unit_id=self.school.pk, staff=None, data=self.certificate.public_bytes(Encoding.PEM),
            medium="token", provider="Ban Cơ yếu Chính phủ", now=self.now,
        )  # fmt: skip
        self.row = actions.approve_certificate(by=SYSTEM, certificate=row, now=self.now)
        self.reference = uuid4()

    def ask(self, messages=MESSAGES, **changes):
        told = {
            "by": self.actor, "certificate": self.row, "reference": self.reference, "title": "Ký 2 học bạ",
            "messages": messages, "moment": self.now, "resume": ("tests.desk.goes_on", {"number": 7}), "now": self.now,
        }  # fmt: skip
        return actions.ask_at_desk(**{**told, **changes})

    def code(self, row, **changes):
        return actions.issue_desk_code(**{"by": self.actor, "signing": row, "now": self.now, **changes})

    def sign(self, messages):
        return [self.private.sign(one, padding.PKCS1v15(), SHA256()) for one in messages]

    def key(self):
        return queries.key_for(self.row, desk=self.reference)


@pytest.fixture
def desk(db):
    return Desk()


def post(client, path: str, said) -> tuple[int, dict]:
    answer = client.post(path, json.dumps(said), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_token_signs_nothing_by_itself(desk):
    with pytest.raises(KeyUnavailable, match="no_token"):
        queries.key_for(desk.row)
    with pytest.raises(AtDesk) as waits:
        desk.key().sign(MESSAGES)
    assert waits.value.messages == tuple(MESSAGES)


def test_from_code_to_signatures(desk, client):
    row = desk.ask()
    assert desk.ask().pk == row.pk
    assert queries.desk_moment(desk.reference) == desk.now
    status, said = post(client, "/api/ky-tai-ban/nhan", {"code": desk.code(row).lower().replace("-", " ")})
    assert (status, said["title"], said["holder"]) == (200, "Ký 2 học bạ", desk.school.name)
    messages = [b64decode(one) for one in said["messages"]]
    assert messages == MESSAGES
    values = [b64encode(one).decode() for one in desk.sign(messages)]
    status, said = post(client, "/api/ky-tai-ban/tra", {"ticket": said["ticket"], "signatures": values})
    assert (status, said) == (200, {"state": "signed", "number": 2})
    assert desk.key().sign(MESSAGES) == desk.sign(MESSAGES)
    with pytest.raises(AtDesk):
        desk.key().sign([*MESSAGES, b"3"])
    job = Job.objects.get(task="tests.desk.goes_on")
    assert (job.arguments, job.requested_by_id, job.unit_id) == ({"number": 7}, desk.user.pk, desk.school.pk)
    actions.use_desk_signatures(by=desk.actor, reference=desk.reference, now=desk.now)
    row.refresh_from_db()
    assert (row.state, row.messages, row.signatures) == ("used", [], [])


def test_a_code_opens_once_and_for_a_while(desk, client):
    row = desk.ask()
    first = desk.code(row)
    second = desk.code(row)
    for wrong in (first, "ABCDE-23456", "", "x"):
        status, said = post(client, "/api/ky-tai-ban/nhan", {"code": wrong})
        assert status == 422
        assert said["fault"].startswith("Mã không đúng hoặc đã hết hạn")
    late = desk.now + timedelta(minutes=16)
    with pytest.raises(DeskFault):
        actions.take_desk_signing(by=SYSTEM, code=second, now=late)
    taken = actions.take_desk_signing(by=SYSTEM, code=second, now=desk.now)
    with pytest.raises(DeskFault):
        actions.take_desk_signing(by=SYSTEM, code=second, now=desk.now)
    # A new code takes the batch from the program that had it.
    desk.code(row)
    with pytest.raises(DeskFault):
        actions.answer_desk_signing(
            by=SYSTEM, ticket=taken.ticket, signatures=desk.sign(MESSAGES), now=desk.now
        )


def test_only_who_asked_gets_a_code(desk):
    row = desk.ask()
    other = make_user()
    make_appointment(user=other, unit=desk.school, role="school_office")
    with pytest.raises(NotAllowed):
        desk.code(row, by=actor_for(other))
    assert list(queries.desk_signings(actor_for(other))) == []
    assert queries.desk_signing_for(desk.actor, desk.reference) == row


def test_wrong_signatures_keep_nothing_and_may_be_mended(desk, client):
    taken = actions.take_desk_signing(by=SYSTEM, code=desk.code(desk.ask()), now=desk.now)
    good = desk.sign(MESSAGES)
    for bad in (good[:1], good[::-1], [good[0], b"x" * 256], [*good, good[0]]):
        values = [b64encode(one).decode() for one in bad]
        status, said = post(client, "/api/ky-tai-ban/tra", {"ticket": taken.ticket, "signatures": values})
        assert status == 422
        assert "ữ ký" in said["fault"]
    assert post(client, "/api/ky-tai-ban/tra", {"ticket": taken.ticket, "signatures": ["!!"]})[0] == 422
    assert post(client, "/api/ky-tai-ban/tra", ["no"])[0] == 400
    assert not Job.objects.filter(task="tests.desk.goes_on").exists()
    row = actions.answer_desk_signing(by=SYSTEM, ticket=taken.ticket, signatures=good, now=desk.now)
    assert row.state == "signed"


def test_a_revoked_certificate_signs_no_more(desk):
    taken = actions.take_desk_signing(by=SYSTEM, code=desk.code(desk.ask()), now=desk.now)
    actions.revoke_certificate(by=SYSTEM, certificate=desk.row, reason="Mất thiết bị", now=desk.now)
    with pytest.raises(DeskFault, match="không còn được dùng"):
        actions.answer_desk_signing(
            by=SYSTEM, ticket=taken.ticket, signatures=desk.sign(MESSAGES), now=desk.now
        )


def test_a_refusal_and_a_batch_nobody_came_for_are_told(desk):
    taken = actions.take_desk_signing(by=SYSTEM, code=desk.code(desk.ask()), now=desk.now)
    actions.answer_desk_signing(
        by=SYSTEM, ticket=taken.ticket, signatures=[], refusal="Sai lớp", now=desk.now
    )
    with pytest.raises(KeyUnavailable, match="not_authorised"):
        desk.key().sign(MESSAGES)
    again = desk.ask()
    assert actions.end_desk_signings(by=SYSTEM, now=desk.now + timedelta(hours=1)) == 0
    assert actions.end_desk_signings(by=SYSTEM, now=desk.now + timedelta(hours=3)) == 1
    again.refresh_from_db()
    assert (again.state, again.messages) == ("refused", [])
    assert Job.objects.filter(task="tests.desk.goes_on").count() == 2


def test_other_content_puts_the_waiting_batch_aside(desk):
    first = desk.ask()
    code = desk.code(first)
    second = desk.ask(messages=[b"else"])
    assert second.pk != first.pk
    with pytest.raises(DeskFault):
        actions.take_desk_signing(by=SYSTEM, code=code, now=desk.now)
    actions.drop_desk_signing(by=desk.actor, reference=desk.reference, now=desk.now)
    assert set(DeskSigning.objects.values_list("state", flat=True)) == {"ended"}


def test_the_hsm_asks_the_file_for_its_pin(desk, settings, tmp_path):
    desk.row.medium, desk.row.key_reference = "hsm", "seal"
    settings.SIGNING_PKCS11_LIBRARY = "/nowhere.so"
    key = queries.key_for(desk.row)
    with pytest.raises(KeyUnavailable, match="no_pin"):
        key.sign([b"x"])
    pin = tmp_path / "pin"
    pin.write_text("246810\n")
    pin.chmod(0o644)
    settings.SIGNING_PKCS11_PIN_FILE = str(pin)
    with pytest.raises(KeyUnavailable, match="not_private"):
        key.sign([b"x"])
    pin.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="token_failed"):
        key.sign([b"x"])


@pytest.mark.skipif(
    not (SOFTHSM and shutil.which("softhsm2-util")), reason="SoftHSM is not installed (apt install softhsm2)"
)
def test_the_program_at_the_desk_signs_with_the_token(desk, client, tmp_path, monkeypatch):
    """In a process of its own: a PKCS#11 library reads its configuration once."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\nlog.level = ERROR\n")
    (tmp_path / "key.pem").write_bytes(
        desk.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    run = lambda *words: subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ)  # noqa: E731
    run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "con-dau",
        "--so-pin",
        "12345678",
        "--pin",
        "246810",
    )
    run(
        "softhsm2-util", "--import", str(tmp_path / "key.pem"), "--token", "con-dau", "--label", "seal", "--id", "0a",
        "--pin", "246810",
    )  # fmt: skip
    code = desk.code(desk.ask())
    _status, batch = post(client, "/api/ky-tai-ban/nhan", {"code": code})
    (tmp_path / "batch.json").write_text(json.dumps(batch))
    answer = run(sys.executable, str(Path(__file__).with_name("at_the_desk.py")), SOFTHSM, str(tmp_path))
    said = json.loads(answer.stdout.splitlines()[-1])
    assert said["outcome"] == 0
    assert "Ký 2 học bạ" in said["shown"]
    assert "Mã PIN không đúng." in said["shown"]
    assert post(client, "/api/ky-tai-ban/tra", said["answer"]) == (200, {"state": "signed", "number": 2})
