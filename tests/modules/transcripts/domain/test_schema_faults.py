"""What a schema says against a file, in Vietnamese: place and reason, and none of the file's values."""

from __future__ import annotations

import re

import pytest

from tests.modules.transcripts.content import PRIMARY, primary_content
from thongsuot.kit.signing.reading import read_xml
from thongsuot.modules.transcripts.domain.document import file_bytes, transcript_xml, write_data
from thongsuot.modules.transcripts.domain.schema_faults import said
from thongsuot.modules.transcripts.queries.layouts import schema_of
from thongsuot.modules.transcripts.queries.verification import check_as_tree

FILE = file_bytes(transcript_xml(PRIMARY, write_data(PRIMARY, primary_content()).xml))


def value(tag: bytes, new: bytes):
    return re.sub(rb"(<%b>)[^<]*<" % tag, rb"\g<1>%b<" % new, FILE, count=1)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            re.sub(rb"(<DU_LIEU_HOC_BA.*</DU_LIEU_HOC_BA>)", rb"\1\1", FILE),
            "Dòng 2: thẻ DU_LIEU_HOC_BA không được đứng ở chỗ này; chỗ này phải là DANH_SACH_THONG_TIN_KY.",
        ),
        (FILE.replace(b"<DANH_SACH_THONG_TIN_KY/>", b""), "Dòng 2: trong thẻ HOC_BA thiếu DANH_SACH_THONG_TIN_KY."),
        (value(b"HO_VA_TEN", b" "), "Dòng 2: giá trị của thẻ HO_VA_TEN sai dạng."),
        (value(b"HO_VA_TEN", b""), "Dòng 2: thẻ HO_VA_TEN không có nội dung."),
        (value(b"NGAY_SINH", b"40/40/2000"), "Dòng 2: giá trị của thẻ NGAY_SINH sai dạng."),
        (value(b"DUOC_LEN_LOP", b"5"), "Dòng 2: giá trị của thẻ DUOC_LEN_LOP không có trong danh mục."),
        (FILE.replace(b"<HO_VA_TEN>", b'<HO_VA_TEN x="1">'), "Dòng 2: thẻ HO_VA_TEN không được có thuộc tính x."),
        (FILE.replace(b'_BA id="', b'_BA id="1 '), "Dòng 2: thuộc tính id của thẻ DU_LIEU_HOC_BA sai dạng, hoặc trùng"),
        (FILE.replace(b"<HOC_BA>", b"<HOC_BA>chu"), "Dòng 2: có chữ nằm ngoài chỗ trong thẻ HOC_BA."),
    ],
)  # fmt: skip
def test_every_fault_is_a_sentence(file, sentence):
    assert file != FILE
    faults = check_as_tree(file, with_store=False).faults
    assert any(one.startswith(sentence) for one in faults), faults
    # No English word of the library is left.
    assert not any("Element" in one or "expected" in one or "value" in one for one in faults)


def test_what_is_not_known_is_still_a_sentence():
    schema = schema_of(PRIMARY.code)
    assert not schema.validate(read_xml(FILE.replace(b"<HO_VA_TEN>", b"<HO_VA_TEN><b/>")))
    sentences = {said(one.type_name, one.message, one.line)[0] for one in schema.error_log}
    assert any("chỉ được chứa một giá trị" in one for one in sentences)
    sentence, places = said("SCHEMAV_CVC_DATATYPE_VALID_1_2_9", "something new", 7)
    assert sentence % places == "Dòng 7: giá trị của thẻ ? sai dạng."
