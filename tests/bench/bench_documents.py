"""The report in the layout of NĐ 30/2020 against Typst and python-docx given the same words bare."""

from __future__ import annotations

import io
from collections.abc import Iterator

import typst
from django.utils import timezone
from docx import Document

from tests.bench.measure import Figure, compare
from tests.bench.scale import Scale
from tests.modules.documents.samples import report
from thongsuot.modules.documents import queries as documents


def run(scale: Scale) -> Iterator[Figure]:
    paper, today = report(), timezone.localdate()
    words = [text for text in _texts(documents.document_words(paper, on=today)) if text]
    # The same words, one paragraph each, without a layout.
    source = b"#for words in json(bytes(sys.inputs.words)) [#par(words)]"
    inputs = {"words": _json(words)}
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)

    def bare_pdf() -> None:
        typst.compile(source, format="pdf", sys_inputs=inputs, font_paths=fonts)

    def bare_docx() -> None:
        document = Document()
        for text in words:
            document.add_paragraph(text)
        document.save(io.BytesIO())

    note = f"{len(words)} pieces of text, tables, a chart, two annexes; tagged PDF/A"
    pdf = lambda: documents.document_pdf(paper, on=today)  # noqa: E731
    docx = lambda: documents.document_docx(paper, on=today)  # noqa: E731
    yield compare("report as PDF", pdf, bare_pdf, scale=scale, note=note, heavy=True)
    yield compare("report as DOCX", docx, bare_docx, scale=scale, note=note, heavy=True)


def _json(words: list[str]) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
