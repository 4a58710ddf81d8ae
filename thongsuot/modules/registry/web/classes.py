"""Pages of classes: the list, the roster as of a day, forms."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.records import Tab
from thongsuot.kit.pages.views import CreatePage, DetailPage, EditPage, ListPage, PageLink

from .. import actions, queries
from ..permissions import can_edit
from .forms.fields import DayForm
from .forms.things import NewClassForm, SchoolClassForm
from .students import sees_pupils
from .tables import ClassFilter, ClassTable
from .units import is_of_one_school

EDITED = (
    "name", "code", "grade", "mixed_grades", "homeroom_teacher_id", "room_id", "site_id", "sessions_per_week",
    "max_students", "foreign_language", "valid_from", "is_two_sessions", "is_boarding",
)  # fmt: skip


class ClassList(ListPage):
    title = _("Lớp")
    table_class = ClassTable
    filterset_class = ClassFilter
    search_fields = ("name", "code", "homeroom_teacher__full_name")
    search_hint = _("Tên lớp, giáo viên chủ nhiệm")
    detail_url = "registry:class-detail"
    create_url, create_right = "registry:class-create", "registry.edit"
    create_label = _("Thêm lớp")

    def allowed(self, actor: Actor) -> bool:
        return sees_pupils(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.listed_classes(actor, on=timezone.localdate())

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made = super().table(rows, boxes=boxes)
        if is_of_one_school(self.actor):
            made.columns.hide("unit")
        return made


class ClassPage:
    actor: Actor

    def allowed(self, actor: Actor) -> bool:
        return sees_pupils(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.classes(actor).select_related(
            "unit", "unit__school", "school_year", "homeroom_teacher", "room", "site"
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Lớp"), reverse("registry:class-list"))]


class ClassDetail(ClassPage, DetailPage):
    template_name = "registry/class.html"
    has_history = True

    def get_title(self) -> Any:
        return _t("Lớp %(name)s") % {"name": self.thing.name}

    @cached_property
    def day(self) -> date:
        """Today inside the year of the class, else its last or first day; or the day that was asked for."""
        asked = parse_date(self.request.GET.get("on", "")) if self.request.GET.get("on") else None
        year = self.thing.school_year
        return asked or min(max(timezone.localdate(), year.starts_on), self.thing.valid_to or year.ends_on)

    @cached_property
    def pupils(self) -> list[Any]:
        return queries.class_list(self.actor, self.thing, on=self.day)

    @cached_property
    def may_edit(self) -> bool:
        return can_edit(self.actor, self.thing.unit_id)

    def tabs(self, thing: Any) -> list[Tab]:
        return [
            Tab("roster", _("Danh sách"), "registry/class_roster.html", self._roster, len(self.pupils)),
            Tab("teaching", _("Phân công giảng dạy"), "registry/class_teaching.html", self._teaching),
        ]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "tab" not in request.GET:
            # The roster is what people come for.
            request.GET = request.GET.copy()
            request.GET["tab"] = "roster"
        return super().get(request, *args, **kwargs)

    def _roster(self, thing: Any) -> dict[str, Any]:
        return {"pupils": self.pupils, "day": self.day, "today": timezone.localdate()}

    def _teaching(self, thing: Any) -> dict[str, Any]:
        rows = thing.teaching.select_related("staff").order_by("subject", "valid_from", "id")
        return {"teaching": rows, "may_see_staff": self.actor.can("registry.view", thing.unit_id)}

    def extra_context(self) -> dict[str, Any]:
        size, most = len(self.pupils), self.thing.max_students
        return {
            "size": size,
            "girls": sum(row.student.gender == "female" for row in self.pupils),
            "is_over": most is not None and size > most,
            "school_class": self.thing,
            "may_see_staff": self.actor.can("registry.view", self.thing.unit_id),
        }

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Trường"), thing.unit),
            (_("Năm học"), thing.school_year),
            (_("Mã lớp"), thing.code),
            (_("Khối"), thing.get_grade_display()),
            (_("Lớp ghép với khối"), thing.mixed_grades),
            (_("Giáo viên chủ nhiệm"), thing.homeroom_teacher),
            (_("Phòng học"), thing.room),
            (_("Điểm trường"), thing.site),
            (_("Số buổi/tuần"), thing.sessions_per_week),
            (_("Học 2 buổi/ngày"), _("Có") if thing.is_two_sessions else _("Không")),
            (_("Lớp bán trú"), _("Có") if thing.is_boarding else _("Không")),
            (_("Ngoại ngữ 1"), thing.foreign_language),
            (_("Số học sinh tối đa"), thing.max_students),
            (_("Mở từ ngày"), f"{thing.valid_from:%d/%m/%Y}"),
            (_("Đến hết ngày"), f"{thing.valid_to:%d/%m/%Y}" if thing.valid_to else ""),
        ]

    def links(self, thing: Any) -> list[PageLink]:
        if not self.may_edit:
            return []
        links = [
            PageLink(_("Sửa cả lớp"), self.url_of("registry:class-grid"), "table", "primary"),
            PageLink(_("Sửa lớp"), self.url_of("registry:class-edit"), "pencil"),
        ]
        if thing.valid_to is None:
            links.append(PageLink(_("Đóng lớp"), self.url_of("registry:class-close"), "archive"))
        return links


class ClassCreate(CreatePage):
    title = _("Thêm lớp")
    right = "registry.edit"
    form_class = NewClassForm
    success_url = "registry:class-edit"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        facts = {name: data[name] for name in ("name", "code", "max_students", "is_two_sessions")}
        facts["grade"] = int(data["grade"]) if data["grade"] else None
        return actions.create_class(
            by=by, unit_id=data["unit"], school_year_id=data["school_year"], facts=facts
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Lớp"), reverse("registry:class-list"))]


class ClassFormPage(ClassPage, EditPage):
    success_url = "registry:class-detail"

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if not can_edit(self.actor, found.unit_id):
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.thing, reverse("registry:class-detail", args=[self.thing.pk]))]


class ClassEdit(ClassFormPage):
    form_class = SchoolClassForm
    template_name = "registry/wide_form.html"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor, "unit_id": thing.unit_id}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {name: getattr(thing, name) for name in EDITED} | {"seen": queries.edition_of(thing)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_class(by=by, school_class=thing, changes=data["changes"], seen=data["seen"])


class ClassClose(ClassFormPage):
    form_class = DayForm
    submit_label = _("Đóng lớp")

    def get_title(self) -> Any:
        return _t("Đóng lớp: %(name)s") % {"name": self.thing.name}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.close_class(by=by, school_class=thing, on=data["on"])
