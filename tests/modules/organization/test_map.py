"""The old-to-new map in the database: loading, kinds, following it, its page."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories.organization import make_administrative_unit, make_appointment, make_province, make_user
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import actions, queries
from thongsuot.modules.organization.actions.changes import load_changes as load
from thongsuot.modules.organization.domain.reference_files import ChangeLine
from thongsuot.modules.organization.models import AdministrativeUnit, AdministrativeUnitChange
from thongsuot.modules.organization.queries import NewPlace

pytestmark = pytest.mark.django_db
MERGER, NOW = date(2025, 7, 1), date(2026, 11, 26)


@pytest.fixture
def places():
    province = make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")
    return {
        code: make_administrative_unit(code, name, parent=province)
        for code, name in (("21025", "Cẩm Thành"), ("23527", "Sa Thầy"), ("23536", "Mô Rai"))
    }


def load_changes(lines):
    return load(by=Actor.system(), lines=lines)


def line(old_code, old_name, new_code, *, partial=False, on=MERGER, district="Huyện Sa Thầy"):
    return ChangeLine(
        level="commune",
        old_code=old_code,
        old_name=old_name,
        old_parent_name=district,
        new_code=new_code,
        is_partial=partial,
        effective_on=on,
        document="Nghị quyết 1677/NQ-UBTVQH15",
        confidence="V2",
        old_district_code="616",
        old_province_code="62",
        old_province_name="Tỉnh Kon Tum",
    )


MAP = [
    line("23527", "Thị trấn Sa Thầy", "23527"),
    line("23539", "Xã Sa Sơn", "23527"),
    line("23536", "Xã Mô Rai", "23536", partial=True),
    line("23536", "Xã Mô Rai", "23527", partial=True),
    line("21025", "Phường Nguyễn Nghiêm", "21025", district="Thành phố Quảng Ngãi"),
]


def kinds():
    return set(AdministrativeUnitChange.objects.values_list("old_name", "kind"))


def test_loading_twice_writes_nothing_and_a_difference_is_written_alone(places):
    assert (load_changes(MAP), load_changes(MAP)) == (5, 0)
    assert load_changes([*MAP[:4], line("21025", "Phường Nguyễn Nghiêm", "21025", partial=True)]) == 1
    assert load_changes([]) == 0


def test_a_new_code_that_does_not_exist_loads_nothing(places):
    with pytest.raises(KeyError):
        load_changes([*MAP, line("1", "Xã Một", "99999")])
    assert not AdministrativeUnitChange.objects.exists()


def test_lines_lead_to_what_a_unit_has_become(places):
    load_changes(MAP)
    was = places["21025"]
    now = AdministrativeUnit.objects.create(
        level="commune", code="21025", name="Cẩm Thành", full_name="Đặc khu Cẩm Thành", valid_from=NOW
    )
    AdministrativeUnit.objects.filter(pk=was.pk).update(valid_to=NOW.replace(day=25))
    assert load_changes(MAP) == 0
    assert AdministrativeUnitChange.objects.get(old_code="21025").new_unit == now
    assert AdministrativeUnitChange.objects.count() == len(MAP)


def test_kinds_follow_from_the_other_lines(places):
    load_changes(MAP)
    assert kinds() == {
        ("Thị trấn Sa Thầy", "merged"),
        ("Xã Sa Sơn", "merged"),
        ("Xã Mô Rai", "divided"),
        ("Phường Nguyễn Nghiêm", "renamed"),
    }


def test_kinds_stay_in_step_when_a_person_sets_a_line_right(places):
    load_changes([*MAP[2:3], line("23539", "Xã Cẩm Thành", "21025", district="")])
    system = Actor.system()
    moved = AdministrativeUnitChange.objects.get(old_code="23536")
    actions.correct_change(
        by=system,
        change=moved,
        old_name="Xã Mô Rai",
        old_code="23536",
        new_unit=places["23536"],
        is_partial=False,
        document="",
    )
    assert ("Xã Mô Rai", "kept") in kinds()
    actions.record_change(
        by=system,
        change=None,
        level="commune",
        old_name="Xã Sa Loong",
        new_unit=places["23536"],
        effective_on=MERGER,
    )
    assert kinds() >= {("Xã Mô Rai", "merged"), ("Xã Sa Loong", "merged")}


def test_an_old_code_leads_to_the_units_of_a_day(places):
    load_changes([*MAP, line("23539", "Xã Sa Sơn", "23527"), line("23527", "Xã Sa Thầy", "21025", on=NOW)])
    here = "Tỉnh Quảng Ngãi"
    before = NOW.replace(day=25)
    assert queries.new_places(["23539", "23536"], on=before) == {
        "23536": (
            NewPlace("23527", "Xã Sa Thầy", here, True),
            NewPlace("23536", "Xã Mô Rai", here, True),
        ),
        "23539": (NewPlace("23527", "Xã Sa Thầy", here, False),),
    }
    (place,) = queries.new_places(["23539"], on=NOW)["23539"]
    assert place.code == "21025"
    # 23527 as written since the merger is the new commune, untouched until today.
    (place,) = queries.new_places(["23527"], on=before, known_on=MERGER)["23527"]
    assert (place.code, place.is_partial) == ("23527", False)


def test_an_unknown_code_leads_nowhere(places):
    load_changes(MAP)
    assert queries.new_places(["00000"], on=NOW) == {"00000": ()}


def test_many_codes_cost_two_statements(places, django_assert_num_queries):
    load_changes(MAP)
    with django_assert_num_queries(2):
        queries.new_places([f"{number:05d}" for number in range(23000, 24000)], on=NOW)


def test_the_page_finds_filters_and_exports(client, places, settings):
    settings.MFA_REQUIRED = "none"
    load_changes(MAP)
    officer = make_user()
    make_appointment(officer, "department_officer", make_province().office)
    client.force_login(officer)
    address = reverse("organization:change-list")

    def names(**asked):
        page = client.get(address, asked).content.decode()
        return {line.old_name for line in MAP if line.old_name in page}

    assert names(q="sa son kon tum") == {"Xã Sa Sơn"}
    assert names(q="nguyen nghiem") == {"Phường Nguyễn Nghiêm"}
    assert names(q="23539") == {"Xã Sa Sơn"}
    assert names(kind="divided") == {"Xã Mô Rai"}
    assert names(province=places["23527"].parent_id, kind="renamed") == {"Phường Nguyễn Nghiêm"}
    assert "1677/NQ-UBTVQH15" in client.get(address).content.decode()
    text = b"".join(client.get(address, {"export": "csv", "q": "mo rai"}).streaming_content).decode("utf-8")
    assert text.count("Xã Mô Rai") == 2 + 1
    assert "Huyện Sa Thầy" in text
    assert "Tỉnh Kon Tum" in text


@pytest.mark.slow
def test_the_whole_map_loads_and_is_followed(django_assert_num_queries):
    actions.load_reference(by=Actor.system(), folder=settings.DATA_DIR)
    lines = AdministrativeUnitChange.objects.filter(level="commune", effective_on=MERGER)
    old = set(lines.values_list("old_code", flat=True))
    found = queries.new_places(old, on=NOW)
    assert len(found) == 10_035
    assert all(found.values())
    assert len({place.code for places in found.values() for place in places}) == 3_321 - 5
    (sa_thay,) = found["23539"]
    assert sa_thay == NewPlace("23527", "Xã Sa Thầy", "Tỉnh Quảng Ngãi", False)
    (islands,) = queries.new_places(["536"], on=NOW, level="district")["536"]
    assert islands.name == "Đặc khu Lý Sơn"
    (dong_nai,) = queries.new_places(["70"], on=NOW, level="province")["70"]
    assert dong_nai.name == "Thành phố Đồng Nai"
