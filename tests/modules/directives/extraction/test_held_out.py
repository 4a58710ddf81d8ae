"""Directives of other issuers, written and labelled before the rules had seen them, in every format in
which they might arrive."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file

from .rendering import Block, blocks_of_text, to_docx, to_pdf
from .scoring import HERE, shortfalls

FOLDER = HERE / "held_out"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
LEAST = {
    "task_f1": 0.9,
    "lead": 0.9,
    "coordinating": 0.9,
    "deadline_kind": 0.9,
    "deadline_date": 0.9,
    "product": 0.9,
    "target_f1": 0.9,
    "target_value": 1.0,
    "header": 0.85,
    "legal_f1": 0.85,
}
FORMS = ("txt", "docx", "pdf", "pdf-wide", "mixed")
# Lines broken in the middle, headings of pages in between: a text that is only a text.
TEXT_ONLY = {"10-cong-van-nhan-dang-chu", "08-dac-khu-bang-markdown", "16-bang-chay-chu"}


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def wanted(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def blocks_of(name: str) -> list[Block]:
    """Blocks with the empty cells of a head merged with the cell to their left."""
    blocks = blocks_of_text(text_of(name))
    for block in blocks:
        if "table" in block:
            block["table"][0] = [cell or None for cell in block["table"][0]]
    return blocks


def file_of(name: str, form: str) -> tuple[bytes, str]:
    if form == "txt":
        return text_of(name).encode(), f"{name}.txt"
    if form == "mixed":  # decomposed letters, the Icelandic Eth, hard spaces, CRLF and a mark
        text = unicodedata.normalize("NFD", text_of(name)).replace("Đ", "Ð")
        return text.replace(" ", "\u00a0").replace("\n", "\r\n").encode("utf-8-sig"), f"{name}.txt"
    if form == "docx":
        return to_docx(blocks_of(name)), f"{name}.docx"
    return to_pdf(blocks_of(name), running="Văn bản thử", landscape=form == "pdf-wide"), f"{name}.pdf"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_directive_of_another_office(name: str, form: str) -> None:
    if name in TEXT_ONLY and form not in ("txt", "mixed"):
        pytest.skip("a text that is only a text")
    data, filename = file_of(name, form)
    assert shortfalls(wanted(name), extract(read_file(data, filename)).as_json(), LEAST) == {}
