"""Digital maturity: two rounds recognised and published, this year's at every step. Written by the actions."""

from __future__ import annotations

import random
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.maturity import actions, queries
from thongsuot.modules.maturity.domain.rubric import Item
from thongsuot.modules.maturity.models import Answer, Assessment, Evidence, MaturityRound
from thongsuot.modules.maturity.types import ItemKind
from thongsuot.modules.organization.models import SchoolYear, Unit

SYSTEM = Actor.system()
# How far schools have come this year, one after the other.
STEPS = ("draft", "submitted", "forwarded", "returned", "external", "proposed", "concluded", "draft")
SCHOOLS_LAST_YEAR = 12
# In the round before that: fewer, and not so far yet.
SCHOOLS_BEFORE = 9
WORSE_BEFORE = 0.2
MINUTES = "Đoàn đã xem phòng máy, phần mềm quản trị và hồ sơ minh chứng; trường đã giải trình đầy đủ."


def build(context: DemoContext) -> None:
    if MaturityRound.objects.exists():
        return
    actions.load_rubrics(by=SYSTEM, folder=context.data / "maturity", now=_at(context.today))
    years = list(SchoolYear.objects.filter(starts_on__lte=context.today).order_by("-starts_on")[:3])
    schools = _schools(context)
    if len(years) < 2 or not schools:
        return
    this_year, last_year = years[:2]
    for year in years[2:]:
        _recognised(context, year, schools[:SCHOOLS_BEFORE], number=745, worse=WORSE_BEFORE)
    _recognised(context, last_year, schools[:SCHOOLS_LAST_YEAR], number=812)
    round = _round(this_year, context.today)
    for number, unit in enumerate(schools[: len(STEPS)]):
        _bring(context, round, unit, STEPS[number], context.today)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


def _schools(context: DemoContext) -> list[Unit]:
    """Schools for which a rubric is in force, those of the demo accounts and of their communes first."""
    versions = [v for v in queries.current_rubrics() if v.is_enabled]
    rows = Unit.objects.filter(kind="school", parent__kind="commune").select_related("school", "parent")
    found = [unit for unit in rows.order_by("code") if queries.rubrics_for(unit, versions)]
    places = {unit.pk: unit.parent_id for unit in found}
    own = [h.unit_id for name in ("hieutruong", "hieutruong2") for h in context.actor(name).holdings]
    communes = [places[pk] for pk in own if pk in places]
    order = {parent: place for place, parent in enumerate(communes)}
    found.sort(key=lambda unit: (order.get(unit.parent_id, len(order)), unit.pk not in own))
    return found[: SCHOOLS_LAST_YEAR + 8]


def _round(year: SchoolYear, day: date) -> MaturityRound:
    dates = queries.proposed_dates(year.ends_on.year)
    return actions.open_round(by=SYSTEM, school_year=year, dates=dates, now=_at(day))


def _recognised(
    context: DemoContext, year: SchoolYear, schools: list[Unit], *, number: int, worse: float = 0.0
) -> None:
    """A round of the past with its decision, published."""
    end = date(year.ends_on.year, 6, 12)
    round = _round(year, end)
    rows = [_bring(context, round, unit, "concluded", end, worse) for unit in schools]
    decision = actions.draft_decision(by=SYSTEM, round=round, assessments=rows, today=end)
    signed = date(year.ends_on.year, 6, 16)
    actions.issue_decision(
        by=SYSTEM,
        decision=decision,
        number=number,
        signed_on=signed,
        signer_name="Nguyễn Văn Mẫu",
        now=_at(signed),
    )
    actions.publish_decision(by=SYSTEM, decision=decision, today=date(year.ends_on.year, 6, 18))


