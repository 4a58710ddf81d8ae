"""Typst templates into files (ADR 0018). Words go in as data, never as markup; same input, same bytes.

    pdf = typeset(Path("nd30.typ"), {"document": json.dumps(...)}, families=("Times New Roman", "Tinos"), fonts_dir=...)

The template finds `sys.inputs.fonts`, the families that are on this machine, parted by "|".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

# Accessible and archivable: tagged (PDF/UA-1), with all fonts inside (PDF/A-3a).
STANDARDS = ["a-3a", "ua-1"]


class NoFont(RuntimeError):
    """None of the wanted families is on this machine."""


@lru_cache(maxsize=4)
def _fonts(fonts_dir: Path | None) -> tuple[typst.Fonts, frozenset[str]]:
    paths = [str(fonts_dir)] if fonts_dir is not None and fonts_dir.is_dir() else []
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=paths)
    return fonts, frozenset(fonts.families())


@lru_cache(maxsize=16)
def _compiler(template: Path, fonts_dir: Path | None) -> typst.Compiler:
    return typst.Compiler(str(template), root=str(template.parent), font_paths=_fonts(fonts_dir)[0])


def typeset(
    template: Path,
    inputs: Mapping[str, str],
    *,
    families: Sequence[str],
    fonts_dir: Path | None,
    **options: Any,
) -> bytes:
    """One file, in the format that `options` name (typst.Compiler.compile). Raises NoFont."""
    usable = [name for name in families if name in _fonts(fonts_dir)[1]]
    if not usable:
        raise NoFont(f"none of {', '.join(families)} is installed; run `make setup`")
    made = _compiler(template, fonts_dir).compile(sys_inputs={**inputs, "fonts": "|".join(usable)}, **options)
    if not isinstance(made, bytes):  # several pages of an image format: never asked for here
        raise TypeError("expected one file")
    return made


def typeset_pdf(
    template: Path, inputs: Mapping[str, str], *, day: date, families: Sequence[str], fonts_dir: Path | None
) -> bytes:
    """Tagged PDF/A-3a. The time inside is `day`, so that the bytes repeat. Raises NoFont."""
    stamp = datetime.combine(day, time(0), tzinfo=UTC)
    return typeset(
        template,
        inputs,
        families=families,
        fonts_dir=fonts_dir,
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=stamp,
    )
