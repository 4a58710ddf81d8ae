"""Units, schools and the school calendar of the demo, as rows; what is there already is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thongsuot.config.demo.context import EMAIL_DOMAIN, PROVINCE_CODE, DemoContext
from thongsuot.config.demo.places import (
    EXTERNAL,
    OFFICES,
    SMALL_COMMUNES,
    SchoolPlan,
    is_highland,
    school_plans,
)
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold, sort_key
from thongsuot.modules.organization.actions import create_school_year, load_reference, rebuild_paths
from thongsuot.modules.organization.models import AdministrativeUnit, School, SchoolSite, SchoolYear, Unit
from thongsuot.modules.organization.types import UnitKind

BODIES_FROM = date(2025, 7, 1)
SCHOOLS_FROM = date(2010, 9, 1)
PREFIX = f"{PROVINCE_CODE}."
DEPARTMENT = f"{PREFIX}SGD"
# First and last day of the terms, after the ministry's framework plan (from memory; a user can enter others).
YEARS = (2024, 2025, 2026)
SCHOOLS_OF_SMALL_COMMUNE = 6


@dataclass
class Planned:
    """Rows to be, with the code of the parent, whose id is known only once it is written."""

    units: list[dict[str, Any]] = field(default_factory=list)
    schools: dict[str, SchoolPlan] = field(default_factory=dict)
    highland: set[str] = field(default_factory=set)

    def add(
        self, code: str, name: str, kind: UnitKind, parent: str | None, since: date = BODIES_FROM, **more: Any
    ) -> None:
        self.units.append(
            {"code": code, "name": name, "kind": kind.value, "parent": parent, "valid_from": since, **more}
        )


def reference(context: DemoContext) -> None:
    loaded = load_reference(by=Actor.system(), folder=context.data)
    context.say(f"Danh mục: {loaded.total} dòng mới hoặc thay đổi")


def calendar(context: DemoContext) -> None:
    for year in YEARS:
        if not SchoolYear.objects.filter(name=f"{year}-{year + 1}").exists():
            terms = [
                (date(year, 9, 5), date(year + 1, 1, 17)),
                (date(year + 1, 1, 18), date(year + 1, 5, 31)),
            ]
            create_school_year(
                by=Actor.system(), starts_on=date(year, 9, 5), ends_on=date(year + 1, 5, 31), terms=terms
            )


def units(context: DemoContext) -> None:
    planned = plan(context)
    there = set(Unit.objects.values_list("code", flat=True))
    new = [row for row in planned.units if row["code"] not in there]
    for kinds in (
        (UnitKind.PROVINCE_COMMITTEE,),
        (UnitKind.DEPARTMENT, UnitKind.COMMUNE, UnitKind.EXTERNAL),
        (UnitKind.DEPARTMENT_OFFICE, UnitKind.COMMUNE_OFFICE, UnitKind.SCHOOL),
    ):
        _write_units([row for row in new if row["kind"] in kinds])
    rebuild_paths(by=Actor.system())
    _write_schools(context, planned, {row["code"] for row in new if row["kind"] == UnitKind.SCHOOL})
    context.say(f"Đơn vị: {len(planned.units)}, trong đó {len(planned.schools)} trường")


def plan(context: DemoContext) -> Planned:
    planned = Planned()
    planned.add(
        PROVINCE_CODE,
        "Ủy ban nhân dân tỉnh Quảng Ngãi",
        UnitKind.PROVINCE_COMMITTEE,
        None,
        short_name="UBND tỉnh",
        place=PROVINCE_CODE,
    )
    planned.add(
        DEPARTMENT,
        "Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi",
        UnitKind.DEPARTMENT,
        PROVINCE_CODE,
        short_name="Sở GDĐT",
        aliases=["Sở Giáo dục và Đào tạo", "Sở", "Giám đốc Sở", "cơ quan Sở"],
        place=PROVINCE_CODE,
    )
    for code, name, short, aliases in OFFICES:
        planned.add(
            f"{DEPARTMENT}.{code}",
            name,
            UnitKind.DEPARTMENT_OFFICE,
            DEPARTMENT,
            short_name=short,
            aliases=aliases,
            place=PROVINCE_CODE,
        )
    for code, name in EXTERNAL:
        planned.add(PREFIX + code, name, UnitKind.EXTERNAL, PROVINCE_CODE, place=PROVINCE_CODE)
    communes = AdministrativeUnit.objects.filter(
        parent__code=PROVINCE_CODE, level="commune", valid_to__isnull=True
    )
    for code, name, kind in communes.order_by("code").values_list("code", "name", "kind"):
        _plan_commune(context, planned, code, name, kind)
    return planned


def _plan_commune(context: DemoContext, planned: Planned, code: str, name: str, kind: str) -> None:
    unit_code = PREFIX + code
    words = f"{kind.lower()} {name}"
    planned.add(
        unit_code,
        f"Ủy ban nhân dân {words}",
        UnitKind.COMMUNE,
        PROVINCE_CODE,
        short_name=f"UBND {words}",
        aliases=[f"{kind} {name}"],
        place=code,
    )
    planned.add(
        f"{unit_code}.VHXH",
        f"Phòng Văn hóa - Xã hội {words}",
        UnitKind.COMMUNE_OFFICE,
        unit_code,
        short_name="Phòng VH-XH",
        aliases=["Phòng Văn hóa - Xã hội", "Phòng Văn hóa và Xã hội"],
        place=code,
    )
    if not context.is_province and code not in (SMALL_COMMUNES[:2] if context.is_tiny else SMALL_COMMUNES):
        return
    most = None if context.is_province else SCHOOLS_OF_SMALL_COMMUNE
    for school in school_plans(code, name, kind, context.random("schools", code), most=most):
        school_code = f"{unit_code}.{school.code}"
        parent = DEPARTMENT if school.by_department else unit_code
        planned.add(
            school_code,
            school.name,
            UnitKind.SCHOOL,
            parent,
            SCHOOLS_FROM,
            place=code,
            **_contact(context, school_code, kind, name),
        )
        planned.schools[school_code] = school
        if is_highland(code):
            planned.highland.add(school_code)


def _contact(context: DemoContext, school_code: str, kind: str, name: str) -> dict[str, str]:
    """Address, land line and mailbox of a school; nobody's."""
    rng = context.random("contact", school_code)
    part = "Tổ dân phố" if kind == "Phường" else "Thôn"
    area = (
        "0260" if is_highland(school_code.split(".")[1]) and school_code.split(".")[1] > "23000" else "0255"
    )
    return {
        "address": f"{part} {rng.randint(1, 9)}, {kind.lower()} {name}, tỉnh Quảng Ngãi",
        "phone": f"{area}3{rng.randrange(10**6):06d}",
        "email": f"{school_code.replace('.', '-').lower()}@{EMAIL_DOMAIN}",
    }


