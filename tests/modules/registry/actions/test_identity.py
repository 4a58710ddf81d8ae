"""The whole way to the population database and back: a real server in another process, every state, every fault."""

import json
import os
import signal
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_staff, make_student, personal_id_of
from tests.modules.registry import population
from tests.modules.registry.checks.worlds import settle_dates
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.quality import actions as quality
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.types import CaseNotMended
from thongsuot.modules.registry import tasks
from thongsuot.modules.registry.actions import identity
from thongsuot.modules.registry.domain.identity import Verdict
from thongsuot.modules.registry.models import IdentityBatch, IdentityCheck, Student
from thongsuot.modules.registry.queries.population import population as configured
from thongsuot.modules.registry.types import Channel, IdentityStatus, NothingToVerify, StateConflict

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BORN = date(2020, 3, 8)
SYSTEM = Actor.system()
# name at the school -> what the population database has of this person (None: as the school)
TRUTH = {
    "Nguyễn Thị An": {},
    "Trần Thị Bình": {"birth_date": "2020-08-03"},
    "Lê Thị Chi": {"gender": "male", "full_name": "Lê Thị Chí"},
    "Phạm Thị Dung": {"state": "missing"},
    "Hoàng Thị Em": {"state": "shared"},
    "Vũ Thị Giang": {"state": "cancelled"},
}
EXPECTED = {
    "Nguyễn Thị An": ("matched", ""),
    "Trần Thị Bình": ("mismatched", "birth_date"),
    "Lê Thị Chi": ("mismatched", "full_name,gender"),
    "Phạm Thị Dung": ("not_found", ""),
    "Hoàng Thị Em": ("id_shared", ""),
    "Vũ Thị Giang": ("id_cancelled", ""),
}


@pytest.fixture
def world():
    province, year = make_province(), make_school_year()
    province.school_class = make_class(province.school_a1, year, "1A")
    province.pupils = {
        name: make_student(
            province.school_a1,
            name,
            birth_date=BORN,
            personal_id=personal_id_of(BORN, "female", tail=number),
            school_class=province.school_class,
        )
        for number, name in enumerate(TRUTH, start=1)
    }
    province.office = province.actor("school_office", "school_a1")
    return province


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    people = [
        {
            "personal_id": personal_id_of(BORN, "female", tail=number),
            "full_name": name,
            "birth_date": BORN.isoformat(),
            "gender": "female",
            **changed,
        }
        for number, (name, changed) in enumerate(TRUTH.items(), start=1)
    ]
    server = population.start(people, tmp_path_factory.mktemp("population"))
    yield server
    server.stop()


@pytest.fixture
def server(gateway, settings):
    settings.POPULATION_URL, settings.POPULATION_TOKEN = gateway.url, population.TOKEN
    settings.POPULATION_TIMEOUT = 5
    gateway.mode()
    yield gateway
    gateway.mode()


def states():
    return dict(Student.objects.order_by("id").values_list("full_name", "identity_status"))


def make(world, **more):
    return identity.make_batches(by=world.office, unit_id=world.school_a1.pk, kind="student", now=NOW, **more)


def step(batch, now=NOW):
    return identity.advance(by=SYSTEM, batch_id=batch.pk, now=now)


def found(batch):
    names = dict(Student.objects.values_list("pk", "full_name"))
    return {names[check.person_id]: (check.status, check.differing) for check in batch.checks.all()}


def test_sent_answered_marked_and_nothing_overwritten(world, server):
    before = list(
        Student.objects.order_by("pk").values("full_name", "birth_date", "gender", "personal_id_digest")
    )
    (batch,) = make(world)
    assert set(states().values()) == {"waiting"}
    batch = step(batch)
    assert (batch.state, batch.answered, batch.matched) == ("done", 6, 1)
    assert found(batch) == EXPECTED
    assert states() == {name: status for name, (status, _differing) in EXPECTED.items()}
    after = list(
        Student.objects.order_by("pk").values("full_name", "birth_date", "gender", "personal_id_digest")
    )
    assert after == before


def test_nobody_is_sent_twice(world, server):
    received = server.mode()["received"]
    (batch,) = make(world)
    with pytest.raises(NothingToVerify):
        make(world)
    step(batch)
    step(batch)
    assert server.mode()["received"] == received + 6


