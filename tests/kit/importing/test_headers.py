import unicodedata

import pytest

from tests.kit.importing.people import PeopleImporter, xlsx
from thongsuot.kit.importing.columns import Date, Integer, Text
from thongsuot.kit.importing.headers import DataRow, data_rows, find_header, normal
from thongsuot.kit.importing.reading import Sheet, read_file

COLUMNS = PeopleImporter.columns


def header(rows, columns=COLUMNS, merged=()):
    sheet = read_file(xlsx(rows, merged=merged))[0]
    return sheet, find_header(sheet, columns)


def table(rows, columns=COLUMNS, merged=()):
    sheet, found = header(rows, columns, merged)
    lines = list(data_rows(sheet, found, columns))
    kept = [line for line in lines if isinstance(line, DataRow)]
    return [line.number for line in kept], [line for line in lines if isinstance(line, int)], kept


HEAD = ["STT", "Mã số", "Họ tên", "SĐT"]


def test_order_of_columns_does_not_matter():
    _sheet, found = header([["Họ tên", "Ghi chú", "Mã"]])
    assert found.mapping == {"username": [2], "full_name": [0]}


@pytest.mark.parametrize(
    "text",
    [
        "HỌ VÀ TÊN",
        "Họ\nvà tên",
        " họ  và   tên ",
        unicodedata.normalize("NFD", "Họ và tên"),
        "Họ và tên (*)",
        "2. Họ và tên",
        "Họ và tên (viết in hoa)",
        "Ho va ten",
        "Họ và tên học sinh",
        "full name",
    ],
)
def test_ways_to_write_a_header(text):
    _sheet, found = header([["Mã", text]])
    assert found.mapping["full_name"] == [1]


def test_eth_is_read_as_the_letter_that_was_meant():
    _sheet, found = header([["Mã", "Họ tên", "Ðiện thoại"]])
    assert found.mapping["phone"] == [2]


@pytest.mark.parametrize("above", [0, 1, 5, 18])
def test_header_anywhere_in_the_first_rows(above):
    titles = [["SỞ GIÁO DỤC VÀ ĐÀO TẠO"], ["Danh sách họ và tên học sinh"]] * 10
    rows = [*titles[:above], HEAD, [1, "A1", "An", "09"]]
    _sheet, found = header(rows)
    assert (found.row, found.depth) == (above, 1)


def test_no_header():
    assert header([["a", "b"], [1, 2]])[1] is None


def test_heads_of_two_rows():
    rows = [
        ["STT", "Thông tin", None, "Ngày sinh", None, None],
        [None, "Mã", "Họ tên", "Ngày", "Tháng", "Năm"],
        [1, "A1", "An", 5, 9, 2015],
    ]
    merged = [("A1:A2", "STT"), ("B1:C1", "Thông tin"), ("D1:F1", "Ngày sinh")]
    for ranges in (merged, ()):
        _sheet, found = header(rows, merged=ranges)
        assert (found.row, found.depth) == (0, 2)
        assert found.mapping == {"username": [1], "full_name": [2], "born": [3, 4, 5]}
        assert found.labels[3:] == ["Ngày sinh Ngày", "Ngày sinh Tháng", "Ngày sinh Năm"]
    _numbers, _passed, kept = table(rows, merged=merged)
    assert kept[0].cells["born"] == "5/9/2015"


def test_same_word_under_different_heads():
    columns = (
        Text("a", "Lớp 6 Nam", required=True),
        Integer("b", "Lớp 6 Nữ"),
        Integer("c", "Lớp 7 Nam"),
        Integer("d", "Lớp 7 Nữ"),
    )
    rows = [["Lớp 6", None, "Lớp 7", None], ["Nam", "Nữ", "Nam", "Nữ"], ["1", 2, 3, 4]]
    _sheet, found = header(rows, columns, merged=[("A1:B1", "Lớp 6"), ("C1:D1", "Lớp 7")])
    assert found.mapping == {"a": [0], "b": [1], "c": [2], "d": [3]}


def test_a_merged_title_does_not_run_over_its_neighbours():
    rows = [["Tên", None, "Mã"], ["họ và tên", "khác", None], ["An", "x", "A1"]]
    _sheet, found = header(rows, merged=[("A1:B1", "Tên")])
    assert found.mapping == {"full_name": [0], "username": [2]}


def test_what_is_not_data_is_passed_over():
    rows = [
        ["TRƯỜNG TIỂU HỌC SỐ 1"],
        HEAD,
        ["(1)", "(2)", "(3)", "(4)"],
        ["I. Khối 6"],
        [1, "A1", "An", "09"],
        [],
        HEAD,
        [2, "A2", "Tổng Thị Cộng", None],
        [3, None, "Bình", None],
        ["Tổng cộng", None, None, 2],
        ["Tổng cộng: 2 học sinh"],
        [],
        [None, None, None, "Ngày 5 tháng 9 năm 2026"],
        [None, None, "Nguyễn Văn Hiệu Trưởng"],
    ]
    numbers, passed, kept = table(rows)
    assert numbers == [5, 8, 9]
    assert passed == [3, 4, 7, 10, 11, 13, 14]
    assert kept[1].cells == {"username": "A2", "full_name": "Tổng Thị Cộng", "phone": None}


def test_rows_named_like_totals_are_data_when_whole():
    columns = (Text("name", "Chỉ tiêu", required=True), Integer("value", "Số lượng", required=True))
    rows = [["Chỉ tiêu", "Số lượng"], ["Tổng số học sinh", 25], ["Cộng Hòa", 3], ["Tổng số", 28]]
    numbers, passed, _kept = table(rows, columns)
    assert (numbers, passed) == ([2, 3], [4])


def test_one_column_is_enough_when_there_is_only_one():
    columns = (Text("name", "Tên trường", required=True),)
    numbers, _passed, _kept = table([["Tên trường"], ["Trường A"], ["Trường B"]], columns)
    assert numbers == [2, 3]


def test_first_of_two_equal_heads_wins():
    _sheet, found = header([["Mã", "Họ tên", "Họ tên"]])
    assert found.mapping["full_name"] == [1]


def test_short_names_do_not_begin_other_heads():
    columns = (Text("lop", "Lớp"), Text("ten", "Tên"), Date("born", "Ngày sinh"))
    _sheet, found = header([["Lớp học thêm", "Tên cha", "Ngày sinh (dd/mm/yyyy)", "Lớp"]], columns)
    assert found.mapping == {"lop": [3], "born": [2]}


def test_normal():
    assert normal("3. Họ và tên (*)\n[bắt buộc]") == "ho va ten"
    assert normal("(1)") == "1"


def test_empty_sheet():
    assert find_header(Sheet("x", []), COLUMNS) is None
