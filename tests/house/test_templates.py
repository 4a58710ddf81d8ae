"""Templates: each is used, each text goes through translation, none carries inline style or script, none is a novel."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "thongsuot"
TEMPLATES = sorted(p for p in PACKAGE.rglob("*.html") if "templates" in p.parts)
SOURCES = [p.read_text(encoding="utf-8") for p in [*PACKAGE.rglob("*.py"), *TEMPLATES]]
VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
LOADED_BY_LIBRARIES = ("account/", "mfa/", "socialaccount/", "usersessions/", "allauth/", "django/forms/")
# 429.html is asked for by the rate limits of allauth.
BY_DJANGO = {"404.html", "403.html", "400.html", "500.html", "403_csrf.html", "429.html"}
# Tabler's own sheet of states: one file by nature.
LONGER_THAN_200 = {"pages/gallery.html": "the gallery shows every component once"}


def name_of(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("templates") :])


def ids(path: Path) -> str:
    return name_of(path)


def spoken(text: str) -> str:
    """What is left for the reader's eye once tags of the language and translated texts are gone."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}", "", text, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_texts_are_translated(path):
    bare = [
        line.strip()
        for line in spoken(path.read_text(encoding="utf-8")).splitlines()
        if VIETNAMESE.search(line)
    ]
    assert bare == []


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert "hx-on" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag
    assert "<style" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_template_is_used(path):
    name = name_of(path)
    if name in BY_DJANGO or name.startswith(LOADED_BY_LIBRARIES):
        return
    stem = name.removesuffix(".html")
    users = sum(source.count(f'"{name}"') + source.count(f"'{name}'") for source in SOURCES)
    # Names put together from a folder and a variable ("components/" + kind) name their folder in code.
    assert users or any(f'"{stem}"' in s for s in SOURCES), f"nobody uses {name}"


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_template_is_short(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 200 or name_of(path) in LONGER_THAN_200
