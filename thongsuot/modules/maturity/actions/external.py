"""External assessment: teams, visits with minutes, the team's scores, differences argued on both sides, the result."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..domain.scoring import Answer, check
from ..models import Assessment, ExternalScore, MaturityRound, Team, TeamMember, Visit
from ..permissions import FILL, can_assess, can_fill, can_score, can_submit
from ..queries.rubrics import rubric_of
from ..queries.sheets import sheet
from ..queries.teams import possible_members
from ..types import AssessmentIncomplete, AssessmentState, AssessmentStep, DecisionFault, WrongAnswer
from .filling import _fields
from .steps import _keep, _locked, _log, _move, _refuse, _tell_desk, _tell_team


@transaction.atomic
def save_team(
    *,
    by: Actor,
    round: MaturityRound,
    name: str,
    member_ids: Collection[int],
    lead_id: int,
    basis: str = "",
    team: Team | None = None,
    today: date,
) -> Team:
    """Make a team of the department, or change one (`team`). Its lead is one of its members.

    Raises NotAllowed, DecisionFault: no name, a name taken, members who may not assess, a lead from outside.
    """
    if not can_assess(by):
        raise NotAllowed(_("Chỉ Sở lập đoàn đánh giá ngoài."))
    words = clean_text(name)
    if not words:
        raise DecisionFault(_("Cần ghi tên đoàn."), field="name")
    members = set(member_ids) | {lead_id}
    may = {pk for pk, _name in possible_members(by, today=today)}
    if not members <= may:
        raise DecisionFault(_("Có người không thuộc Sở hoặc không có quyền đánh giá ngoài."), field="members")
    same = Team.objects.filter(round=round, name=words).exclude(pk__in=[team.pk] if team else [])
    if same.exists():
        raise DecisionFault(_("Đã có đoàn mang tên này trong đợt."), field="name")
    fields = {"name": words[:160], "basis": clean_text(basis)[:200]}
    owner = organization.department_id()
    if owner is None:
        raise NotAllowed(_("Chỉ Sở lập đoàn đánh giá ngoài."))
    if team is None:
        row = Team.objects.create(round=round, owner_unit_id=owner, **fields)
    else:
        row = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        for key, value in fields.items():
            setattr(row, key, value)
        row.save(update_fields=list(fields))
        row.members.all().delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=row, user_id=pk, is_lead=pk == lead_id) for pk in sorted(members)]
    )
    return row


@transaction.atomic
def assign_team(*, by: Actor, assessments: Iterable[Assessment], team: Team, now: datetime) -> int:
    """Give assessments that have come up to a team; returns how many. Raises NotAllowed, AssessmentStep."""
    if not can_assess(by):
        raise NotAllowed(_("Chỉ Sở giao phiếu cho đoàn đánh giá ngoài."))
    number = 0
    for one in assessments:
        if one.round_id != team.round_id:
            raise AssessmentStep(_("Đoàn và phiếu không cùng một đợt đánh giá."))
        kept = _keep(_move(one, "assign"), by, "assign", now, team.name, team=team)
        _tell_desk(
            by,
            kept,
            FILL,
            kept.unit_id,
            _("%(team)s sẽ đánh giá ngoài tại trường") % {"team": team.name},
            now,
        )
        number += 1
    return number


def _scored(by: Actor, assessment: Assessment) -> Assessment:
    row = _locked(assessment)
    if not can_score(by, row):
        raise NotAllowed(_("Chỉ thành viên của đoàn mới làm được việc này."))
    if row.state != AssessmentState.EXTERNAL:
        raise _refuse(row)
    return row


@transaction.atomic
def plan_visit(*, by: Actor, assessment: Assessment, planned_on: date, place: str, now: datetime) -> Visit:
    """Set a day for working at the school; its people are told. Raises NotAllowed, AssessmentStep."""
    row = _scored(by, assessment)
    visit = Visit.objects.create(
        assessment=row, planned_on=planned_on, place=clean_text(place)[:200], noted_by_id=by.user_id
    )
    said_of = {"day": f"{planned_on:%d/%m/%Y}"}
    _log(row, by, "visit", now, _("Hẹn làm việc ngày %(day)s") % said_of)
    _tell_desk(by, row, FILL, row.unit_id, _("Đoàn hẹn làm việc ngày %(day)s") % said_of, now)
    return visit


@transaction.atomic
def record_visit(
    *,
    by: Actor,
    visit: Visit,
    held_on: date,
    minutes: str,
    now: datetime,
    present: str = "",
    file: Any = None,
) -> Visit:
    """Write the minutes of a visit. Raises NotAllowed, AssessmentStep, AssessmentIncomplete (no minutes, a day to come)."""
    _scored(by, visit.assessment)
    row = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not minutes.strip():
        raise AssessmentIncomplete(_("Cần ghi nội dung biên bản."), field="minutes")
    if held_on > timezone.localdate(now):
        raise AssessmentIncomplete(_("Ngày làm việc chưa đến."), field="held_on")
    row.held_on, row.minutes, row.present = held_on, minutes.strip(), present.strip()
    row.file, row.noted_by_id = file or row.file, by.user_id
    row.save(update_fields=["held_on", "minutes", "present", "file", "noted_by"])
    _log(row.assessment, by, "minutes", now, f"{held_on:%d/%m/%Y}")
    return row


@transaction.atomic
def score_item(
    *, by: Actor, assessment: Assessment, item: str, answer: Answer, note: str, now: datetime
) -> ExternalScore:
    """The team's own finding on one item, with its argument. Raises NotAllowed, AssessmentStep, WrongAnswer."""
    row = _scored(by, assessment)
    found = rubric_of(row.rubric).item(item)
    if found is None:
        raise WrongAnswer(_("Bộ chỉ số không có mục %(code)s.") % {"code": item})
    check(found, answer)
    kept, _made = ExternalScore.objects.update_or_create(
        assessment=row,
        item=item,
        defaults={**_fields(answer), "note": clean_text(note), "said_by_id": by.user_id, "said_at": now},
    )
    return kept


