"""Personal data on request: written down, answered, carried out or refused with a reason, through all modules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.gradebook import actions as gradebook
from thongsuot.modules.registry.actions import erasing, subject_requests
from thongsuot.modules.registry.types import SubjectRequestKind


@transaction.atomic
def register_request(
    *,
    by: Actor,
    student: Any,
    kind: str,
    requested_by_name: str,
    basis: str,
    received_on: date,
    today: date,
) -> Any:
    """Write a request down with its clocks. Raises NotAllowed, BadValue, StateConflict."""
    return subject_requests.register_request(
        by=by,
        student=student,
        kind=kind,
        requested_by_name=requested_by_name,
        basis=basis,
        received_on=received_on,
        today=today,
    )


@transaction.atomic
def answer_request(*, by: Actor, request: Any, now: datetime) -> Any:
    """The person was told. Raises NotAllowed, StateConflict."""
    return subject_requests.answer_request(by=by, request=request, now=now)


@transaction.atomic
def refuse_request(*, by: Actor, request: Any, reason: str, now: datetime) -> Any:
    """Raises NotAllowed, BadValue, StateConflict."""
    return subject_requests.refuse_request(by=by, request=request, reason=reason, now=now)


@transaction.atomic
def carry_out(*, by: Actor, request: Any, now: datetime) -> Any:
    """Restrict or erase. Modules above the registry that come to hold a pupil's data take part here.

    Raises NotAllowed, StateConflict.
    """
    with acting(by, reason=_("Yêu cầu của chủ thể dữ liệu cá nhân")):
        row = subject_requests.carry_out(by=by, request=request, now=now)
        if row.kind == SubjectRequestKind.ERASE:
            # Transcripts stay: the law keeps them for ever.
            gradebook.erase_words(
                by=by,
                unit_id=row.student.unit_id,
                student_ids=erasing.records_of(by=by, student=row.student),
            )
        return row


@transaction.atomic
def lift_restriction(*, by: Actor, request: Any, now: datetime) -> Any:
    """The dossier is used again. Raises NotAllowed, StateConflict."""
    with acting(by, reason=_("Bỏ hạn chế xử lý")):
        return subject_requests.lift_restriction(by=by, request=request, now=now)
