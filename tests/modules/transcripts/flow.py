"""The way of transcripts in tests: made, signed, sent, worked on."""

from __future__ import annotations

from datetime import date
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.domain.values import plain_serial
from thongsuot.modules.transcripts.models import Dispatch, GatewayCertificate, GatewayMessage, Transcript

from .world import NOW, World

SYSTEM = Actor.system()


def build(world: World, **changes: Any) -> Any:
    return actions.initialise_class(
        by=world.actors["office"], school_class=world.school_class, records=world.records(**changes), now=NOW
    )


def sign(world: World, role: str, who: str, *, now: Any = NOW) -> Any:
    rows = queries.signable(world.actors[who], role, unit_id=world.school.pk)
    session = actions.open_session(
        by=world.actors[who], role=role, transcript_ids=[one.pk for one in rows], now=now
    )
    left = 1
    while left:
        _signed, left = actions.sign_portion(by=world.actors[who], session=session, now=now, most=2)
    return session


def issue(world: World, *, now: Any = NOW) -> list[Transcript]:
    for role, who in (("homeroom", "teacher"), ("leader", "leader"), ("seal", "office")):
        sign(world, role, who, now=now)
    return list(Transcript.objects.filter(state="issued").order_by("sort_key", "pk"))


def approve_seal(world: World) -> GatewayCertificate:
    """The school's certificate registered at the gateway and approved by the Sở."""
    seal = SignerCertificate.objects.filter(unit=world.school, staff=None).order_by("-valid_from", "-pk")[0]
    serial = plain_serial(seal.serial)
    message = GatewayMessage.objects.create(
        unit=world.school, message_id=f"cert-{serial}", type=3, first_year=2025, content_sealed=b"x",
        content_digest=b"x", state="done", received_at=NOW,
    )  # fmt: skip
    return GatewayCertificate.objects.create(
        unit=world.school, serial=serial, valid_from=date(2026, 1, 1), signature_kind="USB_TOKEN",
        provider="BAN_CO_YEU", state="approved", message=message,
    )  # fmt: skip


def send(world: World, rows: list[Transcript], *, now: Any = NOW) -> Dispatch:
    """Handed in, worked on, answered."""
    (dispatch,) = actions.send(by=world.actors["office"], transcript_ids=[one.pk for one in rows], now=now)
    return forward(world, dispatch, now=now)


def forward(world: World, dispatch: Dispatch, *, now: Any = NOW) -> Dispatch:
    by, way = world.actors["office"], actions.OwnGateway()
    dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=now)
    for message in GatewayMessage.objects.filter(state="waiting"):
        actions.work_message(by=SYSTEM, message_id=message.pk, now=now)
    return actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=now)


def accepted(world: World) -> list[Transcript]:
    build(world)
    approve_seal(world)
    send(world, issue(world))
    return list(Transcript.objects.filter(state="accepted").order_by("sort_key", "pk"))
