import random
from datetime import date

import pytest

from tests.modules.registry.imports.files import messy, people, pupil, student_rows, upload, xlsx
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.models import Enrolment, Student

KIND = "registry.students"
pytestmark = pytest.mark.django_db


def brought(by, school, rows, *, apply=True, name="hoc-sinh.xlsx", **more):
    options = {"unit": str(school.pk) if school else "", "year": "2026-2027", **more}
    with act_as(by):
        run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows), name), options=options)
        (actions.apply_run if apply else actions.check_run)(by=by, run=run)
    run.refresh_from_db()
    return run


def reasons(run):
    found = ImportRow.objects.filter(run=run, state="rejected").order_by("number")
    return {row.number: [error["reason"] for error in row.errors] for row in found}


def test_a_plain_file_goes_in(clerk, school):
    rows = student_rows(
        [
            pupil("Nguyễn Thị An", code="0100000001", personal_id="051320000001"),
            pupil("Trần Văn Bé", code="HS2", gender="Nam", klass="1B", disability="Nhìn"),
        ]
    )
    run = brought(clerk, school, rows)
    assert reasons(run) == {}
    assert (run.counts["new"], run.counts["rejected"]) == (2, 0)
    first = Student.objects.get(full_name="Nguyễn Thị An")
    assert (first.ministry_code, first.local_code) == ("0100000001", "")
    assert first.birth_date == date(2020, 3, 8)
    second = Student.objects.get(full_name="Trần Văn Bé")
    assert second.characteristics.get().code == "03"
    assert second.enrolments.get().school_class.name == "1B"


def test_twice_gives_nothing_new(clerk, school):
    rows = student_rows(people(30, random.Random(1)))
    assert brought(clerk, school, rows).counts["new"] == 30
    again = brought(clerk, school, messy(people(30, random.Random(1)), random.Random(2)))
    assert reasons(again) == {}
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 30)
    assert Enrolment.objects.count() == 30
