"""The files under data/ and their loader."""

import json
import shutil
from datetime import date

import pytest
from django.conf import settings

from tests.factories.organization import make_province
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization import actions
from thongsuot.modules.organization.domain import reference_files as files
from thongsuot.modules.organization.models import AdministrativeUnit, AdministrativeUnitChange, CodeValue

FOLDER = settings.DATA_DIR / "organization"


def test_the_files_are_whole():
    provinces, communes = files.read_provinces(FOLDER), files.read_communes(FOLDER)
    now = {line.code for line in provinces if line.valid_to is None}
    assert (len(now), len(communes), len({line.code for line in communes})) == (34, 3321, 3321)
    assert {line.province_code for line in communes} == now
    assert sum(line.province_code == "51" for line in communes) == 96
    assert {line.kind for line in communes} == {"Xã", "Phường", "Đặc khu"}


def test_sixty_three_provinces_became_thirty_four():
    lines = [line for line in files.read_changes(FOLDER) if line.level == "province"]
    assert (len(lines), len({line.old_code for line in lines}), len({line.new_code for line in lines})) == (
        63,
        63,
        34,
    )
    assert {line.old_name for line in lines if line.new_code == "51"} == {"Tỉnh Quảng Ngãi", "Tỉnh Kon Tum"}


def test_every_code_list_says_where_it_comes_from():
    lists = files.read_code_lists(settings.DATA_DIR / "codes")
    assert len(lists) == 28
    for one in lists:
        assert len({value.code for value in one.values}) == len(one.values) > 0, one.code
        assert one.source or one.read_in or one.confidence == "M", one.code
    assert len(next(one for one in lists if one.code == "dan_toc").values) == 55


@pytest.fixture
def folder(tmp_path):
    """A small copy of data/ to change."""
    (tmp_path / "codes").mkdir()
    (tmp_path / "organization").mkdir()
    for name in ("gioi_tinh", "ton_giao"):
        shutil.copy(settings.DATA_DIR / "codes" / f"{name}.json", tmp_path / "codes")
    for name, keep in (
        ("provinces.csv", "51,"),
        ("communes.csv", "23527,"),
        ("administrative-changes.csv", "province,62,"),
    ):
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        kept = [lines[0], *(line for line in lines[1:] if line.startswith(keep))]
        (tmp_path / "organization" / name).write_text("\n".join(kept), encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_loading_twice_changes_nothing(folder):
    first = actions.load_reference(by=Actor.system(), folder=folder)
    assert (first.provinces, first.communes, first.changes, first.code_lists) == (1, 1, 1, 2)
    assert actions.load_reference(by=Actor.system(), folder=folder).total == 0
    commune = AdministrativeUnit.objects.get(code="23527")
    assert (commune.parent.name, commune.name_fold, commune.valid_from) == (
        "Quảng Ngãi",
        "xa sa thay",
        date(2025, 7, 1),
    )
    assert AdministrativeUnitChange.objects.get().new_unit.code == "51"


@pytest.mark.django_db
def test_a_code_that_disappears_ends_and_one_that_returns_is_open_again(folder):
    actions.load_reference(by=Actor.system(), folder=folder)
    path = folder / "codes" / "ton_giao.json"
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    gone = data["values"].pop()
    data["collected_on"] = "2027-02-01"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert actions.load_reference(by=Actor.system(), folder=folder).ended_codes == 1
    value = CodeValue.objects.get(code_list__code="ton_giao", code=gone["code"])
    assert value.valid_to == date(2027, 1, 31)
    path.write_text(text, encoding="utf-8")
    actions.load_reference(by=Actor.system(), folder=folder)
    value.refresh_from_db()
    assert value.valid_to is None


@pytest.mark.django_db
def test_what_a_person_set_right_is_spared(folder):
    actions.load_reference(by=Actor.system(), folder=folder)
    value = CodeValue.objects.get(code_list__code="gioi_tinh", code="1")
    line = AdministrativeUnitChange.objects.get()
    actions.correct_code(by=Actor.system(), value=value, name="Nam giới")
    actions.correct_change(
        by=Actor.system(),
        change=line,
        old_name="Tỉnh Kon Tum (cũ)",
        old_code="62",
        new_unit=line.new_unit,
        is_partial=True,
        document="x",
    )
    assert actions.load_reference(by=Actor.system(), folder=folder).total == 0
    value.refresh_from_db()
    assert value.name == "Nam giới"


@pytest.mark.django_db
def test_only_who_manages_lists_loads_them(folder):
    with pytest.raises(NotAllowed):
        actions.load_reference(by=make_province().actor("principal", "school_a1"), folder=folder)
