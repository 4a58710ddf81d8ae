"""Damage of every kind that files show is seen through; strangers are told apart; the same list twice gives the same."""

from __future__ import annotations

import json
import random
import unicodedata
from datetime import date, timedelta

import polars as pl
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.registry.domain.matching.compare import LEVELS, UNKNOWN, compare
from thongsuot.modules.registry.domain.matching.keys import prepare
from thongsuot.modules.registry.domain.matching.link import duplicates, matches

START = json.loads((settings.DATA_DIR / "registry" / "matching.json").read_text())["same_person"]
SCHEMA = {
    "id": pl.Int64,
    "full_name": pl.String,
    "birth_date": pl.Date,
    "gender": pl.String,
    "personal_id": pl.String,
    "mother_name": pl.String,
}
SURNAMES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Phan",
    "Cao",
]
MIDDLE = ["Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thu", "Đức", "Kim", "Quốc", "Mỹ", "Gia", "Bảo"]
GIVEN = [
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Đạt",
    "Giang",
    "Hòa",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Quân",
    "Sơn",
    "Thủy",
    "Uyên",
    "Vy",
    "Xuân",
    "Yến",
]


def records(*rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def crowd(number: int, seed: int = 7) -> list[tuple]:
    """People of a province, no two of them one."""
    rng = random.Random(seed)
    rows = []
    for index in range(number):
        name = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
        born = date(2010, 1, 1) + timedelta(days=rng.randrange(3650))
        sex = rng.choice(["male", "female"])
        mother = f"{rng.choice(SURNAMES)} Thị {rng.choice(GIVEN)} {rng.choice(GIVEN)}"
        rows.append((index, name, born, sex, f"0512{index:08d}", mother))
    return rows


def steps(first: tuple, second: tuple) -> dict[str, int]:
    left, right = prepare(records((1, *first))), prepare(records((2, *second)))
    pair = pl.DataFrame({"l": [0], "r": [0]}, schema={"l": pl.UInt32, "r": pl.UInt32})
    return {name: compare(left, right, pair)[name].item() for name in LEVELS}


BORN = date(2015, 3, 8)
WHOLE = ("Nguyễn Thị Thu Hòa", BORN, "female", "051315001234", "Lê Thị Lý")


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("nguyen thi thu hoa", "same"),
        ("Nguyễn Thị Thu Hoà", "same"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Thu Hòa"), "same"),
        ("  NGUYỄN  THỊ THU\u00a0HÒA ", "same"),
        ("Thu Hòa Nguyễn Thị", "other_order"),
        ("Nguyễn Thu Hòa", "word_missing"),
        ("Nguyễn Thị Thu Hoaf", "similar"),
        ("Nguyễn Thị Thu Phương", "one_word_differs"),
        ("Trần Văn Sơn", "different"),
    ],
)
def test_steps_of_a_name(name, step):
    assert LEVELS["name"][steps(WHOLE, (name, *WHOLE[1:]))["name"]] == step


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đinh Thị Đào", "Ðinh Thị Ðào"),
        ("Lý Mỹ Duy", "Lí Mĩ Dui"),
        ("H’Hen Niê", "H'Hen Niê"),
        ("K’Brơi", "KBroi"),
        ("Y Niê Kđăm", "Y NIÊ KĐĂM"),
        ("A Blŏ", "A Blo"),
        ("Ư", "U"),
    ],
)
def test_names_that_are_spelt_in_two_ways(one, other):
    assert steps((one, *WHOLE[1:]), (other, *WHOLE[1:]))["name"] == 0


@pytest.mark.parametrize(
    ("born", "step"),
    [
        (BORN, "same"),
        (date(2015, 8, 3), "day_month_swapped"),
        (date(2016, 3, 8), "two_parts_same"),
        (date(2015, 3, 18), "two_parts_same"),
        (date(2015, 1, 1), "year_same"),
        (date(2013, 7, 21), "different"),
    ],
)
def test_steps_of_a_birth_date(born, step):
    assert LEVELS["birth_date"][steps(WHOLE, (WHOLE[0], born, *WHOLE[2:]))["birth_date"]] == step


def test_what_is_not_said_counts_neither_way():
    silent = steps(WHOLE, ("", None, "", "", None))
    assert set(silent.values()) == {UNKNOWN}


