"""What a set of rules must keep to, beyond its shape, so that a better mark never leads to a worse result. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..types import Conduct
from .record import Fault
from .rules import PrimaryRules, SecondaryRules

# Of subjects T, H, C; of qualities and competences T, Đ, C (TT 27/2020).
LEVELS = {"T": 2, "H": 1, "Đ": 1, "C": 0}
CONDUCT = {one: place for place, one in enumerate(Conduct)}


def gettext_noop(message: str) -> str:
    return message


NOT_HIGHER = gettext_noop("Mức thấp hơn không được đòi hỏi cao hơn mức trên nó.")
ASCENDING = gettext_noop("Môn nhiều tiết hơn không được có ít lần đánh giá hơn.")
MATRIX = gettext_noop("Kết quả học kỳ tốt hơn không được dẫn tới kết quả cả năm thấp hơn.")
NO_GRADE = gettext_noop("Chưa chọn khối nào áp dụng.")


def senseless(rules: SecondaryRules | PrimaryRules) -> list[Fault]:
    """A fault for each field that does not fit to its neighbours; none when the rules can be used."""
    faults = [] if rules.applies else [Fault("applies", NO_GRADE, {})]
    if isinstance(rules, PrimaryRules):
        return [*faults, *_of_primary(rules)]
    return [*faults, *_of_secondary(rules)]


def _of_secondary(rules: SecondaryRules) -> Iterator[Fault]:
    rows = [(one.every, one.enough, one.subjects, -one.comments_failed) for one in rules.learning]
    names = ("every", "enough", "subjects", "comments_failed")
    yield from _falling(rows, names)
    numbers = [(one.from_periods, one.number) for one in rules.regular_by_score]
    if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(numbers)):
        yield Fault("regular_by_score", ASCENDING, {})
    if not _is_monotone(rules.conduct):
        yield Fault("conduct", MATRIX, {})


def _of_primary(rules: PrimaryRules) -> Iterator[Fault]:
    rows = [(LEVELS[one.subjects], LEVELS[one.traits], one.tests) for one in rules.learning]
    yield from _falling(rows, ("subjects", "traits", "tests"))


def _falling(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Iterator[Fault]:
    """rows: what each level asks for, the best level first."""
    for place, (above, below) in enumerate(pairwise(rows), start=1):
        for name, high, low in zip(names, above, below, strict=True):
            if low > high:
                yield Fault(f"learning.{place}.{name}", NOT_HIGHER, {})


def _is_monotone(matrix: Any) -> bool:
    grid = [[CONDUCT[matrix[first][second]] for second in Conduct] for first in Conduct]
    lines = [*grid, *zip(*grid, strict=True)]
    return all(list(line) == sorted(line) for line in lines)
