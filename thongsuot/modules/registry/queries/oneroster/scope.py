"""Whose rows, on which day: what every SQL of OneRoster is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ...permissions import EXPORT


@dataclass(frozen=True)
class Scope:
    """The parameters of every SQL of the room. owner: the account that asks; what is counted is kept apart by it."""

    parameters: Mapping[str, Any]
    owner: int | None = None

    @property
    def units(self) -> list[int] | None:
        return self.parameters["units"]

    def only(self, unit_id: int) -> Scope:
        """The rows of one unit of these, and none of another."""
        own = [unit_id] if self.units is None or unit_id in self.units else []
        return replace(self, parameters={**self.parameters, "units": own})


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    path = settings.DATA_DIR / "registry" / "oneroster.json"
    return json.loads(path.read_text(encoding="utf-8"))


def scope_of(actor: Actor, day: date, *, unit_id: int | None = None) -> Scope:
    """The units over which the actor may export; `unit_id`: it and those below it only. Raises NotAllowed."""
    actor.require(EXPORT, unit_id)
    reach = actor.reach_of(EXPORT)
    units = None if reach is None else set(reach)
    if unit_id is not None:
        below = organization.unit_ids_below(unit_id)
        units = set(below) if units is None else units & below
    words = _words()
    years = {
        year.pk: [f"term-{term.pk}" for term in year.terms.all()] for year in organization.school_years()
    }
    return Scope(
        {
            "units": None if units is None else sorted(units),
            "day": day,
            "years": list(years),
            "year_terms": [",".join(terms) or f"year-{pk}" for pk, terms in years.items()],
            "grades": json.dumps(words["grades"]),
            "grade_names": json.dumps(_grade_names(), ensure_ascii=False),
            "roles": json.dumps(words["roles"]),
            "guardians": json.dumps(words["guardians"]),
            "with_guardians": bool(words["guardians"]),
            "orgs": json.dumps(_orgs(units, words["orgs"], day), ensure_ascii=False),
            "sessions": json.dumps(_sessions(words["term"]), ensure_ascii=False),
        },
        owner=actor.user_id,
    )


def _grade_names() -> dict[str, str]:
    from ...types import GradeLevel

    return {str(grade.value): str(grade.label) for grade in GradeLevel}


def _orgs(units: set[int] | None, types: Mapping[str, str], day: date) -> list[dict[str, Any]]:
    """The units that still exist on the day; a parent that is not among them is not named."""
    # Which bodies exist is public: a key with nothing but the right to export names the schools of its pupils.
    rows = organization.units_visible(Actor.system(), today=day).order_by("pk")
    found = [
        (pk, name, kind, code, parent)
        for pk, name, kind, code, parent in rows.values_list("pk", "name", "kind", "code", "parent_id")
        if units is None or pk in units
    ]
    known = {pk for pk, *_rest in found}
    return [
        {
            "key": f"org-{pk}",
            "name": name,
            "type": types.get(kind, "local"),
            "code": code or f"org-{pk}",
            "parent": f"org-{parent}" if parent in known else None,
        }
        for pk, name, kind, code, parent in found
    ]


def _sessions(term_type: str) -> list[dict[str, Any]]:
    found = []
    for year in organization.school_years():
        said: dict[str, Any] = {"year": str(year.ends_on.year), "type": "schoolYear", "parent": None}
        found.append({**said, "key": f"year-{year.pk}", "title": year.name, **_days(year)})
        for term in year.terms.all():
            title = f"Học kỳ {term.number}, {year.name}"
            more = {"key": f"term-{term.pk}", "title": title, "type": term_type, "parent": f"year-{year.pk}"}
            found.append({**said, **more, **_days(term)})
    return found


def _days(span: Any) -> dict[str, str]:
    return {"first": span.starts_on.isoformat(), "last": (span.ends_on + timedelta(days=1)).isoformat()}
