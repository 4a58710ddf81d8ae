"""What follows the marks: the summer of last year, its results in the registry, a mark corrected afterwards, books closed
and requests to open them, marks that look wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.teachers import shown_schools
from thongsuot.config.demo.truth import Truth
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.modules.gradebook.actions import (
    ask_unlock,
    compute_everywhere,
    compute_results,
    decide_unlock,
    enter_marks,
    lock_term,
    publish_year_results,
)
from thongsuot.modules.gradebook.models import (
    Absence,
    ClassSubject,
    MarkLock,
    PupilTraits,
    PupilYear,
    Reassessment,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)
from thongsuot.modules.gradebook.permissions import subjects_entered
from thongsuot.modules.gradebook.types import CellChange, Conduct, Outcome, PrimaryLearning
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import Contact, Enrolment, Transfer

SUMMER = {Outcome.REASSESS, Outcome.TRAIN, Outcome.SUPPORT}
PASSES, LESS = Decimal("5.0"), Decimal("5.0")
# The lower-secondary school that the demo's accounts open.
PRINCIPAL, TEACHER = "hieutruong2", "giaovien2"


def summer(year: SchoolYear, units: Sequence[Unit], context: DemoContext) -> int:
    """Everybody passed but one of each school of the sign-in page, who still waits. How many have a result."""
    shown, waiting, done = {one.pk for one in shown_schools()}, set[int](), []
    rows = PupilYear.objects.filter(school_year=year, unit__in=units, outcome__in=SUMMER)
    for row in rows.order_by("unit_id", "pk"):
        may_wait = row.unit_id in shown and row.unit_id not in waiting
        if may_wait and _leave_waiting(row, year, context):
            waiting.add(row.unit_id)
        else:
            done.append(row)
    YearJudgement.objects.bulk_create(_judged(row) for row in done if row.outcome != Outcome.REASSESS)
    _assess_again(year, [row for row in done if row.outcome == Outcome.REASSESS])
    PupilYear.objects.filter(pk__in=[row.pk for row in done]).update(is_stale=True)
    compute_everywhere(by=Actor.system(), school_year=year, unit_ids=[one.pk for one in units])
    return len(done)


def _leave_waiting(row: PupilYear, year: SchoolYear, context: DemoContext) -> bool:
    """As the end of the year leaves whoever is assessed again: in the old class still, in none of the new year. Only
    somebody of whom nothing else is told."""
    spells = Enrolment.objects.filter(student_id=row.student_id)
    old = spells.filter(school_class_id=row.school_class_id, exit_type="year_end").first()
    later = spells.filter(school_year__starts_on__gt=year.starts_on)
    busy = (
        Transfer.objects.filter(student_id=row.student_id).exists()
        or Contact.objects.filter(student_id=row.student_id, account__isnull=False).exists()
        or row.student.account_id is not None
    )
    truth = _truth(context)
    if old is None or busy or (truth and row.student_id in truth.spoiled("student")):
        return False
    for spell in later:
        own = {"student_id": row.student_id, "school_class_id": spell.school_class_id}
        of_book = {
            "student_id": row.student_id, "class_subject__school_class_id": spell.school_class_id
        }  # fmt: skip
        for model, key in (
            (SubjectMarks, of_book), (SubjectResult, of_book), (PupilYear, own), (TermConduct, own),
            (PupilTraits, own), (Absence, own),
        ):  # fmt: skip
            model.objects.filter(**key).delete()
    later.delete()
    spells.filter(pk=old.pk).update(left_on=None, exit_type="")
    if truth is not None and context.truth is not None:
        truth.add("enrolment", old.pk, "enrolment.school_year.over")
        truth.add("student", row.student_id, "enrolment.school_year.over")
        truth.follow("enrolment.school_class.closed", old.pk, "enrolment.school_year.over")
        context.truth.write_text(truth.as_json(), encoding="utf-8")
    return True


def _truth(context: DemoContext) -> Truth | None:
    """What is known to be wrong, where that is kept."""
    if context.truth is None or not context.truth.exists():
        return None
    return Truth.from_json(context.truth.read_text(encoding="utf-8"))


def _judged(row: PupilYear) -> YearJudgement:
    own = {"trained": Conduct.PASSED} if row.outcome == Outcome.TRAIN else {"helped": PrimaryLearning.DONE}
    return YearJudgement(
        unit_id=row.unit_id, school_class_id=row.school_class_id, student_id=row.student_id, **own
    )


def _assess_again(year: SchoolYear, rows: list[PupilYear]) -> None:
    classes = {row.school_class_id for row in rows}
    books = {
        (one.school_class_id, one.code): one for one in ClassSubject.objects.filter(school_class__in=classes)
    }
    on = date(year.ends_on.year, 7, 20)
    Reassessment.objects.bulk_create(
        Reassessment(
            unit_id=row.unit_id,
            class_subject=book,
            student_id=row.student_id,
            mark=PASSES + Decimal(row.student_id % 15) / 10 if book.form == "score" else None,
            level="" if book.form == "score" else "Đ",
            assessed_on=on,
        )
        for row in rows
        for book in (books[row.school_class_id, code] for code in row.again)
    )


def publish(year: SchoolYear, units: Sequence[Unit], context: DemoContext) -> None:
    """Handed over in August; then one mark of the demo's own school is corrected, and waits to be handed over again."""
    at = _at(date(year.ends_on.year, 8, 10))
    have = set(
        PupilYear.objects.filter(school_year=year)
        .exclude(outcome=Outcome.UNDECIDED)
        .values_list("unit_id", flat=True)
    )
    principal = context.actor(PRINCIPAL)
    own = principal.acting.unit_id if principal.acting else None
    for unit in units:
        if unit.pk in have:
            by = principal if unit.pk == own else Actor.system()
            publish_year_results(by=by, unit=unit, school_year=year, now=at)
    if own is not None:
        _correct(year, own, principal, at + timedelta(days=5))


