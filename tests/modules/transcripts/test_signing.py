"""From a closed year to an issued transcript: made once, signed as shown, checked by our own and by xmlsec1."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from lxml import etree

from tests.modules.transcripts.world import NOW, SINCE, UNTIL, issue_key
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.signing.certificates import identity_of
from thongsuot.kit.signing.types import Verdict
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import SigningSession, Supplement, Transcript, TranscriptSignature
from thongsuot.modules.transcripts.types import SigningRefused, TranscriptStep


def built(world, **changes):
    return actions.initialise_class(
        by=world.actors["office"], school_class=world.school_class, records=world.records(**changes), now=NOW
    )


def sign(world, role, who, now=NOW, rows=None):
    ids = [one.pk for one in (rows or Transcript.objects.exclude(state="discarded"))]
    session = actions.open_session(by=world.actors[who], role=role, transcript_ids=ids, now=now)
    left = 1
    while left:
        _signed, left = actions.sign_portion(by=world.actors[who], session=session, now=now, most=2)
    return session


def issued(world):
    assert built(world).made == len(world.students)
    for role, who in (("homeroom", "teacher"), ("leader", "leader"), ("seal", "leader")):
        sign(world, role, who)
    return list(Transcript.objects.order_by("sort_key", "pk"))


def test_the_whole_chain(world, tmp_path):
    rows = issued(world)
    assert [row.state for row in rows] == ["issued"] * 3
    assert len({row.uuid for row in rows}) == 3
    assert TranscriptSignature.objects.count() == 9
    data = queries.file_of(rows[0])
    check = queries.check_transcript(data, at=NOW)
    assert check.faults == check.missing == ()
    assert [(s.role, s.signer, s.verdict, s.reasons) for s in check.signatures] == [
        ("homeroom", "Phạm Thị Em", Verdict.VALID, ()),
        ("leader", "Lê Văn Dũng", Verdict.VALID, ()),
        ("seal", "Trường Tiểu học Hòa Bình", Verdict.VALID, ()),
    ]
    assert check.verdict == Verdict.VALID
    assert check.uuid == str(rows[0].uuid)
    assert check.content["common"]["current_address"] == "12 Lê Lợi & Pasteur"
    assert check.content["summary"]["result"] == "Hoàn thành tốt"
    assert check.content["history"][0]["class_name"] == "3A"
    assert check.content["common"]["mother_name"] == "Trần Thị Cúc"
    # Nothing of it lies readable in the database.
    number = check.content["common"]["personal_id"].encode()
    assert number not in bytes(rows[0].data_sealed)
    if shutil.which("xmlsec1"):
        path, root = tmp_path / "hb.xml", tmp_path / "trust" / "root.pem"
        path.write_bytes(data)
        for tag in ("GVCN", "CBQL", "KY_PHAT_HANH"):
            ran = subprocess.run(
                ["xmlsec1", "--verify", "--id-attr:id", "DU_LIEU_HOC_BA", "--id-attr:id", "NGAY_KY",
                 "--id-attr:id", "SO_CCCD", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object",
                 "--trusted-pem", str(root), "--verification-gmt-time", "2026-06-02 02:00:00",
                 "--node-xpath", f"//{tag}/*[local-name()='Signature']", str(path)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert ran.returncode == 0, ran.stderr


def test_made_once_and_gaps_are_told(world):
    Supplement.objects.filter(student=world.students[1]).update(weight=None)
    first = built(world)
    assert (first.made, first.kept) == (2, 0)
    assert [(u.name, [p.where for p in u.problems]) for u in first.unready] == [
        ("Nguyễn Thị Ánh 1", ["Cân nặng"])
    ]
    again = built(world)
    assert (again.made, again.kept, len(again.unready)) == (0, 2, 1)
    Supplement.objects.filter(student=world.students[1]).update(weight=30)
    assert built(world).made == 1


@pytest.mark.parametrize("change", [{"is_locked": False}, {"is_stale": True}, {"outcome": "undecided"}])
def test_an_open_year_makes_no_transcript(world, change):
    found = built(world, **change)
    assert found.made == 0
    assert len(found.unready) == 3


def test_only_the_school_makes_its_transcripts(world):
    for who in ("officer", "teacher", "chief"):
        with pytest.raises(NotAllowed):
            actions.initialise_class(
                by=world.actors[who], school_class=world.school_class, records=world.records(), now=NOW
            )


def test_who_may_not_sign(world):
    built(world)
    rows = list(Transcript.objects.all())
    ids = [row.pk for row in rows]

    def refused(error, who, role, **more):
        with pytest.raises(error):
            actions.open_session(
                by=world.actors[who], role=role, **{"transcript_ids": ids, "now": NOW, **more}
            )

    refused(NotAllowed, "office", "homeroom")
    refused(NotAllowed, "teacher", "leader")
    refused(NotAllowed, "officer", "seal")
    refused(TranscriptStep, "leader", "seal")
    refused(NotAllowed, "leader", "leader", transcript_ids=[*ids, 10**9])
    refused(NotAllowed, "leader", "leader", transcript_ids=[])
    # An expired certificate signs nothing.
    refused(SigningRefused, "leader", "leader", now=NOW + timedelta(days=1200))
    assert not SigningSession.objects.exists()


def test_another_principal_than_the_named_one(world):
    built(world)
    type(world.leader).objects.filter(pk=world.leader.pk).update(
        personal_id_sealed=world.teacher.personal_id_sealed
    )
    ids = list(Transcript.objects.values_list("pk", flat=True))
    with pytest.raises(SigningRefused, match="người ký khác"):
        actions.open_session(by=world.actors["leader"], role="leader", transcript_ids=ids, now=NOW)


def test_a_session_goes_on_where_it_stopped_and_signs_nothing_twice(world):
    built(world)
    ids = list(Transcript.objects.values_list("pk", flat=True))
    session = actions.open_session(by=world.actors["teacher"], role="homeroom", transcript_ids=ids, now=NOW)
    assert actions.sign_portion(by=world.actors["teacher"], session=session, now=NOW, most=2) == (2, 1)
    with pytest.raises(NotAllowed):
        actions.sign_portion(by=world.actors["leader"], session=session, now=NOW)
    # Thrown away after the list was shown: left out.
    last = Transcript.objects.get(state="initialised")
    actions.discard(by=world.actors["office"], transcript=last, reason="Sai tên", now=NOW)
    assert actions.sign_portion(by=world.actors["teacher"], session=session, now=NOW) == (0, 0)
    session.refresh_from_db()
    assert session.state == "done"
    assert actions.sign_portion(by=world.actors["teacher"], session=session, now=NOW) == (0, 0)
    assert TranscriptSignature.objects.count() == 2


def test_another_certificate_than_was_authorised(world):
    built(world)
    ids = list(Transcript.objects.values_list("pk", flat=True))
    session = actions.open_session(by=world.actors["teacher"], role="homeroom", transcript_ids=ids, now=NOW)
    issue_key(world, "Phạm Thị Em", staff=world.teacher, valid=(SINCE + timedelta(days=1), UNTIL))
    with pytest.raises(SigningRefused, match="đã đổi"):
        actions.sign_portion(by=world.actors["teacher"], session=session, now=NOW)
    assert not TranscriptSignature.objects.exists()


def test_a_discarded_version_keeps_its_number_and_uuid(world):
    built(world)
    first = Transcript.objects.order_by("pk").first()
    actions.discard(by=world.actors["office"], transcript=first, reason="Sai", now=NOW)
    assert built(world).made == 1
    second = Transcript.objects.get(student=first.student, state="initialised")
    assert (second.version, second.uuid != first.uuid) == (2, True)
    with pytest.raises(TranscriptStep):
        actions.discard(by=world.actors["office"], transcript=first, reason="", now=NOW)


@pytest.mark.parametrize("table", ["data_sealed", "uuid", "version"])
def test_the_database_refuses_to_overwrite(world, table):
    from django.db import ProgrammingError, transaction

    built(world)
    row = Transcript.objects.first()
    value = {"data_sealed": b"x", "uuid": world.students[0].public_id, "version": 9}[table]
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transcript.objects.filter(pk=row.pk).update(**{table: value})


def swapped(data, **values):
    root = etree.fromstring(data)
    for tag, value in values.items():
        root[0][0].find(tag).text = value
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def test_what_forgers_do(world):
    rows = issued(world)
    good = queries.file_of(rows[0])
    other = etree.fromstring(queries.file_of(rows[1]))

    changed = queries.check_transcript(swapped(good, HO_VA_TEN="Nguyễn Thị Giả"), at=NOW)
    assert changed.verdict == Verdict.INVALID
    assert all("altered" in s.codes for s in changed.signatures)

    # The signatures of one pupil under the data of another.
    root = etree.fromstring(good)
    root.replace(root[1], other[1])
    assert queries.check_transcript(etree.tostring(root), at=NOW).verdict == Verdict.INVALID

    # A second data part beside the signed one.
    root = etree.fromstring(good)
    root.insert(0, etree.fromstring(etree.tostring(root[0]).replace(b"DL-", b"XX-")))
    assert queries.check_transcript(etree.tostring(root), at=NOW).verdict == Verdict.INVALID

    # The seal cut off.
    root = etree.fromstring(good)
    root[1].remove(root[1][2])
    cut = queries.check_transcript(etree.tostring(root), at=NOW)
    assert cut.missing == ("Ký phát hành (chứng thư số của trường)",)
    assert cut.verdict == Verdict.INVALID

    # The principal's signature put into the teacher's place.
    root = etree.fromstring(good)
    root[1][0].replace(root[1][0][2], root[1][1][2])
    assert queries.check_transcript(etree.tostring(root), at=NOW).verdict == Verdict.INVALID

    for bad in (b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><HOC_BA>&b;</HOC_BA>", good[:200]):
        found = queries.check_transcript(bad)
        assert found.verdict == Verdict.INVALID
        assert found.faults


def test_a_certificate_of_somebody_else_in_the_role(world):
    # A sound key of a trusted authority, but of another person than the transcript names.
    issue_key(world, "Người Khác", staff=world.leader, valid=(SINCE + timedelta(days=1), UNTIL))
    rows = issued(world)
    check = queries.check_transcript(queries.file_of(rows[0]), at=NOW)
    assert [s.codes for s in check.signatures] == [(), ("other_person",), ()]
    assert check.verdict == Verdict.INVALID


def test_a_revoked_certificate(world, tmp_path):
    from cryptography.hazmat.primitives.serialization import Encoding

    row = issue_key(world, "Lê Văn Dũng", staff=world.leader, valid=(SINCE + timedelta(days=1), UNTIL))
    world.authority.revoke(identity_of(row.der).certificate, NOW - timedelta(days=3))
    (tmp_path / "trust" / "root.crl").write_bytes(world.authority.crl(at=NOW).public_bytes(Encoding.DER))
    rows = issued(world)
    check = queries.check_transcript(queries.file_of(rows[0]), at=NOW)
    assert check.signatures[1].codes == ("revoked",)
    assert check.verdict == Verdict.INVALID


def test_an_unknown_authority_is_never_good(world, settings):
    rows = issued(world)
    for file in (settings.VAR_DIR / "trust").iterdir():
        file.unlink()
    check = queries.check_transcript(queries.file_of(rows[0]), at=NOW)
    assert check.verdict == Verdict.INDETERMINATE
    assert not check.is_good
