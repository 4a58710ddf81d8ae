"""The pupils of a class in a grid: typed in, pasted from a spreadsheet, saved at once; wrong cells stay and say why.

It is a plain form of plain inputs: it works without a script, which adds the keys, pasting, undo and saving in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.records import RecordPage

from .. import actions, queries
from ..domain.cells import code_of, day_of, gender_of, yes_of
from ..permissions import can_edit, can_see_sensitive
from ..types import Gender
from .classes import ClassPage
from .reading import trace

_NAME = re.compile(r"r(\d{1,18})-([a-z_]{1,30})")
GENDERS = [("", ""), ("male", Gender.MALE.label), ("female", Gender.FEMALE.label)]
BOARDING = [("", _("Không")), ("co", _("Có"))]


@dataclass(frozen=True)
class GridColumn:
    """name: of the field. width: in characters. choices: of a select, else it is text. hint: for the reader."""

    name: str
    label: Any
    width: int
    choices: list[tuple[str, Any]] | None = None
    limit: int = 0
    hint: Any = ""


@dataclass
class Cell:
    column: GridColumn
    name: str
    value: str
    saved: str
    error: str = ""

    @property
    def choices(self) -> list[tuple[str, Any]] | None:
        """Those of the column, and the code that stands there, known or not: showing a cell must not change it."""
        found = self.column.choices
        if found is None or any(value == self.saved for value, _label in found):
            return found
        return [*found, (self.saved, self.saved)]


@dataclass
class GridRow:
    student: Any
    edition: str
    cells: list[Cell]
    error: str = ""


class ClassGrid(ClassPage, RecordPage):
    template_name = "registry/grid.html"

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if not can_edit(self.actor, found.unit_id):
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Sửa cả lớp %(name)s") % {"name": self.thing.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.thing, reverse("registry:class-detail", args=[self.thing.pk]))]

    @cached_property
    def sensitive(self) -> bool:
        return can_see_sensitive(self.actor, self.thing.unit_id)

    @cached_property
    def ethnicities(self) -> dict[str, str]:
        return queries.code_names("dan_toc")

    @cached_property
    def columns(self) -> list[GridColumn]:
        found = [
            GridColumn("local_code", _("Mã của trường"), 10, limit=30),
            GridColumn("full_name", _("Họ và tên"), 24, limit=120),
            GridColumn("birth_date", _("Ngày sinh"), 10, limit=10, hint=_("ngày/tháng/năm")),
            GridColumn("gender", _("Giới tính"), 6, GENDERS),
            GridColumn("ethnicity", _("Dân tộc"), 12, [("", ""), *self.ethnicities.items()]),
            GridColumn("phone", _("Điện thoại"), 12, limit=20),
            GridColumn("current_address", _("Nơi ở hiện nay"), 28, limit=300),
            GridColumn("is_boarding", _("Bán trú"), 7, BOARDING),
        ]
        return [column for column in found if column.name != "ethnicity" or self.sensitive]

    @cached_property
    def students(self) -> dict[int, Any]:
        """Those who sit in the class now, by id, in the order of the register."""
        today = min(timezone.localdate(), self.thing.valid_to or self.thing.school_year.ends_on)
        today = max(today, self.thing.valid_from)
        spells = queries.roster(self.actor, self.thing, on=today).filter(student__unit_id=self.thing.unit_id)
        return {spell.student_id: spell.student for spell in spells}

    def rows(self, typed: QueryDict | None = None, results: dict[int, Any] | None = None) -> list[GridRow]:
        boarding = queries.boarding_now(self.actor, self.students)
        rows = []
        for pk, student in self.students.items():
            result = (results or {}).get(pk)
            errors = result.errors if result else {}
            cells = []
            for column in self.columns:
                name, saved = f"r{pk}-{column.name}", shown(student, column.name, pk in boarding)
                value = typed.get(name, saved) if typed is not None and errors else saved
                cells.append(Cell(column, name, value, saved, errors.get(column.name, "")))
            seen = (
                typed.get(f"r{pk}-seen", "") if typed is not None and errors else queries.edition_of(student)
            )
            rows.append(GridRow(student, seen, cells, errors.get("", "")))
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.sensitive:
            trace(request, self.thing, _t("Mở bảng sửa cả lớp, có cột dân tộc"))
        return self._show(self.rows())

    def _show(self, rows: list[GridRow], status: int = 200) -> HttpResponseBase:
        context = {"rows": rows, "columns": self.columns, "school_class": self.thing, **self.frame()}
        return render(self.request, self.template_name, context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        edits, unread = self.edits(request.POST)
        results = {
            one.student_id: one
            for one in actions.edit_students(by=self.actor, edits=edits, today=timezone.localdate())
        }
        for pk, errors in unread.items():
            results[pk] = actions.GridResult(pk, errors=errors)
        wrong = sum(bool(one.errors) for one in results.values())
        if request.headers.get("Accept") == "application/json":
            rows = [
                {"id": one.student_id, "saved": one.saved, "seen": one.edition, "errors": one.errors}
                for one in results.values()
            ]
            return JsonResponse({"rows": rows, "message": said(len(results) - wrong, wrong)})
        del self.students
        if wrong:
            return self._show(self.rows(request.POST, results), status=422)
        return HttpResponseRedirect(request.path)

    def edits(self, posted: QueryDict) -> tuple[list[Any], dict[int, dict[str, str]]]:
        """(rows whose cells could be read, {pupil: {cell: what could not be read}}). Pupils of other classes are left out."""
        typed: dict[int, dict[str, str]] = {}
        for name, value in posted.items():
            found = _NAME.fullmatch(name)
            if found and int(found[1]) in self.students:
                typed.setdefault(int(found[1]), {})[found[2]] = str(value)
        edits, unread = [], {}
        names = {column.name for column in self.columns}
        for pk, cells in typed.items():
            values: dict[str, Any] = {}
            errors: dict[str, str] = {}
            for name in names & cells.keys():
                try:
                    values[name] = self.read(name, cells[name])
                except ValueError:
                    errors[name] = str(UNREADABLE.get(name, _("Không đọc được giá trị này.")))
            if errors:
                unread[pk] = errors
            elif values:
                edits.append(actions.GridEdit(pk, values, cells.get("seen", "")))
        return edits, unread

    def read(self, name: str, text: str) -> Any:
        readers: dict[str, Callable[[str], Any]] = {
            "birth_date": day_of,
            "gender": gender_of,
            "ethnicity": lambda value: code_of(value, self.ethnicities),
            "is_boarding": yes_of,
        }
        return readers[name](text) if name in readers else text


UNREADABLE = {
    "birth_date": _("Ghi ngày/tháng/năm, ví dụ 08/03/2015."),
    "gender": _("Ghi Nam hoặc Nữ."),
    "ethnicity": _("Không có dân tộc này trong danh mục."),
    "is_boarding": _("Ghi Có hoặc Không."),
}


def shown(student: Any, name: str, is_boarding: bool) -> str:
    """A value as it stands in its cell."""
    if name == "is_boarding":
        return "co" if is_boarding else ""
    value = getattr(student, name)
    if name == "birth_date":
        return f"{value:%d/%m/%Y}" if value else ""
    return str(value)


def said(saved: int, wrong: int) -> str:
    if wrong:
        return _t("Đã lưu %(saved)d em; %(wrong)d em còn ô sai, chưa lưu.") % {"saved": saved, "wrong": wrong}
    return _t("Đã lưu %(saved)d em.") % {"saved": saved}
