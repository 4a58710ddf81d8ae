"""Dimensions that several fact tables share, and the pieces of SQL behind them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.kit.indicators.facts import Dimension, Kind, Params
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import EducationLevel, SchoolType

from ..types import Gender, GradeLevel

LEVELS = {level.value: level.label for level in EducationLevel if level != EducationLevel.CONTINUING}
# A code of the ministry's list dan_toc. Foreigners have one there too, and are no ethnic minority.
KINH, FOREIGNER = "01", "55"
MANY = "multi_level"


def labelled(choices: Any) -> Callable[[], Mapping[Any, Any]]:
    """Labels of a list of choices; the empty one means not known."""
    return lambda: {value: label for value, label in choices.choices if value != ""}


def yes_no(code: str, name: Any, *, sensitive: bool = False) -> Dimension:
    words = {True: _("Có"), False: _("Không")}
    return Dimension(code, name, Kind.BOOLEAN, labels=lambda: words, sensitive=sensitive)


def _communes() -> Mapping[Any, Any]:
    return organization.commune_names()


def _ethnicities() -> Mapping[Any, Any]:
    return dict(organization.code_values("dan_toc").values_list("code", "name"))


LEVEL = Dimension("level", _("Cấp học"), labels=lambda: LEVELS)
SCHOOL_LEVEL = Dimension(
    "level", _("Cấp học"), labels=lambda: {**dict(EducationLevel.choices), MANY: _("Liên cấp")}
)
GRADE = Dimension("grade", _("Khối, nhóm tuổi"), Kind.INTEGER, labels=labelled(GradeLevel))
SEX = Dimension("sex", _("Giới tính"), labels=labelled(Gender))
COMMUNE = Dimension("commune", _("Xã, phường"), Kind.INTEGER, labels=_communes, is_closed=False)
SCHOOL_TYPE = Dimension("school_type", _("Loại hình"), labels=labelled(SchoolType))
ETHNICITY = Dimension("ethnicity", _("Dân tộc"), labels=_ethnicities, is_closed=False, sensitive=True)
MINORITY = yes_no("ethnic_minority", _("Dân tộc thiểu số"), sensitive=True)
PLACE = (COMMUNE, SCHOOL_TYPE)

LEVEL_OF_GRADE = (
    "case when {0} between 1 and 5 then 'primary' when {0} between 6 and 9 then 'lower_secondary' "
    "when {0} between 10 and 12 then 'upper_secondary' when {0} >= 13 then 'preschool' end"
)
LEVEL_FOLLOWS = {"level": ("grade", LEVEL_OF_GRADE.format("f.grade"))}
# Of a school: its type, and the commune that manages it or, where the department does, the one in which it lies. Left
# joins, though every school is a unit: so the planner leaves out what a statement does not look at, and does not take
# pupils of schools for a part of the pupils of units.
PLACES = """(
    select s.unit_id, s.school_type, s.levels, s.is_boarding, s.is_hard_area, u.valid_from, u.valid_to,
           case when p.kind = 'commune' then p.id else (
               select c.id from organization_unit c
               where c.kind = 'commune' and c.administrative_unit_id = u.administrative_unit_id
               order by c.valid_to desc nulls first, c.id limit 1
           ) end as commune
    from organization_school s
    left join organization_unit u on u.id = s.unit_id
    left join organization_unit p on p.id = u.parent_id
)"""
# The school year that the day lies in; in the summer the one that began last.
THIS_YEAR = "(select id from organization_schoolyear where starts_on <= %(day)s::date order by starts_on desc limit 1)"
# The school year that ended last: its results are those that can be known.
LAST_YEAR = (
    "(select id from organization_schoolyear where ends_on <= %(day)s::date order by ends_on desc limit 1)"
)


def in_school_year(day: date, columns: Collection[str]) -> bool:
    """Between two school years nobody sits in a class."""
    return organization.is_in_school_year(day)


def person(alias: str) -> str:
    """Columns sex, ethnicity, ethnic_minority, verified of a pupil or a member of staff.

    Checked against the population database: the result of the last check, if it had been made by that day.
    """
    return f"""nullif({alias}.gender, '') as sex, nullif({alias}.ethnicity, '') as ethnicity,
        case when {alias}.ethnicity <> '' then {alias}.ethnicity not in ('{KINH}', '{FOREIGNER}') end
            as ethnic_minority,
        {alias}.identity_status = 'matched' and ({alias}.identity_checked_at is null
            or {alias}.identity_checked_at < (%(day)s::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') as verified"""


def holds(begins: str, ends: str) -> str:
    """Facts that hold on the day, first and last day counted."""
    return f"{begins} <= %(day)s::date and ({ends} is null or {ends} >= %(day)s::date)"


def of_units(column: str, unit_ids: Collection[int] | None) -> str:
    """The condition that a row is of the units asked for; nothing when all are."""
    return "" if unit_ids is None else f"and {column} = any(%(units)s::bigint[])"


def params(as_of: date, unit_ids: Collection[int] | None) -> Params:
    return {"day": as_of} if unit_ids is None else {"day": as_of, "units": sorted(unit_ids)}