def test_a_list_whose_answer_was_lost_is_known_again(world, server):
    before = server.mode(drop=True)
    (batch,) = make(world)
    batch = step(batch)
    assert (batch.state, batch.fault, batch.failures) == ("queued", "no_connection", 1)
    assert batch.next_try_at == NOW + timedelta(minutes=1)
    server.mode()
    batch = step(batch, NOW + timedelta(minutes=1))
    after = server.mode()
    assert (batch.state, batch.fault) == ("done", "")
    assert (after["received"], after["lists"]) == (before["received"] + 6, before["lists"] + 1)


def test_down_and_up_again(world, server):
    server.mode(down=True)
    (batch,) = make(world)
    for number, minutes in enumerate((1, 2, 4), start=1):
        batch = step(batch)
        assert (batch.state, batch.fault, batch.failures) == ("queued", "http_503", number)
        assert batch.next_try_at == NOW + timedelta(minutes=minutes)
    assert set(states().values()) == {"waiting"}
    server.mode()
    assert step(batch).state == "done"


def test_slow(world, server, settings):
    settings.POPULATION_TIMEOUT = 0.3
    server.mode(slow=0.6)
    (batch,) = make(world)
    batch = step(batch)
    assert (batch.state, batch.fault) == ("queued", "timeout")
    server.mode()
    settings.POPULATION_TIMEOUT = 5
    assert step(batch).state == "done"


def test_half_an_answer_is_kept(world, server):
    server.mode(half=True)
    (batch,) = make(world)
    batch = step(batch)
    assert (batch.state, batch.answered, batch.size) == ("sent", 3, 6)
    assert sorted(states().values()).count("waiting") == 3
    kept = found(batch)
    server.mode(down=True)
    batch = step(batch, NOW + timedelta(minutes=1))
    assert (batch.state, batch.fault, found(batch)) == ("sent", "http_503", kept)
    server.mode()
    assert found(step(batch, NOW + timedelta(minutes=2))) == EXPECTED


def test_a_list_that_the_other_side_forgot_goes_once_more(world, server):
    (batch,) = make(world)
    server.mode(half=True)
    batch = step(batch)
    IdentityBatch.objects.filter(pk=batch.pk).update(remote_id="0" * 32)
    server.mode()
    batch = step(batch)
    assert (batch.state, batch.fault) == ("queued", "declined_404")
    # It is the same list under the same key.
    assert found(step(batch)) == EXPECTED


def test_a_wrong_token_waits_for_a_person(world, server, settings):
    settings.POPULATION_TOKEN = "sai"
    (batch,) = make(world)
    batch = step(batch)
    assert (batch.state, batch.fault) == ("queued", "declined_401")
    assert batch.next_try_at == NOW + timedelta(minutes=30)


def test_after_a_week_it_is_given_up_and_may_go_again(world, server):
    server.mode(down=True)
    (batch,) = make(world)
    batch = step(batch, NOW + timedelta(days=8))
    assert (batch.state, batch.fault) == ("given_up", "no_answer_for_a_week")
    assert set(states().values()) == {"not_sent"}
    server.mode()
    assert step(make(world)[0]).state == "done"


def test_words_changed_on_the_way_are_to_be_sent_again(world, server):
    (batch,) = make(world)
    Student.objects.filter(full_name="Nguyễn Thị An").update(full_name="Nguyễn Thị Anh")
    step(batch)
    assert states()["Nguyễn Thị Anh"] == "mended"


def test_a_late_answer_to_an_old_list_does_not_count(world, server):
    (old,) = make(world)
    identity.give_up(by=world.office, batch=old, now=NOW)
    (new,) = make(world)
    references = list(old.checks.values_list("reference", flat=True))
    old.refresh_from_db()
    verdicts = [Verdict(reference, IdentityStatus.MATCHED) for reference in references]
    assert identity.take_answers(by=SYSTEM, batch=old, verdicts=verdicts, now=NOW) == 0
    assert set(states().values()) == {"waiting"}
    # A stranger's reference, or one of another list, changes nothing either.
    stray = [Verdict(uuid4(), IdentityStatus.MATCHED), Verdict(references[0], IdentityStatus.MATCHED)]
    assert identity.take_answers(by=SYSTEM, batch=new, verdicts=stray, now=NOW) == 0


