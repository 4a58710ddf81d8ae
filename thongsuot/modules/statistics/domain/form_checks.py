"""Whether the figures of a form agree with each other, with other forms and with last year's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from .form import Check, CheckKind, Form, Section, Values, gettext_noop


class FindingKind(StrEnum):
    """FAULT must be mended, REASON must be explained, NOTE is only told."""

    FAULT = "fault"
    REASON = "reason"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """`said` is Vietnamese with places for `words`; `message` puts them together untranslated."""

    kind: FindingKind
    code: str
    cells: tuple[str, ...]
    said: str
    words: Mapping[str, object] = field(default_factory=dict)
    left: Decimal | None = None
    right: Decimal | None = None

    @property
    def message(self) -> str:
        return self.said % self.words


SUM = gettext_noop("%(name)s: %(left)s khác %(right)s")
PART = gettext_noop("%(name)s: %(left)s lớn hơn %(right)s")
OTHER = gettext_noop("%(name)s: %(left)s khác %(right)s ở biểu %(form)s")
OTHER_PART = gettext_noop("%(name)s: %(left)s lớn hơn %(right)s ở biểu %(form)s")
CELL_PART = gettext_noop("Ô %(cell)s (%(left)s) lớn hơn ô %(whole)s (%(right)s) mà nó là một phần")
CHANGED = gettext_noop(
    "Ô %(cell)s: %(left)s, năm trước %(right)s, thay đổi %(change)s%%, quá %(tolerance)s%%: cần nêu lý do"
)
NEW = gettext_noop("Ô %(cell)s: %(left)s, năm trước không có: cần nêu lý do")


def check_form(
    form: Form,
    values: Values,
    last_year: Values | None = None,
    others: Mapping[str, Values] | None = None,
) -> list[Finding]:
    """All findings of one unit: faults first, then what needs a reason.

    last_year: values of the same form a year before; None: nothing to compare with. others: values of other forms of
    the same unit by code; a check across forms without them is left out.
    """
    found = [*_checks(form, values, others or {})]
    for section in form.sections:
        found += _parts(section, values)
    if last_year is not None:
        found += _changes(form, values, last_year)
    return sorted(found, key=lambda one: list(FindingKind).index(one.kind))


def _checks(form: Form, values: Values, others: Mapping[str, Values]) -> Iterator[Finding]:
    for check in form.checks:
        there: Values | None = others.get(check.right_form) if check.right_form else values
        left = check.left.value(values)
        right = check.right.value(there) if there is not None else None
        if left is None or right is None or _holds(check, left, right):
            continue
        yield Finding(
            FindingKind.FAULT if check.must else FindingKind.REASON,
            check.code,
            tuple(sorted(check.left.cells | (frozenset() if check.right_form else check.right.cells))),
            _said(check),
            {
                "name": check.name or f"{check.left.text} / {check.right.text}",
                "left": shown(left),
                "right": shown(right),
                "form": check.right_form,
            },
            left,
            right,
        )


def _holds(check: Check, left: Decimal, right: Decimal) -> bool:
    return left == right if check.kind is CheckKind.EQUAL else left <= right


def _said(check: Check) -> str:
    if check.right_form:
        return OTHER if check.kind is CheckKind.EQUAL else OTHER_PART
    return SUM if check.kind is CheckKind.EQUAL else PART


def _parts(section: Section, values: Values) -> Iterator[Finding]:
    """A part that is counted is never more than its whole, in rows and in columns; a share may well be."""
    for cell in section.cells:
        if cell.measure is None:
            continue
        for whole in (
            section.by_place.get((cell.row.part_of, cell.column.code)),
            section.by_place.get((cell.row.code, cell.column.part_of)),
        ):
            if whole is None or cell.code not in values or whole.code not in values:
                continue
            left, right = values[cell.code], values[whole.code]
            if left > right:
                words = {"cell": cell.code, "whole": whole.code, "left": shown(left), "right": shown(right)}
                yield Finding(
                    FindingKind.FAULT, "part", (cell.code, whole.code), CELL_PART, words, left, right
                )


def _changes(form: Form, values: Values, last_year: Values) -> Iterator[Finding]:
    for code, cell in form.cells.items():
        if not cell.row.compared or code not in values or code not in last_year:
            continue
        now, before = values[code], last_year[code]
        change = abs(now - before)
        # Exactly the tolerance is still within it.
        if change == 0 or change < form.least_change or change * 100 <= form.tolerance * before:
            continue
        words: dict[str, object] = {"cell": code, "left": shown(now), "right": shown(before)}
        if before:
            percent = ((now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
            words |= {"change": shown(percent), "tolerance": shown(form.tolerance)}
        yield Finding(
            FindingKind.REASON, "last_year", (code,), CHANGED if before else NEW, words, now, before
        )


def shown(number: Decimal) -> str:
    """As Vietnamese readers write it: 1.234,5."""
    plain = f"{number.normalize():,f}" if number else "0"
    return plain.replace(",", " ").replace(".", ",").replace(" ", ".")
