"""What the law lets a person ask: clocks, use restricted, the person erased from every book and from the history."""

from datetime import date, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.utils import timezone

from tests.factories.gradebook import make_line
from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import (
    make_class,
    make_contact,
    make_enrolment,
    make_report,
    make_result,
    make_student,
)
from tests.modules.registry.imports.files import pupil, student_rows, upload, xlsx
from thongsuot.journeys import subject_requests as journey
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.importing import actions as importing
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.models import Absence, ClassSubject, SubjectMarks, TermConduct
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.actions.erasing import ERASED, purge_history
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    ErrorReport,
    MatchCandidate,
    PersonMerge,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    Transfer,
    YearResult,
)
from thongsuot.modules.registry.types import BadValue, StateConflict

TODAY = date(2026, 11, 23)
NOW = timezone.make_aware(datetime(2026, 11, 23, 9, 0))
TRACES = (
    "Trần Thị Kín",
    "tran thi kin",
    "Lê Thị Kín",
    "0905111222",
    "12 Phố Kín",
    "051320000777",
    "giấy kín",
    "thưởng kín",
)


class World:
    def __init__(self):
        self.province, self.year = make_province(), make_school_year()
        here, before = self.province.school_a1, self.province.school_b1
        self.principal = self.province.actor("principal", "school_a1")
        self.pupil = make_student(
            here, "Trần Thị Kín", personal_id="051320000777", birth_date=date(2014, 3, 8), phone="0905111222",
            current_address="12 Phố Kín", ministry_code="5100000777",
        )  # fmt: skip
        make_contact(self.pupil, "Lê Thị Kín", phone="0905111222")
        for unit, day, left in (
            (before, date(2025, 9, 5), date(2026, 5, 31)),
            (here, date(2026, 9, 5), TODAY),
        ):
            make_enrolment(
                self.pupil, make_class(unit, self.year), entered_on=day, left_on=left, exit_type="dropped_out"
            )
        for kind, note in (("disability", "giấy kín"), ("policy", "giấy kín số 3")):
            StudentCharacteristic.objects.create(
                student=self.pupil, unit=here, kind=kind, code="01", note=note, valid_from=date(2026, 9, 5)
            )
        make_report(self.pupil, "Số đúng là 0905111222")
        Transfer.objects.create(
            student=self.pupil, from_unit=before, to_unit=here, state="completed", effective_on=TODAY,
            student_name="Trần Thị Kín", reason="Trần Thị Kín theo mẹ", requested_at=NOW,
        )  # fmt: skip
        other = make_student(here, "Trần Thị Kín", personal_id="", merged_into=self.pupil, local_code="")
        PersonMerge.objects.create(
            kept=self.pupil,
            gone=other,
            unit=here,
            moved={"fields": {"phone": ["", "0905111222"]}},
            merged_at=NOW,
        )
        self.write_books()
        make_result(self.pupil, self.year, learning="well_done", awards="Khen thưởng kín của Trần Thị Kín")
        third = make_student(here, "Phan Văn Khác")
        MatchCandidate.objects.create(
            first=self.pupil, second=third, first_unit=here, second_unit=here, score=3, found_at=NOW
        )

    def write_books(self):
        """Marks, remarks and an absence at the school of before."""
        spell = self.pupil.enrolments.order_by("entered_on").first()
        room = {"unit_id": spell.unit_id, "school_class_id": spell.school_class_id}
        subject = ClassSubject.objects.create(
            **room, school_year=self.year, code="vietnamese", name="Tiếng Việt", form="score", periods=245
        )
        make_line(subject, self.pupil, final=9, final_level="T", remark="Trần Thị Kín đọc tốt")
        TermConduct.objects.create(**room, student=self.pupil, term=1, remark="Trần Thị Kín ngoan")
        Absence.objects.create(
            **room, student=self.pupil, on=TODAY, session="morning", reason="giấy kín của bác sĩ"
        )

    def ask(self, kind="erase", **more):
        given = {
            "requested_by_name": "Lê Thị Mẹ",
            "basis": "Đơn ngày 20/11",
            "received_on": date(2026, 11, 20),
        }
        with act_as(self.principal):
            return journey.register_request(
                by=self.principal, student=self.pupil, kind=kind, today=TODAY, **{**given, **more}
            )

    def carry_out(self, request):
        with act_as(self.principal):
            return journey.carry_out(by=self.principal, request=request, now=NOW)


