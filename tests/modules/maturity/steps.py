"""An assessment brought as far as a test wants it."""

from __future__ import annotations

from tests.modules.maturity.bodies import FULL, NO, amount, body, ratio
from tests.modules.maturity.conftest import NOW, TODAY
from thongsuot.modules.maturity import actions
from thongsuot.modules.maturity.models import Answer, Evidence

REACHED = (
    "draft",
    "filled",
    "submitted",
    "forwarded",
    "external",
    "proposed",
    "concluded",
    "recognised",
    "published",
)


def fill(world, row, by, answers=None):
    items = [i for g in body(row.rubric.code)["groups"] for c in g["criteria"] for i in c["items"]]
    given = FULL if answers is None else answers
    Answer.objects.filter(assessment=row).delete()
    Answer.objects.bulk_create(
        Answer(assessment=row, item=i["code"], said_by_id=by.user_id, said_at=NOW,
               **_explained(i["code"], vars(given.get(i["code"]) or _no(i["kind"]))))
        for i in items
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(assessment=row, item=i["code"], kind="link", title="QĐ 12", url="https://example.vn/12",
                 added_by_id=by.user_id, added_at=NOW)
        for i in items
    )  # fmt: skip


def _explained(code, said):
    """Of the parts of the management system the records, all but empty here, say something else: say why."""
    return (
        {**said, "note": "Theo sổ của trường"} if code.startswith("2.3.") and not said.get("note") else said
    )


def _no(kind):
    if kind == "ratio":
        return ratio(0, 1)
    return amount(0) if kind in ("count", "graded") else NO


def make_assessment(world, upto="draft", school="school_a1", answers=None):
    principal = world.actor("principal", school)
    row = actions.start_assessment(by=principal, round=world.round, unit=getattr(world, school), now=NOW)
    steps = REACHED[1 : REACHED.index(upto) + 1]
    for step in steps:
        row = globals()[f"_{step}"](world, row, principal, answers) or row
        row.refresh_from_db()
    return row


def _filled(world, row, principal, answers):
    fill(world, row, principal, answers)


def _submitted(world, row, principal, answers):
    return actions.submit(by=principal, assessment=row, now=NOW)


def _forwarded(world, row, principal, answers):
    if row.state == "submitted":
        office = f"commune_{'a' if row.unit_id == world.school_a1.pk else 'b'}_office"
        actions.forward(by=world.actor("commune_officer", office), assessment=row, now=NOW, note="Đủ hồ sơ")


def the_team(world):
    officer = world.actor("department_officer", "office")
    found = world.round.teams.first()
    return found or actions.save_team(
        by=officer, round=world.round, name="Đoàn số 1", member_ids=[officer.user_id],
        lead_id=officer.user_id, basis="QĐ 45", today=TODAY,
    )  # fmt: skip


def _external(world, row, principal, answers):
    officer = world.actor("department_officer", "office")
    actions.assign_team(by=officer, assessments=[row], team=the_team(world), now=NOW)


def _proposed(world, row, principal, answers):
    officer = world.actor("department_officer", "office")
    visit = actions.plan_visit(by=officer, assessment=row, planned_on=TODAY, place="Tại trường", now=NOW)
    actions.record_visit(by=officer, visit=visit, held_on=TODAY, minutes="Đã kiểm tra phòng máy.", now=NOW)
    actions.score_item(
        by=officer, assessment=row, item="1.5.1", answer=amount(5), note="Phần mềm chưa dùng", now=NOW
    )
    actions.confirm_rest(by=officer, assessment=row, now=NOW)
    actions.propose(by=officer, assessment=row, now=NOW)


def _concluded(world, row, principal, answers):
    actions.agree(by=principal, assessment=row, now=NOW)


def _recognised(world, row, principal, answers):
    officer, leader = (
        world.actor("department_officer", "office"),
        world.actor("department_leader", "department"),
    )
    draft = actions.draft_decision(by=officer, round=world.round, assessments=[row], today=TODAY)
    actions.issue_decision(
        by=leader,
        decision=draft,
        number=100 + row.pk % 800,
        signed_on=TODAY,
        signer_name="Trần Văn Giám",
        now=NOW,
    )


def _published(world, row, principal, answers):
    leader = world.actor("department_leader", "department")
    decision = row.recognitions.get(is_live=True).decision
    actions.publish_decision(by=leader, decision=decision, today=TODAY)
