"""Under /api/ whatever goes wrong is told as a problem (RFC 9457); elsewhere as a page."""

import contextlib
import json
import logging

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import path

from thongsuot.config.urls import handler400 as handler400
from thongsuot.config.urls import handler500 as handler500
from thongsuot.modules.registry.api.oneroster_faults import status_info

pytestmark = pytest.mark.django_db


def away(request: HttpRequest) -> None:
    """The server ends the session in the middle, as when it goes down."""
    own = connection.copy()
    with contextlib.closing(own), own.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


def broken(request: HttpRequest) -> None:
    raise ZeroDivisionError("secret reason")


def odd(request: HttpRequest) -> None:
    raise SuspiciousOperation("secret reason")


VIEWS = (away, broken, odd)
PLACES = ("", "api/v1/", "api/ims/oneroster/")
urlpatterns = [path(f"{place}{view.__name__}", view) for place in PLACES for view in VIEWS]


@pytest.fixture
def ask(caplog):
    caplog.set_level(logging.CRITICAL)

    def sent(address):
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
            return Client(raise_request_exception=False).get(address)

    return sent


@pytest.mark.parametrize(
    ("name", "status", "title", "code"),
    [
        ("away", 503, "Tạm thời chưa phục vụ được", "database_away"),
        ("broken", 500, "Lỗi máy chủ", None),
        ("odd", 400, "Yêu cầu không đúng", None),
    ],
)
def test_programs_get_a_problem_and_people_a_page(ask, name, status, title, code):
    answer = ask(f"/api/v1/{name}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said = json.loads(answer.content)
    assert (said["title"], said["status"], said.get("code")) == (title, status, code)
    assert answer.get("Retry-After") == ("5" if status == 503 else None)
    assert "secret" not in answer.content.decode()
    if status == 400:
        # That page is made with what the middleware gives.
        return
    page = ask(f"/{name}")
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")


def test_a_standard_keeps_its_own_words(ask):
    answer = ask("/api/ims/oneroster/away")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert json.loads(answer.content) == json.loads(status_info(503).content)


def test_words_of_the_framework_become_a_problem(client):
    """Addresses that are none, methods that are not allowed: over the real middleware."""
    client.raise_request_exception = False
    for method, address, status in (
        ("get", "/api/v1/khong-co", 401),
        ("get", "/api/ky-tai-ban/nhan", 405),
    ):
        answer = getattr(client, method)(address)
        assert answer.status_code == status, address
        assert answer["Content-Type"] == "application/problem+json", address
    assert answer["Allow"] == "POST"
