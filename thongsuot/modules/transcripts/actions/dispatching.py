"""The school's side of the gateway: what is issued goes out in batches that fit a transaction, certificates are registered,
recalls asked for where the original lies elsewhere; their answers come in.

messageid is kept before the first try; each step is a transaction of its own, so that a second try after a kill or a lost
answer is the same transaction to the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Declined, Unreachable
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.modules.documents import actions as documents
from thongsuot.modules.documents.queries import desk_moment, outside_transactions
from thongsuot.modules.documents.types import AtDesk
from thongsuot.modules.organization import queries as organization

from ..domain.steps import Verb, next_state
from ..models import Dispatch, Transcript
from ..permissions import PREPARE, can_prepare
from ..queries.answers import Answer
from ..queries.layouts import exchange
from ..queries.signers import certificate_of, key_of, signs_as
from ..types import (
    ContentTooLarge,
    MessageState,
    SignerRole,
    SigningRefused,
    Transaction,
    TranscriptState,
)
from .dispatch_contents import content_of_dispatch
from .keeping import _locked, _move, _tell_school, _write_log
from .recalling import _settled_elsewhere

# Some 7 kB of text a transcript with its signatures, packed to a third: 10 MB are not reached; a batch of long remarks
# that reaches them all the same is halved.
IN_ONE = 500
WAITS = (1, 5, 15, 60, 240)  # minutes after each failure in a row
CHECKING_WAIT, DECISION_WAIT = 15, 60  # minutes: a certificate is checked; somebody at the Sở has to decide


class Gateway(Protocol):
    """The other side: our own gateway, or one over HTTP."""

    def submit(
        self, *, by: Actor, dispatch: Dispatch, content: str, first_year: int, now: datetime
    ) -> None: ...

    def result(self, *, by: Actor, dispatch: Dispatch, first_year: int, now: datetime) -> Answer | None: ...


@dataclass(frozen=True)
class Outcome:
    accepted: int
    refused: int


@transaction.atomic
def send(*, by: Actor, transcript_ids: Sequence[int], now: datetime) -> list[Dispatch]:
    """Put issued transcripts on their way to the Sở. Raises NotAllowed, TranscriptStep, SigningRefused (no seal)."""
    rows = _locked(transcript_ids)
    if not rows or any(not can_prepare(by, row.unit_id) for row in rows):
        raise NotAllowed(_("Chỉ nhà trường gửi được học bạ của trường mình."))
    key_of(certificate_of(signs_as(by, SignerRole.SEAL, rows[0].unit), at=now), desk=uuid4())
    _move(rows, Verb.SEND, by=by, now=now)
    groups: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        groups.setdefault((row.unit_id, row.school_year_id), []).append(row.pk)
    return [
        Dispatch.objects.create(
            unit_id=unit_id,
            school_year_id=year_id,
            type=Transaction.SUBMIT,
            transcript_ids=ids[start : start + IN_ONE],
            next_try_at=now,
            made_by_id=by.user_id,
            made_at=now,
        )
        for (unit_id, year_id), ids in groups.items()
        for start in range(0, len(ids), IN_ONE)
    ]


@transaction.atomic
def register_at_gateway(
    *, by: Actor, unit: Any, signature_kind: str, provider: str, now: datetime
) -> Dispatch:
    """The school's organisation certificate on its way to the Sở, which approves it before anything signed with it is
    taken (CV 2088, step 6). One that is on its way already is given back.

    Raises NotAllowed, SigningRefused (no certificate in force; a kind or provider that the gateway does not know).
    """
    if not can_prepare(by, unit.pk):
        raise NotAllowed(_("Chỉ nhà trường đăng ký được chứng thư số của trường mình."))
    terms = exchange()
    if signature_kind not in terms.signature_kinds:
        raise SigningRefused(_("Cổng không có kiểu chữ ký này."), field="signature_kind")
    if provider not in terms.providers:
        raise SigningRefused(_("Cổng không có nhà phát hành này."), field="provider")
    certificate = certificate_of(signs_as(by, SignerRole.SEAL, unit), at=now)
    said = {"signature_kind": signature_kind, "provider": provider}
    year = organization.current_school_year(timezone.localdate(now))
    if year is None:
        raise SigningRefused(_("Chưa có năm học nào trong hệ thống."))
    running = Dispatch.objects.filter(
        unit=unit,
        type=Transaction.REGISTER_CERTIFICATE,
        certificate=certificate,
        state=MessageState.WAITING,
    ).first()
    return running or Dispatch.objects.create(
        unit=unit,
        school_year=year,
        type=Transaction.REGISTER_CERTIFICATE,
        certificate=certificate,
        details=said,
        next_try_at=now,
        made_by_id=by.user_id,
        made_at=now,
    )


def hand_over(*, by: Actor, dispatch: Dispatch, gateway: Gateway, now: datetime) -> Dispatch:
    """One step of a dispatch: hand it in, or fetch its answer. Opens transactions of its own; none is open while the other
    side is spoken with. What fails for now is tried again later; what is refused is told.
    """
    if dispatch.state != MessageState.WAITING:
        return dispatch
    try:
        if dispatch.acknowledged_at is None:
            return _hand_in(by, dispatch, gateway, now)
        return _fetch(by, dispatch, gateway, now)
    except Unreachable as fault:
        wait = WAITS[min(dispatch.failures, len(WAITS) - 1)]
        return _noted(
            by,
            dispatch,
            failures=dispatch.failures + 1,
            next_try_at=now + timedelta(minutes=max(wait, fault.wait // 60)),
            fault=_("Chưa liên lạc được với cổng của Sở; hệ thống sẽ thử lại."),
        )
    except (Declined, Refused) as fault:
        said = fault.message if isinstance(fault, Refused) else fault.code or str(fault.status)
        return _failed(by, dispatch, said, now)


def _hand_in(by: Actor, dispatch: Dispatch, gateway: Gateway, now: datetime) -> Dispatch:
    year = dispatch.school_year.starts_on.year
    # An earlier try may have arrived though its answer did not, and a batch signed anew is another content.
    if gateway.result(by=by, dispatch=dispatch, first_year=year, now=now) is not None:
        return _noted(by, dispatch, acknowledged_at=now, next_try_at=now, failures=0, fault="")
    while True:
        try:
            content = _content(by, dispatch, now)
            break
        except ContentTooLarge:
            # One transcript alone is not to be made smaller: the refusal goes to the page.
            if len(dispatch.transcript_ids) < 2:
                raise
            _halve(by, dispatch, now)
        except AtDesk as waits:
            return _lay_out(by, dispatch, waits, now)
    gateway.submit(by=by, dispatch=dispatch, content=content, first_year=year, now=now)
    with act_as(by), acting(by):
        documents.use_desk_signatures(by=by, reference=dispatch.public_id, now=now)
    return _noted(by, dispatch, acknowledged_at=now, next_try_at=now, failures=0, fault="")


def _content(by: Actor, dispatch: Dispatch, now: datetime) -> str:
    """`content_of_dispatch` in a transaction of its own; a provider that holds the seal is asked outside of it."""

    def packed() -> str:
        with act_as(by):
            return content_of_dispatch(by=by, dispatch=dispatch, now=now)

    try:
        return outside_transactions(packed)
    except AtDesk:
        raise
    except KeyUnavailable as fault:
        raise SigningRefused(str(KEY_FAULTS[fault.code])) from fault


def _lay_out(by: Actor, dispatch: Dispatch, waits: AtDesk, now: datetime) -> Dispatch:
    """The seal lies on a token: the batch waits for it, and goes on by the answer; without one it is refused in the end."""
    with act_as(by), acting(by):
        documents.ask_at_desk(
            by=by,
            certificate=certificate_of(signs_as(by, SignerRole.SEAL, dispatch.unit), at=now),
            reference=dispatch.public_id,
            title=_("Gửi %(count)d học bạ lên Sở") % {"count": len(dispatch.transcript_ids)},
            messages=waits.messages,
            moment=desk_moment(dispatch.public_id) or now,
            resume=("transcripts.resume", {"dispatch_id": dispatch.pk}),
            now=now,
        )
    later = now + documents.DESK_LASTS + timedelta(minutes=5)
    return _noted(by, dispatch, next_try_at=later, fault=_("Chờ đóng dấu tại bàn bằng USB token."))


def _halve(by: Actor, dispatch: Dispatch, now: datetime) -> None:
    """The second half of a batch becomes a transaction of its own, due at once."""
    half = len(dispatch.transcript_ids) // 2
    with act_as(by), acting(by), transaction.atomic():
        Dispatch.objects.create(
            unit_id=dispatch.unit_id,
            school_year_id=dispatch.school_year_id,
            type=dispatch.type,
            transcript_ids=dispatch.transcript_ids[half:],
            next_try_at=now,
            made_by_id=dispatch.made_by_id,
            made_at=now,
        )
        _noted(by, dispatch, transcript_ids=dispatch.transcript_ids[:half])


def _fetch(by: Actor, dispatch: Dispatch, gateway: Gateway, now: datetime) -> Dispatch:
    year = dispatch.school_year.starts_on.year
    answer = gateway.result(by=by, dispatch=dispatch, first_year=year, now=now)
    later = now + timedelta(minutes=1)
    if answer is None:
        # The gateway does not know it: handed in again under the same number.
        return _noted(by, dispatch, acknowledged_at=None, next_try_at=later)
    if answer.state == MessageState.CHECKING:
        said = _("Sở đang xác minh chứng thư số; hệ thống sẽ hỏi lại.")
        return _noted(by, dispatch, next_try_at=now + timedelta(minutes=CHECKING_WAIT), fault=said)
    if not answer.is_ready:
        return _noted(by, dispatch, next_try_at=later)
    if answer.state == MessageState.FAILED:
        return _failed(by, dispatch, answer.fault, now)
    return _settle(by, dispatch, answer, now)


def _noted(by: Actor, dispatch: Dispatch, **fields: Any) -> Dispatch:
    for name, value in fields.items():
        setattr(dispatch, name, value)
    with act_as(by):
        dispatch.save(update_fields=list(fields))
    return dispatch


def _failed(by: Actor, dispatch: Dispatch, said: str, now: datetime) -> Dispatch:
    with act_as(by), acting(by):
        return _write_failed(by, dispatch, said, now)


def _write_failed(by: Actor, dispatch: Dispatch, said: str, now: datetime) -> Dispatch:
    rows = [row for row in _locked(dispatch.transcript_ids) if row.state == TranscriptState.SENT]
    _move(rows, Verb.REFUSE, by=by, now=now, detail=said or _("Cổng từ chối cả giao dịch."))
    if dispatch.recall is not None:
        _settled_elsewhere(dispatch.recall, by=by, agree=False, answer=said, now=now)
    return _noted(
        by,
        dispatch,
        state=MessageState.FAILED,
        refused=len(rows),
        next_try_at=None,
        fault=said[:300],
    )


def _settle(by: Actor, dispatch: Dispatch, answer: Answer, now: datetime) -> Dispatch:
    write = _write_answer if dispatch.type == Transaction.SUBMIT else _write_decision
    with act_as(by), acting(by):
        return write(by, dispatch, answer, now)


def _write_decision(by: Actor, dispatch: Dispatch, answer: Answer, now: datetime) -> Dispatch:
    """Of a certificate 1 approved, 0 refused, none yet; of a recall 1 waiting, 2 agreed, 3 refused (CV 2088)."""
    item = (
        answer.items[0] if answer.items else {"trang_thai": 0, "error_description": _("Cổng không trả lời.")}
    )
    is_recall = dispatch.type == Transaction.RECALL
    status = item["trang_thai"]
    if status is None or (is_recall and status == 1 and not item.get("error")):
        return _noted(by, dispatch, next_try_at=now + timedelta(minutes=DECISION_WAIT), failures=0, fault="")
    agreed = status == (2 if is_recall else 1)
    said = str(item.get("error_description") or "")
    if is_recall and dispatch.recall is not None:
        _settled_elsewhere(dispatch.recall, by=by, agree=agreed, answer=said, now=now)
    else:
        words = _("đã được Sở duyệt") if agreed else _("bị Sở từ chối")
        title = _("Chứng thư số của trường %(words)s") % {"words": words}
        _tell_school(by, dispatch.unit_id, PREPARE, title, now, url=reverse("transcripts:at-gateway"))
    return _noted(
        by,
        dispatch,
        state=MessageState.DONE,
        accepted=int(agreed),
        refused=int(not agreed),
        next_try_at=None,
        fault=said[:300],
    )


def _write_answer(by: Actor, dispatch: Dispatch, answer: Answer, now: datetime) -> Dispatch:
    """Every transcript of the dispatch by its item; one without an item is refused and can be sent again."""
    by_uuid = {UUID(one["ma_tra_cuu_uuid"]): one for one in answer.items if one["ma_tra_cuu_uuid"]}
    rows = [row for row in _locked(dispatch.transcript_ids) if row.state == TranscriptState.SENT]
    good: list[Transcript] = []
    bad: list[Transcript] = []
    for row in rows:
        item = by_uuid.get(row.uuid)
        taken = item is not None and item["trang_thai"] == 1
        row.state = TranscriptState(next_state(row.state, Verb.ACCEPT if taken else Verb.REFUSE) or row.state)
        row.note = "" if taken else (item["error_description"] if item else _("Cổng không trả lời."))[:500]
        (good if taken else bad).append(row)
    Transcript.objects.bulk_update(rows, ["state", "note"], batch_size=500)
    _write_log(good, Verb.ACCEPT, by=by, now=now)
    for row in bad:
        _write_log([row], Verb.REFUSE, by=by, now=now, detail=row.note)
    if bad:
        title = _("Sở từ chối %(count)d học bạ: xem lý do và gửi lại") % {"count": len(bad)}
        _tell_school(by, dispatch.unit_id, PREPARE, title, now)
    return _noted(
        by,
        dispatch,
        state=MessageState.DONE,
        accepted=len(good),
        refused=len(bad),
        next_try_at=None,
        fault="",
    )


def due_dispatches(*, by: Actor, now: datetime) -> list[Dispatch]:
    """Those whose next step is due."""
    return list(
        Dispatch.objects.filter(next_try_at__lte=now).select_related("unit", "school_year").order_by("pk")
    )
