"""Conduct and remarks of the homeroom teacher in a term."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from ..actions.keeping_cells import LETTERS, enter_conduct
from ..queries import classes as class_queries
from ..types import Conduct
from .classes import KeptGrid
from .grid import Change, GridColumn, GridNow, GridPage, GridSave, Saved
from .outcomes import cell_changes, told
from .terms import term_name


class ConductBase(KeptGrid):
    base = "conduct"

    @property
    def when(self) -> int:
        return self.term

    @property
    def term(self) -> int:
        if self.kwargs["term"] not in (1, 2):
            raise Http404
        return int(self.kwargs["term"])

    def get_title(self) -> Any:
        said = {"name": self.school_class.name, "term": term_name(self.term)}
        if class_queries.primary_rules(self.school_class) is not None:
            return _("Nhận xét của chủ nhiệm, lớp %(name)s, %(term)s") % said
        return _("Rèn luyện và nhận xét, lớp %(name)s, %(term)s") % said

    def hint_words(self) -> Any:
        if class_queries.primary_rules(self.school_class) is not None:
            return self.hint
        return f"{_('T tốt, K khá, Đ đạt, CĐ chưa đạt')}. {self.hint}"

    @cached_property
    def columns(self) -> list[GridColumn]:
        remark = GridColumn(
            "remark", _("Nhận xét của giáo viên chủ nhiệm"), "text", _("Nhận xét"), limit=2000
        )
        if class_queries.primary_rules(self.school_class) is not None:
            return [remark]
        letters = "|".join(LETTERS[one] for one in Conduct)
        hint = _("T tốt, K khá, Đ đạt, CĐ chưa đạt")
        return [GridColumn("conduct", _("Rèn luyện"), "level", _("Rèn luyện"), letters, hint=hint), remark]

    def rows(self) -> dict[int, Any]:
        return class_queries.conducts(self.school_class, self.term)

    def value(self, row: Any, column: str) -> str:
        return row.remark if column == "remark" else LETTERS.get(row.conduct, "")

    def save(self, changes: Sequence[Change], why: str) -> Saved:
        return told(
            enter_conduct(
                by=self.actor,
                school_class=self.school_class,
                term=self.term,
                changes=cell_changes(changes),
                reason=why,
            )
        )

    def extra_context(self) -> dict[str, Any]:
        url = reverse("gradebook:class-phrases", args=[self.school_class.pk])
        return {**super().extra_context(), "phrases_url": url}

    def tabs(self) -> list[tuple[Any, str, str]]:
        return [
            (term_name(term), reverse("gradebook:conduct", args=[self.school_class.pk, term]), "")
            for term in (1, 2)
        ]


class ConductPage(ConductBase, GridPage):
    pass


class ConductSave(ConductBase, GridSave):
    pass


class ConductNow(ConductBase, GridNow):
    pass
