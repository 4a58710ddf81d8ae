"""Candidates are found, kept with their decisions, and go when the data are mended."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_student
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.actions.matching import decide, find_candidates
from thongsuot.modules.registry.models import MatchCandidate, Student

NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))
NAMES = [
    "Lê Văn Tám",
    "Phạm Ngọc Ánh",
    "Võ Thị Sáu",
    "Đinh Thị Đào",
    "Hồ Minh Quân",
    "Y Niê Kđăm",
    "Bùi Gia Huy",
    "Đỗ Kim Chi",
]


@pytest.fixture
def world(db):
    province, year = make_province(), make_school_year()
    a, b = (make_class(getattr(province, unit), year) for unit in ("school_a1", "school_b1"))
    for index, name in enumerate(NAMES * 6):
        born = date(2014, 1, 1) + timedelta(days=37 * index)
        make_student(
            province.school_a1,
            f"{name} {['An', 'Bình', 'Cúc', 'Dũng', 'Em', 'Giang'][index // 8]}",
            birth_date=born,
            school_class=a,
        )
    first = make_student(
        province.school_a1, "Nguyễn Thị Hòa", birth_date=date(2015, 3, 8), personal_id="", school_class=a
    )
    second = make_student(
        province.school_b1, "NGUYEN THI HOÀ", birth_date=date(2015, 8, 3), personal_id="", school_class=b
    )
    for student in (first, second):
        make_contact(student, "Lê Thị Mận")
    return province, first, second


def search(actor):
    with act_as(actor):
        return find_candidates(by=actor, now=NOW)


def test_a_second_record_at_another_school_is_found_and_explained(world):
    province, first, second = world
    officer = province.actor("department_officer", "office")
    assert search(officer) == 1
    candidate = MatchCandidate.objects.get()
    assert (candidate.first, candidate.second) == (first, second)
    said = {line["field"]: line["agreement"] for line in candidate.explanation}
    assert said == {
        "name": "same",
        "birth_date": "day_month_swapped",
        "gender": "same",
        "personal_id": "unknown",
        "mother": "same",
    }
    assert "2015" not in str(candidate.explanation)


def test_searching_again_changes_nothing_and_keeps_decisions(world):
    province, *_ = world
    officer = province.actor("department_officer", "office")
    search(officer)
    decide(
        by=officer, candidate=MatchCandidate.objects.get(), decision="different", now=NOW, note=" Chị em họ "
    )
    before = list(MatchCandidate.objects.values())
    search(officer)
    assert list(MatchCandidate.objects.values()) == before
    assert before[0]["note"] == "Chị em họ"


def test_a_pair_whose_data_were_mended_goes(world):
    province, first, _second = world
    officer = province.actor("department_officer", "office")
    search(officer)
    Student.objects.filter(pk=first.pk).update(
        full_name="Cao Bá Quát", name_fold="cao ba quat", birth_date=date(2011, 5, 5)
    )
    assert search(officer) == 0
    assert not MatchCandidate.objects.exists()


def test_a_school_compares_its_own_records_only(world):
    province, first, _second = world
    principal = province.actor("principal", "school_a1")
    assert search(principal) == 0
    twin = make_student(province.school_a1, "Nguyễn Thị Hòa", birth_date=first.birth_date, personal_id="")
    make_contact(twin, "Lê Thị Mận")
    assert search(principal) == 1
    candidate = MatchCandidate.objects.get()
    with act_as(principal):
        decide(by=principal, candidate=candidate, decision="same", now=NOW)


def test_who_may_not(world):
    province, *_ = world
    search(province.actor("department_officer", "office"))
    candidate = MatchCandidate.objects.get()
    for role, unit in (
        ("principal", "school_a1"),
        ("commune_officer", "commune_a_office"),
        ("teacher", "school_a1"),
    ):
        with pytest.raises(NotAllowed):
            decide(by=province.actor(role, unit), candidate=candidate, decision="same", now=NOW)
    with pytest.raises(NotAllowed):
        find_candidates(by=province.actor("teacher", "school_a1"), now=NOW)
