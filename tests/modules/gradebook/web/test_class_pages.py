"""What the homeroom teacher keeps, attendance, the principal's board, results of a class, what families see."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import registry
from tests.factories.gradebook import fill_year
from tests.factories.organization import make_appointment, make_user
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.gradebook import actions
from thongsuot.modules.gradebook.models import (
    Absence,
    MarkLock,
    PupilTraits,
    RollCall,
    TermConduct,
    Timetable,
    TimetableEntry,
)
from thongsuot.modules.gradebook.queries.roll_calls import rolls_of_school
from thongsuot.modules.gradebook.types import BadValue
from thongsuot.modules.organization.queries import actor_for


def send(client, url, *changes):
    body = {"changes": [{"key": key, "old": old, "new": new} for key, old, new in changes]}
    return client.post(url, json.dumps(body), content_type="application/json")


def test_conduct(world, signed_in):
    made, (one, two) = world.secondary, world.secondary.students
    page = reverse("gradebook:conduct", args=[made.school_class.pk, 1])
    save = reverse("gradebook:conduct-save", args=[made.school_class.pk, 1])
    teacher = signed_in(world.homeroom)
    assert "T tốt, K khá, Đ đạt, CĐ chưa đạt" in teacher.get(page).content.decode()
    # Before the marks of any subject are complete the sheet says why it is empty.
    empty = teacher.get(reverse("gradebook:class-results", args=[made.school_class.pk]))
    assert "Chưa môn nào có kết quả" in empty.content.decode()
    answer = send(
        teacher, save, (f"{one.pk}|conduct", "", "cđ"), (f"{one.pk}|remark", "", "Hay đi muộn"),
        (f"{two.pk}|conduct", "", "xuất sắc"),
    ).json()  # fmt: skip
    assert {row["key"]: row["value"] for row in answer["saved"]} == {
        f"{one.pk}|conduct": "CĐ",
        f"{one.pk}|remark": "Hay đi muộn",
    }
    assert [row["key"] for row in answer["faults"]] == [f"{two.pk}|conduct"]
    assert TermConduct.objects.get(student=one).conduct == "not_passed"
    # Somebody else has the old page open.
    clash = send(signed_in(world.office), save, (f"{one.pk}|conduct", "", "T")).json()["conflicts"][0]
    assert (clash["stored"], bool(clash["by"])) == ("CĐ", True)
    story = teacher.get(
        reverse("gradebook:conduct-history", args=[made.school_class.pk, 1]), {"em": one.pk, "cot": "conduct"}
    )
    assert "not_passed" not in story.content.decode()
    # Who teaches mathematics there finds the way to the own book, and keeps no conduct.
    (card,) = signed_in(world.maths).get(reverse("gradebook:classes")).context.get("cards") or [{}]
    assert [name for name, _url, _count in card["books"]] == ["Toán"]
    assert signed_in(world.maths).get(page).status_code == 404
    assert send(signed_in(world.maths), save, (f"{one.pk}|conduct", "CĐ", "T")).status_code == 404
    MarkLock.objects.create(unit=made.unit, school_year=made.school_year, term=1, locked_at=timezone.now())
    assert send(teacher, save, (f"{two.pk}|conduct", "", "T")).status_code == 409
    assert "data-locked" in teacher.get(page).content.decode()


def test_qualities_of_primary_school(world, signed_in):
    made, one = world.primary, world.primary.students[0]
    args = [made.school_class.pk, "CK1"]
    teacher = signed_in(world.primary_homeroom)
    assert "Nhân ái" in teacher.get(reverse("gradebook:traits", args=args)).content.decode()
    answer = send(
        teacher, reverse("gradebook:traits-save", args=args), (f"{one.pk}|kindness", "", "đ"), (f"{one.pk}|beauty", "", "T")
    ).json()  # fmt: skip
    assert [row["value"] for row in answer["saved"]] == ["Đ"]
    assert [row["key"] for row in answer["faults"]] == [f"{one.pk}|beauty"]
    assert PupilTraits.objects.get(student=one).levels == {"kindness": "Đ"}
    assert teacher.get(reverse("gradebook:traits", args=[made.school_class.pk, "XX"])).status_code == 404
    secondary = reverse("gradebook:traits", args=[world.secondary.school_class.pk, "CK1"])
    assert signed_in(world.homeroom).get(secondary).status_code == 404
    # The marks of a primary class are its own teacher's.
    maths = made.subjects["mathematics"]
    page = teacher.get(reverse("gradebook:marks", args=[maths.pk, 1])).content.decode()
    assert "Mức CK1" in page
    assert "data-locked" not in page


def test_attendance(world, signed_in):
    made, (one, two) = world.secondary, world.secondary.students
    day = made.school_year.starts_on
    asked = {"lop": made.school_class.pk, "ngay": f"{day:%Y-%m-%d}", "buoi": "morning"}
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    save = f"{reverse('gradebook:attendance-save')}?{query}"
    # Whoever teaches in the class calls the roll.
    teacher = signed_in(world.maths)
    assert teacher.get(reverse("gradebook:attendance"), asked).status_code == 200
    # All are there: it is said, so that the class is not one that nobody has asked; said twice, the first stands.
    state = {"key": "0|called", "value": "1"}
    assert send(teacher, save, ("0|called", "", "1")).json()["saved"] == [state]
    assert send(signed_in(world.office), save, ("0|called", "", "1")).json()["saved"] == [state]
    roll = RollCall.objects.get()
    assert (roll.on, roll.session, roll.lesson, roll.called_by_id) == (
        day,
        "morning",
        None,
        world.maths.user_id,
    )
    assert "Sáng: " in teacher.get(reverse("gradebook:attendance"), asked).content.decode()
    send(teacher, save, ("0|called", "1", ""))
    assert not RollCall.objects.exists()
    key = f"{one.pk}|absence"
    assert send(teacher, save, (key, "", "K")).json()["saved"] == [{"key": key, "value": "K"}]
    row = Absence.objects.get(student=one)
    assert (row.on, row.session, row.lesson, row.is_excused) == (day, "morning", None, False)
    # Whoever writes somebody absent has called the roll, and cannot say that nobody has.
    assert RollCall.objects.get().lesson is None
    kept = send(teacher, save, ("0|called", "1", "")).json()
    assert ([row["key"] for row in kept["faults"]], kept["saved"]) == (["0|called"], [])
    assert "sửa các em đó trước" in kept["faults"][0]["reason"]
    send(teacher, f"{save}&tiet=2", (f"{two.pk}|absence", "", "P"))
    assert set(RollCall.objects.values_list("lesson", flat=True)) == {None, 2}
    assert Absence.objects.get(student=two).lesson == 2
    page = signed_in(world.homeroom).get(reverse("gradebook:attendance"), asked).content.decode()
    assert "Vắng tiết 2" in page
    # The office has an older page, with a script and as a plain form; a form of today takes it back.
    assert send(signed_in(world.office), save, (key, "", "P")).json()["conflicts"][0]["stored"] == "K"
    plain = f"{reverse('gradebook:attendance')}?{query}"
    old = {f"e{one.pk}": "P", f"s{one.pk}": "", f"e{two.pk}": "", f"s{two.pk}": ""}
    stale = signed_in(world.office).post(plain, old)
    assert stale.status_code == 422
    assert "Người khác vừa ghi" in stale.content.decode()
    assert not Absence.objects.get(student=one).is_excused
    assert f'<noscript><input type="hidden" name="s{one.pk}" value="K">' in page
    assert teacher.post(plain, {f"e{one.pk}": "", f"s{one.pk}": "K"}).status_code == 302
    assert not Absence.objects.filter(student=one).exists()
    assert signed_in(world.stranger).get(reverse("gradebook:attendance"), asked).status_code == 404
    assert teacher.get(reverse("gradebook:attendance"), {"lop": "x"}).status_code == 404


def board_rolls(world, school_class):
    """Which sessions of a day have no roll: by the timetable in force, without one the morning; none on a free day."""
    day = world.year.starts_on + timedelta(days=(7 - world.year.starts_on.weekday()) % 7)

    def rolls(on=day):
        found = rolls_of_school(world.school.pk, [school_class], on).get(school_class.pk, [])
        return [(one.session, one.at is not None) for one in found]

    assert rolls() == [("morning", False)]
    actions.call_roll(by=world.maths, school_class=school_class, on=day, session="afternoon", lesson=1)
    assert rolls() == [("afternoon", True)]
    timetable = Timetable.objects.create(
        unit=world.school, school_year=world.year, term=1, version=1, valid_from=world.year.starts_on,
        state="published", made_at=timezone.now(), published_at=timezone.now(),
    )  # fmt: skip
    TimetableEntry.objects.create(
        timetable=timetable, unit=world.school, school_class=school_class, subject="Toán", day=2,
        session="morning", lesson=1,
    )  # fmt: skip
    assert rolls() == [("morning", False), ("afternoon", True)]
    # No lessons on Tuesday, no school before the year begins.
    assert rolls(day + timedelta(days=1)) == rolls(world.year.starts_on - timedelta(days=1)) == []
    with pytest.raises(BadValue):
        actions.call_roll(by=world.maths, school_class=school_class, on=day, session="evening")
    with pytest.raises(NotAllowed):
        actions.call_roll(by=world.stranger, school_class=school_class, on=day, session="morning")


def test_the_board(world, signed_in):
    made = world.secondary
    fill_year(made, made.students[0])
    principal = signed_in(world.principal)
    found = principal.get(reverse("gradebook:progress"), {"ky": 1})
    (row,) = found.context["rows"]
    assert row["done"] * 2 == row["wanted"]
    assert (row["conduct_done"], row["conduct_wanted"]) == (1, 2)
    assert {one["name"] for one in row["lacking"]} >= {"Toán"}
    board_rolls(world, made.school_class)
    act = reverse("gradebook:progress-act")
    assert principal.post(act, {"ky": 1, "lam": "nhac"}).status_code == 302
    told = set(Notification.objects.filter(kind="gradebook.late").values_list("recipient_id", flat=True))
    assert told == {world.maths.user_id, world.homeroom.user_id}
    principal.post(act, {"ky": 1, "khoa-lop": made.school_class.pk})
    assert MarkLock.objects.get(unlocked_at=None).school_class_id == made.school_class.pk
    principal.post(act, {"ky": 1, "mo-lop": made.school_class.pk})
    assert not MarkLock.objects.filter(unlocked_at=None).exists()
    # Teachers have no board; the office sees it and locks nothing.
    assert signed_in(world.maths).get(reverse("gradebook:progress")).status_code == 404
    office = signed_in(world.office)
    assert office.get(reverse("gradebook:progress")).status_code == 200
    assert office.post(act, {"ky": 1, "lam": "khoa"}).status_code == 404
    assert principal.post(act, {"ky": 1, "lam": "gì đó"}).status_code == 404
    # Whoever looks after many schools picks one.
    department = signed_in(world.province.actor("department_officer", "department"))
    assert world.school.name in department.get(reverse("gradebook:progress")).content.decode()
    no_school = department.get(reverse("gradebook:progress"), {"q": "khong co truong nao"})
    assert "Không thấy trường nào" in no_school.content.decode()
    rules = department.get(reverse("gradebook:rules")).context["rules"]
    assert {"Thông tư 22/2021/TT-BGDĐT", "Thông tư 43/2021/TT-BGDĐT"} <= {one["source"] for one in rules}
    doubted = {fact["label"] for one in rules for fact in one["facts"] if fact["doubt"]}
    assert "Được đánh giá lại khi cả năm dưới" in doubted
    assert all(fact["value"] and "." not in fact["value"] for one in rules for fact in one["facts"])
    chosen = department.get(reverse("gradebook:progress"), {"truong": world.school.pk})
    assert world.school.name in chosen.context["page_title"]


@pytest.fixture
def graded(world):
    for student in world.secondary.students:
        fill_year(world.secondary, student, "8.5")
    actions.compute_results(by=None, unit=world.school, school_year=world.year)
    return world


def sheet_values(answer):
    found = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return {cell.value for page in found for row in page.iter_rows() for cell in row}


def test_results_of_a_class(graded, signed_in):
    world = graded
    key, one = world.secondary.school_class.pk, world.secondary.students[0]
    homeroom = signed_in(world.homeroom)
    page = homeroom.get(reverse("gradebook:class-results", args=[key]), {"ky": 0}).content.decode()
    assert "Học sinh Giỏi" in page
    assert one.full_name in page
    # The result on the whole stands before the subjects, whose names are short there.
    assert page.index(">Danh hiệu<") < page.index('<abbr title="Ngữ văn">Văn</abbr>')
    values = sheet_values(
        homeroom.get(reverse("gradebook:class-sheet", args=[key, "tong-hop", "xlsx"]), {"ky": 0})
    )
    assert {8.5, "Tốt", one.full_name} <= values
    for kind in ("tong-hop", "so-theo-doi"):
        pdf = homeroom.get(reverse("gradebook:class-sheet", args=[key, kind, "pdf"]), {"ky": 0})
        assert pdf.content.startswith(b"%PDF")
    assert homeroom.get(reverse("gradebook:class-sheet", args=[key, "xep-hang", "pdf"])).status_code == 404
    assert homeroom.get(reverse("gradebook:class-reports", args=[key])).content.startswith(b"%PDF")
    report = reverse("gradebook:pupil-report", args=[key, one.public_id])
    assert "8,5" in homeroom.get(report, {"ky": 1}).content.decode()
    assert homeroom.post(reverse("gradebook:class-results", args=[key])).status_code == 404
    assert signed_in(world.office).post(reverse("gradebook:class-results", args=[key])).status_code == 302
    for actor in (world.maths, world.stranger):
        assert signed_in(actor).get(reverse("gradebook:class-results", args=[key])).status_code == 404
        assert signed_in(actor).get(report).status_code == 404


def test_results_of_a_primary_class(world, signed_in):
    key = world.primary.school_class.pk
    teacher = signed_in(world.primary_homeroom)
    for part in (0, 1, 2):
        assert teacher.get(reverse("gradebook:class-results", args=[key]), {"ky": part}).status_code == 200
        pdf = teacher.get(reverse("gradebook:class-sheet", args=[key, "tong-hop", "pdf"]), {"ky": part})
        assert pdf.content.startswith(b"%PDF")
    report = reverse("gradebook:pupil-report", args=[key, world.primary.students[0].public_id])
    assert teacher.get(report, {"dang": "pdf"}).content.startswith(b"%PDF")


def family(world, student):
    user = make_user("me.cua.em", "Lê Thị Mẹ")
    make_appointment(user, "parent", world.school)
    registry.make_contact(student, account=user)
    return actor_for(user)


def test_a_family_sees_its_own_and_nobody_else(graded, signed_in):
    one, two = graded.secondary.students
    parent = signed_in(family(graded, one))
    address = reverse("gradebook:own-year", args=[one.public_id])
    begun = parent.get(reverse("gradebook:own-results"))
    assert begun.url == address
    page = parent.get(address, {"ky": 0}).content.decode()
    assert "8,5" in page
    assert two.full_name not in page
    assert "xếp hạng" not in page.lower()
    assert parent.get(reverse("gradebook:own-report", args=[one.public_id])).content.startswith(b"%PDF")
    for name in ("own-year", "own-report"):
        assert parent.get(reverse(f"gradebook:{name}", args=[two.public_id])).status_code == 404
    for name in ("book-list", "progress", "attendance", "phrase-list", "classes"):
        assert parent.get(reverse(f"gradebook:{name}")).status_code == 404
    assert signed_in(graded.principal).get(address).status_code == 404
