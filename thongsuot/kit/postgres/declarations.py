"""How a model says whose rows are whose. Pure data: `policies` turns it into SQL.

A declaration is a class attribute:  isolation = ByUnit("unit") | ByUser("created_by")
"""

from __future__ import annotations

from dataclasses import dataclass


class Isolation:
    """Base of all declarations; `a | b` shows a row that either of them shows."""

    def __or__(self, other: Isolation) -> Either:
        return Either((*alternatives(self), *alternatives(other)))


@dataclass(frozen=True)
class Either(Isolation):
    rules: tuple[Isolation, ...]


@dataclass(frozen=True, init=False)
class ByUnit(Isolation):
    """Shown to whoever's reach holds one of the units in these foreign keys (to organization.Unit)."""

    fields: tuple[str, ...]

    def __init__(self, *fields: str) -> None:
        if not fields:
            raise TypeError("ByUnit names at least one field")
        object.__setattr__(self, "fields", fields)


@dataclass(frozen=True, init=False)
class ByUser(Isolation):
    """Shown to the person in one of these foreign keys; "pk" for the table of users itself."""

    fields: tuple[str, ...]

    def __init__(self, *fields: str) -> None:
        if not fields:
            raise TypeError("ByUser names at least one field")
        object.__setattr__(self, "fields", fields)


@dataclass(frozen=True)
class ByParent(Isolation):
    """Shown when the row that this foreign key points to is shown."""

    field: str


@dataclass(frozen=True)
class ByUnits(Isolation):
    """Shown when a row of `link` ("app.Model") points here by `fk` and its `unit_field` is within reach.

    The link's own policy counts too: a link row that the actor may not see opens nothing, and a link that is
    itself `ByParent` back to this table would make PostgreSQL go round in circles (refused after migrate).
    """

    link: str
    fk: str
    unit_field: str


@dataclass(frozen=True)
class Anyone(Isolation):
    """Every signed-in person may see every row: no personal data, no unit's own data. `reason` says why."""

    reason: str = ""


def alternatives(rule: Isolation) -> tuple[Isolation, ...]:
    return rule.rules if isinstance(rule, Either) else (rule,)
