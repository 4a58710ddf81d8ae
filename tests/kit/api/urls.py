"""A small API over people, to try what every API has; and the pages of the room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import OperationalError
from django.http import Http404
from django.urls import path
from ninja import Router, Schema, Status

from thongsuot.config.urls import urlpatterns as real
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.api.factory import make_api
from thongsuot.kit.api.paging import paged

router = Router(tags=["Thử"])


class PersonIn(Schema):
    full_name: str
    born_on: date


class PersonOut(Schema):
    full_name: str


@router.get("/people", response=list[PersonOut])
@paged
def people(request, q: str = "") -> Any:
    return User.objects.filter(full_name__contains=q).order_by("full_name", "pk")


@router.post("/people", response={201: PersonOut})
def add(request, data: PersonIn) -> Any:
    return Status(201, User.objects.create(username=data.full_name, full_name=data.full_name))


@router.get("/refused/{how}")
def refused(request, how: str) -> Any:
    User.objects.create(username=how, full_name=how)
    errors = {
        "rule": Refused("Đã khoá sổ."),
        "right": NotAllowed("Không có quyền."),
        "none": Http404("secret reason"),
        "fault": ZeroDivisionError("secret reason"),
        "away": OperationalError("connection refused"),
    }
    raise errors[how]


@router.get("/acting")
def acting(request) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.units'), current_setting('app.user')")
        role, units, user = cursor.fetchone()
    return {"role": role, "units": units, "user": user}


api = make_api(namespace="api-tests")
api.add_router("", router)
urlpatterns = [path("api/tests/", api.urls), *real]
