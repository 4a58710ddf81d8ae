"""The auditor's one page: every role and its rights."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.views import ActorPage

from .. import queries


class RolesPage(ActorPage):
    title = _("Vai trò và quyền")
    right = "organization.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "organization/roles.html", {"roles": queries.role_lines(), **self.frame()})
