"""Somebody's browser: signed_in(actor) gives a client of that person."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def signed_in(db, settings):
    settings.MFA_REQUIRED = "none"

    def of(actor):
        client = Client()
        client.force_login(get_user_model().objects.get(pk=actor.user_id))
        return client

    return of
