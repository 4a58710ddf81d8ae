"""A form as PDF/A in the layout of the paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.typesetting.typst_files import typeset_pdf

from ..domain.form_layout import Block, Sheet
from .forms_words import head_words, signers

TEMPLATE = Path(__file__).with_name("form.typ")
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif", "Nimbus Roman", "Libertinus Serif")


def form_pdf(sheet: Sheet) -> bytes:
    """Tagged PDF/A-3a; the same figures give the same bytes."""
    inputs = {"form": json.dumps(_words(sheet), ensure_ascii=False)}
    fonts = Path(settings.VAR_DIR) / "fonts"
    return typeset_pdf(TEMPLATE, inputs, day=sheet.as_of, families=FAMILIES, fonts_dir=fonts)


def _words(sheet: Sheet) -> dict[str, Any]:
    head = head_words(sheet)
    footer = _("Biểu %(code)s, phiên bản %(version)s") % {
        "code": sheet.form.code,
        "version": sheet.form.version,
    }
    return {
        "title": head.title,
        "left": head.left,
        "right": head.right,
        "day": head.day,
        "state": head.state,
        "stub": [_("Chỉ tiêu"), _("Mã số"), _("Đơn vị tính")],
        "blocks": [_block(block) for block in sheet.blocks],
        "signers": signers(sheet),
        "footer": f"{footer} · {sheet.unit_name}",
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "title": f"{block.section.code}. {block.section.name}",
        "head": [
            [{"text": one.text, "at": one.at, "columns": one.columns, "rows": one.rows} for one in row]
            for row in block.head
        ],
        "numbers": block.numbers,
        "lines": [
            {
                "name": line.row.name,
                "code": line.row.code,
                "unit": line.row.unit,
                "indent": line.row.indent,
                "places": [place.number for place in line.places],
            }
            for line in block.lines
        ],
    }
