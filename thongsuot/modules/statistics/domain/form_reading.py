"""Reading a form from JSON (data/forms/README.md): everything checked, each fault named by file, row and cell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from thongsuot.kit.indicators.measures import Measure, parse_measure

from .form import (
    Cell,
    Check,
    CheckKind,
    Column,
    Desk,
    Form,
    FormFault,
    Period,
    Row,
    Section,
    gettext_noop,
)
from .form_fields import (
    check_parts,
    choice_of,
    confidence_of,
    date_of,
    day_of,
    list_of,
    mapping_of,
    matching,
    named_once,
    number_of,
    object_of,
    text_of,
    whole_of,
    yes_no_of,
)
from .form_formula import Formula, parse_formula
from .form_values import order_of

FORM_KEYS = {
    "code", "slug", "name", "version", "period", "as_of", "due", "levels", "legal_source", "confidence", "note",
    "valid_from", "valid_to", "tolerance_percent", "least_change", "where", "sections", "checks",
}  # fmt: skip
SECTION_KEYS = {"code", "name", "columns", "rows"}
COLUMN_KEYS = {"code", "name", "group", "part_of", "where", "formula"}
ROW_KEYS = {
    "code", "name", "indent", "unit", "confidence", "part_of", "compared", "decimals", "measure", "formula",
    "columns", "cells",
}  # fmt: skip
CHECK_KEYS = {"code", "kind", "left", "right", "right_form", "name", "must"}
_ROW = re.compile(r"[A-Z]{1,3}\d{1,3}")
_COLUMN = re.compile(r"\w{1,6}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_CELLS = 4000


def parse_form(data: Any, place: str = "") -> Form:
    """Raises FormFault or BadMeasure, their messages beginning with `place` (the file)."""
    top = object_of(data, FORM_KEYS, place)
    shared = mapping_of(top.get("where", {}), f"{place}: where")
    sections = [_section(one, shared, place) for one in list_of(top, "sections", place)]
    rows = [row.code for _raw, section in sections for row in section.rows]
    named_once(rows, place, gettext_noop("hàng %(code)s có hai lần"))
    finished = _with_formulas(sections, place)
    form = Form(
        code=text_of(top, "code", place),
        slug=matching(text_of(top, "slug", place), _SLUG, place),
        name=text_of(top, "name", place),
        period=choice_of(Period, top.get("period"), f"{place}: period"),
        as_of=day_of(top.get("as_of"), f"{place}: as_of"),
        due={
            choice_of(Desk, desk, f"{place}: due"): day_of(day, f"{place}: due.{desk}")
            for desk, day in mapping_of(top.get("due", {}), f"{place}: due").items()
        },
        levels=frozenset(map(str, list_of(top, "levels", place))),
        sections=tuple(finished),
        checks=(),
        version=whole_of(top.get("version", 1), f"{place}: version"),
        legal_source=str(top.get("legal_source", "")),
        confidence=confidence_of(top, place),
        note=str(top.get("note", "")),
        valid_from=date_of(top.get("valid_from"), f"{place}: valid_from"),
        valid_to=date_of(top.get("valid_to"), f"{place}: valid_to"),
        tolerance=number_of(top.get("tolerance_percent", 10), f"{place}: tolerance_percent"),
        least_change=number_of(top.get("least_change", 0), f"{place}: least_change"),
        data=top,
    )
    return _checked(form, top, place)


def _checked(form: Form, top: Mapping[str, Any], place: str) -> Form:
    if not form.cells:
        raise FormFault(place, gettext_noop("biểu chưa có ô nào"))
    if len(form.cells) > MOST_CELLS:
        raise FormFault(place, gettext_noop("biểu có hơn %(most)d ô"), most=MOST_CELLS)
    order_of(form, place)
    checks = tuple(_check(one, form, place) for one in top.get("checks", []))
    named_once([one.code for one in checks], place, gettext_noop("phép kiểm tra %(code)s có hai lần"))
    fields = {name: getattr(form, name) for name in form.__dataclass_fields__}
    return Form(**{**fields, "checks": checks})


def _section(data: Any, shared: Mapping[str, Any], place: str) -> tuple[Mapping[str, Any], Section]:
    raw = object_of(data, SECTION_KEYS, place)
    code = text_of(raw, "code", place)
    here = f"{place}, {gettext_noop('phần')} {code}"
    columns = tuple(_column(one, here) for one in list_of(raw, "columns", here))
    named_once([one.code for one in columns], here, gettext_noop("cột %(code)s có hai lần"))
    check_parts(columns, here)
    rows = tuple(_row(one, here) for one in list_of(raw, "rows", here))
    check_parts(rows, here)
    cells: list[Cell] = []
    for row, row_data in zip(rows, raw["rows"], strict=True):
        for column, column_data in zip(columns, raw["columns"], strict=True):
            cell = _measured(row, row_data, column, column_data, shared, place)
            if cell is not None:
                cells.append(cell)
    return raw, Section(code, text_of(raw, "name", here), columns, rows, tuple(cells))


def _column(data: Any, place: str) -> Column:
    raw = object_of(data, COLUMN_KEYS, place)
    code = matching(text_of(raw, "code", place), _COLUMN, place)
    return Column(code, text_of(raw, "name", place), str(raw.get("group", "")), str(raw.get("part_of", "")))


def _row(data: Any, place: str) -> Row:
    raw = object_of(data, ROW_KEYS, place)
    code = matching(text_of(raw, "code", place), _ROW, place)
    here = f"{place}, {gettext_noop('hàng')} {code}"
    return Row(
        code=code,
        name=text_of(raw, "name", here),
        indent=whole_of(raw.get("indent", 0), f"{here}: indent"),
        unit=str(raw.get("unit", "")),
        confidence=confidence_of(raw, here),
        part_of=str(raw.get("part_of", "")),
        compared=yes_no_of(raw.get("compared", False), f"{here}: compared"),
        decimals=whole_of(raw.get("decimals", 0), f"{here}: decimals"),
    )


def _source(
    row: Row, row_data: Mapping[str, Any], column: Column, column_data: Mapping[str, Any], place: str
) -> Any:
    """What the cell itself, its column or its row says it holds: a measure, a formula; None: crossed out."""
    special = mapping_of(row_data.get("cells", {}), place)
    if column.code in special:
        return special[column.code]
    if "columns" in row_data and column.code not in map(str, list_of(row_data, "columns", place)):
        return None
    if "formula" in column_data and "measure" in row_data:
        return {"formula": column_data["formula"]}
    if ("measure" in row_data) == ("formula" in row_data):
        raise FormFault(place, gettext_noop("cần “measure” hoặc “formula”, và chỉ một trong hai"))
    return {key: row_data[key] for key in ("measure", "formula") if key in row_data}


def _measured(
    row: Row,
    row_data: Mapping[str, Any],
    column: Column,
    column_data: Mapping[str, Any],
    shared: Mapping[str, Any],
    place: str,
) -> Cell | None:
    """The cell with its measure; one with a formula gets it when all cells are known."""
    code = f"{row.code}.{column.code}"
    here = f"{place}, {gettext_noop('ô')} {code}"
    source = _source(row, row_data, column, column_data, here)
    if source is None:
        return None
    raw = object_of(source, {"measure", "formula"}, here)
    if "formula" in raw:
        return Cell(code, row, column)
    one: Measure = parse_measure(raw.get("measure"), here)
    own = column.code not in row_data.get("cells", {})
    for where in (shared.get(one.fact), column_data.get("where") if own else None):
        if where:
            narrowing = parse_measure({"fact": one.fact, "where": where, "of": one.of}, here)
            one = one.narrowed(narrowing.where)
    return Cell(code, row, column, measure=one)


def _with_formulas(sections: list[tuple[Mapping[str, Any], Section]], place: str) -> Iterable[Section]:
    known = {cell.code for _raw, section in sections for cell in section.cells}
    order = {row.code: section.rows for _raw, section in sections for row in section.rows}
    for raw, section in sections:
        rows = {str(one["code"]): one for one in raw["rows"]}
        columns = {str(one["code"]): one for one in raw["columns"]}
        cells = []
        for cell in section.cells:
            if cell.measure is None:
                here = f"{place}, {gettext_noop('ô')} {cell.code}"
                source = _source(cell.row, rows[cell.row.code], cell.column, columns[cell.column.code], here)
                formula = _formula(source["formula"], here, known, order, cell.row.code, cell.column.code)
                cell = Cell(cell.code, cell.row, cell.column, formula=formula)
            cells.append(cell)
        yield Section(section.code, section.name, section.columns, section.rows, tuple(cells))


def _formula(
    text: Any,
    place: str,
    known: set[str],
    order: Mapping[str, tuple[Row, ...]],
    row: str = "",
    column: str = "",
) -> Formula:
    def named(written: str) -> str:
        code = f"{row}.{written[1:-1]}" if written.startswith("[") else written
        code = code if "." in code else f"{code}.{column}"
        if code not in known:
            raise FormFault(place, gettext_noop("không có ô %(cell)s"), cell=code)
        return code

    def ranged(first: str, last: str) -> tuple[str, ...]:
        (top, at), (bottom, same) = first.split("."), last.split(".")
        codes = [one.code for one in order[top]]
        if at != same or bottom not in codes or codes.index(bottom) < codes.index(top):
            said = gettext_noop("không cộng được từ %(first)s đến %(last)s")
            raise FormFault(place, said, first=first, last=last)
        wanted = (f"{code}.{at}" for code in codes[codes.index(top) : codes.index(bottom) + 1])
        return tuple(one for one in wanted if one in known)

    return parse_formula(text, place, named, ranged)


def _check(data: Any, form: Form, place: str) -> Check:
    raw = object_of(data, CHECK_KEYS, place)
    code = text_of(raw, "code", place)
    here = f"{place}, {gettext_noop('kiểm tra')} {code}"
    order = {row.code: section.rows for section in form.sections for row in section.rows}
    left = _formula(raw.get("left"), here, set(form.cells), order)
    right_form = str(raw.get("right_form", ""))
    # Cells of another form are known only beside it: check_forms looks at them when all forms have been read.
    right = (
        parse_formula(raw.get("right"), here, lambda one: one, lambda first, last: (first, last))
        if right_form
        else _formula(raw.get("right"), here, set(form.cells), order)
    )
    kind = choice_of(CheckKind, raw.get("kind"), f"{here}: kind")
    must = yes_no_of(raw.get("must", True), f"{here}: must")
    return Check(code, kind, left, right, str(raw.get("name", "")), right_form, must)


def check_forms(forms: Iterable[Form]) -> None:
    """Checks across forms name forms and cells that exist; codes and slugs are used once. Raises FormFault."""
    by_code = {form.code: form for form in forms}
    named_once([form.slug for form in by_code.values()], "", gettext_noop("tên tắt %(code)s có hai lần"))
    for form in by_code.values():
        for check in form.checks:
            if not check.right_form:
                continue
            other = by_code.get(check.right_form)
            place = f"{form.code}, {check.code}"
            if other is None:
                raise FormFault(place, gettext_noop("không có biểu %(form)s"), form=check.right_form)
            for cell in sorted(check.right.cells - set(other.cells)):
                said = gettext_noop("biểu %(form)s không có ô %(cell)s")
                raise FormFault(place, said, form=other.code, cell=cell)