def test_the_same_answer_again_changes_nothing(world, server):
    (batch,) = make(world)
    reference = batch.checks.first().reference
    first = [Verdict(reference, IdentityStatus.NOT_FOUND)]
    assert identity.take_answers(by=SYSTEM, batch=batch, verdicts=first, now=NOW) == 1
    second = [Verdict(reference, IdentityStatus.MATCHED)]
    assert identity.take_answers(by=SYSTEM, batch=batch, verdicts=second, now=NOW) == 0
    assert IdentityCheck.objects.get(reference=reference).status == "not_found"


def test_mended_police_and_once_more(world, server):
    unit = world.school_a1.pk
    step(make(world)[0])
    wrong, police = world.pupils["Trần Thị Bình"], world.pupils["Phạm Thị Dung"]
    fine = world.pupils["Nguyễn Thị An"]
    office = {"by": world.office, "unit_id": unit, "kind": "student"}
    assert identity.pass_to_police(**office, ids=[police.pk, fine.pk]) == 1
    assert states()["Phạm Thị Dung"] == "with_police"
    Student.objects.filter(pk=wrong.pk).update(birth_date=date(2020, 8, 3))
    assert identity.notice_mended(by=SYSTEM, kind="student") == 1
    assert states()["Trần Thị Bình"] == "mended"
    assert identity.notice_mended(by=SYSTEM, kind="student") == 0
    (again,) = make(world)
    assert again.size == 1
    step(again)
    assert states()["Trần Thị Bình"] == "matched"
    # Verified, then changed: it no longer holds.
    Student.objects.filter(pk=fine.pk).update(gender="male")
    assert identity.notice_mended(by=world.office, kind="student", unit_ids=[unit]) == 1
    (last,) = identity.send_again(**office, ids=[police.pk], now=NOW)
    assert [check.person_id for check in last.checks.all()] == [police.pk]


def test_who_is_ready(world):
    school, room = world.school_a1, world.school_class
    make_student(school, "Không Có Số", personal_id="", school_class=room)
    make_student(school, "Số Sai", personal_id="123", school_class=room)
    make_student(school, "Người Nước Ngoài", personal_id="", nationality="LA", school_class=room)
    make_student(school, "Không Ngày", personal_id="051220000077", birth_date=None, school_class=room)
    make_student(school, "Không Giới", personal_id="051320000078", gender="", school_class=room)
    make_student(school, "Đã Xong", identity_status="matched", school_class=room)
    make_student(school, "Không Học Ở Đây")
    seen = identity.preview(by=world.office, unit_id=school.pk, kind="student")
    assert (len(seen.ready), seen.matched, seen.foreign) == (6, 1, 1)
    assert (seen.no_id, seen.bad_id, seen.no_birth_date, seen.no_gender) == (1, 1, 1, 1)
    assert seen.total == 12
    other = make_class(school, room.school_year, "1B")
    assert identity.preview(by=world.office, unit_id=school.pk, kind="student", class_id=other.pk).total == 0
    make_staff(school)
    make_staff(school, status="retired")
    assert len(identity.preview(by=world.office, unit_id=school.pk, kind="staff").ready) == 1


def test_only_over_the_own_school(world):
    other = world.actor("school_office", "school_b1")
    with pytest.raises(NotAllowed):
        identity.make_batches(by=other, unit_id=world.school_a1.pk, kind="student", now=NOW)
    (batch,) = make(world)
    with pytest.raises(NotAllowed):
        identity.give_up(by=other, batch=batch, now=NOW)
    with pytest.raises(NotAllowed):
        identity.notice_mended(by=other, kind="student", unit_ids=[world.school_a1.pk])
    identity.give_up(by=world.office, batch=batch, now=NOW)
    with pytest.raises(StateConflict):
        identity.give_up(by=world.office, batch=batch, now=NOW)


def test_lists_are_cut(world, monkeypatch):
    monkeypatch.setattr("thongsuot.modules.registry.actions.identity.batching.MOST", 4)
    assert [batch.size for batch in make(world, channel=Channel.FILE)] == [4, 2]


