"""The three seed directives in every format in which they might arrive."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file

from .rendering import Block, blocks_of_text, to_docx, to_pdf
from .scoring import SEEDS

PLAN, LETTER, ANNEX = (
    "lam-dong-ke-hoach-nq57-2026",
    "sa-thay-cong-van-cntt-2025-2026",
    "duc-pho-phu-luc-03-2025-2030",
)
# text as it is; Word and PDF as an office would set them; the lines of the text one by one in Word and in PDF
FORMATS = ("txt", "docx", "pdf", "docx-lines", "pdf-lines")


def source(name: str) -> str:
    return (SEEDS / f"{name}.txt").read_text(encoding="utf-8")


@cache
def file_of(name: str, form: str) -> tuple[bytes, str]:
    text = source(name)
    if form == "txt":
        return text.encode(), f"{name}.txt"
    kind, _, by_line = form.partition("-")
    if by_line:
        blocks: list[Block] = [
            {"p": line.replace("\t", "   ") or " "} if kind == "pdf" else {"p": line}
            for line in text.split("\n")
        ]
    else:
        blocks = {PLAN: _plan, LETTER: _letter, ANNEX: _annex}[name](text)
    landscape = name in (PLAN, ANNEX) and not by_line
    data = to_pdf(blocks, running="Văn bản thử", landscape=landscape) if kind == "pdf" else to_docx(blocks)
    return data, f"{name}.{kind}"


@cache
def found_in(name: str, form: str) -> dict[str, Any]:
    data, filename = file_of(name, form)
    return extract(read_file(data, filename)).as_json()


def _plan(text: str) -> list[Block]:
    return blocks_of_text(text)


_MARK = re.compile(
    r"^(?:[IVX]+\. |\d\. |[a-zđ]\) |- |Kính gửi|Nơi nhận|Căn cứ|TM\.|KT\.|PHÓ|Sa Thầy,|Ủy ban nhân dân xã "
    r"đề|Võ|\d{4}-)"
)


def _letter(text: str) -> list[Block]:
    """The letter's paragraphs put together by hand rules of this one file, with its footnote as a
    footnote."""
    note = re.search(r"\n1(Kế hoạch số 21.*?Kon Tum\. )\n", text, re.DOTALL)
    assert note
    text = text.replace(note.group(), "\n").replace("https://csdl.moet.gov.vn/\n", "\n")
    paragraphs: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if not paragraphs or _MARK.match(line) or (_MARK.match(paragraphs[-1]) and paragraphs[-1].isupper()):
            paragraphs.append(line)
        else:
            paragraphs[-1] += ("" if paragraphs[-1].endswith("57-") else " ") + line
    blocks: list[Block] = []
    for paragraph in paragraphs:
        if paragraph.endswith("tiếp theo1."):
            blocks.append({"p": paragraph[:-2], "note": re.sub(r"\s+", " ", note[1]).strip(), "after": "."})
        else:
            blocks.append({"p": paragraph})
    return blocks


_GROUP = re.compile(r"^[1-9]$")


def _annex(text: str) -> list[Block]:
    """The annex with its table: the cells were put together once and read over by a person
    (annex_rows.py)."""
    from .annex_rows import ROWS

    head, _, _ = text.partition("STT Nhiệm vụ")
    blocks: list[Block] = [{"p": line.strip()} for line in head.split("\n") if line.strip()]
    rows: list[list[str | None]] = [
        [row[0], row[1], *[None] * 5] if _GROUP.match(row[0]) else [*row] for row in ROWS
    ]
    return [*blocks, {"table": rows}]
