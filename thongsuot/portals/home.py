"""The first page after signing in: each audience comes in by its own door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals.blocks import HomePage
from thongsuot.portals.commune import home as commune
from thongsuot.portals.department import home as department
from thongsuot.portals.family import home as family
from thongsuot.portals.school import home as school

Door = Callable[[Actor, Holding, datetime], HomePage]
FAMILY_ROLES = ("parent", "pupil")
DOORS: dict[str, Door] = {
    "department": department.page,
    "department_office": department.page,
    "commune": commune.page,
    "commune_office": commune.page,
    "school": school.page,
}


def home(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    holding = actor.acting
    if holding is None:
        page = HomePage(
            subtitle="",
            hint=_("Tài khoản chưa được phân công ở đơn vị nào. Hãy liên hệ người quản trị của đơn vị."),
            shows_work=False,
        )
    else:
        door = family.page if holding.role in FAMILY_ROLES else DOORS.get(holding.unit_kind, department.page)
        page = door(actor, holding, timezone.localtime())
    return render(request, "portals/home.html", {"page": page})
