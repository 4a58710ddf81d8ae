import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from python_calamine import CalamineWorkbook

from tests.kit.pages.reading import body
from tests.kit.pages.site import PersonTable
from thongsuot.kit.pages import exporting
from thongsuot.kit.pages.exporting import TooManyRows, safe_text, sheet_name, typed, write_csv, write_xlsx

URL = "/thu/nguoi/"


def sheet(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_xlsx_has_the_rows_and_columns_of_the_page(reader, make_people):
    make_people("Nguyễn Văn An", "Đặng Bé", phone="0912")
    reader.post(URL, {"do": "columns", "column": ["full_name", "phone", "is_active"]})
    response = reader.get(URL, {"q": "be", "export": "xlsx"})
    assert sheet(body(response)) == [["Họ tên", "Điện thoại", "Đang hoạt động"], ["Đặng Bé", "0912", "Có"]]
    assert "attachment" in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith('.xlsx"')


def test_xlsx_is_not_cut_at_a_page(reader, make_people):
    make_people(60)
    assert len(sheet(body(reader.get(URL, {"export": "xlsx"})))) == 61


def test_dates_stay_dates(reader, make_people):
    make_people("An")
    row = sheet(body(reader.get(URL, {"export": "xlsx"})))[1]
    assert isinstance(row[-1], datetime | date)


def test_csv(reader, make_people):
    make_people("=HYPERLINK(1)", phone="+84912")
    data = body(reader.get(URL, {"export": "csv", "sort": "full_name"}))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1][:3] == ["p-0", "'=HYPERLINK(1)", "'+84912"]


def test_unknown_kind_is_the_page(reader):
    assert reader.get(URL, {"export": "exe"})["Content-Type"].startswith("text/html")


def test_too_many_rows_is_said(reader, make_people, monkeypatch):
    make_people(3)
    monkeypatch.setitem(exporting.MOST_ROWS, "xlsx", 2)
    response = reader.get(URL, {"export": "xlsx", "q": "nguoi"}, follow=True)
    assert response.redirect_chain == [(f"{URL}?q=nguoi", 302)]
    assert "hơn 2 dòng" in response.content.decode()


@pytest.mark.django_db
def test_export_refuses_by_itself(monkeypatch, make_people):
    make_people(3)
    monkeypatch.setitem(exporting.MOST_ROWS, "csv", 2)
    with pytest.raises(TooManyRows):
        exporting.export("csv", PersonTable([]), get_user_model().objects.order_by("pk"), title="x")


def content(made):
    with made:
        return made.read()


def test_xlsx_cells_are_typed():
    row = ["00123", "=1+1", 5, Decimal("2.5"), date(2026, 9, 5), None, "", float("nan"), "http://a.vn"]
    (header, found) = sheet(content(write_xlsx([str(n) for n in range(9)], [row], "Tên [lạ]: */?")))
    assert len(header) == 9
    assert found[:5] == ["00123", "=1+1", 5.0, 2.5, date(2026, 9, 5)]
    assert found[8] == "http://a.vn"


def test_csv_cells():
    data = content(write_csv(["a", "=b"], [[-5, "-5"], [date(2026, 9, 5), 'x"y'], ["@x", "\tx"]]))
    assert data.decode("utf-8-sig") == "a,'=b\r\n-5,'-5\r\n2026-09-05,\"x\"\"y\"\r\n'@x,'\tx\r\n"


def test_large_file_goes_to_disk():
    made = write_csv(["a"], ([f"{'x' * 1000}"] for _ in range(3000)))
    assert made._rolled
    assert len(content(made)) > 3_000_000


def test_typed():
    assert typed(["a", "b"]) == "a, b"
    assert typed(None) is None
    assert typed(True) == "Có"
    assert typed("a < b") == "a < b"


def test_names_of_sheets():
    assert sheet_name("Trường: [A]/B*?") == "Trường A B"
    assert sheet_name("x" * 50) == "x" * 31
    assert sheet_name("'/") == "Sheet1"


def test_safe_text():
    assert safe_text("An") == "An"
    assert safe_text("=1") == "'=1"
