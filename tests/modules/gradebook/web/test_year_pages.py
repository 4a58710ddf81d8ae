"""Pages about a school's year: the summer, columns, publication, judgements, requests to unlock, history, quick typing."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories.gradebook import fill_year
from tests.factories.organization import make_school_year
from thongsuot.modules.gradebook import actions
from thongsuot.modules.gradebook.models import (
    ClassSubject,
    MarkLock,
    Publication,
    PupilYear,
    Reassessment,
    SubjectMarks,
    UnlockRequest,
    YearJudgement,
)
from thongsuot.modules.registry.models import YearPromotion, YearResult

from .test_class_pages import send


@pytest.fixture
def ended(world):
    """Of two pupils the first is promoted, the second fails in mathematics and literature and trains in summer."""
    made = world.secondary
    first, second = made.students
    fill_year(made, first, "8.4")
    fill_year(made, second, "7.0", conduct="not_passed")
    failed = [made.subjects["mathematics"], made.subjects["literature"]]
    SubjectMarks.objects.filter(class_subject__in=failed, student=second).update(
        final=Decimal("0.5"), midterm=Decimal("0.5"), regular=[Decimal("1.0")] * 4
    )
    for student in made.students:
        YearJudgement.objects.create(
            unit=world.school, school_class=made.school_class, student=student, absences=1
        )
    # All of a test is one moment for the database: the results are those of yesterday.
    before = world.now - timedelta(days=1)
    actions.compute_results(by=None, unit=world.school, school_year=world.year, now=before)
    for term in (1, 2):
        MarkLock.objects.create(unit=world.school, school_year=world.year, term=term, locked_at=world.now)
    forget()
    return world


def forget():
    """The test is one transaction of two roles: what the owner has computed in must not be there for the web's role."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists fresh_gradebook_subjectresult, fresh_gradebook_pupilyear")


def test_the_summer_in_one_form(ended, signed_in):
    world, second = ended, ended.secondary.students[1]
    url, maths = reverse("gradebook:summer"), world.secondary.subjects["mathematics"]
    office, teacher = signed_in(world.office), signed_in(world.maths)
    page = office.get(url).content.decode()
    assert second.full_name in page
    name = f"again-{maths.pk}-{second.pk}"
    train = f"trained-{world.secondary.school_class.pk}-{second.pk}"
    assert f'name="{name}"' in page
    assert f'name="{train}"' in page
    # Who teaches mathematics writes that alone, and is told nothing of conduct.
    own = teacher.get(url).content.decode()
    assert f'name="{name}"' in own
    assert train not in own
    day = f"{world.year.starts_on:%Y-%m-%d}"
    bad = office.post(url, {name: "75", f"cu-{name}": "", train: "passed", f"cu-{train}": "", "ngay": day})
    assert bad.status_code == 422
    assert "từ 0 đến 10" in bad.content.decode()
    assert not Reassessment.objects.exists()
    assert office.post(url, {name: "7", f"cu-{name}": "", "ngay": ""}).status_code == 422
    good = {name: "7,5", f"cu-{name}": "", train: "passed", f"cu-{train}": "", "ngay": day}
    assert office.post(url, good).status_code == 302
    assert Reassessment.objects.get().mark == Decimal("7.5")
    assert PupilYear.objects.get(student=second).conduct == "passed"
    # The same again changes nothing; another value from the old page is refused.
    assert office.post(url, good).status_code == 302
    assert office.post(url, {**good, name: "9"}).status_code == 422
    assert Reassessment.objects.get().mark == Decimal("7.5")
    assert signed_in(world.stranger).get(url, {"truong": world.school.pk}).status_code == 404
    forged = {train: "good", f"cu-{train}": "passed", "ngay": day}
    assert teacher.post(url, forged).status_code == 404
    assert "không" in signed_in(world.stranger).get(url).content.decode().lower()


