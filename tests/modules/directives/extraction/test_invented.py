"""Other layouts and wordings than those of the labelled directives."""

from __future__ import annotations

import pytest

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file

from .invented import INVENTED
from .rendering import to_docx, to_pdf, to_text
from .scoring import pair, score

WRITERS = {"docx": to_docx, "pdf": to_pdf, "txt": to_text}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", INVENTED)
def test_invented_directives(name: str, form: str) -> None:
    blocks, gold = INVENTED[name]
    found = extract(read_file(WRITERS[form](blocks), f"{name}.{form}")).as_json()
    figures = score(gold, found)
    assert {key: value for key, value in figures.items() if value < 1} == {}
    for i, j in pair(gold["tasks"], found["tasks"]):
        wanted, task = gold["tasks"][i], found["tasks"][j]
        assert (task["lead"] or []) == (wanted["lead"] or [])
        assert task["coordinating"] == wanted["coordinating"]