@pytest.fixture
def world(db):
    return World()


def everything_said(*, events):
    """All text that the tables of registry and gradebook hold, or their event tables; requests themselves left out."""
    said = []
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where tablename ~ '^(registry|gradebook)_'")
        for (table,) in cursor.fetchall():
            if table.endswith("event") != events or "subjectrequest" in table:
                continue
            cursor.execute(f'select t::text from "{table}" t')
            said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def test_clocks_begin_with_the_day_of_receiving(world):
    erase, restrict = world.ask(), world.ask("restrict")
    # 20 November 2026 is a Friday, Tuesday the 24th a holiday: two working days later is Wednesday.
    assert (erase.answer_due_on, erase.due_on) == (date(2026, 11, 25), date(2026, 12, 10))
    assert restrict.due_on == date(2026, 12, 5)


def test_restricted_nobody_changes_it_until_it_is_lifted(world):
    request = world.ask("restrict")
    world.carry_out(request)
    world.pupil.refresh_from_db()
    assert world.pupil.restricted_at == NOW
    with pytest.raises(StateConflict):
        actions.update_student(by=world.principal, student=world.pupil, changes={"phone": "0905"})
    with pytest.raises(StateConflict):
        world.carry_out(request)
    journey.lift_restriction(by=world.principal, request=request, now=NOW)
    actions.update_student(by=world.principal, student=world.pupil, changes={"phone": "0905"})
    with pytest.raises(StateConflict):
        journey.lift_restriction(by=world.principal, request=request, now=NOW)


def test_erased_from_the_books_of_every_school(world):
    facts = list(
        Enrolment.objects.order_by("pk").values_list("unit", "grade", "entered_on", "left_on", "exit_type")
    )
    assert all(trace in everything_said(events=False) for trace in TRACES if not trace.startswith("0513"))
    request = world.ask()
    world.carry_out(request)
    said = everything_said(events=False)
    assert [trace for trace in TRACES if trace in said] == []
    world.pupil.refresh_from_db()
    assert (world.pupil.full_name, world.pupil.birth_date, world.pupil.is_birth_year_only) == (
        ERASED, date(2014, 1, 1), True,
    )  # fmt: skip
    assert (world.pupil.personal_id_sealed, world.pupil.personal_id_digest, world.pupil.gender) == (
        None, None, "female",
    )  # fmt: skip
    # What statistics rest on stays, without the person.
    kept = Enrolment.objects.order_by("pk").values_list("unit", "grade", "entered_on", "left_on", "exit_type")
    assert list(kept) == facts
    assert StudentCharacteristic.objects.get().kind == "policy"
    # The mark is there, nobody's; what was said of the pupil is not.
    marks = SubjectMarks.objects.get()
    assert (marks.final, marks.final_level, marks.remark) == (9, "T", "")
    assert Absence.objects.get().reason == ""
    result = YearResult.objects.get()
    assert (result.learning, result.awards) == ("well_done", "")
    for model in (Contact, ErrorReport, MatchCandidate):
        assert not model.objects.exists()
    with act_as(world.principal):
        assert world.pupil not in queries.students(world.principal)
    # The proof that the erasure was owed.
    request.refresh_from_db()
    assert (request.requested_by_name, request.done_at, request.history_purged_at) == ("Lê Thị Mẹ", NOW, None)


