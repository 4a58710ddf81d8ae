"""Review of what was read: a person accepts, mends, splits, merges, adds, drops. What they change is kept
as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from ..domain.found import read_deadline, read_due
from ..models import Directive, Finding
from ..permissions import can_assign_to, can_review
from ..types import DirectiveState, FindingKind, FindingState
from .refusals import MissingReason, NotReviewed, OutOfReach, WrongState

HEADER = ("number", "type", "issuer", "place", "issued_on", "subject", "signer_name", "signer_title", "note")
NEEDS_LEAD = (FindingKind.TASK, FindingKind.REPORTING)


def _take(by: Actor, directive_id: int) -> Directive:
    """The order, locked: its confirmation and a change to it meet one after the other."""
    rows = Directive.objects.select_for_update(of=("self",)).select_related("owner_unit").defer("source_text")
    row = rows.get(pk=directive_id)
    if not can_review(by, row):
        raise NotAllowed(_("Anh/chị không có quyền rà soát văn bản này."))
    if row.state != DirectiveState.REVIEWING:
        raise WrongState(_("Văn bản không còn trong bước rà soát."))
    return row


def _finding(by: Actor, finding: Finding) -> tuple[Directive, Finding]:
    directive = _take(by, finding.directive_id)
    return directive, Finding.objects.get(pk=finding.pk)


def _decide(by: Actor, finding: Finding, state: str, now: datetime) -> Finding:
    finding.state, finding.reviewed_by_id, finding.reviewed_at = state, by.user_id, now
    finding.save()
    return finding


@transaction.atomic
def edit_header(*, by: Actor, directive: Directive, data: dict[str, Any], now: datetime) -> Directive:
    """Set right what was read of the head: any of number, type, issuer, place, issued_on, subject,
    signer_name, signer_title, note. Raises NotAllowed, WrongState.
    """
    row = _take(by, directive.pk)
    for name in HEADER:
        if name in data:
            value = data[name]
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.subject_fold = fold(row.subject)
    row.save(update_fields=[*HEADER, "subject_fold"])
    return row


@transaction.atomic
def accept_finding(*, by: Actor, finding: Finding, now: datetime) -> Finding:
    """Take a finding as it stands. Raises NotAllowed, WrongState, NotReviewed (nobody is known to lead
    it).
    """
    _directive, row = _finding(by, finding)
    problem = _not_ready(row.kind, row.units)
    if problem:
        raise NotReviewed(problem, finding=row.pk)
    return _decide(by, row, FindingState.ACCEPTED, now)


def _not_ready(kind: str, units: dict[str, Any]) -> str:
    if units.get("unmatched"):
        return _("Chưa nhận ra đơn vị: %(words)s. Hãy sửa và chọn đơn vị.") % {
            "words": "; ".join(units["unmatched"])
        }
    if kind in NEEDS_LEAD and not units.get("lead"):
        return _("Chưa có đơn vị thực hiện. Hãy sửa và chọn đơn vị.")
    return ""


@transaction.atomic
def accept_all(*, by: Actor, directive: Directive, kind: str, now: datetime) -> int:
    """Accept every proposed finding of a kind that is ready; those without a known unit stay. Returns how
    many.
    """
    row = _take(by, directive.pk)
    proposed = row.findings.filter(kind=kind, state=FindingState.PROPOSED).values_list("pk", "kind", "units")
    ready = [pk for pk, its_kind, units in proposed if not _not_ready(its_kind, units)]
    return Finding.objects.filter(pk__in=ready).update(
        state=FindingState.ACCEPTED, reviewed_by_id=by.user_id, reviewed_at=now
    )


@transaction.atomic
def edit_finding(
    *,
    by: Actor,
    finding: Finding,
    data: dict[str, Any],
    now: datetime,
    units: dict[str, list[int]] | None = None,
) -> Finding:
    """Mend a finding, and take it. `data`: the fields that change; a deadline without a kind is read from
    its words; a target's `value` stands instead of "tất cả". `units`: ids by role (lead, coordinating, to). Raises NotAllowed, WrongState, OutOfReach.
    """
    directive, row = _finding(by, finding)
    row.data = _mended(row.kind, {**row.data, **data}, data, _year(directive, now))
    if units is not None:
        row.units = _chosen(by, directive, row.units, units)
    row.is_edited = True
    return _decide(by, row, FindingState.ACCEPTED, now)


def _year(directive: Directive, now: datetime) -> int:
    return (directive.issued_on or now.date()).year


def _mended(kind: str, merged: dict[str, Any], given: dict[str, Any], year: int) -> dict[str, Any]:
    if kind == FindingKind.TASK and "deadline" in given:
        merged["deadline"] = read_deadline(given["deadline"], year=year)
    if kind == FindingKind.REPORTING and "due" in given:
        merged["due"] = read_due(given["due"], year=year)
    if kind == FindingKind.TARGET and "value" in given:
        merged["measure"] = _measure(given["value"], merged.get("measure"))
    merged.pop("drop_reason", None)
    return merged


def _measure(value: Any, read: Any) -> Any:
    """What kind of target it is after a person has said its number: "tất cả" is read as a kind of its own,
    and must not outlive the number that stands instead of it, nor its being taken away.
    """
    if value is not None:
        return "number"
    return "unquantified" if read == "all" else read


def _chosen(
    by: Actor, directive: Directive, old: dict[str, Any], units: dict[str, list[int]]
) -> dict[str, Any]:
    lead = list(dict.fromkeys(units.get("lead", old.get("lead", []))))
    outside = [pk for pk in lead if not can_assign_to(by, directive.owner_unit, pk)]
    if outside:
        # Bodies outside the sector belong to nobody's reach, and are followed by who gave them the work.
        places = organization.unit_places(outside)
        outside = [pk for pk in outside if pk not in places or places[pk].kind != "external"]
    if outside:
        raise OutOfReach(_("Có đơn vị ngoài phạm vi được giao việc của anh/chị."), units=outside)
    found: dict[str, Any] = {"lead": lead, "unmatched": [] if lead else old.get("unmatched", [])}
    found["coordinating"] = list(dict.fromkeys(units.get("coordinating", old.get("coordinating", []))))
    to = units.get("to", old.get("to"))
    return {**found, "to": list(to)} if to else found


@transaction.atomic
def split_finding(*, by: Actor, finding: Finding, parts: Iterable[str], now: datetime) -> list[Finding]:
    """One finding becomes several with the texts in `parts`; units, deadline and lines stay. Raises
    NotAllowed, WrongState, MissingReason (fewer than two parts).
    """
    texts = [part.strip() for part in parts if part.strip()]
    if len(texts) < 2:
        raise MissingReason(_("Cần ít nhất hai phần để tách."))
    _directive, row = _finding(by, finding)
    name = "what" if row.kind == FindingKind.REPORTING else "text"
    row.data = {**row.data, name: texts[0]}
    row.is_edited, row.reviewed_by_id, row.reviewed_at = True, by.user_id, now
    row.save()
    more = [
        Finding(
            directive_id=row.directive_id,
            kind=row.kind,
            position=row.position,
            data={**row.data, name: text},
            state=row.state,
            is_edited=True,
            start_line=row.start_line,
            end_line=row.end_line,
            units=row.units,
            reviewed_by_id=by.user_id,
            reviewed_at=now,
        )
        for text in texts[1:]
    ]
    return [row, *Finding.objects.bulk_create(more)]


@transaction.atomic
def merge_findings(*, by: Actor, findings: Iterable[Finding], now: datetime) -> Finding:
    """Several findings of a kind become the first of them: texts one after another, units of all, the
    earliest deadline that was read. The others are dropped with a word on why. Raises NotAllowed, WrongState.
    """
    wanted = sorted({f.pk for f in findings})
    rows = list(Finding.objects.filter(pk__in=wanted).order_by("position", "id"))
    if len(rows) < 2 or len({(row.directive_id, row.kind) for row in rows}) != 1:
        raise WrongState(_("Chọn ít nhất hai nội dung cùng loại của một văn bản để gộp."))
    _take(by, rows[0].directive_id)
    first, others = rows[0], rows[1:]
    name = "what" if first.kind == FindingKind.REPORTING else "text"
    data = {**first.data, name: "\n".join(row.data.get(name) or "" for row in rows)}
    if first.kind == FindingKind.TASK:
        dated = [row.data["deadline"] for row in rows if (row.data.get("deadline") or {}).get("date")]
        data["deadline"] = min(dated, key=lambda d: d["date"]) if dated else first.data.get("deadline")
    first.data = data
    roles = {
        role: [pk for row in rows for pk in row.units.get(role, [])]
        for role in ("lead", "coordinating", "unmatched")
    }
    first.units = {**first.units, **{role: list(dict.fromkeys(found)) for role, found in roles.items()}}
    first.start_line = min((r.start_line for r in rows if r.start_line), default=None)
    first.end_line = max((r.end_line for r in rows if r.end_line), default=None)
    first.is_edited = True
    for row in others:
        row.data = {**row.data, "drop_reason": _("Đã gộp vào nội dung khác")}
        _decide(by, row, FindingState.DROPPED, now)
    state = FindingState.PROPOSED if _not_ready(first.kind, first.units) else FindingState.ACCEPTED
    return _decide(by, first, state, now)


@transaction.atomic
def add_finding(
    *,
    by: Actor,
    directive: Directive,
    kind: str,
    data: dict[str, Any],
    now: datetime,
    units: dict[str, list[int]] | None = None,
    start_line: int | None = None,
    end_line: int | None = None,
) -> Finding:
    """Something that the reader did not find; taken at once. Raises NotAllowed, WrongState, OutOfReach."""
    row = _take(by, directive.pk)
    last = row.findings.filter(kind=kind).order_by("-position").values_list("position", flat=True).first()
    before = (
        row.findings.filter(kind=kind, start_line__lte=start_line).order_by("-position")
        if start_line
        else None
    )
    beside = before.values_list("position", flat=True).first() if before is not None else None
    return Finding.objects.create(
        directive=row,
        kind=kind,
        position=beside if beside is not None else (last or 0) + 1,
        data=_mended(kind, dict(data), data, _year(row, now)),
        state=FindingState.ACCEPTED,
        is_edited=True,
        start_line=start_line,
        end_line=end_line,
        units=_chosen(by, row, {}, units or {}),
        reviewed_by_id=by.user_id,
        reviewed_at=now,
    )


@transaction.atomic
def drop_finding(*, by: Actor, finding: Finding, now: datetime, reason: str = "") -> Finding:
    """Leave a finding out; it stays visible and can be restored. Raises NotAllowed, WrongState."""
    _directive, row = _finding(by, finding)
    row.data = {**row.data, "drop_reason": reason.strip()}
    return _decide(by, row, FindingState.DROPPED, now)


@transaction.atomic
def restore_finding(*, by: Actor, finding: Finding, now: datetime) -> Finding:
    """Back among what waits for a decision. Raises NotAllowed, WrongState."""
    _directive, row = _finding(by, finding)
    row.data = {name: value for name, value in row.data.items() if name != "drop_reason"}
    return _decide(by, row, FindingState.PROPOSED, now)
