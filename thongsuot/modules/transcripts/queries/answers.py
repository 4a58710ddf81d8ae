"""What the gateway answers to a query about a transaction (types 2, 4, 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import unseal

from ..models import GatewayCertificate, GatewayItem, GatewayMessage, Original
from ..types import CertificateState, MessageState, OriginalState, RecallState, Transaction

# Approved, or not decided yet; whatever else became of it is 0.
CERTIFICATE_STATUS: dict[CertificateState, int | None] = {
    CertificateState.APPROVED: 1,
    CertificateState.WAITING: None,
}


@dataclass(frozen=True)
class Answer:
    """state of the transaction; items as the specification names their fields."""

    state: str
    fault: str
    items: tuple[dict[str, Any], ...]

    @property
    def is_ready(self) -> bool:
        return self.state not in (MessageState.WAITING, MessageState.CHECKING)


def answer_of(actor: Actor, unit: Any, message_id: str, asked: Transaction) -> Answer | None:
    """The answer as it stands now; None for a transaction that the unit never sent, or of another kind."""
    row = GatewayMessage.objects.filter(unit=unit, message_id=message_id, type=asked).first()
    if row is None:
        return None
    items = list(GatewayItem.objects.filter(message=row).order_by("position"))
    if asked == Transaction.REGISTER_CERTIFICATE:
        return Answer(row.state, row.fault, tuple(_certificate(row, one) for one in items))
    if asked == Transaction.RECALL:
        now = _recalls([one.reference for one in items])
        return Answer(row.state, row.fault, tuple(_item(one, now.get(one.reference)) for one in items))
    return Answer(row.state, row.fault, tuple(_item(one) for one in items))


def item_outcomes(message: GatewayMessage, items: Sequence[GatewayItem]) -> list[tuple[GatewayItem, str]]:
    """Of items of one message, what became of each as of now: refused, checking, waiting (for the Sở or the Bộ), accepted."""
    now: dict[str, int | None] = {}
    references = [one.reference for one in items if not one.error]
    if message.type == Transaction.RECALL:
        now = {
            reference: {1: None, 2: 1}.get(status, 0) for reference, status in _recalls(references).items()
        }
    elif message.type == Transaction.REGISTER_CERTIFICATE:
        now = {
            row.serial: CERTIFICATE_STATUS.get(CertificateState(row.state), 0)
            for row in GatewayCertificate.objects.filter(
                unit_id=message.unit_id, serial__in=references
            ).order_by("pk")
        }
    return [(one, _outcome(one, now.get(one.reference, one.status))) for one in items]


def _outcome(one: GatewayItem, status: int | None) -> str:
    if one.error or status == 0:
        return "refused"
    if status is None:
        return "checking" if one.status is None else "waiting"
    return "accepted"


def _item(one: GatewayItem, status: int | None = None) -> dict[str, Any]:
    return {
        "ma_hoc_sinh": one.student_code,
        "ten_hoc_sinh": one.student_name,
        "so_cccd": unseal(one.personal_id_sealed),
        "ma_tra_cuu_uuid": one.reference,
        "trang_thai": one.status if status is None or one.error else status,
        "error": one.error,
        "error_field_title": one.error_field,
        "error_description": one.error_description,
    }


def _certificate(row: GatewayMessage, one: GatewayItem) -> dict[str, Any]:
    """1 approved, 0 refused; while it waits there is no status yet."""
    found = (
        GatewayCertificate.objects.filter(unit=row.unit, serial=one.reference).order_by("-pk").first()
        if not one.error
        else None
    )
    status = CERTIFICATE_STATUS.get(CertificateState(found.state), 0) if found else 0
    return {
        "serial_number": one.reference,
        "trang_thai": status,
        "error": one.error,
        "error_field_title": one.error_field,
        "error_description": one.error_description or (found.reason if found else ""),
    }


def _recalls(uuids: list[str]) -> dict[str, int]:
    """1 waiting, 2 agreed, 3 refused, as of now."""
    found: dict[str, int] = {}
    for original in Original.objects.filter(uuid__in=uuids).prefetch_related("recalls"):
        last = max(original.recalls.all(), key=lambda one: one.pk, default=None)
        if last is not None:
            waits = last.state in (RecallState.WAITING, RecallState.AT_MINISTRY)
            found[str(original.uuid)] = 1 if waits else 2 if last.state == RecallState.AGREED else 3
        elif original.state != OriginalState.IN_FORCE:
            found[str(original.uuid)] = 2
    return found