def test_what_imports_have_kept_of_the_person_goes_too(world, django_capture_on_commit_callbacks):
    """Rows that were matched, that were refused, and the files themselves; a namesake's row stays."""
    office = world.province.actor("school_office", "school_a1")
    other = world.province.actor("school_office", "school_b1")

    def brought(by, *people, apply=False):
        school = world.province.school_a1 if by is office else world.province.school_b1
        with act_as(by):
            run = importing.start_run(
                by=by,
                kind="registry.students",
                upload=upload(xlsx(student_rows(list(people)))),
                options={"unit": str(school.pk), "year": world.year.name},
            )
            (importing.apply_run if apply else importing.check_run)(by=by, run=run)
        return run

    friend = pupil("Phan Thị Bạn", code="5100000888")
    theirs = pupil("Trần Thị Kín", code="5100000777", born="08/03/2014")
    # Refused for its class, and found by name and birth date only.
    refused = pupil("TRẦN THỊ KÍN", code="", born="08/03/2014", gender="không rõ")
    namesake = pupil("Trần Thị Kín", code="5100000999", born="09/04/2013")
    planned, strange = brought(office, friend, theirs), brought(other, friend, refused)
    apart = brought(other, namesake)
    files = {run.pk: run.file.storage_name for run in (planned, strange, apart)}
    before = {run.pk: run.counts for run in (planned, strange, apart)}
    with django_capture_on_commit_callbacks(execute=True):
        world.carry_out(world.ask())
    for run, gone in ((planned, True), (strange, True), (apart, False)):
        run.refresh_from_db()
        assert (run.file is None, default_storage.exists(files[run.pk])) == (gone, not gone)
        assert run.counts == before[run.pk]
    with connection.cursor() as cursor:
        cursor.execute("select r.run_id, r::text from importing_importrow r order by r.id")
        said = [(run, text) for run, text in cursor.fetchall() if run != apart.pk]
    assert sum(ERASED in text for _run, text in said) >= 2
    for trace in ("Trần Thị Kín", "TRẦN THỊ KÍN", "tran thi kin", "5100000777", "08/03/2014"):
        assert [run for run, text in said if trace in text] == [], trace
    assert sum("Phan Thị Bạn" in text for _run, text in said) == 2
    assert ImportRow.objects.filter(run=apart, key__contains="Trần Thị Kín").count() == 1


def test_the_history_is_purged_by_the_owner_and_only_of_who_was_erased(world):
    other = make_student(world.province.school_a1, "Phạm Thị Còn")
    world.carry_out(request := world.ask())
    before = everything_said(events=True)
    assert "Trần Thị Kín" in before
    count = event_model(Student)._base_manager.count()
    call_command("purge_erased")
    said = everything_said(events=True)
    assert [trace for trace in TRACES if trace in said] == []
    assert other.full_name in said
    assert event_model(Student)._base_manager.count() == count, "that something was changed stays"
    request.refresh_from_db()
    assert request.history_purged_at is not None
    assert purge_history(by=Actor.system(), now=NOW) == 0


def test_no_role_of_the_application_can_purge(world):
    world.carry_out(world.ask())
    with pytest.raises(NotAllowed):
        purge_history(by=world.principal, now=NOW)
    with pytest.raises(ProgrammingError, match="permission denied"), act_as(Actor.system()):
        purge_history(by=Actor.system(), now=NOW)


def test_who_still_sits_in_a_class_is_kept(world):
    make_enrolment(world.pupil, make_class(world.province.school_a1, world.year), entered_on=TODAY)
    request = world.ask()
    with pytest.raises(StateConflict):
        world.carry_out(request)
    assert Student.objects.get(pk=world.pupil.pk).full_name == "Trần Thị Kín"
    journey.refuse_request(by=world.principal, request=request, reason="Em đang học", now=NOW)
    request.refresh_from_db()
    assert (request.refused_reason, request.answered_at, request.done_at) == ("Em đang học", NOW, None)


def test_answered_once_refused_with_a_reason(world):
    request = world.ask()
    journey.answer_request(by=world.principal, request=request, now=NOW)
    with pytest.raises(StateConflict):
        journey.answer_request(by=world.principal, request=request, now=NOW)
    with pytest.raises(BadValue):
        journey.refuse_request(by=world.principal, request=request, reason=" ", now=NOW)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"requested_by_name": " "}, "requested_by_name"),
        ({"basis": ""}, "basis"),
        ({"received_on": date(2026, 11, 24)}, "received_on"),
        ({"kind": "copy"}, "kind"),
    ],
)
def test_what_is_missing_is_said_at_its_field(world, more, field):
    with pytest.raises(BadValue) as said:
        world.ask(**more)
    assert said.value.details["field"] == field


def test_only_the_principal_of_the_school_that_holds_the_dossier(world):
    world.ask()
    with pytest.raises(StateConflict):
        world.ask()
    request = SubjectRequest.objects.create(
        student=world.pupil,
        kind="restrict",
        requested_by_name="A",
        basis="B",
        received_on=TODAY,
        due_on=TODAY,
    )
    for role, unit in (
        ("school_office", "school_a1"), ("principal", "school_b1"), ("department_officer", "office"),
    ):  # fmt: skip
        actor = world.province.actor(role, unit)
        with pytest.raises(NotAllowed):
            journey.carry_out(by=actor, request=request, now=NOW)
        assert not queries.subject_requests(actor).exists()
