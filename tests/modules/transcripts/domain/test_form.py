"""Files in our own form, recognised byte by byte: never another answer than that of parser, schema and tree."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modules.transcripts.content import BY_SUBJECT, PRIMARY, PROFILES, primary_content
from tests.modules.transcripts.content import UUID as NUMBER
from tests.modules.transcripts.written import KINDS
from tests.modules.transcripts.written import people as people_of
from thongsuot.kit.signing.canonical import canonical
from thongsuot.kit.signing.examining import SIGNATURE
from thongsuot.kit.signing.plain import read_plain
from thongsuot.kit.signing.practice import PracticeAuthority
from thongsuot.kit.signing.reading import elements_by_id, path_of, read_xml
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.modules.transcripts.actions.signing import _signed_nodes
from thongsuot.modules.transcripts.domain.chain import parts
from thongsuot.modules.transcripts.domain.document import file_bytes, read_content, transcript_xml, write_data
from thongsuot.modules.transcripts.domain.profile import excludes
from thongsuot.modules.transcripts.queries.layouts import form_of, profiles, schema_of
from thongsuot.modules.transcripts.queries.verification import (
    _by_form,
    _leading,
    check_as_tree,
    check_transcript,
)

SIGNED_AT = datetime(2026, 5, 30, 3, 0, tzinfo=UTC)
AT = SIGNED_AT + timedelta(days=1)
SCHOOL = "Trường Tiểu học Hòa Bình"
SIGNERS = (
    ("homeroom", "Phạm Thị Em", "079185000002"),
    ("leader", "Lê Văn Dũng", "079075000001"),
    ("seal", SCHOOL, ""),
)


@cache
def people():
    since = SIGNED_AT - timedelta(days=100)
    authority = PracticeAuthority("CA", since=since)
    valid = (since, since + timedelta(days=900))
    keys = [authority.key(name, organisation=SCHOOL, valid=valid) for _role, name, _number in SIGNERS]
    return keys, TrustStore([authority.certificate], crls=[authority.crl(at=SIGNED_AT)])


def signed(content, *, roles=SIGNERS, now=SIGNED_AT) -> bytes:
    made = write_data(PRIMARY, content)
    assert made.xml, made.problems
    keys, _trust = people()
    nodes = [
        _signed_nodes(
            [(PRIMARY.code, content["common"]["uuid"], made.xml)],
            role=role,
            personal_id=number,
            key=key,
            now=now,
        )[0]
        for (role, _name, number), key in zip(SIGNERS, keys, strict=True)
        if role in [one[0] for one in roles]
    ]
    return file_bytes(transcript_xml(PRIMARY, made.xml, nodes))


@cache
def whole() -> bytes:
    return signed(primary_content())


def both(data: bytes, at: datetime = AT):
    """(what the form says, what the tree says)"""
    _keys, trust = people()
    return _by_form(data, trust, at), check_as_tree(data, trust=trust, at=at, with_store=False)


def test_our_own_file_is_recognised_and_read_as_the_tree_reads_it():
    by_form, by_tree = both(whole())
    assert by_form == by_tree
    assert (by_form.verdict, by_form.uuid, len(by_form.signatures)) == ("valid", NUMBER, 3)
    assert by_form.content["common"]["current_address"] == "12 Lê Lợi & Pasteur"
    _keys, trust = people()
    assert check_transcript(whole(), trust=trust, at=AT, with_store=False).digest == by_tree.digest


LETTERS = st.sampled_from("aệ Ầ&<>\"'=\t\n]/-.;#\u00a0\u2028\ufeff\ufffd\U0001f600\x7f\x85")
WORDS = st.text(LETTERS, min_size=1, max_size=12)
CHOSEN = (
    "full_name",
    "birth_place",
    "mother_name",
    "father_name",
    "current_address",
    "class_name",
    "leader_position",
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CHOSEN), WORDS.filter(str.strip), max_size=4),
    st.sets(st.sampled_from(("father_name", "homeroom_name", "homeroom_personal_id", "guardian_name"))),
    st.integers(0, 2),
    st.integers(-200, 900),
)
def test_whatever_is_written_and_signed_is_said_alike(said, left_out, roles, days):
    content = primary_content(**said)
    for name in left_out:
        content["common"].pop(name, None)
    data = signed(content, roles=SIGNERS[roles:])
    by_form, by_tree = both(data, SIGNED_AT + timedelta(days=days))
    assert by_form is None or by_form == by_tree
    # Only what begins with a blank, and few rare letters, go the long way.
    if not any(
        value[0] <= " " or value[0] == "&" or "\ufeff" in value or "\ufffd" in value
        for value in said.values()
    ):
        assert by_form is not None or any(value[:1] in "&<>" for value in said.values())


PIECES = (
    b"<", b">", b"&", b"&amp;", b"&#65;", b'"', b"'", b" ", b"\n", b"\r", b"\t", b"/", b"=", b"\0", b"\xff", b"\xc3", b"1", b"A",
    b"<!-- x -->", b"<![CDATA[x]]>", b"<?x y?>", b"<X/>", b"</HO_VA_TEN>", b"<HO_VA_TEN>", b' id="a"', b' xml:lang="vi"',
    b' xmlns="u"', b"\xef\xbf\xbe", b"\xed\xa0\x80", b"\xc2\xa0", b"<!DOCTYPE a>", b"2026-02-30", b"",
    b' Id="a"', b"ds:", b"&#13;", b" />", b"/>", b' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', b":", b"Z", b"=", b"  ",
    b"http://www.w3.org/2001/10/xml-exc-c14n#", b"\xef\xbb\xbf", b"SignatureProperties", b".5",
)  # fmt: skip
ANY_PIECE = st.sampled_from(PIECES) | st.text(max_size=4).map(str.encode)


def holds(file: bytes, layout=PRIMARY) -> bool:
    """Whether it is recognised; then all that a form claims of its files is seen to be true of this one."""
    seen = form_of(layout.code).read(file)
    if seen is None:
        return False
    root = read_xml(file)
    assert schema_of(layout.code).validate(root), schema_of(layout.code).error_log
    assert seen.content == read_content(layout, root[0])
    rows = parts(layout, root[0])
    assert [one[:2] + one[3:] for one in rows] == [one[:2] + one[3:] for one in seen.parts]
    assert [canonical(one.element) for one in rows] == [one.element for one in seen.parts]
    ids = elements_by_id(root)
    signatures = list(root.iter(SIGNATURE))
    plain = [read_plain(each) for each in signatures]
    assert plain == seen.formed.signatures
    assert set(ids) == {name.decode() for name in seen.formed.ids} | {
        name.decode() for each in plain for name in each.ids
    }
    for name, region in seen.formed.regions.items():
        element = ids[name.decode()]
        # A doubled id is refused by whoever verifies.
        assert element is None or (canonical(element), path_of(element)) == (region.content, region.path)
    assert [each.getparent().findtext("NGAY_KY") for each in signatures] == [
        n.findtext("NGAY_KY") for n in seen.nodes
    ]
    return True


@cache
def written(kind: str) -> bytes:
    """A file of each hand, signed with small keys; rows: two subjects."""
    layout, writer = KINDS[kind]
    return writer(layout, people_of("ec"), 1, 2)[0]


def both_of(kind: str, data: bytes, at: datetime = AT):
    trust = people_of("ec").trust
    return _by_form(data, trust, at), check_as_tree(data, trust=trust, at=at, with_store=False)


OTHERS = [kind for kind in KINDS if kind != "own primary"]
RECOGNISED = [kind for kind in KINDS if "XAdES" not in kind]


@pytest.mark.parametrize("kind", OTHERS)
def test_files_of_every_hand_are_valid_in_both_ways(kind):
    by_form, by_tree = both_of(kind, written(kind))
    assert by_tree.verdict == "valid", [one.codes for one in by_tree.signatures]
    assert by_form == (by_tree if kind in RECOGNISED else None)
    # Expired, not known any more, before it was signed: a form only ever says what is good.
    for days in (900, -2):
        by_form, by_tree = both_of(kind, written(kind), AT + timedelta(days=days))
        assert by_tree.verdict != "valid"
        assert by_form is None or by_form == by_tree


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_change_of_a_file_is_said_otherwise_than_by_the_tree(data):
    kind = data.draw(st.sampled_from(RECOGNISED))
    file = written(kind)
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(0, len(file) - 1))
        match data.draw(st.sampled_from(("put", "over", "cut", "double", "move"))):
            case "put":
                file = file[:start] + data.draw(ANY_PIECE) + file[start:]
            case "over":
                piece = data.draw(ANY_PIECE)
                file = file[:start] + piece + file[start + len(piece) :]
            case "cut":
                file = file[:start] + file[start + data.draw(st.integers(1, 400)) :]
            case "double":
                piece = file[start : start + data.draw(st.integers(1, 400))]
                file = file[:start] + piece + file[start:]
            case "move":
                piece = file[start : start + data.draw(st.integers(1, 100))]
                file = file[:start] + file[start + len(piece) :]
                place = data.draw(st.integers(0, len(file)))
                file = file[:place] + piece + file[place:]
    if holds(file, KINDS[kind][0]):
        by_form, by_tree = both_of(kind, file)
        assert by_form is None or by_form == by_tree


@pytest.mark.parametrize("code", [code for code in PROFILES if code != BY_SUBJECT.code])
def test_every_layout_signed_as_a_whole(code):
    """Fields of every type are filled; where a place repeats, several sign one after another in places of one name."""
    layout = PROFILES[code]
    samples = {
        "text": "Lớp 6A & B",
        "number": Decimal("8.5"),
        "date": date(2012, 3, 4),
        "datetime": SIGNED_AT,
        "uuid": NUMBER,
        "personal_id": "079312000012",
        "yes_no": True,
    }
    content: dict[str, Any] = {}
    for section in layout.sections:
        row = {field.source: field.only or samples[field.type] for field in section.fields}
        content[section.key] = [row, row] if section.repeat else row
    level = next(iter(layout.level_codes.values()), layout.level_code)
    content["common"] |= {"level_code": level, "school_name": SCHOOL}
    made = write_data(layout, content)
    keys, _trust = people()
    nodes = [
        _signed_nodes(
            [(layout.code, NUMBER, made.xml)],
            role=signer.role,
            personal_id="079185000002",
            key=keys[2],
            now=SIGNED_AT,
            places=[place],
        )[0]
        for signer in layout.signers
        for place in (("-1", "-2") if signer.repeat else ("",))
    ]
    by_form, by_tree = both(file_bytes(transcript_xml(layout, made.xml, nodes)))
    assert by_form == by_tree
    assert (by_form.profile, len(by_form.signatures)) == (code, len(nodes))


def _twice(file: bytes, start: bytes, end: bytes) -> bytes:
    first = file.index(start)
    piece = file[first : file.index(end, first) + len(end)]
    return file.replace(piece, piece + piece, 1)


@pytest.mark.parametrize(
    "attack",
    [
        lambda file: file.replace(b"<HO_VA_TEN>Nguy", b"<HO_VA_TEN>Ngay"),
        lambda file: file.replace(NUMBER.encode(), str(UUID(int=4 << 76 | 8 << 60)).encode()),
        lambda file: file.replace(b'<NGAY_KY id="GVCN', b'<NGAY_KY id="GVCX'),
        lambda file: file.replace(b'<NGAY_KY id="GVCN', b'<NGAY_KY id="CBQL'),
        lambda file: _twice(file, b"<DU_LIEU_HOC_BA", b"</DU_LIEU_HOC_BA>"),
        lambda file: _twice(file, b"<GVCN ", b"</GVCN>"),
        lambda file: _twice(file, b"<BANG_DIEM>", b"</BANG_DIEM>"),
        lambda file: _twice(file, b"<Signature ", b"</Signature>"),
        lambda file: _twice(file, b"<SO_CCCD id", b"</SO_CCCD>"),
        lambda file: file.replace(b">079185000002</SO_CCCD><Sig", b">079185000003</SO_CCCD><Sig"),
        lambda file: file.replace(b"rsa-sha256", b"hmac-sha256").replace(b"ecdsa-sha256", b"hmac-sha256"),
        lambda file: file.replace(b"<HOC_BA>", b"<!DOCTYPE a [<!ENTITY l 'x'>]><HOC_BA>"),
        lambda file: file.replace(b"2026-05-30T10:00:00", b"2026-05-30T11:00:00"),
        lambda file: file.replace(b"<DU_LIEU_HOC_BA id", b'<DU_LIEU_HOC_BA xmlns:x="../x" id'),
        lambda file: file.replace(b"<SigningTime xmlns=", b'<SigningTime xmlns:x="x" xmlns='),
        lambda file: file.replace(b"<Signature xmlns=", b'<Signature xmlns:x="x" xmlns='),
    ],
)
def test_attacks_are_refused_in_both_ways(attack):
    file = attack(whole())
    assert file != whole()
    by_form, by_tree = both(file)
    assert by_tree.verdict == "invalid"
    assert by_form is None or by_form == by_tree


def _between_rows(file: bytes, piece: bytes) -> bytes:
    """`piece` of the first subject's row takes the place of that of the second."""
    first, second = re.findall(piece, file, re.DOTALL)[:2]
    return file.replace(second, first, 1)


