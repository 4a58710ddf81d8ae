"""One step of a list towards the population database over HTTP (docs/identity-contract.md).

No transaction is open while the other side thinks: a list is claimed, asked about, and each answer is written in a
short transaction of its own, as long as the claim still holds. All that is needed to go on stands in the row of the
batch: after a fault, a lost connection, a killed worker the next step sends the same list under the same idempotency
key, the other side knows it again, and an answer that was kept already changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Answer, Declined, Service, Unreachable
from thongsuot.kit.postgres.isolation import act_as

from ...domain.identity import GIVEN_UP_AFTER, BadAnswer, Verdict, read_verdict, wait_before
from ...models import IdentityBatch
from ...queries.identity_content import people_of
from ...queries.population import population
from ...types import BatchState, Channel
from .answering import take_answers
from .marking import give_up
from .rights import require_verify

PAGE = 500
MOST_PAGES = 100
# How long until asking again when the other side does not say.
POLL = timedelta(seconds=30)
# After which a step that a killed worker has begun is taken up again.
LEASE = timedelta(minutes=10)
OPEN = (BatchState.QUEUED, BatchState.SENT)


def due_batches(*, by: Actor, now: datetime, most: int = 50) -> list[IdentityBatch]:
    """Lists whose next step is due, each now leased to the caller. Raises NotAllowed."""
    by.require("registry.verify")
    with transaction.atomic():
        rows = IdentityBatch.objects.select_for_update(of=("self",), skip_locked=True).filter(
            _free(now), next_try_at__lte=now, state__in=OPEN, channel=Channel.HTTP
        )
        found = list(rows.order_by("next_try_at", "pk")[:most])
        IdentityBatch.objects.filter(pk__in=[batch.pk for batch in found]).update(next_try_at=now + LEASE)
    return found


def _free(now: datetime) -> Q:
    return Q(claim=None) | Q(claimed_until__lte=now)


class Overtaken(Exception):
    """The list has ended, or somebody else has taken it up because this step took too long."""


@dataclass(frozen=True)
class Step:
    """A list that this step has claimed. public_id, remote_id, sent_at and people as they were read with the claim;
    people is None for a list that was sent before."""

    by: Actor
    batch_id: int
    claim: UUID
    now: datetime
    began: float
    key: str
    remote_id: str
    people: list[dict[str, Any]] | None

    @property
    def moment(self) -> datetime:
        """`now`, and what has gone by since."""
        return self.now + timedelta(seconds=monotonic() - self.began)


def advance(*, by: Actor, batch_id: int, now: datetime, service: Service | None = None) -> IdentityBatch:
    """Send a list that waits, or fetch what has been answered of one that was sent. What goes wrong on the other side
    is kept in the batch with the time of the next try, and is no error. A list that is ended, or that somebody else is
    asking about at this moment, is left alone. Opens its own transactions; call it outside one, so that none stays
    open during the calls. Raises NotAllowed, StateConflict (no address of the other side), DoesNotExist.
    """
    step = _claim(by, batch_id, now)
    if step is not None:
        try:
            _talk(service or population(), step)
        except Overtaken:
            pass
        finally:
            _release(step)
    with act_as(by):
        return IdentityBatch.objects.get(pk=batch_id)


def _claim(by: Actor, batch_id: int, now: datetime) -> Step | None:
    with act_as(by):
        batch = IdentityBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
        require_verify(batch.unit_id, by=by)
        claimed = batch.claim is not None and batch.claimed_until is not None and batch.claimed_until > now
        if claimed or batch.state not in OPEN or batch.channel != Channel.HTTP:
            return None
        batch.claim, batch.claimed_until = uuid4(), now + LEASE
        # Should nobody come back from this step, it is due again when the claim ends.
        batch.next_try_at = batch.claimed_until
        batch.save(update_fields=["claim", "claimed_until", "next_try_at"])
        people = people_of(batch) if batch.state == BatchState.QUEUED else None
    return Step(by, batch_id, batch.claim, now, monotonic(), str(batch.public_id), batch.remote_id, people)


@contextmanager
def _ours(step: Step) -> Iterator[IdentityBatch]:
    """The row of the list, locked in a short transaction. Raises Overtaken when the claim no longer holds."""
    with act_as(step.by), acting(step.by, reason=_("Xác thực với CSDL dân cư")):
        rows = IdentityBatch.objects.select_for_update(of=("self",))
        batch = rows.filter(pk=step.batch_id, claim=step.claim, state__in=OPEN).first()
        if batch is None:
            raise Overtaken
        yield batch


def _release(step: Step) -> None:
    with act_as(step.by):
        mine = IdentityBatch.objects.filter(pk=step.batch_id, claim=step.claim)
        mine.update(claim=None, claimed_until=None)


def _talk(service: Service, step: Step) -> None:
    try:
        remote_id = step.remote_id if step.people is None else _send(service, step, step.people)
        _fetch(service, step, remote_id)
    except Unreachable as fault:
        with _ours(step) as batch:
            _try_later(batch, fault.reason, step.now, asked=fault.wait)
    except Declined as refusal:
        with _ours(step) as batch:
            _refused(batch, step, refusal)
    with _ours(step) as batch:
        if step.now - batch.created_at > GIVEN_UP_AFTER:
            batch.fault = "no_answer_for_a_week"
            batch.save(update_fields=["fault"])
            give_up(by=step.by, batch=batch, now=step.now)


def _send(service: Service, step: Step, people: list[dict[str, Any]]) -> str:
    """The other side's number of the list."""
    answer = service.call("POST", "/v1/batches", json={"people": people}, idempotency_key=step.key)
    body = answer.body if isinstance(answer.body, dict) else {}
    remote = body.get("batch")
    if not isinstance(remote, str) or not 0 < len(remote) <= 80:
        raise Unreachable("bad_answer")
    if body.get("accepted") != len(people):
        # The contract takes a list whole or not at all.
        raise Unreachable("not_whole")
    with _ours(step) as batch:
        batch.remote_id, batch.state, batch.sent_at = remote, BatchState.SENT, step.now
        batch.failures, batch.fault = 0, ""
        batch.claimed_until = batch.next_try_at = step.moment + LEASE
        batch.save(
            update_fields=[
                "remote_id",
                "state",
                "sent_at",
                "failures",
                "fault",
                "next_try_at",
                "claimed_until",
            ]
        )
    return remote


