"""What is in hand: sessions, dispatches, messages, by their keys; for the background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.types import JobState
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.organization import queries as organization

from ..models import Dispatch, GatewayMessage, SigningSession, Transcript
from ..permissions import PREPARE, within
from ..types import MessageState, SessionState, SignerRole, Transaction, TranscriptState


def session_by_id(pk: int) -> SigningSession:
    return SigningSession.objects.select_related("unit").get(pk=pk)


def dispatch_by_id(pk: int) -> Dispatch:
    rows = Dispatch.objects.select_related("unit__school", "school_year", "certificate", "recall__transcript")
    return rows.get(pk=pk)


def waiting_messages(now: datetime | None = None) -> list[int]:
    """Keys of transactions that were taken in and not worked on, and of those to be looked at again, in the order in
    which they came."""
    again = Q(state=MessageState.CHECKING, next_look_at__lte=now or timezone.now())
    waiting = GatewayMessage.objects.filter(Q(state=MessageState.WAITING) | again)
    return list(waiting.order_by("received_at", "pk").values_list("pk", flat=True))


def due_dispatches(now: datetime) -> list[Dispatch]:
    return list(Dispatch.objects.filter(next_try_at__lte=now).select_related("made_by").order_by("pk"))


def sender_of(dispatch_id: int) -> Actor | None:
    """Who sent it, with the rights that they have now; None when the account is closed."""
    dispatch = Dispatch.objects.select_related("made_by").get(pk=dispatch_id)
    if dispatch.made_by is None or not dispatch.made_by.is_active:
        return None
    return organization.actor_for(dispatch.made_by)


def signing_job(session: SigningSession) -> Job | None:
    """The newest job that signs the session, for the one who authorised it; None when there is none."""
    asked = Job.objects.filter(task="transcripts.sign", requested_by_id=session.authorised_by_id)
    return asked.filter(arguments__session_id=session.pk).order_by("-pk").first()


def recent_sessions(actor: Actor, role: str, unit_id: int, *, since: datetime) -> list[SigningSession]:
    """The actor's lists of the school that are being signed in this role, and those that have ended since: whoever comes
    back after a broken connection sees what became of the authorisation.
    """
    rows = SigningSession.objects.filter(unit_id=unit_id, role=role, authorised_by_id=actor.user_id)
    rows = rows.filter(Q(state=SessionState.OPEN) | Q(finished_at__gte=since))
    return list(rows.defer("planned").order_by("-authorised_at", "-pk")[:5])


def to_send_after(actor: Actor, session: SigningSession) -> list[int]:
    """Keys of transcripts that a session has sealed and that the actor may send now: the step that follows it."""
    if session.role != SignerRole.SEAL or session.state == SessionState.OPEN:
        return []
    sealed = session.signatures.values("transcript_id")
    rows = Transcript.objects.filter(within(actor, PREPARE), pk__in=sealed, state=TranscriptState.ISSUED)
    return list(rows.order_by("school_class_id", "sort_key", "pk").values_list("pk", flat=True))


def dispatches_after(actor: Actor, session: SigningSession) -> list[Dispatch]:
    """What has gone to the Sở of the transcripts that a session has sealed, the newest first."""
    if session.role != SignerRole.SEAL:
        return []
    sealed = list(session.signatures.values_list("transcript_id", flat=True))
    rows = Dispatch.objects.filter(
        within(actor, PREPARE), unit_id=session.unit_id, made_at__gte=session.authorised_at,
        transcript_ids__overlap=sealed, type=Transaction.SUBMIT,
    )  # fmt: skip
    return list(rows.order_by("-pk")[:5])


def desk_of_dispatches(actor: Actor, dispatches: Sequence[Dispatch]) -> Any:
    """The batch of one of them that waits for the actor's token; None when none does."""
    references = [one.public_id for one in dispatches]
    return documents.desk_waiting(actor).filter(reference__in=references).order_by("pk").first()


def is_under_way(task: str, **ids: Any) -> bool:
    """Does a job of this task wait or run already?"""
    going = Job.objects.filter(task=task, state__in=[JobState.WAITING, JobState.RUNNING])
    return going.filter(**{f"arguments__{name}": value for name, value in ids.items()}).exists()
