"""kill -9 of the worker, the web server and the database while a school's transcripts are built and signed: afterwards all
are there once, in order, none signed by half, and the pages say so.

Everything is real: an embedded PostgreSQL of its own, `thongsuot worker`, `thongsuot serve`, people at HTTP. The default run is
small: each is killed once, of the web server only the process that answers, which its parent replaces.
TS_KILL_TRANSCRIPTS=2000 TS_KILL_SEED=1 is a large school with many kills, of the whole web server too, and also fetches the
school's archive, hands in and computes (about ten minutes).
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from tests.killing.person import Person, words
from tests.killing.plant import Plant, plant, until
from tests.killing.school import PASSWORD, make_school
from tests.modules.transcripts import flow
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.registry import task_named
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.models import PupilYear
from thongsuot.modules.transcripts import queries
from thongsuot.modules.transcripts.models import (
    Dispatch,
    Original,
    SigningSession,
    Transcript,
    TranscriptLog,
    TranscriptSignature,
)

PUPILS = int(os.environ.get("TS_KILL_TRANSCRIPTS", "24"))
SEED = int(os.environ.get("TS_KILL_SEED", "7"))
IS_LARGE = PUPILS >= 500
# Who signs as what, and who is killed meanwhile, in random order at random moments.
STEPS = (
    ("homeroom", "teacher", ["worker", "database"] if IS_LARGE else []),
    (
        "leader",
        "leader",
        ["worker", "worker", "worker", "web", "database", "database"] if IS_LARGE else ["worker", "database"],
    ),
    ("seal", "office", ["worker", "web", "database"] if IS_LARGE else ["web"]),
)
# For a machine that is busy with other things: what is waited for is polled, and a quiet one needs little of it.
PATIENCE = 240 + PUPILS / 4
SIGNED = re.compile(r"Đã ký (\d+) trên (\d+) học bạ")


@dataclass
class Killing:
    """Kills, and what a service manager does afterwards."""

    plant: Plant
    dice: random.Random
    done: list[str] = field(default_factory=list)
    # How many transcripts there are to be; at first how many pupils.
    size: int = PUPILS

    def kill(self, who: str) -> None:
        self.done.append(who)
        pause = self.dice.random()
        if who == "database":
            self.plant.kill_database()
            time.sleep(pause / 2)
            self.plant.start_database()
        elif who == "web" and not IS_LARGE:
            self.plant.kill_serving()
        elif who == "web":
            self.plant.web.kill()
            time.sleep(pause / 2)
            self.plant.web.start()
        else:
            self.plant.worker.kill()
            time.sleep(pause / 2)
            self.plant.worker.start()

    def tend(self) -> None:
        """What has ended by itself is started again."""
        self.plant.worker.start()
        self.plant.web.start()

    def number(self, sql: str) -> int | None:
        """A number out of the database over a connection that lives for it alone; None while the database is away."""
        here = self.plant.database
        try:
            with psycopg.connect(
                host=here.host,
                port=here.port,
                dbname=here.dbname,
                user=here.owner_user,
                password=here.owner_password,
            ) as link:
                row = link.execute(sql).fetchone()
        except psycopg.OperationalError:
            return None
        return int(row[0]) if row else None


@pytest.mark.slow
@pytest.mark.database
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="needs a server that may be killed")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_killed_while_signing(settings, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), plant(settings) as made, told(made):
        world = make_school(made.var, PUPILS)
        made.worker.start()
        killing = Killing(made, random.Random(SEED))
        people = {}
        for name in ("teacher", "leader", "office"):
            account = User.objects.get(pk=world.actors[name].user_id)
            people[name] = Person(made.url, account.username, PASSWORD)
        made.wait_for_web()
        connection.close()
        for person in people.values():
            person.sign_in()
        began = time.monotonic()
        build(people["office"], killing)
        report("build", began, killing, people["office"])
        for role, who, victims in STEPS:
            began = time.monotonic()
            sign(people[who], role, list(victims), killing)
            report(role, began, killing, people[who])
        if IS_LARGE:
            began = time.monotonic()
            fetch_all(people["office"], killing)
            report("archive", began, killing, people["office"])
        check(world, killing)
        if IS_LARGE:
            began = time.monotonic()
            hand_in_and_compute(world, people["office"], killing)
            report("handed in, computed", began, killing, people["office"])
        assert {"worker", "web", "database"} <= set(killing.done)


@contextlib.contextmanager
def told(made: Plant) -> Iterator[None]:
    """Where it fails: what the processes said, and how far the jobs were."""
    try:
        yield
    except BaseException:
        print("WORKER", made.worker.said()[-6000:], "WEB", made.web.said()[-3000:])
        print(list(Job.objects.values_list("task", "state", "attempts", "done", "total", "message")))
        raise


def report(step: str, began: float, killing: Killing, person: Person) -> None:
    kinds = sorted(set(person.troubles))
    print(f"{step}: {time.monotonic() - began:.1f} s, killed so far {killing.done}, seen {kinds}")
    person.troubles.clear()


def build(office: Person, killing: Killing) -> None:
    """The office has the transcripts of the whole school made; of some pupils the year has no result that would do."""
    page = office.read("/hoc-ba/")
    assert office.send("/hoc-ba/lap/", {}, of=page) is not None
    if IS_LARGE:
        attack(["worker", "database"], killing, "select count(*) from transcripts_transcript")
    wait(lambda: killing.number("select count(*) from jobs_job where state = 'done'") == 1, killing)
    killing.size = killing.number("select count(*) from transcripts_transcript") or 0
    assert killing.size >= 0.98 * PUPILS


def sign(person: Person, role: str, victims: list[str], killing: Killing) -> None:
    """One session over the whole school, started while the web server dies, watched while the others die."""
    page = person.read(f"/hoc-ba/ky/{role}/")
    shown = re.findall(r'name="ban" value="(\d+)"', page)
    assert len(shown) == killing.size
    if "web" in victims:
        victims.remove("web")
        address = post_and_kill(person, role, page, shown, killing)
    else:
        answer = person.send(f"/hoc-ba/ky/{role}/", {"ban": shown}, of=page)
        assert answer is not None
        address = answer.url
    path = "/" + address.split("/", 3)[3]
    killing.dice.shuffle(victims)
    attack(
        victims,
        killing,
        f"select coalesce(sum(worked), 0) from transcripts_signingsession where role = '{role}'",
    )
    seen = []

    def complete() -> bool:
        part = person.look(path, **{"HX-Request": "true"})
        if part is None:
            return False
        said = SIGNED.search(part)
        assert said, words(part)
        seen.append(int(said[1]))
        return seen[-1] == int(said[2]) == killing.size and "Đã ký xong" in words(part)

    wait(complete, killing)
    # Never less than before.
    assert seen == sorted(seen)


def post_and_kill(person: Person, role: str, page: str, shown: list[str], killing: Killing) -> str:
    """The authorisation is sent and the server dies in the middle. Whoever comes back finds the session that was begun, or
    the list as it was."""
    sending = threading.Thread(
        target=person.send, args=(f"/hoc-ba/ky/{role}/", {"ban": shown}), kwargs={"of": page}
    )
    sending.start()
    time.sleep(killing.dice.random() * (0.4 + killing.size / 2000))
    killing.kill("web")
    sending.join()
    for _again in range(3):
        page = person.read(f"/hoc-ba/ky/{role}/")
        under_way = re.search(r'href="(/hoc-ba/lan-ky/[^"]+)"', page)
        if under_way:
            return "http://" + "server" + under_way[1]
        answer = person.send(f"/hoc-ba/ky/{role}/", {"ban": shown}, of=page)
        if answer is not None:
            return answer.url
    raise AssertionError(person.troubles)


def attack(victims: list[str], killing: Killing, sql: str) -> None:
    """Each victim once, at a random place of the way; a little later than the place, so that it is anywhere in a step."""
    places = sorted(killing.dice.random() * 0.9 for _ in victims)
    for place, who in zip(places, victims, strict=True):

        def reached(least: float = place * killing.size) -> bool:
            number = killing.number(sql)
            return number is not None and number >= least

        wait(reached, killing)
        time.sleep(killing.dice.random() * 0.3)
        killing.kill(who)


def wait(condition: Callable[[], bool], killing: Killing) -> None:
    def found() -> bool:
        killing.tend()
        return condition()

    until(found, PATIENCE)


def fetch_all(office: Person, killing: Killing) -> None:
    """PDF and XML of the whole school in one file, while the worker is killed: nothing is missing or half."""
    page = office.read("/hoc-ba/")
    answer = office.send("/hoc-ba/tai-ca-truong/", {}, of=page)
    assert answer is not None
    path = "/" + answer.url.split("/", 3)[3]
    done = "select coalesce(max(done), 0) from jobs_job where task = 'transcripts.archive'"
    attack(["worker", "database"], killing, done)

    def link() -> str:
        page = office.look(path) or ""
        assert "Không thành công" not in page, words(page)
        found = re.search(r'href="(/tep-xuat/[^"]+)"', page)
        return found[1] if found else ""

    found = ""

    def complete() -> bool:
        nonlocal found
        found = link()
        return bool(found)

    wait(complete, killing)
    with zipfile.ZipFile(io.BytesIO(office.fetch(found))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names)) == 2 * killing.size + 1
        keys = {str(key) for key in Transcript.objects.values_list("uuid", flat=True)}
        assert {name.partition(".")[0] for name in names} == keys | {"muc-luc"}
        some = Transcript.objects.order_by("?")[0]
        assert archive.read(f"{some.uuid}.xml") == queries.file_of(some)
        assert archive.read(f"{some.uuid}.pdf").startswith(b"%PDF")
        assert len(archive.read("muc-luc.csv").splitlines()) == killing.size + 1
    # Parts are thrown away.
    assert list((killing.plant.var / "files" / "exports" / "parts").rglob("*.zip")) == []


def hand_in_and_compute(world, office: Person, killing: Killing) -> None:
    """Two more kinds of long work at once, killed in the middle: batches on their way to the Sở, results of the school."""
    flow.approve_seal(world)
    system = Actor.system()
    with act_as(system):
        for _twice in range(2):
            start_job(
                by=system, task=task_named("gradebook.compute"), title="Tính", year_id=world.year.pk,
                unit_ids=[world.school.pk],
            )  # fmt: skip
    before = PupilYear.objects.count()
    connection.close()
    page = office.read("/hoc-ba/")
    assert office.send("/hoc-ba/gui/", {}, of=page) is not None
    kept = "select count(*) from transcripts_original"
    attack(["database", "worker"], killing, kept)
    going = "select count(*) from jobs_job where state in ('waiting', 'running')"
    accepted = "select count(*) from transcripts_transcript where state = 'accepted'"
    wait(lambda: killing.number(accepted) == killing.size and killing.number(going) == 0, killing)
    # Kept once each, as they were issued.
    issued = dict(Transcript.objects.values_list("uuid", "file_digest"))
    assert dict(Original.objects.values_list("uuid", "file_digest")) == issued
    assert Original.objects.count() == killing.size
    assert set(Dispatch.objects.values_list("state", "refused")) == {("done", 0)}
    assert TranscriptLog.objects.filter(verb="accept").count() == killing.size
    assert PupilYear.objects.count() == before == PUPILS
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def check(world, killing: Killing) -> None:
    """Once each, in order, whole; nothing left over."""
    keys = list(Transcript.objects.order_by("pk").values_list("student_id", "version", "state"))
    assert len(keys) == killing.size == len({student for student, _version, _state in keys})
    assert {(version, state) for _student, version, state in keys} == {(1, "issued")}
    sessions = list(SigningSession.objects.order_by("pk"))
    assert [(one.role, one.state, one.worked) for one in sessions] == [
        (role, "done", killing.size) for role, _who, _victims in STEPS
    ]
    for session in sessions:
        signed = session.signatures.order_by("pk").values_list("transcript_id", flat=True)
        # In the order of the list that was shown.
        assert list(signed) == [key for key, _digest in session.planned]
    chain: dict[int, list[str]] = {}
    for key, role in TranscriptSignature.objects.order_by("pk").values_list("transcript_id", "role"):
        chain.setdefault(key, []).append(role)
    assert len(chain) == killing.size
    assert all(roles == ["homeroom", "leader", "seal"] for roles in chain.values())
    verbs = ("initialise", "sign_teacher", "sign_leader", "issue")
    assert {verb: TranscriptLog.objects.filter(verb=verb).count() for verb in verbs} == dict.fromkeys(
        verbs, killing.size
    )
    now = timezone.now()
    for row in Transcript.objects.select_related("unit").iterator(chunk_size=200):
        found = queries.check_transcript(queries.file_of(row), at=now, with_store=False)
        assert (found.verdict, len(found.signatures)) == ("valid", 3), found
    asked = Job.objects.filter(requested_by__in=[actor.user_id for actor in world.actors.values()])
    assert set(asked.values_list("state", flat=True)) == {"done"}
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, status from procrastinate_jobs where status in ('doing', 'failed') or task_name = 'jobs.run'"
        )
        assert cursor.fetchall() == []
