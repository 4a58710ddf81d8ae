"""Pages of completing a level, of splitting a record, and of the facts that people set right."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_contact, make_enrolment, make_student
from thongsuot.modules.registry.models import Completion, Enrolment, Graduation, PersonSplit, RegistryFact

NUMBER = "051320000111"


@pytest.fixture
def world(db):
    world = make_province()
    # A school year that ends today: decisions are due.
    today = timezone.localdate()
    world.year = make_school_year(today.year - 1)
    world.year.ends_on = today
    world.year.save()
    world.people = {}
    for role, unit in (
        ("department_officer", "office"), ("principal", "school_a1"), ("school_office", "school_a1"),
        ("principal", "upper_school"), ("commune_officer", "commune_a_office"),
    ):  # fmt: skip
        world.people[role, unit] = make_user(f"{role}.{unit}".replace("_", ""))
        make_appointment(world.people[role, unit], role, getattr(world, unit))
    return world


@pytest.fixture
def as_person(client, world):
    def go(role, unit):
        client.force_login(world.people[role, unit])
        return client

    return go


def test_completing_a_level_from_the_look_to_the_list(world, as_person):
    last = make_class(world.school_a1, world.year, "5A", grade=5)
    one, two = (make_student(world.school_a1, name, school_class=last) for name in ("Bé Một", "Bé Hai"))
    client = as_person("principal", "school_a1")
    page = reverse("graduation")
    assert "5A" in client.get(page).content.decode()
    of_class = reverse("graduation-class", args=[world.school_a1.pk, world.year.pk, 5, last.pk])
    spell = Enrolment.objects.get(student=two)
    response = client.post(of_class, {f"completes-{spell.pk}": "no", f"reason-{spell.pk}": ""})
    assert response.status_code == 422
    assert "Cần ghi lý do cho Bé Hai" in response.content.decode()
    reason = "Chưa hoàn thành chương trình lớp học"
    response = client.post(
        of_class, {f"completes-{spell.pk}": "no", f"reason-{spell.pk}": reason}, follow=True
    )
    assert reason in response.content.decode()
    today = timezone.localdate().isoformat()
    response = client.post(page, {"decision_number": "", "decided_on": today, "last_day": today})
    assert response.status_code == 422
    response = client.post(
        page, {"decision_number": "45/QĐ", "decided_on": today, "last_day": today}, follow=True
    )
    assert "1 em hoàn thành, 1 em chưa" in response.content.decode()
    assert Enrolment.objects.get(student=one).exit_type == "graduated"
    commune = as_person("commune_officer", "commune_a_office")
    text = commune.get(reverse("completion-list")).content.decode()
    assert "Bé Một" in text
    assert "Chờ trường cấp trên nhận" in text
    assert "Bé Hai" not in text
    assert commune.get(page).status_code == 404
    assert (
        "Bé Một"
        not in as_person("principal", "upper_school").get(reverse("completion-list")).content.decode()
    )
    assert as_person("principal", "upper_school").get(of_class).status_code == 404
    client = as_person("principal", "school_a1")
    client.post(page, {"undo": Graduation.objects.get().pk})
    assert Enrolment.objects.get(student=one).left_on is None
    assert Completion.objects.count() == 2


def test_a_record_is_split_after_a_second_look_and_made_one_again(world, as_person):
    first, second = (make_class(world.school_a1, world.year, name) for name in ("1A", "1B"))
    pupil = make_student(world.school_a1, "Lê Thị Hoa", personal_id=NUMBER)
    begins = world.year.starts_on
    make_enrolment(pupil, first, left_on=begins + timedelta(days=9), exit_type="dropped_out")
    theirs = make_enrolment(pupil, second, entered_on=begins + timedelta(days=20))
    mother = make_contact(pupil, "Mẹ Hai")
    client = as_person("principal", "school_a1")
    page = reverse("student-split", args=[pupil.public_id])
    detail = client.get(reverse("registry:student-detail", args=[pupil.public_id])).content.decode()
    assert page in detail
    text = client.get(page).content.decode()
    assert NUMBER not in text
    data = {
        "full_name": "Lê Thị Hòa", "birth_date": date(2020, 7, 1).isoformat(), "gender": "female",
        "spells": [theirs.pk], "contacts": [mother.pk], "moved": ["personal_id"], "reason": "Nhập chung",
    }  # fmt: skip
    assert client.post(page, {**data, "spells": []}).status_code == 422
    text = client.post(page, data).content.decode()
    assert 'name="do"' in text
    assert not PersonSplit.objects.exists(), "looked at, nothing written"
    response = client.post(page, {**data, "do": "1"}, follow=True)
    assert "Gộp lại như cũ" in response.content.decode()
    split = PersonSplit.objects.get()
    theirs.refresh_from_db()
    assert (theirs.student, theirs.student_name) == (split.other, "Lê Thị Hòa")
    client.post(reverse("split-detail", args=[pupil.public_id, split.pk]), {"undo": "1"})
    theirs.refresh_from_db()
    assert (theirs.student, theirs.student_name) == (pupil, "Lê Thị Hoa")
    for role, unit in (("school_office", "school_a1"), ("principal", "upper_school")):
        assert as_person(role, unit).get(page).status_code == 404


def test_facts_are_set_right_with_a_source_by_the_department(world, as_person):
    client = as_person("department_officer", "office")
    listed = reverse("fact-list")
    assert "Cần đối chiếu" in client.get(listed).content.decode()
    names = reverse("fact-edit", args=["preschool_groups"])
    data = {"name_16": "Bé", "name_17": "Nhỡ", "name_18": "Lớn"}
    assert client.post(names, {**data, "source": ""}).status_code == 422
    assert client.post(names, {**data, "name_18": "Nhỡ", "source": "CV 1"}).status_code == 422
    text = client.post(names, {**data, "source": "CV 1/SGDĐT"}, follow=True).content.decode()
    assert "CV 1/SGDĐT" in text
    assert RegistryFact.objects.get().value == {"16": "Bé", "17": "Nhỡ", "18": "Lớn"}
    papers = reverse("fact-edit", args=["transfer_papers"])
    client.post(papers, {"value": "Học bạ\n\nĐơn\nĐơn", "source": "CV 2"})
    assert RegistryFact.objects.get(key="transfer_papers").value == ["Học bạ", "Đơn"]
    looks = reverse("fact-edit", args=["looks_per_day"])
    assert client.post(looks, {"value": "0", "source": "CV 3"}).status_code == 422
    client.post(reverse("fact-restore", args=["preschool_groups"]))
    assert not RegistryFact.objects.filter(key="preschool_groups").exists()
    assert client.get(reverse("fact-restore", args=["preschool_groups"])).status_code == 404
    assert client.get(reverse("fact-edit", args=["khong-co"])).status_code == 404
    school = as_person("principal", "school_a1")
    assert "Học bạ" in school.get(listed).content.decode()
    assert school.get(names).status_code == 404
