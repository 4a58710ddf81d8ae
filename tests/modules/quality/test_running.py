"""A check opens, reopens, moves and closes cases, in sets, and writes the scores of the day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.modules.registry.checks.worlds import TODAY, settle_dates
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.actions import set_work_day
from thongsuot.modules.quality import actions, queries
from thongsuot.modules.quality.models import CaseEvent, CheckRun, QualityCase, QualityScore, RuleSetting
from thongsuot.modules.quality.tasks import start_check
from thongsuot.modules.registry.models import Enrolment, Student

SYSTEM = Actor.system()


def check(day=TODAY, unit=None):
    return actions.run_checks(by=SYSTEM, today=day, unit_id=unit.pk if unit else None)


def at(world, school="school_a1"):
    return Student.objects.filter(unit=getattr(world, school)).order_by("pk").first()


def spoil(student, **fields):
    Student.objects.filter(pk=student.pk).update(**fields)
    settle_dates()


def case_of(rule, thing):
    return QualityCase.objects.get(rule=rule, object_id=thing.pk)


def verbs(case):
    return list(CaseEvent.objects.filter(case=case).order_by("at", "id").values_list("verb", flat=True))


def test_a_violation_becomes_a_case_of_the_school(world):
    spoil(at(world), gender="", phone="123")
    run = check()
    gender = case_of("student.gender.missing", at(world))
    assert (gender.unit_id, gender.state, gender.owner_id) == (world.school_a1.pk, "open", None)
    assert (gender.severity, gender.dataset, gender.field) == ("error", "student", "gender")
    # Monday 23 November: 24 November is a holiday by the file, so five working days end on 1 December.
    assert (gender.opened_on, gender.due_on) == (TODAY, date(2026, 12, 1))
    assert case_of("student.phone.format", at(world)).due_on == date(2026, 12, 8)
    assert run.found == QualityCase.objects.count()
    assert run.finished_at
    assert run.rows > 0


def test_deadlines_leap_over_tet(world):
    spoil(at(world), gender="")
    check(date(2027, 2, 4))
    assert case_of("student.gender.missing", at(world)).due_on == date(2027, 2, 18)


def test_a_day_that_somebody_sets_free_moves_the_deadline(world):
    set_work_day(
        by=world.actor("department_officer", "office"),
        day=date(2026, 11, 25),
        is_working=False,
        name="Bão số 9",
    )
    spoil(at(world), gender="")
    check()
    assert case_of("student.gender.missing", at(world)).due_on == date(2026, 12, 2)


def test_twice_changes_nothing(world):
    spoil(at(world), gender="")
    check()
    cases = list(QualityCase.objects.order_by("pk").values())
    scores = list(
        QualityScore.objects.order_by("unit_id", "rule").values("unit_id", "rule", "assessed", "passed")
    )
    again = check()
    assert (again.found, again.mended) == (0, 0)
    assert list(QualityCase.objects.order_by("pk").values()) == cases
    same = QualityScore.objects.order_by("unit_id", "rule").values("unit_id", "rule", "assessed", "passed")
    assert list(same) == scores
    assert CaseEvent.objects.count() == 0


def test_found_right_closes_and_found_again_reopens(world):
    student = at(world)
    spoil(student, gender="")
    check()
    spoil(student, gender="female")
    assert check(TODAY + timedelta(days=1)).mended == 2  # the pupil, and the totals of the class
    case = case_of("student.gender.missing", student)
    assert (case.state, verbs(case)) == ("mended", ["mended"])
    assert case.closed_at
    spoil(student, gender="")
    later = TODAY + timedelta(days=7)
    check(later)
    case.refresh_from_db()
    assert (case.state, case.reopened, case.closed_at, case.opened_on) == ("open", 1, None, later)
    assert sorted(verbs(case)) == ["found", "mended", "reopened"]
    found = CaseEvent.objects.get(case=case, verb="found")
    assert found.at.astimezone(case.events.first().at.tzinfo).date() in (TODAY, TODAY - timedelta(days=1))


def test_an_object_that_is_gone_closes_its_cases(world):
    student = at(world)
    spoil(student, gender="")
    check()
    Enrolment.objects.filter(student=student).update(left_on=TODAY, exit_type="transferred_out")
    check(TODAY + timedelta(days=1))
    case = case_of("student.gender.missing", student)
    assert (case.state, verbs(case)) == ("gone", ["gone"])


def test_a_case_follows_the_dossier(world):
    student = at(world)
    spoil(student, gender="")
    check()
    case = case_of("student.gender.missing", student)
    person = world.actor("school_office", "school_a1")
    actions.take_case(by=person, case=case)
    spoil(student, unit=world.school_b1)
    check()
    case.refresh_from_db()
    assert (case.unit_id, case.owner_id, case.state) == (world.school_b1.pk, None, "open")
    assert verbs(case) == ["taken", "moved"]


def test_a_rule_that_is_switched_off_closes_its_cases_and_leaves_the_index(world):
    spoil(at(world), gender="")
    check()
    officer = world.actor("department_officer", "office")
    actions.set_rule(
        by=officer, code="student.gender.missing", is_on=False, weight=None, numbers={}, valid_from=TODAY
    )
    check()
    case = case_of("student.gender.missing", at(world))
    assert (case.state, verbs(case)) == ("gone", ["rule_off"])
    assert not QualityScore.objects.filter(rule="student.gender.missing", day=TODAY).exists()


def test_numbers_that_somebody_corrects_are_used(world):
    officer = world.actor("department_officer", "office")
    code = "school.students.stale"
    actions.set_rule(by=officer, code=code, is_on=True, weight=None, numbers={"days": 20}, valid_from=TODAY)
    check()
    assert QualityCase.objects.filter(rule=code, object_id=world.school_a1.pk).exists()
    RuleSetting.objects.update(valid_to=TODAY - timedelta(days=1), valid_from=TODAY - timedelta(days=9))
    check()
    assert case_of(code, world.school_a1).state == "mended"


def test_one_unit_leaves_the_others_alone(world):
    for school in ("school_a1", "school_b1"):
        spoil(at(world, school), gender="")
    check(unit=world.school_a1)
    assert set(QualityCase.objects.values_list("unit_id", flat=True)) == {world.school_a1.pk}
    assert set(QualityScore.objects.values_list("unit_id", flat=True)) == {world.school_a1.pk}
    check()
    for school in ("school_a1", "school_b1"):
        spoil(at(world, school), gender="female")
    check(unit=world.school_b1)
    assert case_of("student.gender.missing", at(world)).state == "open"
    assert case_of("student.gender.missing", at(world, "school_b1")).state == "mended"


def test_a_school_that_checks_itself_still_sees_the_whole_province(world):
    """Read under the school's own scope the copy at the other school would be out of sight, and the case close."""
    one, two = at(world), at(world, "school_b1")
    spoil(two, personal_id_sealed=one.personal_id_sealed, personal_id_digest=one.personal_id_digest)
    person = world.actor("school_office", "school_a1")
    with act_as(person):
        actions.run_checks(by=person, today=TODAY, unit_id=world.school_a1.pk)
        mine = QualityCase.objects.filter(rule="student.personal_id.copied_elsewhere")
        assert [case.object_id for case in mine] == [one.pk]


