"""Suspicions as rules of data quality: the same books that the page of marks suspects, with the evidence on the case."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories import registry
from tests.factories.gradebook import make_line, make_open_class
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.models import SubjectMarks, SubjectResult
from thongsuot.modules.gradebook.queries import suspicions
from thongsuot.modules.quality.actions import run_checks
from thongsuot.modules.quality.models import QualityCase

SYSTEM = Actor.system()


def test_a_book_that_looks_wrong_is_a_case_with_its_evidence(world, client, settings):
    settings.MFA_REQUIRED = "none"
    made = make_open_class(world.school, world.year, grade=7, pupils=11)
    maths, history, art = (made.subjects[code] for code in ("mathematics", "history_geography", "arts"))
    for place, student in enumerate(made.students):
        mark = Decimal(5) + Decimal(place) / 10
        own = [mark] * 4 if place == 0 else [Decimal("8.0"), mark]
        make_line(maths, student, regular=own, midterm=mark)
        make_line(
            history, student, 2, regular=[Decimal("8.0"), mark], final=Decimal("9.0") if place == 1 else None
        )
        make_line(art, student, regular_levels=["Đ", "Đ"], midterm_level="Đ", final_level="Đ")
    # Who has gone does not break what is the same of all others.
    gone = registry.make_student(world.school, school_class=made.school_class)
    make_line(history, gone, 2, regular=[Decimal("3.0")])
    gone.enrolments.update(left_on=world.year.starts_on + timedelta(days=30), exit_type="transferred_out")
    jumped = made.students[1]
    SubjectResult.objects.create(
        unit=world.school, class_subject=history, student=jumped, term1=Decimal("5.0")
    )
    SubjectMarks.objects.filter(class_subject=maths, student=made.students[0]).update(midterm=Decimal("5.0"))
    run_checks(by=SYSTEM, today=world.year.starts_on + timedelta(days=60))
    found = set(QualityCase.objects.filter(dataset="book").values_list("rule", "object_id"))
    assert found == {
        ("book.term1.same_marks", maths.pk),
        ("book.term2.all_equal", history.pk),
        ("book.term2.jump", history.pk),
    }
    # The page of the book suspects the same.
    for subject, term in ((maths, 1), (history, 2), (art, 1)):
        kinds = {one.kind for one in suspicions(SYSTEM, subject, term)} - {"missing"}
        assert kinds == {
            rule.rpartition(".")[2] for rule, pk in found if pk == subject.pk and f"term{term}" in rule
        }
    case = QualityCase.objects.get(rule="book.term2.jump")
    client.force_login(get_user_model().objects.get(pk=world.principal.user_id))
    page = client.get(reverse("quality:case-detail", args=[case.public_id])).content.decode()
    assert jumped.full_name in page
    assert "9,0" in page
    assert reverse("gradebook:marks", args=[history.pk, 2]) in page
