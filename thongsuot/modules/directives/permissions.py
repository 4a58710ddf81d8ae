"""Who may see and do what with orders, tasks, targets and reports.

Each rule stands twice, about one object and as a filter (`can_work_on`, `assignments_workable`); a test holds
the two equal over a table of roles. "Acts for": people act for the unit they are appointed at; an office acts
for its body (Phòng VH-XH for the commune), and the head of a body for its offices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.modules.organization import queries as organization

from .models import (
    Assignment,
    AssignmentCoordinator,
    Difficulty,
    Directive,
    DirectiveRecipient,
    ReportingDuty,
    ReportObligation,
    Target,
    TargetUnit,
    TargetValue,
)

NOTHING = Q(pk__in=[])


def acts_for(actor: Actor, right: str, unit: Any) -> bool:
    """Does the actor hold `right` on behalf of `unit` (an organization.Unit)? Heads act for their offices too."""
    return organization.acts_for(actor, right, unit, heads=True)


def acting_for(actor: Actor, right: str, field: str) -> Q:
    """The same as a filter: rows whose `field` (a foreign key to a unit) is such a unit."""
    return organization.acting_for(actor, right, field, heads=True)


def _holding_acts_for(holding: Holding, unit: Any) -> bool:
    return organization.holding_acts_for(holding, unit, heads=True)


def _holding_acting_for(holding: Holding, field: str) -> Q:
    return organization.holding_acting_for(holding, field, heads=True)


def _viewers(actor: Actor) -> frozenset[int] | None:
    """Units whose matters the actor may look into; None for all of them."""
    held = [h for h in actor.holdings if "directives.view_unit" in h.rights]
    if actor.is_system or any(h.reach is None for h in held):
        return None
    return frozenset().union(*(h.reach or frozenset() for h in held))


def _own(actor: Actor, prefix: str = "") -> Q:
    if not actor.can("directives.view") or actor.user_id is None:
        return NOTHING
    return Q(**{f"{prefix}person_id": actor.user_id}) | Q(**{f"{prefix}leader_id": actor.user_id})


def among(rows: QuerySet[Any, Any], column: str) -> Q:
    """Rows whose key is ANY(ARRAY(subquery)).

    The subquery is read once and an index can be used, which `IN (subquery)` beside an OR prevents.
    """
    return organization.any_of("pk", rows.values(column))


# -- tasks ---------------------------------------------------------------------------------------


def assignments_visible(actor: Actor) -> Q:
    """Tasks led, given or shared in by units within reach; and those given to oneself."""
    reach = _viewers(actor)
    if reach is None:
        return Q()
    if not reach:
        return _own(actor)
    shared = AssignmentCoordinator.objects.filter(unit_id__in=reach).order_by()
    return (
        Q(unit_id__in=reach) | Q(assigned_by_unit_id__in=reach) | among(shared, "assignment_id") | _own(actor)
    )


def can_see_assignment(actor: Actor, assignment: Assignment) -> bool:
    reach = _viewers(actor)
    if reach is None or {assignment.unit_id, assignment.assigned_by_unit_id} & reach:
        return True
    if (
        actor.can("directives.view")
        and actor.user_id is not None
        and actor.user_id in (assignment.person_id, assignment.leader_id)
    ):
        return True
    return bool(reach) and assignment.coordinators.filter(unit_id__in=reach).exists()


def _works(actor: Actor) -> Iterator[tuple[Holding, bool]]:
    """Holdings that may work, and whether on everything of their unit or only on what is their own."""
    for holding in actor.holdings:
        if "directives.work" in holding.rights:
            yield holding, "directives.view_unit" in holding.rights


def can_work_on(actor: Actor, assignment: Assignment) -> bool:
    """Report progress, raise difficulties, submit: the lead unit's people, teachers only on what is theirs.

    For a body outside the platform (Công an tỉnh) the unit that gave the task enters what it hears.
    """
    if actor.is_system:
        return True
    own = actor.user_id in (assignment.person_id, assignment.leader_id)
    for holding, all_of_unit in _works(actor):
        if own and holding.covers(assignment.unit_id):
            return True
        if all_of_unit and _holding_acts_for(holding, assignment.unit):
            return True
        outside = assignment.unit.kind == "external"
        if all_of_unit and outside and _holding_acts_for(holding, assignment.assigned_by_unit):
            return True
    return False


def assignments_workable(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    found = NOTHING
    for holding, all_of_unit in _works(actor):
        own = Q(person_id=actor.user_id) | Q(leader_id=actor.user_id)
        found |= own if holding.reach is None else own & Q(unit_id__in=holding.reach)
        if all_of_unit:
            found |= _holding_acting_for(holding, "unit")
            found |= organization.of_kind("unit", "external") & _holding_acting_for(
                holding, "assigned_by_unit"
            )
    return found


def _decides(actor: Actor, right: str, assignment: Assignment) -> bool:
    """On the giving side, and not through the very office that does the work."""
    if actor.is_system:
        return True
    return any(
        right in h.rights
        and _holding_acts_for(h, assignment.assigned_by_unit)
        and (h.unit_id != assignment.unit_id or assignment.unit_id == assignment.assigned_by_unit_id)
        for h in actor.holdings
    )


def _decided(actor: Actor, right: str) -> Q:
    if actor.is_system:
        return Q()
    found = NOTHING
    for holding in actor.holdings:
        if right in holding.rights:
            does_it = Q(unit_id=holding.unit_id) & ~Q(assigned_by_unit_id=F("unit_id"))
            found |= _holding_acting_for(holding, "assigned_by_unit") & ~does_it
    return found


def can_accept(actor: Actor, assignment: Assignment) -> bool:
    """Accept or return the product, decide on an extension."""
    return _decides(actor, "directives.accept", assignment)


def assignments_acceptable(actor: Actor) -> Q:
    return _decided(actor, "directives.accept")


def can_manage(actor: Actor, assignment: Assignment) -> bool:
    """Change, pause, resume, cancel: whoever gave it."""
    return _decides(actor, "directives.assign", assignment)


def assignments_manageable(actor: Actor) -> Q:
    return _decided(actor, "directives.assign")


def can_hand_down(actor: Actor, assignment: Assignment) -> bool:
    return acts_for(actor, "directives.hand_down", assignment.unit)


def assignments_to_hand_down(actor: Actor) -> Q:
    return acting_for(actor, "directives.hand_down", "unit")


def can_assign_to(actor: Actor, by_unit: Any, unit_id: int) -> bool:
    """May the actor, for `by_unit`, give work to the unit? Within reach of the appointment that says so."""
    if actor.is_system:
        return True
    rights = {"directives.assign", "directives.hand_down"}
    return any(
        rights & h.rights and _holding_acts_for(h, by_unit) and h.covers(unit_id) for h in actor.holdings
    )


def can_record_event(actor: Actor, assignment: Assignment) -> bool:
    return acts_for(actor, "directives.record_event", assignment.unit) or _decides(
        actor, "directives.record_event", assignment
    )


def can_decide_difficulty(actor: Actor, difficulty: Difficulty) -> bool:
    return acts_for(actor, "directives.accept", difficulty.routed_to)


def difficulties_decidable(actor: Actor) -> Q:
    return acting_for(actor, "directives.accept", "routed_to")


# -- orders --------------------------------------------------------------------------------------


def directives_visible(actor: Actor) -> Q:
    """Orders followed by units within reach, those that ask something of them, those of one's own tasks."""
    reach = _viewers(actor)
    if reach is None:
        return Q()
    own = among(Assignment.objects.filter(_own(actor), directive__isnull=False).order_by(), "directive_id")
    if not reach:
        return own
    received = DirectiveRecipient.objects.filter(unit_id__in=reach).order_by()
    return Q(owner_unit_id__in=reach) | among(received, "directive_id") | own


