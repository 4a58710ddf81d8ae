"""Cuối năm: what the homeroom teacher decides of each pupil's year, in the grid that all pages of the book share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..actions.judging_cells import LEVELS, _cell_text, enter_judgements
from ..actions.keeping_cells import LETTERS
from ..queries import cell_history
from ..queries import classes as class_queries
from ..queries.judging import JudgedPupil, judged_pupils
from .classes import ClassBase, KeptGrid, class_tabs, part_url
from .grid import Change, GridCell, GridColumn, GridLine, GridNow, GridPage, GridSave, Saved
from .names import namesakes
from .outcomes import asked_student, cell_changes, told

# These come in summer, when the books are closed.
LATE = frozenset({"absences", "trained", "helped"})


class JudgingBase(KeptGrid):
    base = "judging"
    term = 2
    average_name = gettext_lazy("Kết quả cuối năm")

    def url(self, name: str = "") -> str:
        return reverse(f"gradebook:{name or self.base}", args=[self.school_class.pk])

    def get_title(self) -> Any:
        return _("Cuối năm, lớp %(name)s") % {"name": self.school_class.name}

    @cached_property
    def why_not(self) -> str:
        if not class_queries.may_keep(self.actor, self.school_class):
            return _("Chỉ giáo viên chủ nhiệm hoặc nhà trường ghi bảng này.")
        return ""

    @cached_property
    def is_locked(self) -> bool:
        return class_queries.is_locked(self.school_class, 2)

    @property
    def hint(self) -> Any:  # type: ignore[override]
        said = str(KeptGrid.hint)
        if self.is_locked:
            said = (
                _(
                    "Sổ học kỳ II đã khoá: chỉ còn ghi số buổi nghỉ, rèn luyện sau hè, mức sau khi được giúp đỡ."
                )
                + " "
                + said
            )
        return said

    @cached_property
    def is_primary(self) -> bool:
        return class_queries.primary_rules(self.school_class) is not None

    @cached_property
    def judged(self) -> dict[int, JudgedPupil]:
        return judged_pupils(self.school_class)

    @cached_property
    def columns(self) -> list[GridColumn]:
        found = [
            GridColumn(
                "absences", _("Số buổi nghỉ"), "count", _("Số buổi nghỉ cả năm"), limit=3,
                hint=_("Để trống thì lấy theo điểm danh hằng ngày"),
            )
        ]  # fmt: skip
        if self.is_primary:
            found += [
                GridColumn("stands_out", _("Tiêu biểu"), "exempt", _("Tiêu biểu"), hint=_("x: lớp công nhận có thành tích vượt trội hoặc tiến bộ")),
                GridColumn("has_plan", _("Kế hoạch riêng"), "exempt", _("Kế hoạch giáo dục cá nhân"), hint=_("x: học sinh khuyết tật học hoà nhập theo kế hoạch riêng")),
            ]  # fmt: skip
        if any(one.opens == "trained" for one in self.judged.values()):
            letters = "|".join(LETTERS.values())
            hint = _("T tốt, K khá, Đ đạt, CĐ chưa đạt; chỉ của em rèn luyện cả năm chưa đạt")
            found.append(
                GridColumn(
                    "trained", _("Rèn luyện sau hè"), "level", _("Rèn luyện sau hè"), letters, hint=hint
                )
            )
        if any(one.opens == "helped" for one in self.judged.values()):
            hint = _("HTXS, HTT, HT hoặc CHT; chỉ của em cuối năm chưa hoàn thành")
            found.append(
                GridColumn("helped", _("Sau giúp đỡ"), "level", _("Mức sau khi được giúp đỡ"), "|".join(LEVELS.values()), hint=hint)
            )  # fmt: skip
        remark = GridColumn("remark", _("Nhận xét cuối năm"), "text", _("Nhận xét cuối năm"), limit=2000)
        return [*found, remark]

    average_in_words = True

    def lines(self) -> list[GridLine]:
        judged = judged_pupils(self.school_class)
        members = class_queries.members(self.actor, self.school_class)
        same_names = namesakes(members)
        return [
            GridLine(
                one.student_id,
                one.name,
                [self.cell(column, one.student_id, judged.get(one.student_id)) for column in self.columns],
                average=judged[one.student_id].outcome if one.student_id in judged else "",
                note=same_names.get(one.student_id, ""),
            )
            for one in members
        ]

    def cell(self, column: GridColumn, student_id: int, judged: JudgedPupil | None) -> GridCell:
        code = column.code
        asked = code not in ("trained", "helped") or (judged is not None and judged.opens == code)
        is_closed = not asked or (self.is_locked and code not in LATE)
        return GridCell(
            column, student_id, _cell_text(judged.row if judged else None, code), is_closed=is_closed
        )

    def beside(self, lines: Sequence[GridLine]) -> dict[str, Any]:
        return {"averages": {line.student_id: line.average for line in lines}}

    def save(self, changes: Sequence[Change], why: str) -> Saved:
        return told(
            enter_judgements(
                by=self.actor, school_class=self.school_class, changes=cell_changes(changes), reason=why
            )
        )

    def extra_context(self) -> dict[str, Any]:
        found: Mapping[str, Any] = super().extra_context()
        phrases = reverse("gradebook:class-phrases", args=[self.school_class.pk])
        tabs = {
            "tabs": class_tabs(self.actor, self.school_class),
            "current": part_url(self.school_class, self.base),
        }
        return {**found, "phrases_url": phrases, "choices": [tabs]}

    def tabs(self) -> list[tuple[Any, str, str]]:
        return []


class JudgingPage(JudgingBase, GridPage):
    pass


class JudgingSave(JudgingBase, GridSave):
    pass


class JudgingNow(JudgingBase, GridNow):
    pass


class JudgingHistory(ClassBase):
    """A piece of page: the changes of one cell."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        student, column = asked_student(request), request.GET.get("cot", "")[:40]
        found = cell_history.judgement_history(self.actor, self.school_class, student, column, _cell_text)
        return render(request, "gradebook/_cell_history.html", {"entries": found})