@pytest.mark.parametrize("kind", ["own secondary, signed row by row", "secondary row by row, by xmlsec1"])
@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (lambda file: file.replace(b"<DIEM>8.8<", b"<DIEM>9.8<", 1), "altered"),
        (lambda file: file.replace(b"<DIEM_HK1>8.5<", b"<DIEM_HK1>08.5<", 1), "altered"),
        (lambda file: _twice(file, b"<BANG_DIEM id", b"</BANG_DIEM>"), "duplicate_id"),
        (lambda file: _twice(file, b"<GVBM id", b"</GVBM>"), "duplicate_id"),
        (lambda file: _between_rows(file, rb"<GVBM .*?</GVBM>"), "duplicate_id"),
        (lambda file: _between_rows(file, rb"<(?:ds:)?Signature .*?</(?:ds:)?Signature>"), "duplicate_id"),
        (lambda file: _between_rows(file, rb'BANG_DIEM id="[^"]*"'), "duplicate_id"),
        (lambda file: re.sub(rb"<GVBM .*?</GVBM>", b"", file, count=1, flags=re.DOTALL), None),
        (
            lambda file: file.replace(b"sha256</ds", b"sha1</ds").replace(b"xmlenc#sha256", b"xmldsig#sha1"),
            None,
        ),
        (lambda file: file.replace("Thứ 0<".encode(), "Thứ 1<".encode(), 1), "altered"),
        (lambda file: file.replace(b"<BANG_DIEM", b'<BANG_DIEM xmlns:x="u:x"', 1), "altered"),
        (lambda file: file.replace(b"<HOC_BA>", b"<HOC_BA><!DOCTYPE x>", 1), None),
    ],
)
def test_what_forgers_do_to_rows_is_refused_in_both_ways(kind, attack, reason):
    file = attack(written(kind))
    assert file != written(kind)
    by_form, by_tree = both_of(kind, file)
    assert by_tree.verdict == "invalid"
    assert by_form is None or by_form == by_tree
    trust = people_of("ec").trust
    said = check_transcript(file, trust=trust, at=AT, with_store=False)
    assert said == by_tree
    if reason:
        assert reason in {code for one in said.signatures for code in one.codes}


