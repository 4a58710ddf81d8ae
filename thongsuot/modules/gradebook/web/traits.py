"""Qualities and competences of a primary class at a moment of the year."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from ..actions.keeping_cells import enter_traits
from ..queries import TRAITS
from ..queries import classes as class_queries
from ..types import Moment
from .classes import KeptGrid
from .grid import Change, GridColumn, GridNow, GridPage, GridSave, Saved
from .outcomes import cell_changes, told

TERM_OF = {Moment.MID_1: 1, Moment.END_1: 1, Moment.MID_2: 2, Moment.YEAR: 2}


class TraitsBase(KeptGrid):
    base = "traits"

    @property
    def when(self) -> str:
        return self.moment.value

    @cached_property
    def moment(self) -> Moment:
        try:
            return Moment(self.kwargs["moment"])
        except ValueError as error:
            raise Http404 from error

    @property
    def term(self) -> int:
        return TERM_OF[self.moment]

    def may_open(self, school_class: Any) -> bool:
        return super().may_open(school_class) and class_queries.primary_rules(school_class) is not None

    def get_title(self) -> Any:
        said = {"name": self.school_class.name, "moment": self.moment.label}
        return _("Phẩm chất, năng lực, lớp %(name)s, %(moment)s") % said

    @cached_property
    def rules(self) -> Any:
        return class_queries.primary_rules(self.school_class)

    def hint_words(self) -> Any:
        return f"{_('T tốt, Đ đạt, C cần cố gắng')}. {self.hint}"

    @cached_property
    def columns(self) -> list[GridColumn]:
        hint = _("T tốt, Đ đạt, C cần cố gắng")
        return [
            GridColumn(
                code,
                str(TRAITS.get(code, code)),
                "level",
                str(TRAITS.get(code, code)),
                "T|Đ|C",
                group=group,
                hint=hint,
            )
            for group, codes in (
                (_("Phẩm chất"), self.rules.qualities),
                (_("Năng lực"), self.rules.competences),
            )
            for code in codes
        ]

    def rows(self) -> dict[int, Any]:
        return class_queries.traits(self.school_class, self.moment.value)

    def value(self, row: Any, column: str) -> str:
        return str(row.get(column, ""))

    def save(self, changes: Sequence[Change], why: str) -> Saved:
        codes = [column.code for column in self.columns]
        return told(
            enter_traits(
                by=self.actor,
                school_class=self.school_class,
                moment=self.moment.value,
                codes=codes,
                changes=cell_changes(changes),
                reason=why,
            )
        )

    def tabs(self) -> list[tuple[Any, str, str]]:
        return [
            (one.label, reverse("gradebook:traits", args=[self.school_class.pk, one.value]), "")
            for one in Moment
        ]


class TraitsPage(TraitsBase, GridPage):
    pass


class TraitsSave(TraitsBase, GridSave):
    pass


class TraitsNow(TraitsBase, GridNow):
    pass
