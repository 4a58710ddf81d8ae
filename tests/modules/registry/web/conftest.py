"""A small province with pupils, and browsers of its people."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.factories.organization import make_actor, make_province, make_school_year
from tests.factories.registry import make_class, make_student, personal_id_of

BORN = date(2020, 3, 8)
NAMES = ("Nguyễn Thị An", "Trần Thị Bình", "Lê Thị Chi")


@pytest.fixture
def province(db):
    found = make_province()
    found.year = make_school_year()
    found.school_class = make_class(found.school_a1, found.year, "1A")
    found.pupils = [
        make_student(
            found.school_a1,
            name,
            birth_date=BORN,
            personal_id=personal_id_of(BORN, "female", tail=number),
            school_class=found.school_class,
        )
        for number, name in enumerate(NAMES, start=1)
    ]
    return found


@pytest.fixture
def browse(province):
    def signed_in(role: str, unit: str) -> Client:
        key = (role, unit)
        if key not in province.actors:
            province.actors[key] = make_actor(role, getattr(province, unit), today=timezone.localdate())
        client = Client(raise_request_exception=True)
        client.force_login(get_user_model().objects.get(pk=province.actors[key].user_id))
        return client

    return signed_in


@pytest.fixture
def office(browse):
    return browse("school_office", "school_a1")
