"""No leak: every page and every endpoint, opened by every role of two schools, two communes and the department.

Each unit's records carry a word of their own. What a role may read is written down here by hand, apart from the code
that decides it; whatever else shows up in an answer is a leak. Addresses are not listed by hand: they come from the
resolver, filled with the key of every object of this world, so that a new page is walked the day it is added.
"""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from tests.factories import directives as make
from tests.factories.organization import make_appointment, make_province, make_user
from tests.house.test_urls import patterns
from thongsuot.modules.directives.models import (
    Assignment,
    Difficulty,
    Directive,
    ExtensionRequest,
    Finding,
    ProgressNote,
    ReportObligation,
    Submission,
    Target,
    TargetValue,
    WorkLog,
)
from thongsuot.modules.organization.models import Appointment, Unit

UNITS = ("school_a1", "school_b1", "commune_a", "commune_b", "office")
# Signing out, changing a language and the like are not reading; the description of the API is the same for all.
NOT_WALKED = re.compile(r"logout|set_language|jsi18n|javascript|openapi|v1/docs|trang/thanh-phan")

# role, unit -> whose words they may read
MAY_READ = {
    ("department_leader", "department"): set(UNITS),
    ("department_officer", "office"): set(UNITS),
    ("commune_leader", "commune_a"): {"commune_a", "school_a1"},
    ("commune_officer", "commune_a_office"): {"commune_a", "school_a1"},
    ("commune_officer", "commune_b_office"): {"commune_b", "school_b1"},
    ("principal", "school_a1"): {"school_a1"},
    ("principal", "school_b1"): {"school_b1"},
    ("school_office", "school_a1"): {"school_a1"},
    ("accountant", "school_a1"): {"school_a1"},
    ("teacher", "school_a1"): set(),
    ("parent", "school_a1"): set(),
    ("pupil", "school_b1"): set(),
    ("system_administrator", "department"): set(),
}


def word(unit: str, what: str = "") -> str:
    return f"kin{unit.replace('_', '')}x{what}"


@pytest.fixture
def world(db):
    """In each unit: an order, a task with all that hangs on it, a target value, a report owed, a person."""
    _number_apart(Unit, get_user_model(), Appointment, Finding, Difficulty, Submission, TargetValue)
    province = make_province()
    for unit_name in UNITS:
        _fill(province, unit_name)
    people = {}
    for role, unit in MAY_READ:
        user = make_user(f"{role}.{unit}".replace("_", ""), f"Người {role} {unit}")
        make_appointment(user, role, getattr(province, unit))
        people[role, unit] = user
    return people


