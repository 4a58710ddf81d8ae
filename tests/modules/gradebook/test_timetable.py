"""A school's timetable from its assignments to the phone of a pupil: actions, pages, a file, a job."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import registry as make
from tests.factories.organization import make_province, make_school_year
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import SameConnection
from thongsuot.kit.jobs.running import run
from thongsuot.modules.gradebook import permissions
from thongsuot.modules.gradebook.actions import timetable_edits as edits
from thongsuot.modules.gradebook.actions import timetable_publishing as publishing
from thongsuot.modules.gradebook.actions import timetables as actions
from thongsuot.modules.gradebook.domain.timetable import Slot
from thongsuot.modules.gradebook.domain.timetable_clash import clashes
from thongsuot.modules.gradebook.models import Timetable, TimetableEntry, TimetableSettings
from thongsuot.modules.gradebook.queries import timetables as queries
from thongsuot.modules.gradebook.queries.timetable_file import read_timetable_file, timetable_workbook
from thongsuot.modules.gradebook.types import StateConflict, TimetableClash
from thongsuot.modules.registry.models import Contact, Staff

NOW = timezone.make_aware(datetime(2026, 9, 1, 9, 0))
DAY = date(2026, 9, 7)
SUBJECTS = {"Ngữ văn": "4", "Toán": "4", "Tin học": "1.5", "Hoạt động trải nghiệm, hướng nghiệp": "3"}


@pytest.fixture
def world(db):
    province = make_province()
    year = make_school_year(2026)
    unit = province.school_a1
    people = {
        s: make.make_staff(unit, name)
        for s, name in zip(SUBJECTS, ("Lê Thị Lan", "Trần Văn Hòa", "Vũ Minh", "Đỗ Thu"), strict=True)
    }
    rooms = [make.make_room(unit, f"Phòng {n}") for n in (1, 2)]
    classes = [
        make.make_class(unit, year, name, grade=6, room=room, homeroom_teacher=head)
        for name, room, head in zip(("6A", "6B"), rooms, (people["Ngữ văn"], people["Toán"]), strict=True)
    ]
    for one in classes:
        for subject, lessons in SUBJECTS.items():
            make.make_teaching(people[subject], one, subject, lessons_per_week=Decimal(lessons))
    return SimpleNamespace(
        province=province,
        unit=unit,
        year=year,
        classes=classes,
        people=people,
        office=province.actor("school_office", "school_a1"),
    )


def draft(world, **more):
    return actions.create_timetable(
        by=world.office, unit=world.unit, school_year=world.year, term=1, valid_from=DAY, now=NOW, **more
    )


def client_of(world, role, unit="school_a1"):
    client = Client()
    client.force_login(get_user_model().objects.get(pk=world.province.actor(role, unit).user_id))
    return client


def board(world, row):
    return queries.board(world.office, Timetable.objects.get(pk=row.pk))


def edit(action, world, row, **more):
    row.refresh_from_db()
    return action(by=world.office, timetable=row, edition=row.edition, now=NOW, **more)


def place(world, row, number, subject, code):
    one = world.classes[number]
    return edit(
        edits.place_lesson,
        world,
        row,
        class_id=one.pk,
        subject=subject,
        staff_id=world.people[subject].pk,
        slot=code,
    )


def test_lessons_are_placed_moved_swapped_pinned_and_taken_back(world):
    row = draft(world)
    first = world.classes[0]
    # 4 + 4 + 2 + 1 besides chào cờ and sinh hoạt lớp.
    assert sum(load.lessons for load in board(world, row).left[first.pk]) == 13
    place(world, row, 0, "Toán", Slot(3, 0, 1))
    with pytest.raises(TimetableClash, match="Trần Văn Hòa đang dạy Toán lớp 6A"):
        place(world, row, 1, "Toán", Slot(3, 0, 1))
    place(world, row, 1, "Toán", Slot(3, 0, 2))
    place(world, row, 0, "Tin học", Slot(3, 0, 2))
    # The teacher of Toán would be in 6A and 6B at once.
    with pytest.raises(TimetableClash, match="6B"):
        edit(edits.move_lesson, world, row, class_id=first.pk, start=Slot(3, 0, 1), to=Slot(3, 0, 2))
    place(world, row, 0, "Ngữ văn", Slot(4, 0, 1))
    change = edit(edits.move_lesson, world, row, class_id=first.pk, start=Slot(3, 0, 1), to=Slot(4, 0, 1))
    assert "Đổi Toán và Ngữ văn của lớp 6A" in change.words
    found = board(world, row)
    assert found.at(first.pk, Slot(4, 0, 1)).subject == "Toán"
    assert found.at(first.pk, Slot(3, 0, 1)).subject == "Ngữ văn"
    assert found.at(first.pk, Slot(3, 0, 1)).room_id == first.room_id
    edit(edits.pin_lesson, world, row, class_id=first.pk, slot=Slot(4, 0, 1), pinned=True)
    edit(edits.clear_lessons, world, row)
    assert [one.subject for one in board(world, row).placed] == ["Toán"]
    for _step in range(3):
        edit(edits.undo_change, world, row)
    found = board(world, row)
    assert found.at(first.pk, Slot(3, 0, 1)).subject == "Toán"
    assert len(found.placed) == 4
    edit(edits.remove_lesson, world, row, class_id=first.pk, slot=Slot(3, 0, 1))
    with pytest.raises(StateConflict, match="Người khác vừa sửa"):
        edits.undo_change(by=world.office, timetable=row, edition=1, now=NOW)
    place(world, row, 0, "Tin học", Slot(6, 0, 1))
    with pytest.raises(StateConflict, match="không còn tiết"):
        place(world, row, 0, "Tin học", Slot(6, 0, 2))


def test_a_school_is_solved_by_a_job_published_and_read_by_those_it_concerns(world):
    row = draft(world)
    office = client_of(world, "school_office")
    job_page = office.post(reverse("timetable:act", args=[row.public_id, "tu-dong"]))["Location"]
    job = Job.objects.get()
    assert job_page == reverse("jobs:detail", args=[job.public_id])
    run(job.pk, channel=SameConnection())
    job.refresh_from_db()
    assert (job.state, job.result_url) == ("done", reverse("timetable:detail", args=[row.public_id]))
    assert "Đã xếp 26 tiết, không trùng" in job.message
    found = board(world, row)
    assert clashes(found.placed) == []
    assert not found.left
    assert found.at(world.classes[0].pk, Slot(2, 0, 1)).subject == "Chào cờ"
    # Solved again, it ends the same; what it put in place can be taken back.
    before = found.placed
    run_again(office, row)
    assert board(world, row).placed == before

    teacher = world.people["Toán"]
    Staff.objects.filter(pk=teacher.pk).update(
        account_id=world.province.actor("teacher", "school_a1").user_id
    )
    pupil = make.make_student(world.unit, "Phạm Em", school_class=world.classes[0])
    make.make_contact(pupil, "Phạm Mẹ")
    Contact.objects.filter(student=pupil).update(
        account_id=world.province.actor("parent", "school_a1").user_id
    )
    own = reverse("timetable:own")
    for role in ("teacher", "parent"):
        assert "Chưa có thời khoá biểu" in client_of(world, role).get(own).content.decode()
        assert client_of(world, role).get(reverse("timetable:own-calendar")).status_code == 404
    published = office.post(reverse("timetable:act", args=[row.public_id, "ban-hanh"]), follow=True)
    assert "Đã ban hành" in published.content.decode()
    timezone_day(world)
    page = client_of(world, "teacher").get(own).content.decode()
    assert page.count("Toán") >= 8
    assert "6B" in page
    child = client_of(world, "parent").get(own).content.decode()
    assert "Ngữ văn" in child
    assert "Lê Thị Lan" in child
    calendar = reverse("timetable:own-calendar")
    assert f'href="{calendar}?tuan=0"' in child
    own_file = client_of(world, "teacher").get(calendar)
    assert own_file["Content-Type"].startswith("text/calendar")
    text = own_file.content.decode()
    # The lessons of both classes, and the two fixed ones of the class that he or she leads.
    assert (text.count("BEGIN:VEVENT"), text.count("SUMMARY:Toán 6")) == (10, 8)
    assert "T070000\r\n" in text
    assert "Giáo viên: Lê Thị Lan" in client_of(world, "parent").get(calendar).content.decode()
    # Published is published: changes go into a new version, which takes its place from its day.
    with pytest.raises(StateConflict):
        edit(edits.clear_lessons, world, row)
    copy = draft(world, copy_of=row)
    assert (copy.version, copy.entries.count()) == (2, 26)
    publishing.publish_timetable(by=world.office, timetable=copy, now=NOW)
    assert list(queries.in_force(world.unit.pk, date(2026, 10, 5))) == [copy]
    again = draft(world, copy_of=row)
    publishing.publish_timetable(by=world.office, timetable=again, now=NOW)
    copy.refresh_from_db()
    assert copy.state == "archived"
    reader = client_of(world, "commune_officer", "commune_a_office")
    assert reader.get(reverse("timetable:detail", args=[copy.public_id])).status_code == 200
    assert (
        client_of(world, "commune_officer", "commune_b_office")
        .get(reverse("timetable:detail", args=[copy.public_id]))
        .status_code
        == 404
    )


def run_again(office, row):
    office.post(reverse("timetable:act", args=[row.public_id, "tu-dong"]))
    run(Job.objects.latest("id").pk, channel=SameConnection())


def timezone_day(world):
    Timetable.objects.filter(state="published").update(valid_from=world.year.starts_on)


@pytest.fixture(autouse=True)
def _in_october(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: date(2026, 10, 5))


def test_what_cannot_be_solved_is_explained_on_the_page(world):
    row = draft(world)
    teacher = world.people["Toán"]
    actions.set_rules(
        by=world.office, unit=world.unit, school_year=world.year, edition=0, now=NOW,
        body={**queries.board(world.office, row).rules.model_dump(), "teachers": {teacher.pk: {"off": ["2", "3", "4", "5", "6"]}}},
    )  # fmt: skip
    office = client_of(world, "school_office")
    run_again(office, row)
    page = office.get(reverse("timetable:detail", args=[row.public_id])).content.decode()
    assert "không có cách nào thoả mọi ràng buộc" in page
    assert "Trần Văn Hòa phải dạy 8 tiết nhưng chỉ có 4 giờ dạy được" in page
    assert "giờ bận của Trần Văn Hòa" in page
    assert not TimetableEntry.objects.exists()


def test_a_spreadsheet_out_and_in_again_changes_nothing_and_a_wrong_one_says_where(world):
    row = draft(world)
    office = client_of(world, "school_office")
    run_again(office, row)
    data = timetable_workbook(board(world, row)).read()
    plan = read_timetable_file(board(world, row), data)
    assert (plan.new, plan.changed, plan.same, plan.faults) == (0, 0, 26, ())
    empty = draft(world)
    url = reverse("timetable:import", args=[empty.public_id])
    page = office.post(url, {"file": SimpleUploadedFile("tkb.xlsx", data)})
    assert "26 tiết mới" in page.content.decode()
    assert not empty.entries.exists()
    stored = page.context["stored"].public_id
    office.post(url, {"stored": stored})
    assert board(world, empty).placed == tuple(p for p in board(world, row).placed)
    office.post(url, {"stored": stored})
    assert empty.changes.count() == 1
    wrong = "Thứ,Tiết,6A,6B\n2,2,Toán - Hòa,Toán - Hòa\n2,3,Hóa - Mai,\n2,9,Toán,\n".encode()
    third = draft(world)
    plan = read_timetable_file(board(world, third), wrong)
    assert (plan.new, len(plan.faults)) == (1, 3)
    reasons = {one.place: one.reason for one in plan.faults}
    assert "dạy hai lớp cùng giờ" in reasons["D2"]
    assert "không có môn “Hóa”" in reasons["C3"]
    assert "không học vào" in reasons["C4"]
    bad = office.post(url, {"file": SimpleUploadedFile("tkb.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422
    assert "tên các lớp" in bad.content.decode()


def test_the_pages_of_a_draft(world):
    office = client_of(world, "school_office")
    made = office.post(
        reverse("timetable:create"),
        {"unit_id": world.unit.pk, "year_id": world.year.pk, "term": 1, "valid_from": "2026-09-07", "note": "", "copy_of": ""},
    )  # fmt: skip
    row = Timetable.objects.get()
    assert made["Location"] == reverse("timetable:detail", args=[row.public_id])
    first, math = world.classes[0], world.people["Toán"]
    slots = reverse("timetable:slots", args=[row.public_id, first.pk])
    panel = office.get(slots, {"mon": "Toán", "gv": math.pk}, headers={"HX-Request": "true"}).content.decode()
    assert 'value="3S1"' in panel
    assert "<html" not in panel
    place(world, row, 1, "Toán", Slot(3, 0, 1))
    whole = office.get(slots, {"mon": "Toán", "gv": math.pk}).content.decode()
    assert "Trần Văn Hòa đang dạy Toán lớp 6B" in whole
    assert "<html" in whole
    row.refresh_from_db()
    sent = {"class_id": first.pk, "subject": "Toán", "staff_id": math.pk, "to": "3S1", "edition": row.edition}
    refused = office.post(reverse("timetable:act", args=[row.public_id, "xep"]), sent, follow=True)
    assert "đang dạy Toán lớp 6B" in refused.content.decode()
    office.post(reverse("timetable:act", args=[row.public_id, "xep"]), {**sent, "to": "3S2"})
    assert board(world, row).at(first.pk, Slot(3, 0, 2)).subject == "Toán"
    for seen in ("lop", "giao-vien", "phong", "truong"):
        assert office.get(reverse("timetable:detail", args=[row.public_id]), {"xem": seen}).status_code == 200
    assert office.get(reverse("timetable:workbook", args=[row.public_id])).getvalue()[:2] == b"PK"
    assert office.get(reverse("timetable:edit", args=[row.public_id])).status_code == 200
    # Drafts are the school's own.
    for role, unit in (
        ("teacher", "school_a1"),
        ("principal", "school_b1"),
        ("commune_officer", "commune_a_office"),
    ):
        assert (
            client_of(world, role, unit).get(reverse("timetable:detail", args=[row.public_id])).status_code
            == 404
        )
    teacher = world.province.actor("teacher", "school_a1")
    with pytest.raises(NotAllowed):
        actions.drop_timetable(by=teacher, timetable=row)
    office.post(reverse("timetable:act", args=[row.public_id, "xoa"]))
    assert not Timetable.objects.exists()


def test_the_page_of_rules_keeps_what_is_typed_and_says_what_it_cannot_read(world):
    office = client_of(world, "school_office")
    url = reverse("timetable:rules", args=[world.unit.pk, world.year.pk])
    page = office.get(url)
    assert "đang theo ràng buộc mặc định" in page.content.decode()
    math = world.people["Toán"]
    fields = {"edition": 0, "grade-6": "both", "half-1": "up", "half-2": "down", "no_gaps": "on"}
    fields |= {f"len-{day}S": 5 for day in range(2, 8)} | {f"len-{day}C": 2 for day in range(2, 7)}
    fields |= {"fixed-0-name": "Chào cờ", "fixed-0-day": "2", "fixed-0-lesson": "first"}
    fields |= {f"teacher-{math.pk}-off": "T2 sáng; T5 chiều tiết 1-2", f"teacher-{math.pk}-free_days": "1"}
    fields |= {"pool-0-name": "Sân tập", "pool-0-subjects": "Toán", "pool-0-at_once": "3"}
    wrong = office.post(url, {**fields, "forbidden": "buổi tối"})
    assert wrong.status_code == 422
    assert "không hiểu “buổi tối”" in wrong.content.decode()
    assert "T2 sáng; T5 chiều tiết 1-2" in wrong.content.decode()
    late = office.post(url, {**fields, "bell-pause": "99"})
    assert "Số phút nghỉ giữa hai tiết: “99” không dùng được." in late.content.decode()
    assert office.post(url, {**fields, "bell-morning": "06:45"}).status_code == 302
    kept = TimetableSettings.objects.get().body
    assert kept["teachers"][str(math.pk)] == {"off": ["2S", "5C1", "5C2"], "per_day": None, "free_days": 1}
    assert [one["name"] for one in kept["fixed"]] == ["Chào cờ"]
    assert (kept["bells"]["morning"], kept["bells"]["minutes"]) == ("06:45", 45)
    assert kept["fixed"][0]["part_of"]
    assert office.post(url, fields).status_code == 422  # somebody else's page is older
    assert "ràng buộc riêng" in office.get(url).content.decode()
    assert office.post(url, {"do": "restore"}).status_code == 302
    assert not TimetableSettings.objects.exists()
    assert client_of(world, "principal", "school_b1").get(url).status_code == 404


def test_one_row_and_the_filter_say_the_same(world):
    row = draft(world)
    for state in ("draft", "published"):
        Timetable.objects.filter(pk=row.pk).update(state=state, published_at=NOW)
        row.refresh_from_db()
        for role, unit in (
            ("school_office", "school_a1"),
            ("principal", "school_b1"),
            ("teacher", "school_a1"),
            ("commune_officer", "commune_a_office"),
            ("department_officer", "office"),
            ("parent", "school_a1"),
        ):
            actor = world.province.actor(role, unit)
            seen = Timetable.objects.filter(permissions.timetables_visible(actor), pk=row.pk).exists()
            assert seen == permissions.can_see_timetable(actor, row), (role, state)