@transaction.atomic
def confirm_rest(*, by: Actor, assessment: Assessment, now: datetime) -> int:
    """Take over the school's own word for every item that the team has not scored; returns how many.

    Raises NotAllowed, AssessmentStep.
    """
    row = _scored(by, assessment)
    found = sheet(row, today=timezone.localdate(now))
    rows = [
        ExternalScore(
            assessment=row, item=line.item.code, said_by_id=by.user_id, said_at=now, **_fields(line.own)
        )
        for line in found.external_left
    ]
    ExternalScore.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def propose(*, by: Actor, assessment: Assessment, now: datetime) -> Assessment:
    """Send the team's result to the school for its answer. Raises NotAllowed, AssessmentStep, AssessmentIncomplete: no visit
    with minutes, items not scored, differences without an argument.
    """
    row = _scored(by, assessment)
    found = sheet(row, today=timezone.localdate(now))
    if not row.visits.filter(held_on__isnull=False).exists():
        raise AssessmentIncomplete(_("Chưa có buổi làm việc nào có biên bản."))
    if found.external_left:
        codes = ", ".join(line.item.code for line in found.external_left[:8])
        raise AssessmentIncomplete(_("Đoàn chưa chấm mục: %(items)s.") % {"items": codes})
    bare = [
        line.item.code for line in found.differences if not (line.external_row and line.external_row.note)
    ]
    if bare:
        said_of = {"items": ", ".join(bare[:8])}
        raise AssessmentIncomplete(_("Cần nêu lý do khác với trường ở mục: %(items)s.") % said_of)
    kept = _keep(
        _move(row, "propose"),
        by,
        "propose",
        now,
        external_level=found.external.level,
        external_points=found.external.points_of(),
        proposed_at=now,
    )
    title = _("Có kết quả đánh giá ngoài, chờ ý kiến của trường")
    _tell_desk(by, kept, FILL, kept.unit_id, title, now)
    return kept


