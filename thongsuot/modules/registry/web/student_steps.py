"""What is done with a pupil: classes, guardians, facts that hold for a time."""

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
from thongsuot.kit.pages.views import DeletePage

from .. import actions, queries
from ..permissions import can_edit, can_see_sensitive
from .forms.fields import DayForm
from .forms.people import CharacteristicForm, ClassForm, ContactForm, LeaveForm, ReasonForm
from .students import StudentFormPage, StudentPage
from .units import class_choices


class ClassStep(StudentFormPage):
    """Into a class of the school, from a day on."""

    form_class = ClassForm
    back_to = "path"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"classes": class_choices(self.actor, thing.unit_id)}

    def chosen(self, data: dict[str, Any]) -> Any:
        found = (
            queries.classes(self.actor, unit_id=self.thing.unit_id).filter(pk=data["school_class"]).first()
        )
        if found is None:
            raise Refused(_t("Không có lớp này."), field="school_class")
        return found


class Enrol(ClassStep):
    submit_label = _("Xếp lớp")

    def get_title(self) -> Any:
        return _t("Xếp lớp: %(student)s") % {"student": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.enrol(by=by, student=thing, school_class=self.chosen(data), on=data["on"])


class MoveClass(ClassStep):
    submit_label = _("Chuyển lớp")

    def get_title(self) -> Any:
        return _t("Chuyển lớp: %(student)s") % {"student": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.move_class(by=by, student=thing, to_class=self.chosen(data), on=data["on"])


class ReturnToSchool(ClassStep):
    submit_label = _("Nhận học lại")

    def get_title(self) -> Any:
        return _t("Học lại: %(student)s") % {"student": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.return_to_school(by=by, student=thing, school_class=self.chosen(data), on=data["on"])


class Leave(StudentFormPage):
    form_class = LeaveForm
    back_to = "path"
    submit_label = _("Cho thôi học")

    def get_title(self) -> Any:
        return _t("Thôi học: %(student)s") % {"student": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.leave(by=by, student=thing, **data)


class Withdraw(StudentFormPage):
    form_class = ReasonForm
    back_to = "path"
    submit_label = _("Hủy mục ghi nhầm")

    @cached_property
    def spell(self) -> Any:
        return get_object_or_404(queries.enrolments(self.actor), student=self.thing, pk=self.kwargs["spell"])

    def get_title(self) -> Any:
        return _t("Hủy mục ghi nhầm: %(spell)s") % {"spell": self.spell}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.withdraw(by=by, enrolment=self.spell, reason=data["reason"])


class ContactAdd(StudentFormPage):
    form_class = ContactForm
    back_to = "family"

    def get_title(self) -> Any:
        return _t("Thêm cha mẹ, người giám hộ: %(student)s") % {"student": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.save_contact(by=by, student=thing, facts=data["changes"])


class ContactEdit(ContactAdd):
    @cached_property
    def contact(self) -> Any:
        return get_object_or_404(self.thing.contacts, pk=self.kwargs["contact"])

    def get_title(self) -> Any:
        return _t("Sửa: %(thing)s") % {"thing": self.contact}

    def initial(self, thing: Any) -> dict[str, Any]:
        names = ("relation", "full_name", "birth_year", "occupation", "phone", "email")
        shown = {name: getattr(self.contact, name) for name in names}
        return shown | {"seen": queries.edition_of(self.contact)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.save_contact(
            by=by, student=thing, contact=self.contact, facts=data["changes"], seen=data["seen"]
        )


class ContactRemove(StudentPage, DeletePage):
    right = "registry.edit"

    def allowed(self, actor: Actor) -> bool:
        return actor.can(self.right)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.students(actor).select_related("unit")

    @cached_property
    def contact(self) -> Any:
        if not can_edit(self.actor, self.thing.unit_id):
            raise Http404
        return get_object_or_404(self.thing.contacts, pk=self.kwargs["contact"])

    def get_title(self) -> Any:
        return _t("Xóa: %(thing)s") % {"thing": self.contact}

    def act(self, by: Actor, thing: Any) -> Any:
        actions.remove_contact(by=by, contact=self.contact)

    def success(self) -> str:
        return reverse("registry:student-detail", args=[self.thing.public_id]) + "?tab=family"


class CharacteristicAdd(StudentFormPage):
    form_class = CharacteristicForm
    back_to = "traits"

    def get_title(self) -> Any:
        return _t("Thêm chính sách, sức khỏe: %(student)s") % {"student": self.thing}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"sensitive": can_see_sensitive(self.actor, thing.unit_id)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        kind = data["kind"]
        code = data.get(kind, "") if kind in ("policy", "poverty", "disability") else ""
        return actions.set_characteristic(
            by=by, student=thing, kind=kind, code=code, valid_from=data["valid_from"], note=data["note"]
        )


class CharacteristicClose(StudentFormPage):
    form_class = DayForm
    back_to = "traits"
    submit_label = _("Kết thúc")

    @cached_property
    def characteristic(self) -> Any:
        return get_object_or_404(self.thing.characteristics, pk=self.kwargs["characteristic"])

    def get_title(self) -> Any:
        return _t("Kết thúc: %(thing)s") % {"thing": self.characteristic}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.close_characteristic(by=by, characteristic=self.characteristic, on=data["on"])
