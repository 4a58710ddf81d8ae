"""Words of real directives against a small province."""

import pytest

from thongsuot.modules.organization.domain.unit_groups import Context, NamedUnit
from thongsuot.modules.organization.domain.unit_names import UnitNames, canonical_names
from thongsuot.modules.organization.types import EducationLevel as L
from thongsuot.modules.organization.types import MatchKind, SchoolType, UnitKind


def unit(id, kind, name, parent, *aliases, levels=(), school_type=""):
    names = canonical_names(name, "", aliases)
    return NamedUnit(id, kind.value, name, names, parent, frozenset(levels), school_type)


PUBLIC, PRIVATE = SchoolType.PUBLIC.value, SchoolType.PRIVATE.value
UNITS = [
    unit(1, UnitKind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Quảng Ngãi", None, "UBND tỉnh"),
    unit(2, UnitKind.DEPARTMENT, "Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi", 1, "Sở Giáo dục và Đào tạo", "Sở"),
    unit(3, UnitKind.DEPARTMENT_OFFICE, "Văn phòng Sở", 2),
    unit(4, UnitKind.DEPARTMENT_OFFICE, "Phòng Giáo dục Trung học", 2),
    unit(5, UnitKind.DEPARTMENT_OFFICE, "Phòng Kế hoạch - Tài chính", 2),
    unit(6, UnitKind.DEPARTMENT_OFFICE, "Phòng Quản lý chất lượng giáo dục và công nghệ thông tin", 2),
    unit(10, UnitKind.COMMUNE, "Ủy ban nhân dân xã Sa Thầy", 1),
    unit(11, UnitKind.COMMUNE_OFFICE, "Phòng Văn hóa - Xã hội", 10),
    unit(12, UnitKind.SCHOOL, "Trường Mầm non Như Ý", 10, levels=[L.PRESCHOOL], school_type=PRIVATE),
    unit(13, UnitKind.SCHOOL, "Trường Tiểu học Hùng Vương", 10, levels=[L.PRIMARY], school_type=PUBLIC),
    unit(20, UnitKind.COMMUNE, "Ủy ban nhân dân phường Đức Phổ", 1),
    unit(21, UnitKind.COMMUNE_OFFICE, "Phòng Văn hóa - Xã hội", 20),
    unit(22, UnitKind.SCHOOL, "Trường Tiểu học Hùng Vương", 20, levels=[L.PRIMARY], school_type=PUBLIC),
    unit(
        23,
        UnitKind.SCHOOL,
        "Trường TH&THCS Phổ Hòa",
        20,
        levels=[L.PRIMARY, L.LOWER_SECONDARY],
        school_type=PUBLIC,
    ),
    unit(30, UnitKind.SCHOOL, "Trường THPT Số 1 Đức Phổ", 2, levels=[L.UPPER_SECONDARY], school_type=PUBLIC),
    unit(31, UnitKind.SCHOOL, "Trung tâm GDNN-GDTX Đức Phổ", 2, levels=[L.CONTINUING], school_type=PUBLIC),
    unit(24, UnitKind.COMMUNE, "Ủy ban nhân dân xã Ba Tơ", 1),
    unit(25, UnitKind.COMMUNE, "Ủy ban nhân dân xã Ba Tô", 1),
    unit(40, UnitKind.EXTERNAL, "Sở Tài chính", 1),
]
DEPARTMENT = UnitNames(UNITS, Context(UnitKind.DEPARTMENT, 2))
SA_THAY = UnitNames(UNITS, Context(UnitKind.COMMUNE, 10))
SCHOOL = UnitNames(UNITS, Context(UnitKind.SCHOOL, 13))

AT_DEPARTMENT = [
    ("Phòng Giáo dục Trung học", "exact", {4}),
    ("Phòng GDTrH", "exact", {4}),
    ("phòng Giáo dục – Trung học phối hợp", "exact", {4}),
    ("Phòng Kế hoạch – Tài chính", "exact", {5}),
    ("Phòng KH-TC", "exact", {5}),
    ("Văn phòng Sở", "exact", {3}),
    ("Phòng QLCLGD&CNTT", "exact", {6}),
    ("Phòng Quản lý chất lượng giáo dục và công nghệ thông tin", "exact", {6}),
    ("các phòng chuyên môn, nghiệp vụ thuộc Sở", "group", {4, 5, 6}),
    ("Các phòng chuyên môn, nghiệp vụ khác thuộc Sở", "group", {4, 5, 6}),
    ("Các phòng CM, NV thuộc Sở", "group", {4, 5, 6}),
    ("Văn phòng Sở, các phòng chuyên môn, nghiệp vụ", "group", {3, 4, 5, 6}),
    ("Văn phòng Sở và Phòng GDTrH", "group", {3, 4}),
    ("các cơ sở giáo dục trực thuộc", "group", {30, 31}),
    ("Các cơ sở giáo dục trực thuộc Sở GDĐT", "group", {30, 31}),
    ("các đơn vị trực thuộc Sở", "group", {30, 31}),
    ("các trường THPT", "group", {30}),
    ("các trường mầm non, tiểu học", "group", {12, 13, 22, 23}),
    ("các trường tiểu học công lập trên địa bàn tỉnh", "group", {13, 22, 23}),
    ("Các trung tâm GDNN-GDTX", "group", {31}),
    ("Ủy ban nhân dân các xã, phường, đặc khu", "group", {10, 20, 24, 25}),
    ("UBND cấp xã", "group", {10, 20, 24, 25}),
    ("UBND các phường", "group", {20}),
    ("các địa phương", "group", {10, 20, 24, 25}),
    ("Phòng Văn hóa - Xã hội các xã, phường, đặc khu", "group", {11, 21}),
    ("Phòng VH-XH", "group", {11, 21}),
    ("UBND xã Sa Thầy", "exact", {10}),
    ("UBND xã Ba Tơ", "exact", {24}),
    ("UBND xã Ba Tô", "exact", {25}),
    ("UBND xa Ba To", "fuzzy", {24, 25}),
    ("Sở GD&ĐT", "alias", {2}),
    ("Sở Tài chính", "exact", {40}),
    ("Trường Mầm non Như Ý", "exact", {12}),
    ("Trường Mầm non Như Ý Sa Thầy xã", "none", set()),
    ("Trường MN Nhu Y", "exact", {12}),
    ("Trường Tiểu học Hùng Vương", "fuzzy", {13, 22}),
    ("Trường THPT số 1 Đức Phố", "exact", {30}),
    ("Phòng Giáo dục Trug học", "fuzzy", {4}),
    ("Các đơn vị có liên quan", "none", set()),
    ("các đơn vị liên quan", "none", set()),
    ("cấp trên", "none", set()),
    ("", "none", set()),
    ("Theo Kế hoạch số 68/KH-SGDĐT ngày 16/3/2026 của Sở GDĐT", "none", set()),
]
AT_COMMUNE = [
    ("Phòng VH-XH", "exact", {11}),
    ("Phòng VH-XH tham gia", "exact", {11}),
    ("Phòng Văn hóa và Xã hội", "exact", {11}),
    ("Ủy ban nhân dân xã", "exact", {10}),
    ("UBND xã", "exact", {10}),
    ("Các đơn vị trường học công lập thuộc UBND xã", "group", {13}),
    ("Các đơn vị trường học", "group", {12, 13}),
    ("cơ sở giáo dục", "group", {12, 13}),
    ("các trường", "group", {12, 13}),
    ("các cơ sở giáo dục trực thuộc", "group", {12, 13}),
    ("các trường mầm non trên địa bàn xã", "group", {12}),
    ("Trường Tiểu học Hùng Vương", "exact", {13}),
    ("Sở Giáo dục và Đào tạo", "alias", {2}),
    ("Các đơn vị có liên quan", "none", set()),
]


def ids(match):
    return set(match.unit_ids)


@pytest.mark.parametrize(("words", "kind", "expected"), AT_DEPARTMENT)
def test_words_of_the_department(words, kind, expected):
    match = DEPARTMENT.match(words)
    assert (match.kind, ids(match)) == (MatchKind(kind), expected)


@pytest.mark.parametrize(("words", "kind", "expected"), AT_COMMUNE)
def test_words_of_a_commune(words, kind, expected):
    match = SA_THAY.match(words)
    assert (match.kind, ids(match)) == (MatchKind(kind), expected)


def test_a_school_means_itself():
    assert ids(SCHOOL.match("Nhà trường")) == {13}


def test_a_group_says_what_it_is():
    assert (
        DEPARTMENT.match("các trường THPT").group_label
        == "Các cơ sở giáo dục trung học phổ thông trên địa bàn tỉnh"
    )
    assert SA_THAY.match("các trường").group_label == "Các cơ sở giáo dục thuộc xã"


def test_only_what_is_certain_is_taken_without_asking():
    assert DEPARTMENT.match("các trường THPT").is_certain
    assert not DEPARTMENT.match("Trường Tiểu học Hùng Vương").is_certain
    assert not DEPARTMENT.match("Các đơn vị có liên quan").is_certain
