"""Steps that need the right to read a dossier in full: the personal id set right, accounts of the family."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor

from .. import actions
from ..permissions import can_see_sensitive
from ..queries.dossier import shown_personal_id
from .forms.people import AccountForm, PersonalIdForm, ReasonForm
from .students import StudentFormPage


class SensitiveStep(StudentFormPage):
    @cached_property
    def thing(self) -> Any:
        student = super().thing
        if not can_see_sensitive(self.actor, student.unit_id):
            raise Http404
        return student


class PersonalId(SensitiveStep):
    form_class = PersonalIdForm
    submit_label = _("Lưu số định danh")
    success_message = _("Đã lưu. Hồ sơ cần được gửi xác thực lại với dân cư.")

    def get_title(self) -> Any:
        return _t("Sửa, bỏ số định danh: %(student)s") % {"student": self.thing}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"now": shown_personal_id(thing, full=False)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.correct_personal_id(by=by, student=thing, **data)


class OfAccount(SensitiveStep):
    """Of a parent (an address with a contact) or of the pupil."""

    back_to = "family"

    @cached_property
    def contact(self) -> Any:
        key = self.kwargs.get("contact")
        return get_object_or_404(self.thing.contacts, pk=key) if key else None


class AccountLink(OfAccount):
    form_class = AccountForm
    submit_label = _("Nối tài khoản")
    success_message = _(
        "Đã nối tài khoản. Người này xem được hồ sơ của em ở mục Hồ sơ của con, Hồ sơ của tôi."
    )

    def get_title(self) -> Any:
        return _t("Nối tài khoản: %(who)s") % {"who": self.contact or self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.link_account(by=by, student=thing, contact=self.contact, **data)


class AccountUnlink(OfAccount):
    form_class = ReasonForm
    submit_label = _("Gỡ tài khoản")
    success_message = _("Đã gỡ. Tài khoản này không còn xem được hồ sơ của em.")

    def get_title(self) -> Any:
        return _t("Gỡ tài khoản: %(who)s") % {"who": self.contact or self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.unlink_account(by=by, student=thing, contact=self.contact, **data)
