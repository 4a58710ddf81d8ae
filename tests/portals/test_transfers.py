"""The pages of a transfer: each side sees its own steps, and the asking school nothing but the other's name."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_student
from thongsuot.modules.registry.models import Enrolment, Transfer

BORN = date(2020, 3, 8)


@pytest.fixture
def world(db):
    world = make_province()
    first = timezone.localdate().year - (timezone.localdate().month < 9)
    world.year = make_school_year(first)
    world.here = make_class(world.school_a1, world.year, "1A")
    world.there = make_class(world.school_b1, world.year, "1B")
    world.pupil = make_student(
        world.school_a1, "Trần Thị Kín", birth_date=BORN, school_class=world.here, phone="0905111222"
    )
    world.people = {}
    for role, unit in (
        ("school_office", "school_a1"), ("school_office", "school_b1"), ("school_office", "school_b2"),
        ("commune_officer", "commune_b_office"), ("teacher", "school_b1"),
    ):  # fmt: skip
        world.people[role, unit] = make_user(f"{role}.{unit}".replace("_", ""))
        make_appointment(world.people[role, unit], role, getattr(world, unit))
    return world


@pytest.fixture
def as_person(client, world):
    def go(unit, role="school_office"):
        client.force_login(world.people[role, unit])
        return client

    return go


def seek(**more):
    return {
        "full_name": "Tran thi kin",
        "birth_date": BORN.isoformat(),
        "personal_id": "",
        "ministry_code": "",
        **more,
    }


def ask(client, world, **more):
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    data = seek(unit=world.school_b1.pk, ask="1", grade="1", effective_on=day, **more)
    return client.post(reverse("transfer-request"), data, follow=True)


def test_the_whole_way(world, as_person):
    response = as_person("school_b1").post(
        reverse("transfer-request"), seek(unit=world.school_b1.pk, look="1")
    )
    text = response.content.decode()
    assert "Trường Tiểu học An Bình" in text
    assert "0905111222" not in text
    assert "Trần Thị Kín" not in text, "only what the asker typed himself"
    assert world.pupil.public_id.hex not in text.replace("-", "")
    response = ask(as_person("school_b1"), world)
    transfer = Transfer.objects.get()
    assert "Trường Tiểu học An Bình trả lời" in response.content.decode()

    response = as_person("school_a1").get(reverse("transfer-list"))
    assert "Trường mình trả lời" in response.content.decode()
    as_person("school_a1").post(
        reverse("transfer-release", args=[transfer.pk]), {"answer": "Chúc em học tốt"}
    )
    page = as_person("school_b1").get(reverse("transfer-detail", args=[transfer.pk])).content.decode()
    assert "Trường mình tiếp nhận" in page
    assert "Trần Thị Kín" in page
    Enrolment.objects.update(entered_on=timezone.localdate() - timedelta(days=20))
    response = as_person("school_b1").post(
        reverse("transfer-complete", args=[transfer.pk]),
        {"school_class": world.there.pk, "on": timezone.localdate().isoformat()},
    )
    assert response.status_code == 302, response.content.decode()
    assert Enrolment.objects.get(left_on=None).school_class == world.there


@pytest.mark.parametrize(
    "more",
    [
        {"full_name": "Tran thi khac"},
        {"birth_date": "2020-03-09"},
        {"personal_id": "051320999999"},
    ],
)
def test_what_does_not_agree_tells_nothing(world, as_person, more):
    data = seek(unit=world.school_b1.pk, look="1", **more)
    text = as_person("school_b1").post(reverse("transfer-request"), data).content.decode()
    assert "Trường Tiểu học An Bình" not in text
    assert "Không có học sinh nào trong tỉnh khớp" in text


def test_wrong_input_is_said_and_kept(world, as_person):
    client = as_person("school_b1")
    url = reverse("transfer-request")
    response = client.post(url, seek(unit=world.school_b1.pk, look="1", full_name="Bé 1"))
    assert response.status_code == 422
    assert "Bé 1" in response.content.decode()
    response = client.post(url, seek(unit=world.school_a1.pk, look="1"))
    assert response.status_code == 422, "not a school of mine"


def test_a_third_school_does_not_know_of_it(world, as_person):
    ask(as_person("school_b1"), world)
    transfer = Transfer.objects.get()
    client = as_person("school_b2")
    assert client.get(reverse("transfer-detail", args=[transfer.pk])).status_code == 404
    assert "Tran thi kin" not in client.get(reverse("transfer-list")).content.decode()


def test_steps_of_the_other_side_do_not_exist(world, as_person):
    ask(as_person("school_b1"), world)
    transfer = Transfer.objects.get()
    for unit, names in (
        ("school_b1", ["transfer-release", "transfer-refuse", "transfer-complete", "transfer-take-back"]),
        ("school_a1", ["transfer-cancel", "transfer-complete", "transfer-take-back"]),
    ):
        client = as_person(unit)
        for name in names:
            assert client.get(reverse(name, args=[transfer.pk])).status_code == 404, (unit, name)
    teacher = as_person("school_b1", "teacher")
    for url in (reverse("transfer-list"), reverse("transfer-request")):
        assert teacher.get(url).status_code == 404
    commune = as_person("commune_b_office", "commune_officer")
    assert commune.get(reverse("transfer-detail", args=[transfer.pk])).status_code == 200
    assert commune.get(reverse("transfer-request")).status_code == 404


def test_out_of_the_province_from_the_dossier(world, as_person):
    client = as_person("school_a1")
    Enrolment.objects.update(entered_on=timezone.localdate() - timedelta(days=20))
    url = reverse("transfer-out", args=[world.pupil.public_id])
    assert client.get(url).status_code == 200
    data = {
        "school": "TH Số 1", "place": "Đà Nẵng", "document_number": "12/GT", "papers": ["Học bạ"],
        "on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post(url, {**data, "document_number": ""}).status_code == 422
    response = client.post(url, data)
    assert response.status_code == 302, response.content.decode()
    transfer = Transfer.objects.get()
    text = client.get(reverse("transfer-list")).content.decode()
    assert "TH Số 1, Đà Nẵng" in text
    assert "Nơi đến báo đã nhận" in text
    arrived = reverse("transfer-arrived", args=[transfer.pk])
    client.post(arrived, {"on": timezone.localdate().isoformat(), "answer": "Giấy 9"})
    assert client.get(arrived).status_code == 404
    text = client.get(reverse("transfer-detail", args=[transfer.pk])).content.decode()
    assert "12/GT" in text
    assert "Giấy 9" in text
    response = client.post(reverse("transfer-take-back", args=[transfer.pk]), {"reason": "Nhầm"})
    assert Enrolment.objects.get().left_on is None
    assert as_person("school_b1").get(url).status_code == 404


def test_in_from_outside_and_back_to_the_old_record(world, as_person):
    today = timezone.localdate()
    Enrolment.objects.update(entered_on=today - timedelta(days=20))
    who = seek(unit=world.school_b1.pk, gender="female", birth_place="", look="1")
    page = reverse("transfer-in")
    text = as_person("school_b1").post(page, who).content.decode()
    assert "Đề nghị nhận học sinh" in text, "studies at a school of the province"
    assert "0905111222" not in text
    as_person("school_a1").post(
        reverse("transfer-out", args=[world.pupil.public_id]),
        {
            "school": "TH Số 1", "place": "Đà Nẵng", "document_number": "12/GT",
            "on": (today - timedelta(days=5)).isoformat(),
        },
    )  # fmt: skip
    client = as_person("school_b1")
    text = client.post(page, who).content.decode()
    assert "đã rời Trường Tiểu học An Bình" in text
    take = {
        **who, "take": "1", "in-school": "TH Số 1", "in-place": "Đà Nẵng", "in-school_class": world.there.pk,
        "in-on": today.isoformat(), "in-document_number": "", "in-papers": ["Học bạ"],
    }  # fmt: skip
    assert client.post(page, take).status_code == 422, "is it the same child?"
    response = client.post(page, {**take, "in-same": "yes"}, follow=True)
    text = response.content.decode()
    assert "Đã nhận học sinh vào lớp" in text
    assert "TH Số 1, Đà Nẵng" in text
    made = Transfer.objects.get(from_unit=None)
    assert made.student == world.pupil
    undo = reverse("transfer-in-take-back", args=[made.pk])
    assert as_person("school_a1").get(undo).status_code == 404
    as_person("school_b1").post(undo, {"reason": "Nhầm"})
    world.pupil.refresh_from_db()
    assert world.pupil.unit == world.school_a1
    assert as_person("school_b1", "teacher").get(page).status_code == 404
