"""What other modules ask of documents: a document laid out as a file, and the words the layout knows."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from ..domain.composition import compose
from ..domain.docx import render_docx
from ..domain.layout import Layout, layout_in_force
from ..domain.numbering import document_symbol, signing_lines, type_abbreviation
from ..domain.pdf import render_pdf
from ..types import AdministrativeDocument, SigningMode

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"


def layouts_dir() -> Path:
    return Path(settings.DATA_DIR) / "documents"


def fonts_dir() -> Path:
    """Where the set-up puts fonts with the measures of Times New Roman."""
    return Path(settings.VAR_DIR) / "fonts"


@lru_cache(maxsize=16)
def layout_on(day: date) -> Layout:
    return layout_in_force(layouts_dir(), day)


def document_pdf(document: AdministrativeDocument, *, on: date) -> bytes:
    """PDF/A-3a in the layout in force on `on`; equal documents give equal bytes."""
    return render_pdf(document, layout_on(on), fonts_dir())


def document_docx(document: AdministrativeDocument, *, on: date) -> bytes:
    return render_docx(document, layout_on(on), fonts_dir())


def document_words(document: AdministrativeDocument, *, on: date) -> dict[str, Any]:
    """The exact words of the document, in order, for a preview on the screen (see domain/composition.py)."""
    return compose(document, layout_on(on))


def symbol_for(*, type_name: str, agency: str, office: str = "", on: date) -> str:
    """ "BC-SGDĐT", by the abbreviations of the layout in force."""
    short = type_abbreviation(type_name, layout_on(on).types) if type_name else ""
    return document_symbol(type_abbreviation=short, agency=agency, office=office)


__all__ = [
    "DOCX_TYPE",
    "PDF_TYPE",
    "SigningMode",
    "document_docx",
    "document_pdf",
    "document_words",
    "fonts_dir",
    "layout_on",
    "signing_lines",
    "symbol_for",
]
