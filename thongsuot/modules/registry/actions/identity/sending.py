"""One step of a list towards the population database over HTTP (docs/identity-contract.md).

All that is needed to go on stands in the row of the batch: after a fault, a lost connection, a killed worker the next
step sends the same list under the same idempotency key, and the other side knows it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.outside.service import Answer, Declined, Service, Unreachable

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
            next_try_at__lte=now, state__in=OPEN, channel=Channel.HTTP
        )
        found = list(rows.order_by("next_try_at", "pk")[:most])
        IdentityBatch.objects.filter(pk__in=[batch.pk for batch in found]).update(next_try_at=now + LEASE)
    return found


@transaction.atomic
def advance(*, by: Actor, batch_id: int, now: datetime, service: Service | None = None) -> IdentityBatch:
    """Send a list that waits, or fetch what has been answered of one that was sent. What goes wrong on the other side
    is kept in the batch with the time of the next try, and is no error. Raises NotAllowed, StateConflict.
    """
    batch = IdentityBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    require_verify(batch.unit_id, by=by)
    if batch.state not in OPEN or batch.channel != Channel.HTTP:
        return batch
    service = service or population()
    try:
        if batch.state == BatchState.QUEUED:
            _send(service, batch, now)
        if batch.state == BatchState.SENT:
            _fetch(service, batch, by, now)
    except Unreachable as fault:
        _try_later(batch, fault.reason, now, asked=fault.wait)
    except Declined as refusal:
        _refused(batch, by, refusal, now)
    if batch.state in OPEN and now - batch.created_at > GIVEN_UP_AFTER:
        batch.fault = "no_answer_for_a_week"
        batch.save(update_fields=["fault"])
        give_up(by=by, batch=batch, now=now)
        batch.refresh_from_db()
    return batch


def _send(service: Service, batch: IdentityBatch, now: datetime) -> None:
    people = people_of(batch)
    key = str(batch.public_id)
    answer = service.call("POST", "/v1/batches", json={"people": people}, idempotency_key=key)
    body = answer.body if isinstance(answer.body, dict) else {}
    remote = body.get("batch")
    if not isinstance(remote, str) or not 0 < len(remote) <= 80:
        raise Unreachable("bad_answer")
    if body.get("accepted") != len(people):
        # The contract takes a list whole or not at all.
        raise Unreachable("not_whole")
    batch.remote_id, batch.state, batch.sent_at = remote, BatchState.SENT, now
    batch.failures, batch.fault = 0, ""
    batch.next_try_at = now + max(POLL, timedelta(seconds=answer.wait))
    batch.save(update_fields=["remote_id", "state", "sent_at", "failures", "fault", "next_try_at"])


def _fetch(service: Service, batch: IdentityBatch, by: Actor, now: datetime) -> None:
    bad = ""
    verdicts: list[Verdict] = []
    wait = 0
    try:
        for answer in _pages(service, batch.remote_id):
            wait = max(wait, answer.wait)
            for said in answer.body["results"]:
                try:
                    verdict = read_verdict(said)
                except BadAnswer as error:
                    bad = f"bad_answer_{error.reason}"
                else:
                    verdicts += [verdict] if verdict else []
    finally:
        # What came before the connection broke is kept.
        new = take_answers(by=by, batch=batch, verdicts=verdicts, now=now)
    if batch.state != BatchState.SENT:
        return
    batch.failures, batch.fault = 0, bad
    # Nothing new: ask less and less often, unless the other side says when.
    quiet = POLL if new else wait_before(1 + int((now - (batch.sent_at or now)) / timedelta(minutes=5)))
    batch.next_try_at = now + (timedelta(seconds=wait) if wait else quiet)
    batch.save(update_fields=["failures", "fault", "next_try_at"])


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
    if batch.state not in OPEN:  # what came before the fault was the last that was missing
        return
    batch.failures = min(batch.failures + 1, 1000)
    batch.fault = reason
    batch.next_try_at = now + wait_before(batch.failures, asked=asked)
    batch.save(update_fields=["failures", "fault", "next_try_at"])


def _refused(batch: IdentityBatch, by: Actor, refusal: Declined, now: datetime) -> None:
    """401, 403: the token is wrong, which somebody will mend. 404: the other side has forgotten the list, so it goes
    once more. Anything else would be refused again: the people go back to where they were."""
    reason = f"declined_{refusal.status}"
    if refusal.status in (401, 403):
        return _try_later(batch, reason, now, asked=1800)
    if refusal.status == 404 and batch.state == BatchState.SENT:
        batch.state, batch.remote_id = BatchState.QUEUED, ""
        batch.save(update_fields=["state", "remote_id"])
        return _try_later(batch, reason, now, asked=0)
    batch.fault = reason
    batch.save(update_fields=["fault"])
    give_up(by=by, batch=batch, now=now)
    batch.refresh_from_db()
    return None
