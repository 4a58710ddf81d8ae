"""Handing in with the figures frozen, looking through at the commune, sending up or back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..domain.transitions import submit_verb
from ..models import Answer as AnswerRow
from ..models import Assessment, FrozenFigure
from ..permissions import ASSESS, FILL, FORWARD, can_assess, can_forward, can_submit
from ..queries.sheets import Line, Sheet, sheet
from ..types import AssessmentIncomplete
from .steps import _keep, _move, _tell_desk

MOST_NAMED = 8


@transaction.atomic
def submit(*, by: Actor, assessment: Assessment, now: datetime) -> Assessment:
    """Hand the assessment in: the platform's figures are frozen with the counts of rows and the moment, and with them the
    points. A school of a commune goes to its commune, others to the department, the department's own is done.

    Raises NotAllowed, AssessmentStep, AssessmentIncomplete: items without an answer, claims without evidence, figures
    departed from without a reason.
    """
    if not can_submit(by, assessment):
        raise NotAllowed(_("Chỉ người đứng đầu đơn vị mới nộp được phiếu đánh giá."))
    parent = assessment.unit.parent
    has_commune = parent is not None and parent.kind == "commune"
    verb = submit_verb(assessment.rubric.subject, has_commune=has_commune)
    # Read while it is still open: from then on the figures are the frozen ones.
    found = sheet(assessment, today=timezone.localdate(now))
    row = _move(assessment, verb)
    _complete(found)
    number = row.submissions + 1
    _freeze(row, found, number, now)
    steps: dict[str, Any] = {} if verb == "submit" else {"forwarded_at": now}
    if verb == "submit_own":
        steps["concluded_at"] = now
    kept = _keep(
        row,
        by,
        "submit",
        now,
        self_level=found.own.level,
        self_points=found.own.points_of(),
        submissions=number,
        submitted_by_id=by.user_id,
        submitted_at=now,
        note="",
        **steps,
    )
    right = FORWARD if verb == "submit" else ASSESS
    above = parent.pk if verb == "submit" and parent is not None else organization.department_id()
    if verb != "submit_own":
        title = _("%(unit)s đã nộp tự đánh giá chuyển đổi số") % {"unit": row.unit.name}
        _tell_desk(by, kept, right, above, title, now)
    return kept


def _complete(found: Sheet) -> None:
    for lines, words in (
        (found.unanswered, _("Chưa trả lời mục: %(items)s.")),
        (found.unproved, _("Cần minh chứng cho mục: %(items)s.")),
        (found.unreasoned, _("Số nhập tay khác số của hệ thống, cần giải thích ở mục: %(items)s.")),
    ):
        if lines:
            raise AssessmentIncomplete(words % {"items": _named(lines)})


def _named(lines: list[Line]) -> str:
    codes = ", ".join(line.item.code for line in lines[:MOST_NAMED])
    left = len(lines) - MOST_NAMED
    return codes if left <= 0 else _("%(codes)s và %(left)d mục khác") % {"codes": codes, "left": left}


def _freeze(row: Assessment, found: Sheet, number: int, now: datetime) -> None:
    known = [(line, line.known) for line in found.lines.values() if line.known is not None]
    FrozenFigure.objects.bulk_create(
        [
            FrozenFigure(
                assessment=row,
                item=line.item.code,
                submission=number,
                source=figure.source,
                source_version=figure.version,
                as_of=figure.as_of,
                numerator=figure.numerator,
                denominator=figure.denominator,
                value=figure.value,
                computed_at=now,
            )
            for line, figure in known
        ]
    )
    _write_down(found)


def _write_down(found: Sheet) -> None:
    """Answers taken over from the platform are what was frozen, not what the records say later."""
    rows = []
    for line in found.lines.values():
        if line.own_row is not None and line.own_row.from_registry:
            answer: Any = line.own
            row = line.own_row
            row.yes, row.amount = answer.yes, answer.amount
            row.numerator, row.denominator = answer.numerator, answer.denominator
            rows.append(row)
    AnswerRow.objects.bulk_update(rows, ["yes", "amount", "numerator", "denominator"])


@transaction.atomic
def forward(*, by: Actor, assessment: Assessment, now: datetime, note: str = "") -> Assessment:
    """The commune sends a school's assessment up, with its opinion. Raises NotAllowed, AssessmentStep."""
    if not can_forward(by, assessment):
        raise NotAllowed(_("Chỉ UBND xã quản lý trường mới gửi lên Sở được."))
    words = clean_text(note)
    kept = _keep(_move(assessment, "forward"), by, "forward", now, words, forwarded_at=now, note=words)
    title = _("Phiếu chuyển đổi số của %(unit)s đã lên Sở") % {"unit": kept.unit.name}
    _tell_desk(by, kept, ASSESS, organization.department_id(), title, now)
    _tell_desk(by, kept, FILL, kept.unit_id, _("Xã đã gửi phiếu chuyển đổi số của trường lên Sở"), now)
    return kept


@transaction.atomic
def send_back(*, by: Actor, assessment: Assessment, reason: str, now: datetime) -> Assessment:
    """The commune, or the department, sends the assessment back for more. Raises NotAllowed, AssessmentStep,
    AssessmentIncomplete (no reason).
    """
    at_commune = assessment.state == "submitted" and can_forward(by, assessment)
    if not (at_commune or can_assess(by)):
        raise NotAllowed(_("Chỉ nơi đang giữ phiếu mới trả lại được."))
    words = clean_text(reason)
    if not words:
        raise AssessmentIncomplete(_("Cần ghi lý do trả lại."), field="reason")
    kept = _keep(_move(assessment, "return"), by, "return", now, words, note=words)
    title = _("Phiếu chuyển đổi số bị trả lại: %(reason)s") % {"reason": words[:120]}
    _tell_desk(by, kept, FILL, kept.unit_id, title, now)
    return kept
