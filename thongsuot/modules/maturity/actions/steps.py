"""What every step shares: the row locked and moved, the story kept, the other side told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.transitions import next_state
from ..models import Assessment, AssessmentLog, TeamMember
from ..types import AssessmentStep

KIND = "maturity.step"


def _locked(assessment: Assessment) -> Assessment:
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("unit__parent", "round__school_year", "rubric")
        .get(pk=assessment.pk)
    )


def _refuse(row: Assessment) -> AssessmentStep:
    said = _("Phiếu của %(unit)s đang ở trạng thái “%(state)s” nên không làm được việc này.")
    return AssessmentStep(said % {"unit": row.unit.name, "state": row.get_state_display()})


def _move(assessment: Assessment, verb: str) -> Assessment:
    """The row, locked, in the state after `verb`, not saved; AssessmentStep when somebody was quicker."""
    row = _locked(assessment)
    after = next_state(row.state, verb)
    if after is None:
        raise _refuse(row)
    row.state = after
    return row


def _keep(
    row: Assessment, by: Actor, verb: str, now: datetime, detail: str = "", **fields: Any
) -> Assessment:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    _log(row, by, verb, now, detail)
    return row


def _log(row: Assessment, by: Actor, verb: str, now: datetime, detail: str = "") -> None:
    AssessmentLog.objects.create(assessment=row, verb=verb, detail=detail, by_id=by.user_id, at=now)


def _tell_desk(
    by: Actor, row: Assessment, right: str, unit_id: int | None, title: str, now: datetime
) -> None:
    """Those who hold `right` at the unit itself, of a commune also at its office."""
    if unit_id is None:
        return
    with act_as(Actor.system()):
        desk = organization.desk_users(right, [unit_id], today=now.date()).get(unit_id, [])
    _tell(by, row, desk, title)


def _tell_team(by: Actor, row: Assessment, title: str) -> None:
    with act_as(Actor.system()):
        people = list(TeamMember.objects.filter(team__assessments=row).values_list("user_id", flat=True))
    _tell(by, row, people, title)


def _tell(by: Actor, row: Assessment, people: Iterable[int], title: str) -> None:
    url = reverse("maturity:assessment-detail", args=[row.public_id])
    notify(recipients=people, kind=KIND, title=title, body=str(row.rubric.title), url=url, by=by)
