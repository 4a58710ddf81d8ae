"""Decisions that recognise levels: drafted, signed with number and date, published; and appeals against them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.calendar import appeal_until
from ..models import Appeal, Assessment, Decision, MaturityRound, Recognition
from ..permissions import FILL, RECOGNISE, can_assess, can_recognise, can_submit
from ..queries.decision_document import decision_pdf, symbol_on
from ..queries.rubrics import rubric_of
from ..types import AppealLate, AppealState, AssessmentState, DecisionFault
from .steps import KIND, _keep, _log, _move, _refuse, _tell_desk

PDF_KIND = "maturity.decision"


def _locked_draft(by: Actor, decision: Decision) -> Decision:
    if not can_assess(by):
        raise NotAllowed(_("Chỉ Sở lập quyết định công nhận."))
    row = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if row.number is not None:
        raise DecisionFault(_("Quyết định đã ban hành, không sửa được nữa."))
    return row


@transaction.atomic
def draft_decision(
    *, by: Actor, round: MaturityRound, assessments: Iterable[Assessment], today: date
) -> Decision:
    """A draft that recognises concluded assessments, each at the level of the external assessment (the department's own:
    at what it found itself). Raises NotAllowed, AssessmentStep, DecisionFault (none, or one in a decision already).
    """
    if not can_assess(by):
        raise NotAllowed(_("Chỉ Sở lập quyết định công nhận."))
    owner = organization.department_id()
    if owner is None:
        raise NotAllowed(_("Chỉ Sở lập quyết định công nhận."))
    row = Decision.objects.create(round=round, owner_unit_id=owner, symbol=symbol_on(today))
    if not _add(row, assessments):
        raise DecisionFault(_("Chưa chọn phiếu nào đã thống nhất kết quả."))
    return row


def _add(decision: Decision, assessments: Iterable[Assessment]) -> int:
    ids = [one.pk for one in assessments]
    rows = list(
        Assessment.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk__in=ids, round=decision.round)
        .order_by("pk")
    )
    for one in rows:
        if one.state != AssessmentState.CONCLUDED:
            raise _refuse(one)
    taken = Recognition.objects.filter(assessment__in=rows, is_live=True).select_related("unit").first()
    if taken is not None:
        said = _("%(unit)s đã có trong một quyết định khác.")
        raise DecisionFault(said % {"unit": taken.unit.name})
    Recognition.objects.bulk_create(
        [
            Recognition(
                decision=decision,
                assessment=one,
                unit_id=one.unit_id,
                level=one.external_level or one.self_level or 1,
                points=one.external_points or one.self_points,
            )
            for one in rows
        ]
    )
    return len(rows)


@transaction.atomic
def drop_from_decision(*, by: Actor, recognition: Recognition) -> None:
    """Take a school out of a draft. Raises NotAllowed, DecisionFault (signed already)."""
    _locked_draft(by, recognition.decision)
    Recognition.objects.filter(pk=recognition.pk).delete()


@transaction.atomic
def discard_draft(*, by: Actor, decision: Decision) -> None:
    """Throw a draft away; its assessments wait for another. Raises NotAllowed, DecisionFault (signed already)."""
    _locked_draft(by, decision).delete()


@transaction.atomic
def issue_decision(
    *,
    by: Actor,
    decision: Decision,
    number: int,
    signed_on: date,
    signer_name: str,
    now: datetime,
    by_deputy: bool = False,
) -> Decision:
    """Give the decision its number and day: its PDF is made and kept, the levels stand in the register.

    Raises NotAllowed (a leader of the department signs), DecisionFault: empty, a number taken in that year, a day to come.
    """
    if not can_recognise(by):
        raise NotAllowed(_("Chỉ lãnh đạo Sở ban hành quyết định công nhận."))
    row = _locked_draft(by, decision)
    _check_number(row, number, signed_on, signer_name, timezone.localdate(now))
    row.number, row.signed_on, row.issued_by_id = number, signed_on, by.user_id
    row.signer_name, row.by_deputy = signer_name.strip()[:120], by_deputy
    rows = list(row.recognitions.select_related("assessment").order_by("pk"))
    if not rows:
        raise DecisionFault(_("Quyết định chưa có đơn vị nào."))
    row.file = _paper(by, row)
    row.save(update_fields=["number", "signed_on", "signer_name", "by_deputy", "issued_by", "file"])
    for line in rows:
        if row.amends_id is None:
            _keep(_move(line.assessment, "recognise"), by, "recognise", now, str(row))
        else:
            _log(line.assessment, by, "recognise", now, str(row))
    return row


def _check_number(row: Decision, number: int, signed_on: date, signer_name: str, today: date) -> None:
    if signed_on > today:
        raise DecisionFault(_("Ngày ký chưa đến."), field="signed_on")
    if not signer_name.strip():
        raise DecisionFault(_("Cần ghi họ tên người ký."), field="signer_name")
    same = Decision.objects.filter(
        owner_unit=row.owner_unit_id, symbol=row.symbol, number=number, signed_on__year=signed_on.year
    )
    if same.exists():
        raise DecisionFault(_("Số này đã dùng cho một quyết định khác trong năm."), field="number")


def _paper(by: Actor, row: Decision) -> Any:
    upload = ContentFile(decision_pdf(row), name=f"quyet-dinh-cong-nhan-{row.number}.pdf")
    return store_upload(by=by, upload=upload, owner_unit_id=row.owner_unit_id, kind=PDF_KIND)


@transaction.atomic
def publish_decision(*, by: Actor, decision: Decision, today: date) -> Decision:
    """Let everybody read the levels; from that day the days for an appeal are counted. Raises NotAllowed, DecisionFault."""
    if not can_recognise(by):
        raise NotAllowed(_("Chỉ lãnh đạo Sở công bố kết quả."))
    row = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if row.number is None:
        raise DecisionFault(_("Cần ban hành quyết định trước khi công bố."))
    if row.published_on is not None:
        raise DecisionFault(_("Quyết định đã được công bố."))
    row.published_on = today
    row.save(update_fields=["published_on"])
    units = list(row.recognitions.values_list("unit_id", flat=True))
    with act_as(Actor.system()):
        desks = organization.desk_users(FILL, units, today=today)
    notify(
        recipients={user for people in desks.values() for user in people},
        kind=KIND,
        title=_("Đã công bố mức độ chuyển đổi số năm học %(year)s") % {"year": row.round.school_year.name},
        url=reverse("maturity:register"),
        by=by,
    )
    return row


@transaction.atomic
def file_appeal(
    *, by: Actor, recognition: Recognition, reason: str, now: datetime, file: Any = None
) -> Appeal:
    """A school appeals against its published level. Raises NotAllowed, AppealLate (not published, too late, one is open),
    DecisionFault (no reason).
    """
    if not can_submit(by, recognition.assessment):
        raise NotAllowed(_("Chỉ người đứng đầu đơn vị mới gửi kiến nghị được."))
    row = (
        Recognition.objects.select_for_update(of=("self",))
        .select_related("decision__round", "assessment__unit", "assessment__rubric")
        .get(pk=recognition.pk)
    )
    published = row.decision.published_on
    if published is None or not row.is_live:
        raise AppealLate(_("Kết quả này chưa công bố hoặc đã được thay."))
    last = appeal_until(published, row.decision.round.appeal_days)
    if timezone.localdate(now) > last:
        raise AppealLate(_("Đã hết hạn kiến nghị (ngày %(day)s).") % {"day": f"{last:%d/%m/%Y}"})
    if row.appeals.filter(state=AppealState.FILED).exists():
        raise AppealLate(_("Trường đã gửi kiến nghị và đang chờ trả lời."))
    if not reason.strip():
        raise DecisionFault(_("Cần ghi lý do kiến nghị."), field="reason")
    appeal = Appeal.objects.create(
        recognition=row,
        unit_id=row.unit_id,
        reason=reason.strip(),
        file=file,
        filed_by_id=by.user_id,
        filed_at=now,
    )
    _log(row.assessment, by, "appeal", now, reason.strip())
    title = _("%(unit)s kiến nghị về mức được công nhận") % {"unit": row.assessment.unit.name}
    _tell_desk(by, row.assessment, RECOGNISE, row.decision.owner_unit_id, title, now)
    return appeal


@transaction.atomic
def decide_appeal(
    *,
    by: Actor,
    appeal: Appeal,
    answer: str,
    now: datetime,
    level: int | None = None,
    number: int | None = None,
    signed_on: date | None = None,
    signer_name: str = "",
) -> Appeal:
    """Answer an appeal. Without `level` the old one stays; with it an amending decision is signed (number, day, signer), put
    in the register in place of the old line, and published.

    Raises NotAllowed, DecisionFault: decided already, no reasons, the same or an unknown level, no number.
    """
    if not can_recognise(by):
        raise NotAllowed(_("Chỉ lãnh đạo Sở giải quyết kiến nghị."))
    row = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if row.state != AppealState.FILED:
        raise DecisionFault(_("Kiến nghị đã được giải quyết."))
    if not answer.strip():
        raise DecisionFault(_("Cần ghi nội dung trả lời."), field="answer")
    line = Recognition.objects.select_related("decision__round", "assessment__rubric").get(
        pk=row.recognition_id
    )
    if level is not None:
        if number is None or signed_on is None:
            raise DecisionFault(_("Cần số và ngày của quyết định sửa đổi."), field="number")
        _check_level(line, level)
        amended = _amend(line, level)
        issue_decision(
            by=by, decision=amended, number=number, signed_on=signed_on, signer_name=signer_name, now=now
        )
        publish_decision(by=by, decision=amended, today=timezone.localdate(now))
    row.state = AppealState.UPHELD if level is not None else AppealState.DISMISSED
    row.answer, row.decided_by_id, row.decided_at = answer.strip(), by.user_id, now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _log(line.assessment, by, "appeal_decided", now, answer.strip())
    _tell_desk(by, line.assessment, FILL, row.unit_id, _("Kiến nghị đã được trả lời"), now)
    return row


def _check_level(line: Recognition, level: int) -> None:
    if level not in {one.number for one in rubric_of(line.assessment.rubric).levels}:
        raise DecisionFault(_("Bộ chỉ số không có mức này."), field="level")
    if level == line.level:
        raise DecisionFault(_("Mức mới phải khác mức đang được công nhận."), field="level")


def _amend(line: Recognition, level: int) -> Decision:
    """A draft with the one line that takes the place of `line`."""
    old = line.decision
    decision = Decision.objects.create(
        round=old.round, owner_unit_id=old.owner_unit_id, symbol=old.symbol, amends=old
    )
    line.is_live = False
    line.save(update_fields=["is_live"])
    line.replaced_by = Recognition.objects.create(
        decision=decision, assessment=line.assessment, unit_id=line.unit_id, level=level, points=line.points
    )
    line.save(update_fields=["replaced_by"])
    return decision
