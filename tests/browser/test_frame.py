"""The frame, the components and the pages of sign-in, in light and dark, wide and narrow."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.organization import make_appointment, make_unit
from thongsuot.kit.accounts.models import User

PASSWORD = "ThongSuot@2026"
GALLERY = "/trang/thanh-phan/"
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]

ACCOUNT_PAGES = (
    "bao-mat/",
    "quan-ly/",
    "quan-ly/them/",
    "hai-lop/",
    "phien/",
    "password/change/",
    "email/",
    "logout/",
    "reauthenticate/",
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(live_server):
    user = User.objects.create_user("quan.tri", PASSWORD, full_name="Lê Thị Quản")
    office = make_unit("department", "Sở Giáo dục và Đào tạo")
    for role in ("system_administrator", "department_leader"):
        make_appointment(user, role, office)
    return user


@pytest.fixture
def shown(settings):
    settings.DEMO = True


def look(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)


def test_components_are_accessible(page, sign_in, manager, shown, axe, fits):
    sign_in(manager, GALLERY)
    expect(page.locator("[data-chart] canvas")).to_have_count(2)
    for scheme, width in LOOKS:
        look(page, scheme, width)
        axe(page)
        fits(page)
    # A page weighs less than 100 KB once the files of the frame are in the browser's cache.
    assert len(page.request.get(page.url).body()) < 100_000


def test_sign_in_page_is_accessible(page, live_server, console, axe, fits):
    page.goto(f"{live_server.url}/tai-khoan/login/")
    for scheme, width in LOOKS:
        look(page, scheme, width)
        axe(page)
        fits(page)


def test_account_pages_are_accessible(page, live_server, sign_in, manager, axe, fits):
    sign_in(manager)
    for path in ACCOUNT_PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/tai-khoan/{path}")
        axe(page)
        page.set_viewport_size({"width": 390, "height": 844})
        fits(page)


def test_keyboard(page, sign_in, manager, shown):
    sign_in(manager, GALLERY)
    page.keyboard.press("Tab")
    expect(page.locator(".ts-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Shift+?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-search-box]")).to_be_focused()


def test_theme_stays(page, sign_in, manager, shown):
    sign_in(manager, GALLERY)
    page.get_by_role("button", name="Giao diện sáng hoặc tối").click()
    page.get_by_role("button", name="Tối", exact=True).click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_confirmation_can_be_declined(page, sign_in, manager):
    other = User.objects.create_user("an.nguyen", PASSWORD, full_name="Nguyễn Văn An")
    sign_in(manager, f"/tai-khoan/quan-ly/{other.public_id}/")
    page.get_by_role("button", name="Khoá tài khoản").click()
    page.get_by_role("button", name="Thôi").click()
    other.refresh_from_db()
    assert other.is_active
    page.get_by_role("button", name="Khoá tài khoản").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("Đã khoá tài khoản.")).to_be_visible()
    other.refresh_from_db()
    assert not other.is_active


def test_another_role_and_another_language(page, sign_in, manager):
    sign_in(manager)
    page.get_by_role("button", name="Menu tài khoản").click()
    page.get_by_role("button", name="Lãnh đạo Sở").click()
    expect(page.locator(".ts-account-role")).to_contain_text("Lãnh đạo Sở")
    page.get_by_role("button", name="Switch to English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_passkey(page, live_server, manager, console):
    """A passkey is made, the person signs out, and comes in again with the passkey alone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    base = live_server.url
    page.goto(f"{base}/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("quan.tri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("button", name="Menu tài khoản")).to_be_visible()
    page.goto(f"{base}/tai-khoan/hai-lop/webauthn/add/")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Đăng nhập không cần mật khẩu").check()
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page).not_to_have_url(re.compile("webauthn/add"))
    expect(page).to_have_url(re.compile("recovery-codes|webauthn"))
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{base}/tai-khoan/logout/")
    page.locator("main").get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Menu tài khoản")).to_have_count(0)
    page.goto(f"{base}/tai-khoan/login/")
    page.get_by_role("button", name="passkey").click()
    expect(page.get_by_role("button", name="Menu tài khoản")).to_be_visible()


def test_polls_of_a_page_wait_quietly_for_a_database_that_starts_again(page, sign_in, manager, console):
    """However many polls fail: one line, no toast; it goes when something is answered. A click still says so."""
    away = [True]
    page.route(
        "**/tu-hoi*",
        lambda route: route.fulfill(status=503 if away[0] else 200, body="có lại", content_type="text/html"),
    )
    sign_in(manager)
    page.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend', '<div id="a" hx-get="/tu-hoi?a"'
        + ' hx-trigger="every 100ms"></div><div id="b" hx-get="/tu-hoi?b" hx-trigger="every 150ms"></div>'
        + '<button id="c" type="button" hx-get="/tu-hoi?c">Bấm</button>'); htmx.process(document.querySelector('main'))"""
    )
    expect(page.locator(".ts-reconnect")).to_have_text("Đang nối lại...")
    page.wait_for_timeout(500)
    expect(page.locator(".ts-reconnect")).to_have_count(1)
    expect(page.locator(".ts-toast")).to_have_count(0)
    page.locator("#c").click()
    page.locator("#c").click()
    expect(page.locator(".ts-toast")).to_have_count(1)
    away[0] = False
    expect(page.locator(".ts-reconnect")).to_have_count(0)
    expect(page.locator("#a")).to_have_text("có lại")
    console.clear()
