"""The rules and programmes of data/grading/: read once, each fault named by its file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import fact_of_file, registry_fact

from ..domain.plan import Programme
from ..domain.record import shape_faults
from ..domain.rules import RULES, PrimaryRules, SecondaryRules, rules_for
from ..types import GradingFault

PROGRAMME = "gdpt2018.json"
# Who missed more sessions does not go up: one number, the registry's, set right on the page Tham số hồ sơ.
ABSENCES = "most_absent_sessions"


def all_rules() -> tuple[SecondaryRules | PrimaryRules, ...]:
    """Raises GradingFault naming file and field."""
    return _rules(Path(settings.DATA_DIR) / "grading")


def programme() -> Programme:
    """Subjects and periods of GDPT 2018 (TT 32/2018). Raises GradingFault."""
    return _programme(Path(settings.DATA_DIR) / "grading" / PROGRAMME)


def rules_of(level: str, grade: int, year: int, code: str | None = None) -> SecondaryRules | PrimaryRules:
    """The rules of a grade in the school year that begins in `year`, or those of a circular by its code.

    Raises GradingFault when there are none.
    """
    if code is not None:
        found = next((one for one in all_rules() if one.code == code), None)
    else:
        found = rules_for(all_rules(), level, grade, year)
    if found is None:
        known = ", ".join(one.code for one in all_rules())
        said = _("Không có quy định đánh giá cho %(level)s khối %(grade)s năm %(year)s (có: %(known)s).")
        raise GradingFault(said % {"level": level, "grade": grade, "year": year, "known": known})
    return found


def in_force(rules: SecondaryRules | PrimaryRules) -> SecondaryRules | PrimaryRules:
    """The rules with the numbers that people have set right. One query in secondary school."""
    if isinstance(rules, PrimaryRules):
        return rules
    most = int(registry_fact(Actor.system(), ABSENCES).value)
    return rules if rules.most_absences == most else rules.model_copy(update={"most_absences": most})


@lru_cache(maxsize=4)
def _rules(folder: Path) -> tuple[SecondaryRules | PrimaryRules, ...]:
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
    given: dict[str, Any] = json.loads(path.read_bytes())
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
