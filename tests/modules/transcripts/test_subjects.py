"""Subject teachers sign their own rows: one authorisation for all, each signature over its row and its time alone."""

import subprocess
from datetime import timedelta

import pytest
from lxml import etree

from tests.modules.transcripts.flow import build, sign
from tests.modules.transcripts.secondary import secondary
from tests.modules.transcripts.world import NOW, SINCE, UNTIL, issue_key
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.signing.types import Verdict
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import SchoolStanding, Transcript, TranscriptSignature
from thongsuot.modules.transcripts.queries.layouts import schema_of
from thongsuot.modules.transcripts.types import SigningRefused, TranscriptStep

DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture
def class_8a(world):
    made = secondary(world)
    assert build(made).made == 2
    return made


def keys_of(lists):
    return [(row.transcript.pk, row.place) for one in lists for row in one.rows]


def sign_parts(world, who, *, keys=None, now=NOW, most=3):
    actor = world.actors[who]
    keys = keys or keys_of(queries.part_lists(actor, unit_id=world.school.pk))
    session = actions.open_part_session(by=actor, parts=keys, now=now)
    left = 1
    while left:
        _signed, left = actions.sign_portion(by=actor, session=session, now=now, most=most)
    return session


def all_parts(world):
    for who in ("maths", "letters", "leader"):
        sign_parts(world, who)


def issued(world):
    all_parts(world)
    for role, who in (("homeroom", "teacher"), ("leader", "leader"), ("seal", "office")):
        sign(world, role, who)
    return list(Transcript.objects.order_by("sort_key", "pk"))


def standing(world):
    row = SchoolStanding.objects.get(unit=world.school, school_year=world.year)
    return row.at_subject, row.at_homeroom, row.at_leader, row.at_seal, row.at_sending


def test_each_is_shown_his_own_rows_and_signs_them_at_once(class_8a):
    world = class_8a
    lists = queries.part_lists(world.actors["maths"], unit_id=world.school.pk)
    assert [(one.name, len(one.rows)) for one in lists] == [("Toán", 2), ("Tin học", 2)]
    assert lists[0].headings == [
        "Điểm trung bình học kỳ I", "Điểm trung bình học kỳ II", "Điểm trung bình cả năm",
        "Nhận xét của giáo viên bộ môn",
    ]  # fmt: skip
    assert lists[0].rows[0].cells == ["8,5", "8,5", "8,5", "Tiến bộ môn Toán."]
    # The one in post when the year ended, not the one before; the leader for the one who left the school.
    assert keys_of(queries.part_lists(world.actors["early"], unit_id=world.school.pk)) == []
    for who, name in (("letters", "Ngữ văn"), ("leader", "Âm nhạc")):
        (found,) = queries.part_lists(world.actors[who], unit_id=world.school.pk)
        assert found.name == name
    # Of another's pupil nothing else is seen.
    assert queries.transcript(world.actors["maths"], Transcript.objects.first().uuid) is None
    assert standing(world) == (2, 0, 0, 0, 0)
    session = sign_parts(world, "maths")
    assert (session.size, TranscriptSignature.objects.filter(session=session).count()) == (4, 4)
    assert queries.part_lists(world.actors["maths"], unit_id=world.school.pk) == []
    assert queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk) == []
    ids = list(Transcript.objects.values_list("pk", flat=True))
    with pytest.raises(TranscriptStep):
        actions.open_session(by=world.actors["teacher"], role="homeroom", transcript_ids=ids, now=NOW)
    sign_parts(world, "letters")
    assert standing(world) == (2, 0, 0, 0, 0)
    sign_parts(world, "leader")
    assert standing(world) == (0, 2, 0, 0, 0)
    assert len(queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk)) == 2


