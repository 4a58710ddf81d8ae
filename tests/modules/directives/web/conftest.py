"""A small province, and browsers of its people."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.factories.organization import make_actor, make_province


@pytest.fixture
def province(db):
    return make_province()


@pytest.fixture
def browse(province):
    """browse("principal", "school_a1") -> a client signed in as somebody with that role there."""

    def signed_in(role: str, unit: str) -> Client:
        key = (role, unit)
        if key not in province.actors:
            province.actors[key] = make_actor(role, getattr(province, unit), today=timezone.localdate())
        client = Client(raise_request_exception=True)
        client.force_login(get_user_model().objects.get(pk=province.actors[key].user_id))
        return client

    return signed_in


@pytest.fixture
def officer(browse):
    return browse("department_officer", "office")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def messages_of(response) -> list[str]:
    """What the page that was redirected to says."""
    return [str(message) for message in response.context["messages"]]