def can_see_directive(actor: Actor, directive: Directive) -> bool:
    reach = _viewers(actor)
    if reach is None or directive.owner_unit_id in reach:
        return True
    if reach and directive.recipients.filter(unit_id__in=reach).exists():
        return True
    return directive.assignments.filter(_own(actor)).exists()


def can_import_for(actor: Actor, unit: Any) -> bool:
    return acts_for(actor, "directives.import", unit)


def can_review(actor: Actor, directive: Directive) -> bool:
    return acts_for(actor, "directives.import", directive.owner_unit)


def directives_reviewable(actor: Actor) -> Q:
    return acting_for(actor, "directives.import", "owner_unit")


def can_confirm(actor: Actor, directive: Directive) -> bool:
    return acts_for(actor, "directives.confirm", directive.owner_unit)


def directives_confirmable(actor: Actor) -> Q:
    return acting_for(actor, "directives.confirm", "owner_unit")


# -- targets -------------------------------------------------------------------------------------


def targets_visible(actor: Actor) -> Q:
    reach = _viewers(actor)
    if reach is None:
        return Q()
    if not reach:
        return NOTHING
    given = TargetUnit.objects.filter(unit_id__in=reach).order_by()
    return Q(owner_unit_id__in=reach) | among(given, "target_id")


def can_see_target(actor: Actor, target: Target) -> bool:
    reach = _viewers(actor)
    if reach is None or target.owner_unit_id in reach:
        return True
    return bool(reach) and target.units.filter(unit_id__in=reach).exists()


def can_manage_target(actor: Actor, target: Target) -> bool:
    return acts_for(actor, "directives.confirm", target.owner_unit)


def can_report_value(actor: Actor, unit: Any) -> bool:
    return acts_for(actor, "directives.report", unit)


def can_approve_value(actor: Actor, value: TargetValue) -> bool:
    return acts_for(actor, "directives.approve_value", value.approver_unit)


def values_approvable(actor: Actor) -> Q:
    return acting_for(actor, "directives.approve_value", "approver_unit")


# -- reports -------------------------------------------------------------------------------------


def obligations_visible(actor: Actor) -> Q:
    reach = _viewers(actor)
    if reach is None:
        return Q()
    return Q(unit_id__in=reach) | Q(to_unit_id__in=reach) | Q(owner_unit_id__in=reach) if reach else NOTHING


def can_see_obligation(actor: Actor, obligation: ReportObligation) -> bool:
    reach = _viewers(actor)
    return reach is None or bool(
        {obligation.unit_id, obligation.to_unit_id, obligation.owner_unit_id} & reach
    )


def duties_visible(actor: Actor) -> Q:
    reach = _viewers(actor)
    if reach is None:
        return Q()
    if not reach:
        return NOTHING
    owed = ReportObligation.objects.filter(unit_id__in=reach).order_by()
    return Q(owner_unit_id__in=reach) | among(owed, "duty_id")


def can_see_duty(actor: Actor, duty: ReportingDuty) -> bool:
    reach = _viewers(actor)
    if reach is None or duty.owner_unit_id in reach:
        return True
    return bool(reach) and duty.obligations.filter(unit_id__in=reach).exists()


def can_report(actor: Actor, obligation: ReportObligation) -> bool:
    return acts_for(actor, "directives.report", obligation.unit)


def obligations_reportable(actor: Actor) -> Q:
    return acting_for(actor, "directives.report", "unit")


def can_decide_report(actor: Actor, obligation: ReportObligation) -> bool:
    return acts_for(actor, "directives.accept", obligation.to_unit)


def obligations_decidable(actor: Actor) -> Q:
    return acting_for(actor, "directives.accept", "to_unit")
