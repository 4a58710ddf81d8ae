"""Signing a list: it is shown whole, one authorisation covers it, and then it is watched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries, tasks
from ..types import SignerRole
from .school import SchoolPage
from .words import ROLE_ACTS


class SignPage(SchoolPage):
    """GET: exactly what is to be signed. POST: the list of keys that was shown, authorised."""

    template_name = "transcripts/sign.html"

    def role(self) -> SignerRole:
        try:
            return SignerRole(self.kwargs["role"])
        except ValueError as error:
            raise Http404 from error

    def get_title(self) -> Any:
        return ROLE_ACTS.get(self.role(), "")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def _class_id(self) -> int | None:
        asked = self.request.GET.get("lop", "") or self.request.POST.get("lop", "")
        return int(asked) if asked.isdecimal() else None

    def _rows(self) -> list[Any]:
        role = self.role()
        if (
            self.unit is None
            or role == SignerRole.SUBJECT
            or role not in queries.roles_of(self.actor, self.unit.pk)
        ):
            raise Http404
        return queries.signable(self.actor, role, school_class_id=self._class_id(), unit_id=self.unit.pk)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(self._rows())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self._rows()
        shown = {int(one) for one in request.POST.getlist("ban") if one.isdecimal()}
        chosen = [row.pk for row in rows if row.pk in shown]
        if not chosen or len(chosen) != len(shown):
            messages.warning(request, _t("Danh sách đã thay đổi. Hãy xem lại rồi ký."))
            return self._show(self._rows(), status=409)
        try:
            with transaction.atomic():
                session = actions.open_session(
                    by=self.actor, role=self.role(), transcript_ids=chosen, now=timezone.now()
                )
                tasks.start_signing(by=self.actor, session=session)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return self._show(rows, status=422)
        return HttpResponseRedirect(reverse("transcripts:session", args=[session.public_id]))

    def _show(self, rows: list[Any], status: int = 200) -> HttpResponse:
        by_class: dict[int, list[Any]] = {}
        for row in rows:
            by_class.setdefault(row.school_class_id, []).append(row)
        groups = [(group[0].school_class, group) for group in by_class.values()]
        context = {
            **self.frame(),
            "groups": groups,
            "count": len(rows),
            "class_id": self._class_id() or "",
            "role": self.role(),
        }
        return render(self.request, self.template_name, {**context, "unit": self.unit}, status=status)


class SessionPage(ActorPage):
    """How far a list has come; asks again by itself while it runs."""

    template_name = "transcripts/session.html"

    def allowed(self, actor: Any) -> bool:
        return actor.is_authenticated

    def get_title(self) -> Any:
        return _t("Lần ký học bạ")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        session = queries.session(self.actor, kwargs["public_id"])
        if session is None:
            raise Http404
        context = {**self.frame(), "session": session, "signed": session.signatures.count()}
        part = request.htmx  # type: ignore[attr-defined]
        name = "transcripts/_session.html" if part else self.template_name
        return render(request, name, context)
