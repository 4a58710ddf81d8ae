"""The files under data/ and their loader."""

import json
import shutil
from datetime import date
from itertools import groupby

import pytest
from django.conf import settings

from tests.factories.organization import make_province
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization import actions
from thongsuot.modules.organization.domain import reference_files as files
from thongsuot.modules.organization.domain.succession import Step, successors
from thongsuot.modules.organization.models import AdministrativeUnit, AdministrativeUnitChange, CodeValue

FOLDER = settings.DATA_DIR / "organization"
ISLANDS = {"318", "471", "498", "536", "755"}


def grouped(rows, key):
    return groupby(sorted(rows, key=key), key)


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


@pytest.fixture(scope="module")
def lines():
    return [line for line in files.read_changes(FOLDER) if line.level != "province"]


@pytest.fixture(scope="module")
def now():
    return {line.code: line for line in files.read_communes(FOLDER)}


def merger(lines):
    return [line for line in lines if line.effective_on == date(2025, 7, 1)]


def test_the_map_of_communes_is_whole(lines, now):
    first = merger(lines)
    communes = [line for line in first if line.level == "commune"]
    assert len({line.old_code for line in communes}) == 10_035
    assert [line.old_name for line in first if line.level == "district"] == [
        "Huyện Bạch Long Vĩ",
        "Huyện Cồn Cỏ",
        "Huyện Hoàng Sa",
        "Huyện Lý Sơn",
        "Huyện Côn Đảo",
    ]
    # Every commune of today comes from somewhere, and nothing leads to a commune that is not there.
    assert {line.new_code for line in first} == set(now)
    assert len({line.old_district_code for line in communes}) == 691
    assert {line.old_province_code for line in communes} == {
        line.old_code for line in files.read_changes(FOLDER) if line.level == "province"
    }
    keys = [(line.level, line.old_code, line.effective_on, line.new_code) for line in lines]
    assert len(set(keys)) == len(keys)


def test_a_part_is_never_alone(lines):
    for _old, found in grouped(merger(lines), lambda line: (line.level, line.old_code)):
        parts = list(found)
        assert {line.is_partial for line in parts} == {len(parts) > 1}, parts


def test_every_old_code_ends_in_units_of_today(lines, now):
    steps = [
        Step(line.effective_on, line.old_code, line.new_code, line.is_partial)
        for line in lines
        if line.level == "commune"
    ]
    old = {line.old_code for line in merger(lines) if line.level == "commune"}
    found = successors(steps, sorted(old), on=date(2026, 11, 1))
    reached = {place.code for places in found.values() for place in places}
    islands = {line.new_code for line in lines if line.level == "district"}
    assert reached == set(now) - islands
    assert all(found.values())


def test_each_province_has_its_resolution_and_its_own_communes(lines, now):
    provinces = {
        line.old_code: line.new_code for line in files.read_changes(FOLDER) if line.level == "province"
    }
    documents = {}
    for line in merger(lines):
        place = now[line.new_code].province_code
        documents.setdefault(place, set()).add(line.document)
        assert provinces[line.old_province_code] == place, line
    numbers = sorted(document for found in documents.values() for document in found)
    assert len(documents) == 34
    assert numbers == [f"Nghị quyết {number}/NQ-UBTVQH15" for number in range(1654, 1688)]


def test_a_code_that_stays_names_a_place_of_the_same_old_province(lines):
    """A new unit takes over the code of one of those that it is made of."""
    made_of = {}
    for line in merger(lines):
        made_of.setdefault(line.new_code, set()).add(line.old_code)
    odd = [code for code, old in made_of.items() if code not in old and not old & ISLANDS]
    # Ba Chẽ: the list of communes says 06978, other copies of the national list 06970 (the former town).
    assert odd == ["06978"]


def test_quang_ngai_in_detail(lines, now):
    here = [line for line in merger(lines) if now[line.new_code].province_code == "51"]
    new = {line.new_code for line in here}
    assert (len(new), {line.document for line in here}) == (96, {"Nghị quyết 1677/NQ-UBTVQH15"})
    assert {line.old_province_name for line in here} == {"Tỉnh Quảng Ngãi", "Tỉnh Kon Tum"}

    def made_of(name):
        (code,) = (code for code in new if now[code].full_name == name)
        return {(line.old_name, line.old_parent_name) for line in here if line.new_code == code}

    assert made_of("Xã Sa Thầy") == {
        ("Thị trấn Sa Thầy", "Huyện Sa Thầy"),
        ("Xã Sa Nhơn", "Huyện Sa Thầy"),
        ("Xã Sa Sơn", "Huyện Sa Thầy"),
    }
    assert {name for name, _district in made_of("Phường Cẩm Thành")} == {
        "Phường Nguyễn Nghiêm",
        "Phường Trần Hưng Đạo",
        "Phường Nghĩa Chánh",
        "Phường Chánh Lộ",
    }
    assert made_of("Đặc khu Lý Sơn") == {("Huyện Lý Sơn", "")}


def test_every_code_list_says_where_it_comes_from():
    lists = files.read_code_lists(settings.DATA_DIR / "codes")
    assert len(lists) == 32
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
        ("commune-changes.csv", ("commune,23527,", "commune,23533,")),
    ):
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        kept = [lines[0], *(line for line in lines[1:] if line.startswith(keep))]
        (tmp_path / "organization" / name).write_text("\n".join(kept), encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_loading_twice_changes_nothing(folder):
    first = actions.load_reference(by=Actor.system(), folder=folder)
    assert (first.provinces, first.communes, first.changes, first.code_lists) == (1, 1, 3, 2)
    assert actions.load_reference(by=Actor.system(), folder=folder).total == 0
    commune = AdministrativeUnit.objects.get(code="23527")
    assert (commune.parent.name, commune.name_fold, commune.valid_from) == (
        "Quảng Ngãi",
        "xa sa thay",
        date(2025, 7, 1),
    )
    assert AdministrativeUnitChange.objects.get(level="province").new_unit.code == "51"


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
    line = AdministrativeUnitChange.objects.get(level="province")
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
