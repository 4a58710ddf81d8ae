"""The menu of the signed-in: entries by right, in the order of a working day. A page not built is left out."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.menu import MenuItem


@dataclass(frozen=True)
class Entry:
    """right: what the actor needs ("" = everybody). view: name of the page."""

    label: object
    view: str
    icon: str
    right: str = ""
    children: tuple[Entry, ...] = ()


ENTRIES = (
    Entry(_("Trang chủ"), "home", "home"),
    Entry(_("Nhiệm vụ"), "directives:assignments", "checklist", "directives.view"),
    Entry(_("Văn bản chỉ đạo"), "directives:list", "file-text", "directives.view"),
    Entry(_("Chỉ tiêu"), "directives:targets", "target-arrow", "directives.view"),
    Entry(_("Chế độ báo cáo"), "directives:reports", "report", "directives.view"),
    Entry(_("Điều hành"), "directives:dashboard", "layout-dashboard", "directives.dashboard"),
    Entry(_("Chỉ số"), "indicators:list", "chart-bar", "indicators.view"),
    Entry(_("Tổ chức"), "organization:units", "sitemap", "organization.view"),
    Entry(_("Việc chạy nền"), "jobs:list", "loader"),
    Entry(
        _("Quản trị"),
        "",
        "settings",
        "accounts.manage",
        (
            Entry(_("Tài khoản"), "accounts:list", "users", "accounts.manage"),
            Entry(_("Nhật ký"), "audit:list", "history", "audit.read"),
        ),
    ),
)


def url_of(view: str) -> str:
    try:
        return reverse(view) if view else ""
    except NoReverseMatch:
        return ""


def menu_for(actor: Actor) -> list[MenuItem]:
    return [item for entry in ENTRIES if (item := _item(entry, actor))]


def _item(entry: Entry, actor: Actor) -> MenuItem | None:
    if entry.right and not actor.can(entry.right):
        return None
    children = tuple(item for child in entry.children if (item := _item(child, actor)))
    url = url_of(entry.view)
    if not url and not children:
        return None
    return MenuItem(label=str(entry.label), url=url, icon=entry.icon, children=children)
