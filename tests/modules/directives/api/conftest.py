"""Calls as programs make them: with a key of somebody who holds a role, and with nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_user
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken
from thongsuot.modules.organization.domain.roles import ROLES

BASE = "/api/v1"


class Caller:
    """A program that shows a key."""

    def __init__(self, user, scopes):
        secret, prefix, digest = keys.new_key()
        expires_at = timezone.now() + timedelta(days=1)
        ApiToken.objects.create(
            user=user, name="Phần mềm thử", prefix=prefix, digest=digest, scopes=scopes, expires_at=expires_at
        )
        self.user = user
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path, **query):
        return self.client.get(BASE + path, query)

    def post(self, path, data=None):
        return self.client.post(BASE + path, json.dumps(data or {}), content_type="application/json")

    def patch(self, path, data):
        return self.client.patch(BASE + path, json.dumps(data), content_type="application/json")

    def send(self, path, **form):
        """As multipart/form-data, with or without a file."""
        return self.client.post(BASE + path, form)

    def items(self, path, **query):
        response = self.get(path, **query)
        assert response.status_code == 200, response.content.decode()
        return response.json()["items"]


@pytest.fixture(autouse=True)
def _many_calls(settings):
    settings.API_CALLS_PER_MINUTE = 10_000


@pytest.fixture
def place(db):
    return make_province()


@pytest.fixture
def call(place):
    """call("principal", "school_a1"): a key with every right of the role; `scopes` for fewer."""
    known = {}

    def caller(role, unit, scopes=None):
        key = (role, unit, tuple(scopes or ()))
        if key not in known:
            user = make_user()
            make_appointment(user, role, getattr(place, unit))
            known[key] = Caller(user, sorted(ROLES[role].rights) if scopes is None else list(scopes))
        return known[key]

    return caller


@pytest.fixture
def leader(call):
    return call("department_leader", "department")


@pytest.fixture
def officer(call):
    return call("department_officer", "office")


@pytest.fixture
def commune(call):
    return call("commune_officer", "commune_a_office")


@pytest.fixture
def principal(call):
    return call("principal", "school_a1")


@pytest.fixture
def stranger(call):
    """A principal of another commune: nothing of commune A is theirs to see."""
    return call("principal", "school_b1")
