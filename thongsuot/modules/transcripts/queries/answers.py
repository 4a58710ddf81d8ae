"""What the gateway answers to a query about a transaction (types 2, 4, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import unseal

from ..models import GatewayCertificate, GatewayItem, GatewayMessage, Original
from ..types import CertificateState, MessageState, OriginalState, RecallState, Transaction


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
    status = (
        {CertificateState.APPROVED: 1, CertificateState.WAITING: None}.get(CertificateState(found.state), 0)
        if found
        else 0
    )
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
