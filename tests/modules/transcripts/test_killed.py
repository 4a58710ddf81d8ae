"""kill -9 in the middle of signing, at any moment, again and again: in the end all are signed once, in order, none by half.

The signer is a process of its own on real transactions. TS_KILL_TRANSCRIPTS=2000 runs it over a large school.
"""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from django.db import connection

from tests.modules.transcripts.flow import build
from tests.modules.transcripts.world import NOW, trusted_world
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import SigningSession, Transcript, TranscriptSignature

PUPILS = int(os.environ.get("TS_KILL_TRANSCRIPTS", "16"))
KILLS = 4
PORTION = max(2, PUPILS // 20)


def sign_in_a_process(world, who, session_id):
    """The pid of a process that signs on as far as it comes."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    try:
        by = world.actors[who]
        left = 1
        while left:
            # As the task does it: a portion, a transaction.
            with act_as(by), acting(by):
                session = SigningSession.objects.get(pk=session_id)
                _signed, left = actions.sign_portion(by=by, session=session, now=NOW, most=PORTION)
    finally:
        os._exit(0)


def is_running(pid):
    return os.waitpid(pid, os.WNOHANG) == (0, 0)


def kill_after(pid, signatures, dice):
    """Kill it once so many signatures are there and a moment more; False when it had ended before."""
    while is_running(pid):
        if TranscriptSignature.objects.count() >= signatures:
            time.sleep(dice.random() * 0.02)
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return True
            return False
        time.sleep(0.001)
    return False


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_while_signing(settings, tmp_path):
    world = trusted_world(settings, tmp_path, pupils=PUPILS)
    assert build(world).made == PUPILS
    dice, kills = random.Random(7), 0
    for role, who in (("homeroom", "teacher"), ("leader", "leader"), ("seal", "office")):
        rows = queries.signable(world.actors[who], role, unit_id=world.school.pk)
        session = actions.open_session(
            by=world.actors[who], role=role, transcript_ids=[row.pk for row in rows], now=NOW
        )
        before = TranscriptSignature.objects.count()
        for number in range(KILLS):
            pid = sign_in_a_process(world, who, session.pk)
            kills += kill_after(pid, before + number * PUPILS // KILLS, dice)
        pid = sign_in_a_process(world, who, session.pk)
        os.waitpid(pid, 0)
        session.refresh_from_db()
        assert (session.state, session.worked) == ("done", PUPILS)
        signed = session.signatures.order_by("pk").values_list("transcript_id", flat=True)
        # Once each, in the order of the list that was shown.
        assert list(signed) == [key for key, _digest in session.planned]
    assert kills, "nothing was killed in time"
    assert Transcript.objects.filter(state="issued").count() == PUPILS
    assert TranscriptSignature.objects.count() == 3 * PUPILS
    for row in Transcript.objects.order_by("?")[:20]:
        assert queries.check_transcript(queries.file_of(row), at=NOW, with_store=False).verdict == "valid"
