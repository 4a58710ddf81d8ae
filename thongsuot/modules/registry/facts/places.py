"""Classes, rooms, equipment, lines, and the schools themselves."""
# ruff: noqa: S608 - tables and columns of this file only; values are parameters

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import Dimension, FactTable, Params
from thongsuot.kit.indicators.types import DrillDown
from thongsuot.kit.pages.tables import Column, Table
from thongsuot.modules.organization import queries as organization

from ..models import Equipment, InternetLine, Room, SchoolClass
from ..permissions import classes_visible, things_visible
from ..types import Condition, EquipmentKind, EquipmentUse, RoomBuild, RoomKind
from .dimensions import (
    GRADE,
    LEVEL,
    LEVEL_FOLLOWS,
    LEVEL_OF_GRADE,
    MANY,
    PLACE,
    PLACES,
    SCHOOL_LEVEL,
    THIS_YEAR,
    holds,
    in_school_year,
    labelled,
    of_units,
    params,
    yes_no,
)
from .staffing import COLUMNS as STAFFING
from .staffing import SOURCES as OF_STAFFING
from .staffing import staffing

SCHOOL = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")


class ClassTable(Table):
    name = Column(verbose_name=_("Lớp"))
    grade = Column(verbose_name=_("Khối"), accessor="get_grade_display", order_by=("grade",))
    unit = SCHOOL

    class Meta:
        fields = ("name", "grade", "unit")


class ThingTable(Table):
    name = Column(verbose_name=_("Tên"))
    unit = SCHOOL

    class Meta:
        fields = ("name", "unit")


class SchoolTable(Table):
    name = Column(verbose_name=_("Trường"), order_by="sort_key")
    parent = Column(verbose_name=_("Cơ quan quản lý"), accessor="parent__name", order_by="parent__sort_key")

    class Meta:
        fields = ("name", "parent")


def _classes(actor: Actor, as_of: date) -> DrillDown:
    rows = SchoolClass.objects.filter(classes_visible(actor)).select_related("unit")
    rows = rows.order_by("unit__sort_key", "grade", "name", "pk")
    return DrillDown(rows, ClassTable, "", _class_url, ("name", "unit__name"))


def _class_url(row: Any) -> str:
    return reverse("registry:class-detail", args=[row.pk])


def _things(model: Any, kind: str) -> Any:
    def drill_down(actor: Actor, as_of: date) -> DrillDown:
        rows = model.objects.filter(things_visible(actor)).select_related("unit")
        rows = rows.order_by("unit__sort_key", "name", "pk")
        return DrillDown(
            rows,
            ThingTable,
            "",
            lambda row: reverse("registry:thing-detail", args=[kind, row.pk]),
            ("name", "unit__name"),
        )

    return drill_down


def _schools(actor: Actor, as_of: date) -> DrillDown:
    rows = organization.units_visible(actor).select_related("parent").order_by("sort_key", "pk")
    return DrillDown(rows, SchoolTable, "", None, ("name",))


