"""Rows of a layout for one school and year, by one query, with a digest of each row's words."""
# ruff: noqa: S608 - expressions of expressions.py only; values are parameters

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import unseal_many
from thongsuot.modules.organization import queries as organization

from ...domain.ministry_layout import OutLayout, read_out_layout
from ...permissions import can_export, can_see_sensitive
from ...types import EntryType, Gender, GradeLevel, Poverty, StaffGroup, StaffStatus
from .expressions import EXPRESSIONS, LISTS, ORDERS, SEALED, SOURCES

KINDS = {
    "student": gettext_lazy("Học sinh"),
    "class": gettext_lazy("Lớp"),
    "staff": gettext_lazy("Cán bộ, giáo viên"),
}


@lru_cache(maxsize=8)
def layout_of(kind: str) -> OutLayout:
    return read_out_layout(settings.DATA_DIR / "registry" / "ministry_out" / f"{kind}.json")


@dataclass(frozen=True)
class OutRows:
    """ids, digests and values run side by side; values in the order of the layout."""

    layout: OutLayout
    ids: list[int]
    digests: list[bytes]
    values: list[list[str]]

    def only(self, ids: Collection[int]) -> OutRows:
        kept = [place for place, pk in enumerate(self.ids) if pk in ids]
        pick = [self.ids[n] for n in kept], [self.digests[n] for n in kept], [self.values[n] for n in kept]
        return OutRows(self.layout, *pick)

    def digest_by_id(self) -> dict[int, bytes]:
        return dict(zip(self.ids, self.digests, strict=True))


def check_may_export(actor: Actor, unit_id: int) -> None:
    """The layouts hold personal ids, ethnicity, disability: both rights are needed. Raises NotAllowed."""
    if not (can_export(actor, unit_id) and can_see_sensitive(actor, unit_id)):
        raise NotAllowed(_("Anh/chị không có quyền xuất tệp theo mẫu của Bộ cho trường này."))


def out_rows(actor: Actor, *, unit_id: int, school_year_id: int, kind: str, day: date) -> OutRows:
    """Everything of a kind that the ministry is told of this school and year. Raises NotAllowed."""
    check_may_export(actor, unit_id)
    layout, expressions = layout_of(kind), EXPRESSIONS[kind]
    columns = [expressions[column.key] for column in layout.columns]
    joined = ", ".join(columns)
    sql = f"""select p.id, {SEALED[kind]}, sha256(convert_to(concat_ws(chr(31), {joined}), 'UTF8')), {joined}
              from {SOURCES[kind]} order by {ORDERS[kind]}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(actor, unit_id, school_year_id, day))
        rows = cursor.fetchall()
    values = [[str(value or "") for value in row[3:]] for row in rows]
    _open_ids(layout, values, (row[1] for row in rows))
    return OutRows(layout, [row[0] for row in rows], [bytes(row[2]) for row in rows], values)


def _open_ids(layout: OutLayout, values: list[list[str]], sealed: Iterator[Any]) -> None:
    place = next((n for n, column in enumerate(layout.columns) if column.key == "personal_id"), None)
    if place is not None:
        for row, number in zip(values, unseal_many(sealed), strict=True):
            row[place] = number


def _parameters(actor: Actor, unit_id: int, school_year_id: int, day: date) -> dict[str, Any]:
    school = organization.school_detail(Actor.system(), unit_id)
    code = (school.ministry_code or school.unit.code) if school else ""
    lists = {name: dict(organization.code_values(name).values_list("code", "name")) for name in LISTS}
    words = {
        "gender": Gender,
        "entry_type": EntryType,
        "poverty": Poverty,
        "staff_status": StaffStatus,
        "staff_group": StaffGroup,
        "grade": GradeLevel,
    }
    sites = {str(site.pk): site.name for site in organization.sites_of(Actor.system(), unit_id)}
    return {
        "unit": unit_id,
        "year": school_year_id,
        "day": day,
        "school": code,
        "lists": json.dumps(lists, ensure_ascii=False),
        "words": json.dumps(
            {name: {str(key): str(label) for key, label in kind.choices} for name, kind in words.items()},
            ensure_ascii=False,
        ),
        "sites": json.dumps(sites, ensure_ascii=False),
    }
