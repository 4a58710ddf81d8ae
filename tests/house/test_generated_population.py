"""The people of the benches: the same each time, with pairs that are true and disagreements that are there."""

import re

import polars as pl
import pytest

from tests.bench import population


@pytest.fixture(scope="module")
def drawn():
    return population.linkage(2_000, 6_000)


def test_it_is_the_same_each_time(drawn):
    again = population.linkage(2_000, 6_000)
    for name in ("school", "population", "truth", "disagreements"):
        assert getattr(again, name).equals(getattr(drawn, name))
    assert not population.linkage(2_000, 6_000, seed=7).school.equals(drawn.school)


def test_pairs_are_true(drawn):
    assert drawn.school.height == 2_000
    assert drawn.population.height == 6_000
    assert drawn.truth.height == 1_800
    assert drawn.truth["school_id"].n_unique() == drawn.truth["population_id"].n_unique() == 1_800
    assert drawn.population["personal_id"].n_unique() == 6_000
    both = drawn.truth.join(drawn.school, left_on="school_id", right_on="id").join(
        drawn.population, left_on="population_id", right_on="id", suffix="_there"
    )
    silent = drawn.disagreements["school_id"].unique()
    plain = both.filter(~pl.col("school_id").is_in(silent.implode()))
    assert plain.height > 300
    for field in ("full_name", "birth_date", "gender", "personal_id", "mother_name"):
        assert plain[field].equals(plain[f"{field}_there"])
    strangers = drawn.school.join(drawn.truth, left_on="id", right_on="school_id", how="anti")
    assert not set(strangers["personal_id"].drop_nulls()) & set(drawn.population["personal_id"])


@pytest.mark.parametrize("kind", population.RATES)
def test_disagreements_come_as_often_as_said(drawn, kind):
    share = drawn.disagreements.filter(kind=kind).height / drawn.school.height
    assert share == pytest.approx(population.RATES[kind], abs=0.02)


def test_numbers_have_the_right_shape(drawn):
    for row in drawn.population.head(500).iter_rows(named=True):
        century = 2 + (row["gender"] == "female")
        assert re.fullmatch(rf"0\d\d{century}{row['birth_date']:%y}\d{{6}}", row["personal_id"])


def test_rows_of_the_ministrys_layout():
    rows = population.import_rows(500, grade=3, year=2026)
    assert tuple(rows.columns) == population.COLUMNS
    assert rows["Số định danh cá nhân"].n_unique() == rows["Mã học sinh"].n_unique() == 500
    assert rows["Tên lớp"].n_unique() == 15
    assert set(rows["Ngày sinh"].str.slice(6)) == {"2018"}
    assert set(rows["Số định danh cá nhân"].str.slice(4, 2)) == {"18"}
    assert set(rows["Mã học sinh"].str.len_chars()) == {10}
    assert all(rows[column].dtype == pl.String for column in rows.columns)
