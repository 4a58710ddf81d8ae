"""Files of classes: row by row, a province has some 15,000."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Column, Reference, text_of
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.types import Cell, Found, RowError, RowPlan, RowState
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization.queries import schools

from .. import queries
from ..actions.class_lists import remove_classes, save_classes
from ..domain.import_terms import Asked
from ..domain.layouts import grade_of_class, squeezed
from . import asking
from .columns import column_of, layout

FIELDS = (
    "name",
    "grade",
    "mixed_grades",
    "homeroom_teacher",
    "site",
    "sessions_per_week",
    "is_two_sessions",
    "is_boarding",
    "foreign_language",
    "max_students",
)
COLUMN_OF = {"homeroom_teacher": "homeroom_teacher_id", "site": "site_id"}


@dataclass(frozen=True)
class OfSchool(Reference):
    """Somebody or something of the row's own school: found when the school is known, by `ClassImporter`."""

    def clean(self, cell: Cell, prepared: Any) -> str:
        return text_of(cell)


class ClassImporter(Importer):
    kind, title, right = "registry.classes", gettext_lazy("Lớp học"), asking.EDIT
    help = gettext_lazy("Mỗi dòng một lớp của năm học, nhận ra theo mã lớp (không có mã thì theo tên lớp).")
    key = ("unit", "code")
    asked: Asked

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        found = []
        for said in layout("class").columns:
            column = column_of(said)
            if said.key in COLUMN_OF:
                namer = _teacher_names if said.key == "homeroom_teacher" else _site_names
                column = OfSchool(said.key, said.label, aliases=said.aliases, namer=namer)
            found.append(column)
        return found

    def allowed(self, actor: Actor) -> bool:
        return asking.may_import(actor)

    def questions(self, actor: Actor) -> dict[str, forms.Field]:
        return asking.questions(actor, effective=False)

    def options(self, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        return asking.options(data, actor)

    def for_run(self, options: Mapping[str, Any]) -> ClassImporter:
        bound = copy.copy(self)
        bound.answers = options  # type: ignore[attr-defined]
        return bound

    def _clean(self, rows: Sequence[DataRow], actor: Actor) -> list[RowPlan]:
        """Cells first, then what needs the school: the school itself, its teachers and sites."""
        self.asked = asking.asked(self.answers, actor)  # type: ignore[attr-defined]
        plans = super()._clean(rows, actor)
        for plan in plans:
            self._place(plan)
        self._find(plans, "homeroom_teacher", self._teachers(plans, actor))
        self._find(plans, "site", self._sites(plans, actor))
        return plans

    def _place(self, plan: RowPlan) -> None:
        values, asked = plan.values, self.asked
        said = values.pop("school_code", None)
        unit_id = asked.units.get(said) if said else asked.unit_id
        if unit_id is None:
            reason = _("Không có trường mang mã này trong phạm vi được nhập.")
            plan.errors.append(RowError("school_code", str(_("Mã trường")), said or "", reason))
        values["unit"] = unit_id
        if values.get("name"):
            values.setdefault("code", values["name"])
            if values.get("grade") is None and (grade := grade_of_class(values["name"])):
                values["grade"] = grade
        plan.key = " · ".join(str(values[name]) for name in ("code", "name") if values.get(name))

    def _find(self, plans: Sequence[RowPlan], name: str, known: Mapping[tuple[int, str], Any]) -> None:
        label = str(self.column(name).label)
        for plan in plans:
            text = plan.values.get(name)
            if text is None:
                continue
            found = known.get((plan.values["unit"] or 0, squeezed(text)))
            if found is None:
                reason = _("Không tìm thấy trong trường, hoặc có nhiều hơn một.")
                plan.errors.append(RowError(name, label, text, reason))
            plan.values[name] = found

    def _teachers(self, plans: Sequence[RowPlan], actor: Actor) -> dict[tuple[int, str], int | None]:
        """By code or name; None for a name that two people of the school have."""
        units = {plan.values["unit"] for plan in plans if plan.values.get("homeroom_teacher")}
        found: dict[tuple[int, str], int | None] = {}
        people = queries.staff(actor).filter(unit_id__in=units - {None})
        for pk, unit_id, name, *codes in people.values_list(
            "id", "unit_id", "full_name", "local_code", "ministry_code"
        ):
            place = (unit_id, squeezed(name))
            found[place] = None if place in found else pk
            found |= {(unit_id, squeezed(code)): pk for code in codes if code}
        return found

    def _sites(self, plans: Sequence[RowPlan], actor: Actor) -> dict[tuple[int, str], int | None]:
        units = {plan.values["unit"] for plan in plans if plan.values.get("site")} - {None}
        found = schools(actor).filter(unit_id__in=units, sites__isnull=False)
        return {
            (unit_id, squeezed(name)): pk
            for unit_id, pk, name in found.values_list("unit_id", "sites__id", "sites__name")
        }

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        wanted = {(unit_id, fold(str(code))): (unit_id, code) for unit_id, code in keys}
        found = queries.classes(actor, school_year_id=self.asked.year.id)
        found = found.filter(unit_id__in={unit_id for unit_id, _code in keys})
        return {
            wanted[one.unit_id, fold(one.code)]: Found(one.pk, self._values(one))
            for one in found
            if (one.unit_id, fold(one.code)) in wanted
        }

    def _values(self, one: Any) -> dict[str, Any]:
        return {name: getattr(one, COLUMN_OF.get(name, name)) for name in FIELDS}

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        for plan in plans:
            if plan.state == RowState.NEW and not plan.values.get("grade"):
                label = str(self.column("grade").label)
                yield plan.number, RowError("grade", label, "", _("Thiếu khối hoặc nhóm tuổi của lớp."))

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        new = [plan for plan in plans if plan.target_id is None]
        changed = {plan.target_id: self._facts(plan.changes) for plan in plans if plan.target_id is not None}
        made = save_classes(by=by, new=[self._new(plan.values) for plan in new], changed=changed)
        ids = {plan.number: plan.target_id for plan in plans if plan.target_id is not None}
        return ids | {plan.number: one.pk for plan, one in zip(new, made, strict=True)}

    def _facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {COLUMN_OF.get(name, name): value for name, value in values.items() if name in FIELDS}

    def _new(self, values: Mapping[str, Any]) -> dict[str, Any]:
        facts = {name: value for name, value in self._facts(values).items() if value is not None}
        return facts | {
            "unit_id": values["unit"],
            "code": values["code"],
            "school_year_id": self.asked.year.id,
            "valid_from": self.asked.year.starts_on,
        }

    def present(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Mapping[str, Any]]:
        return {one.pk: self._values(one) for one in queries.classes(actor).filter(pk__in=ids)}

    def remove(self, ids: Sequence[int], by: Actor) -> None:
        remove_classes(by=by, ids=ids)


def _teacher_names(ids: set[Any]) -> Mapping[Any, str]:
    return dict(queries.staff(Actor.system()).filter(pk__in=ids).values_list("id", "full_name"))


def _site_names(ids: set[Any]) -> Mapping[Any, str]:
    found = schools(Actor.system()).filter(sites__in=ids)
    return dict(found.values_list("sites__id", "sites__name"))
