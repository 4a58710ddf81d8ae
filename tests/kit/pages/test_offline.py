"""The service worker's script, the page without a line, the manifest of the home screen."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory

from thongsuot.kit.pages.offline import KEEP_FOR, build, keep_on_device

pytestmark = pytest.mark.django_db


def test_the_worker_looks_after_every_page(client):
    answer = client.get("/trang/may-phu.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    first, rest = answer.content.decode().split("\n", 1)
    said = json.loads(first.removeprefix("const SETTINGS = "))
    assert said["build"] == build()
    assert client.get(said["offline"]).status_code == 200
    assert said["keptFor"] <= 12 * 3600
    assert rest.startswith("/*")


def test_the_page_without_a_line_knows_nobody(client):
    page = client.get("/trang/ngoai-tuyen/").content.decode()
    assert "data-account" not in page
    # Shown offline to whoever is signed in: it must not have the copies forgotten.
    assert "data-signed-out" not in page
    assert "data-signed-out" in client.get("/tai-khoan/login/").content.decode()


def test_every_icon_of_the_manifest_is_there(client):
    said = client.get("/trang/ung-dung.webmanifest").json()
    assert said["scope"] == said["start_url"] == "/"
    assert {one["purpose"] for one in said["icons"]} == {"any", "maskable"}
    assert all(finders.find(one["src"].removeprefix("/static/")) for one in said["icons"])


@pytest.mark.parametrize(
    ("signed_in", "status", "kept"), [(True, 200, True), (True, 422, False), (False, 200, False)]
)
def test_only_a_good_page_of_somebody_is_kept(signed_in, status, kept):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    if signed_in:
        request.user = type("Somebody", (), {"is_authenticated": True, "pk": 7})()
    response = keep_on_device(request, HttpResponse(status=status))
    assert response.get(KEEP_FOR) == ("7" if kept else None)
