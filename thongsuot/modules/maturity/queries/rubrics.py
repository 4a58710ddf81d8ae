"""Rubrics and their versions. Public inside the platform."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ..domain.differences import Change, differences
from ..domain.rubric import Rubric, parse
from ..models import RubricVersion
from ..types import Subject


def rubric_versions() -> QuerySet[RubricVersion]:
    """All of them, the latest of each code first."""
    return RubricVersion.objects.select_related("made_by").order_by("code", "-number")


def current_rubrics() -> QuerySet[RubricVersion]:
    return rubric_versions().filter(is_current=True)


def rubric_version(public_id: UUID) -> RubricVersion | None:
    return rubric_versions().filter(public_id=public_id).first()


@lru_cache(maxsize=64)
def _parsed(pk: int, public_id: UUID) -> Rubric:
    return parse(RubricVersion.objects.values_list("body", flat=True).get(pk=pk))


def rubric_of(version: RubricVersion) -> Rubric:
    """The version's body, read; kept, since a version never changes."""
    return _parsed(version.pk, version.public_id)


def changes_of(version: RubricVersion) -> list[Change]:
    """What this version changed against the one before it."""
    before = (
        RubricVersion.objects.filter(code=version.code, number__lt=version.number).order_by("-number").first()
    )
    return differences(before.body, version.body) if before else []


def rubrics_for(unit: Any, versions: Sequence[RubricVersion] | None = None) -> list[RubricVersion]:
    """The current rubrics that are meant for the unit, whether switched on or not: by the levels of a school."""
    versions = list(current_rubrics()) if versions is None else versions
    if unit.kind == "department":
        return [one for one in versions if one.subject == Subject.DEPARTMENT]
    if unit.kind != "school":
        return []
    levels = set(unit.school.levels)
    return [
        one
        for one in versions
        if one.subject == Subject.SCHOOL and levels & set(one.body.get("education_levels", ()))
    ]
