"""Who may open the files that the module attached: whoever sees what they are attached to."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor

from ..models import Assignment, Directive, ProgressNote, ReportObligation, Submission, TargetValue
from ..permissions import assignments_visible, directives_visible, obligations_visible


def may_open_source(actor: Actor, stored_file: Any) -> bool:
    """The file of an order."""
    return Directive.objects.filter(directives_visible(actor), file_id=stored_file.pk).exists()


def may_open_evidence(actor: Actor, stored_file: Any) -> bool:
    """A product, a note's file, the evidence of a figure, a report; before it is attached only for who sent it."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    tasks = Assignment.objects.filter(assignments_visible(actor))
    for model in (Submission, ProgressNote):
        if model.objects.filter(file_id=stored_file.pk, assignment__in=tasks).exists():
            return True
    if ReportObligation.objects.filter(obligations_visible(actor), file_id=stored_file.pk).exists():
        return True
    values = TargetValue.objects.filter(file_id=stored_file.pk).values_list("unit_id", "approver_unit_id")
    return actor.can("directives.view_unit") and any(
        actor.sees(unit) or actor.sees(above) for unit, above in values
    )
