"""Which entry of the menu a page belongs to."""

from __future__ import annotations

import pytest
from django.urls import resolve

from tests.factories.organization import make_actor, make_province
from thongsuot.kit.pages.menu import current_entry
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization.domain.roles import ROLES
from thongsuot.portals.menu import menu_for


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/thong-ke/don-vi/7/ban-do/", "Bảng số liệu"),
        ("/thong-ke/ky/", "Kỳ báo cáo thống kê"),
        ("/thong-ke/bao-cao/", "Báo cáo thống kê"),
    ],
)
def test_one_entry_of_statistics_is_the_current_one(path, label):
    items = menu_for(make_province().actor("department_officer", "office"))
    found = current_entry(items, path)
    assert found is not None
    assert found.label == label


UNITS = {
    "department": "department", "department_office": "office", "commune": "commune_a",
    "commune_office": "commune_a_office", "school": "school_a1", "province_committee": "committee",
}  # fmt: skip


@pytest.mark.django_db
def test_the_menu_leads_nobody_to_a_page_that_does_not_exist_for_them():
    """Every entry of every role at every kind of unit where it is held: the page behind it lets the role in."""
    province, wrong, seen = make_province(), [], 0
    for role, kind in [(one, kind) for one in ROLES.values() for kind in sorted(one.held_at)]:
        if not hasattr(province, UNITS.get(kind, "")):
            continue
        actor = make_actor(role.code, getattr(province, UNITS[kind]))
        for item in _flat(menu_for(actor)):
            page = getattr(resolve(item.url).func, "view_class", None)
            if page is not None and issubclass(page, ActorPage):
                seen += 1
                if not page().allowed(actor):
                    wrong.append((role.code, kind, item.label))
    assert not wrong
    assert seen > 100


def _flat(items):
    for item in items:
        if item.url:
            yield item
        yield from _flat(item.children)
