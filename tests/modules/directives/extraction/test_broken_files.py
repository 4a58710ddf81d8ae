"""Files that are broken, locked, endless or none of ours: a refusal in Vietnamese that says what to do, and
Word files with what Word keeps beside the text."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import UnreadableFile, read_file
from thongsuot.modules.directives.domain.reading import files as limits

from .rendering import to_docx
from .test_reading import REFUSED

WORD = to_docx([{"p": "1. Giao Văn phòng chủ trì rà soát hồ sơ."}, {"p": "Nơi nhận:"}])


def repacked(name: str, data: bytes) -> bytes:
    """The Word file with `data` in place of one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item, data if item.filename == name else old.read(item))
    return out.getvalue()


BROKEN = {
    "cut short": WORD[: len(WORD) // 2],
    "not xml": repacked("word/document.xml", b"<w:document"),
    "no body": repacked("word/document.xml", f"<w:document {nsdecls('w')}/>".encode()),
    "no types": repacked("[Content_Types].xml", b""),
    "numbers that are words": repacked(
        "word/numbering.xml",
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="x"/>'
        "</w:abstractNum></w:numbering>".encode(),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_word_file_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"hỏng.*Hãy"):
        read_file(BROKEN[name], "a.docx")


def test_a_word_file_with_any_bytes_spoilt_is_read_or_refused() -> None:
    chance = random.Random(3)
    for _ in range(60):
        data = bytearray(WORD)
        start = chance.randrange(len(data) - 200)
        data[start : start + 200] = chance.randbytes(200)
        with contextlib.suppress(UnreadableFile):
            extract(read_file(bytes(data), "a.docx"))


def test_a_file_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    with pytest.raises(UnreadableFile, match="giải nén"):
        read_file(WORD, "a.docx")


def test_a_text_without_end_is_refused() -> None:
    text = "1. Giao Văn phòng chủ trì rà soát hồ sơ trước ngày 30/9/2026.\n" * 100_000
    with pytest.raises(UnreadableFile, match="600 trang"):
        read_file(text.encode(), "a.txt")


@pytest.mark.parametrize("name", REFUSED)
def test_the_command_refuses_with_the_message(name: str, tmp_path: Path) -> None:
    data, says = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CommandError, match=says):
        call_command("extract_directive", str(tmp_path / name), "--json")


def test_the_command_line_ends_with_an_error_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(BROKEN["not xml"])
    module = "thongsuot.modules.directives.domain.extraction"
    ran = subprocess.run(
        [sys.executable, "-m", module, str(tmp_path / "a.docx")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("Tệp Word hỏng")
    assert "Traceback" not in ran.stderr


def test_what_word_keeps_beside_the_text() -> None:
    """A text box is read, moved words once, a comment and a struck row not at all."""
    document = docx.Document()
    paragraph = document.add_paragraph("1. Giao Văn phòng chủ trì rà soát hồ sơ.")
    document.add_comment(paragraph.runs, text="Xem lại hạn", author="A")
    box = document.add_paragraph("2. Giao Phòng Tổ chức cán bộ theo dõi.")
    box._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>3. Giao Thanh tra Sở kiểm tra."
            "</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
    )
    moved = document.add_paragraph("4. Giao Phòng Trung học tổng hợp")
    for tag, words in (("moveFrom", " cũ"), ("moveTo", " báo cáo.")):
        moved._p.append(
            parse_xml(
                f'<w:{tag} {nsdecls("w")} w:id="9" w:author="a"><w:r><w:t>{words}</w:t></w:r></w:{tag}>'
            )
        )
    out = io.BytesIO()
    document.save(out)
    found = extract(read_file(out.getvalue(), "a.docx"))
    assert [(task.text, task.lead) for task in found.tasks] == [
        ("Giao Văn phòng chủ trì rà soát hồ sơ.", ("Văn phòng",)),
        ("Giao Phòng Tổ chức cán bộ theo dõi.", ("Phòng Tổ chức cán bộ",)),
        ("Giao Thanh tra Sở kiểm tra.", ("Thanh tra Sở",)),
        ("Giao Phòng Trung học tổng hợp báo cáo.", ("Phòng Trung học",)),
    ]
