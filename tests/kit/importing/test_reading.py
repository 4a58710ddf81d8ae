import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.importing.people import xlsx
from thongsuot.kit.importing.reading import decode, read_file, sniff_delimiter
from thongsuot.kit.importing.types import ImportRefused

TEXT = "Mã;Họ và tên;Ngày sinh\r\n001;Nguyễn Thị Ánh;05/09/2015\r\n"
ROWS = [["Mã", "Họ và tên", "Ngày sinh"], ["001", "Nguyễn Thị Ánh", "05/09/2015"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_any_encoding(encoding):
    assert read_file(TEXT.encode(encoding))[0].rows == ROWS


def test_csv_in_the_vietnamese_code_page():
    # The code page has letters with their own mark, and tones as marks that follow.
    letters = {"ễ": "ê\u0303", "ị": "i\u0323", "Á": "A\u0301", "ọ": "o\u0323", "à": "a\u0300", "ã": "a\u0303"}
    text = "".join(letters.get(letter, letter) for letter in TEXT)
    assert read_file(text.encode("cp1258"))[0].rows == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = TEXT.replace(";", delimiter)
    assert sniff_delimiter(text) == delimiter
    assert read_file(text.encode())[0].rows == ROWS


def test_commas_inside_cells_are_no_delimiters():
    text = 'ten;diem\n"An, Bình, Chi";8,5\n"Dung, Em";9,25\n'
    assert read_file(text.encode())[0].rows[1] == ["An, Bình, Chi", "8,5"]


def test_first_line_of_excel_names_the_delimiter():
    assert read_file(b"sep=|\nma|ten\n1|a,b,c\n")[0].rows == [["ma", "ten"], ["1", "a,b,c"]]


def test_lines_within_a_cell():
    assert read_file('ma,"Họ\nvà tên"\n1,An\n'.encode())[0].rows[0] == ["ma", "Họ\nvà tên"]


def test_workbook_keeps_row_numbers_and_types():
    data = xlsx([[], [], [None, "Mã", "Ngày"], [None, 12.0, date(2026, 9, 5)]])
    rows = read_file(data)[0].rows
    assert rows[2] == [None, "Mã", "Ngày"]
    assert rows[3][1] == 12
    assert rows[3][2] in (date(2026, 9, 5), datetime(2026, 9, 5))


def test_empty_sheets_are_passed_over():
    data = xlsx([], more=[("Hai", [["a", "b"]])])
    assert [sheet.name for sheet in read_file(data)] == ["Hai"]


@pytest.mark.parametrize("data", [b"", b"\n\n , \n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken"])
def test_what_cannot_be_read_is_refused(data):
    with pytest.raises(ImportRefused):
        read_file(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_of_some_kind(data):
    assert isinstance(decode(data), str)


@given(st.text(alphabet="aăâđêôơưáàảãạế bcd", min_size=5, max_size=40))
def test_utf8_comes_back(text):
    assert decode(unicodedata.normalize("NFC", text).encode()) == unicodedata.normalize("NFC", text)
