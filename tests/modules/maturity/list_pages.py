"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit, make_user
from tests.modules.maturity.bodies import body
from thongsuot.modules.maturity.models import (
    Appeal,
    Assessment,
    Decision,
    MaturityRound,
    Recognition,
    RubricVersion,
    Team,
    TeamMember,
)
from thongsuot.modules.organization.models import Unit

_numbers = count(1)
DAY = date(2027, 5, 31)


def _round():
    found = MaturityRound.objects.first()
    return found or MaturityRound.objects.create(
        school_year=make_school_year(2026), as_of=DAY, self_due_on=DAY, forward_due_on=DAY, external_due_on=DAY,
        appeal_days=10, opened_at=timezone.now(),
    )  # fmt: skip


def _rubric():
    found = RubricVersion.objects.first()
    return found or RubricVersion.objects.create(
        code="4725", number=1, decision="4725/QĐ-BGDĐT", title="Bộ chỉ số", issued_on=DAY, subject="school",
        body=body("4725"), is_enabled=True, is_current=True, origin="file", made_at=timezone.now(),
    )  # fmt: skip


def _department():
    return Unit.objects.filter(kind="department").first() or make_unit("department")


def _team(number):
    made = Team.objects.create(round=_round(), owner_unit=_department(), name=f"Đoàn {number}")
    TeamMember.objects.create(team=made, user=make_user(), is_lead=True)
    return made


def make_assessment():
    return Assessment.objects.create(
        round=_round(), unit=make_school(parent=make_unit("commune")), rubric=_rubric(), state="external",
        team=_team(next(_numbers)), self_level=2,
    )  # fmt: skip


def make_assessments(number, actor):
    # A button for each team stands below the list: as many teams, whatever the number of rows.
    if not Team.objects.exists():
        _team("của trang")
    team = Team.objects.first()
    for _ in range(number):
        row = make_assessment()
        other, row.team = row.team, team
        row.save()
        other.delete()


def make_teams(number, actor):
    for _ in range(number):
        _team(next(_numbers))


def _decision():
    n = next(_numbers)
    return Decision.objects.create(
        round=_round(), owner_unit=_department(), number=n, symbol="QĐ-SGDĐT", signed_on=DAY, published_on=DAY,
        signer_name="A",
    )  # fmt: skip


def _recognition():
    row = make_assessment()
    return Recognition.objects.create(
        decision=_decision(), assessment=row, unit=row.unit, level=2, points={"1": "60", "2": "70"}
    )


def make_decisions(number, actor):
    for _ in range(number):
        _decision()


def make_lines(number, actor):
    for _ in range(number):
        _recognition()


def make_appeals(number, actor):
    for _ in range(number):
        line = _recognition()
        Appeal.objects.create(
            recognition=line, unit=line.unit, reason="x", filed_by=make_user(), filed_at=timezone.now()
        )


ROWS = {
    "maturity:assessment-list": make_assessments,
    "maturity:team-list": make_teams,
    "maturity:decision-list": make_decisions,
    "maturity:register": make_lines,
    "maturity:appeal-list": make_appeals,
}