def test_due_lists_are_leased_and_run_as_jobs(world, server):
    (batch,) = make(world)
    IdentityBatch.objects.update(next_try_at=NOW)
    with transaction.atomic():
        due = identity.due_batches(by=SYSTEM, now=NOW)
        assert [one.pk for one in due] == [batch.pk]
        assert identity.due_batches(by=SYSTEM, now=NOW) == []
    tasks.start_step(by=SYSTEM, batch=batch)
    assert run_jobs() == 1
    batch.refresh_from_db()
    assert batch.state == "done"


def test_a_person_of_the_school_runs_it_within_row_level_security(world, server):
    with act_as(world.office):
        (batch,) = make(world)
        tasks.start_step(by=world.office, batch=batch)
    assert run_jobs() == 1
    assert found(batch) == EXPECTED
    stranger = world.actor("school_office", "school_b1")
    for actor, seen in ((world.office, (1, 6)), (stranger, (0, 0))):
        with act_as(actor), connection.cursor() as cursor:
            cursor.execute(
                "select (select count(*) from registry_identitybatch), (select count(*) from registry_identitycheck)"
            )
            assert cursor.fetchone() == seen


def test_no_personal_data_in_the_queue(world, server):
    (batch,) = make(world)
    tasks.start_step(by=SYSTEM, batch=batch)
    with connection.cursor() as cursor:
        cursor.execute("select arguments::text, title from jobs_job")
        text = str(cursor.fetchall())
    number = unseal(world.pupils["Nguyễn Thị An"].personal_id_sealed)
    assert number not in text
    assert "Nguyễn" not in text


@pytest.mark.django_db(transaction=True)
def test_the_command(world, server):
    def run(*more):
        out = StringIO()
        call_command("verify_identities", "--school", world.school_a1.code, "--json", *more, stdout=out)
        return json.loads(out.getvalue())

    dry = run("--dry-run")
    assert (dry["ready"], dry["dry_run"]) == (6, True)
    assert set(states().values()) == {"not_sent"}
    done = run("--wait", "5")
    assert (done["sent"], done["answered"], done["matched_now"], done["faults"]) == (6, 6, 1, [])
    assert run()["ready"] == 0
    with pytest.raises(CommandError, match="Không có đơn vị"):
        call_command("verify_identities", "--school", "khong-co")


