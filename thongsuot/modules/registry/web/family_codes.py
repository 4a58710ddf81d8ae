"""The one-time code of a family: handed out by the school on a slip, entered by the parent or the pupil."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import FormPage

from .. import actions
from .family import is_family
from .forms.people import CodeForm, FirstVisitForm, NothingForm
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
        for key, name in (("first_visit", "family-first-visit"), ("enter", "family-code-enter")):
            context[key] = request.build_absolute_uri(reverse(f"registry:{name}")).partition("://")[2]
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
        """Whoever is signed in: a teacher may be a parent too, and becomes one by the slip."""
        return actor.user_id is not None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        if not is_family(self.actor):
            return []
        return [(_("Hồ sơ học sinh của tôi"), reverse("registry:children"))]

    def cancel(self) -> str:
        return reverse("registry:children") if is_family(self.actor) else reverse("home")

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


@method_decorator(login_not_required, name="dispatch")
class FirstVisit(View):
    """Parents and pupils without an account: the slip of the school opens one. How often an address may try is limited by
    ACCOUNT_RATE_LIMITS["family_code"], kept by allauth.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("registry:family-code-enter"))
        return self._show(request, FirstVisitForm())

    @method_decorator(sensitive_post_parameters("code", "password", "again"))
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not ratelimit.consume(request, action="family_code"):
            return ratelimit.respond_429(request)
        form = FirstVisitForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        said = form.cleaned_data
        try:
            entry = actions.open_account_with_code(
                by=request.actor,  # type: ignore[attr-defined]
                code=said["code"],
                username=said["username"],
                password=said["password"],
                now=timezone.now(),
            )
        except Refused as error:
            refuse(form, error)
            return self._show(request, form, status=422)
        if entry.student is None:
            form.add_error("code", entry.said)
            return self._show(request, form, status=422)
        messages.success(
            request,
            _t("Đã mở tài khoản và nối hồ sơ của %(name)s. Hãy đăng nhập.")
            % {"name": entry.student.full_name},
        )
        return HttpResponseRedirect(reverse("account_login"))

    def _show(self, request: HttpRequest, form: FirstVisitForm, status: int = 200) -> HttpResponseBase:
        return render(request, "registry/first_visit.html", {"form": form}, status=status)
