"""The frame without a browser: icons, menu, forms, messages of error."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template

from thongsuot.kit.pages.menu import MenuItem, current_entry
from thongsuot.kit.pages.templatetags.frame import initials, page_range

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = [p for p in (ROOT / "thongsuot").rglob("*.html") if "templates" in p.parts]
SPRITE = set((ROOT / "ops" / "icons.txt").read_text().split())
ICON = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|\bicon=["']([\w-]+)["']""")


def rendered(source: str, **context) -> str:
    return Template("{% load frame %}" + source).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: "/".join(p.parts[-3:]))
def test_icons_are_in_the_sprite(path):
    asked = {a or b for a, b in ICON.findall(path.read_text(encoding="utf-8"))}
    assert asked <= SPRITE, "add them to ops/icons.txt"


def test_icon_is_decoration_unless_named():
    assert 'aria-hidden="true"' in rendered("{% icon 'bell' %}")
    assert 'role="img" aria-label="Thông báo"' in rendered("{% icon 'bell' 'Thông báo' %}")


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["home"]),
        ("/chi-dao/nhiem-vu/7/", ["tasks"]),
        ("/to-chuc/don-vi/", ["group", "units"]),
        ("/to-chuc/nam-hoc/", ["group", "years"]),
        ("/to-chuc/", ["organization"]),
        ("/khac/", []),
    ],
)
def test_current_entry_of_the_menu(path, current):
    units, years = MenuItem("units", "/to-chuc/don-vi/"), MenuItem("years", "/to-chuc/nam-hoc/")
    menu = [
        MenuItem("organization", "/to-chuc/"),
        MenuItem("home", "/"),
        MenuItem("tasks", "/chi-dao/nhiem-vu/"),
        MenuItem("group", children=(units, years)),
        units,
        years,
    ]
    at = current_entry(menu, path)
    assert [item.label for item in menu if item.holds(at)] == current


@pytest.mark.parametrize(
    ("name", "letters"), [("Nguyễn Thị Ánh", "NÁ"), ("Y", "Y"), ("", "?"), ("đinh  hoà", "ĐH")]
)
def test_initials(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("value", "maximum", "shown"),
    [(1, 3, "33%"), (1, 8, "13%"), (5, 0, "0%"), (9, 3, "100%"), (None, 3, "0%")],
)
def test_progress(value, maximum, shown):
    assert shown in rendered("{% progress value maximum %}", value=value, maximum=maximum)


def test_long_pagination_has_gaps():
    assert page_range(Paginator(range(1000), 10), 50) == [1, None, 49, 50, 51, None, 100]


def test_chart_comes_with_its_table():
    figure = {
        "title": "Theo tháng",
        "kind": "bar",
        "categories": ["T9", "T10"],
        "series": [{"name": "Số", "data": [4]}],
    }
    html = rendered("{% chart 'f' figure %}", figure=figure)
    assert '<script id="f" type="application/json">' in html
    assert re.search(r"T10</th>\s*<td[^>]*>–", html)


class Sample(forms.Form):
    name = forms.CharField(label="Tên", help_text="Ngắn gọn")
    note = forms.CharField(label="Ghi chú", required=False)
    done = forms.BooleanField(label="Xong")
    role = forms.ChoiceField(label="Vai", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_errors_and_help_are_tied_to_their_field():
    html = str(Sample({}))
    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'class="form-control is-invalid"' in html


def test_widgets_are_dressed_and_optional_fields_say_so():
    html = str(Sample())
    assert html.count("form-check-input") == 3
    assert html.count("không bắt buộc") == 1


@pytest.mark.parametrize(
    "name", ["404.html", "403.html", "403_csrf.html", "400.html", "429.html", "500.html", "503.html"]
)
def test_pages_of_error_need_no_context(name, rf):
    from django.template.loader import render_to_string

    assert "<h1" in render_to_string(name, request=rf.get("/"))


def test_gallery_is_for_debug_and_demo(client, django_user_model, db, settings):
    client.force_login(django_user_model.objects.create(username="an", full_name="An"))
    settings.DEBUG = settings.DEMO = False
    assert client.get("/trang/thanh-phan/").status_code == 404
    settings.DEMO = True
    assert client.get("/trang/thanh-phan/").status_code == 200
