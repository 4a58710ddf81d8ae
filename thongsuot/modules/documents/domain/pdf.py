"""A document as PDF, by Typst. Same input, same bytes. Words go in as data, never as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from ..types import AdministrativeDocument
from .composition import compose
from .layout import Layout

TEMPLATE = Path(__file__).with_name("nd30.typ")
# Accessible and archivable: tagged (PDF/UA-1), with all fonts inside (PDF/A-3a).
STANDARDS = ["a-3a", "ua-1"]


class NoTimesFont(RuntimeError):
    """No font with the measures of Times New Roman is on this machine."""


@lru_cache(maxsize=4)
def _fonts(fonts_dir: Path | None) -> tuple[typst.Fonts, frozenset[str]]:
    paths = [str(fonts_dir)] if fonts_dir is not None and fonts_dir.is_dir() else []
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=paths)
    return fonts, frozenset(fonts.families())


@lru_cache(maxsize=4)
def _compiler(fonts_dir: Path | None) -> typst.Compiler:
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(fonts_dir)[0])


def _compile(inputs: dict[str, str], layout: Layout, fonts_dir: Path | None, **options: Any) -> bytes:
    families = _fonts(fonts_dir)[1]
    usable = [name for name in layout.font_alternatives if name in families]
    if not usable:
        raise NoTimesFont(f"none of {', '.join(layout.font_alternatives)} is installed; run `make setup`")
    measures = asdict(layout) | {"text_width_mm": layout.text_width_mm}
    inputs |= {"layout": json.dumps(measures, default=str), "fonts": "|".join(usable)}
    made = _compiler(fonts_dir).compile(sys_inputs=inputs, **options)
    if not isinstance(made, bytes):  # several pages of an image format: never asked for here
        raise TypeError("expected one file")
    return made


def render_pdf(document: AdministrativeDocument, layout: Layout, fonts_dir: Path | None) -> bytes:
    """Tagged PDF/A-3a. The time inside is the document's own date, so that the bytes repeat."""
    day = document.issued_on or document.drafted_on or layout.valid_from
    inputs = {"document": json.dumps(compose(document, layout), ensure_ascii=False)}
    stamp = datetime.combine(day, time(0), tzinfo=UTC)
    return _compile(inputs, layout, fonts_dir, format="pdf", pdf_standards=STANDARDS, timestamp=stamp)


def render_chart_png(composed_chart: dict[str, Any], layout: Layout, fonts_dir: Path | None) -> bytes:
    """A chart of a composed document as a picture, for formats that cannot hold the drawing itself."""
    words = {"title": "", "keywords": [], "draft": ""}
    inputs = {"document": json.dumps(words | composed_chart, ensure_ascii=False), "only": "chart"}
    return _compile(inputs, layout, fonts_dir, format="png", ppi=200)
