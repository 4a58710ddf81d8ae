"""The grid that all pages of the book share: a page of plain inputs, a door for its script to save through, one to look at
what others have written meanwhile.

A page gives its columns, its lines and what saves; the keys of cells are "pupil|column". What is posted as JSON:
{"changes": [{"key", "old", "new"}], "why"}; what is answered: {"saved", "conflicts", "faults", "averages", "checks"}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.offline import keep_on_device
from thongsuot.kit.pages.views import ActorPage
from thongsuot.kit.text.vietnamese import clean_text

_KEY = re.compile(r"(\d{1,18})\|([\w.]{1,40})")
MOST_CHANGES = 1000
LONGEST_WHY = 200
PAD_KEYS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))


@dataclass(frozen=True)
class GridColumn:
    """code: of the action that saves. kind: score, test (whole numbers to 10), count, level, text, exempt. levels: "Đ|CĐ". absent: what stands
    for an absence where one may. group: the head above several columns. long: the name that stands alone.
    """

    code: str
    label: Any
    kind: str
    long: Any = ""
    levels: str = ""
    absent: str = ""
    limit: int = 6
    group: Any = ""
    hint: Any = ""


@dataclass
class GridCell:
    """value: as the server keeps it, decimals with a point; typed: what was posted and could not be saved; is_closed: nothing
    can be written here."""

    column: GridColumn
    student_id: int
    value: str
    typed: str | None = None
    error: str = ""
    # The school that wrote it before the pupil came: not to be written over here.
    carried: str = ""
    is_closed: bool = False

    @property
    def key(self) -> str:
        return f"{self.student_id}|{self.column.code}"

    @property
    def name(self) -> str:
        return f"o{self.student_id}-{self.column.code}"

    @property
    def shown(self) -> str:
        return self.typed if self.typed is not None else shown(self.column, self.value)


@dataclass
class GridLine:
    """is_closed: nothing can be written here (a pupil who is exempt)."""

    student_id: int
    name: str
    cells: list[GridCell]
    average: str = ""
    note: str = ""
    is_closed: bool = False

    @property
    def seen_name(self) -> str:
        return f"s{self.student_id}"

    @property
    def seen(self) -> str:
        """What the page shows of the line, for the plain form to send back: {column: value}, empty cells left out."""
        return json.dumps({one.column.code: one.value for one in self.cells if one.value}, ensure_ascii=False)


@dataclass(frozen=True)
class Change:
    student_id: int
    column: str
    old: str
    new: str

    @property
    def key(self) -> str:
        return f"{self.student_id}|{self.column}"


@dataclass
class Saved:
    """What became of the changes, by key. conflicts: (stored, by, at)."""

    saved: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def answer(self) -> dict[str, Any]:
        return {
            "saved": [{"key": key, "value": value} for key, value in self.saved.items()],
            "conflicts": [
                {"key": key, "stored": stored, "by": by, "at": at}
                for key, (stored, by, at) in self.conflicts.items()
            ],
            "faults": [{"key": key, "reason": reason} for key, reason in self.faults.items()],
        }


def shown(column: GridColumn, value: str) -> str:
    """As it stands in the cell: 7,5 for 7.5, 8 for 8.0."""
    if column.kind == "exempt":
        return "x" if value == "1" else value
    return value.removesuffix(".0").replace(".", ",") if column.kind in ("score", "test") else value


def groups_of(columns: Sequence[GridColumn]) -> list[tuple[Any, int]]:
    """[(head, how many columns)], or nothing where no column has a head above it."""
    found: list[tuple[Any, int]] = []
    for column in columns:
        if found and found[-1][0] == column.group:
            found[-1] = (column.group, found[-1][1] + 1)
        else:
            found.append((column.group, 1))
    return found if any(name for name, _number in found) else []


class GridBase(ActorPage):
    """What page and doors share. Subclasses fill it."""

    template_name = "gradebook/marks.html"
    hint: Any = ""
    average_name: Any = ""
    # Words want a line of their own on a phone, a number stands beside the cell.
    average_in_words = False

    @cached_property
    def columns(self) -> list[GridColumn]:
        raise NotImplementedError

    def lines(self) -> list[GridLine]:
        """Fresh from the database each time."""
        raise NotImplementedError

    @property
    def why_not(self) -> str:
        """Why nothing can be written here; "" where it can."""
        return ""

    def save(self, changes: Sequence[Change], why: str) -> Saved:
        """Raises Refused when nothing can be written at all."""
        raise NotImplementedError

    def hint_words(self) -> Any:
        return self.hint

    def beside(self, lines: Sequence[GridLine]) -> dict[str, Any]:
        """What the script shows beside the cells: averages, checks."""
        return {}

    def plain_lines(self, posted: Mapping[str, str], outcome: Saved) -> list[GridLine]:
        """Lines in which what was not saved stands as it was typed, with the reason."""
        lines = self.lines()
        for line in lines:
            for cell in line.cells:
                cell.error = outcome.faults.get(cell.key, "")
                if cell.key in outcome.conflicts:
                    stored, by, _at = outcome.conflicts[cell.key]
                    said = _("%(who)s vừa ghi “%(value)s”; gửi lại để thay.")
                    cell.error = said % {"who": by or _("Người khác"), "value": shown(cell.column, stored)}
                if cell.error:
                    cell.typed = posted.get(cell.name)
        return lines


class GridPage(GridBase):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.opened(request)
        return self.show(self.lines())

    def opened(self, request: HttpRequest) -> None:
        """Override to record the reading of personal data."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The plain form, for a browser without scripts: every cell that differs from what its page showed."""
        try:
            outcome = self.save(
                list(self.plain_changes(request.POST)), clean_text(request.POST.get("why", ""))[:LONGEST_WHY]
            )
        except NotAllowed:
            raise
        except Refused as error:
            return self.show(self.lines(), refused=error.message, status=409)
        if outcome.faults or outcome.conflicts:
            return self.show(self.plain_lines(request.POST, outcome), status=422)
        return HttpResponseRedirect(request.path)

    def plain_changes(self, posted: Mapping[str, str]) -> Iterator[Change]:
        """A page that says nothing of what it showed is taken to have shown empty cells: it overwrites nothing."""
        for line in self.lines():
            seen = read_seen(posted.get(line.seen_name, ""))
            for cell in line.cells:
                typed = posted.get(cell.name)
                if typed is None or line.is_closed or cell.is_closed:
                    continue
                old = seen.get(cell.column.code, "")
                if clean_text(typed) != clean_text(shown(cell.column, old)):
                    yield Change(cell.student_id, cell.column.code, old, typed)

    def show(self, lines: list[GridLine], *, refused: str = "", status: int = 200) -> HttpResponseBase:
        why_not = self.why_not
        context = {
            "lines": lines,
            "columns": self.columns,
            "groups": groups_of(self.columns),
            "first_column": self.first_column(lines),
            "has_average": bool(self.average_name),
            "average_name": self.average_name,
            "may_write": not why_not,
            "why_not": why_not,
            "refused": refused,
            "hint": self.hint_words(),
            "pad_keys": PAD_KEYS,
            "average_in_words": self.average_in_words,
            "level_columns": [one for one in self.columns if one.kind == "level"],
            **self.beside(lines),
            **self.frame(),
        }
        response = render(self.request, self.template_name, context, status=status)
        # Only where something can be typed: what is just read is not left on a device.
        return response if why_not else keep_on_device(self.request, response)

    def first_column(self, lines: Sequence[GridLine]) -> str:
        """Where a phone begins: the first column in which somebody is still missing."""
        for place, column in enumerate(self.columns):
            if any(not self._is_done(line, place) for line in lines):
                return column.code
        return self.columns[0].code if self.columns else ""

    @staticmethod
    def _is_done(line: GridLine, place: int) -> bool:
        return line.is_closed or line.cells[place].is_closed or bool(line.cells[place].value)