def test_the_file_names_each_signer_and_others_verify_it(class_8a, tmp_path):
    world = class_8a
    row = issued(world)[0]
    assert standing(world) == (0, 0, 0, 0, 2)
    data = queries.file_of(row)
    check = queries.check_transcript(data, at=NOW)
    assert (check.faults, check.missing, check.verdict) == ((), (), Verdict.VALID)
    assert {one.label: one.signer for one in check.signatures} == {
        "Giáo viên bộ môn (Toán)": "Vũ Thị Toán",
        "Giáo viên bộ môn (Tin học)": "Vũ Thị Toán",
        "Giáo viên bộ môn (Ngữ văn)": "Đỗ Văn Văn",
        "Giáo viên bộ môn (Âm nhạc)": "Lê Văn Dũng",
        "Giáo viên chủ nhiệm": "Phạm Thị Em",
        "Cán bộ quản lý": "Lê Văn Dũng",
        "Ký phát hành (chứng thư số của trường)": "Trường Tiểu học Hòa Bình",
    }
    root = etree.fromstring(data)
    assert schema_of(row.profile).validate(root), schema_of(row.profile).error_log
    # Over its row, its moment, its number and its signing time: nothing else.
    for node in root[1].findall("GVBM"):
        uris = [one.get("URI") for one in node.iter(f"{DS}Reference")]
        name = node.get("id")
        place = name.rsplit("-", 1)[1]
        assert uris[:3] == [f"#BANG_DIEM-{row.uuid}-{place}", f"#{name}-NK", f"#{name}-SC"]
        assert len(uris) == 4
    # xmlsec1 agrees on every one of them.
    trusted = tmp_path / "trust" / "root.pem"
    file = tmp_path / "hb.xml"
    file.write_bytes(data)
    for element in root.iter(f"{DS}Signature"):
        told = subprocess.run(
            [
                "xmlsec1", "--verify", "--trusted-pem", str(trusted), "--verification-gmt-time",
                "2026-06-02 02:00:00", "--id-attr:id", "BANG_DIEM", "--id-attr:id", "DU_LIEU_HOC_BA",
                "--id-attr:id", "NGAY_KY", "--id-attr:id", "SO_CCCD", "--id-attr:Id", "SignatureProperties",
                "--id-attr:Id", "Object", "--id-attr:Id", "Signature", "--node-id", element.get("Id"), str(file),
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
    words = queries.typeset_transcript(row, data)
    assert words.startswith(b"%PDF-")


def test_what_forgers_do_to_rows(class_8a):
    rows = issued(class_8a)
    good, other = (queries.file_of(row) for row in rows)

    def check(change):
        root = etree.fromstring(good)
        change(root)
        return queries.check_transcript(etree.tostring(root), at=NOW)

    def first(root, place="mathematics"):
        return next(one for one in root[1].findall("GVBM") if one.get("id").endswith(place))

    def cut(root):
        root[1].remove(first(root))

    def doubled(root):
        again = etree.fromstring(etree.tostring(first(root)).replace(b"GVBM-", b"GVBX-"))
        root[1].insert(0, again)

    def of_another_pupil(root):
        theirs = first(etree.fromstring(other))
        root[1].replace(first(root), theirs)

    def mark_changed(root):
        root[0].find("BANG_DIEM").find("DIEM").text = "10"

    def of_another_subject(root):
        a, b = first(root), first(root, "literature")
        a.replace(a[2], b[2])

    assert check(lambda root: None).verdict == Verdict.VALID
    assert check(cut).missing == ("Giáo viên bộ môn (Toán)",)
    for change in (cut, doubled, of_another_pupil, mark_changed, of_another_subject):
        assert check(change).verdict == Verdict.INVALID, change.__name__
    altered = check(mark_changed)
    assert {one.label for one in altered.signatures if "altered" in one.codes} == {
        "Giáo viên bộ môn (Toán)", "Giáo viên chủ nhiệm", "Cán bộ quản lý",
        "Ký phát hành (chứng thư số của trường)",
    }  # fmt: skip


def test_a_key_of_somebody_else_for_a_row(class_8a):
    world = class_8a
    maths = Transcript.objects.first().place_staff[0]
    member = type(world.teacher).objects.get(pk=maths)
    issue_key(world, "Người Khác", staff=member, valid=(SINCE + timedelta(days=1), UNTIL))
    row = issued(world)[0]
    found = {
        one.place: one.codes for one in queries.check_transcript(queries.file_of(row), at=NOW).signatures
    }
    assert found["mathematics"] == ("other_person",)
    assert found["literature"] == ()


def test_who_may_not_sign_rows(class_8a):
    world = class_8a
    lists = queries.part_lists(world.actors["maths"], unit_id=world.school.pk)
    keys = keys_of(lists)

    def refused(error, who, keys, **more):
        with pytest.raises(error):
            actions.open_part_session(by=world.actors[who], parts=keys, **{"now": NOW, **more})

    refused(NotAllowed, "letters", [(10**9, "literature")])
    refused(SigningRefused, "letters", keys)  # the rows name another
    refused(NotAllowed, "office", keys)
    refused(NotAllowed, "early", keys)
    refused(TranscriptStep, "maths", [(keys[0][0], "physics")])
    refused(NotAllowed, "maths", [])
    with pytest.raises(SigningRefused):
        actions.open_session(by=world.actors["maths"], role="subject", transcript_ids=[keys[0][0]], now=NOW)
    sign_parts(world, "maths", keys=keys[:1])
    refused(TranscriptStep, "maths", keys)  # one of them is signed
    assert len(keys_of(queries.part_lists(world.actors["maths"], unit_id=world.school.pk))) == 3


def test_rows_thrown_away_after_they_were_shown_are_left_out(class_8a):
    world = class_8a
    actor = world.actors["maths"]
    keys = keys_of(queries.part_lists(actor, unit_id=world.school.pk))
    session = actions.open_part_session(by=actor, parts=keys, now=NOW)
    gone = Transcript.objects.get(pk=keys[0][0])
    actions.discard(by=world.actors["office"], transcript=gone, reason="Sai tên", now=NOW)
    assert actions.sign_portion(by=actor, session=session, now=NOW) == (2, 0)
    assert standing(world)[0] == 1
    # The next version has its own rows.
    assert build(world).made == 1
    assert standing(world)[0] == 2
