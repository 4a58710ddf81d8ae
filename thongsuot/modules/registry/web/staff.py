"""Pages of staff: the list, the dossier, posts, teaching."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.records import Tab
from thongsuot.kit.pages.views import CreatePage, DetailPage, EditPage, PageLink

from .. import actions, queries
from ..actions.staff import STAFF_FIELDS
from ..permissions import can_edit, can_see_sensitive
from .forms.fields import DayForm
from .forms.people import EndPostForm, NewStaffForm, PostForm, StaffForm, TeachingForm
from .reading import trace
from .students import PeopleList, birth_words, reveal_links
from .tables import StaffFilter, StaffTable
from .units import class_choices

SHOWN = STAFF_FIELDS - {"personal_id"}


class StaffList(PeopleList):
    title = _("Cán bộ, giáo viên")
    right = "registry.view"
    table_class = StaffTable
    filterset_class = StaffFilter
    detail_url, detail_key = "registry:staff-detail", "public_id"
    create_url, create_right = "registry:staff-create", "registry.edit"
    create_label = _("Thêm cán bộ")

    sought_class = queries.SoughtStaff

    def all_rows(self, actor: Actor) -> QuerySet[Any]:
        return queries.listed_staff(actor)

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made = super().table(rows, boxes=boxes)
        made.position_names = queries.code_names("chuc_vu")
        made.degree_names = queries.code_names("trinh_do_chuyen_mon")
        return made


class StaffPage:
    lookup = "public_id"
    actor: Actor

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.staff(actor).select_related("unit")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Cán bộ, giáo viên"), reverse("registry:staff-list"))]


class StaffDetail(StaffPage, DetailPage):
    right = "registry.view"
    template_name = "registry/dossier.html"

    @cached_property
    def dossier(self) -> queries.StaffDossier:
        return queries.staff_dossier(self.actor, self.thing, full="full" in self.request.GET)

    @cached_property
    def may_edit(self) -> bool:
        return can_edit(self.actor, self.thing.unit_id)

    def opened(self, thing: Any) -> None:
        if self.dossier.is_full:
            trace(self.request, thing, _t("Xem đầy đủ hồ sơ cán bộ"))

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        dossier = self.dossier
        return [
            (_("Họ và tên"), thing.full_name),
            (_("Ngày sinh"), birth_words(thing)),
            (_("Giới tính"), thing.get_gender_display()),
            (_("Trường"), thing.unit),
            (_("Số định danh cá nhân"), dossier.personal_id),
            (_("Xác thực với dân cư"), thing.get_identity_status_display()),
            (_("Mã của trường"), thing.local_code),
            (_("Mã định danh của Bộ"), thing.ministry_code),
            (_("Trình độ chuyên môn"), dossier.degree),
            (_("Chuyên ngành chính"), thing.major),
            (_("Chuẩn nghề nghiệp"), dossier.standard),
            (_("Lý luận chính trị"), thing.political_theory),
            (_("Ngoại ngữ, trình độ"), thing.foreign_language),
            (_("Tin học"), thing.informatics),
            (_("Kỹ năng số cơ bản"), _("Có") if thing.has_digital_skills else _("Chưa")),
            (_("Đảng viên"), _("Có") if thing.is_party_member else _("Không")),
            (_("Ngày tuyển dụng"), f"{thing.recruited_on:%d/%m/%Y}" if thing.recruited_on else ""),
            (_("Dân tộc"), dossier.ethnicity),
            (_("Tôn giáo"), dossier.religion),
            (_("Quê quán"), thing.home_town),
            (_("Nơi ở hiện nay"), thing.current_address),
            (_("Điện thoại"), thing.phone),
            (_("Thư điện tử"), thing.email),
        ]

    def tabs(self, thing: Any) -> list[Tab]:
        shown = {"dossier": self.dossier, "may_edit": self.may_edit}
        return [
            Tab("posts", _("Vị trí công tác"), "registry/staff_posts.html", lambda t: shown),
            Tab("teaching", _("Phân công giảng dạy"), "registry/staff_teaching.html", lambda t: shown),
            Tab("history", _("Lịch sử"), "pages/detail_history.html", self._history),
        ]

    def _history(self, thing: Any) -> dict[str, Any]:
        return {"history": queries.staff_history(thing, full=self.dossier.is_full)}

    def links(self, thing: Any) -> list[PageLink]:
        links = reveal_links(self.request.GET.get("tab", ""), self.dossier)
        if self.may_edit:
            links.append(PageLink(_("Sửa"), self.url_of("registry:staff-edit"), "pencil", "primary"))
        return links


class StaffCreate(CreatePage):
    title = _("Thêm cán bộ")
    right = "registry.edit"
    form_class = NewStaffForm
    template_name = "registry/wide_form.html"
    success_url, result_key = "registry:staff-detail", "public_id"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor, "sensitive": self.actor.can("registry.view_sensitive")}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        facts = {
            name: value for name, value in data.items() if name in STAFF_FIELDS and value not in ("", None)
        }
        return actions.create_staff(
            by=by, unit_id=data["unit"], facts=facts, post=post_of(data), valid_from=data["valid_from"]
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Cán bộ, giáo viên"), reverse("registry:staff-list"))]


def post_of(data: dict[str, Any]) -> dict[str, Any]:
    """The post that a form gives; lists are written with commas."""
    names = ("group", "position", "contract", "rank", "salary_step", "status")
    given: dict[str, Any] = {name: data[name] for name in names}
    for name in ("subjects", "duties"):
        given[name] = [part.strip() for part in data[name].split(",") if part.strip()]
    return given


class StaffFormPage(StaffPage, EditPage):
    """A form about somebody, for whoever keeps the dossier."""

    right = "registry.edit"
    back_to = ""

    @cached_property
    def thing(self) -> Any:
        member = super().thing
        if not can_edit(self.actor, member.unit_id):
            raise Http404
        return member

    @cached_property
    def running(self) -> Any:
        """The post at the school that keeps the dossier."""
        post = self.thing.employments.filter(unit_id=self.thing.unit_id, valid_to__isnull=True).first()
        if post is None:
            raise Http404
        return post

    def success(self, result: Any) -> str:
        url = reverse("registry:staff-detail", args=[self.thing.public_id])
        return f"{url}?tab={self.back_to}" if self.back_to else url

    def cancel(self) -> str:
        return self.success(None)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            *super().breadcrumbs(),
            (self.thing, reverse("registry:staff-detail", args=[self.thing.public_id])),
        ]


class StaffEdit(StaffFormPage):
    form_class = StaffForm
    template_name = "registry/wide_form.html"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"sensitive": can_see_sensitive(self.actor, thing.unit_id)}

    def initial(self, thing: Any) -> dict[str, Any]:
        if self.request.method == "GET" and can_see_sensitive(self.actor, thing.unit_id):
            trace(self.request, thing, _t("Mở mẫu sửa hồ sơ cán bộ"))
        return {name: getattr(thing, name) for name in SHOWN} | {"seen": queries.edition_of(thing)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_staff(by=by, staff=thing, changes=data["changes"], seen=data["seen"])


class PostBegin(StaffFormPage):
    form_class = PostForm
    back_to = "posts"
    template_name = "registry/wide_form.html"

    def get_title(self) -> Any:
        return _t("Nhận công tác: %(person)s") % {"person": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.begin_employment(
            by=by, staff=thing, unit_id=thing.unit_id, post=post_of(data), valid_from=data["valid_from"]
        )


class OfRunningPost(StaffFormPage):
    """There is nothing to change or to end where no post is running."""

    def get_thing(self) -> Any:
        return self.running and self.thing


class PostChange(OfRunningPost, PostBegin):
    def get_title(self) -> Any:
        return _t("Thay đổi vị trí công tác: %(person)s") % {"person": self.thing}

    def initial(self, thing: Any) -> dict[str, Any]:
        post = self.running
        shown = {
            n: getattr(post, n) for n in ("group", "position", "contract", "rank", "salary_step", "status")
        }
        return shown | {"subjects": ", ".join(post.subjects), "duties": ", ".join(post.duties)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.change_employment(
            by=by, employment=self.running, post=post_of(data), valid_from=data["valid_from"]
        )


class PostEnd(OfRunningPost):
    form_class = EndPostForm
    back_to = "posts"
    submit_label = _("Kết thúc vị trí")

    def get_title(self) -> Any:
        return _t("Kết thúc công tác: %(person)s") % {"person": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.end_employment(by=by, employment=self.running, **data)


class TeachingAdd(StaffFormPage):
    form_class = TeachingForm
    back_to = "teaching"

    def get_title(self) -> Any:
        return _t("Phân công giảng dạy: %(person)s") % {"person": self.thing}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"classes": class_choices(self.actor, thing.unit_id)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        found = queries.classes(by, unit_id=thing.unit_id).filter(pk=data["school_class"]).first()
        if found is None:
            raise Refused(_t("Không có lớp này."), field="school_class")
        return actions.assign_teaching(by=by, staff=thing, **{**data, "school_class": found})


class TeachingEnd(StaffFormPage):
    form_class = DayForm
    back_to = "teaching"
    submit_label = _("Kết thúc phân công")

    @cached_property
    def assignment(self) -> Any:
        return get_object_or_404(self.thing.teaching, pk=self.kwargs["assignment"])

    def get_title(self) -> Any:
        return _t("Kết thúc phân công: %(thing)s") % {"thing": self.assignment}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.end_teaching(by=by, assignment=self.assignment, on=data["on"])