@transaction.atomic
def reply(*, by: Actor, assessment: Assessment, item: str, text: str, now: datetime) -> ExternalScore:
    """The school's word on one difference. Raises NotAllowed, AssessmentStep, AssessmentIncomplete, WrongAnswer."""
    row = _locked(assessment)
    if not can_fill(by, row):
        raise NotAllowed(_("Chỉ trường được đánh giá mới trả lời được."))
    if row.state != AssessmentState.PROPOSED:
        raise _refuse(row)
    if not text.strip():
        raise AssessmentIncomplete(_("Cần ghi ý kiến."), field="text")
    kept = ExternalScore.objects.select_for_update(of=("self",)).filter(assessment=row, item=item).first()
    if kept is None:
        raise WrongAnswer(_("Bộ chỉ số không có mục %(code)s.") % {"code": item})
    kept.reply, kept.replied_by_id, kept.replied_at = text.strip(), by.user_id, now
    kept.save(update_fields=["reply", "replied_by", "replied_at"])
    return kept


@transaction.atomic
def agree(*, by: Actor, assessment: Assessment, now: datetime) -> Assessment:
    """The school agrees with the team's result. Raises NotAllowed, AssessmentStep."""
    if not can_submit(by, assessment):
        raise NotAllowed(_("Chỉ người đứng đầu đơn vị mới đồng ý được."))
    kept = _keep(_move(assessment, "agree"), by, "agree", now, concluded_at=now)
    _tell_team(by, kept, _("%(unit)s đồng ý kết quả đánh giá ngoài") % {"unit": kept.unit.name})
    return kept


@transaction.atomic
def contest(*, by: Actor, assessment: Assessment, now: datetime) -> Assessment:
    """The school does not agree: the team looks again at what it has replied to.

    Raises NotAllowed, AssessmentStep, AssessmentIncomplete without a word on any item.
    """
    if not can_submit(by, assessment):
        raise NotAllowed(_("Chỉ người đứng đầu đơn vị mới trả lời được."))
    row = _move(assessment, "contest")
    replied = row.external_scores.exclude(reply="").filter(replied_at__gte=row.proposed_at)
    if not replied.exists():
        raise AssessmentIncomplete(_("Hãy ghi ý kiến ở ít nhất một mục không đồng ý."))
    codes = ", ".join(replied.order_by("item").values_list("item", flat=True))
    kept = _keep(row, by, "contest", now, codes)
    _tell_team(
        by, kept, _("%(unit)s không đồng ý ở mục %(items)s") % {"unit": kept.unit.name, "items": codes}
    )
    return kept


@transaction.atomic
def conclude(*, by: Actor, assessment: Assessment, reason: str, now: datetime) -> Assessment:
    """After having heard the school, the team's lead holds to the team's scores as they stand now.

    Raises NotAllowed (not the lead), AssessmentStep (the school has not been heard), AssessmentIncomplete.
    """
    row = _scored(by, assessment)
    lead = TeamMember.objects.filter(team__assessments=row, user_id__in=[by.user_id], is_lead=True).exists()
    if not (by.is_system or lead):
        raise NotAllowed(_("Chỉ trưởng đoàn mới kết luận được."))
    if row.proposed_at is None:
        raise AssessmentStep(_("Cần gửi kết quả cho trường có ý kiến trước khi kết luận."))
    if not reason.strip():
        raise AssessmentIncomplete(_("Cần ghi lý do giữ kết quả."), field="reason")
    found = sheet(row, today=timezone.localdate(now))
    kept = _keep(
        _move(row, "conclude"),
        by,
        "conclude",
        now,
        reason.strip(),
        external_level=found.external.level,
        external_points=found.external.points_of(),
        concluded_at=now,
    )
    _tell_desk(by, kept, FILL, kept.unit_id, _("Đoàn đã kết luận kết quả đánh giá ngoài"), now)
    return kept
