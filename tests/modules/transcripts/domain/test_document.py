"""The XML of a transcript against the specification's own list of tags, the XSD, and what may not be written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.modules.transcripts.content import (
    BY_SUBJECT,
    DATA,
    PRIMARY,
    PROFILES,
    SECONDARY,
    SPEC_TAGS,
    UUID,
    primary_content,
    tags_of,
)
from thongsuot.modules.transcripts.domain.document import (
    batch_xml,
    changes,
    data_id,
    file_bytes,
    node_id,
    open_node,
    read_content,
    signed_ids,
    transcript_xml,
    write_data,
)
from thongsuot.modules.transcripts.domain.profile import load_profiles, profile_in_force
from thongsuot.modules.transcripts.domain.schema import schema
from thongsuot.modules.transcripts.domain.values import Unwritable, moment, number, read_date, text
from thongsuot.modules.transcripts.types import TranscriptFault

SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'


def xsd(profile):
    return etree.XMLSchema(etree.fromstring(schema(profile).encode()))


@pytest.fixture(scope="module")
def rules():
    return xsd(PRIMARY)


def parsed(content):
    made = write_data(PRIMARY, content)
    assert made.problems == ()
    return etree.fromstring(file_bytes(transcript_xml(PRIMARY, made.xml)))


def faults(rules, root):
    rules.validate(root)
    return [error.message for error in rules.error_log]


@pytest.mark.parametrize("section", SPEC_TAGS)
def test_tags_are_those_of_the_text_in_its_order_and_spelling(section):
    assert tags_of(PRIMARY, section) == SPEC_TAGS[section].split()


def test_misspelt_tags_stay_misspelt():
    assert {"THONG_SO_BUOI_NGHI_KHONG_PHEP*", "NANG_LUC_GIAO_TIEP_HOC_TAC*"} <= {
        tag for section in SPEC_TAGS for tag in tags_of(PRIMARY, section)
    }


@pytest.mark.parametrize("code", sorted(PROFILES))
def test_kept_schema_is_the_product_of_the_layout(code):
    assert (DATA / f"{code}.xsd").read_text(encoding="utf-8") == schema(PROFILES[code])
    xsd(PROFILES[code])


def test_a_whole_transcript_validates_and_reads_back(rules):
    root = parsed(primary_content())
    assert faults(rules, root) == []
    found = read_content(PRIMARY, root[0])
    assert found["common"]["full_name"] == "Nguyễn Thị Ánh"
    assert found["common"]["birth_date"] == "2017-03-04T00:00:00+07:00"
    assert found["common"]["current_address"] == "12 Lê Lợi & Pasteur"
    assert found["common"]["weight"] == "27.5"
    assert "guardian_name" not in found["common"]
    assert [row["subject_code"] for row in found["subjects"]] == ["vietnamese", "mathematics", "ethics"]
    assert found["summary"]["is_promoted"] == "1"


def test_signature_nodes_validate_in_the_order_of_the_chain(rules):
    data = write_data(PRIMARY, primary_content()).xml
    at = datetime(2026, 5, 30, 1, tzinfo=UTC)
    nodes = [
        open_node(one, UUID, signed_at=at, personal_id="079185000002").replace(
            f"</{one.tag}>", f"{SIGNATURE}</{one.tag}>"
        )
        for one in PRIMARY.signers
    ]
    assert "2026-05-30T08:00:00+07:00" in nodes[0]
    assert "SO_CCCD" not in nodes[2]
    root = etree.fromstring(file_bytes(transcript_xml(PRIMARY, data, nodes)))
    assert faults(rules, root) == []
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for signer in PRIMARY.signers:
        assert set(signed_ids(PRIMARY, signer, UUID)) <= ids
    swapped = etree.fromstring(file_bytes(transcript_xml(PRIMARY, data, nodes[::-1])))
    assert faults(rules, swapped) != []


def test_a_batch_validates_and_no_id_stands_twice(rules):
    other = "5d3c1f60-95a7-4c0e-8f55-6f0a7b8c9d01"
    both = [
        transcript_xml(PRIMARY, write_data(PRIMARY, primary_content(uuid=uuid)).xml) for uuid in (UUID, other)
    ]
    root = etree.fromstring(file_bytes(batch_xml(PRIMARY, "DS-1", both)))
    assert faults(rules, root) == []
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids == ["DS-1", data_id(UUID), data_id(other)]
    assert node_id(UUID, "CBQL") != node_id(other, "CBQL")


def test_every_gap_is_told_at_once_with_the_words_people_know():
    content = primary_content(weight=None, personal_id="123", mother_name="  ")
    content["subjects"][1]["level"] = None
    del content["summary"]["homeroom_remark"]
    made = write_data(PRIMARY, content)
    assert made.xml == ""
    assert [(p.tag, p.where, p.reason) for p in made.problems] == [
        ("SO_CCCD", "Số định danh cá nhân", "số định danh cá nhân gồm 12 chữ số"),
        ("CAN_NANG", "Cân nặng", "chưa có"),
        ("HO_VA_TEN_ME", "Họ và tên mẹ", "chưa có"),
        ("NHAN_XET_GVCN", "Nhận xét của giáo viên chủ nhiệm", "chưa có"),
        ("MUC_DAT_DUOC", "Mức đạt được (Toán)", "chưa có"),
    ]
    assert write_data(PRIMARY, {**primary_content(), "subjects": []}).problems[0].tag == "BANG_DIEM"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda r: r[0][0].remove(r[0][0].find("SO_CCCD")), "SO_CCCD"),
        (lambda r: r[0][0].append(etree.Element("LA")), "LA"),
        (lambda r: setattr(r[0][0].find("SO_CCCD"), "text", "12345678901a"), "SO_CCCD"),
        (lambda r: setattr(r[0][0].find("NGAY_SINH"), "text", "31/13/2017"), "NGAY_SINH"),
        (lambda r: setattr(r[0][0].find("MA_TRA_CUU_UUID"), "text", UUID.replace("-4d", "-1d")), "UUID"),
        (lambda r: setattr(r[0][0].find("HO_VA_TEN"), "text", "  "), "HO_VA_TEN"),
        (lambda r: setattr(r[0][0].find("CAN_NANG"), "text", "27.50001"), "CAN_NANG"),
        (lambda r: setattr(r[0][0].find("NGAY_TAO_HOC_BA"), "text", "2026-05-29T08:30:00"), "NGAY_TAO"),
    ],
)
def test_the_schema_refuses(rules, change, names):
    root = parsed(primary_content())
    change(root)
    said = faults(rules, root)
    assert said
    assert names in said[0]


def test_the_schema_accepts_the_other_form_of_a_birth_date(rules):
    root = parsed(primary_content())
    root[0][0].find("NGAY_SINH").text = "04/03/2017"
    assert faults(rules, root) == []


@pytest.mark.parametrize("hidden", ["<!-- -->", "<?x y?>", "<b/>"])
def test_a_value_cut_in_two_is_not_read(hidden):
    xml = write_data(PRIMARY, primary_content()).xml.replace("Thị Ánh", f"Thị{hidden} Ánh")
    with pytest.raises(TranscriptFault, match="HO_VA_TEN"):
        read_content(PRIMARY, etree.fromstring(xml))


def test_what_a_replacement_says_otherwise():
    def read(content):
        return read_content(PRIMARY, parsed(content)[0])

    changed = primary_content(uuid="5d3c1f60-95a7-4c0e-8f55-6f0a7b8c9d01", full_name="Nguyễn Thị Anh")
    changed["subjects"][0]["mark"] = Decimal(8)
    changed["subjects"].pop()
    found = changes(PRIMARY, read(primary_content()), read(changed))
    assert [(c.field, c.row, c.before, c.after) for c in found] == [
        ("Họ và tên", "", "Nguyễn Thị Ánh", "Nguyễn Thị Anh"),
        ("Điểm kiểm tra định kỳ", "Tiếng Việt", "9", "8"),
        ("Mã môn học", "Đạo đức", "ethics", ""),
        ("Tên môn học", "Đạo đức", "Đạo đức", ""),
        ("Mức đạt được", "Đạo đức", "H", ""),
    ]


def test_the_layout_in_force():
    def of(level, year):
        found = profile_in_force(PROFILES.values(), level=level, first_year=year)
        return found and found.code

    assert of("primary", 2025) == PRIMARY.code
    assert of("primary", 2022) is None
    assert of("upper_secondary", 2024) == SECONDARY.code
    assert of("upper_secondary", 2025) == BY_SUBJECT.code
    newer = SECONDARY.model_copy(
        update={"code": "tt70", "applies": (SECONDARY.applies[0].model_copy(update={"from_year": 2026}),)}
    )
    both = [*PROFILES.values(), newer]
    assert profile_in_force(both, level="lower_secondary", first_year=2026) is newer
    assert profile_in_force(both, level="lower_secondary", first_year=2025) is BY_SUBJECT


def test_a_faulty_layout_is_named_by_file_and_field(tmp_path):
    whole = (DATA / f"{PRIMARY.code}.json").read_text(encoding="utf-8")
    (tmp_path / "a.json").write_text(whole.replace('"CAN_NANG"', '"can nang"'), encoding="utf-8")
    with pytest.raises(TranscriptFault, match=r"a\.json: sections\.0\.fields\.\d+\.tag"):
        load_profiles(tmp_path)
    (tmp_path / "a.json").write_text(whole.replace('"CAN_NANG"', '"CHIEU_CAO"'), encoding="utf-8")
    with pytest.raises(TranscriptFault, match=r"a\.json: CHIEU_CAO có hai lần"):
        load_profiles(tmp_path)


@given(st.text(alphabet="aĐ ]\r\n\t\x00\x85\u0301\u2028\ufffe&<>\"'", min_size=1))
def test_any_text_that_xml_can_carry_comes_back_as_it_was_written(value):
    try:
        written = text(value)
    except Unwritable:
        return
    read = etree.fromstring(f"<a>{written}</a>".encode()).text or ""
    # What was written is what every reader gets: signing and reading see the same characters.
    assert text(read) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10000, max_value=10000))
def test_numbers_keep_their_value_and_lose_their_zeros(value):
    written = number(value)
    assert Decimal(written) == value
    assert not ("." in written and written.endswith("0"))


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_moments_are_vietnamese_and_exact_to_the_second(value):
    written = moment(value)
    assert written.endswith("+07:00")
    assert datetime.fromisoformat(written) == value.replace(microsecond=0)


def test_days_in_both_forms():
    assert read_date("04/03/2017") == read_date("2017-03-04T00:00:00+07:00") == date(2017, 3, 4)
    assert read_date("2017-03-03T17:00:00Z") == date(2017, 3, 4)
    assert read_date("sáng nay") is None
