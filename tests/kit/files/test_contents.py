import io

import pytest

from tests.kit.files import specimens as s
from thongsuot.kit.files import types as t
from thongsuot.kit.files.contents import content_type_of
from thongsuot.kit.files.names import ascii_name, clean_name


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (s.PDF, "kế hoạch.pdf", t.PDF),
        (s.PDF, "kế hoạch.docx", t.PDF),
        (s.DOCX, "a.zip", t.DOCX),
        (s.XLSX, "a.xlsx", t.XLSX),
        (s.ODS, "a", t.ODS),
        (s.PNG, "anh.pdf", t.PNG),
        ("Mã;Tên\n1;Trường Nguyễn Huệ\n".encode(), "ds.csv", t.CSV),
        ("# Kế hoạch\n".encode(), "kh.md", t.MARKDOWN),
        ("Xin chào".encode("utf-16"), "thu.txt", t.TEXT),
        ("\ufeffXin chào".encode(), "khong-duoi", t.TEXT),
    ],
)
def test_the_content_decides(content, name, expected):
    assert content_type_of(io.BytesIO(content), name) == expected


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"MZ\x90\0", "anh.png", t.FileUnsafe),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", t.FileUnsafe),
        (b"WScript.Echo 1", "a.vbs", t.FileUnsafe),
        (s.MACRO_DOCX, "a.docx", t.FileUnsafe),
        (s.MACRO_BY_TYPE, "a.xlsx", t.FileUnsafe),
        (s.BOMB, "a.docx", t.FileUnsafe),
        (s.encrypted(), "a.docx", t.FileTypeRefused),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "a.doc", t.FileTypeRefused),
        (s.packed({"a.txt": b"1"}), "a.zip", t.FileTypeRefused),
        (b"PK\x03\x04 broken", "a.docx", t.FileTypeRefused),
        (b"<svg onload='x()'/>", "a.txt", t.FileTypeRefused),
        (b"  <!DOCTYPE html><script>1</script>", "a.txt", t.FileTypeRefused),
        (b"\x01\x02\x03\x00", "a.bin", t.FileTypeRefused),
    ],
)
def test_what_is_refused_and_why(content, name, refusal):
    with pytest.raises(refusal) as caught:
        content_type_of(io.BytesIO(content), name)
    assert type(caught.value) is refusal
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("given", "content_type", "kept"),
    [
        ("C:\\Users\\a\\Báo cáo.DOCX", t.DOCX, "Báo cáo.DOCX"),
        ("../../etc/passwd", t.TEXT, "passwd.txt"),
        ("hoa\u0300n\u202etxt.pdf", t.PDF, "hoàntxt.pdf"),
        ("anh.pdf", t.PNG, "anh.pdf.png"),
        ("", t.PDF, "tep.pdf"),
        ("a" * 300 + ".pdf", t.PDF, "a" * 196 + ".pdf"),
        ('x"\r\ny.csv', t.CSV, "xy.csv"),
    ],
)
def test_names_are_kept_readable_and_harmless(given, content_type, kept):
    assert clean_name(given, content_type) == kept


def test_ascii_name_for_old_browsers():
    assert ascii_name("Kế hoạch Đức Phổ.pdf") == "Ke hoach Duc Pho.pdf"


@pytest.mark.parametrize(
    ("data", "name", "takes"),
    [
        (b'<?xml version="1.0"?><a/>', "a.xml", True),
        (b"\xef\xbb\xbf<a>Ky</a>", "A.XML", True),
        (b"<!DOCTYPE html><html></html>", "a.xml", False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.xml", False),
        (b"<a/>", "a.svg", False),
    ],
)
def test_xml_only_where_it_is_asked_for(data, name, takes):
    for asked in (False, True):
        try:
            found = content_type_of(io.BytesIO(data), name, takes_xml=asked)
        except t.FileRefused:
            found = ""
        assert (found == t.XML) == (takes and asked)
