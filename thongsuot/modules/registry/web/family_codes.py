"""The one-time code of a family: handed out by the school on a slip, entered by the parent or the pupil."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import FormPage

from .. import actions
from .family import is_family
from .forms.people import CodeForm, NothingForm
from .student_rights import OfAccount


class CodeHandOut(OfAccount):
    """GET asks, POST shows the slip: once, for it is kept nowhere."""

    form_class = NothingForm
    submit_label = _("Cấp mã")

    def get_title(self) -> Any:
        return _t("Cấp mã nối tài khoản: %(who)s") % {"who": self.contact or self.thing}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                code, row = actions.hand_out_code(
                    by=self.actor, student=self.thing, contact=self.contact, now=timezone.now()
                )
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.cancel())
        context = {"code": code, "row": row, "student": self.thing, "contact": self.contact}
        response = render(
            request, "registry/family_code.html", context | {"back": self.cancel()} | self.frame()
        )
        # Neither the browser nor anything on the way keeps the slip.
        response["Cache-Control"] = "no-store"
        return response


class CodeWithdraw(OfAccount):
    form_class = NothingForm
    submit_label = _("Hủy mã")
    success_message = _("Đã hủy mã. Phiếu đã in không còn dùng được.")

    def get_title(self) -> Any:
        return _t("Hủy mã nối tài khoản: %(who)s") % {"who": self.contact or self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.withdraw_code(by=by, student=thing, contact=self.contact, now=timezone.now())


class CodeEnter(FormPage):
    title = _("Nhập mã của nhà trường")
    form_class = CodeForm
    submit_label = _("Nối hồ sơ")

    def allowed(self, actor: Actor) -> bool:
        return is_family(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Hồ sơ học sinh của tôi"), reverse("registry:children"))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            with transaction.atomic():
                entry = actions.enter_code(by=self.actor, code=form.cleaned_data["code"], now=timezone.now())
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, status=422)
        if entry.student is None:
            # The try is counted and stays counted: nothing is taken back here.
            form.add_error("code", entry.said)
            return self._show(form, status=422)
        messages.success(request, _t("Đã nối hồ sơ của %(name)s.") % {"name": entry.student.full_name})
        return HttpResponseRedirect(reverse("registry:child", args=[entry.student.public_id]))
