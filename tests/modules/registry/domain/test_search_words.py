import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.registry.domain.search_words import (
    GIVEN,
    OTHER,
    Looked,
    as_tsquery,
    looked_for,
    may_be_class,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Looked()),
        ("Nguyễn  ĐỨC", Looked(words=("nguyen", "duc"))),
        ("08/03/2015", Looked(births=((date(2015, 3, 8), date(2015, 3, 8)),))),
        ("8-3-2015", Looked(births=((date(2015, 3, 8), date(2015, 3, 8)),))),
        ("02/2016", Looked(births=((date(2016, 2, 1), date(2016, 2, 29)),))),
        ("lan 2015", Looked(words=("lan",), births=((date(2015, 1, 1), date(2015, 12, 31)),))),
        ("31/02/2015", Looked(words=("31/02/2015",))),
        ("051216001234", Looked(personal_id="051216001234")),
        ("an lớp 6A1", Looked(words=("an",), class_name="6a1")),
        ("Lớp Lá 1", Looked(class_name="la 1")),
        ("HS00123", Looked(words=("hs00123",))),
    ],
)
def test_what_is_meant(text, found):
    assert looked_for(text) == found


@given(st.text(max_size=80))
def test_never_raises_and_quotes_everything(text):
    found = looked_for(text)
    assert found.is_empty or found.words or found.births or found.class_name or found.personal_id
    # Outside of quotes stands nothing that was typed.
    bare = re.sub(r"'(?:[^'\\]|''|\\\\)*'", "", as_tsquery(found.words))
    assert bare.count(":*") == 3 * len(found.words)
    assert bare.strip("():*&| ") == ""


def test_classes():
    assert all(map(may_be_class, ["6a1", "10/2", "12c", "1.3"]))
    assert not any(map(may_be_class, ["lan", "hs0012345", ""]))


def test_quotes():
    assert as_tsquery(("h'mong", "a\\b"), [OTHER]) == "('h''mong':*) & ('a\\\\b':*)"
    assert as_tsquery(("an",), [OTHER, GIVEN]) == "('an':* | '\x01an':*)"
