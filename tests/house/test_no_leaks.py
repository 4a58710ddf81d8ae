"""No leak: every page and every endpoint, opened by every role of two schools, two communes and the department.

Each unit's records carry a word of their own. What a role may read is written down by hand (leak_roles.py), apart from the
code that decides it; whatever else shows up in an answer is a leak. Addresses are not listed by hand: they come from the
resolver, filled with the key of every object of this world, so that a new page is walked the day it is added.
"""

import re

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.urls import get_resolver

from tests.house.leak_roles import MAY_READ, OWN, SCHOOLS, UNITS, WORDS, word
from tests.house.leak_walk import pages, read, routes, signed_in
from tests.house.leak_world import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def bare_refusals(monkeypatch):
    """Two answers of three are 404; its page is the frame that every other page has, and need not be drawn each time."""
    resolver = get_resolver()
    drawn = resolver.resolve_error_handler

    def handler(status):
        return (lambda request, exception: HttpResponse(status=404)) if status == 404 else drawn(status)

    monkeypatch.setattr(resolver, "resolve_error_handler", handler)


# In parts, so that two processes share the longest test of all: each walks every second route, with all roles, and the
# leader proves each walk.
PARTS = 2
# In the addresses of pages that only a school opens, nobody above it.
OF_SCHOOLS_ALONE = "bang"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_role_reads_what_is_not_theirs(world, bare_refusals, part):
    everything = routes()
    assert any(OF_SCHOOLS_ALONE in route for route in everything), "no part of the walk asks for such a page"
    mine = {route: everything[route] for route in sorted(everything)[part::PARTS]}
    walked = pages(world, mine)
    if any(OF_SCHOOLS_ALONE in route for route in mine):
        assert any(OF_SCHOOLS_ALONE in address for address in walked), (
            "the walk missed what only a school opens"
        )
    assert len(walked) > 120, "the walk found too few pages to mean anything"

    leaks, faults, shown = [], [], set()
    for role, unit in world:
        client = signed_in(world[role, unit])
        for address in walked:
            status, text = read(client, address)
            # Most answers hold no word at all.
            if "kin" not in text and status < 500:
                continue
            shown |= {u for u in WORDS if role == "department_leader" and word(u) in text}
            if status >= 500:
                faults.append((role, unit, address))
            # Whom one works with is no secret to the administrator, who gives out the accounts.
            for other in WORDS:
                found = set(re.findall(re.escape(word(other)) + r"[a-z]+", text))
                if role == "system_administrator":
                    found -= {word(other, "nguoi"), word(other, "taikhoan")}
                if found and other not in MAY_READ[role, unit]:
                    leaks.append((role, unit, address, sorted(found)))
    assert faults == []
    assert leaks == []
    assert shown == set(WORDS), "the leader must find every word, or the walk proves nothing"


@pytest.mark.slow
def test_everybody_finds_their_own(world):
    """The other half: a walk in which everybody is refused everything would pass the first test."""
    blind = []
    for (role, unit), user in world.items():
        client, wanted = signed_in(user), MAY_READ[role, unit] & set(UNITS)
        if role in ("accountant", "system_administrator"):
            continue
        texts = [read(client, "/chi-dao/nhiem-vu/")[1]]
        missing = {u for u in wanted if not any(word(u) in t for t in texts)}
        if missing:
            blind.append((role, unit, missing))
    assert blind == []
    for (role, unit), user in world.items():
        if role in ("accountant", "system_administrator"):
            continue
        family = role in ("parent", "pupil")
        text = read(signed_in(user), "/ho-so/cua-toi/" if family else "/ho-so/hoc-sinh/?all=1&size=100")[1]
        kept = {*SCHOOLS, *OWN}
        assert {u for u in kept if word(u, "em") in text} == MAY_READ[role, unit] & kept, (role, unit)
    assert get_user_model().objects.count() > len(world)