def test_publication(ended, signed_in):
    world = ended
    url = reverse("gradebook:publishing")
    principal, asked = signed_in(world.principal), {"nam": world.year.name}
    page = principal.get(url, asked)
    assert len(page.context["lines"]) == 2
    assert page.context["may_publish"]
    office = signed_in(world.office)
    assert not office.get(url, asked).context["may_publish"]
    assert office.post(url, {**asked, "lam": "dua"}).status_code == 404
    assert signed_in(world.maths).get(url).status_code == 404
    principal.post(url, {**asked, "lam": "dua", "da-xem": "of another day"})
    assert not YearResult.objects.exists()
    principal.post(url, {**asked, "lam": "dua", "da-xem": page.context["preview"].seen})
    assert YearResult.objects.count() == 2
    page = principal.get(url, asked)
    assert not page.context["may_publish"]
    assert "Lấy lại" in page.content.decode()
    one = Publication.objects.get()
    assert principal.post(url, {**asked, "lam": "lay-lai", "lan": one.pk + 1}).status_code == 404
    # The year was ended on these results: said beforehand, with the way out, and again when they are taken back.
    assert "Chưa việc gì làm tiếp theo kết quả này." in page.content.decode()
    ended_year = {"unit": world.school, "from_year": world.year, "to_year": make_school_year(2090)}
    YearPromotion.objects.create(
        **ended_year, made={"closed": [1, 2]}, done_at=timezone.now(), undone_at=timezone.now()
    )
    assert principal.get(url, asked).context["followed"] is None
    YearPromotion.objects.create(**ended_year, made={"closed": [1, 2]}, done_at=timezone.now())
    told = principal.get(url, asked).content.decode()
    for words in (
        "2 em đã lên lớp",
        "Lấy lại kết quả không hoàn tác việc đó.",
        f"?unit={world.school.pk}&amp;year=",
    ):
        assert words in told
    answer = principal.post(url, {**asked, "lam": "lay-lai", "lan": one.pk}, follow=True)
    assert "Chưa hoàn tác: Năm học đã kết thúc lúc" in answer.content.decode()
    assert not YearResult.objects.exists()
    assert "Đã lấy lại" in principal.get(url, asked).content.decode()
    # Only of what is closed.
    MarkLock.objects.all().delete()
    page = principal.get(url, asked)
    assert page.context["open_terms"] == ["Học kỳ I", "Học kỳ II"]
    assert not page.context["may_publish"]


def test_judgements_of_the_year(ended, signed_in):
    world, (first, second) = ended, ended.secondary.students
    args = [world.secondary.school_class.pk]
    teacher = signed_in(world.homeroom)
    page = teacher.get(reverse("gradebook:judging", args=args))
    columns = [one.code for one in page.context["columns"]]
    assert columns == ["absences", "trained", "remark"]
    cells = {cell.key: cell for line in page.context["lines"] for cell in line.cells}
    # The books are closed, and only who failed in conduct trains.
    closed = {
        key.partition("|")[2]
        for key, cell in cells.items()
        if key.startswith(f"{second.pk}|") and cell.is_closed
    }
    assert closed == {"remark"}
    assert cells[f"{first.pk}|trained"].is_closed
    save = reverse("gradebook:judging-save", args=args)
    answer = send(
        teacher, save, (f"{second.pk}|trained", "", "k"), (f"{first.pk}|absences", "1", "50"), (f"{first.pk}|absences", "9", "8")
    ).json()  # fmt: skip
    assert {one["key"]: one["value"] for one in answer["saved"]}[f"{second.pk}|trained"] == "K"
    assert answer["averages"][str(first.pk)] == "Không được lên lớp"
    assert PupilYear.objects.get(student=second).conduct == "fair"
    bad = send(teacher, save, (f"{first.pk}|absences", "50", "400"), (f"{first.pk}|beauty", "", "T")).json()
    assert len(bad["faults"]) == 2
    assert send(teacher, save, (f"{first.pk}|remark", "", "Ngoan")).status_code == 409
    story = teacher.get(reverse("gradebook:judging-history", args=args), {"em": first.pk, "cot": "absences"})
    assert "50" in story.content.decode()
    assert signed_in(world.maths).get(reverse("gradebook:judging", args=args)).status_code == 404
    assert send(signed_in(world.stranger), save, (f"{first.pk}|absences", "50", "1")).status_code == 404
    primary = signed_in(world.primary_homeroom)
    where = [world.primary.school_class.pk]
    one = world.primary.students[0]
    found = primary.get(reverse("gradebook:judging", args=where))
    assert [column.code for column in found.context["columns"]] == [
        "absences",
        "stands_out",
        "has_plan",
        "remark",
    ]
    send(primary, reverse("gradebook:judging-save", args=where), (f"{one.pk}|stands_out", "", "X"), (f"{one.pk}|remark", "", "Rất ngoan"))  # fmt: skip
    assert YearJudgement.objects.get(student=one).stands_out


