"""Two records become one and two again, to the last field; nothing is lost on the way."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.factories.gradebook import make_line
from tests.factories.organization import TODAY, make_province, make_school_year
from tests.factories.registry import make_class, make_contact, make_result, make_student
from thongsuot.journeys.merge_people import merge_people, preview_merge, split_people
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.gradebook.models import ClassSubject
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    MatchCandidate,
    PersonMerge,
    Student,
    StudentCharacteristic,
    Transfer,
    YearResult,
)
from thongsuot.modules.registry.queries.dossier import dossier_of
from thongsuot.modules.registry.types import StateConflict, result_choice

NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))
KEPT_TABLES = (Student, Enrolment, Contact, StudentCharacteristic, YearResult)


@pytest.fixture
def world(db):
    province, year = make_province(), make_school_year()
    a, b = (make_class(getattr(province, unit), year) for unit in ("school_a1", "school_b1"))
    kept = make_student(province.school_a1, "Nguyễn Thị Hòa", personal_id="", school_class=a, phone="")
    gone = make_student(
        province.school_b1,
        "Nguyen Thi Hoa",
        personal_id="051320000111",
        school_class=b,
        phone="0905000111",
        ministry_code="5100000001",
    )
    make_contact(kept, "Lê Thị Mận")
    make_contact(gone, "Lê Thị Mận")
    make_contact(gone, "Nguyễn Văn Cha", relation="father")
    StudentCharacteristic.objects.create(
        student=gone, unit=gone.unit, kind="policy", code="01", valid_from=date(2026, 9, 5)
    )
    MatchCandidate.objects.create(
        first=kept, second=gone, first_unit=kept.unit, second_unit=gone.unit, score=9, found_at=NOW
    )
    return province, kept, gone


def everything():
    """All rows as they stand, without the times at which they were touched."""
    rows = {}
    for model in KEPT_TABLES:
        for row in model.objects.order_by("pk").values():
            row.pop("updated_at", None)
            rows[model.__name__, row["id"]] = {
                k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()
            }
    return rows


def merged(province, kept, gone, **more):
    officer = province.actor("department_officer", "office")
    with act_as(officer):
        return officer, merge_people(by=officer, kept=kept, gone=gone, today=TODAY, now=NOW, **more)


def test_the_preview_says_what_would_happen_and_writes_nothing(world):
    province, kept, gone = world
    before = everything()
    plan = preview_merge(by=province.actor("department_officer", "office"), kept=kept, gone=gone)
    assert everything() == before
    taken = {name for name, side in plan.choices.items() if side == "gone"}
    assert taken == {"personal_id_sealed", "ministry_code", "phone"}
    assert plan.spells == 1
    assert len(plan.conflicts) == 1


def test_merged(world):
    province, kept, gone = world
    merged(province, kept, gone)
    kept.refresh_from_db()
    assert (kept.full_name, kept.ministry_code, kept.phone) == ("Nguyễn Thị Hòa", "5100000001", "0905000111")
    assert unseal(kept.personal_id_sealed) == "051320000111"
    assert Student.objects.get(pk=gone.pk).merged_into == kept
    assert kept.enrolments.filter(left_on__isnull=True).count() == 1
    assert kept.enrolments.get(left_on__isnull=False).exit_type == "withdrawn"
    assert set(kept.contacts.values_list("relation", flat=True)) == {"mother", "father"}
    assert kept.characteristics.get().unit == kept.unit
    assert MatchCandidate.objects.get().decision == "same"


def test_a_field_is_taken_as_chosen(world):
    province, kept, gone = world
    merged(province, kept, gone, choices={"full_name": "gone", "phone": "kept"})
    kept.refresh_from_db()
    assert (kept.full_name, kept.name_fold, kept.phone) == ("Nguyen Thi Hoa", "nguyen thi hoa", "")


def test_taken_back_everything_is_as_before(world):
    province, kept, gone = world
    before = everything()
    officer, merge = merged(province, kept, gone, choices={"full_name": "gone", "birth_date": "gone"})
    assert everything() != before
    with act_as(officer):
        assert split_people(by=officer, merge=merge, now=NOW) == []
    assert everything() == before
    assert MatchCandidate.objects.get().decision == ""
    with pytest.raises(StateConflict):
        split_people(by=officer, merge=merge, now=NOW)


def test_what_was_changed_since_stays(world):
    province, kept, gone = world
    officer, merge = merged(province, kept, gone)
    Student.objects.filter(pk=kept.pk).update(phone="0911222333")
    assert split_people(by=officer, merge=merge, now=NOW) == ["phone"]
    kept.refresh_from_db()
    assert (kept.phone, kept.ministry_code) == ("0911222333", "")


def test_not_twice_not_with_itself_not_during_a_transfer(world):
    province, kept, gone = world
    officer = province.actor("department_officer", "office")
    with pytest.raises(StateConflict):
        merge_people(by=officer, kept=kept, gone=kept, today=TODAY, now=NOW)
    transfer = Transfer.objects.create(
        student=gone, from_unit=gone.unit, to_unit=kept.unit, state="requested", student_name=gone.full_name,
        effective_on=TODAY, requested_at=NOW,
    )  # fmt: skip
    with pytest.raises(StateConflict):
        merge_people(by=officer, kept=kept, gone=gone, today=TODAY, now=NOW)
    transfer.delete()
    merge_people(by=officer, kept=kept, gone=gone, today=TODAY, now=NOW)
    with pytest.raises(StateConflict):
        merge_people(by=officer, kept=kept, gone=gone, today=TODAY, now=NOW)
    assert PersonMerge.objects.count() == 1


def test_a_school_may_not_take_in_a_record_of_another(world):
    province, kept, gone = world
    with pytest.raises(NotAllowed):
        merge_people(by=province.actor("principal", "school_a1"), kept=kept, gone=gone, today=TODAY, now=NOW)
    assert not PersonMerge.objects.exists()


def test_results_stay_with_their_school_and_two_of_one_year_are_both_kept(world):
    province, kept, gone = world
    year, last = make_school_year(2025), make_school_year(2024)
    here, there = province.school_a1, province.school_b1
    make_result(kept, year, unit=here, learning="done", promotion="promoted")
    make_result(kept, last, unit=here, learning="done")
    said_otherwise = make_result(gone, year, unit=here, learning="not_done", promotion="again")
    make_result(gone, last, unit=here, learning="done")
    elsewhere = make_result(gone, year, unit=there, learning="well_done")
    before = everything()
    officer = province.actor("department_officer", "office")
    plan = preview_merge(by=officer, kept=kept, gone=gone)
    assert [(one.learning, two.learning) for one, two in plan.results] == [("done", "not_done")]
    assert len(plan.conflicts) == 2
    officer, merge = merged(province, kept, gone)
    elsewhere.refresh_from_db()
    said_otherwise.refresh_from_db()
    assert (elsewhere.student, elsewhere.unit) == (kept, there)
    # What the kept record says of the year counts; the other stays where it was and is shown beneath it.
    assert (said_otherwise.student, said_otherwise.unit) == (gone, here)
    kept.refresh_from_db()
    shown = dossier_of(kept, full=True, may_open=True).results
    assert [(row.school_year, row.unit, row.learning) for row in shown if row.student == gone] == [
        (year, here, "not_done")
    ]
    assert len(shown) == 4
    with act_as(officer):
        split_people(by=officer, merge=merge, now=NOW)
    assert everything() == before


def test_the_other_result_of_a_year_can_be_chosen_and_goes_back(world):
    province, kept, gone = world
    year, here = make_school_year(2025), province.school_a1
    first = make_result(kept, year, unit=here, learning="done", promotion="promoted", days_absent=3)
    second = make_result(gone, year, unit=here, learning="not_done", promotion="again", grade=2)
    officer = province.actor("department_officer", "office")

    def said():
        rows = YearResult.objects.order_by("pk")
        return [(row.student_id, row.learning, row.promotion, row.days_absent) for row in rows]

    before = said()
    merge = merge_people(
        by=officer, kept=kept, gone=gone, today=TODAY, now=NOW, choices={result_choice(second.pk): "gone"}
    )
    # The result that was chosen is the one of the pupil; the other one lies with the record that was merged in.
    assert said() == [(kept.pk, "not_done", "again", None), (gone.pk, "done", "promoted", 3)]
    first.refresh_from_db()
    assert first.grade == 2
    split_people(by=officer, merge=merge, now=NOW)
    assert said() == before


def test_marks_follow_and_go_back(world):
    """What the other record alone has moves; what both have stays with each; all goes back."""
    province, kept, gone = world
    room = kept.enrolments.get().school_class
    subject, other = (
        ClassSubject.objects.create(
            unit=room.unit,
            school_year=room.school_year,
            school_class=room,
            code=code,
            name=code,
            form="score",
            periods=35,
        )
        for code in ("mathematics", "vietnamese")
    )
    make_line(subject, kept, final=9)
    both, alone = make_line(subject, gone, final=5), make_line(other, gone, final=6)
    officer = province.actor("department_officer", "office")
    with act_as(officer):
        merged = merge_people(by=officer, kept=kept, gone=gone, today=TODAY, now=NOW)
    both.refresh_from_db()
    alone.refresh_from_db()
    assert (both.student_id, alone.student_id) == (gone.pk, kept.pk)
    with act_as(officer):
        split_people(by=officer, merge=merged, now=NOW)
    alone.refresh_from_db()
    assert alone.student_id == gone.pk
