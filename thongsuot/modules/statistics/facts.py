"""What the module lets be counted: the people of communes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from thongsuot.kit.indicators.facts import Dimension, FactTable, Kind, Params
from thongsuot.kit.indicators.registry import register_facts


def population(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """The people of each commune by the latest count that is not of a later year than the school year's first."""
    ours = "" if unit_ids is None else "and p.unit_id = any(%(units)s::bigint[])"
    sql = f"""
    select p.id as record_id, p.unit_id, p.age::int as age, p.sex, p.people, p.unit_id as commune
    from statistics_population p
    join (
        select unit_id, max(year) as year from statistics_population
        where year <= coalesce(
            (select extract(year from starts_on) from organization_schoolyear where starts_on <= %(day)s::date
             order by starts_on desc limit 1), extract(year from %(day)s::date))
        group by unit_id
    ) l on l.unit_id = p.unit_id and l.year = p.year
    where true {ours}"""  # noqa: S608 - names of this file; values are parameters
    return sql, {"day": as_of} if unit_ids is None else {"day": as_of, "units": sorted(unit_ids)}


SEXES = {"male": _("Nam"), "female": _("Nữ")}
POPULATION = FactTable(
    "statistics.population",
    _("Dân số theo tuổi"),
    (
        Dimension("age", _("Tuổi"), Kind.INTEGER),
        Dimension("sex", _("Giới tính"), labels=lambda: SEXES),
        Dimension("commune", _("Xã, phường"), Kind.INTEGER, is_closed=False),
    ),
    population,
    numbers={"people": _("Số người")},
    sources=("statistics_population", "organization_schoolyear"),
)


def register_all() -> None:
    register_facts(POPULATION)
