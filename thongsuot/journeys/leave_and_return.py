"""A pupil stops going to school, and comes back: the spell, and the facts that hold only while one attends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.registry import actions as registry
from thongsuot.modules.registry.actions import transferring
from thongsuot.modules.registry.types import CharacteristicKind

# Boarding and two lessons a day are ways of attending: they end with it. What the person is stays.
OF_ATTENDING = (CharacteristicKind.BOARDING.value, CharacteristicKind.TWO_SESSIONS.value)


@transaction.atomic
def leave_school(*, by: Actor, student: Any, on: date, reason_code: str, note: str = "") -> Any:
    """Thôi học; `on` is the last day. Raises NotAllowed, BadValue, StateConflict, TransferPending (settle it first)."""
    with acting(by, reason=note or _("Thôi học")):
        transferring.require_no_open_transfer(by=by, student=student)
        spell = registry.leave(by=by, student=student, on=on, reason_code=reason_code, note=note)
        running = student.characteristics.filter(kind__in=OF_ATTENDING, valid_to=None, valid_from__lte=on)
        for one in running:
            registry.close_characteristic(by=by, characteristic=one, on=on)
    return spell


@transaction.atomic
def return_to_school(*, by: Actor, student: Any, school_class: Any, on: date) -> Any:
    """Nghỉ học xin học lại, into a class of the school that holds the dossier. Raises as registry.return_to_school."""
    with acting(by, reason=_("Học lại")):
        return registry.return_to_school(by=by, student=student, school_class=school_class, on=on)
