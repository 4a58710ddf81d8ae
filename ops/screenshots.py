"""Pictures of the main pages for docs/screenshots, taken from a running demo in the look of a first screen.

    thongsuot demo --scale small && thongsuot serve
    python ops/screenshots.py --base http://localhost:8000 --password ...

Needs requirements/dev.txt and a Chromium. The files are small: 1280 and 390 wide, 256 colours.
"""

from __future__ import annotations

import argparse
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SCREENS = {1280: 900, 390: 844}
LIMIT = 150_000
# name -> (who looks, the page, the link to follow from there: the first that this selector finds)
PAGES = {
    "home": ("lanhdao.so", "/", ""),
    "dashboard": ("lanhdao.so", "/chi-dao/tong-quan/", ""),
    "review": ("lanhdao.so", "/chi-dao/van-ban/?state=reviewing", "main table a[href*='/van-ban/']"),
    "assignment": ("hieutruong", "/chi-dao/nhiem-vu/?timeliness=open", "main table a[href*='/nhiem-vu/']"),
    "assignments": ("lanhdao.so", "/chi-dao/nhiem-vu/?timeliness=open", ""),
    "calendar": ("lanhdao.so", "/chi-dao/lich/", ""),
    "targets": ("lanhdao.so", "/chi-dao/chi-tieu/", ""),
    "report": ("lanhdao.so", "/chi-dao/ket-xuat/bao-cao/", ""),
}
SIGN_IN = "/tai-khoan/login/"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--base", default="http://localhost:8000")
    asked.add_argument("--password", required=True, help="the one password of the demo's people")
    asked.add_argument("only", nargs="*", help="names of pictures; all of them unless named")
    options = asked.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = set(options.only or [*PAGES, "sign-in"])
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        if "sign-in" in wanted:
            page = new_page(browser)
            page.goto(options.base + SIGN_IN)
            take(page, "sign-in")
        for who in dict.fromkeys(user for name, (user, *_more) in PAGES.items() if name in wanted):
            page = new_page(browser)
            sign_in(page, options.base, who, options.password)
            for name, (user, path, link) in PAGES.items():
                if user == who and name in wanted:
                    page.set_viewport_size({"width": 1280, "height": SCREENS[1280]})
                    page.goto(options.base + path)
                    if link:
                        page.goto(options.base + str(page.locator(link).first.get_attribute("href")))
                    take(page, name)
        browser.close()


def new_page(browser: Browser) -> Page:
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", color_scheme="light"
    )
    return context.new_page()


def sign_in(page: Page, base: str, who: str, password: str) -> None:
    page.goto(base + SIGN_IN)
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")


def take(page: Page, name: str) -> None:
    for width, height in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        # Charts draw themselves anew when their card changes.
        page.wait_for_timeout(700)
        path = TARGET / f"{name}-{width}.png"
        path.write_bytes(small(page.screenshot()))
        print(path.name, path.stat().st_size)


def small(picture: bytes) -> bytes:
    """PNG of at most LIMIT bytes: as few colours as that takes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LIMIT:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
