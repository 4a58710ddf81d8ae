"""Formulas over the cells of a form: sums, differences, products, quotients. Pure.

    A01.1 + A02.1      B03.2 / A01.1 * 100      2 * (A01.1 - A02.1)      sum(A01.1:A05.1)

`sum(from:to)` takes the rows of one section from the first to the last, in the column named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .form import FormFault, Values, gettext_noop

_TOKEN = re.compile(
    r"\s*(?:(?P<cell>[A-Z]{1,3}\d{1,3}(?:\.\w+)?)|(?P<column>\[\w+\])|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sum>sum)|(?P<sign>[-+*/():]))"
)
_DEEPEST = 20


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Name:
    cell: str


@dataclass(frozen=True)
class Sum:
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    sign: str
    left: Expression
    right: Expression


Expression = Number | Name | Sum | Operation


@dataclass(frozen=True)
class Formula:
    text: str
    root: Expression

    @property
    def cells(self) -> frozenset[str]:
        return frozenset(_names(self.root))

    def value(self, values: Values) -> Decimal | None:
        """None where a cell has no value, or where something is divided by zero."""
        return _value(self.root, values)


def _names(one: Expression) -> Iterator[str]:
    match one:
        case Name(cell):
            yield cell
        case Sum(cells):
            yield from cells
        case Operation(_, left, right):
            yield from _names(left)
            yield from _names(right)


def _value(one: Expression, values: Values) -> Decimal | None:
    match one:
        case Number(value):
            return value
        case Name(cell):
            return values.get(cell)
        case Sum(cells):
            found = [values.get(cell) for cell in cells]
            return None if None in found else sum((v for v in found if v is not None), Decimal(0))
        case Operation(sign, left, right):
            a, b = _value(left, values), _value(right, values)
            if a is None or b is None or (sign == "/" and b == 0):
                return None
            return {"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "/" else a / b


class _Reader:
    """Reads one formula: what stands next, one step at a time."""

    def __init__(
        self, text: str, place: str, named: Callable[[str], str], ranged: Callable[..., tuple[str, ...]]
    ):
        self.place, self.named, self.ranged = place, named, ranged
        self.text, self.depth, self.at = text, 0, 0
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            found = _TOKEN.match(text, position)
            if found is None:
                raise self.fault()
            self.tokens.append((str(found.lastgroup), found[0].strip()))
            position = found.end()

    def fault(self) -> FormFault:
        return FormFault(self.place, gettext_noop("không đọc được công thức “%(text)s”"), text=self.text)

    def next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *signs: str) -> str | None:
        kind, text = self.next()
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return None

    def cell(self) -> str:
        kind, text = self.next()
        if kind not in ("cell", "column"):
            raise self.fault()
        self.at += 1
        return self.named(text)

    def whole(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fault()
        left = self.product()
        while sign := self.take("+", "-"):
            left = Operation(sign, left, self.product())
        self.depth -= 1
        return left

    def product(self) -> Expression:
        left = self.single()
        while sign := self.take("*", "/"):
            left = Operation(sign, left, self.single())
        return left

    def single(self) -> Expression:
        kind, text = self.next()
        if kind == "number":
            self.at += 1
            return Number(Decimal(text))
        if kind == "sum":
            self.at += 1
            return self.summed()
        if self.take("("):
            inner = self.whole()
            if not self.take(")"):
                raise self.fault()
            return inner
        return Name(self.cell())

    def summed(self) -> Expression:
        if not self.take("("):
            raise self.fault()
        first = self.cell()
        if not self.take(":"):
            raise self.fault()
        last = self.cell()
        if not self.take(")"):
            raise self.fault()
        return Sum(self.ranged(first, last))


def parse_formula(
    text: object, place: str, named: Callable[[str], str], ranged: Callable[[str, str], tuple[str, ...]]
) -> Formula:
    """named: what is written ("B03", "B03.2", "[2]") -> the code of a cell. ranged: first, last -> cells between.

    Raises FormFault.
    """
    if not isinstance(text, str) or not text.strip():
        raise FormFault(place, gettext_noop("công thức phải là chữ, ví dụ “A01.1 + A02.1”"))
    reader = _Reader(text, place, named, ranged)
    root = reader.whole()
    if reader.at != len(reader.tokens):
        raise reader.fault()
    return Formula(text, root)