def _bring(
    context: DemoContext, round: MaturityRound, unit: Unit, upto: str, day: date, worse: float = 0.0
) -> Assessment:
    """An assessment of the unit that has come to the step `upto`."""
    now, rng = _at(day), context.random("maturity", unit.code, round.pk)
    row = actions.start_assessment(by=SYSTEM, round=round, unit=unit, now=now)
    _answer(row, rng, now, complete=upto != "draft", worse=worse)
    if upto == "draft":
        return row
    actions.submit(by=SYSTEM, assessment=row, now=now)
    if upto == "returned":
        actions.send_back(
            by=SYSTEM, assessment=row, reason="Bổ sung quyết định phân công phụ trách.", now=now
        )
    if upto in ("submitted", "returned"):
        return row
    actions.forward(by=SYSTEM, assessment=row, now=now, note="Hồ sơ đầy đủ, đề nghị Sở đánh giá ngoài.")
    if upto == "forwarded":
        return row
    team = round.teams.first() or _team(context, round)
    actions.assign_team(by=SYSTEM, assessments=[row], team=team, now=now)
    visit = actions.plan_visit(by=SYSTEM, assessment=row, planned_on=day, place="Tại trường", now=now)
    if upto == "external":
        return row
    actions.record_visit(
        by=SYSTEM, visit=visit, held_on=day, minutes=MINUTES, now=now, present="Hiệu trưởng, tổ CNTT"
    )
    _differ(row, rng, now)
    actions.confirm_rest(by=SYSTEM, assessment=row, now=now)
    actions.propose(by=SYSTEM, assessment=row, now=now)
    if upto == "concluded":
        actions.agree(by=SYSTEM, assessment=row, now=now)
    row.refresh_from_db()
    return row


def _team(context: DemoContext, round: MaturityRound) -> Any:
    people = [context.actor(name).user_id or 0 for name in ("chuyenvien.so", "lanhdao.so")]
    return actions.save_team(
        by=SYSTEM,
        round=round,
        name="Đoàn số 1",
        member_ids=people,
        lead_id=people[0],
        basis="Quyết định 455/QĐ-SGDĐT",
        today=context.today,
    )


def _answer(
    row: Assessment, rng: random.Random, now: datetime, *, complete: bool, worse: float = 0.0
) -> None:
    """Answers with evidence, in sets; some schools do well, some do not."""
    rubric = queries.rubric_of(row.rubric)
    good = 0.45 + 0.5 * rng.random() - worse
    items = [item for item in rubric.items() if complete or rng.random() < 0.6]
    Answer.objects.filter(assessment=row).delete()
    said = [Answer(assessment=row, item=item.code, said_at=now, **_said(item, good, rng)) for item in items]
    for one, item in zip(said, items, strict=True):
        # Where the records say something else, a school has to say why.
        if item.source is not None and not one.note:
            one.note = "Theo sổ theo dõi của trường tại ngày nộp."
    Answer.objects.bulk_create(said)
    Evidence.objects.bulk_create(
        [
            Evidence(
                assessment=row,
                item=item.code,
                kind="link",
                title=f"Quyết định số {rng.randrange(5, 90)}/QĐ-TH",
                url=f"https://truong.example.vn/minh-chung/{item.code}",
                added_at=now,
            )
            for item in items
            if complete or rng.random() < 0.7
        ]
    )


def _said(item: Item, good: float, rng: random.Random) -> dict[str, Any]:
    if item.kind == ItemKind.RATIO:
        whole = rng.randrange(18, 45)
        return {"numerator": min(whole, int(whole * good * (0.6 + 0.6 * rng.random()))), "denominator": whole}
    if item.kind == ItemKind.COUNT:
        return {"amount": int(60 * good * rng.random())}
    if item.kind == ItemKind.GRADED:
        return {"amount": int(float(item.max) * good)}
    return {"yes": item.is_gate or rng.random() < good, "note": ""}


def _differ(row: Assessment, rng: random.Random, now: datetime) -> None:
    """The team grades one item lower than the school did, and says why."""
    line = queries.sheet(row, today=now.date()).lines["1.5.1"]
    amount = max((line.own.amount or Decimal(0)) - 3, Decimal(0))
    if rng.random() < 0.6 and amount != line.own.amount:
        actions.score_item(
            by=SYSTEM,
            assessment=row,
            item="1.5.1",
            answer=type(line.own)(amount=amount),
            note="Phần mềm mới dùng ở khối 5.",
            now=now,
        )
