"""Whole columns are read as single cells are."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.importing.people import xlsx
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Boolean, Code, Date, Integer, Text, text_of
from thongsuot.kit.importing.frames import read_frames
from thongsuot.kit.importing.headers import DataRow, data_rows, find_header
from thongsuot.kit.importing.reading import read_file
from thongsuot.kit.importing.types import CellError
from thongsuot.kit.importing.vectors import clean, table_rows
from thongsuot.kit.text.vectors import clean_texts, fold_texts, person_sort_keys
from thongsuot.kit.text.vietnamese import clean_text, fold, person_sort_key

COLUMNS = (
    Text("name", "Họ tên", required=True, max_length=12),
    Code("code", "Mã", width=5, least=3, pattern=r"\d{5}"),
    Date("born", "Ngày sinh"),
    Boolean("is_active", "Đang dùng"),
    Integer("age", "Tuổi", least=1, most=120),
)
LETTERS = "aăâbđĐðÐêoôơuưyáàảãạếềểễệ ỐỘ’'ʼ\u0301\u0323\u00a0\u200b-.0123456789/xX"
texts = st.text(alphabet=LETTERS, max_size=14)
names = st.lists(st.text(alphabet="aăâđêơưyáàệỐộnhgtrx'’-9", min_size=1, max_size=6), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_text_is_cleaned_and_folded_alike(text):
    frame = pl.DataFrame({"t": [text]}).select(clean=clean_texts(pl.col("t")), fold=fold_texts(pl.col("t")))
    assert (frame["clean"][0] or "", frame["fold"][0]) == (clean_text(text), fold(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(names.map(" ".join).map(clean_text), min_size=1, max_size=8))
def test_names_are_keyed_alike(some):
    assert list(person_sort_keys(pl.Series("n", some))) == [person_sort_key(name) for name in some]


def one_by_one(column, text):
    try:
        return column.read(text, column.prepare({text_of(text)}, Actor.system())), False
    except CellError:
        return None, True


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), texts) for _ in COLUMNS]), min_size=1, max_size=6))
def test_cells_are_read_alike(rows):
    keys = [column.key for column in COLUMNS]
    raw = pl.DataFrame(rows, schema=dict.fromkeys(keys, pl.String), orient="row").with_row_index("row")
    raw = raw.with_columns(pl.col("row").cast(pl.Int64))
    found = clean(raw, COLUMNS, Actor.system())
    wrong = set(found.all_errors().select("row", "field").iter_rows())
    for number, cells in enumerate(rows):
        for column, text in zip(COLUMNS, cells, strict=True):
            value, is_wrong = one_by_one(column, text)
            assert ((number, column.key) in wrong) == is_wrong, (column.key, text)
            assert found.values[column.key][number] == value, (column.key, text)


def test_rows_that_are_no_data_are_passed_over_alike():
    data = xlsx(
        [
            ["DANH SÁCH"],
            ["STT", "Mã", "Họ tên", "Ngày sinh"],
            [None, "(1)", "(2)", "(3)"],
            [1, "00001", "Nguyễn An", date(2015, 9, 5)],
            ["STT", "Mã", "Họ tên", "Ngày sinh"],
            [2, "00002", None, date(2015, 9, 6)],
            ["Tổng cộng", None, 2],
            [],
            [None, "Người lập biểu", "Hiệu trưởng"],
        ]
    )
    (sheet,) = read_file(data)
    (frame,) = read_frames(data)
    header = find_header(frame.top(), COLUMNS)
    raw, passed = table_rows(frame, header, COLUMNS)
    plain = list(data_rows(sheet, find_header(sheet, COLUMNS), COLUMNS))
    assert passed == [row for row in plain if isinstance(row, int)] == [3, 5, 7, 9]
    assert list(raw["row"]) == [row.number for row in plain if isinstance(row, DataRow)] == [4, 6]


def test_csv_of_lines_of_different_length():
    (frame,) = read_frames("DANH SÁCH\nMã;Họ tên;Tuổi\n1;An;7\n2;Bình\n".encode())
    assert frame.cells.shape == (4, 3)
    assert frame.row(4) == ["2", "Bình", None]
