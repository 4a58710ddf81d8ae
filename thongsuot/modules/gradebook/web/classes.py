"""What pages of a class share: the class, its parts, the grid that the homeroom teacher keeps; and the list of classes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from ..permissions import ENTER, KEEP
from ..queries import cell_history, listing
from ..queries import classes as class_queries
from ..queries import phrase_bank as phrase_queries
from ..types import Moment
from .grid import GridBase, GridCell, GridLine
from .lists import book_crumb, school_crumbs, sees_books
from .names import namesakes
from .outcomes import asked_student
from .terms import term_name, term_now


class ClassBase(ActorPage):
    """Pages below /so-diem/lop/<class>/, for whoever reads the results of the class."""

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    @cached_property
    def school_class(self) -> Any:
        found = class_queries.class_of(self.actor, self.kwargs["pk"])
        if found is None or not self.may_open(found):
            raise Http404
        return found

    def may_open(self, school_class: Any) -> bool:
        return class_queries.may_see(self.actor, school_class)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb(), *school_crumbs(self.actor, self.school_class.unit)]

    def trace(self, request: HttpRequest, purpose: str) -> None:
        record_reading(by=self.actor, subject=self.school_class, purpose=purpose, ip=origin_of(request).ip)


class KeptGrid(ClassBase, GridBase):
    """A grid that the homeroom teacher writes. `when` is its term or moment; `base` the name of its page."""

    base = ""
    hint = gettext_lazy(
        "Mũi tên, Enter, Tab để đi giữa các ô; Esc trả lại giá trị cũ; dán cả khối từ bảng tính vào ô đầu tiên."
    )

    @property
    def when(self) -> Any:
        raise NotImplementedError

    @property
    def term(self) -> int:
        raise NotImplementedError

    def url(self, name: str = "") -> str:
        return reverse(f"gradebook:{name or self.base}", args=[self.school_class.pk, self.when])

    @cached_property
    def why_not(self) -> str:
        if not class_queries.may_keep(self.actor, self.school_class):
            return _("Chỉ giáo viên chủ nhiệm hoặc nhà trường ghi bảng này.")
        if class_queries.is_locked(self.school_class, self.term):
            return _("Sổ điểm %(term)s đã khoá.") % {"term": term_name(self.term)}
        return ""

    def value(self, row: Any, column: str) -> str:
        raise NotImplementedError

    def rows(self) -> dict[int, Any]:
        raise NotImplementedError

    def lines(self) -> list[GridLine]:
        rows = self.rows()
        members = class_queries.members(self.actor, self.school_class)
        carried = class_queries.carried(self.school_class, members, f"{self.base}|{self.when}")
        same_names = namesakes(members)
        return [
            GridLine(
                one.student_id,
                one.name,
                [
                    GridCell(
                        column,
                        one.student_id,
                        self.value(rows[one.student_id], column.code) if one.student_id in rows else "",
                        carried=carried.get(one.student_id, {}).get(column.code, ""),
                    )
                    for column in self.columns
                ],
                note=same_names.get(one.student_id, ""),
            )
            for one in members
        ]

    def opened(self, request: HttpRequest) -> None:
        self.trace(request, _("Mở sổ của lớp"))

    def extra_context(self) -> dict[str, Any]:
        return {
            "save_url": self.url(f"{self.base}-save"),
            "now_url": self.url(f"{self.base}-now"),
            "history_url": self.url(f"{self.base}-history"),
            "asks_why": True,
            "choices": [
                {
                    "tabs": class_tabs(self.actor, self.school_class),
                    "current": part_url(self.school_class, self.base),
                },
                {"tabs": self.tabs(), "current": self.url()},
            ],
        }

    def tabs(self) -> list[tuple[Any, str, str]]:
        raise NotImplementedError


def part_url(school_class: Any, base: str) -> str:
    """Where a part of the class begins: conduct and qualities in the term or moment of today."""
    term = term_now(school_class.school_year)
    if base == "conduct":
        return reverse("gradebook:conduct", args=[school_class.pk, term])
    if base == "traits":
        return reverse("gradebook:traits", args=[school_class.pk, Moment.END_1 if term == 1 else Moment.YEAR])
    if base == "attendance":
        return f"{reverse('gradebook:attendance')}?lop={school_class.pk}"
    return reverse(f"gradebook:{base}", args=[school_class.pk])


def class_tabs(actor: Actor, school_class: Any) -> list[tuple[Any, str, str]]:
    """The parts of a class that the actor may open."""
    found = []
    if class_queries.may_see(actor, school_class):
        found.append((_("Kết quả"), part_url(school_class, "class-results"), ""))
        is_primary = class_queries.primary_rules(school_class) is not None
        # No conduct is graded in primary school.
        said = _("Nhận xét") if is_primary else _("Rèn luyện, nhận xét")
        found.append((said, part_url(school_class, "conduct"), ""))
        if is_primary:
            found.append((_("Phẩm chất, năng lực"), part_url(school_class, "traits"), ""))
        found.append((_("Cuối năm"), part_url(school_class, "judging"), ""))
    found.append((_("Điểm danh"), part_url(school_class, "attendance"), ""))
    return found


class KeptHistory(ClassBase):
    """A piece of page: the changes of one cell of conduct or of qualities."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        student, column = asked_student(request), request.GET.get("cot", "")[:40]
        if "moment" in self.kwargs:
            moment = self.kwargs["moment"]
            found = cell_history.trait_history(self.actor, self.school_class, moment, student, column)
        else:
            term = self.kwargs["term"]
            found = cell_history.conduct_history(self.actor, self.school_class, term, student, column)
        return render(request, "gradebook/_cell_history.html", {"entries": found})


class ClassPhrases(ClassBase):
    """A piece of page: phrases for the homeroom teacher's remark."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = phrase_queries.phrases_for(
            self.actor, unit_id=self.school_class.unit_id, subject="", level=""
        )
        return render(request, "gradebook/_phrases.html", {"phrases": found})


class MyClass(ActorPage):
    """/so-diem/lop/ : the list of classes, or at once the only one whose results one reads."""

    title = gettext_lazy("Lớp")
    template_name = "gradebook/classes.html"

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        year = organization.current_school_year(timezone.localdate())
        found = class_queries.classes_with_books(self.actor, year.pk) if year else []
        books = self.own_books(year) if year else {}
        has_many_schools = len({one.unit_id for one in found}) > 1
        cards = [
            {
                "name": one.name,
                "school": one.unit.name if has_many_schools else "",
                "books": books.get(one.pk, []),
                "tabs": class_tabs(self.actor, one),
            }
            for one in found
        ]
        if len(found) == 1 and class_queries.may_see(self.actor, found[0]):
            return HttpResponseRedirect(cards[0]["tabs"][0][1])
        return render(request, self.template_name, {"cards": cards, **self.frame()})

    def own_books(self, year: Any) -> dict[int, list[tuple[str, str, str]]]:
        """class -> books in which the person writes: what a teacher of one subject comes for."""
        found: dict[int, list[tuple[str, str, str]]] = {}
        if self.actor.can(KEEP) or not self.actor.can(ENTER):
            return found
        term = term_now(year)
        for one in listing.books_written(self.actor, year.pk):
            url = reverse("gradebook:marks", args=[one.pk, term])
            found.setdefault(one.school_class_id, []).append((one.name, url, ""))
        return found