def _write_units(rows: list[dict[str, Any]]) -> None:
    ids = dict(Unit.objects.values_list("code", "id"))
    places = {
        (level, code): pk
        for level, code, pk in AdministrativeUnit.objects.filter(valid_to__isnull=True).values_list(
            "level", "code", "id"
        )
    }
    objects = []
    for row in rows:
        values = dict(row)
        parent, place = values.pop("parent"), values.pop("place")
        level = "province" if len(place) == 2 else "commune"
        objects.append(
            Unit(
                parent_id=ids[parent] if parent else None,
                administrative_unit_id=places[level, place],
                name_fold=fold(row["name"]),
                sort_key=sort_key(row["name"]),
                **values,
            )
        )
    Unit.objects.bulk_create(objects, batch_size=1000)


def _write_schools(context: DemoContext, planned: Planned, new: set[str]) -> None:
    ids = dict(Unit.objects.filter(code__in=new).values_list("code", "id"))
    schools, sites = [], []
    for number, (code, school) in enumerate(planned.schools.items()):
        if code not in new:
            continue
        schools.append(
            School(
                unit_id=ids[code],
                # The shape of the ministry's codes, in a range that no former district had.
                ministry_code=f"{PROVINCE_CODE}9{number // 1000:02d}{number % 1000:03d}",
                levels=[level.value for level in school.levels],
                school_type=school.school_type,
                is_boarding=school.is_boarding,
                is_hard_area=code in planned.highland,
            )
        )
        rng = context.random("sites", code)
        for index in range(school.sites if school.sites == 1 else rng.randint(2, school.sites)):
            name = "Điểm chính" if index == 0 else f"Điểm trường Thôn {index}"
            sites.append(
                SchoolSite(school_id=ids[code], name=name, is_main=index == 0, valid_from=SCHOOLS_FROM)
            )
    School.objects.bulk_create(schools, batch_size=1000)
    SchoolSite.objects.bulk_create(sites, batch_size=2000)
