"""The administrators' pages of one account; their list stands in the portals."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from thongsuot.kit.accounts import actions, queries
from thongsuot.kit.accounts.forms import NewAccountForm
from thongsuot.kit.accounts.types import Refused

# Name of the button -> action, and what is said when it is done.
PLAIN_ACTIONS = {
    "unlock": (actions.unlock, _("Đã mở khoá đăng nhập.")),
    "disable": (actions.disable, _("Đã khoá tài khoản.")),
    "enable": (actions.enable, _("Đã mở lại tài khoản.")),
    "remove-second-factor": (actions.remove_second_factor, _("Đã gỡ xác thực hai lớp.")),
}


@never_cache
def create(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(actions.RIGHT):
        raise Http404
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handed = actions.create_account(by=actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return render(request, "accounts/handed.html", {"handed": handed})
    return render(request, "accounts/create.html", {"form": form})


def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = queries.account(request.actor, public_id)  # type: ignore[attr-defined]
    return render(
        request, "accounts/detail.html", {"account": account, "safety": queries.own_security(account)}
    )


@require_POST
@never_cache
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of the buttons of an account's page; a new one-time password is shown in the answer, once."""
    actor = request.actor  # type: ignore[attr-defined]
    account = queries.account(actor, public_id)
    wanted = request.POST.get("action", "")
    try:
        if wanted == "reset-password":
            handed = actions.reset_password(by=actor, account=account)
            return render(request, "accounts/handed.html", {"handed": handed})
        if wanted not in PLAIN_ACTIONS:
            raise Http404
        action, said = PLAIN_ACTIONS[wanted]
        action(by=actor, account=account)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("accounts:detail", public_id=account.public_id)
