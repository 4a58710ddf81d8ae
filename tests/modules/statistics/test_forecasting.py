"""Forecasts from kept years and the registry: what is read, kept, shown, and to whom."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_actor, make_appointment, make_province, make_user
from tests.modules.registry.imports.files import load_code_lists
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.organization.actions import correct_code
from thongsuot.modules.organization.models import CodeValue
from thongsuot.modules.statistics import queries  # noqa: F401 - the room is importable
from thongsuot.modules.statistics.actions.forecast import (
    CannotForecast,
    delete_forecast,
    keep_past_file,
    keep_past_pupils,
    make_forecast,
    set_rooms,
)
from thongsuot.modules.statistics.domain.forecast_needs import Norm
from thongsuot.modules.statistics.models import Forecast, PastPupils
from thongsuot.modules.statistics.queries import forecast as reading

SYSTEM = Actor.system()
NOW = datetime(2026, 11, 27, 8, tzinfo=timezone.get_default_timezone())


def rows_of(world, *, last=2026, years=4, grades=(1, 2, 3, 4, 5)):
    """Every cohort keeps its number: 70 pupils in commune A, 40 in commune B."""
    return [
        {"year": year, "commune": commune.code, "grade": grade, "pupils": pupils}
        for year in range(last - years + 1, last + 1)
        for commune, pupils in ((world.commune_a, 70), (world.commune_b, 40))
        for grade in grades
    ]


@pytest.fixture
def world(db, settings):
    province = make_province()
    load_code_lists(Path(settings.DATA_DIR), (reading.CLASS_SIZES, reading.TEACHERS))
    keep_past_pupils(by=SYSTEM, rows=rows_of(province), source="Biểu EQMS")
    return province


@pytest.fixture
def made(world):
    return make_forecast(by=SYSTEM, name="Gốc", now=NOW)


def client_of(world, role, unit):
    user = make_user()
    make_appointment(user, role, getattr(world, unit))
    client = Client()
    client.force_login(user)
    return client


def test_past_years_go_back_until_a_gap(world):
    PastPupils.objects.create(year=2020, commune=world.commune_a, grade=1, pupils=70, source="x")
    known = reading.past(date(2026, 11, 27))
    assert known.history.years == (2023, 2024, 2025, 2026)
    assert known.history.pupils.sum() == 4 * 5 * 110
    assert reading.past(date(2026, 9, 29)).history.years == (2023, 2024, 2025)


def test_the_province_is_the_sum_of_its_communes(made):
    province = reading.lines(SYSTEM, made, None)
    for group, line in province.items():
        parts = list(made.lines.filter(group=group, commune__isnull=False))
        assert len(parts) == 2
        assert line.seen == [sum(column) for column in zip(*(part.seen for part in parts), strict=True)]
        for step in range(5):
            assert line.expected[step] == pytest.approx(sum(part.expected[step] for part in parts), abs=0.02)
            assert line.low[step] <= line.expected[step] <= line.high[step]


def test_pupils_are_carried_up(made, world):
    """Nobody enters grade 1 from preschool here, so each year one more grade is empty: 280, 210 ... of 350."""
    line = reading.lines(SYSTEM, made, world.commune_a.pk)["primary"]
    assert line.seen == [350, 350, 350, 350]
    assert line.expected == pytest.approx([280, 210, 140, 70, 0], abs=0.01)


def test_needs_by_hand(made, world):
    """Commune A: five grades of 70 at 35: ten classes, 15 teachers; B: five of 40: ten classes, 15 teachers."""
    found = reading.needs_of(SYSTEM, made, None)["primary"]
    assert (found[0].classes, found[0].teachers, found[0].rooms) == (20, 30, 20)
    alone = reading.needs_of(SYSTEM, made, world.commune_b.pk)["all"]
    assert [one.classes for one in alone] == [10, 8, 6, 4, 2, 0]


def test_what_if_is_another_forecast(made, world):
    norms = {"primary": Norm(30, Decimal(2), 2)}
    other = make_forecast(by=SYSTEM, name="Lớp nhỏ", now=NOW, migration=Decimal(10), changed_norms=norms)
    plain, more = (reading.lines(SYSTEM, one, None)["primary"].expected for one in (made, other))
    assert more[:2] == pytest.approx([plain[0] * 1.1, plain[1] * 1.21], rel=1e-4)
    assert reading.needs_of(SYSTEM, other, world.commune_b.pk)["primary"][0].classes == 10
    assert reading.needs_of(SYSTEM, other, world.commune_b.pk)["primary"][0].rooms == 5
    assert made.norms["primary"]["class_size"] == 35


def test_a_corrected_norm_holds_from_then_on(made):
    """The list that the dashboard and the figures of staffing go by is the one that the forecast goes by."""
    for code_list, line, name in ((reading.CLASS_SIZES, "1", "25"), (reading.TEACHERS, "primary", "1,6")):
        value = CodeValue.objects.get(code_list__code=code_list, code=line)
        correct_code(by=SYSTEM, value=value, name=name)
    set_rooms(by=SYSTEM, group="primary", classes_per_room=2, source="QĐ của tỉnh")
    later = make_forecast(by=SYSTEM, name="Sau", now=NOW).norms["primary"]
    assert later == {"class_size": 25, "teachers": "1.6", "classes_per_room": 2}
    made.refresh_from_db()
    assert made.norms["primary"] == {"class_size": 35, "teachers": "1.5", "classes_per_room": 1}


def test_a_list_without_the_line_is_named(world):
    CodeValue.objects.filter(code_list__code=reading.TEACHERS, code="nursery").update(name="chưa rõ")
    with pytest.raises(CannotForecast, match="dinh_muc_giao_vien_lop thiếu số của dòng “nursery”"):
        make_forecast(by=SYSTEM, name="Gốc", now=NOW)
    with pytest.raises(CannotForecast):
        set_rooms(by=SYSTEM, group="primary", classes_per_room=3, source="QĐ")
    page = client_of(world, "department_leader", "department").get(reverse("statistics:forecast-norms"))
    assert "dinh_muc_giao_vien_lop: nursery" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pupils": "nhiều"}, "Dòng 2, cột số học sinh: “nhiều”"),
        ({"grade": 19}, "Dòng 2, cột khối: “19”"),
        ({"commune": "khong-co"}, "Dòng 2, cột mã xã: không có xã “khong-co”"),
        ({"year": ""}, "Dòng 2, cột năm"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(world, change, said):
    rows = rows_of(world, last=2020)
    with pytest.raises(CannotForecast, match=said):
        keep_past_pupils(by=SYSTEM, rows=[{**rows[0], **change}, *rows[1:]], source="Tệp")
    assert not PastPupils.objects.filter(year__lte=2020).exists()


def test_a_file_twice_is_the_file_once(world):
    book = openpyxl.Workbook()
    book.active.append(["Năm", "Mã xã", "Khối", "Số học sinh"])
    for row in rows_of(world, last=2022, years=1):
        book.active.append([row["year"], row["commune"], row["grade"], row["pupils"] + 1])
    file = BytesIO()
    book.save(file)
    for _time in range(2):
        assert keep_past_file(by=SYSTEM, data=file.getvalue(), source="Tệp") == 10
    assert sum(PastPupils.objects.filter(year=2022).values_list("pupils", flat=True)) == 560
    assert PastPupils.objects.filter(year=2023).count() == 10


def test_one_year_is_not_enough(db):
    world = make_province()
    keep_past_pupils(by=SYSTEM, rows=rows_of(world, years=1), source="Tệp")
    with pytest.raises(CannotForecast, match="hai năm liền nhau"):
        make_forecast(by=SYSTEM, name="Gốc", now=NOW)


def test_who_may(made, world):
    commune = make_actor("commune_officer", world.commune_a_office)
    with pytest.raises(NotAllowed):
        make_forecast(by=commune, name="Của xã", now=NOW)
    with pytest.raises(NotAllowed):
        delete_forecast(by=commune, forecast_id=made.pk)
    with pytest.raises(NotAllowed):
        reading.lines(commune, made, None)
    with pytest.raises(NotAllowed):
        reading.lines(commune, made, world.commune_b.pk)
    assert reading.lines(commune, made, world.commune_a.pk)["all"].seen[-1] == 350
    assert Forecast.objects.filter(pk=made.pk).exists()


def test_the_department_opens_every_page(made, world):
    other = make_forecast(by=SYSTEM, name="Phương án hai", now=NOW, migration=Decimal(2))
    client = client_of(world, "department_officer", "office")
    page = reverse("statistics:forecast-detail", args=[made.pk])
    for url in (
        reverse("statistics:forecast-list"),
        reverse("statistics:forecast-make"),
        reverse("statistics:forecast-norms"),
        reverse("statistics:forecast-trial", args=[made.pk]),
        f"{page}?nhom=primary&so-voi={other.pk}",
        f"{page}?xa={world.commune_b.pk}",
    ):
        assert client.get(url).status_code == 200, url
    body = client.get(f"{page}?so-voi={other.pk}").content.decode()
    assert "Phương án hai" in body
    sheet = client.get(f"{page}?export=xlsx")
    book = openpyxl.load_workbook(BytesIO(b"".join(sheet.streaming_content)))
    assert book.active.max_row == 1 + 3 * 23 * 9


def test_a_commune_sees_its_own(made, world):
    client = client_of(world, "commune_officer", "commune_a_office")
    page = reverse("statistics:forecast-detail", args=[made.pk])
    body = client.get(page).content.decode()
    assert world.commune_a.name in body
    assert world.commune_b.name not in body
    assert client.get(f"{page}?xa={world.commune_b.pk}").status_code == 404
    for name in ("forecast-make", "forecast-past"):
        assert client.get(reverse(f"statistics:{name}")).status_code == 404


def test_a_scenario_from_the_form(world):
    client = client_of(world, "department_officer", "office")
    asked = {"name": "Sinh ít đi", "migration": "0.5", "births": "-2"}
    for level, size in (("primary", 32), ("lower_secondary", 45), ("upper_secondary", 45)):
        asked |= {f"size_{level}": size, f"teachers_{level}": "1.9", f"rooms_{level}": 1}
    refused = client.post(reverse("statistics:forecast-make"), asked | {"migration": "50"})
    assert refused.status_code == 422
    assert client.post(reverse("statistics:forecast-make"), asked).status_code == 302
    # Asked twice is made once.
    assert client.post(reverse("statistics:forecast-make"), asked).status_code == 302
    assert run_jobs() == 1
    made = Forecast.objects.get()
    assert made.norms["primary"] == {"class_size": 32, "teachers": "1.9", "classes_per_room": 1}
    assert made.assumptions == {"migration": "0.5", "births": "-2"}


def test_an_empty_province_says_so(db):
    world = make_province()
    client = client_of(world, "department_officer", "office")
    assert "Chưa có dự báo nào" in client.get(reverse("statistics:forecast-list")).content.decode()


def test_a_file_through_the_page(world):
    user = make_user()
    make_appointment(user, "department_officer", world.office)
    client = Client()
    client.force_login(user)
    text = f"Năm,Mã xã,Khối,Số học sinh\n2021,{world.commune_a.code},1,99\n"
    file = SimpleUploadedFile("nam-truoc.csv", text.encode())
    url = reverse("statistics:forecast-past")
    answer = client.post(url, {"file": file, "source": "Biểu 2021"})
    assert answer.status_code == 302
    assert PastPupils.objects.get(year=2021).pupils == 99
