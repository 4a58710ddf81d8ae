"""Fixtures of tests in a real browser: `page` (Debian's Chromium), `sign_in`, `axe`, `look`, `work_off`.

`page` comes from pytest-playwright. Every page is watched: an error in the console (a breach of the
Content-Security-Policy is one) fails the test at its end, unless the test says `console.clear()`.
"""

import asyncio
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import expect

from thongsuot.kit.jobs.management.commands.worker import run_worker

# live_server and Playwright's loop live in one thread; Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_configure(config):
    # A busy machine with two tests at once may take its time; what never comes still fails.
    expect.set_options(timeout=15_000)
    # pytest-base-url, which pytest-playwright brings, defines its fixture in a way that pytest 10 will drop.
    config.addinivalue_line(
        "filterwarnings", "ignore:Session-scoped fixtures defined as instance methods:DeprecationWarning"
    )


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("No browser here: apt-get install -y chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def console(page):
    """What the console said in red; empty at the end of a good test."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def sign_in(page, live_server, console):
    """sign_in(user, path="/"): the browser of `page` is that user from now on, and opens `path`."""

    def go(user, path="/"):
        client = Client()
        client.force_login(user)
        value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )
        if path:
            page.goto(live_server.url + path)
        return page

    return go


@pytest.fixture
def axe():
    """axe(page): fails with what axe-core (WCAG 2.2 AA and its best practices) finds wrong on the page."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("axe is not installed: pip install -r requirements/dev.txt")
    from axe_playwright_python.sync_playwright import Axe

    def check(page):
        # preload: axe would fetch style sheets by itself, which the page's policy rightly refuses.
        found = Axe().run(page, options={"preload": False, "runOnly": AXE_RULES}).response["violations"]
        wrong = [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
        assert wrong == [], "\n".join(wrong)

    return check


@pytest.fixture
def fits():
    """fits(page): the page, once it is there, does not scroll sideways."""

    def check(page):
        page.wait_for_function(FITS, timeout=10_000)

    return check


# Asked until it holds: a click returns before the next page stands, and there may be no document at all for a moment.
FITS = """() => document.readyState === "complete"
    && document.documentElement.scrollWidth <= document.documentElement.clientWidth"""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def look(fits):
    """look(page, name): the page fits a wide screen and a phone. TS_SCREENSHOTS=folder keeps a picture of each."""
    folder = os.environ.get("TS_SCREENSHOTS")

    def at_both_widths(page, name):
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            fits(page)
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)

    return at_both_widths


@pytest.fixture
def work_off(live_server, monkeypatch):
    """work_off(): a real worker does all jobs that wait, and goes home."""
    # A kept connection would outlive its thread.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)

    def work():
        asyncio.run(run_worker(wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False))

    def in_a_thread():
        # Playwright's loop runs in this one.
        with ThreadPoolExecutor(1) as threads:
            threads.submit(work).result()
            threads.submit(connections.close_all).result()

    yield in_a_thread
    # Not models of ours: the flush between tests leaves them.
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_periodic_defers; delete from procrastinate_jobs")
        cursor.execute("delete from procrastinate_workers")
