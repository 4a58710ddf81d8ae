"""How many columns of regular assessments each subject of each class has."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused

from .. import actions
from ..domain.cells import MOST_REGULAR
from ..permissions import KEEP
from ..queries.columns import ColumnCell, column_board
from ..types import BadValue
from .school import SchoolPage

_FIELD = re.compile(r"so-(\d{1,18})")


class ColumnsPage(SchoolPage):
    """?khoi=8 : of a grade."""

    name = "columns"
    rights = (KEEP,)
    title = gettext_lazy("Số cột đánh giá thường xuyên")
    template_name = "gradebook/columns.html"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        from .lists import book_crumb

        return [book_crumb()]

    @cached_property
    def board(self) -> dict[int, Any]:
        return column_board(self.actor, self.unit.pk, self.year.pk)

    @cached_property
    def grade(self) -> int | None:
        asked = self.given.get("khoi", "")
        if asked.isdecimal() and len(asked) < 3 and int(asked) in self.board:
            return int(asked)
        return next(iter(self.board), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = {cell.row.pk: cell for cell in self.cells()}
        try:
            numbers = self.numbers(known)
            actions.set_regular_counts(by=self.actor, numbers=numbers)
        except NotAllowed:
            raise
        except Refused as error:
            return self.show(refused=error.message)
        if numbers:
            messages.success(request, _("Đã sửa số cột của %(n)d sổ.") % {"n": len(numbers)})
        else:
            messages.info(request, _("Không có gì thay đổi."))
        return HttpResponseRedirect(self.address(khoi=self.grade))

    def numbers(self, known: dict[int, ColumnCell]) -> dict[int, int]:
        """What differs from what stands there. Raises BadValue for what is no number."""
        found = {}
        for name, text in self.request.POST.items():
            match = _FIELD.fullmatch(name)
            cell = known.get(int(match[1])) if match else None
            if cell is None:
                continue
            digits = str(text).strip()
            if not digits.isdecimal() or len(digits) > 3:
                said = {"subject": cell.row.name, "name": cell.row.school_class.name}
                raise BadValue(_("%(subject)s, lớp %(name)s: hãy ghi một số.") % said, field=name)
            if int(digits) != cell.row.regular_count:
                found[cell.row.pk] = int(digits)
        return found

    def cells(self) -> list[ColumnCell]:
        _classes, lines = self.board.get(self.grade or 0, ([], []))
        return [cell for line in lines for cell in line.cells if cell]

    def show(self, *, refused: str = "") -> HttpResponseBase:
        classes, lines = self.board.get(self.grade or 0, ([], []))
        context = {
            "classes": classes,
            "rows": [self.row(line, classes) for line in lines],
            "refused": refused,
            "most": MOST_REGULAR,
            "unit": self.unit,
            "year": self.year,
            "grade": self.grade,
            "choices": [self.year_tabs(), self.grade_tabs()] if self.board else [self.year_tabs()],
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=422 if refused else 200)

    def grade_tabs(self) -> dict[str, Any]:
        words = {grade: _("Khối %(grade)s") % {"grade": grade} for grade in self.board}
        return {
            "tabs": [(words[grade], self.address(khoi=grade), "") for grade in self.board],
            "current": self.address(khoi=self.grade),
        }

    def row(self, line: Any, classes: list[Any]) -> dict[str, Any]:
        posted = self.request.POST
        cells = []
        for one, school_class in zip(line.cells, classes, strict=True):
            name = f"so-{one.row.pk}" if one else ""
            value = posted.get(name, one.row.regular_count) if one else ""
            cells.append({"cell": one, "name": name, "value": value, "class_name": school_class.name})
        return {"name": line.name, "wanted": line.wanted, "cells": cells}
