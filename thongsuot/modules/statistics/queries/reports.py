"""Reads of periodic reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.modules.organization import queries as organization

from ..domain.report_template import Template, day_in_year
from ..domain.report_words import Change, changed_figures, figure_words, word_changes
from ..models import Report, ReportDue, ReportFigureNote, ReportVersion
from ..permissions import REPORT, SIGN_REPORT, acts_for, can_return_report, can_see_report, reports_visible
from ..types import PaperState, ReportKind
from .report_templates import report_template


def reports(actor: Actor) -> QuerySet[Report]:
    found = Report.objects.filter(reports_visible(actor)).defer("template", "content")
    return found.select_related("unit__parent", "school_year")


def report(actor: Actor, public_id: Any) -> Report | None:
    found = (
        Report.objects.select_related(
            "unit__parent__administrative_unit", "unit__administrative_unit", "school_year"
        )
        .filter(public_id=public_id)
        .first()
    )
    return found if found is not None and can_see_report(actor, found) else None


def may_write(actor: Actor, one: Report) -> bool:
    return one.state != PaperState.SIGNED and acts_for(actor, REPORT, one.unit)


def may_sign(actor: Actor, one: Report) -> bool:
    return acts_for(actor, SIGN_REPORT, one.unit)


def may_return(actor: Actor, one: Report) -> bool:
    return one.state == PaperState.SIGNED and can_return_report(actor, one)


def writable_units(actor: Actor) -> list[Any]:
    """Units for which the actor may begin a report: their own, and the body whose office they work at."""
    ids = set(actor.own_unit_ids)
    places = organization.unit_places(ids)
    ids |= {p.parent_id for p in places.values() if p.kind in organization.OFFICE_KINDS and p.parent_id}
    found = [organization.unit_detail(actor, pk) for pk in sorted(ids)]
    kinds = ("department", "commune", "school")
    return [unit for unit in found if unit and unit.kind in kinds and acts_for(actor, REPORT, unit)]


def template_of(one: Report) -> Template:
    """As it was when the report was begun."""
    return Template(one.template)


def figures_with_notes(one: Report) -> dict[str, dict[str, Any]]:
    """The computed figures, each with the author's override, reason and comment where there are any."""
    found = {code: dict(figure) for code, figure in one.content.get("figures", {}).items()}
    for note in one.notes.all():
        if note.code in found:
            found[note.code] |= {
                "override": None if note.value is None else str(note.value),
                "reason": note.reason,
                "comment": note.comment,
            }
    return found


def texts_of(one: Report) -> dict[str, str]:
    return dict(one.texts.values_list("key", "text"))


def versions(one: Report) -> QuerySet[ReportVersion]:
    return one.versions.defer("texts", "content").select_related("made_by")


def version(one: Report, number: int) -> ReportVersion | None:
    return one.versions.filter(number=number).first()


@dataclass(frozen=True)
class Passage:
    title: str
    changes: list[Change]


@dataclass(frozen=True)
class Difference:
    passages: list[Passage]
    figures: list[tuple[str, str, str]]


def difference(one: Report, old: ReportVersion, new: ReportVersion | None = None) -> Difference:
    """What changed from a version to a later one, or to the report as it stands; only what changed."""
    texts: Mapping[str, str] = new.texts if new else texts_of(one)
    figures = new.content.get("figures", {}) if new else figures_with_notes(one)
    passages = [
        Passage(str(block.get("title") or key), word_changes(old.texts.get(key, ""), texts.get(key, "")))
        for key, block in template_of(one).prose().items()
        if old.texts.get(key, "") != texts.get(key, "")
    ]
    return Difference(passages, changed_figures(old.content.get("figures", {}), figures))


@dataclass(frozen=True)
class Below:
    """A unit directly below and its report of the same period; report None: none is begun. Only a signed one is read."""

    unit_id: int
    name: str
    report: Report | None

    @property
    def signed(self) -> Report | None:
        return self.report if self.report is not None and self.report.state == PaperState.SIGNED else None


def below(one: Report) -> list[Below]:
    """Units directly below, in their order, with their reports of the same period."""
    node = indicators.unit_nodes([one.unit_id], one.as_of).get(one.unit_id)
    if node is None or not node.children:
        return []
    begun = {
        row.unit_id: row
        for row in Report.objects.filter(
            school_year=one.school_year, kind=one.kind, unit_id__in=node.children
        ).defer("template", "content")
    }
    children = indicators.unit_nodes(node.children, one.as_of)
    return [Below(child.id, child.name, begun.get(child.id)) for child in children.values()]


def overrides_below(one: Report) -> dict[str, list[dict[str, str]]]:
    """{code: what signed reports directly below print in the stead of the computed number, with unit and reason}."""
    sources = {row.signed.pk: row.name for row in below(one) if row.signed is not None}
    notes = ReportFigureNote.objects.filter(report__in=sources, value__isnull=False).select_related("report")
    found: dict[str, list[dict[str, str]]] = {}
    for note in notes.order_by("report__unit__sort_key", "report_id", "code"):
        figure = note.report.content.get("figures", {}).get(note.code)
        if figure is not None:
            said = {
                "unit": sources[note.report_id],
                "computed": figure_words(figure),
                "printed": figure_words({**figure, "override": str(note.value)}),
                "reason": note.reason,
            }
            found.setdefault(note.code, []).append(said)
    return found


def due_dates(school_year: Any) -> dict[tuple[str, str], date]:
    """{(kind, level): the last day}: the template's, or what the department set in its stead."""
    first = school_year.starts_on.year
    found = {
        (kind.value, level): day_in_year(day, first)
        for kind in ReportKind
        for level, day in report_template(kind).body["due"].items()
    }
    set_days = ReportDue.objects.filter(school_year=school_year)
    return found | {
        (kind, level): day for kind, level, day in set_days.values_list("kind", "level", "due_on")
    }


def units_behind(kind: str, school_year: Any, level: str, *, today: date) -> list[int]:
    """Units of a level ("school", "commune") that have not signed their report of the period."""
    done = Report.objects.filter(kind=kind, school_year=school_year, state=PaperState.SIGNED)
    return list(
        organization.units_visible(Actor.system(), today=today)
        .filter(kind=level)
        .exclude(pk__in=done.values("unit_id"))
        .values_list("pk", flat=True)
    )