class GridSave(GridBase):
    """POST of JSON: cells that have changed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            changes, why = read_changes(request.body)
            outcome = self.save(changes, why)
        except NotAllowed:
            raise
        except Refused as error:
            return JsonResponse({"refused": error.message}, status=409)
        return JsonResponse({**outcome.answer(), **self.beside(self.lines())})


class GridNow(GridBase):
    """GET: what stands in the cells now, for a page that lies open."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        lines = self.lines()
        cells = {cell.key: cell.value for line in lines for cell in line.cells}
        return JsonResponse({"cells": cells, **self.beside(lines)})


class BadPost(Refused):
    code = "bad_post"


def read_seen(text: str) -> dict[str, str]:
    """What `GridLine.seen` wrote; of anything else nothing was seen."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return {str(code): str(value) for code, value in seen.items()} if isinstance(seen, dict) else {}


def read_changes(body: bytes) -> tuple[list[Change], str]:
    """(changes, why). Raises BadPost for what no page of ours sends."""
    try:
        posted = json.loads(body)
        why = clean_text(str(posted.get("why") or ""))[:LONGEST_WHY]
        changes = [_change(one) for one in posted["changes"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadPost(_("Không đọc được dữ liệu gửi lên.")) from error
    if len(changes) > MOST_CHANGES:
        raise BadPost(_("Quá %(most)d ô trong một lần gửi.") % {"most": MOST_CHANGES})
    return changes, why


def _change(one: dict[str, Any]) -> Change:
    found = _KEY.fullmatch(one["key"])
    if not found:
        raise ValueError(one["key"])
    return Change(int(found[1]), found[2], str(one["old"])[:2000], str(one["new"])[:2000])