class Watched:
    """The configured service; kills its process after `calls` calls, once the other side has understood the last."""

    def __init__(self, calls=0):
        self.left, self.service = calls, configured()

    def call(self, *said, **more):
        assert not connection.in_atomic_block
        answer = self.service.call(*said, **more)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def killed_after(calls, batch, now):
    """A step in a process of its own that dies in the middle."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            identity.advance(by=SYSTEM, batch_id=batch.pk, now=now, service=Watched(calls))
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_a_killed_step_loses_nothing_and_doubles_nothing(world, server, monkeypatch):
    monkeypatch.setattr("thongsuot.modules.registry.actions.identity.sending.PAGE", 2)
    before = server.mode()
    (batch,) = make(world)
    # Killed when the other side has the list and we do not know it yet.
    killed_after(1, batch, NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.remote_id, set(states().values())) == ("queued", "", {"waiting"})
    # Until its claim ends it may still be at it: nobody else asks.
    assert step(batch, NOW + timedelta(minutes=9)).state == "queued"
    assert identity.due_batches(by=SYSTEM, now=NOW + timedelta(minutes=9)) == []
    later = NOW + timedelta(minutes=10)
    assert [one.pk for one in identity.due_batches(by=SYSTEM, now=later)] == [batch.pk]
    # Sent again, one page of answers kept, killed in the next one.
    killed_after(3, batch, later)
    batch.refresh_from_db()
    assert (batch.state, batch.answered) == ("sent", 2)
    last = batch.claimed_until
    assert last > later + timedelta(minutes=10)
    kept = dict(batch.checks.exclude(status="waiting").values_list("pk", "answered_at"))
    batch = identity.advance(by=SYSTEM, batch_id=batch.pk, now=last, service=Watched())
    assert (batch.state, batch.answered, batch.claim) == ("done", 6, None)
    assert found(batch) == EXPECTED
    assert dict(batch.checks.filter(pk__in=kept).values_list("pk", "answered_at")) == kept
    after = server.mode()
    assert (after["received"], after["lists"]) == (before["received"] + 6, before["lists"] + 1)


def test_given_up_while_the_other_side_thinks(world, server):
    (batch,) = make(world)

    class GivesUp:
        def call(self, *said, **more):
            identity.give_up(by=world.office, batch=batch, now=NOW)
            return configured().call(*said, **more)

    batch = identity.advance(by=SYSTEM, batch_id=batch.pk, now=NOW, service=GivesUp())
    assert (batch.state, batch.answered, batch.claim) == ("given_up", 0, None)
    assert set(states().values()) == {"not_sent"}


def test_a_mismatch_is_a_case_that_closes_only_with_right_data(world, server):
    settle_dates()
    pupil, office = world.pupils["Trần Thị Bình"], world.office

    def checked():
        quality.run_checks(by=SYSTEM, today=NOW.date())
        return QualityCase.objects.get(rule="student.identity.mismatch", object_id=pupil.pk)

    def mended_to(**fields):
        Student.objects.filter(pk=pupil.pk).update(**fields)
        identity.notice_mended(by=SYSTEM, kind="student")
        step(make(world)[0])
        return checked()

    step(make(world)[0])
    case = checked()
    assert (case.state, case.unit_id) == ("open", world.school_a1.pk)
    mismatched = QualityCase.objects.filter(rule="student.identity.mismatch")
    assert mismatched.count() == 5
    with pytest.raises(CaseNotMended):
        quality.claim_mended(by=office, case=case, today=NOW.date())
    # Something else is written, and it is still not what the other side has.
    assert mended_to(birth_date=date(2020, 3, 9)).state == "open"
    with pytest.raises(CaseNotMended):
        quality.claim_mended(by=office, case=checked(), today=NOW.date())
    assert mended_to(birth_date=date(2020, 8, 3)).state == "mended"
    assert checked().state == "mended"
    assert mismatched.filter(state="open").count() == 4


def test_a_mismatch_does_not_flap_and_comes_back_as_the_same_case(world, server):
    settle_dates()
    pupil, office = world.pupils["Trần Thị Bình"], world.office

    def checked():
        quality.run_checks(by=SYSTEM, today=NOW.date())
        return QualityCase.objects.get(rule="student.identity.mismatch", object_id=pupil.pk)

    def story():
        return list(case.events.order_by("at", "pk").values_list("verb", flat=True))

    step(make(world)[0])
    case = checked()
    given = {"by": office, "unit_id": world.school_a1.pk, "kind": "student", "ids": [pupil.pk]}
    # Passed on, said to be mended, sent once more, given up: nothing of this is an answer.
    identity.pass_to_police(**given)
    assert checked().state == "open"
    identity.mark_mended(**given)
    assert checked().state == "open"
    with pytest.raises(CaseNotMended):
        quality.claim_mended(by=office, case=case, today=NOW.date())
    (batch,) = make(world, only=[pupil.pk])
    assert (states()["Trần Thị Bình"], checked().state) == ("waiting", "open")
    step(batch)
    assert (states()["Trần Thị Bình"], checked().state, story()) == ("mismatched", "open", [])
    # A changed record closes it; the next answer, again a mismatch, opens the same case with its story.
    Student.objects.filter(pk=pupil.pk).update(birth_date=date(2020, 3, 9))
    identity.notice_mended(by=SYSTEM, kind="student")
    assert (checked().state, story()) == ("mended", ["mended"])
    (batch,) = make(world, only=[pupil.pk])
    assert checked().state == "mended"
    step(batch)
    again = checked()
    assert (again.pk, again.state, again.reopened) == (case.pk, "open", 1)
    assert story() == ["found", "mended", "reopened"]
    Student.objects.filter(pk=pupil.pk).update(birth_date=date(2020, 8, 3))
    identity.notice_mended(by=SYSTEM, kind="student")
    step(make(world, only=[pupil.pk])[0])
    assert (checked().state, story()[-1]) == ("mended", "mended")
