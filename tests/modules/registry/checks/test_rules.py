"""Every rule finds what it is for, and leaves a clean row alone."""

from __future__ import annotations

import polars as pl
import pytest
from django.conf import settings

from tests.modules.registry.checks.defects import BREAKING, CLEAN, TODAY
from thongsuot.modules.quality.domain.evaluation import ActiveRule, evaluate
from thongsuot.modules.quality.types import BOOK, ErrorGroup, Severity, Word
from thongsuot.modules.registry.checks.people import CODES
from thongsuot.modules.registry.checks.staff import LISTS

OURS = {code: rule for code, rule in BOOK.rules.items() if rule.dataset in CLEAN}


def codes():
    import json

    names = {*CODES, *LISTS, "loai_khuyet_tat", "dien_chinh_sach", "trang_thai_hoc_sinh", "ly_do_thoi_hoc"}
    found = {}
    for name in names:
        text = (settings.DATA_DIR / "codes" / f"{name}.json").read_text(encoding="utf-8")
        found[name] = frozenset(value["code"] for value in json.loads(text)["values"])
    return found


LISTED = codes()


def schema_of(dataset):
    """Types that do not depend on whether a value happens to be null."""
    frame = pl.DataFrame([CLEAN[dataset]])
    dated = {"left_on", "class_to", "next_entered_on"}
    return {name: pl.Date if name in dated else kind for name, kind in frame.schema.items()}


def broken(dataset, row):
    """Codes of the rules that the row breaks, as set in the book."""
    frame = pl.DataFrame([row], schema=schema_of(dataset), orient="row")
    active = [ActiveRule(rule, rule.parameters) for rule in BOOK.rules_of(dataset)]
    found = evaluate(frame, active, today=TODAY, codes=LISTED)
    return set(found.violations["rule"])


def test_at_least_sixty_rules_in_all_groups_and_words():
    assert len(OURS) >= 60
    assert {rule.group for rule in OURS.values()} == set(ErrorGroup)
    assert {rule.word for rule in OURS.values()} == set(Word)


def test_every_rule_has_a_defect():
    assert set(BREAKING) == set(OURS)


@pytest.mark.parametrize("dataset", sorted(CLEAN))
def test_a_clean_row_breaks_nothing(dataset):
    assert broken(dataset, CLEAN[dataset]) == set()


@pytest.mark.parametrize("code", sorted(OURS))
def test_finds_its_defect(code):
    dataset = OURS[code].dataset
    assert code in broken(dataset, {**CLEAN[dataset], **BREAKING[code]})


@pytest.mark.parametrize("code", sorted(OURS))
def test_says_what_it_must(code):
    rule = OURS[code]
    assert code.startswith(f"{rule.dataset}.{rule.field}.")
    assert rule.sla_days in (5, 10, 15)
    assert str(rule.title)
    assert str(rule.message).endswith(".")
    assert str(rule.repair).endswith(".")
    assert rule.source
    assert rule.confidence in ("V", "V2", "M", "I")
    assert not (rule.identifier and rule.severity == Severity.WARNING)


@pytest.mark.parametrize("code", sorted(code for code, rule in OURS.items() if rule.parameters))
def test_parameters_are_used(code):
    """With any number but the book's the verdict on some row near the limit changes, or the rule ignores its number."""
    rule = OURS[code]
    rows = [CLEAN[rule.dataset], {**CLEAN[rule.dataset], **BREAKING[code]}]
    frame = pl.DataFrame(rows, schema=schema_of(rule.dataset), orient="row")

    def verdicts(numbers):
        found = evaluate(frame, [ActiveRule(rule, numbers)], today=TODAY, codes=LISTED)
        return found.scores["failed"].sum()

    usual = verdicts(rule.parameters)
    changed = [
        verdicts({**rule.parameters, name: number})
        for name in rule.parameters
        for number in (0, 1, 3000, 99_999)
    ]
    assert any(number != usual for number in changed)


def test_a_list_that_was_never_loaded_says_nothing():
    rule = OURS["student.ethnicity.code"]
    frame = pl.DataFrame([{**CLEAN["student"], "ethnicity": "77"}], schema=schema_of("student"), orient="row")
    found = evaluate(frame, [ActiveRule(rule, {})], today=TODAY, codes={"dan_toc": frozenset()})
    assert found.violations.is_empty()


@pytest.mark.parametrize(
    "name",
    ["Y Niê Kđăm", "H'Hen Niê", "Đinh Thị Hoà", "Siu Black", "Blŏ Y Ƀlŏ", "K’Brơi Ka", "Lê-Na Phạm", "Y Ô"],
)
def test_names_of_all_peoples_are_left_alone(name):
    row = {**CLEAN["student"], "full_name": name, "name_fold": name.lower()}
    assert {code for code in broken("student", row) if ".full_name." in code} == set()


@pytest.mark.parametrize(
    ("name", "shouts"), [("Y  Ô", False), ("Y O\u0302", False), ("Y BA", True), ("AN", False)]
)
def test_who_has_single_letters_does_not_shout(name, shouts):
    """Otherwise spaced or coded, the name is wrong in that and in nothing else."""
    found = broken("student", {**CLEAN["student"], "full_name": name, "name_fold": "y o"})
    assert ("student.full_name.capitals" in found) == shouts
