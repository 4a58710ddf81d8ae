"""What runs in the background: ids in, one action out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.queries import jobs_of
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import FINISHED, JobResult
from thongsuot.kit.postgres.isolation import act_as

from ..actions.timetable_edits import keep_solution
from ..actions.timetables import require_maker
from ..domain.timetable_solver import INFEASIBLE, SOLVED, effort_for, solve
from ..models import Timetable
from ..queries.timetables import board
from ..types import StateConflict, TimetableState

# What the bar is drawn against: seconds after which most schools are done.
USUAL_SECONDS = 90


@job_task(name="gradebook.solve_timetable", in_steps=True)
def solve_timetable(*, by: Actor, progress: Progress, timetable_id: int) -> JobResult:
    """Read, solve outside of any transaction, write. Run again from its beginning, it ends the same."""
    progress.set(0, total=USUAL_SECONDS, message=_("Đọc phân công và ràng buộc"))
    with act_as(by):
        row = Timetable.objects.select_related("unit", "school_year").filter(pk=timetable_id).first()
        if row is None:
            raise StateConflict(_("Không còn thấy thời khoá biểu này."))
        require_maker(by=by, unit_id=row.unit_id)
        problem, edition = board(by, row).to_solve, row.edition
    words = {
        "search": _("Đang tìm cách xếp thoả mọi ràng buộc"),
        "improve": _("Đã xếp được; đang bớt tiết trống của giáo viên"),
        "explain": _("Không xếp được; đang tìm ràng buộc nào phải nới"),
    }

    def watch(phase: str, seconds: float, found: int) -> None:
        progress.set(min(int(seconds), USUAL_SECONDS - 1), message=words[phase])

    outcome = solve(problem, effort_for(problem), watch)
    with act_as(by), acting(by, reason=_("Xếp thời khoá biểu tự động")):
        keep_solution(by=by, timetable=row, outcome=outcome, edition=edition, now=timezone.now())
    progress.set(USUAL_SECONDS, message="")
    url = reverse("timetable:detail", args=[row.public_id])
    if outcome.state == SOLVED:
        gaps = outcome.quality.gaps if outcome.quality else 0
        said = _("Đã xếp %(many)d tiết, không trùng; giáo viên có %(gaps)d tiết trống giữa buổi.")
        return JobResult(url=url, message=said % {"many": len(outcome.placed), "gaps": gaps})
    if outcome.state == INFEASIBLE:
        return JobResult(url=url, message=_("Không xếp được với các ràng buộc này; xem giải thích."))
    return JobResult(url=url, message=_("Hết thời gian mà chưa tìm được; hãy bớt ràng buộc hoặc chạy lại."))


def solving_of(actor: Actor, timetable: Any) -> Job | None:
    """The actor's solving of this timetable that has not ended yet."""
    rows = jobs_of(actor).filter(task=solve_timetable.name, arguments__timetable_id=timetable.pk)
    return rows.exclude(state__in=FINISHED).order_by("-pk").first()


def ask_to_solve(*, by: Actor, timetable: Any) -> Job:
    """Queue the solving of a draft. Raises NotAllowed, StateConflict."""
    require_maker(by=by, unit_id=timetable.unit_id)
    if timetable.state != TimetableState.DRAFT:
        raise StateConflict(_("Chỉ xếp tự động được bản đang lập."))
    return start_job(
        by=by,
        task=solve_timetable,
        title=_("Xếp %(name)s") % {"name": timetable},
        unit_id=timetable.unit_id,
        timetable_id=timetable.pk,
    )
