"""Files under data/ name figures by their code: every one is declared by a module or reported by units."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.conf import settings

from thongsuot.kit.indicators import registry


def rubrics() -> Iterator[tuple[str, str]]:
    for path in sorted((settings.DATA_DIR / "maturity").glob("*.json")):
        body = json.loads(path.read_text(encoding="utf-8"))
        for group in body.get("groups", ()):
            for criterion in group["criteria"]:
                for item in criterion["items"]:
                    if code := (item.get("source") or {}).get("indicator"):
                        yield f"{path.name} {item['code']}", code


def dashboards() -> Iterator[tuple[str, str]]:
    path = settings.DATA_DIR / "statistics" / "dashboards.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    for part, said in body.items():
        if isinstance(said, list):
            yield from ((f"{path.name} {part}", code) for code in said)


@pytest.mark.parametrize(("codes", "least"), [(rubrics, 15), (dashboards, 20)])
def test_every_code_is_declared(codes, least):
    named = list(codes())
    assert len(named) >= least, "the files are read in another way now"
    assert [(where, code) for where, code in named if registry.get(code) is None] == []


def test_what_units_report_is_declared_once_and_can_be_told_apart():
    path = settings.DATA_DIR / "statistics" / "reported.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["indicators"]
    assert len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)
