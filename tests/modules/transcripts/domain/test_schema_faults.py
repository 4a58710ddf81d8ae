"""What the schema says, in words: the place, what should stand there, and nothing of what stood there."""

import re

import pytest
from lxml import etree

from tests.modules.transcripts.content import PRIMARY, primary_content
from thongsuot.modules.transcripts.domain.document import transcript_xml, write_data
from thongsuot.modules.transcripts.domain.messages import seems_to_be
from thongsuot.modules.transcripts.domain.schema import schema
from thongsuot.modules.transcripts.domain.schema_faults import broken_places, place_of

XML = transcript_xml(PRIMARY, write_data(PRIMARY, primary_content()).xml)
UNSIGNED = "<DANH_SACH_THONG_TIN_KY><GVCN><NGAY_KY>2026-06-01T08:00:00+07:00</NGAY_KY><SO_CCCD>079316000001</SO_CCCD></GVCN></DANH_SACH_THONG_TIN_KY>"


@pytest.fixture(scope="module")
def rules():
    return etree.XMLSchema(etree.fromstring(schema(PRIMARY).encode()))


@pytest.mark.parametrize(
    ("pattern", "instead", "place", "reason"),
    [
        ("<HO_VA_TEN>[^<]*</HO_VA_TEN>", "", "SO_CCCD", "ở chỗ này phải là HO_VA_TEN"),
        ("<NGAY_SINH>[^<]*", "<NGAY_SINH>31/12/17x", "NGAY_SINH", "phải là ngày"),
        ("<SO_CCCD>[^<]*", "<SO_CCCD>12", "SO_CCCD", "phải gồm 12 chữ số"),
        ("<CAN_NANG>[^<]*", "<CAN_NANG>nặng", "CAN_NANG", "phải là số"),
        ("<CAN_NANG>[^<]*", "<CAN_NANG>1.23456", "CAN_NANG", "quá nhiều chữ số thập phân"),
        ("<HO_VA_TEN>[^<]*", "<HO_VA_TEN>", "HO_VA_TEN", "không được để trống"),
        ("<MA_TRA_CUU_UUID>[^<]*", "<MA_TRA_CUU_UUID>z", "MA_TRA_CUU_UUID", "UUID phiên bản 4"),
        ("<HO_VA_TEN>", '<HO_VA_TEN a="1">', "HO_VA_TEN", "thuộc tính không có trong mẫu"),
        ("</HO_VA_TEN>", "<b/></HO_VA_TEN>", "HO_VA_TEN", "không được có thẻ con"),
        ("<THONG_TIN_CHUNG>", "<THONG_TIN_CHUNG>chữ", "DU_LIEU_HOC_BA/THONG_TIN_CHUNG", "nằm ngoài các thẻ con"),
        ("<DUOC_LEN_LOP>[^<]*", "<DUOC_LEN_LOP>co", "TONG_KET/DUOC_LEN_LOP", "không phải giá trị được phép"),
        ("</HOC_BA>", "<X/></HOC_BA>", "HOC_BA/X", "thẻ này thừa"),
        ("<DANH_SACH_THONG_TIN_KY/>", UNSIGNED, "DANH_SACH_THONG_TIN_KY/GVCN", "thiếu Signature"),
        ("<DU_LIEU_HOC_BA.*</DU_LIEU_HOC_BA>", "<DU_LIEU_HOC_BA/>", "DU_LIEU_HOC_BA", "thiếu THONG_TIN_CHUNG"),
    ],
)  # fmt: skip
def test_a_fault_names_place_and_reason(rules, pattern, instead, place, reason):
    broken = re.sub(pattern, instead, XML, count=1, flags=re.DOTALL)
    assert broken != XML
    rules.validate(etree.fromstring(broken))
    (said,) = broken_places(rules.error_log)
    assert place_of(said).endswith(place)
    assert reason in said
    assert "31/12" not in said
    assert "lement" not in said


def test_a_file_that_is_none_has_no_place():
    assert place_of("Tệp không phải học bạ số.") == ""
    assert place_of("Chữ ký: không đúng") == ""


def test_what_cannot_be_read_still_names_its_pupil():
    common = primary_content()["common"]
    seen = seems_to_be(etree.fromstring(XML.replace("<GIOI_TINH>", "<X>").replace("</GIOI_TINH>", "</X>")))
    assert (seen["full_name"], seen["personal_id"]) == (common["full_name"], common["personal_id"])
    assert seems_to_be(etree.fromstring("<HOC_BA/>")) == {}
