"""The bulk files: heads, references, who is in them; nobody of another school."""

import csv
import io
import zipfile
from datetime import date

import pytest
from django.core.management import call_command

from tests.modules.registry.oneroster.conftest import DAY
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.domain.oneroster import HEADERS, OTHER_FILES
from thongsuot.modules.registry.queries.oneroster import scope_of, write_files


def exported(actor, day=DAY, **more):
    out = io.BytesIO()
    with act_as(actor):
        write_files(scope_of(actor, day, **more), out)
    with zipfile.ZipFile(out) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8"))))
            for name in archive.namelist()
        }


def rows(files, name):
    head, *lines = files[f"{name}.csv"]
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.fixture
def files(province):
    return exported(province.actor("school_office", "school_a1"))


def test_heads_and_manifest(files):
    for name in HEADERS:
        assert tuple(files[f"{name}.csv"][0]) == HEADERS[name]
    said = dict(files["manifest.csv"])
    assert (said["manifest.version"], said["oneroster.version"], said["propertyName"]) == (
        "1.0",
        "1.2",
        "value",
    )
    assert {said[f"file.{name}"] for name in HEADERS} == {"bulk"}
    assert {said[f"file.{name}"] for name in OTHER_FILES} == {"absent"}
    assert len(said) == 1 + 2 + len(HEADERS) + len(OTHER_FILES) + 2


def test_every_reference_is_there(files):
    keys = {name: {row["sourcedId"] for row in rows(files, name)} for name in HEADERS}
    assert all(len(keys[name]) == len(rows(files, name)) for name in HEADERS)
    points = {
        "classes": {
            "courseSourcedId": "courses",
            "schoolSourcedId": "orgs",
            "termSourcedIds": "academicSessions",
        },
        "courses": {"orgSourcedId": "orgs", "schoolYearSourcedId": "academicSessions"},
        "enrollments": {"classSourcedId": "classes", "schoolSourcedId": "orgs", "userSourcedId": "users"},
        "roles": {"userSourcedId": "users", "orgSourcedId": "orgs"},
        "users": {"primaryOrgSourcedId": "orgs", "agentSourcedIds": "users"},
        "demographics": {"sourcedId": "users"},
        "academicSessions": {"parentSourcedId": "academicSessions"},
        "orgs": {"parentSourcedId": "orgs"},
    }
    for name, columns in points.items():
        for row in rows(files, name):
            for column, target in columns.items():
                for key in filter(None, row[column].split(",")):
                    assert key in keys[target], (name, column, key)


def test_who_is_in(files):
    users = {(row["familyName"], row["middleName"], row["givenName"]) for row in rows(files, "users")}
    assert users == {
        ("Đinh", "", "Đinh"),
        ("Trần", "Thị Ngọc", "Ánh"),
        ("Năm", "Sinh", "Thôi"),
        ("Phạm", "Thị Thu", "Hà"),
        ("Lê", "Văn,", '"Tư"'),
        ("Nguyễn", "Quản", "Lý"),
        ("Trần", "Văn", "Cha"),
        ("Hồ", "Thị Giám", "Hộ"),
    }
    assert sorted(row["role"] for row in rows(files, "roles")) == [
        "guardian",
        "parent",
        "siteAdministrator",
        "student",
        "student",
        "student",
        "teacher",
        "teacher",
    ]


def test_enrollments_and_dates(files):
    found = rows(files, "enrollments")
    assert sorted((row["role"], row["primary"]) for row in found) == [
        ("student", "false"),
        ("student", "false"),
        ("student", "false"),
        ("teacher", "false"),
        ("teacher", "true"),
    ]
    year = next(row for row in rows(files, "academicSessions") if row["type"] == "schoolYear")
    # The last day is inclusive with us, exclusive there.
    assert (year["startDate"], year["endDate"], year["schoolYear"]) == ("2026-09-05", "2027-06-01", "2027")
    births = sorted(row["birthDate"] for row in rows(files, "demographics"))
    assert births == ["", "2020-03-08", "2020-03-08"]
    assert {row["grades"] for row in rows(files, "classes")} == {"01"}


def test_as_of_a_past_day(province):
    actor = province.actor("school_office", "school_a1")
    names = {row["givenName"] for row in rows(exported(actor, date(2026, 9, 30)), "users")}
    assert "Đi" in names
    assert "Nhầm" not in names


def test_only_the_own_units(province):
    office = province.actor("department_officer", "office")
    assert len(rows(exported(office), "users")) == 10
    below = exported(office, unit_id=province.commune_b.pk)
    assert {row["givenName"] for row in rows(below, "users")} == {"Khác", "Mẹ"}
    with pytest.raises(NotAllowed):
        exported(province.actor("teacher", "school_a1"))
    with pytest.raises(NotAllowed):
        exported(province.actor("school_office", "school_a1"), unit_id=province.school_b1.pk)


def test_a_school_without_anything(province):
    files = exported(province.actor("department_officer", "office"), unit_id=province.school_a2.pk)
    assert set(files) == {"orgs.csv", "academicSessions.csv", "manifest.csv"}
    assert dict(files["manifest.csv"])["file.users"] == "absent"


def test_the_command(province, tmp_path):
    target = tmp_path / "roster.zip"
    call_command("export_oneroster", str(target), "--unit", province.school_a1.code, "--as-of", "2026-11-23")
    assert zipfile.is_zipfile(target)
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["roster.zip"]
