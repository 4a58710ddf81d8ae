"""What a cell counts, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.kit.indicators.measures import fact_of
from thongsuot.kit.indicators.wording import condition_words, how_words

from ..domain.form import Cell


def definition_of(cell: Cell) -> list[tuple[str, str]]:
    """[(what, in words)] of a cell."""
    if cell.formula is not None:
        return [(_("Cách tính"), cell.formula.text), (_("Từ các ô"), ", ".join(sorted(cell.formula.cells)))]
    if cell.measure is None:
        return []
    fact = fact_of(cell.measure)
    return [
        (_("Đếm từ"), str(fact.name)),
        (_("Cách đếm"), how_words(cell.measure, fact)),
        (_("Điều kiện"), condition_words(cell.measure.where, fact) or _("tất cả")),
    ]
