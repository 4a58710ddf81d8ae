"""Pupils of a class without a transcript: what is missing, who mends it, said once for all of whom it is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t


@dataclass(frozen=True)
class Lacking:
    """A pupil without a transcript; year: the closed year as the gradebook has it, problems: what is missing and who has it;
    url: of the record, for those who keep it."""

    name: str
    year: Any
    problems: list[tuple[Any, str]]
    url: str = ""

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """(what is wrong, who mends it), in the words of the page."""
        found = []
        if self.year is None or not self.year.is_locked:
            found.append((_t("Sổ điểm chưa khóa cả năm"), _t("Hiệu trưởng, ở Tiến độ nhập điểm")))
        elif self.year.is_stale:
            found.append((_t("Kết quả cần tính lại"), _t("Văn phòng, ở sổ điểm")))
        elif self.year.outcome == "undecided":
            reasons = "; ".join(str(one) for one in self.year.reasons)
            said = _t("Kết quả cả năm chưa kết luận được")
            found.append((f"{said}: {reasons}" if reasons else said, _t("Giáo viên, ở sổ điểm")))
        return [*found, *((f"{one.where}: {_t(one.reason)}", keeper) for one, keeper in self.problems)]

    @property
    def is_ready(self) -> bool:
        return not self.gaps


def gaps_together(lacking: list[Lacking]) -> list[tuple[str, str, list[Lacking]]]:
    """(what, who mends it, whose): the same gap of a whole class is said once, the commonest first."""
    found: dict[tuple[str, str], list[Lacking]] = {}
    for one in lacking:
        for gap in one.gaps:
            found.setdefault(gap, []).append(one)
    return sorted(((what, who, names) for (what, who), names in found.items()), key=lambda gap: -len(gap[2]))