def _fetch(service: Service, step: Step, remote_id: str) -> None:
    bad, new, wait = "", 0, 0
    for answer in _pages(service, remote_id):
        wait = max(wait, answer.wait)
        verdicts: list[Verdict] = []
        for said in answer.body["results"]:
            try:
                verdict = read_verdict(said)
            except BadAnswer as error:
                bad = f"bad_answer_{error.reason}"
            else:
                verdicts += [verdict] if verdict else []
        # Page by page: what came before the connection broke is kept.
        new += _keep(step, verdicts)
    with _ours(step) as batch:
        batch.failures, batch.fault = 0, bad
        # Nothing new: ask less and less often, unless the other side says when.
        silent = step.now - (batch.sent_at or step.now)
        quiet = POLL if new else wait_before(1 + int(silent / timedelta(minutes=5)))
        batch.next_try_at = step.now + (timedelta(seconds=wait) if wait else quiet)
        batch.save(update_fields=["failures", "fault", "next_try_at"])


def _keep(step: Step, verdicts: list[Verdict]) -> int:
    with _ours(step) as batch:
        new = take_answers(by=step.by, batch=batch, verdicts=verdicts, now=step.now)
        if batch.state in OPEN:
            batch.claimed_until = batch.next_try_at = step.moment + LEASE
            batch.save(update_fields=["claimed_until", "next_try_at"])
    return new


def _pages(service: Service, remote_id: str) -> Iterator[Answer]:
    offset = 0
    for _number in range(MOST_PAGES):
        path = f"/v1/batches/{remote_id}/results"
        answer = service.call("GET", path, params={"offset": offset, "limit": PAGE})
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("results"), list):
            raise Unreachable("bad_answer")
        yield answer
        following = answer.body.get("next_offset")
        if not isinstance(following, int) or following <= offset:
            return
        offset = following


def _try_later(batch: IdentityBatch, reason: str, now: datetime, *, asked: int) -> None:
    batch.failures = min(batch.failures + 1, 1000)
    batch.fault = reason
    batch.next_try_at = now + wait_before(batch.failures, asked=asked)
    batch.save(update_fields=["failures", "fault", "next_try_at"])


def _refused(batch: IdentityBatch, step: Step, refusal: Declined) -> None:
    """401, 403: the token is wrong, which somebody will mend. 404: the other side has forgotten the list, so it goes
    once more. Anything else would be refused again: the people go back to where they were."""
    reason = f"declined_{refusal.status}"
    if refusal.status in (401, 403):
        return _try_later(batch, reason, step.now, asked=1800)
    if refusal.status == 404 and batch.state == BatchState.SENT:
        batch.state, batch.remote_id = BatchState.QUEUED, ""
        batch.save(update_fields=["state", "remote_id"])
        return _try_later(batch, reason, step.now, asked=0)
    batch.fault = reason
    batch.save(update_fields=["fault"])
    give_up(by=step.by, batch=batch, now=step.now)
    return None
