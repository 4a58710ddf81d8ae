"""The file of population: a line for each commune, year, age and sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Choice, Integer, Reference, Text
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.registry import register
from thongsuot.kit.importing.types import Found, RowPlan
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from . import actions
from .permissions import MANAGE
from .queries import population as reads


def communes(texts: set[str], actor: Actor) -> Mapping[str, Any]:
    """Communes of today by the code of the place, or by name with or without the committee before it."""
    codes = {code: pk for pk, code in organization.commune_codes().items()}
    names: dict[str, list[int]] = {}
    for pk, name in organization.commune_names().items():
        folded = fold(name)
        for said in (folded, folded.removeprefix("uy ban nhan dan ")):
            names.setdefault(said, []).append(pk)
    found: dict[str, Any] = {}
    for text in texts:
        named = names.get(fold(text), [])
        code = text.zfill(5) if text.isdecimal() else ""
        if code in codes:
            found[text] = codes[code]
        elif len(named) == 1:
            found[text] = named[0]
    return found


def commune_names(ids: set[Any]) -> Mapping[Any, str]:
    return {pk: name for pk, name in organization.commune_names().items() if pk in ids}


class PopulationImporter(Importer):
    kind, title, right = "statistics.population", _("Dân số theo tuổi"), MANAGE
    help = _(
        "Mỗi dòng một xã, năm, tuổi, giới tính. Dòng đã có thì cập nhật; dòng không có trong tệp thì giữ nguyên. "
        "Tuổi = năm trừ năm sinh."
    )
    key = ("unit", "year", "age", "sex")
    columns = (
        Reference(
            "unit", _("Xã, phường"), aliases=("mã xã", "xã", "phường"), required=True,
            resolver=communes, namer=commune_names,
        ),
        Integer("year", _("Năm"), required=True, least=1990, most=2200),
        Integer("age", _("Tuổi"), required=True, least=0, most=120),
        Choice("sex", _("Giới tính"), aliases=("giới",), required=True, choices=[("male", _("Nam")), ("female", _("Nữ"))]),
        Integer("people", _("Số người"), aliases=("dân số", "số dân"), required=True, least=0, most=1_000_000),
        Text("source", _("Nguồn"), max_length=200),
    )  # fmt: skip

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        return {key: Found(pk, values) for key, (pk, values) in reads.by_keys(keys).items()}

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        said = reads.by_ids([plan.target_id for plan in plans if plan.target_id])
        rows = {}
        for plan in plans:
            values = {**said.get(plan.target_id or 0, {}), **plan.values}
            rows[plan.number] = actions.People(
                values["unit"],
                values["year"],
                values["age"],
                values["sex"],
                values["people"],
                values.get("source") or "",
            )
        made = actions.set_population(by=by, rows=list(rows.values()))
        return {number: made[row.unit_id, row.year, row.age, row.sex] for number, row in rows.items()}

    def present(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Mapping[str, Any]]:
        return reads.by_ids(ids)

    def remove(self, ids: Sequence[int], by: Actor) -> None:
        actions.remove_population(by=by, ids=ids)


def register_all() -> None:
    register(PopulationImporter())
