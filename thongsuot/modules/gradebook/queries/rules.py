"""The rules and programmes of data/grading/, read once, each fault named by its file; and the versions of rules that the
department has set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from pydantic import ValidationError

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import fact_of_file, registry_fact

from ..domain.plan import Programme
from ..domain.record import shape_faults
from ..domain.rules import RULES, PrimaryRules, SecondaryRules, rules_for
from ..domain.rules_sense import senseless
from ..models import RulesVersion
from ..types import BadRules, GradingFault

Rules = SecondaryRules | PrimaryRules
PROGRAMME = "gdpt2018.json"
# Who missed more sessions does not go up: one number, the registry's, set right on the page Tham số hồ sơ.
ABSENCES = "most_absent_sessions"
# The rules as they were read, while something with many classes or pupils is told.
_held: ContextVar[tuple[tuple[Rules, ...], tuple[Rules, ...]] | None] = ContextVar("held_rules", default=None)


def file_rules() -> tuple[Rules, ...]:
    """Those of data/grading/ alone; no database is asked. Raises GradingFault naming file and field."""
    return _rules(Path(settings.DATA_DIR) / "grading")


def all_rules() -> tuple[Rules, ...]:
    """Those of the files, then the versions in force as they were set. One query. Raises GradingFault."""
    return _known()[0]


@contextmanager
def rules_held() -> Iterator[None]:
    """Within it the rules are read once: for loops over classes, subjects or pupils."""
    if _held.get() is not None:
        yield
        return
    token = _held.set(_known())
    try:
        yield
    finally:
        _held.reset(token)


def _known() -> tuple[tuple[Rules, ...], tuple[Rules, ...]]:
    """(in force, withdrawn)"""
    held = _held.get()
    if held is not None:
        return held
    live, gone = list(file_rules()), list[Rules]()
    rows = RulesVersion.objects.order_by("pk").annotate(text=Cast("document", TextField()))
    for text, withdrawn_at in rows.values_list("text", "withdrawn_at"):
        (live if withdrawn_at is None else gone).append(_version(text))
    return tuple(live), tuple(gone)


def programme() -> Programme:
    """Subjects and periods of GDPT 2018 (TT 32/2018). Raises GradingFault."""
    return _programme(Path(settings.DATA_DIR) / "grading" / PROGRAMME)


def rules_of(
    level: str, grade: int, year: int, code: str | None = None, known: tuple[Rules, ...] | None = None
) -> Rules:
    """The rules of a grade in the school year that begins in `year`, or those of a code, withdrawn ones among them.

    known: to choose from these alone, without asking the database. Raises GradingFault when there are none.
    """
    live, gone = (known, ()) if known is not None else _known()
    if code is not None:
        found = next((one for one in (*live, *gone) if one.code == code), None)
    else:
        found = rules_for(live, level, grade, year)
    if found is None:
        known_codes = ", ".join(one.code for one in live)
        said = _("Không có quy định đánh giá cho %(level)s khối %(grade)s năm %(year)s (có: %(known)s).")
        raise GradingFault(said % {"level": level, "grade": grade, "year": year, "known": known_codes})
    return found


def rules_coded(code: str) -> Rules:
    """Those of a code, in force or withdrawn. Raises GradingFault when there are none."""
    return rules_of("", 0, 0, code)


def in_force(rules: Rules) -> Rules:
    """The rules with the numbers that people have set right. One query in secondary school."""
    if isinstance(rules, PrimaryRules):
        return rules
    most = int(registry_fact(Actor.system(), ABSENCES).value)
    return rules if rules.most_absences == most else rules.model_copy(update={"most_absences": most})


def read_rules(given: Mapping[str, Any]) -> Rules:
    """A document of rules as data/grading/README.md describes it. Raises BadRules: what is wrong, by field."""
    try:
        found = RULES.validate_python(_whole(dict(given)))
    except ValidationError as error:
        faults = shape_faults(error)
    else:
        faults = senseless(found)
        if not faults:
            return found
    # pydantic names the kind of rules first: "secondary.weights.midterm".
    plain = {fault.field.removeprefix("secondary.").removeprefix("primary."): fault for fault in faults}
    raise BadRules({field: _(fault.said) for field, fault in plain.items()})


def rules_versions(actor: Actor) -> dict[str, RulesVersion]:
    """By code: what the department has set, withdrawn ones among them."""
    return {row.code: row for row in RulesVersion.objects.select_related("set_by", "withdrawn_by")}


@lru_cache(maxsize=256)
def _version(text: str) -> Rules:
    return RULES.validate_python(_whole(json.loads(text)))


@lru_cache(maxsize=4)
def _rules(folder: Path) -> tuple[Rules, ...]:
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name == PROGRAMME:
            continue
        try:
            found.append(RULES.validate_python(_given(path)))
        except ValidationError as error:
            raise _fault(path, error) from error
    return tuple(found)


def _given(path: Path) -> dict[str, Any]:
    return _whole(json.loads(path.read_bytes()))


def _whole(given: dict[str, Any]) -> dict[str, Any]:
    """With the number of sessions that may be missed: it stands elsewhere, see `in_force`."""
    if given.get("kind") == "secondary":
        given.setdefault("most_absences", fact_of_file(ABSENCES).value)
    return given


@lru_cache(maxsize=4)
def _programme(path: Path) -> Programme:
    try:
        return Programme.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise _fault(path, error) from error


def _fault(path: Path, error: ValidationError) -> GradingFault:
    first = shape_faults(error)[0]
    return GradingFault(f"{path.name}: {first.field}: {_(first.said)}")
