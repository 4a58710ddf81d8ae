"""A person's own account: language, role, security."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from thongsuot.kit.accounts.policy import owes_second_factor
from thongsuot.kit.accounts.queries import own_security

# The language of the sign-in page is chosen before anybody is known.
language = login_not_required(set_language)


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Work through another of one's appointments; the choice lives in the session."""
    actor = request.actor  # type: ignore[attr-defined]
    chosen = request.POST.get("holding", "")
    if not chosen.isdecimal() or int(chosen) >= len(actor.holdings):
        raise Http404
    request.session["acting_index"] = int(chosen)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "home")


def security(request: HttpRequest) -> HttpResponse:
    context = {"safety": own_security(request.user), "owes_second_factor": owes_second_factor(request)}  # type: ignore[arg-type]
    return render(request, "accounts/security.html", context)