def _number_apart(*models):
    """A number is the key of one object only, so that an address is tried with what it is made for."""
    with connection.cursor() as cursor:
        for place, model in enumerate(models, start=1):
            cursor.execute("select pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            cursor.execute(f"alter sequence {cursor.fetchone()[0]} restart with {place}00001")


@pytest.fixture
def bare_refusals(monkeypatch):
    """Two answers of three are 404; its page is the frame that every other page has, and need not be drawn each time."""
    resolver = get_resolver()
    drawn = resolver.resolve_error_handler

    def handler(status):
        return (lambda request, exception: HttpResponse(status=404)) if status == 404 else drawn(status)

    monkeypatch.setattr(resolver, "resolve_error_handler", handler)


def _fill(province, unit_name):
    unit = getattr(province, unit_name)
    above = unit.parent if unit_name.startswith("school") else province.department
    owner = unit if unit_name.startswith("commune") else above
    # The order of a school belongs to its commune and goes to that school; nobody else has part in it.
    directive = make.make_directive(
        owner, recipients=(unit,), subject=word(unit_name, "vanban"), source_text=word(unit_name, "dong")
    )
    make.make_finding(directive, data={"text": word(unit_name, "trich")})
    person = make_user(
        word(unit_name, "taikhoan"), word(unit_name, "nguoi"), email=f"{word(unit_name)}@example.vn"
    )
    task = make.make_assignment(
        unit,
        above,
        directive=directive,
        text=word(unit_name, "viec"),
        responsibility=word(unit_name, "trachnhiem"),
    )
    ProgressNote.objects.create(assignment=task, note=word(unit_name, "tiendo"), by=person, at=make.NOW)
    Difficulty.objects.create(
        assignment=task,
        text=word(unit_name, "khokhan"),
        raised_by_unit=unit,
        raised_by=person,
        raised_at=make.NOW,
        routed_to=above,
    )
    ExtensionRequest.objects.create(
        assignment=task,
        new_due_on=make.TODAY,
        reason=word(unit_name, "giahan"),
        requested_by=person,
        requested_at=make.NOW,
    )
    Submission.objects.create(
        assignment=task,
        subject=word(unit_name, "sanpham"),
        link="https://example.vn/",
        submitted_by=person,
        submitted_at=make.NOW,
    )
    WorkLog.objects.create(
        assignment=task, verb="report", detail=word(unit_name, "lichsu"), by=person, by_unit=unit, at=make.NOW
    )
    target = make.make_target(directive, unit, text=word(unit_name, "chitieu"))
    TargetValue.objects.create(
        target=target, unit=unit, approver_unit=above, as_of=make.TODAY, value=90, note=word(unit_name, "solieu"),
        link="https://example.vn/", reported_by=person, reported_at=make.NOW,
    )  # fmt: skip
    duty = make.make_duty(owner, what=word(unit_name, "baocao"), directive=directive)
    make.make_obligation(duty, unit, above, summary=word(unit_name, "tomtat"))


def keys() -> dict[str, dict[str, list[str]]]:
    """Keys of the world's objects as addresses are made from them: converter -> kind of object -> a key for each unit."""
    persons = get_user_model().objects.filter(username__startswith="kin").order_by("pk")
    public = (Directive, Assignment, Target, ReportObligation)
    numbered = (Finding, Difficulty, Submission, TargetValue)
    acted_on = list(Assignment.objects.order_by("pk").values_list("unit_id", flat=True))
    appointed = Appointment.objects.filter(unit_id__in=acted_on).order_by("pk")
    found = {
        "uuid": {m.__name__: m.objects.order_by("pk").values_list("public_id", flat=True) for m in public},
        "int": {m.__name__: m.objects.order_by("pk").values_list("pk", flat=True) for m in numbered},
    }
    found["uuid"]["User"] = persons.values_list("public_id", flat=True)
    found["int"] |= {"Unit": acted_on, "User": persons.values_list("pk", flat=True)}
    found["int"]["Appointment"] = appointed.values_list("pk", flat=True)
    return {
        c: {kind: [str(key) for key in some] for kind, some in kinds.items()} for c, kinds in found.items()
    }


def routes() -> dict[str, list[list[str]]]:
    """Every route with what may fill it, a list for each kind of object; where there are two keys, each order with its
    finding, and each with the finding of another.
    """
    known = keys()
    orders, findings = known["uuid"]["Directive"], known["int"]["Finding"]
    pairs = [list(zip(orders, some, strict=True)) for some in (findings, findings[1:] + findings[:1])]
    found = {}
    for name, route in patterns():
        if NOT_WALKED.search(name + route) or (route.startswith("tai-khoan/") and "quan-ly" not in route):
            continue
        wanted = tuple(converter for converter, _ in re.findall(r"<(?:(\w+):)?(\w+)>", route))
        if wanted == ("uuid", "int"):
            found[route] = [[filled(route, *pair) for pair in some] for some in pairs]
        elif not wanted:
            found[route] = [[filled(route)]]
        elif len(wanted) == 1 and wanted[0] in known:
            found[route] = [[filled(route, key) for key in some] for some in known[wanted[0]].values()]
    return found


def filled(route: str, *keys: str) -> str:
    given = iter(keys)
    return "/" + re.sub(r"[\^$]", "", re.sub(r"<[^>]+>", lambda _: next(given), route))


def pages(clients: list[Client]) -> list[str]:
    """The addresses that one of those who see most can open.

    A route is tried with the objects of a school and of a commune; those of a kind that it does not know at all are
    left out for all units, and so is a route that is not for reading.
    """
    found = set()
    for kinds in routes().values():
        for some in kinds:
            tried = {read(client, address)[0] for address in some[::2][:2] for client in clients}
            if 200 in tried:
                found.update(some)
            elif 405 in tried:
                break
    return sorted(found)


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def read(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    if response.status_code == 200 and getattr(response, "streaming", False):
        return 200, b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.status_code, response.content.decode("utf-8", "replace")


@pytest.mark.slow
def test_no_role_reads_what_is_not_theirs(world, bare_refusals):
    everything = signed_in(world["department_leader", "department"])
    administrator = signed_in(world["system_administrator", "department"])
    walked = pages([everything, administrator])
    assert len(walked) > 120, "the walk found too few pages to mean anything"

    leaks, faults, shown = [], [], set()
    for (role, unit), user in world.items():
        client = signed_in(user)
        for address in walked:
            status, text = read(client, address)
            # Most answers hold no word at all.
            if "kin" not in text and status < 500:
                continue
            shown |= {u for u in UNITS if role == "department_leader" and word(u) in text}
            if status >= 500:
                faults.append((role, unit, address))
            # Whom one works with is no secret to the administrator, who gives out the accounts.
            for other in UNITS:
                found = set(re.findall(re.escape(word(other)) + r"[a-z]+", text))
                if role == "system_administrator":
                    found -= {word(other, "nguoi"), word(other, "taikhoan")}
                if found and other not in MAY_READ[role, unit]:
                    leaks.append((role, unit, address, sorted(found)))
    assert faults == []
    assert leaks == []
    assert shown == set(UNITS), "the leader must find every word, or the walk proves nothing"


@pytest.mark.slow
def test_everybody_finds_their_own(world):
    """The other half: a walk in which everybody is refused everything would pass the first test."""
    blind = []
    for (role, unit), user in world.items():
        client, wanted = signed_in(user), MAY_READ[role, unit]
        if role in ("accountant", "system_administrator"):
            continue
        texts = [read(client, "/chi-dao/nhiem-vu/")[1]]
        missing = {u for u in wanted if not any(word(u) in t for t in texts)}
        if missing:
            blind.append((role, unit, missing))
    assert blind == []
    assert get_user_model().objects.count() > len(world)
