"""An account that signs in, a person who manages accounts, and codes of an authenticator app."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache

from tests.factories.organization import make_appointment, make_unit
from tests.kit.people import actor_of
from thongsuot.kit.accounts.models import User

PASSWORD = "ThongSuot@2026"
SIGN_IN = "/tai-khoan/login/"


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Limits by address are counted in memory across tests.
    cache.clear()


@pytest.fixture
def an(db):
    return User.objects.create_user("an.nguyen", PASSWORD, full_name="Nguyễn Văn An", email="an@example.vn")


@pytest.fixture
def manager(db):
    """Somebody with the right accounts.manage, with an account that signs in."""
    user = User.objects.create_user("quan.tri", PASSWORD, full_name="Lê Thị Quản")
    make_appointment(user, "system_administrator", make_unit("department"))
    return user


@pytest.fixture
def managing(manager):
    """The same person as an actor."""
    return actor_of(manager, "accounts.manage", reach=None)


@pytest.fixture
def sign_in(client):
    def go(username, password=PASSWORD):
        return client.post(SIGN_IN, {"login": username, "password": password})

    return go


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
