"""A pupil changes school: one asks, the other lets go, the first takes into a class. Each step one transaction, traced,
and told to whoever has to act next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook import actions as gradebook
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry.actions import outside as outside_moves
from thongsuot.modules.registry.actions import receiving, returning, transferring
from thongsuot.modules.registry.types import EntryType, Outside, Returning, Sought, Whereabouts
from thongsuot.modules.transcripts import actions as transcripts
from thongsuot.modules.transcripts.types import HandOverWay

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
        _take_records(by, spell.student_id, spell.unit_id, spell.entry_type, now)
        _inherit(by, spell, now)
        _await_result(spell.student_id, now)
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
def transfer_out(
    *, by: Actor, student: Any, outside: Outside, on: date, now: datetime, reason: str = ""
) -> Any:
    """The pupil goes to another province or abroad; `on` is the last day here. Raises NotAllowed, BadValue, StateConflict,
    TransferPending."""
    with acting(by, reason=reason or _("Chuyển trường ra ngoài tỉnh")):
        transfer = outside_moves.transfer_out(
            by=by, student=student, outside=outside, on=on, now=now, reason=reason
        )
        _await_result(student.pk, now)
    return transfer


@transaction.atomic
def confirm_arrival(*, by: Actor, transfer: Any, on: date, answer: str = "") -> Any:
    """The place outside has received the pupil. Raises NotAllowed, BadValue, StateConflict."""
    with acting(by, reason=_("Nơi đến xác nhận đã tiếp nhận")):
        return outside_moves.confirm_arrival(by=by, transfer=transfer, on=on, answer=answer)


@transaction.atomic
def take_back_transfer_out(*, by: Actor, transfer: Any, reason: str) -> Any:
    """A transfer out was a mistake. Raises NotAllowed, BadValue, StateConflict."""
    with acting(by, reason=reason):
        row = outside_moves.take_back_transfer_out(by=by, transfer=transfer, reason=reason)
        _await_result(row.student_id, timezone.now())
    return row


def find_returning(
    *, by: Actor, unit_id: int, facts: Mapping[str, Any], now: datetime, ip: str | None = None
) -> tuple[Returning, str]:
    """Whether who comes from outside is known in the province. Leaves a trace. Raises NotAllowed, BadValue, StateConflict."""
    return returning.find_returning(by=by, unit_id=unit_id, facts=facts, now=now, ip=ip)


@transaction.atomic
def transfer_in(
    *,
    by: Actor,
    unit_id: int,
    facts: Mapping[str, Any],
    outside: Outside,
    school_class: Any,
    on: date,
    now: datetime,
    grade: int | None = None,
    same_person: bool | None = None,
) -> Any:
    """Take in a pupil from another province or from abroad; who has a record keeps it.

    Raises NotAllowed, BadValue, WrongClass, AlreadyEnrolled, StateConflict.
    """
    with acting(by, reason=_("Tiếp nhận học sinh từ ngoài tỉnh")):
        transfer = outside_moves.transfer_in(
            by=by,
            unit_id=unit_id,
            facts=facts,
            outside=outside,
            school_class=school_class,
            on=on,
            now=now,
            grade=grade,
            same_person=same_person,
        )
        # Who went out of the province and comes back in the same year has marks at the school of before.
        gradebook.inherit_year(by=by, student=transfer.student, school_class=school_class, on=on, now=now)
        # Who comes back may have a record at another school of the province.
        _take_records(by, transfer.student_id, unit_id, EntryType.TRANSFERRED_IN, now)
    return transfer


def _take_records(by: Actor, student_id: int, unit_id: int, entry_type: str, now: datetime) -> None:
    """The transcripts follow the pupil: into the next level when the one before was completed, else as a transfer."""
    way = HandOverWay.ENROLMENT if entry_type == EntryType.NEW else HandOverWay.TRANSFER
    with act_as(Actor.system()):
        transcripts.hand_over_records(
            by=Actor.system(), student_ids=[student_id], to_unit_id=unit_id, way=way, now=now
        )


def _await_result(student_id: int, now: datetime) -> None:
    """The school of before owes the result to date of who leaves during the year; both schools are told at once."""
    system = Actor.system()
    with act_as(system):
        transcripts.await_results(by=system, student_ids=[student_id], today=timezone.localdate(now), now=now)


@transaction.atomic
def take_back_transfer_in(*, by: Actor, transfer: Any, reason: str) -> Any:
    """A transfer in was a mistake, from another province or from a school of this one: what came along goes back too.

    Raises NotAllowed, BadValue, StateConflict (the school has written marks of its own since).
    """
    with acting(by, reason=reason):
        year = receiving.year_of_transfer(by=by, transfer=transfer)
        if year is not None:
            gradebook.take_back_inherited(
                by=by, student=transfer.student, unit_id=transfer.to_unit_id, school_year_id=year
            )
        row = outside_moves.take_back_transfer_in(by=by, transfer=transfer, reason=reason)
        _await_result(row.student_id, timezone.now())
        if row.from_unit_id is not None:
            transcripts.hand_over_records(
                by=Actor.system(),
                student_ids=[row.student_id],
                to_unit_id=row.from_unit_id,
                way=HandOverWay.TRANSFER,
            )
    _tell(by, row, row.from_unit_id, _("Trường mới đã hủy lần tiếp nhận: học sinh học tiếp ở trường mình"))
    return row


def _inherit(by: Actor, spell: Any, now: datetime) -> None:
    """Who comes during a year brings along what was written of it; in a class without a year there is nothing to inherit."""
    if spell.school_class is not None:
        gradebook.inherit_year(
            by=by, student=spell.student, school_class=spell.school_class, on=spell.entered_on, now=now
        )


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
