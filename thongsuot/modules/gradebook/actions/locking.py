"""Books closed by the principal, and opened again on request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..bulk.staleness import hold_for_computing
from ..models import ClassSubject, MarkLock, UnlockRequest
from ..permissions import can_enter, can_lock
from ..queries.books import lock_state
from ..types import BadValue, StateConflict, UnlockState

# How long a granted request leaves the book open, unless the principal says otherwise.
OPEN_FOR = timedelta(days=2)
LONGEST = timedelta(days=30)


def _require_lock(by: Actor, unit_id: int) -> None:
    if not can_lock(by, unit_id):
        raise NotAllowed(_("Chỉ hiệu trưởng khóa, mở sổ điểm của trường."))


@transaction.atomic
def lock_term(
    *, by: Actor, unit: Any, school_year: Any, term: int, now: datetime, school_class: Any = None
) -> MarkLock:
    """Close the marks of a term, of the whole school or of one class. Closed already: that lock is returned.

    Raises NotAllowed, BadValue (no such term, the class is of another school or year).
    """
    _require_lock(by, unit.pk)
    if term not in (1, 2):
        raise BadValue(_("Chỉ có học kỳ 1 và 2."), field="term")
    if school_class is not None and (school_class.unit_id, school_class.school_year_id) != (
        unit.pk,
        school_year.pk,
    ):
        raise BadValue(_("Lớp này không thuộc trường, năm học đã chọn."), field="school_class")
    # Nobody who began to write before is still writing when the lock is seen.
    hold_for_computing([unit.pk], school_year.pk)
    lock, _made = MarkLock.objects.get_or_create(
        unit_id=unit.pk,
        school_year_id=school_year.pk,
        term=term,
        school_class=school_class,
        unlocked_at=None,
        defaults={"locked_at": now, "locked_by_id": by.user_id},
    )
    return lock


@transaction.atomic
def unlock_term(*, by: Actor, lock: MarkLock, now: datetime) -> MarkLock:
    """Take a lock off altogether. Raises NotAllowed, StateConflict (it is off already)."""
    row = MarkLock.objects.select_for_update(of=("self",)).get(pk=lock.pk)
    _require_lock(by, row.unit_id)
    if row.unlocked_at is not None:
        raise StateConflict(_("Sổ điểm này đã được mở."))
    row.unlocked_at, row.unlocked_by_id = now, by.user_id
    row.save(update_fields=["unlocked_at", "unlocked_by"])
    return row


@transaction.atomic
def ask_unlock(
    *, by: Actor, class_subject: ClassSubject, term: int, reason: str, now: datetime
) -> UnlockRequest:
    """Ask the principal to open a closed book for one subject of a class; a request that waits is returned as it is.

    Raises NotAllowed (not the actor's subject), StateConflict (not closed), BadValue (no reason).
    """
    subject = ClassSubject.objects.select_related("school_class").filter(pk=class_subject.pk).first()
    if subject is None or not can_enter(by, subject):
        raise NotAllowed(_("Anh/chị không nhập điểm môn này của lớp này."))
    state = lock_state(subject, term, now=now)
    if state.lock_id is None or state.may_write:
        raise StateConflict(_("Sổ điểm này đang mở."))
    said = clean_text(reason)
    if not said:
        raise BadValue(_("Hãy ghi lý do cần sửa."), field="reason")
    request, _made = UnlockRequest.objects.get_or_create(
        lock_id=state.lock_id,
        class_subject=subject,
        state=UnlockState.ASKED,
        defaults={
            "unit_id": subject.unit_id,
            "reason": said[:300],
            "asked_by_id": by.user_id,
            "asked_at": now,
        },
    )
    return request


@transaction.atomic
def decide_unlock(
    *,
    by: Actor,
    request: UnlockRequest,
    grant: bool,
    now: datetime,
    answer: str = "",
    open_for: timedelta = OPEN_FOR,
) -> UnlockRequest:
    """Grant (open for a while) or refuse (with an answer). Raises NotAllowed, StateConflict (decided already, the lock is
    off), BadValue (refused without an answer, open for too long).
    """
    row = UnlockRequest.objects.select_for_update(of=("self",)).select_related("lock").get(pk=request.pk)
    _require_lock(by, row.unit_id)
    if row.state != UnlockState.ASKED or row.lock.unlocked_at is not None:
        raise StateConflict(_("Đề nghị này đã được quyết định."))
    said = clean_text(answer)
    if not grant and not said:
        raise BadValue(_("Hãy ghi vì sao không mở."), field="answer")
    if grant and not timedelta() < open_for <= LONGEST:
        raise BadValue(_("Mở nhiều nhất %(days)s ngày.") % {"days": LONGEST.days}, field="open_for")
    row.state = UnlockState.GRANTED if grant else UnlockState.REFUSED
    row.answer, row.decided_by_id, row.decided_at = said[:300], by.user_id, now
    row.open_until = now + open_for if grant else None
    row.save(update_fields=["state", "answer", "decided_by", "decided_at", "open_until"])
    return row