def _correct(year: SchoolYear, unit_id: int, principal: Actor, at: datetime) -> None:
    """The final test of a pupil whose result hangs by it, with the request that opened the book for a day."""
    results = SubjectResult.objects.filter(
        class_subject__unit_id=unit_id, class_subject__school_year=year, class_subject__form="score"
    )
    # One subject alone keeps the pupil's result at Tốt: with the mark that was meant it is Khá.
    best = PupilYear.objects.filter(unit_id=unit_id, school_year=year, learning="good").values("student_id")
    close = results.filter(year__range=(Decimal("6.5"), Decimal("7.2")), student_id__in=best)
    for result in close.select_related("class_subject").order_by("pk"):
        book = result.class_subject
        line = SubjectMarks.objects.get(class_subject=book, student_id=result.student_id, term=2)
        if line.final is None or line.final < LESS:
            continue
        request = ask_unlock(
            by=principal,
            class_subject=book,
            term=2,
            reason="Nhập nhầm điểm cuối kì của em khác",
            now=at,
        )
        decide_unlock(
            by=principal, request=request, grant=True, now=at, answer="Sửa đúng bài kiểm tra đã lưu"
        )
        request.refresh_from_db()
        # Open while it is written; closed again since.
        type(request).objects.filter(pk=request.pk).update(open_until=timezone.now() + timedelta(hours=1))
        change = CellChange(line.student_id, "final", f"{line.final:.1f}", f"{line.final - LESS:.1f}")
        with acting(principal):
            outcome = enter_marks(
                by=principal,
                class_subject=book,
                term=2,
                changes=[change],
                reason="Nhập nhầm điểm của em khác",
            )
            compute_results(by=principal, unit=Unit.objects.get(pk=unit_id), school_year=year)
        type(request).objects.filter(pk=request.pk).update(open_until=at + timedelta(days=2))
        assert outcome.saved  # noqa: S101 - the demo is to show what it says
        return


def locks_and_requests(context: DemoContext) -> None:
    """Of this year's first term: two classes closed early; one request refused, one granted and over, one waiting."""
    teacher, principal = context.actor(TEACHER), context.actor(PRINCIPAL)
    year = SchoolYear.objects.filter(starts_on__lte=context.today, ends_on__gte=context.today).first()
    if year is None or principal.acting is None or MarkLock.objects.filter(school_year=year).exists():
        return
    unit = Unit.objects.get(pk=principal.acting.unit_id)
    books = list(
        ClassSubject.objects.filter(
            unit=unit, school_year=year, code="literature", school_class__grade__in=(7, 9)
        )
        # Theirs to write: who teaches the class something else may not ask, nor whose assignment has ended.
        .filter(subjects_entered(teacher))
        .select_related("school_class")
        .order_by("school_class__grade", "pk")[:2]
    )
    now = timezone.now() - timedelta(days=6)
    for book in books:
        lock_term(by=principal, unit=unit, school_year=year, term=1, now=now, school_class=book.school_class)
    if len(books) < 2:
        return
    first, second = books
    told: Any = {"by": teacher, "term": 1}
    refused = ask_unlock(
        **told, class_subject=first, reason="Muốn nhập thêm một cột", now=now + timedelta(days=1)
    )
    decide_unlock(
        by=principal,
        request=refused,
        grant=False,
        answer="Đã đủ số cột theo quy định",
        now=now + timedelta(days=1, hours=3),
    )
    granted = ask_unlock(
        **told, class_subject=first, reason="Một em kiểm tra bù giữa kì", now=now + timedelta(days=2)
    )
    decide_unlock(by=principal, request=granted, grant=True, now=now + timedelta(days=2, hours=2))
    ask_unlock(
        **told, class_subject=second, reason="Nhập nhầm điểm giữa kì của hai em", now=now + timedelta(days=5)
    )


def spoil(year: SchoolYear, context: DemoContext) -> None:
    """Two books of this year that look wrong, one of the demo's own school; written into the truth where one is kept."""
    found = []
    books = ClassSubject.objects.filter(
        school_year=year, form="score", regular_count__gte=4, marks__regular__len__gte=2
    )
    own = _own_unit(context)
    equal = _first(books.filter(unit_id=own)) or _first(books)
    same = _first(books.exclude(pk=equal.pk).exclude(unit_id=equal.unit_id)) if equal else None
    if equal is not None:
        for line in SubjectMarks.objects.filter(class_subject=equal, term=1):
            line.regular[0] = Decimal("8.0")
            line.save(update_fields=["regular"])
        found.append((equal.pk, "book.term1.all_equal"))
    if same is not None:
        one = SubjectMarks.objects.filter(class_subject=same, term=1).order_by("pk").first()
        if one is not None:
            one.regular, one.midterm = [Decimal("7.0")] * 4, Decimal("7.0")
            one.save(update_fields=["regular", "midterm"])
            found.append((same.pk, "book.term1.same_marks"))
    truth = _truth(context)
    if truth is not None and context.truth is not None:
        for pk, code in found:
            truth.add("book", pk, code)
        context.truth.write_text(truth.as_json(), encoding="utf-8")


def _own_unit(context: DemoContext) -> int:
    principal = context.actor(PRINCIPAL)
    return principal.acting.unit_id if principal.acting else 0


def _first(books: Any) -> ClassSubject | None:
    found: ClassSubject | None = books.order_by("pk").first()
    return found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(16, 0)))
