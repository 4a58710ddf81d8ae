"""The connector to the ministry's store: originals in force go up, recalls are asked for, each kept so that a second try is the
same report. The contract: docs/transcript-gateway.md; a reference server: ops/ministry_store.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Declined, Service, Unreachable
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal

from ..domain.packing import pack
from ..domain.steps import Verb, next_state
from ..models import Original, Recall, Transcript
from ..types import OriginalState, RecallState, TranscriptState
from .keeping import _locked, _write_log
from .recalling import settle_at_ministry

IN_ONE = 50


def report_originals(*, by: Actor, store: Service, now: datetime, most: int = 1000) -> int:
    """Send originals in force that the ministry does not have; returns how many it took. Opens transactions of its own,
    none while it speaks. What the store refuses is kept with its reason and not sent again by itself. Raises Unreachable.
    """
    taken = 0
    while taken < most:
        with act_as(by):
            rows = list(
                Original.objects.filter(
                    reported_at__isnull=True, state=OriginalState.IN_FORCE, report_fault="", is_damaged=False
                ).order_by("received_at", "pk")[:IN_ONE]
            )
        if not rows:
            break
        said = [
            {
                "uuid": str(row.uuid),
                "sha256": bytes(row.file_digest).hex(),
                "content": pack(unseal(row.file_sealed).encode()),
            }
            for row in rows
        ]
        key = f"{said[0]['uuid']}-{len(said)}-{said[-1]['uuid']}"
        answer = store.call("POST", "/v1/transcripts", json={"transcripts": said}, idempotency_key=key)
        with act_as(by), acting(by, reason=_("Báo cáo học bạ lên kho của Bộ")):
            taken += _noted(by, rows, _by_uuid(answer.body), now)
    return taken


def _by_uuid(body: Any) -> dict[str, str]:
    """{uuid: reason of refusal or ""}. Raises Unreachable for an answer of another shape: it is asked again later."""
    try:
        return {str(one["uuid"]): str(one.get("error", "")) for one in body["results"]}
    except (TypeError, KeyError, AttributeError) as error:
        raise Unreachable("not_the_contract") from error


def _noted(by: Actor, rows: Sequence[Original], said: dict[str, str], now: datetime) -> int:
    good = [row for row in rows if said.get(str(row.uuid)) == ""]
    for row in rows:
        if row not in good:
            row.report_fault = (said.get(str(row.uuid)) or _("Kho không trả lời"))[:300]
            row.save(update_fields=["report_fault"])
    Original.objects.filter(pk__in=[row.pk for row in good]).update(reported_at=now)
    ours = Transcript.objects.filter(uuid__in=[row.uuid for row in good], state=TranscriptState.ACCEPTED)
    moved = _locked(ours.values_list("pk", flat=True))
    for one in moved:
        one.state = TranscriptState(next_state(one.state, Verb.REPORT) or one.state)
    Transcript.objects.bulk_update(moved, ["state"], batch_size=500)
    _write_log(moved, Verb.REPORT, by=by, now=now)
    return len(good)


def ask_ministry(*, by: Actor, store: Service, now: datetime) -> int:
    """Ask about every recall that waits for the ministry; returns how many were settled. Raises Unreachable."""
    settled = 0
    with act_as(by):
        waiting = list(Recall.objects.filter(state=RecallState.AT_MINISTRY).select_related("original"))
    for recall in waiting:
        if recall.original is None:
            # Of another gateway, which speaks with the ministry itself.
            continue
        said = {"uuid": str(recall.original.uuid), "reason": recall.reason}
        try:
            body = store.call("POST", "/v1/recalls", json=said, idempotency_key=str(recall.public_id)).body
            state, words = body.get("state"), str(body.get("words", ""))
        except Declined as fault:
            state, words = "refused", fault.code
        if state in ("agreed", "refused"):
            with act_as(by), acting(by, reason=_("Bộ trả lời yêu cầu thu hồi")):
                settle_at_ministry(by=by, recall=recall, agree=state == "agreed", answer=words, now=now)
            settled += 1
    return settled
