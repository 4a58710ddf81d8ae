import unicodedata
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.registry.domain import persons


def test_names_are_kept_as_registered_but_clean():
    assert persons.clean_name("  Ðinh  Thị\u00a0Hoà ") == "Đinh Thị Hoà"
    assert persons.clean_name(unicodedata.normalize("NFD", "Nguyễn Ánh")) == "Nguyễn Ánh"
    assert persons.name_parts("H'Mông Điểu")["name_fold"] == "h'mong dieu"


@given(st.text(max_size=60))
def test_cleaning_a_name_twice_changes_nothing(text):
    once = persons.clean_name(text)
    assert persons.clean_name(once) == once
    assert once == unicodedata.normalize("NFC", once)


@pytest.mark.parametrize("text", ["", "  ", "12", "Lê 2", "--"])
def test_what_is_no_name(text):
    assert not persons.is_name(text)


@pytest.mark.parametrize("text", ["Y", "Điểu K'Ré", "Trần Văn A"])
def test_what_is_a_name(text):
    assert persons.is_name(text)


def test_personal_ids():
    assert persons.clean_personal_id(" 0512 1600 1234 ") == "051216001234"
    assert persons.is_personal_id("051216001234")
    assert not persons.is_personal_id("51216001234")
    assert not persons.is_personal_id("٠٥١٢١٦٠٠١٢٣٤a")
    assert persons.masked("051216001234") == "••••••••1234"
    assert persons.masked("") == ""


def test_birth_dates():
    today = date(2026, 11, 23)
    assert persons.is_birth_date(today, today)
    assert not persons.is_birth_date(date(2026, 11, 24), today)
    assert not persons.is_birth_date(date(1899, 12, 31), today)


def test_provisional_codes_do_not_repeat():
    assert len({persons.provisional_code(uuid4()) for _ in range(200)}) == 200