def test_scores_count_who_was_assessed(world):
    spoil(at(world), gender="")
    check()
    score = QualityScore.objects.get(unit=world.school_a1, day=TODAY, rule="student.gender.missing")
    assert (score.assessed, score.passed) == (3, 2)
    assert not QualityScore.objects.filter(rule="student.age.preschool").exists()


def test_who_may_check_what(world):
    for role, unit, target in (
        ("teacher", "school_a1", "school_a1"),
        ("school_office", "school_a1", "school_b1"),
        ("commune_officer", "commune_a_office", "school_b1"),
        ("department_leader", "department", "school_a1"),
    ):
        with pytest.raises(NotAllowed):
            actions.run_checks(by=world.actor(role, unit), today=TODAY, unit_id=getattr(world, target).pk)
    with pytest.raises(NotAllowed):
        actions.run_checks(by=world.actor("school_office", "school_a1"), today=TODAY)
    officer = world.actor("commune_officer", "commune_a_office")
    assert set(actions.units_to_check(world.commune_a.pk, by=officer)) >= {world.school_a1.pk}


def test_as_many_statements_for_many_cases_as_for_few(world):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            check()
        return len(captured.captured_queries)

    spoil(at(world), gender="")
    check()
    few = statements()
    Student.objects.update(gender="", ethnicity="77", phone="1")
    settle_dates()
    assert statements() == few


def test_stopped_half_way_nothing_is_written(world):
    class Stop(Exception):
        pass

    def stop(done, total, words):
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        actions.run_checks(by=SYSTEM, today=TODAY, tell=stop)
    assert not QualityCase.objects.exists()
    assert not CheckRun.objects.exists()


@pytest.mark.django_db
def test_in_the_background_with_progress(world):
    person = world.actor("school_office", "school_a1")
    spoil(at(world), gender="")
    job = start_check(by=person, unit_id=world.school_a1.pk, title="Kiểm tra")
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 9, 9)
    assert "lỗi mới" in job.message
    assert CheckRun.objects.get().by_id == person.user_id


def test_the_command(world):
    spoil(at(world), gender="")
    out = StringIO()
    call_command("check_quality", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["new"] == QualityCase.objects.count()
    assert 0 < float(said["index"]) < 100
    out = StringIO()
    call_command("check_quality", "--unit", world.school_a1.code, stdout=out)
    assert "0 lỗi mới" in out.getvalue()
    with pytest.raises(CommandError, match="XYZ"):
        call_command("check_quality", "--unit", "XYZ")


def test_the_weekly_list(world):
    spoil(at(world), gender="")
    check()
    office = world.actor("school_office", "school_a1")
    world.actor("teacher", "school_a1")
    world.actor("school_office", "school_a2")
    from thongsuot.kit.notify.models import Notification

    actions.send_weekly_lists(by=SYSTEM, today=TODAY)
    told = Notification.objects.filter(kind="quality.weekly", recipient_id=office.user_id).get()
    assert str(queries.open_counts(office, today=TODAY).total) in told.title
    assert not any(name in told.title + told.body for name in (at(world).full_name,))
    with pytest.raises(NotAllowed):
        actions.send_weekly_lists(by=office, today=TODAY)
