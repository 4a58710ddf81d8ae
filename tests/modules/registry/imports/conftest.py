import json
from pathlib import Path

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class
from thongsuot.modules.organization.models import CodeList, CodeValue

LISTS = (
    "dan_toc",
    "ton_giao",
    "trang_thai_hoc_sinh",
    "ly_do_thoi_hoc",
    "loai_khuyet_tat",
    "dien_chinh_sach",
    "trang_thai_can_bo",
    "chuc_vu",
    "hinh_thuc_hop_dong",
    "trinh_do_chuyen_mon",
    "danh_gia_chuan_nghe_nghiep",
)


@pytest.fixture
def code_lists(db, settings):
    for code in LISTS:
        said = json.loads((Path(settings.DATA_DIR) / "codes" / f"{code}.json").read_text())
        made = CodeList.objects.create(code=code, name=said["name"])
        CodeValue.objects.bulk_create(
            CodeValue(code_list=made, code=one["code"], name=one["name"]) for one in said["values"]
        )


@pytest.fixture
def province(code_lists):
    return make_province()


@pytest.fixture
def year(db):
    return make_school_year()


@pytest.fixture
def school(province, year):
    """school_a1 with the classes 1A and 1B of the year."""
    unit = province.school_a1
    for name in ("1A", "1B"):
        make_class(unit, year, name, code=name, grade=1)
    return unit


@pytest.fixture
def clerk(province, school):
    return province.actor("school_office", "school_a1")