def test_each_layout_is_tried_where_no_other_could_be_meant():
    """Every layout of the installation is recognised by its form; of two, none fits the other's schema."""
    named = {(one.level_code or "2", one.fixed.get("kind", "")) for one in profiles().values()}
    assert {one.code for level, kind in named for one in _leading(level, kind)} == set(profiles())
    for kind in RECOGNISED:
        layout, file = KINDS[kind][0], written(kind)
        assert [one.code for one in profiles().values() if holds(file, one)] == [layout.code]
        for other in profiles().values():
            if other.code != layout.code and excludes(other, layout):
                assert not schema_of(other.code).validate(read_xml(file))


def test_the_form_is_narrower_than_the_schema():
    form = form_of(PRIMARY.code)
    seen = form.read(whole())
    assert seen.content["common"]["full_name"] == "Nguyễn Thị Ánh"
    # Good for the schema, and read by the tree.
    for other in (
        whole().replace(b"<HOC_BA>", b"<HOC_BA >"),
        whole().replace(b"<HOC_BA>", b"<HOC_BA><!-- x -->"),
        whole().replace("Ánh".encode(), b"<![CDATA[" + "Ánh".encode() + b"]]>"),
        whole().replace("Ánh".encode(), b"&#193;nh"),
        whole().replace(b"&amp; Pasteur", b"&#38; Pasteur"),
        whole().replace(b"\n<HOC_BA>", b"\r\n<HOC_BA>"),
        whole().replace(b"<HOC_BA>", b"<HOC_BA xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>", 1),
    ):
        assert form.read(other) is None
        by_form, by_tree = both(other)
        assert by_form is None
        # A namespace that canonical XML would carry into every signed part.
        assert by_tree.verdict == ("invalid" if b"xmlns:xsi" in other else "valid")
    # What is written otherwise where nobody signs it, and the same to canonical XML.
    for other in (
        whole().replace(b"/></Transforms>", b"></Transform></Transforms>"),
        whole().replace(b'encoding="UTF-8"?>\n', b'encoding="UTF-8"?>'),
        whole().replace(b'<?xml version="1.0" encoding="UTF-8"?>\n', b"\xef\xbb\xbf"),
        whole() + b"\n",
        whole().replace(b"<KeyInfo><X509Data>", b"<KeyInfo>\n\t<X509Data>  "),
        whole().replace(b"</X509SubjectName>", b"</X509SubjectName><X509SKI>AAAA</X509SKI>"),
    ):
        assert other != whole()
        by_form, by_tree = both(other)
        assert by_form == by_tree
        assert by_form.verdict == "valid"
