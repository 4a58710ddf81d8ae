"""Asking for an unlock, deciding, reminding: each with a notice to whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization.queries import leaders_of

from ..models import ClassSubject, UnlockRequest
from ..permissions import can_lock
from .locking import OPEN_FOR, ask_unlock, decide_unlock

UNLOCK, LATE = "gradebook.unlock", "gradebook.late"


@dataclass(frozen=True)
class LateBook:
    """A book that is not complete: class and subject, whose accounts to tell."""

    class_name: str
    subject: str
    accounts: tuple[int, ...]


@transaction.atomic
def request_unlock(
    *, by: Actor, class_subject: ClassSubject, term: int, reason: str, now: datetime
) -> UnlockRequest:
    """`ask_unlock`, and the principal is told. Raises what it raises."""
    request = ask_unlock(by=by, class_subject=class_subject, term=term, reason=reason, now=now)
    if request.asked_at == now:
        said = {"who": by.name, "subject": class_subject.name, "name": class_subject.school_class.name}
        notify(
            recipients=leaders_of(class_subject.unit_id),
            kind=UNLOCK,
            title=_("%(who)s đề nghị mở khoá sổ %(subject)s lớp %(name)s") % said,
            body=request.reason,
            url=f"{reverse('gradebook:progress')}?ky={term}",
            by=by,
        )
    return request


@transaction.atomic
def answer_unlock(
    *,
    by: Actor,
    request: UnlockRequest,
    grant: bool,
    now: datetime,
    answer: str = "",
    open_for: timedelta = OPEN_FOR,
) -> UnlockRequest:
    """`decide_unlock`, and whoever asked is told. Raises what it raises."""
    row = decide_unlock(by=by, request=request, grant=grant, now=now, answer=answer, open_for=open_for)
    if row.asked_by_id is None:
        return row
    url = reverse("gradebook:book-list")
    if row.class_subject_id is not None:
        url = reverse("gradebook:marks", args=[row.class_subject_id, row.lock.term])
    if grant and row.open_until is not None:
        until = f"{localtime(row.open_until):%H:%M %d/%m/%Y}"
        title = _("Sổ điểm được mở đến %(until)s") % {"until": until}
    else:
        title = _("Đề nghị mở khoá sổ điểm không được chấp nhận")
    notify(recipients=[row.asked_by_id], kind=UNLOCK, title=title, body=row.answer, url=url, by=by)
    return row


@transaction.atomic
def remind_late(*, by: Actor, unit_id: int, term: int, late: Sequence[LateBook]) -> int:
    """Tell each teacher once which of his or her books are not complete; how many were told. Raises NotAllowed."""
    if not can_lock(by, unit_id):
        raise NotAllowed(_("Chỉ hiệu trưởng nhắc giáo viên nhập điểm."))
    books: dict[int, list[str]] = defaultdict(list)
    for one in late:
        for account in one.accounts:
            books[account].append(f"{one.subject} {one.class_name}")
    told = 0
    for account, names in books.items():
        said = {"n": len(names), "term": term}
        told += notify(
            recipients=[account],
            kind=LATE,
            title=_("Còn %(n)d sổ chưa đủ điểm học kỳ %(term)s") % said,
            body=", ".join(names),
            url=reverse("gradebook:book-list"),
            by=by,
        )
    return told
