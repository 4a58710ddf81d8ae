"""Pages of pairs, of ending a year, of requests and of mergers: who may, what is masked, done and taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_contact, make_student
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.registry.models import (
    Enrolment,
    MatchCandidate,
    PersonMerge,
    SchoolMerge,
    Student,
    SubjectRequest,
    YearPromotion,
)
from thongsuot.portals import tasks

NUMBER = "051320000111"


@pytest.fixture
def world(db):
    world = make_province()
    this = timezone.localdate().year - (timezone.localdate().month < 9)
    world.before, world.year = make_school_year(this - 1), make_school_year(this)
    world.people = {}
    for role, unit in (
        ("department_officer", "office"), ("principal", "school_a1"), ("school_office", "school_a1"),
        ("principal", "school_b1"),
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


@pytest.fixture
def pair(world):
    first = make_student(world.school_a1, "Trần Thị Bé", personal_id=NUMBER, phone="0905000111")
    second = make_student(world.school_b1, "Tran Thi Be", personal_id=NUMBER)
    for one in (first, second):
        make_contact(one, "Lê Thị Mận")
    explanation = [
        {"field": "name", "agreement": "same", "weight": 9.5},
        {"field": "gender", "agreement": "different", "weight": -6.2},
        {"field": "mother", "agreement": "unknown", "weight": 0.0},
    ]
    return MatchCandidate.objects.create(
        first=first, second=second, first_unit=first.unit, second_unit=second.unit, score=Decimal("14.3"),
        explanation=explanation, found_at=timezone.now(),
    )  # fmt: skip


def test_a_pair_is_explained_masked_and_the_look_recorded(world, as_person, pair):
    client = as_person("department_officer", "office")
    text = client.get(reverse("duplicate-pair", args=[pair.pk])).content.decode()
    for words in ("Giống hệt", "Khác nhau", "Một bên không ghi", "+9,5", "-6,2", "rất có thể là một người"):
        assert words in text
    assert NUMBER not in text, "the department reads masked"
    assert ReadingLog.objects.filter(subject_table="registry_student").count() == 2
    text = client.get(reverse("duplicate-merge", args=[pair.pk])).content.decode()
    assert NUMBER not in text
    assert "0905000111" in text


def test_a_school_decides_only_on_its_own_pairs(world, as_person, pair):
    client = as_person("principal", "school_a1")
    assert client.get(reverse("duplicate-pair", args=[pair.pk])).status_code == 404
    assert client.get(reverse("duplicate-merge", args=[pair.pk])).status_code == 404
    assert "Trần Thị Bé" not in client.get(reverse("duplicate-list"), {"all": 1}).content.decode()
    assert as_person("school_office", "school_a1").get(reverse("duplicate-list")).status_code == 404


def test_decided_merged_and_split(world, as_person, pair):
    client = as_person("department_officer", "office")
    url = reverse("duplicate-pair", args=[pair.pk])
    client.post(url, {"decision": "later", "note": "Hỏi gia đình"})
    pair.refresh_from_db()
    assert (pair.decision, pair.note) == ("later", "Hỏi gia đình")
    merge = reverse("duplicate-merge", args=[pair.pk])
    response = client.post(
        f"{merge}?keep=second", {"field-full_name": "gone", "field-phone": "gone"}, follow=True
    )
    assert "đã được gộp làm một" in response.content.decode()
    kept = Student.objects.get(pk=pair.second_id)
    assert (kept.full_name, kept.phone) == ("Trần Thị Bé", "0905000111")
    assert Student.objects.get(pk=pair.first_id).merged_into == kept
    response = client.post(url, {"undo": "1"}, follow=True)
    assert "Đã tách lại" in response.content.decode()
    assert Student.objects.get(pk=pair.first_id).merged_into is None
    assert PersonMerge.objects.get().undone_at is not None


def test_the_list_is_narrowed(world, as_person, pair):
    client = as_person("department_officer", "office")
    url = reverse("duplicate-list")
    for wanted, seen in (
        ({"least": "14"}, True), ({"least": "15"}, False), ({"decision": "none"}, True), ({"decision": "same"}, False),
        ({"school": "an binh"}, True), ({"school": "khong co"}, False), ({"between": "two"}, True),
        ({"between": "one"}, False), ({"q": "be tran"}, True), ({"q": "nam"}, False),
    ):  # fmt: skip
        assert ("Trần Thị Bé" in client.get(url, wanted).content.decode()) is seen, wanted


def test_looking_for_pairs_is_a_job_with_progress(world, as_person):
    for unit in (world.school_a1, world.school_b1):
        make_contact(make_student(unit, "Trần Thị Bé", personal_id=NUMBER), "Lê Thị Mận")
    client = as_person("department_officer", "office")
    response = client.post(reverse("duplicate-search"), follow=True)
    assert "Tìm hồ sơ trùng" in response.content.decode()
    run_jobs()
    assert MatchCandidate.objects.count() == 1
    assert client.get(reverse("duplicate-search")).status_code == 405


def test_a_year_is_ended_and_taken_back_on_the_page(world, as_person):
    room = make_class(world.school_a1, world.before, "1A", code="1A", grade=1)
    pupils = [make_student(world.school_a1, f"Bé {name}", school_class=room) for name in ("An", "Bình")]
    client = as_person("principal", "school_a1")
    page = reverse("promotion")
    text = client.get(page).content.decode()
    assert "2A" in text
    group = reverse("promotion-class", args=[world.school_a1.pk, world.before.pk, room.pk])
    stays = Enrolment.objects.get(student=pupils[1])
    assert client.get(group).status_code == 200
    client.post(group, {f"outcome-{stays.pk}": "retained"})
    response = client.post(
        f"{page}?unit={world.school_a1.pk}&year={world.before.pk}", {"with_intake": "1"}, follow=True
    )
    assert "1 lên lớp, 1 ở lại lớp" in response.content.decode()
    done = YearPromotion.objects.get()
    response = client.post(f"{page}?unit={world.school_a1.pk}", {"undo": done.pk}, follow=True)
    assert "Đã hoàn tác" in response.content.decode()
    assert Enrolment.objects.count() == 2
    other = as_person("principal", "school_b1")
    assert other.get(group).status_code == 404
    assert other.get(f"{page}?unit={world.school_a1.pk}").status_code == 404
    assert other.post(f"{page}?unit={world.school_a1.pk}", {}).status_code == 404
    assert as_person("school_office", "school_a1").get(page).status_code == 404


def test_too_early_is_said(world, as_person):
    make_student(world.school_a1, school_class=make_class(world.school_a1, world.year, "1A", grade=1))
    make_school_year(world.year.starts_on.year + 1)
    if timezone.localdate() >= world.year.ends_on - timedelta(days=31):
        pytest.skip("the year is nearly over today")
    client = as_person("principal", "school_a1")
    response = client.post(reverse("promotion"), {}, follow=True)
    assert "Thực hiện được từ ngày" in response.content.decode()


def test_a_request_from_the_dossier_to_its_end(world, as_person):
    pupil = make_student(world.school_a1, "Trần Thị Kín")
    client = as_person("principal", "school_a1")
    dossier = client.get(reverse("registry:student-detail", args=[pupil.public_id])).content.decode()
    create = reverse("subject-request-create", args=[pupil.public_id])
    assert create in dossier
    data = {
        "kind": "erase",
        "requested_by_name": "Lê Thị Mẹ",
        "basis": "Đơn",
        "received_on": timezone.localdate().isoformat(),
    }
    assert client.post(create, {**data, "basis": ""}).status_code == 422
    client.post(create, data)
    request = SubjectRequest.objects.get()
    page = reverse("subject-request-detail", args=[request.pk])
    assert "Chờ trả lời" in client.get(page).content.decode()
    client.post(reverse("subject-request-answer", args=[request.pk]))
    assert "Chờ thực hiện" in client.get(page).content.decode()
    assert (
        "Không lấy lại được" in client.get(reverse("subject-request-do", args=[request.pk])).content.decode()
    )
    client.post(reverse("subject-request-do", args=[request.pk]))
    text = client.get(page).content.decode()
    assert "Trần Thị Kín" not in text
    assert "chờ dọn lịch sử" in text
    other = as_person("principal", "school_b1")
    for name in ("detail", "do", "refuse", "lift", "answer"):
        url = reverse(f"subject-request-{name}", args=[request.pk])
        assert other.get(url).status_code in (404, 405), name
        assert other.post(url).status_code in (404, 405), name
    assert other.get(create).status_code == 404
    office = as_person("school_office", "school_a1")
    assert create not in office.get(reverse("registry:student-list")).content.decode()
    assert office.get(reverse("subject-request-list")).status_code == 404


def test_a_merger_is_looked_at_then_done(world, as_person):
    pupil = make_student(world.school_a1, school_class=make_class(world.school_a1, world.year, "1A", grade=1))
    client = as_person("department_officer", "office")
    page = reverse("merger-create")
    data = {
        "gone": world.school_a1.pk, "into": world.school_b1.pk, "basis": "QĐ 12/QĐ-UBND", "suffix": "CS2",
        "last_day": date(world.year.starts_on.year, 12, 31).isoformat(),
    }  # fmt: skip
    assert client.get(page).status_code == 200
    text = client.post(page, data).content.decode()
    assert "học sinh đang học" in text
    assert not SchoolMerge.objects.exists()
    text = client.post(page, {**data, "into": world.school_b2.pk}).content.decode()
    assert "không dạy khối 1" in text
    assert 'name="do"' not in text
    response = client.post(page, {**data, "do": "1"}, follow=True)
    text = response.content.decode()
    assert "Đã sáp nhập" in text
    merge = SchoolMerge.objects.get()
    assert reverse("merger-undo", args=[merge.pk]) in text
    assert Enrolment.objects.get(student=pupil, left_on=None).unit == world.school_b1
    listed = client.get(reverse("merger-list"), {"q": world.school_a1.code}).content.decode()
    assert "Đã giải thể" in listed
    response = client.post(reverse("merger-undo", args=[merge.pk]), {"reason": ""})
    assert response.status_code == 422
    response = client.post(
        reverse("merger-undo", args=[merge.pk]), {"reason": "Quyết định thu hồi"}, follow=True
    )
    assert "Đã hoàn tác" in response.content.decode()
    assert Enrolment.objects.get(student=pupil, left_on=None).unit == world.school_a1
    assert client.get(reverse("merger-undo", args=[merge.pk])).status_code == 404
    response = client.post(page, {**data, "into": "", "do": "1"})
    assert response.status_code == 422, "pupils are still there"
    for role, unit in (("principal", "school_a1"), ("principal", "school_b1")):
        assert as_person(role, unit).get(page).status_code == 404
        assert as_person(role, unit).get(reverse("merger-list")).status_code == 404
        for name in ("merger-detail", "merger-undo"):
            assert as_person(role, unit).get(reverse(name, args=[merge.pk])).status_code == 404


def test_a_large_merger_is_a_job_with_progress_and_a_stopped_one_leaves_nothing(
    world, as_person, monkeypatch
):
    monkeypatch.setattr(tasks, "INLINE_ROWS", 0)
    pupil = make_student(world.school_a1, school_class=make_class(world.school_a1, world.year, "1A", grade=1))
    client = as_person("department_officer", "office")
    data = {
        "gone": world.school_a1.pk, "into": world.school_b1.pk, "basis": "QĐ 12/QĐ-UBND", "suffix": "CS2",
        "last_day": date(world.year.starts_on.year, 12, 31).isoformat(), "do": "1",
    }  # fmt: skip
    told = []
    monkeypatch.setattr(
        Progress, "set", lambda self, *said, keep=Progress.set: told.append(said) or keep(self, *said)
    )

    def ask(page, given, *, stop=False):
        response = client.post(page, given, follow=True)
        job = Job.objects.latest("pk")
        assert response.redirect_chain[-1][0] == reverse("jobs:detail", args=[job.public_id])
        Job.objects.filter(pk=job.pk).update(cancel_requested=stop)
        assert run_jobs() == 1
        job.refresh_from_db()
        return job

    def at():
        return Enrolment.objects.get(student=pupil, left_on=None).unit

    page = reverse("merger-create")
    # What would be refused later is refused at once, without a job.
    assert client.post(page, {**data, "into": world.school_b2.pk}).status_code == 422
    assert not Job.objects.exists()
    stopped = ask(page, data, stop=True)
    assert (stopped.state, SchoolMerge.objects.exists(), at()) == ("cancelled", False, world.school_a1)
    told.clear()
    done = ask(page, data)
    merge = SchoolMerge.objects.get()
    assert (done.state, done.result_url, at()) == (
        "done", reverse("merger-detail", args=[merge.pk]), world.school_b1,
    )  # fmt: skip
    assert [number for number, _total, _words in told] == list(range(7))
    assert {total for _number, total, _words in told} == {7}
    # Asked for twice, done once.
    assert client.post(page, data).status_code == 422
    undo = reverse("merger-undo", args=[merge.pk])
    undone = ask(undo, {"reason": "Quyết định thu hồi"})
    assert (undone.state, at()) == ("done", world.school_a1)
    assert client.get(undo).status_code == 404
