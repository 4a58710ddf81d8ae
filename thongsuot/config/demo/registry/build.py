"""The step that fills the registry: what the world is, rows made, rows written, stories told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from thongsuot.config.demo.context import PROVINCE_CODE, DemoContext
from thongsuot.config.demo.defects_of_schools import ENDED_COMMUNE
from thongsuot.config.demo.names import Names
from thongsuot.config.demo.places import NEW_SCHOOL, is_highland
from thongsuot.config.demo.registry import stories
from thongsuot.config.demo.registry.generate import Generated, generate
from thongsuot.config.demo.registry.world import AccountHolder, DemoSchool, World, YearSpan
from thongsuot.config.demo.registry.writing import count_rows, write
from thongsuot.kit.text.vietnamese import fold, sort_key
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS
from thongsuot.modules.organization.models import (
    AdministrativeUnit,
    Appointment,
    School,
    SchoolSite,
    SchoolYear,
    Unit,
)
from thongsuot.modules.registry.models import SchoolClass, Staff, Student

# Births in a year for each primary school.
PER_SCHOOL = {"tiny": 24.0, "small": 66.0, "province": 79.0}
PRIVATE = 0.35


def build(context: DemoContext) -> Generated | None:
    """None where a registry is there already: it is left alone. Raises OSError when the truth cannot be written."""
    if any(model.objects.exists() for model in (Student, SchoolClass, Staff)):
        return None
    count_rows(get_user_model(), Appointment, Unit, School, SchoolSite, SchoolYear)
    world = world_of(context)
    if not world.years:
        return None
    made = generate(world)
    write(made.rows, context.say)
    _correct(made)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    stories.tell(context, world, made)
    if context.truth is not None:
        context.truth.write_text(made.truth.as_json(), encoding="utf-8")
    context.say(
        f"Lỗi dữ liệu gieo có chủ ý: {len(made.truth.flaws)}, cặp hồ sơ trùng: {len(made.truth.pairs)}"
    )
    return made


def _correct(made: Generated) -> None:
    """The defects of schools, into rows that are there already."""
    models: dict[str, Any] = {
        "unit": Unit.objects.filter,
        "school": lambda pk: School.objects.filter(unit_id=pk),
        "site": lambda pk: SchoolSite.objects.filter(school_id=pk, is_main=True),
    }
    for one in made.corrections:
        value = _ended_commune() if one.value == ENDED_COMMUNE else one.value
        models[one.model](pk=one.id).update(**{one.field: value})


def _ended_commune() -> AdministrativeUnit:
    """A commune that is no more since July 2025; the list that the platform brings begins there."""
    commune, _ = AdministrativeUnit.objects.get_or_create(
        code="23539",
        level="commune",
        defaults={
            "name": "Sa Nghĩa",
            "full_name": "Xã Sa Nghĩa",
            "name_fold": fold("Sa Nghĩa"),
            "sort_key": sort_key("Sa Nghĩa"),
            "kind": "Xã",
            "parent": AdministrativeUnit.objects.get(level="province", code=PROVINCE_CODE),
            "valid_from": date(2004, 1, 1),
            "valid_to": date(2025, 6, 30),
        },
    )
    return commune


def world_of(context: DemoContext) -> World:
    holders = _holders()
    schools = tuple(_school(context, row, holders.get(row.unit_id, ())) for row in _schools())
    demo = {line.username for line in DEMO_ACCOUNTS}
    return World(
        schools=schools,
        years=_years(context),
        today=context.today,
        per_school=PER_SCHOOL[context.scale],
        names=Names(context.data / "demo" / "names"),
        rng=context.random,
        demo_people={one.username: one for held in holders.values() for one in held if one.username in demo},
        teacher_norms=_teacher_norms(context),
        say=context.say,
    )


def _teacher_norms(context: DemoContext) -> dict[str, float]:
    text = (context.data / "codes" / "dinh_muc_giao_vien_lop.json").read_text(encoding="utf-8")
    return {row["code"]: float(row["name"]) for row in json.loads(text)["values"]}


def _schools() -> Any:
    return (
        School.objects.select_related("unit__administrative_unit")
        .prefetch_related("sites")
        .order_by("unit__code")
    )


def _school(context: DemoContext, row: Any, holders: tuple[AccountHolder, ...]) -> DemoSchool:
    place, is_private = _place(row), row.school_type != "public"
    weight = context.random("weight", row.unit.code).uniform(0.85, 1.15) * (PRIVATE if is_private else 1)
    return DemoSchool(
        unit_id=row.unit_id,
        code=row.unit.code,
        name=row.unit.name,
        commune=place.code,
        commune_name=f"{place.kind} {place.name}",
        levels=tuple(row.levels),
        sites=tuple(site.pk for site in sorted(row.sites.all(), key=lambda s: (not s.is_main, s.pk))),
        weight=0
        if row.unit.code.endswith(f".{NEW_SCHOOL}")
        else weight * (0.45 if "nội trú" in row.unit.name else 1),
        is_boarding=row.is_boarding or "nội trú" in row.unit.name,
        is_private=is_private,
        is_highland=is_highland(place.code),
        holders=holders,
    )


def _place(row: Any) -> AdministrativeUnit:
    """The commune, by the code of the unit: a seeded defect may have taken it away."""
    place: AdministrativeUnit | None = row.unit.administrative_unit
    if place is not None and place.valid_to is None:
        return place
    return AdministrativeUnit.objects.get(
        level="commune", code=row.unit.code.split(".")[1], valid_to__isnull=True
    )


def _holders() -> dict[int, tuple[AccountHolder, ...]]:
    found: dict[int, list[AccountHolder]] = {}
    held = Appointment.objects.filter(unit__kind="school", delegated_from__isnull=True).select_related("user")
    for row in held.order_by("user__username"):
        user = row.user
        holder = AccountHolder(
            user.pk, user.username, user.full_name, user.email, row.role, row.title, row.valid_from
        )
        found.setdefault(row.unit_id, []).append(holder)
    return {unit_id: tuple(holders) for unit_id, holders in found.items()}


def _years(context: DemoContext) -> tuple[YearSpan, ...]:
    """Those that have begun; the running one last."""
    begun = (
        SchoolYear.objects.filter(starts_on__lte=context.today)
        .prefetch_related("terms")
        .order_by("starts_on")
    )
    spans = []
    for year in begun:
        second = next((term.starts_on for term in year.terms.all() if term.number == 2), year.ends_on)
        spans.append(YearSpan(year.pk, year.starts_on, year.ends_on, second))
    return tuple(spans)
