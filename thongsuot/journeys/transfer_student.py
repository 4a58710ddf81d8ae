"""A pupil changes school: one asks, the other lets go, the first takes into a class. Each step one transaction, traced,
and told to whoever has to act next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry.actions import receiving, transferring
from thongsuot.modules.registry.types import Sought, Whereabouts

KIND = "registry.transfers"


def look_for_student(
    *, by: Actor, to_unit_id: int, sought: Sought, now: datetime, ip: str | None = None
) -> Whereabouts:
    """The search door of a school that is to receive a pupil: found or not, and at which school. Leaves a trace.

    Raises NotAllowed, BadValue, StateConflict.
    """
    return transferring.look_for_student(by=by, to_unit_id=to_unit_id, sought=sought, now=now, ip=ip)


@transaction.atomic
def request_transfer(
    *,
    by: Actor,
    to_unit_id: int,
    sought: Sought,
    grade: int | None,
    effective_on: date,
    now: datetime,
    reason: str = "",
) -> Any:
    """The receiving school asks for a pupil. Raises NotAllowed, BadValue, NotFoundElsewhere, TransferPending."""
    with acting(by, reason=_("Đề nghị nhận học sinh chuyển trường")):
        transfer = transferring.request_transfer(
            by=by,
            to_unit_id=to_unit_id,
            sought=sought,
            grade=grade,
            effective_on=effective_on,
            now=now,
            reason=reason,
        )
    _tell(by, transfer, transfer.from_unit_id, _("Có đề nghị chuyển trường chờ trường mình trả lời"))
    return transfer


@transaction.atomic
def release_transfer(*, by: Actor, transfer: Any, now: datetime, answer: str = "") -> Any:
    """The sending school lets go. Raises NotAllowed, StateConflict."""
    with acting(by, reason=_("Đồng ý cho chuyển trường")):
        row = transferring.release_transfer(by=by, transfer=transfer, now=now, answer=answer)
    _tell(by, row, row.to_unit_id, _("Trường đi đã đồng ý: hãy tiếp nhận học sinh vào lớp"))
    return row


@transaction.atomic
def refuse_transfer(*, by: Actor, transfer: Any, reason: str, now: datetime) -> Any:
    """The sending school does not let go, and says why. Raises NotAllowed, BadValue, StateConflict."""
    with acting(by, reason=reason):
        row = transferring.refuse_transfer(by=by, transfer=transfer, reason=reason, now=now)
    _tell(by, row, row.to_unit_id, _("Trường đi không đồng ý cho chuyển trường"))
    return row


@transaction.atomic
def complete_transfer(
    *, by: Actor, transfer: Any, school_class: Any, on: date, now: datetime, grade: int | None = None
) -> Any:
    """The receiving school takes the pupil into a class; returns the new spell.

    Raises NotAllowed, StateConflict, WrongClass, BadValue.
    """
    with acting(by, reason=_("Tiếp nhận học sinh chuyển trường")):
        spell = receiving.complete_transfer(
            by=by, transfer=transfer, school_class=school_class, on=on, now=now, grade=grade
        )
    _tell(by, transfer, transfer.from_unit_id, _("Học sinh đã được trường mới tiếp nhận"))
    return spell


@transaction.atomic
def cancel_transfer(*, by: Actor, transfer: Any, reason: str = "") -> Any:
    """The receiving school withdraws its request. Raises NotAllowed, StateConflict."""
    with acting(by, reason=reason or _("Rút đề nghị chuyển trường")):
        row = transferring.cancel_transfer(by=by, transfer=transfer, reason=reason)
    _tell(by, row, row.from_unit_id, _("Trường mới đã rút đề nghị chuyển trường"))
    return row


@transaction.atomic
def transfer_out_of_province(
    *, by: Actor, student: Any, to_name: str, on: date, now: datetime, reason: str = ""
) -> Any:
    """The pupil goes to another province; `on` is the last day here. Raises NotAllowed, BadValue, StateConflict,
    TransferPending."""
    with acting(by, reason=reason or _("Chuyển trường ra ngoài tỉnh")):
        return receiving.transfer_out_of_province(
            by=by, student=student, to_name=to_name, on=on, now=now, reason=reason
        )


@transaction.atomic
def take_back_transfer_out(*, by: Actor, transfer: Any, reason: str) -> Any:
    """A transfer to another province was a mistake. Raises NotAllowed, BadValue, StateConflict."""
    with acting(by, reason=reason):
        return receiving.take_back_transfer_out(by=by, transfer=transfer, reason=reason)


def _tell(by: Actor, transfer: Any, unit_id: int | None, title: str) -> None:
    """No name of a child in a notice: it may go out by mail."""
    if unit_id is None:
        return
    notify(
        recipients=organization.users_with_right("registry.transfer", unit_id, at_unit=True),
        kind=KIND,
        title=title,
        body=f"{transfer.from_unit} → {transfer.to_unit}",
        url=reverse("transfer-detail", args=[transfer.pk]),
        by=by,
    )
