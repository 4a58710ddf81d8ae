"""The connector to the ministry's store: originals in force go up, recalls are asked for, each kept so that a second try is the
same report. The contract: docs/transcript-gateway.md; a reference server: ops/ministry_store.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Declined, Service, Unreachable
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal

from ..domain.packing import pack
from ..domain.steps import Verb, next_state
from ..models import Original, Recall, Transcript
from ..permissions import can_work_gateway
from ..queries.moving import REFUSED_BY_MINISTRY
from ..types import OriginalState, RecallState, TranscriptState
from .keeping import _locked, _write_log
from .recalling import OPEN, settle_at_ministry

IN_ONE = 50


def report_originals(*, by: Actor, store: Service, now: datetime, most: int = 1000) -> int:
    """Send originals in force that the ministry does not have; returns how many it took. Opens transactions of its own,
    none while it speaks. One whose recall is under way is not sent. What the store refuses is kept with its reason and not
    sent again by itself. Raises Unreachable.
    """
    taken = 0
    while taken < most:
        with act_as(by):
            rows = list(_unreported().order_by("received_at", "pk")[:IN_ONE])
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
        # What was refused and is sent again is another call; what was taken already is known by its UUID and digest.
        key = f"{said[0]['uuid']}-{len(said)}-{said[-1]['uuid']}-{now:%Y%m%d%H%M}"
        answer = store.call("POST", "/v1/transcripts", json={"transcripts": said}, idempotency_key=key)
        with act_as(by), acting(by, reason=_("Báo cáo học bạ lên kho của Bộ")):
            taken += _noted(by, rows, _by_uuid(answer.body), now)
    return taken


def _unreported() -> QuerySet[Original]:
    asked_back = Recall.objects.filter(original_id=OuterRef("pk"), state__in=OPEN)
    return Original.objects.filter(
        ~Exists(asked_back),
        reported_at__isnull=True,
        state=OriginalState.IN_FORCE,
        report_fault="",
        is_damaged=False,
    )


@transaction.atomic
def report_again(*, by: Actor) -> int:
    """What the ministry's store refused, and nobody took back since, is sent again by the next run; returns how many. Raises
    NotAllowed."""
    if not can_work_gateway(by):
        raise NotAllowed(_("Chỉ người trực cổng của Sở mới gửi lại học bạ lên kho của Bộ."))
    return Original.objects.filter(REFUSED_BY_MINISTRY).update(report_fault="")


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
    """Ask about every recall that waits for the ministry; returns how many were settled. One that was agreed to while its
    original was on the way up is told there too. Raises Unreachable.
    """
    settled = 0
    crossed = Q(state=RecallState.AGREED, needs_ministry=False, original__reported_at__isnull=False)
    with act_as(by):
        waiting = list(
            Recall.objects.filter(Q(state=RecallState.AT_MINISTRY) | crossed)
            .select_related("original")
            .order_by("pk")
        )
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
                _settle(by, recall, agree=state == "agreed", words=words, now=now)
            settled += 1
    return settled


def _settle(by: Actor, recall: Recall, *, agree: bool, words: str, now: datetime) -> None:
    if recall.state == RecallState.AT_MINISTRY:
        settle_at_ministry(by=by, recall=recall, agree=agree, answer=words, now=now)
        return
    # Taken back here already: that stands, and what the ministry says of it is kept.
    recall.needs_ministry = True
    if not agree:
        said = _("Bộ không đồng ý: %(words)s") % {"words": words}
        recall.answer = f"{recall.answer} {said}".strip()[:500]
    recall.save(update_fields=["needs_ministry", "answer"])
