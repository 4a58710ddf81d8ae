"""A finding as the review page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..domain.wording import goal_words
from ..types import DeadlineKind, FindingKind, Operator, Period
from .forms.units import many_names, unit_names
from .words import day


@dataclass(frozen=True)
class Card:
    id: int
    kind: str
    state: str
    state_label: str
    text: str
    section: str
    facts: tuple[tuple[str, str], ...]
    unmatched: tuple[str, ...]
    start: int | None
    end: int | None
    is_edited: bool
    reason: str = ""


def cards(actor: Actor, findings: Iterable[Any]) -> list[Card]:
    """One query for the names of all their units."""
    found = list(findings)
    ids = [pk for finding in found for role in ("lead", "coordinating") for pk in finding.units.get(role, [])]
    names = unit_names(actor, ids)
    return [_card(finding, names) for finding in found]


def _card(finding: Any, names: dict[int, str]) -> Card:
    data = finding.data
    facts = {FindingKind.TASK: _task, FindingKind.TARGET: _target, FindingKind.REPORTING: _reporting}
    said = facts[finding.kind](data, lambda role: _named(finding, role, names))
    return Card(
        id=finding.pk,
        kind=finding.kind,
        state=finding.state,
        state_label=finding.get_state_display(),
        text=data.get("text") or data.get("what") or "",
        section=data.get("section") or "",
        facts=tuple((label, value) for label, value in said if value),
        unmatched=tuple(finding.units.get("unmatched") or ()),
        start=finding.start_line,
        end=finding.end_line,
        is_edited=finding.is_edited,
        reason=data.get("drop_reason") or "",
    )


def _named(finding: Any, role: str, names: dict[int, str]) -> str:
    known = [names[pk] for pk in finding.units.get(role, []) if pk in names]
    if known:
        return many_names(known)
    words = finding.data.get("who" if finding.kind == FindingKind.REPORTING else role) or []
    return "; ".join(words)


def _task(data: dict[str, Any], named: Any) -> list[tuple[str, str]]:
    return [
        (_("Chủ trì"), named("lead")),
        (_("Phối hợp"), named("coordinating")),
        (_("Sản phẩm"), data.get("product") or ""),
        (_("Thời hạn"), deadline_words(data.get("deadline") or {})),
        (_("Căn cứ"), basis_words(data)),
    ]


def _target(data: dict[str, Any], named: Any) -> list[tuple[str, str]]:
    operator, value = data.get("operator"), data.get("value")
    if isinstance(value, int | float) and operator in Operator.values:
        value = goal_words(operator, Decimal(str(value)), data.get("unit") or "")
    return [
        (_("Giá trị"), str(value or "")),
        (_("Kỳ"), data.get("period") or ""),
        (_("Giao cho"), named("lead")),
    ]


def _reporting(data: dict[str, Any], named: Any) -> list[tuple[str, str]]:
    period = data.get("period") or ""
    due = data.get("due") or ""
    return [
        (_("Ai báo cáo"), named("lead")),
        (_("Gửi về"), data.get("to") or ""),
        (_("Thời hạn"), deadline_words(due) if isinstance(due, dict) else due),
        (_("Chu kỳ"), str(Period(period).label) if period in Period.values else period),
    ]


def deadline_words(deadline: dict[str, Any]) -> str:
    """ "Quý III/2026 (Quý, hạn cuối 30/9/2026)" """
    kind = deadline.get("kind") or ""
    raw = deadline.get("raw") or deadline.get("event") or ""
    label = str(DeadlineKind(kind).label) if kind in DeadlineKind.values and kind != "none" else ""
    last = deadline.get("date")
    last_words = _("hạn cuối %(day)s") % {"day": day(date.fromisoformat(last))} if last else ""
    if label.lower() == raw.lower():
        label = ""
    known = ", ".join(part for part in (label, last_words) if part)
    return f"{raw} ({known})" if raw and known else raw or known


def basis_words(data: dict[str, Any]) -> str:
    raw = data.get("legal_basis_raw")
    if raw:
        return str(raw)
    basis = data.get("legal_basis") or ""
    if isinstance(basis, str):
        return basis
    named = (
        one.get("words") or one.get("raw") or one.get("number") if isinstance(one, dict) else one
        for one in basis
    )
    return "; ".join(str(one) for one in named if one)
