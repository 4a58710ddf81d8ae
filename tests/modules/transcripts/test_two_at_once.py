"""Several work on the transcripts of one school at the same moment: none waits for ever, nothing is counted twice or lost."""

import threading
import time

import pytest
from django.db import connection, transaction

from tests.modules.transcripts.flow import SYSTEM, build
from tests.modules.transcripts.world import NOW, trusted_world
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import SchoolStanding, Transcript

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = (
    "at_subject",
    "at_homeroom",
    "at_leader",
    "at_seal",
    "at_mending",
    "at_sending",
    "at_department",
    "received",
)


@pytest.fixture
def made(settings, tmp_path):
    """Three transcripts that wait for their homeroom teacher."""
    with connection.cursor() as cursor:
        cursor.execute("set thongsuot.may_truncate = 'on'")
    world = trusted_world(settings, tmp_path)
    build(world)
    return world


def at_once(*acts):
    """Each in a thread and connection of its own; what went wrong."""
    gate, wrong = threading.Barrier(len(acts)), []

    def run(act):
        gate.wait(timeout=30)
        try:
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


def standing(world):
    row = SchoolStanding.objects.get(unit=world.school, school_year=world.year)
    return {name: getattr(row, name) for name in STEPS if getattr(row, name)}


def counted(world):
    """The same from the transcripts themselves."""
    names = {"initialised": "at_homeroom", "teacher_signed": "at_leader", "discarded": ""}
    found = {}
    for state in Transcript.objects.filter(unit=world.school).values_list("state", flat=True):
        if names[state]:
            found[names[state]] = found.get(names[state], 0) + 1
    return found


def test_several_at_a_school_at_the_same_moment(made, monkeypatch):
    """One set-up: an emptied database is dear."""
    they_meet_again_and_again(made)
    a_signer_holds_the_school_at_the_end_only(made, monkeypatch)
    who_makes_a_class_waits_for_an_older_version_before_the_school(made)


def they_meet_again_and_again(world):
    """A teacher signs one by one, the office throws one away and makes the class anew, the pupils are counted."""
    first, *others = queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk)

    def sign():
        session = actions.open_session(
            by=world.actors["teacher"], role="homeroom", transcript_ids=[one.pk for one in others], now=NOW
        )
        left = 1
        while left:
            _signed, left = actions.sign_portion(by=world.actors["teacher"], session=session, now=NOW, most=1)

    def remake():
        actions.discard(by=world.actors["office"], transcript=first, reason="Sửa", now=NOW)
        build(world)

    def count():
        for _again in range(5):
            actions.count_pupils(by=SYSTEM, school_year=world.year, now=NOW)

    assert at_once(sign, remake, count) == []
    assert standing(world) == counted(world) == {"at_homeroom": 1, "at_leader": 2}
    assert SchoolStanding.objects.get().pupils == 3


def a_signer_holds_the_school_at_the_end_only(world, monkeypatch):
    """All is written but the states: another class of the school goes on."""
    (first,) = queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk)
    other = Transcript.objects.filter(state="teacher_signed").order_by("pk")[0]
    session = actions.open_session(
        by=world.actors["teacher"], role="homeroom", transcript_ids=[first.pk], now=NOW
    )
    signing, done = threading.Event(), threading.Event()
    write_log = actions.signing._write_log

    def slow(*args, **kwargs):
        write_log(*args, **kwargs)
        signing.set()
        assert done.wait(timeout=30)

    def other_class():
        assert signing.wait(timeout=30)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '2s'")
                Transcript.objects.filter(pk=other.pk).update(state="leader_signed")
        finally:
            done.set()

    monkeypatch.setattr(actions.signing, "_write_log", slow)
    teacher = world.actors["teacher"]
    signed = at_once(lambda: actions.sign_portion(by=teacher, session=session, now=NOW), other_class)
    assert signed == []
    assert standing(world) == {"at_leader": 2, "at_seal": 1}


def who_makes_a_class_waits_for_an_older_version_before_the_school(world):
    """Somebody holds the version that is replaced and moves another: whoever makes the next has written nothing yet."""
    old, other = Transcript.objects.filter(state="teacher_signed").order_by("pk")
    Transcript.objects.filter(pk=old.pk).update(state="recalled")
    held = threading.Event()

    def holder():
        with transaction.atomic():
            Transcript.objects.select_for_update(of=("self",)).get(pk=old.pk)
            held.set()
            # Time enough for the other to come as far as it can.
            time.sleep(0.7)
            Transcript.objects.filter(pk=other.pk).update(state="leader_signed")

    def maker():
        assert held.wait(timeout=30)
        build(world)

    assert at_once(holder, maker) == []
    assert standing(world) == {"at_homeroom": 1, "at_seal": 2}
    assert Transcript.objects.get(pk=old.pk).state == "replaced"
