"""Measures: read from JSON, the same numbers in PostgreSQL, in Ibis on DuckDB and in plain Python."""

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.indicators import counted as c
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.conditions import BadMeasure, Named, condition_json, condition_sql
from thongsuot.kit.indicators.ibis_measures import totals_expression
from thongsuot.kit.indicators.measures import measure, measure_json, parse_measure
from thongsuot.kit.indicators.totals import area_totals, records, rolled_up, totals

DAY = date(2026, 9, 30)
FACT = "tests.pupils"
ROWS = [
    # record, unit, level, grade, poor, born, points
    (1, 3, "primary", 1, True, date(2020, 1, 5), Decimal("7.25")),
    (2, 3, "primary", 2, False, date(2019, 3, 1), Decimal("8.00")),
    (3, 3, "primary", 2, None, None, None),
    (4, 4, "lower", 6, True, date(2015, 6, 30), Decimal("5.50")),
    (5, 4, None, None, False, date(2015, 7, 1), Decimal("9.00")),
]
COLUMNS = ("record_id", "unit_id", "level", "grade", "poor", "born", "points")
SCHEMA = pa.schema(
    [
        ("record_id", pa.int64()),
        ("unit_id", pa.int64()),
        ("level", pa.string()),
        ("grade", pa.int32()),
        ("poor", pa.bool_()),
        ("born", pa.date32()),
        ("points", pa.decimal128(8, 2)),
    ]
)


def as_dicts(rows):
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(registry, "_facts", {})
    return registry.register_facts(c.fact_of(as_dicts(ROWS)))


@pytest.mark.django_db
def test_all_measures_in_one_statement(known, django_assert_num_queries):
    primary = measure(FACT, {"level": "primary"})
    poor = measure(FACT, {"poor": True})
    not_poor = measure(FACT, {"not": {"poor": True}})
    points = measure(FACT, {"grade": {"from": 2}}, of="sum:points")
    grades = measure(FACT, of="distinct:grade")
    # Savepoint, role, the statement, role back, release.
    with django_assert_num_queries(5):
        found = totals([primary, poor, not_poor, points, grades, primary], DAY)
    assert found[primary] == {(3,): 3}
    assert found[poor] == {(3,): 1, (4,): 1}
    # Of row 3 nobody knows whether the pupil is poor: it is not among the poor.
    assert found[not_poor] == {(3,): 2, (4,): 1}
    assert found[points] == {(3,): Decimal("8.00"), (4,): Decimal("5.50")}
    assert found[grades] == {(3,): 2, (4,): 1}


@pytest.mark.django_db
def test_by_dimensions_and_units(known):
    everybody = measure(FACT)
    assert totals([everybody], DAY, [4], by=("level", "poor"))[everybody] == {
        (4, "lower", True): 1,
        (4, None, False): 1,
    }
    own = totals([everybody], DAY)[everybody]
    assert rolled_up(own, {2: {2, 3, 4}, 3: {3}}) == {(2,): 5, (3,): 3}
    assert records(measure(FACT, {"level": None}), DAY, None, ("grade",)) == [(4, 5, None)]
    with pytest.raises(BadMeasure):
        totals([everybody], DAY, by=("nothing",))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "tệp a.json, ô B3: một số đo chỉ có"),
        ({"fact": "tests.none"}, "không có bảng dữ liệu “tests.none”"),
        ({"fact": FACT, "which": {}}, "một số đo chỉ có"),
        ({"fact": FACT, "of": "mean:points"}, "không phải “mean:points”"),
        ({"fact": FACT, "of": "sum:level"}, "không có cột “level” để tính"),
        ({"fact": FACT, "of": "distinct:nobody"}, "không có cột “nobody” để tính"),
        ({"fact": FACT, "where": []}, "điều kiện phải là một đối tượng JSON"),
        ({"fact": FACT, "where": {"sex": "male"}}, "không có chiều “sex” (có: level, grade, poor, born)"),
        ({"fact": FACT, "where": {"level": "primry"}}, "không có giá trị “primry” (có: primary, lower)"),
        ({"fact": FACT, "where": {"level": ["primary", 2]}}, "“level” cần chữ"),
        ({"fact": FACT, "where": {"grade": "1"}}, "“grade” cần số nguyên"),
        ({"fact": FACT, "where": {"grade": True}}, "“grade” cần số nguyên"),
        ({"fact": FACT, "where": {"grade": 10**12}}, "số quá lớn"),
        ({"fact": FACT, "where": {"grade": []}}, "danh sách giá trị đang trống"),
        ({"fact": FACT, "where": {"grade": {"from": 1, "till": 2}}}, "một khoảng chỉ có"),
        ({"fact": FACT, "where": {"grade": {"from": None}}}, "không có đầu nào"),
        ({"fact": FACT, "where": {"level": {"from": "a"}}}, "không phải số hay ngày"),
        ({"fact": FACT, "where": {"poor": 1}}, "“poor” cần true hoặc false"),
        ({"fact": FACT, "where": {"born": "30/9/2026"}}, "“born” cần ngày dạng 2026-09-30"),
        ({"fact": FACT, "where": {"any": []}}, "“any” cần một danh sách điều kiện"),
        ({"fact": FACT, "where": {"any": [{"sex": 1}]}}, "không có chiều “sex”"),
        ({"fact": FACT, "where": {"not": {"not": {"grade": "x"}}}}, "“grade” cần số nguyên"),
    ],
)
def test_a_fault_names_its_place(known, data, said):
    with pytest.raises(BadMeasure) as refused:
        parse_measure(data, "tệp a.json, ô B3")
    assert said in refused.value.message
    assert refused.value.message.startswith("tệp a.json, ô B3: ")