def test_columns_of_a_grade(world, signed_in):
    url, maths = reverse("gradebook:columns"), world.secondary.subjects["mathematics"]
    office = signed_in(world.office)
    assert office.get(url).context["grade"] == 8
    assert office.post(url, {"khoi": 8, f"so-{maths.pk}": "5"}).status_code == 302
    assert ClassSubject.objects.get(pk=maths.pk).regular_count == 5
    refused = office.post(url, {"khoi": 8, f"so-{maths.pk}": "2"})
    assert refused.status_code == 422
    assert "Toán" in refused.content.decode()
    assert office.post(url, {"khoi": 8, f"so-{maths.pk}": "nhiều"}).status_code == 422
    assert signed_in(world.maths).get(url).status_code == 404
    assert signed_in(world.stranger).get(url, {"truong": world.school.pk}).status_code == 404
    # A primary school has none.
    assert signed_in(world.stranger).get(url).context["rows"] == []


def test_decided_requests_are_listed(ended, signed_in):
    world = ended
    book = world.secondary.subjects["mathematics"]
    for place, grant in enumerate((True, False)):
        one = actions.ask_unlock(
            by=world.maths, class_subject=book, term=1 + place, reason=f"Lý do {place}", now=world.now
        )
        actions.decide_unlock(
            by=world.principal, request=one, grant=grant, answer="Xem lại bài", now=world.now
        )
    url = reverse("gradebook:unlock-list")
    page = signed_in(world.principal).get(url).content.decode()
    assert "Lý do 0" in page
    assert "Lý do 1" in page
    assert "Không mở" in page
    board = signed_in(world.principal).get(reverse("gradebook:progress"), {"ky": 2})
    assert [one["row"].reason for one in board.context["decided"]] == ["Lý do 1"]
    assert "Lý do 0" in signed_in(world.maths).get(url).content.decode()
    assert "Lý do 0" not in signed_in(world.homeroom).get(url).content.decode()
    assert "Lý do 0" not in signed_in(world.stranger).get(url).content.decode()
    assert UnlockRequest.objects.count() == 2


def test_why_a_result_changed_and_quick_typing(ended, signed_in):
    world, first = ended, ended.secondary.students[0]
    MarkLock.objects.all().delete()
    maths, where = world.secondary.subjects["mathematics"], world.secondary.school_class
    teacher = signed_in(world.maths)
    save = reverse("gradebook:marks-save", args=[maths.pk, 2])
    body = {"changes": [{"key": f"{first.pk}|final", "old": "8.4", "new": "2"}], "why": "Chấm lại"}
    assert teacher.post(save, json.dumps(body), content_type="application/json").json()["saved"]
    actions.compute_results(by=None, unit=world.school, school_year=world.year)
    url = reverse("gradebook:result-history", args=[where.pk, first.public_id])
    page = signed_in(world.homeroom).get(url).content.decode()
    assert "8,4 → 2,0" in page
    assert "Chấm lại" in page
    assert world.maths.name in page
    assert teacher.get(url).status_code == 404
    # 75 is a fault for everybody, also through the plain door: only the person's own page reads it as 7,5, on request.
    body = {"changes": [{"key": f"{first.pk}|final", "old": "2.0", "new": "75"}]}
    assert teacher.post(save, json.dumps(body), content_type="application/json").json()["faults"]
    address = reverse("gradebook:marks", args=[maths.pk, 2])
    assert not teacher.get(address).context["is_quick"]
    assert teacher.post(reverse("gradebook:quick-typing"), {"bat": "1"}).json() == {"quick": True}
    assert teacher.get(address).context["is_quick"]
    assert not signed_in(world.office).get(address).context["is_quick"]
    teacher.post(reverse("gradebook:quick-typing"), {"bat": ""})
    assert not teacher.get(address).context["is_quick"]