@pytest.mark.parametrize(
    ("other", "step"), [("051315001234", 0), ("051315001243", 1), ("051315001235", 1), ("051299999999", 2)]
)
def test_steps_of_a_personal_id(other, step):
    assert steps(WHOLE, (*WHOLE[:3], other, WHOLE[4]))["personal_id"] == step


DAMAGE = {
    "accents": lambda n, b, s, p, m: (fold(n), b, s, None, m),
    "decomposed": lambda n, b, s, p, m: (unicodedata.normalize("NFD", n), b, s, None, m),
    "order": lambda n, b, s, p, m: (" ".join(n.split()[1:] + n.split()[:1]), b, s, None, m),
    "word dropped": lambda n, b, s, p, m: (" ".join(n.split()[:1] + n.split()[2:]), b, s, None, m),
    "typing": lambda n, b, s, p, m: (n[:-1] + "z", b, s, None, m),
    "day and month": lambda n, b, s, p, m: (
        n,
        b.replace(day=b.month, month=b.day) if b.day <= 12 else b,
        s,
        None,
        m,
    ),
    "another year": lambda n, b, s, p, m: (n, b.replace(year=b.year + 1, day=min(b.day, 28)), s, p, m),
    "id mistyped": lambda n, b, s, p, m: (n, b, s, p[:-1] + ("0" if p[-1] != "0" else "1"), None),
}


@pytest.fixture(scope="module")
def damaged():
    people = crowd(4000)
    kinds = list(DAMAGE)
    again = [
        (10_000 + row[0], *DAMAGE[kinds[i % len(kinds)]](*row[1:])) for i, row in enumerate(people[:400])
    ]
    truth = {(row[0], 10_000 + row[0]): kinds[i % len(kinds)] for i, row in enumerate(people[:400])}
    return records(*people, *again), truth


def test_second_records_are_found_and_strangers_left_alone(damaged):
    everyone, truth = damaged
    found = duplicates(everyone, start=START, least=0.0).scored
    pairs = {tuple(sorted(pair)) for pair in found.select("left_id", "right_id").iter_rows()}
    by_kind = {kind: sum(1 for pair, k in truth.items() if k == kind and pair in pairs) for kind in DAMAGE}
    assert all(number >= 45 for number in by_kind.values()), by_kind
    assert len(pairs - set(truth)) <= len(truth) * 0.02
    assert found["score"].is_sorted(descending=True)


def test_each_record_goes_to_one_person(damaged):
    everyone, truth = damaged
    population, second = everyone.filter(pl.col("id") < 10_000), everyone.filter(pl.col("id") >= 10_000)
    found = matches(second, population, start=START).scored
    assert found["left_id"].is_unique().all()
    assert found["right_id"].is_unique().all()
    right = sum(
        1 for left, person in found.select("left_id", "right_id").iter_rows() if (person, left) in truth
    )
    assert right >= 0.97 * len(truth)
    assert right >= 0.98 * len(found)


def test_the_same_records_give_the_same_list(damaged):
    everyone, _ = damaged
    first, second = (
        duplicates(everyone, start=START),
        duplicates(everyone.sample(fraction=1, shuffle=True, seed=3), start=START),
    )
    ordered = lambda f: {tuple(sorted(p)) for p in f.scored.select("left_id", "right_id").iter_rows()}  # noqa: E731
    assert ordered(first) == ordered(second)
    assert duplicates(everyone, start=START).scored.equals(first.scored)


@pytest.mark.parametrize(
    "rows", [[], [(1, *WHOLE)], [(1, "", None, "", "", None), (2, None, None, None, None, None)]]
)
def test_nothing_to_compare_gives_nothing(rows):
    assert len(duplicates(records(*rows), start=START).scored) == 0


names = st.text(alphabet="AĂÂĐÐEÊôơưyYịỳ' -’\u0301\u00a0h", max_size=12)
one = st.tuples(
    names,
    st.dates(date(2000, 1, 1), date(2024, 12, 31)),
    st.sampled_from(["male", "female", ""]),
    st.none(),
    names,
)


@given(one, one)
@hypothesis_settings(max_examples=40, deadline=None)
def test_agreement_does_not_depend_on_who_comes_first(first, second):
    there, back = steps(first, second), steps(second, first)
    assert there == back
    assert all(UNKNOWN <= step < len(LEVELS[name]) for name, step in there.items())
