"""Signed files of other provinces whose check could not decide: looked at again until it can, by time and on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.types import Verdict

from ..domain.rechecking import next_look
from ..models import ForeignCheck, ForeignTranscript
from ..permissions import PREPARE, within
from ..queries.moving import foreign_file
from ..queries.verification import Check, check_transcript, reasons_of
from .keeping import _tell_school

IN_ONE = 50


@dataclass(frozen=True)
class Rechecked:
    """looked: files looked at; valid, invalid: those that are decided now."""

    looked: int = 0
    valid: int = 0
    invalid: int = 0

    def with_verdict(self, verdict: Verdict) -> Rechecked:
        return Rechecked(
            self.looked + 1,
            self.valid + (verdict == Verdict.VALID),
            self.invalid + (verdict == Verdict.INVALID),
        )


def recheck_foreign(
    *, by: Actor, now: datetime, student_id: int | None = None, most: int = 1000
) -> Rechecked:
    """Look again at files whose time has come; of `student_id`, at every undecided one whenever it was looked at last.

    Opens transactions of its own, none while an authority is asked. Each look is kept (`ForeignCheck`); what is decided
    is told to the school. Only files that the actor's schools hold and that `by` may work on; the system sees all.
    """
    found, after = Rechecked(), 0
    while found.looked < most:
        with act_as(by):
            rows = _due(by, now, student_id, after)
        if not rows:
            break
        for row in rows[: most - found.looked]:
            # The file has been here since it was taken in: its signatures surely existed then.
            check = check_transcript(foreign_file(row), at=row.taken_in_at, with_store=False)
            with act_as(by), acting(by, reason=_("Kiểm tra lại học bạ từ tỉnh khác")):
                _note(by, row.pk, check, now)
            found = found.with_verdict(check.verdict)
        after = rows[-1].pk
    return found


def _due(by: Actor, now: datetime, student_id: int | None, after: int) -> list[ForeignTranscript]:
    rows = ForeignTranscript.objects.filter(pk__gt=after, next_check_at__isnull=False)
    if not by.is_system:
        rows = rows.filter(within(by, PREPARE))
    rows = rows.filter(next_check_at__lte=now) if student_id is None else rows.filter(student_id=student_id)
    return list(rows.order_by("pk")[:IN_ONE])


def _note(by: Actor, pk: int, check: Check, now: datetime) -> None:
    row = ForeignTranscript.objects.select_for_update(of=("self",)).select_related("student").get(pk=pk)
    if row.next_check_at is None:
        # Decided by somebody else meanwhile.
        return
    row.verdict, row.reasons, row.checked_at = check.verdict.value, reasons_of(check), now
    row.next_check_at = next_look(row.taken_in_at, now) if check.verdict == Verdict.INDETERMINATE else None
    row.save(update_fields=["verdict", "reasons", "checked_at", "next_check_at"])
    note_check(row, by=by, now=now)
    if row.next_check_at is None:
        said = (
            _("Học bạ từ tỉnh khác đã kiểm tra xong: hợp lệ")
            if check.verdict == Verdict.VALID
            else _("Học bạ từ tỉnh khác không hợp lệ sau khi kiểm tra lại: xem lý do")
        )
        url = reverse("transcripts:pupil", args=[row.student.public_id])
        _tell_school(by, row.unit_id, PREPARE, said, now, url=url)


def note_check(row: ForeignTranscript, *, by: Actor, now: datetime) -> None:
    """One more line of the history of `row`, as it stands."""
    ForeignCheck.objects.create(
        foreign=row, verdict=row.verdict, reasons=row.reasons, by_id=by.user_id, at=now
    )
