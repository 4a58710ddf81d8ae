import contextlib
import logging

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import path

from thongsuot.config.urls import handler500 as handler500

pytestmark = pytest.mark.django_db


def cut(request: HttpRequest) -> None:
    """The server ends the session in the middle of a page, as when it goes down."""
    own = connection.copy()
    with contextlib.closing(own), own.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


def slow(request: HttpRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 50; select pg_sleep(5)")


def absent(request: HttpRequest) -> None:
    raise OperationalError("connection refused")


def broken(request: HttpRequest) -> None:
    raise ZeroDivisionError


urlpatterns = [path(f"{view.__name__}/", view) for view in (cut, slow, absent, broken)]


@pytest.fixture
def ask(caplog):
    caplog.set_level(logging.CRITICAL)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize("name", ["cut", "absent"])
def test_while_the_database_is_away_a_page_asks_again_and_a_form_does_not(ask, name):
    page = ask.get(f"/{name}/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    text = page.content.decode()
    assert 'http-equiv="refresh" content="5"' in text
    assert "chưa được lưu" not in text
    sent = ask.post(f"/{name}/")
    assert sent.status_code == 503
    assert "refresh" not in sent.content.decode()
    assert "Chưa rõ việc vừa gửi đã được lưu hay chưa" in sent.content.decode()


@pytest.mark.parametrize("name", ["slow", "broken"])
def test_other_errors_say_that_nothing_was_saved(ask, name):
    page = ask.get(f"/{name}/")
    assert page.status_code == 500
    assert "Việc vừa làm chưa được lưu." in page.content.decode()
