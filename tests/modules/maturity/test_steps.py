"""The way of an assessment, who may take each step, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tests.modules.maturity.bodies import FULL, YES, amount, body
from tests.modules.maturity.conftest import NOW, TODAY
from tests.modules.maturity.steps import fill, make_assessment
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Indicator
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.maturity import actions, permissions, queries
from thongsuot.modules.maturity.models import Assessment, FrozenFigure, RubricVersion
from thongsuot.modules.maturity.types import (
    AppealLate,
    AssessmentIncomplete,
    AssessmentStep,
    DecisionFault,
    RubricClosed,
    RubricFault,
)

D = Decimal
HOLDERS = [
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("commune_officer", "commune_b_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
    ("parent", "school_a1"),
    ("system_administrator", "department"),
]


@pytest.fixture
def rooms():
    """A figure that the rooms of the registry would give: 7 of 20 rooms, to be changed by a test."""
    said = {"part": 7, "whole": 20}
    made = Indicator(
        code="digital.classrooms_equipped", name="Phòng học đủ thiết bị", unit="%",
        formula=lambda as_of, ids: [(pk, said["part"], said["whole"]) for pk in ids or ()],
    )  # fmt: skip
    known = registry.get(made.code)
    registry._indicators[made.code] = made
    yield said
    if known is None:
        del registry._indicators[made.code]
    else:
        registry._indicators[made.code] = known


def test_one_and_many_agree(world):
    for school in ("school_a1", "school_b1"):
        make_assessment(world, "draft", school)
    rows = list(Assessment.objects.select_related("unit"))
    for role, unit in HOLDERS:
        actor = world.actor(role, unit)
        assert set(queries.assessments(actor)) == {r for r in rows if permissions.can_see(actor, r)}
        fillable = Assessment.objects.filter(permissions.acted_for(actor, permissions.FILL))
        assert set(fillable) == {r for r in rows if permissions.can_fill(actor, r)}
        with act_as(actor), connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from maturity_assessment where unit_id = %s", [world.school_b1.pk]
            )
            assert cursor.fetchone()[0] == (1 if actor.sees(world.school_b1.pk) else 0)
    officer = world.actor("department_officer", "office")
    assert not permissions.can_fill(officer, rows[0])


def test_the_whole_way(world):
    row = make_assessment(world, "published")
    assert (row.state, row.self_level, row.external_level) == ("recognised", 3, 3)
    assert row.self_points == {"1": "100", "2": "90"}
    assert row.external_points == {"1": "90", "2": "90"}
    verbs = [one.verb for one in queries.story(row)][::-1]
    assert verbs == [
        "start", "submit", "forward", "assign", "visit", "minutes", "propose", "agree", "recognise"
    ]  # fmt: skip
    (public,) = queries.published(year="2026-2027")
    assert (public.unit_name, public.level, public.level_name) == (row.unit.name, 3, "Mức đáp ứng tốt")
    school = world.actor("principal", "school_a1")
    assert queries.recognition_of(school, row.pk).level == 3
    decision = queries.decisions(world.actor("department_officer", "office")).get()
    assert decision.file.content_type == "application/pdf"
    assert decision.file.size > 5000
    (area,) = [a for a in queries.by_area(school, world.round, today=TODAY) if a.begun]
    assert (area.schools, area.begun, area.concluded, area.levels, area.reached) == (1, 1, 1, {3: 1}, 100)


def test_figures_are_frozen_when_it_is_handed_in(world, rooms):
    row = make_assessment(world, "draft")
    principal = world.actor("principal", "school_a1")
    found = queries.sheet(row, today=TODAY).lines["1.7.1"]
    assert (found.from_registry, found.own_points, found.known.value) == (True, 6, 35)  # 7 of 20 = 35 %
    fill(world, row, principal)
    with pytest.raises(AssessmentIncomplete, match=r"1\.7\.1"):  # 15 of 20 is not what the platform knows
        actions.submit(by=principal, assessment=row, now=NOW)
    actions.take_figure(by=principal, assessment=row, item="1.7.1", now=NOW)
    actions.submit(by=principal, assessment=row, now=NOW)
    rooms["part"] = 20
    row.refresh_from_db()
    after = queries.sheet(row, today=TODAY)
    frozen = FrozenFigure.objects.get(assessment=row, item="1.7.1")
    assert (frozen.numerator, frozen.denominator, frozen.as_of, frozen.computed_at) == (7, 20, TODAY, NOW)
    assert (after.lines["1.7.1"].own_points, after.lines["1.7.1"].known.numerator) == (6, 7)
    assert after.own.points_of() == row.self_points == {"1": "98", "2": "90"}
    # Sent back it is live again, and a second handing-in keeps both.
    officer = world.actor("commune_officer", "commune_a_office")
    actions.send_back(by=officer, assessment=row, reason="Thiếu số phòng", now=NOW)
    row.refresh_from_db()
    assert queries.sheet(row, today=TODAY).lines["1.7.1"].own_points == 8
    actions.submit(by=principal, assessment=row, now=NOW)
    kept = (
        FrozenFigure.objects.filter(assessment=row, item="1.7.1")
        .order_by("submission")
        .values_list("submission", "numerator")
    )
    assert list(kept) == [(1, D(7)), (2, D(20))]


def test_what_is_lacking_keeps_it_back(world):
    row = make_assessment(world, "draft")
    principal, office = world.actor("principal", "school_a1"), world.actor("school_office", "school_a1")
    with pytest.raises(AssessmentIncomplete, match="Chưa trả lời"):
        actions.submit(by=principal, assessment=row, now=NOW)
    fill(world, row, office)
    with pytest.raises(NotAllowed):
        actions.submit(by=office, assessment=row, now=NOW)
    proof = row.evidence.get(item="1.1")
    actions.remove_evidence(by=office, evidence=proof)
    with pytest.raises(AssessmentIncomplete, match=r"minh chứng cho mục: 1\.1"):
        actions.submit(by=principal, assessment=row, now=NOW)
    for bad in ("javascript:alert(1)", "//evil.example/x", "/khong-co-trang-nay/", "ftp://x.vn/"):
        with pytest.raises(AssessmentIncomplete):
            actions.add_evidence(by=office, assessment=row, item="1.1", title="x", url=bad, now=NOW)
    kept = actions.add_evidence(
        by=office, assessment=row, item="1.1", title="Nhiệm vụ", url="/chi-so/", now=NOW
    )
    assert kept.kind == "record"
    actions.submit(by=principal, assessment=row, now=NOW)
    with pytest.raises(AssessmentStep):
        actions.answer_item(by=office, assessment=row, item="1.1", answer=YES, note="", now=NOW)


def test_who_may_not(world):
    row = make_assessment(world, "submitted")
    other = world.actor("commune_officer", "commune_b_office")
    officer, principal = world.actor("department_officer", "office"), world.actor("principal", "school_a1")
    for act in (
        lambda: actions.forward(by=other, assessment=row, now=NOW),
        lambda: actions.forward(by=principal, assessment=row, now=NOW),
        lambda: actions.send_back(by=other, assessment=row, reason="x", now=NOW),
        lambda: actions.answer_item(by=officer, assessment=row, item="1.1", answer=YES, note="", now=NOW),
        lambda: actions.score_item(by=officer, assessment=row, item="1.1", answer=YES, note="", now=NOW),
        lambda: actions.draft_decision(by=principal, round=world.round, assessments=[row], today=TODAY),
        lambda: actions.set_dates(by=principal, round=world.round, dates=queries.proposed_dates(2027)),
        lambda: actions.start_assessment(by=principal, round=world.round, unit=world.school_b1, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(RubricClosed):  # the rubric of preschools is switched off until its text is entered
        make_assessment(world, "draft", "school_a2")


def test_schools_of_the_department_have_no_commune_between(world):
    assert make_assessment(world, "submitted", "upper_school").state == "forwarded"


def test_differences_are_argued_on_both_sides(world):
    row = make_assessment(world, "external")
    officer, principal = world.actor("department_officer", "office"), world.actor("principal", "school_a1")
    with pytest.raises(AssessmentIncomplete, match="biên bản"):
        actions.propose(by=officer, assessment=row, now=NOW)
    visit = actions.plan_visit(by=officer, assessment=row, planned_on=TODAY, place="", now=NOW)
    with pytest.raises(AssessmentIncomplete):
        actions.record_visit(by=officer, visit=visit, held_on=TODAY + timedelta(1), minutes="x", now=NOW)
    actions.record_visit(by=officer, visit=visit, held_on=TODAY, minutes="Đã xem", now=NOW)
    actions.score_item(by=officer, assessment=row, item="1.3.1", answer=YES, note="", now=NOW)
    actions.score_item(by=officer, assessment=row, item="1.5.1", answer=amount(0), note="", now=NOW)
    with pytest.raises(AssessmentIncomplete, match="chưa chấm"):
        actions.propose(by=officer, assessment=row, now=NOW)
    actions.confirm_rest(by=officer, assessment=row, now=NOW)
    with pytest.raises(AssessmentIncomplete, match=r"lý do khác với trường ở mục: 1\.5\.1"):
        actions.propose(by=officer, assessment=row, now=NOW)
    actions.score_item(by=officer, assessment=row, item="1.5.1", answer=amount(0), note="Không có", now=NOW)
    with pytest.raises(AssessmentStep):
        actions.conclude(by=officer, assessment=row, reason="x", now=NOW)
    actions.propose(by=officer, assessment=row, now=NOW)
    with pytest.raises(AssessmentIncomplete):
        actions.contest(by=principal, assessment=row, now=NOW)
    actions.reply(by=principal, assessment=row, item="1.5.1", text="Có ở phòng máy 2", now=NOW)
    actions.contest(by=principal, assessment=row, now=NOW)
    actions.score_item(by=officer, assessment=row, item="1.5.1", answer=amount(10), note="Xem lại", now=NOW)
    actions.conclude(by=officer, assessment=row, reason="Đã xem phòng máy 2", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.external_points["1"]) == ("concluded", "95")


def test_decisions(world):
    row = make_assessment(world, "concluded")
    officer = world.actor("department_officer", "office")
    leader, school = world.actor("department_leader", "department"), world.actor("principal", "school_a1")
    draft = actions.draft_decision(by=officer, round=world.round, assessments=[row], today=TODAY)
    with pytest.raises(DecisionFault, match="quyết định khác"):
        actions.draft_decision(by=officer, round=world.round, assessments=[row], today=TODAY)
    signing = {"decision": draft, "number": 12, "signer_name": "A", "now": NOW}
    with pytest.raises(NotAllowed):
        actions.issue_decision(by=officer, signed_on=TODAY, **signing)
    with pytest.raises(DecisionFault):
        actions.issue_decision(by=leader, signed_on=TODAY + timedelta(1), **signing)
    with pytest.raises(DecisionFault):
        actions.publish_decision(by=leader, decision=draft, today=TODAY)
    actions.issue_decision(by=leader, signed_on=TODAY, **signing)
    assert not queries.register(school).exists()
    assert not queries.published()
    with pytest.raises(DecisionFault):
        actions.discard_draft(by=officer, decision=draft)
    other = make_assessment(world, "concluded", "school_b1")
    second = actions.draft_decision(by=officer, round=world.round, assessments=[other], today=TODAY)
    with pytest.raises(DecisionFault, match="Số này đã dùng"):
        actions.issue_decision(by=leader, signed_on=TODAY, **(signing | {"decision": second}))


def test_an_appeal_that_is_upheld_puts_another_line_in_the_register(world):
    row = make_assessment(world, "published", answers={k: v for k, v in FULL.items() if k != "1.1"})
    principal, leader = world.actor("principal", "school_a1"), world.actor("department_leader", "department")
    line = queries.recognition_of(principal, row.pk)
    assert line.level == 1
    late = NOW + timedelta(days=11)
    with pytest.raises(AppealLate, match="hết hạn"):
        actions.file_appeal(by=principal, recognition=line, reason="x", now=late)
    last = NOW + timedelta(days=10)
    appeal = actions.file_appeal(by=principal, recognition=line, reason="Đã có kế hoạch", now=last)
    with pytest.raises(AppealLate):
        actions.file_appeal(by=principal, recognition=line, reason="x", now=NOW)
    how = {"by": leader, "appeal": appeal, "now": last, "answer": "Đã xem kế hoạch"}
    with pytest.raises(DecisionFault):
        actions.decide_appeal(level=1, number=999, signed_on=TODAY, signer_name="A", **how)
    with pytest.raises(DecisionFault):
        actions.decide_appeal(level=3, **how)
    actions.decide_appeal(level=3, number=999, signed_on=TODAY, signer_name="A", **how)
    assert [one.level for one in queries.published()] == [3]
    line.refresh_from_db()
    assert (line.is_live, line.replaced_by.level, line.replaced_by.decision.amends_id) == (
        False,
        3,
        line.decision_id,
    )
    assert queries.appeals(principal).get().state == "upheld"


def test_the_departments_own_counts_published_levels(world):
    make_assessment(world, "published")
    leader = world.actor("department_leader", "department")
    row = actions.start_assessment(by=leader, round=world.round, unit=world.department, now=NOW)
    line = queries.sheet(row, today=TODAY).lines["2.1.1"]
    # One school of five has level 2 or above: 20 %, the lowest band.
    assert (line.own.numerator, line.own.denominator, line.own_points) == (1, 5, 6)
    later = queries.sheet(row, today=TODAY - timedelta(days=1)).lines["2.1.1"]
    assert later.own.numerator == 0
    officer = world.actor("department_officer", "office")
    assert permissions.can_fill(officer, row)
    assert not permissions.can_submit(officer, row)


def test_a_correction_is_a_version_and_old_assessments_keep_theirs(world):
    row = make_assessment(world, "draft")
    officer, school = world.actor("department_officer", "office"), world.actor("principal", "school_a1")
    current = queries.current_rubrics().get(code="4725")
    changed = body("4725")
    changed["groups"][1]["criteria"][2]["items"][0].update(max=16, confidence="V")
    with pytest.raises(NotAllowed):
        actions.correct_rubric(by=school, version=current, body=changed, reason="x", now=NOW)
    with pytest.raises(RubricFault, match="lý do"):
        actions.correct_rubric(by=officer, version=current, body=changed, reason=" ", now=NOW)
    with pytest.raises(RubricFault, match="Chưa có gì"):
        actions.correct_rubric(by=officer, version=current, body=body("4725"), reason="x", now=NOW)
    made = actions.correct_rubric(by=officer, version=current, body=changed, reason="Theo bản PDF", now=NOW)
    with pytest.raises(RubricFault, match="người khác"):
        actions.correct_rubric(by=officer, version=current, body=changed, reason="x", now=NOW)
    assert [(c.before, c.after) for c in queries.changes_of(made)] == [("6", "16"), ("M", "V")]
    row.refresh_from_db()
    assert (row.rubric_id, made.number) == (current.pk, 2)
    assert make_assessment(world, "draft", "school_b1").rubric_id == made.pk
    # The files bring nothing new, and would not overwrite what was corrected.
    from django.conf import settings

    folder = settings.DATA_DIR / "maturity"
    assert actions.load_rubrics(by=Actor.system(), folder=folder, now=NOW) == 0
    RubricVersion.objects.filter(code="4725", number=1).update(digest="older")
    assert actions.load_rubrics(by=Actor.system(), folder=folder, now=NOW) == 1
    waiting = RubricVersion.objects.get(code="4725", number=3)
    assert not waiting.is_current
    assert queries.current_rubrics().get(code="4725") == made
    actions.adopt_version(by=officer, version=waiting)
    assert queries.current_rubrics().get(code="4725") == waiting


def test_reminders_go_once_to_those_who_are_behind(world):
    from thongsuot.kit.notify.models import Notification

    make_assessment(world, "submitted")
    behind = world.actor("principal", "school_b1")
    commune = world.actor("commune_officer", "commune_a_office")
    system = Actor.system()

    def told(day):
        Notification.objects.all().delete()
        actions.send_reminders(by=system, today=day)
        return set(
            Notification.objects.filter(kind="maturity.reminder").values_list("recipient_id", flat=True)
        )

    day = world.round.self_due_on - timedelta(days=7)
    assert told(day) == {behind.user_id}
    assert told(day) == set()
    assert told(world.round.forward_due_on) == {commune.user_id}
    assert told(day + timedelta(days=1)) == set()
    with pytest.raises(NotAllowed):
        actions.send_reminders(by=behind, today=day)