def classes(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Classes of the school year that are open on the day, with the pupils who sit in them. The most pupils a class may
    have is a list that users correct (data/codes/si_so_lop_toi_da.json: grade -> number); none: no limit is known."""
    sql = f"""
    select c.id as record_id, c.unit_id, {LEVEL_OF_GRADE.format("c.grade")} as level, c.grade::int as grade,
        c.is_two_sessions as two_sessions, c.is_boarding as boarding, c.mixed_grades <> '' as mixed,
        coalesce(n.pupils, 0) as pupils, coalesce(n.pupils, 0) > m.most as over_limit, p.commune, p.school_type
    from registry_schoolclass c
    join {PLACES} p on p.unit_id = c.unit_id
    left join (
        select e.school_class_id, count(*) as pupils from registry_enrolment e
        where {holds("e.entered_on", "e.left_on")} and e.exit_type <> 'withdrawn' {of_units("e.unit_id", unit_ids)}
        group by e.school_class_id
    ) n on n.school_class_id = c.id
    left join (
        select v.code, min(v.name::int) as most
        from organization_codevalue v join organization_codelist l on l.id = v.code_list_id
        where l.code = 'si_so_lop_toi_da' and v.name ~ '^[0-9]{{1,4}}$'
            and (v.valid_from is null or v.valid_from <= %(day)s::date)
            and (v.valid_to is null or v.valid_to >= %(day)s::date)
        group by v.code
    ) m on m.code = c.grade::text
    where {holds("c.valid_from", "c.valid_to")} and c.school_year_id = {THIS_YEAR}
        {of_units("c.unit_id", unit_ids)}"""
    return sql, params(as_of, unit_ids)


def _of_things(table: str, columns: str) -> Any:
    """Land, rooms and the like that a school has on the day. Level: that of the school; where it has several, the first,
    so that every room is counted at one level."""

    def select(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
        sql = f"""
        select t.id as record_id, t.unit_id, {columns}, p.levels[1] as level, p.commune, p.school_type
        from {table} t join {PLACES} p on p.unit_id = t.unit_id
        where {holds("t.valid_from", "t.valid_to")} {of_units("t.unit_id", unit_ids)}"""
        return sql, params(as_of, unit_ids)

    return select


def schools(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Schools that exist on the day. One of several levels is one school; its pupils go to the level of their grade."""

    def has(table: str, further: str = "") -> str:
        return f"""exists (select 1 from {table} t where t.unit_id = p.unit_id
            and {holds("t.valid_from", "t.valid_to")} {further})"""

    levels = ", ".join(
        f"'{one}' = any(p.levels) as has_{one}"
        for one in ("preschool", "primary", "lower_secondary", "upper_secondary", "continuing")
    )
    sql = f"""
    select p.unit_id as record_id, p.unit_id,
        case when cardinality(p.levels) = 1 then p.levels[1] else '{MANY}' end as level, {levels},
        {has("registry_internetline")} as internet,
        {has("registry_internetline", "and t.is_for_teaching")} as internet_teaching,
        {has("registry_equipment", "and t.kind = 'computer' and t.use = 'teaching' and t.quantity > t.broken")}
            as computers_teaching,
        {has("registry_room", "and t.kind = 'library'")} as library,
        {has("registry_room", "and t.kind = 'toilet'")} as toilet,
        p.is_boarding as boarding, p.is_hard_area as hard_area, {STAFFING}, p.commune, p.school_type
    from {PLACES} p {staffing(unit_ids)}
    where {holds("p.valid_from", "p.valid_to")} {of_units("p.unit_id", unit_ids)}"""
    return sql, params(as_of, unit_ids)


CLASSES = FactTable(
    "registry.classes",
    _("Lớp, nhóm trẻ"),
    (
        LEVEL,
        GRADE,
        yes_no("two_sessions", _("Học 2 buổi/ngày")),
        yes_no("boarding", _("Lớp bán trú")),
        yes_no("mixed", _("Lớp ghép")),
        yes_no("over_limit", _("Vượt sĩ số tối đa")),
        *PLACE,
    ),
    classes,
    drill_down=_classes,
    follows=LEVEL_FOLLOWS,
    counts_on=in_school_year,
    numbers={"pupils": _("Số học sinh")},
    sources=(
        "registry_schoolclass",
        "registry_enrolment",
        "organization_school",
        "organization_unit",
        "organization_schoolyear",
        "organization_codevalue",
    ),
)
ROOMS = FactTable(
    "registry.rooms",
    _("Phòng"),
    (
        Dimension("kind", _("Loại phòng"), labels=labelled(RoomKind)),
        Dimension("build", _("Kết cấu"), labels=labelled(RoomBuild)),
        Dimension("condition", _("Tình trạng"), labels=labelled(Condition)),
        SCHOOL_LEVEL,
        *PLACE,
    ),
    _of_things("registry_room", "t.kind, t.build, t.condition, t.area"),
    drill_down=_things(Room, "room"),
    numbers={"area": _("Diện tích (m²)")},
    sources=("registry_room", "organization_school", "organization_unit"),
)
EQUIPMENT = FactTable(
    "registry.equipment",
    _("Thiết bị"),
    (
        Dimension("kind", _("Loại thiết bị"), labels=labelled(EquipmentKind)),
        Dimension("use", _("Dùng cho"), labels=labelled(EquipmentUse)),
        yes_no("connected", _("Nối mạng")),
        SCHOOL_LEVEL,
        *PLACE,
    ),
    _of_things(
        "registry_equipment",
        "t.kind, t.use, t.is_connected as connected, t.quantity, t.broken, t.needed, "
        "t.quantity - t.broken as in_use",
    ),
    drill_down=_things(Equipment, "equipment"),
    numbers={
        "quantity": _("Hiện có"),
        "broken": _("Hỏng"),
        "needed": _("Cần theo định mức"),
        "in_use": _("Dùng được"),
    },
    sources=("registry_equipment", "organization_school", "organization_unit"),
)
INTERNET = FactTable(
    "registry.internet",
    _("Đường truyền Internet"),
    (yes_no("for_teaching", _("Dùng cho dạy học")), SCHOOL_LEVEL, *PLACE),
    _of_things("registry_internetline", "t.is_for_teaching as for_teaching, t.bandwidth"),
    drill_down=_things(InternetLine, "line"),
    numbers={"bandwidth": _("Băng thông (Mbps)")},
    sources=("registry_internetline", "organization_school", "organization_unit"),
)
SCHOOLS = FactTable(
    "registry.schools",
    _("Trường"),
    (
        SCHOOL_LEVEL,
        yes_no("has_preschool", _("Có cấp mầm non")),
        yes_no("has_primary", _("Có cấp tiểu học")),
        yes_no("has_lower_secondary", _("Có cấp THCS")),
        yes_no("has_upper_secondary", _("Có cấp THPT")),
        yes_no("has_continuing", _("Có GDTX")),
        yes_no("internet", _("Có Internet")),
        yes_no("internet_teaching", _("Có Internet dùng cho dạy học")),
        yes_no("computers_teaching", _("Có máy tính dùng cho dạy học")),
        yes_no("library", _("Có thư viện")),
        yes_no("toilet", _("Có nhà vệ sinh")),
        yes_no("boarding", _("Nội trú, bán trú")),
        yes_no("hard_area", _("Vùng khó khăn")),
        yes_no("below_norm", _("Giáo viên dưới định mức")),
        *PLACE,
    ),
    schools,
    # What the norm gives hangs on the classes of the day.
    counts_on=lambda day, columns: (
        not columns & {"below_norm", "teachers_needed"} or in_school_year(day, columns)
    ),
    drill_down=_schools,
    numbers={"teachers": _("Số giáo viên"), "teachers_needed": _("Giáo viên theo định mức")},
    sources=(
        "organization_school", "organization_unit", "registry_internetline", "registry_equipment", "registry_room",
        *OF_STAFFING,
    ),
)  # fmt: skip
