"""Pages of pupils: the list, the dossier, its forms."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.paging import FOUND_CAP, Window
from thongsuot.kit.pages.records import Tab
from thongsuot.kit.pages.views import CreatePage, DetailPage, EditPage, Listing, ListPage, PageLink

from .. import actions, queries
from ..actions.students import STUDENT_FIELDS
from ..permissions import OWN_CLASSES, VIEW, can_edit, can_see_sensitive
from .forms.people import NewStudentForm, StudentForm
from .reading import trace, trace_list
from .tables import PersonTable, StudentFilter, StudentTable
from .units import class_choices, is_of_one_school, schools_of


def sees_pupils(actor: Actor) -> bool:
    return actor.can(VIEW) or actor.can(OWN_CLASSES)


class PeopleList(ListPage):
    """A list of people: found as everywhere, exported with sensitive columns only by whoever may see them."""

    search_hint = _("Tên, mã, ngày sinh, lớp; không cần dấu")
    sought_class: type[queries.Sought]

    @cached_property
    def sought(self) -> queries.Sought:
        return self.sought_class(self.actor, self.words)

    def all_rows(self, actor: Actor) -> QuerySet[Any]:
        raise NotImplementedError

    def query(self, actor: Actor) -> QuerySet[Any]:
        return self.sought.among(self.all_rows(actor))

    def window(self, listing: Listing) -> Window | None:
        if not self.sought.has_window or listing.sorted_by or listing.asked.filters:
            return None
        return queries.FoundRows(self.sought, self.all_rows(self.actor))

    def cap(self) -> int:
        return FOUND_CAP if self.sought.has_window else super().cap()

    def search_on(self) -> bool:
        return True

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "")

    def may_reveal(self) -> bool:
        """Over everything that the list can hold, and only in a file."""
        reach = self.actor.reach_of(VIEW)
        if not self.actor.can("registry.view_sensitive") or not self.actor.can("registry.export"):
            return False
        full = self.actor.reach_of("registry.view_sensitive")
        return full is None or (reach is not None and reach <= full)

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made: PersonTable = super().table(rows, boxes=boxes)
        made.reveals = bool(self.request.GET.get("export")) and self.may_reveal()
        made.ethnicity_names = queries.code_names("dan_toc") if made.reveals else {}
        if is_of_one_school(self.actor):
            made.columns.hide("unit")
        return made

    def exported(self, kind: str) -> None:
        said = (
            _t("Xuất danh sách: %(title)s")
            if not self.may_reveal()
            else _t("Xuất danh sách có dữ liệu nhạy cảm: %(title)s")
        )
        trace_list(self.request, said % {"title": self.get_title()})


class StudentList(PeopleList):
    title = _("Học sinh")
    table_class = StudentTable
    filterset_class = StudentFilter
    detail_url, detail_key = "registry:student-detail", "public_id"
    create_url, create_right = "registry:student-create", "registry.edit"
    create_label = _("Thêm học sinh")
    empty_text = _("Thêm từng em, hoặc nhập cả danh sách từ tệp của Bộ.")

    def allowed(self, actor: Actor) -> bool:
        return sees_pupils(actor)

    sought_class = queries.SoughtStudents

    def all_rows(self, actor: Actor) -> QuerySet[Any]:
        return queries.listed_students(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Tìm nhanh"), reverse("registry:search"), "search")]


class StudentPage:
    """What pages of one pupil share."""

    lookup = "public_id"
    actor: Actor
    thing: Any

    def allowed(self, actor: Actor) -> bool:
        return sees_pupils(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.students(actor).select_related("unit")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Học sinh"), reverse("registry:student-list"))]


class StudentDetail(StudentPage, DetailPage):
    template_name = "registry/dossier.html"

    @cached_property
    def dossier(self) -> queries.StudentDossier:
        return queries.student_dossier(self.actor, self.thing, full="full" in self.request.GET)

    @cached_property
    def may_edit(self) -> bool:
        return can_edit(self.actor, self.thing.unit_id) and not self.thing.restricted_at

    def opened(self, thing: Any) -> None:
        if self.dossier.is_full:
            trace(self.request, thing, _t("Xem đầy đủ hồ sơ học sinh"))

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        return student_facts(self.dossier)

    def tabs(self, thing: Any) -> list[Tab]:
        may_link = self.may_edit and can_see_sensitive(self.actor, thing.unit_id)
        shown = {"dossier": self.dossier, "may_edit": self.may_edit, "may_link": may_link}
        if may_link and self.request.GET.get("tab", "family") == "family":
            codes = queries.codes_waiting(self.actor, thing, timezone.now())
            contact: Any
            for contact in self.dossier.contacts:
                contact.code_waiting = codes.get(contact.pk)
            shown["own_code"] = codes.get(None)
        return [
            Tab("family", _("Gia đình"), "registry/dossier_family.html", lambda t: shown),
            Tab("path", _("Quá trình học"), "registry/dossier_path.html", lambda t: shown),
            Tab("traits", _("Chính sách, sức khỏe"), "registry/dossier_traits.html", lambda t: shown),
            Tab("history", _("Lịch sử"), "pages/detail_history.html", self._history),
        ]

    def _history(self, thing: Any) -> dict[str, Any]:
        return {"history": queries.student_history(thing, full=self.dossier.is_full)}

    def links(self, thing: Any) -> list[PageLink]:
        links = reveal_links(self.request.GET.get("tab", ""), self.dossier)
        if self.actor.can("registry.export", thing.unit_id):
            links.append(PageLink(_("Hồ sơ PDF"), self.url_of("registry:student-pdf"), "file-type-pdf"))
        if self.actor.can("registry.subject_requests", thing.unit_id):
            # A page of the portals: what it does goes through all modules.
            links.append(PageLink(_("Yêu cầu về dữ liệu"), self.url_of("subject-request-create"), "lock"))
        if self.actor.can("registry.match", thing.unit_id):
            links.append(PageLink(_("Tách hồ sơ"), self.url_of("student-split"), "git-branch"))
        if self.may_edit and can_see_sensitive(self.actor, thing.unit_id):
            links.append(
                PageLink(_("Sửa, bỏ số định danh"), self.url_of("registry:student-personal-id"), "id")
            )
        if self.may_edit:
            links.append(PageLink(_("Sửa"), self.url_of("registry:student-edit"), "pencil", "primary"))
        return links


def reveal_links(tab: str, dossier: Any) -> list[PageLink]:
    """Opens or masks the sensitive fields of the open tab."""
    if not dossier.may_open:
        return []
    if dossier.is_full:
        return [PageLink(_("Che thông tin nhạy cảm"), f"?tab={tab}", "eye-off")]
    return [PageLink(_("Hiện thông tin nhạy cảm"), f"?tab={tab}&full=1", "eye")]


def birth_words(person: Any) -> str:
    if person.birth_date is None:
        return ""
    return f"{person.birth_date:%Y}" if person.is_birth_year_only else f"{person.birth_date:%d/%m/%Y}"


def student_facts(dossier: queries.StudentDossier) -> list[tuple[Any, Any]]:
    """What the first tab says, for the school and for the family."""
    student, now = dossier.student, dossier.now
    return [
        (_("Họ và tên"), student.full_name),
        (_("Ngày sinh"), birth_words(student)),
        (_("Giới tính"), student.get_gender_display()),
        (_("Lớp"), now.class_name if now else _t("Hiện không ở lớp nào")),
        (_("Trường"), student.unit),
        (_("Số định danh cá nhân"), dossier.personal_id),
        (_("Xác thực với dân cư"), student.get_identity_status_display()),
        (_("Mã của trường"), student.local_code),
        (_("Mã định danh của Bộ"), student.ministry_code),
        (_("Mã tạm"), student.provisional_code),
        (_("Dân tộc"), dossier.ethnicity),
        (_("Tôn giáo"), dossier.religion),
        (_("Quốc tịch"), student.nationality),
        (_("Nơi sinh"), student.birth_place),
        (_("Quê quán"), student.home_town),
        (_("Thường trú"), student.residence_address),
        (_("Nơi ở hiện nay"), student.current_address),
        (_("Điện thoại"), student.phone),
        (_("Thư điện tử"), student.email),
    ]


class StudentCreate(CreatePage):
    title = _("Thêm học sinh")
    right = "registry.edit"
    form_class = NewStudentForm
    template_name = "registry/wide_form.html"
    success_url, result_key = "registry:student-detail", "public_id"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        schools = schools_of(self.actor, "registry.edit")
        classes = class_choices(self.actor, schools[0][0]) if len(schools) == 1 else []
        return {
            "actor": self.actor,
            "classes": classes,
            "sensitive": self.actor.can("registry.view_sensitive"),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        facts = {
            name: value for name, value in data.items() if name in STUDENT_FIELDS and value not in ("", None)
        }
        made = actions.create_student(by=by, unit_id=data["unit"], facts=facts)
        if data.get("school_class"):
            chosen = queries.classes(by).get(pk=data["school_class"])
            actions.enrol(
                by=by, student=made, school_class=chosen, on=data["entered_on"] or chosen.valid_from
            )
        return made

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Học sinh"), reverse("registry:student-list"))]


class StudentFormPage(StudentPage, EditPage):
    """A form about one pupil, for whoever keeps the dossier."""

    right = "registry.edit"
    success_url = "registry:student-detail"
    back_to = ""

    @cached_property
    def thing(self) -> Any:
        student = super().thing
        if not can_edit(self.actor, student.unit_id):
            raise Http404
        return student

    def success(self, result: Any) -> str:
        url = reverse("registry:student-detail", args=[self.thing.public_id])
        return f"{url}?tab={self.back_to}" if self.back_to else url

    def cancel(self) -> str:
        return self.success(None)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            *super().breadcrumbs(),
            (self.thing, reverse("registry:student-detail", args=[self.thing.public_id])),
        ]


SHOWN = STUDENT_FIELDS - {"personal_id"}


class StudentEdit(StudentFormPage):
    form_class = StudentForm
    template_name = "registry/wide_form.html"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"sensitive": can_see_sensitive(self.actor, thing.unit_id)}

    def initial(self, thing: Any) -> dict[str, Any]:
        if self.request.method == "GET" and can_see_sensitive(self.actor, thing.unit_id):
            trace(self.request, thing, _t("Mở mẫu sửa hồ sơ học sinh"))
        return {name: getattr(thing, name) for name in SHOWN} | {"seen": queries.edition_of(thing)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_student(by=by, student=thing, changes=data["changes"], seen=data["seen"])
