"""A document as PDF, by Typst. Same input, same bytes. Words go in as data, never as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from thongsuot.kit.typesetting.typst_files import NoFont, typeset, typeset_pdf

from ..types import AdministrativeDocument
from .composition import compose
from .layout import Layout

TEMPLATE = Path(__file__).with_name("nd30.typ")
# No font with the measures of Times New Roman is on this machine.
NoTimesFont = NoFont


def _inputs(words: dict[str, Any], layout: Layout) -> dict[str, str]:
    measures = asdict(layout) | {"text_width_mm": layout.text_width_mm}
    return {"document": json.dumps(words, ensure_ascii=False), "layout": json.dumps(measures, default=str)}


def render_pdf(document: AdministrativeDocument, layout: Layout, fonts_dir: Path | None) -> bytes:
    """Tagged PDF/A-3a. The time inside is the document's own date, so that the bytes repeat."""
    day = document.issued_on or document.drafted_on or layout.valid_from
    inputs = _inputs(compose(document, layout), layout)
    families = layout.font_alternatives
    return typeset_pdf(TEMPLATE, inputs, day=day, families=families, fonts_dir=fonts_dir)


def render_chart_png(composed_chart: dict[str, Any], layout: Layout, fonts_dir: Path | None) -> bytes:
    """A chart of a composed document as a picture, for formats that cannot hold the drawing itself."""
    words = {"title": "", "keywords": [], "draft": ""} | composed_chart
    inputs = _inputs(words, layout) | {"only": "chart"}
    families = layout.font_alternatives
    return typeset(TEMPLATE, inputs, families=families, fonts_dir=fonts_dir, format="png", ppi=200)