def test_values_never_stand_in_the_statement(known):
    named = Named()
    sql = condition_sql(measure(FACT, {"level": "primary", "grade": [1, 2, 1]}).where, named)
    assert sql == "(coalesce(f.level in (%(m_0)s), false) and coalesce(f.grade in (%(m_1)s, %(m_2)s), false))"
    assert named.values == {"m_0": "primary", "m_1": 1, "m_2": 2}
    with pytest.raises(ValueError, match="cannot be a column"):
        c.Dimension('level" or true', "x")
    with pytest.raises(ValueError, match="named twice"):
        c.FactTable("tests.twice", "x", (c.Dimension("unit_id", "x"),), lambda day, units: ("", {}))


def _either_way(values):
    return st.one_of(values, st.none(), st.lists(st.one_of(values, st.none()), min_size=1, max_size=3))


def _range(values):
    return st.fixed_dictionaries({"from": values}) | st.fixed_dictionaries({"to": values})


LEVELS, GRADES = st.sampled_from(sorted(c.LEVELS)), st.integers(1, 9)
BORN = st.dates(date(2015, 1, 1), date(2015, 1, 9))
SAID_DAYS = BORN.map(str)
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "level": _either_way(LEVELS),
        "grade": _either_way(GRADES) | _range(GRADES),
        "poor": _either_way(st.booleans()),
        "born": _either_way(SAID_DAYS) | _range(SAID_DAYS),
    },
)
CONDITIONS = st.recursive(
    PLAIN,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "any": st.lists(inner, min_size=1, max_size=3),
            "all": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "level": LEVELS,
        },
    ),
    max_leaves=6,
)
MEASURES = st.fixed_dictionaries(
    {
        "fact": st.just(FACT),
        "where": CONDITIONS,
        "of": st.sampled_from(["rows", "sum:points", "distinct:grade", "distinct:level"]),
    }
)
POINTS = st.decimals(0, 10, places=2)
TABLES = st.lists(
    st.tuples(
        st.integers(3, 5),
        st.none() | LEVELS,
        st.none() | GRADES,
        st.none() | st.booleans(),
        st.none() | BORN,
        st.none() | POINTS,
    ),
    max_size=12,
).map(lambda rows: [(number, *row) for number, row in enumerate(rows)])


def by_ibis(measures, rows, by):
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    table = ibis.memtable(pa.table(columns, schema=SCHEMA))
    found = {one: {} for one in measures}
    for row in totals_expression(table, measures, by).to_pyarrow().to_pylist():
        key = (row["unit_id"], *(row[code] for code in by))
        for index, one in enumerate(measures):
            if row[f"m_{index}"]:
                found[one][key] = Decimal(row[f"m_{index}"])
    return found


@pytest.mark.django_db
@settings(max_examples=50)
@given(
    rows=TABLES.map(as_dicts),
    data=st.lists(MEASURES, min_size=1, max_size=4),
    by=st.sampled_from([(), ("level",), ("poor", "grade")]),
    # Units in areas that lie in each other, one in none, an area without rows; or all of them in one.
    covers=st.sampled_from([{1: {3, 4}, 2: {3}, 6: {9}}, {1: {3, 4, 5}}]),
)
def test_postgresql_ibis_and_python_count_the_same(rows, data, by, covers):
    registry._facts[FACT] = c.fact_of(rows)
    try:
        measures = [parse_measure(one) for one in data]
        assert [parse_measure(measure_json(one)) for one in measures] == measures
        expected = {one: c.counted(said, rows, by) for one, said in zip(measures, data, strict=True)}
        assert totals(measures, DAY, by=by) == expected
        assert by_ibis(measures, rows, by) == expected
        summed = {one: rolled_up(numbers, covers) for one, numbers in expected.items()}
        assert area_totals(measures, DAY, covers, by) == summed
        assert [condition_json(one.where) for one in measures]
    finally:
        del registry._facts[FACT]
