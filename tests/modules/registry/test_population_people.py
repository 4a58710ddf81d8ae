"""The people of the training server differ about as the real verification was reported to: birth dates most."""

import importlib.util
import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories.organization import make_province
from tests.factories.registry import make_staff, make_student
from tests.modules.registry.population import SERVER
from thongsuot.modules.registry.models import IdentityBatch, IdentityCheck
from thongsuot.modules.registry.queries.identity import differing_by_person

spec = importlib.util.spec_from_file_location("population_people", SERVER / "people.py")
people = importlib.util.module_from_spec(spec)
spec.loader.exec_module(people)
FIELDS = ("birth_date", "gender", "full_name", "state")


def written(path, number):
    born = ("2015-03-04", "2014-12-25", "2016")
    lines = [
        {"personal_id": f"{n:012d}", "full_name": "Đỗ Thị Ánh", "birth_date": born[n % 3], "gender": "female"}
        for n in range(number)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return {line["personal_id"]: line for line in lines}


def test_who_differs_and_in_what(tmp_path):
    before = written(tmp_path / "people.jsonl", 3000)
    found = people.read_people(tmp_path / "people.jsonl", disagree=0.5, seed=7)
    assert found == people.read_people(tmp_path / "people.jsonl", disagree=0.5, seed=7)
    counts = Counter()
    for number, (person,) in found.items():
        changed = [name for name in FIELDS if person.get(name) != before[number].get(name)]
        assert len(changed) <= 1
        counts.update(changed)
        if len(person["birth_date"]) > 4:
            date.fromisoformat(person["birth_date"])
    assert 1350 < counts.total() < 1650
    assert [name for name, _n in counts.most_common(1)] == ["birth_date"]
    assert min(counts[name] for name in FIELDS) > 100


@pytest.mark.django_db
def test_people_of_the_demo_only(tmp_path, settings):
    province = make_province()
    make_student(province.school_a1, "Bé Thử")
    make_student(province.school_a1, "Không Số", personal_id="")
    make_staff(province.school_a1, "Cô Thử")
    settings.DEMO = False
    with pytest.raises(CommandError, match="TS_DEMO"):
        call_command("population_for_training", str(tmp_path / "a.jsonl"))
    settings.DEMO = True
    call_command("population_for_training", str(tmp_path / "a.jsonl"))
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["full_name"] for line in lines] == ["Bé Thử", "Cô Thử"]


@pytest.mark.django_db
def test_what_quality_reads(django_assert_num_queries):
    from django.utils import timezone

    province = make_province()
    wrong = make_student(province.school_a1, identity_status="mismatched")
    mended = make_student(province.school_a1, identity_status="mended")
    for pupil, fields in ((wrong, "gender"), (wrong, "birth_date"), (mended, "gender")):
        batch = IdentityBatch.objects.create(
            unit=pupil.unit, kind="student", channel="http", size=1, created_at=timezone.now()
        )
        IdentityCheck.objects.create(
            batch=batch,
            unit=pupil.unit,
            person_id=pupil.pk,
            status="mismatched",
            differing=fields,
            answered_at=timezone.now(),
        )
    with django_assert_num_queries(2):
        assert differing_by_person("student", [province.school_a1.pk]) == {wrong.pk: "birth_date"}
    assert differing_by_person("student", [province.school_b1.pk]) == {}
