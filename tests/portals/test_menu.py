"""Which entry of the menu a page belongs to."""

from __future__ import annotations

import pytest

from tests.factories.organization import make_province
from thongsuot.kit.pages.menu import current_entry
from thongsuot.portals.menu import menu_for


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/thong-ke/don-vi/7/ban-do/", "Bảng số liệu"),
        ("/thong-ke/ky/", "Kỳ báo cáo thống kê"),
        ("/thong-ke/bao-cao/", "Báo cáo thống kê"),
    ],
)
def test_one_entry_of_statistics_is_the_current_one(path, label):
    items = menu_for(make_province().actor("department_officer", "office"))
    found = current_entry(items, path)
    assert found is not None
    assert found.label == label
