"""The gateway's first half: a transaction is taken in and acknowledged at once; the work is done afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import seal

from ..models import GatewayMessage
from ..permissions import can_prepare
from ..queries.layouts import exchange
from ..types import PackingFault, Transaction

# Types that change something; the others ask.
WRITES = frozenset({Transaction.SUBMIT, Transaction.REGISTER_CERTIFICATE, Transaction.RECALL})


@dataclass(frozen=True)
class Received:
    """is_new: False for a transaction that had been received before, word for word."""

    message: GatewayMessage
    is_new: bool


@transaction.atomic
def receive(
    *, by: Actor, unit: Any, message_id: str, type: int, first_year: int, content: str, now: datetime
) -> Received:
    """Keep a transaction as it came. The same number with the same content is the same transaction (an answer that was
    lost); with another content it is refused.

    Raises NotAllowed (not this school's), PackingFault (too large, empty, the number used for something else).
    """
    if not can_prepare(by, unit.pk):
        raise NotAllowed(_("Tài khoản không được giao dịch thay đơn vị này."))
    most = exchange().max_content_bytes
    if not content or len(content) > most:
        raise PackingFault(_("Nội dung rỗng hoặc vượt %(most)d byte.") % {"most": most})
    if not 0 < len(message_id) <= 80:
        raise PackingFault(_("messageid dài từ 1 đến 80 ký tự."))
    digest = sha256(content.encode()).digest()
    message, is_new = GatewayMessage.objects.get_or_create(
        unit=unit,
        message_id=message_id,
        defaults={
            "type": type,
            "first_year": first_year,
            "content_sealed": seal(content),
            "content_digest": digest,
            "received_at": now,
        },
    )
    if not is_new and (bytes(message.content_digest) != digest or message.type != type):
        raise PackingFault(_("messageid này đã dùng cho một giao dịch khác."))
    return Received(message, is_new)
