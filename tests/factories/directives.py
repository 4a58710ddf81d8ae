"""Orders, tasks and reports for tests."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from zoneinfo import ZoneInfo

from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.directives.models import (
    Assignment,
    AssignmentCoordinator,
    Directive,
    DirectiveRecipient,
    Finding,
    ReportingDuty,
    ReportObligation,
    Target,
    TargetUnit,
)
from thongsuot.modules.directives.types import AssignmentState, DirectiveState, FindingState
from thongsuot.modules.organization.models import Unit

from .organization import TODAY, make_user

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
_numbers = itertools.count(1)


def make_directive(owner: Unit, *, recipients: tuple[Unit, ...] = (), **fields) -> Directive:
    fields = {
        "number": f"{next(_numbers)}/KH-SGDĐT",
        "type": "Kế hoạch",
        "issuer": owner.name,
        "issued_on": date(2026, 1, 15),
        "subject": "Triển khai chuyển đổi số trong ngành giáo dục",
        "state": DirectiveState.IN_FORCE,
        **fields,
    }
    if fields["state"] != DirectiveState.REVIEWING:
        confirmer = make_user()
        fields = {"confirmed_by": confirmer, "confirmed_at": NOW, **fields}
    directive = Directive.objects.create(
        owner_unit=owner, imported_by=make_user(), subject_fold=fold(fields["subject"]), **fields
    )
    DirectiveRecipient.objects.bulk_create(
        [DirectiveRecipient(directive=directive, unit=unit) for unit in recipients]
    )
    return directive


def make_finding(directive: Directive, kind: str = "task", *, units: dict | None = None, **fields) -> Finding:
    number = next(_numbers)
    data = {
        "text": f"Nhiệm vụ {number}",
        "lead": [],
        "coordinating": [],
        "deadline": {"kind": "none"},
        **fields.pop("data", {}),
    }
    return Finding.objects.create(
        directive=directive,
        kind=kind,
        position=fields.pop("position", number),
        data=data,
        original=data,
        units=units if units is not None else {"lead": [], "coordinating": [], "unmatched": []},
        state=fields.pop("state", FindingState.PROPOSED),
        **fields,
    )


def make_assignment(unit: Unit, by: Unit, *, coordinators: tuple[Unit, ...] = (), **fields) -> Assignment:
    text = fields.pop("text", f"Nhiệm vụ {next(_numbers)}")
    fields = {
        "assigned_on": date(2026, 10, 1),
        "deadline_kind": "date",
        "due_on": date(2026, 12, 31),
        **fields,
    }
    if fields.get("state") == AssignmentState.ACCEPTED:
        fields.setdefault("completed_on", TODAY)
    assignment = Assignment.objects.create(
        unit=unit,
        assigned_by_unit=by,
        text=text,
        text_fold=fold(text),
        first_due_on=fields["due_on"],
        **fields,
    )
    AssignmentCoordinator.objects.bulk_create(
        [
            AssignmentCoordinator(assignment=assignment, unit=c, lead_unit=unit, assigned_by_unit=by)
            for c in coordinators
        ]
    )
    return assignment


def make_target(directive: Directive, *units: Unit, **fields) -> Target:
    fields = {"text": "100% trường dùng học bạ số", "operator": ">=", "value": 100, "measure": "%", **fields}
    target = Target.objects.create(directive=directive, owner_unit=directive.owner_unit, **fields)
    TargetUnit.objects.bulk_create(
        [TargetUnit(target=target, unit=u, owner_unit=directive.owner_unit) for u in units]
    )
    return target


def make_duty(owner: Unit, **fields) -> ReportingDuty:
    return ReportingDuty.objects.create(owner_unit=owner, **{"what": "Báo cáo kết quả thực hiện", **fields})


def make_obligation(
    duty: ReportingDuty, unit: Unit, to_unit: Unit, *, due_on: date = date(2026, 12, 10), **fields
) -> ReportObligation:
    return ReportObligation.objects.create(
        duty=duty, unit=unit, to_unit=to_unit, owner_unit=duty.owner_unit, due_on=due_on, **fields
    )
