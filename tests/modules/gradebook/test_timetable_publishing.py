"""A timetable put in force: who is told of what, taken back; groups, classes together and sites in one school's week."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories import registry as make
from tests.factories.organization import make_user
from tests.modules.gradebook.test_timetable import DAY, NOW, board, client_of, draft, edit, place, world  # noqa: F401
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.gradebook.actions import timetable_edits as edits
from thongsuot.modules.gradebook.actions import timetable_publishing as publishing
from thongsuot.modules.gradebook.actions import timetables as actions
from thongsuot.modules.gradebook.domain.timetable import Slot
from thongsuot.modules.gradebook.domain.timetable_clash import clashes
from thongsuot.modules.gradebook.domain.timetable_solver import Effort, solve
from thongsuot.modules.gradebook.models import Timetable, TimetablePublication
from thongsuot.modules.gradebook.queries import timetables as queries
from thongsuot.modules.gradebook.queries.timetable_file import read_timetable_file, timetable_workbook
from thongsuot.modules.gradebook.types import StateConflict, TimetableClash
from thongsuot.modules.organization.models import SchoolSite
from thongsuot.modules.registry.models import Contact, SchoolClass, Staff

TODAY = date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _in_september(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: TODAY)


@pytest.fixture
def families(world):  # noqa: F811
    """Accounts of two teachers and of a parent in each class; one pupil of 6A has nobody."""
    found = SimpleNamespace()
    found.teachers = {
        s: make_user(username=f"gv{n}") for n, s in enumerate(("Toán", "Tin học", "Ngữ văn"), start=1)
    }
    for subject, user in found.teachers.items():
        Staff.objects.filter(pk=world.people[subject].pk).update(account_id=user.pk)
    found.parents = []
    for n, school_class in enumerate(world.classes):
        pupil = make.make_student(world.unit, f"Phạm Em {n}", school_class=school_class)
        make.make_contact(pupil, f"Phạm Mẹ {n}")
        user = make_user(username=f"ph{n}")
        if n == 0:
            actor = world.province.actor("parent", "school_a1")
            user = get_user_model().objects.get(pk=actor.user_id)
        Contact.objects.filter(student=pupil).update(account_id=user.pk)
        found.parents.append(user)
    make.make_student(world.unit, "Em không ai", school_class=world.classes[0])
    return found


def told():
    return {
        (n.recipient_id, n.title): n.body for n in Notification.objects.filter(kind="gradebook.timetable")
    }


def titles_of(user):
    rows = Notification.objects.filter(kind="gradebook.timetable", recipient_id=user.pk).order_by("pk")
    return [one.title for one in rows]


def test_whoever_is_concerned_is_told_what_changes_and_when_it_is_taken_back(world, families):  # noqa: F811
    first = draft(world)
    place(world, first, 0, "Toán", Slot(3, 0, 1))
    place(world, first, 0, "Tin học", Slot(3, 0, 2))
    place(world, first, 1, "Ngữ văn", Slot(3, 0, 1))
    publishing.publish_timetable(by=world.office, timetable=first, now=NOW)
    everybody = [*families.teachers.values(), *families.parents]
    assert all("áp dụng từ 07/09/2026" in title for user in everybody for title in titles_of(user))
    assert all(len(titles_of(user)) == 1 for user in everybody)
    Notification.objects.all().delete()

    # The next one: only Toán of 6A moves; 6B and the teacher of Tin học hear nothing.
    first.refresh_from_db()
    second = draft(world, copy_of=first)
    Timetable.objects.filter(pk=second.pk).update(valid_from=DAY + timedelta(days=7))
    edit(
        edits.move_lesson, world, second, class_id=world.classes[0].pk, start=Slot(3, 0, 1), to=Slot(4, 0, 1)
    )
    office = client_of(world, "school_office")
    url = reverse("timetable:publication", args=[second.public_id])
    page = office.get(url).content.decode()
    assert "1 lớp và 1 giáo viên có thay đổi" in page
    assert "Báo cho 3 người có thay đổi" in page
    assert not Notification.objects.exists()
    done = office.post(reverse("timetable:act", args=[second.public_id, "ban-hanh"]), {"da-xem": 1, "bao": 1})
    assert done["Location"] == url
    math, parent = families.teachers["Toán"], families.parents[0]
    assert titles_of(math) == ["Thời khoá biểu từ 14/09/2026: 2 giờ dạy của anh/chị thay đổi"]
    assert titles_of(parent) == ["Lớp 6A đổi thời khoá biểu từ 14/09/2026: 2 giờ"]
    # The homeroom teacher of 6A teaches Ngữ văn; nothing of hers moves.
    assert titles_of(families.teachers["Ngữ văn"]) == [
        "Thời khoá biểu từ 14/09/2026: lớp anh/chị chủ nhiệm có thay đổi"
    ]
    assert not titles_of(families.parents[1])
    assert not titles_of(families.teachers["Tin học"])
    body = told()[parent.pk, titles_of(parent)[0]]
    assert "Thứ 4 sáng tiết 1: Toán Trần Văn Hòa (trước: trống)" in body
    kept = TimetablePublication.objects.get(timetable=second)
    assert {(n.audience, n.told, n.unreached) for n in kept.notices.all()} == {
        ("teacher", 1, 0), ("homeroom", 1, 0), ("family", 1, 1),
    }  # fmt: skip
    page = office.get(url).content.decode()
    assert "Đã báo tới 3 tài khoản" in page
    assert "Thu hồi bản này" in page
    # The parent's link shows the week to come; the week that holds is a click away.
    client = client_of(world, "parent")
    own = reverse("timetable:own")
    assert "Từ 07/09/2026 có thời khoá biểu mới" in client.get(own).content.decode()
    shown = client.get(own, {"ngay": "2026-09-07"}).content.decode()
    assert "Toán" in shown
    assert "Xem tuần này" in shown

    # Taken back: the first holds again, and the same people hear of it.
    act = reverse("timetable:act", args=[second.public_id, "thu-hoi"])
    assert "ghi lý do" in office.post(act, {"reason": " "}, follow=True).content.decode()
    office.post(act, {"reason": "Xếp nhầm phòng"})
    second.refresh_from_db()
    assert second.state == "archived"
    assert list(queries.in_force(world.unit.pk, DAY + timedelta(days=8))) == [first]
    assert "đã bị thu hồi" in titles_of(parent)[-1]
    assert "Xếp nhầm phòng" in told()[parent.pk, titles_of(parent)[-1]]
    assert not titles_of(families.parents[1])
    assert "Xếp nhầm phòng" in office.get(url).content.decode()
    with pytest.raises(StateConflict):
        publishing.take_back_timetable(by=world.office, timetable=second, reason="nữa", now=NOW, today=TODAY)
    with pytest.raises(StateConflict):  # the day has gone by
        publishing.take_back_timetable(
            by=world.office, timetable=first, reason="muộn", now=NOW, today=DAY + timedelta(days=1)
        )
    for role, unit in (("teacher", "school_a1"), ("principal", "school_b1")):
        assert client_of(world, role, unit).get(url).status_code == 404


def rules_of(world, row, **more):  # noqa: F811
    body = {**queries.board(world.office, row).rules.model_dump(mode="json"), "no_gaps": False, **more}
    actions.set_rules(by=world.office, unit=world.unit, school_year=world.year, edition=0, now=NOW, body=body)


def test_groups_and_classes_together_in_the_draft_the_solver_and_the_file(world):  # noqa: F811
    first, second = world.classes
    french = make.make_staff(world.unit, "Ngô Mai")
    make.make_teaching(french, first, "Tiếng Pháp", lessons_per_week="4")
    row = draft(world)
    office = client_of(world, "school_office")
    url = reverse("timetable:rules", args=[world.unit.pk, world.year.pk])
    fields = {"edition": 0, "grade-6": "morning", "half-1": "up", "half-2": "down"}
    fields |= {f"len-{day}S": 5 for day in range(2, 8)}
    fields |= {
        "bond-0-members": "6A: Toán - Hòa\n6A: Tiếng Pháp - Mai",
        "bond-1-members": "6A, 6B: Ngữ văn - Lan",
    }
    wrong = office.post(url, {**fields, "bond-1-members": "6A, 6B: Ngữ văn - Hòa"})
    assert wrong.status_code == 422
    assert "không được phân công" in wrong.content.decode()
    assert office.post(url, fields).status_code == 302
    assert "6A, 6B: Ngữ văn - Lê Thị Lan" in office.get(url).content.decode()
    # One of them placed, all of them are; nothing else of 6B fits there.
    place(world, row, 0, "Ngữ văn", Slot(3, 0, 1))
    found = board(world, row)
    assert {(o.class_id, o.room_id) for o in found.placed} == {
        (first.pk, first.room_id), (second.pk, first.room_id),
    }  # fmt: skip
    place(world, row, 0, "Toán", Slot(3, 0, 2))
    with pytest.raises(TimetableClash, match="Trần Văn Hòa đang dạy"):
        place(world, row, 1, "Toán", Slot(3, 0, 2))
    edit(edits.move_lesson, world, row, class_id=second.pk, start=Slot(3, 0, 1), to=Slot(3, 0, 2))
    found = board(world, row)
    # 6B moves with 6A, whose two groups change places with them.
    assert {o.subject for o in found.all_at(first.pk, Slot(3, 0, 1))} == {"Toán", "Tiếng Pháp"}
    assert found.at(second.pk, Slot(3, 0, 2)).subject == "Ngữ văn"
    page = office.get(reverse("timetable:detail", args=[row.public_id]), {"xem": "lop", "id": first.pk})
    assert "Tiếng Pháp" in page.content.decode()
    edit(edits.undo_change, world, row)
    edit(edits.pin_lesson, world, row, class_id=first.pk, slot=Slot(3, 0, 2), pinned=True)
    found = board(world, row)
    outcome = solve(found.to_solve, Effort(search=5, improve=0))
    row.refresh_from_db()
    edits.keep_solution(by=world.office, timetable=row, outcome=outcome, edition=row.edition, now=NOW)
    found = board(world, row)
    assert clashes(found.placed, found.arrangement) == []
    assert not found.left
    assert {o.subject for o in found.all_at(first.pk, Slot(3, 0, 2))} == {"Toán", "Tiếng Pháp"}
    data = timetable_workbook(found).read()
    plan = read_timetable_file(found, data)
    assert (plan.new, plan.changed, plan.faults, plan.same) == (0, 0, (), len(found.placed))
    copy = draft(world)
    plan = read_timetable_file(board(world, copy), data)
    edit(edits.take_lessons_in, world, copy, lessons=plan.lessons)
    assert board(world, copy).placed == tuple(
        o if not o.pinned else o.__class__(o.class_id, o.subject, o.staff_id, o.slot, o.room_id)
        for o in found.placed
    )
    # Only one of the classes that sit together: the other comes along, or neither does.
    third = draft(world)
    alone = "Thứ,Tiết,6A,6B\n4,1,Văn - Lan,\n4,2,Văn - Lan,Tin - Minh\n".encode()
    plan = read_timetable_file(board(world, third), alone)
    # C3 takes 6B along to a slot for which the file has another subject of 6B.
    assert [one.place for one in plan.faults] == ["D3"]
    assert plan.new == 4


def test_a_teacher_is_not_sent_to_another_site_without_time(world):  # noqa: F811
    far = SchoolSite.objects.create(
        school=world.unit.school, name="Điểm Suối", valid_from=world.year.starts_on
    )
    main = SchoolSite.objects.get(school=world.unit.school, is_main=True)
    for school_class, site in zip(world.classes, (main, far), strict=True):
        SchoolClass.objects.filter(pk=school_class.pk).update(site=site)
    row = draft(world)
    place(world, row, 0, "Toán", Slot(3, 0, 1))
    with pytest.raises(TimetableClash, match="không kịp sang điểm trường khác"):
        place(world, row, 1, "Toán", Slot(3, 0, 2))
    near = "Thứ,Tiết,6A,6B\n3,2,,Toán - Hòa\n3,3,,Toán - Hòa\n".encode()
    plan = read_timetable_file(board(world, row), near)
    assert (plan.new, [one.place for one in plan.faults]) == (1, ["D2"])
    place(world, row, 1, "Toán", Slot(3, 0, 3))
    rules_of(world, row)
    found = board(world, row)
    outcome = solve(found.to_solve, Effort(search=5, improve=0))
    assert outcome.state == "solved"
    assert clashes(outcome.placed, found.arrangement) == []
    rules_of_way = reverse("timetable:rules", args=[world.unit.pk, world.year.pk])
    assert "Điểm Suối" in client_of(world, "school_office").get(rules_of_way).content.decode()
