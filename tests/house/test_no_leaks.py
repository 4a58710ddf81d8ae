"""No leak: every page and every endpoint, opened by every role of two schools, two communes and the department.

Each unit's records carry a word of their own. What a role may read is written down here by hand, apart from the code
that decides it; whatever else shows up in an answer is a leak. Addresses are not listed by hand: they come from the
resolver, filled with the key of every object of this world, so that a new page is walked the day it is added.
"""

import re
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.factories import directives as make
from tests.factories import registry
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
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
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    Equipment,
    ErrorReport,
    InternetLine,
    Land,
    Room,
    SchoolClass,
    Staff,
    Student,
    StudentCharacteristic,
    TeachingAssignment,
)

UNITS = ("school_a1", "school_b1", "commune_a", "commune_b", "office")
# Pupils who are somebody's own: taught by the teacher of school A1, child of its parent, the pupil of school B1.
OWN = {"taught": "school_a1", "child": "school_a1", "self": "school_b1"}
WORDS = (*UNITS, *OWN)
# Signing out, changing a language and the like are not reading; the description of the API is the same for all.
NOT_WALKED = re.compile(r"logout|set_language|jsi18n|javascript|openapi|v1/docs|trang/thanh-phan")

# role, unit -> whose words they may read
MAY_READ = {
    ("department_leader", "department"): set(WORDS),
    ("department_officer", "office"): set(WORDS),
    ("commune_leader", "commune_a"): {"commune_a", "school_a1", "taught", "child"},
    ("commune_officer", "commune_a_office"): {"commune_a", "school_a1", "taught", "child"},
    ("commune_officer", "commune_b_office"): {"commune_b", "school_b1", "self"},
    ("principal", "school_a1"): {"school_a1", "taught", "child"},
    ("principal", "school_b1"): {"school_b1", "self"},
    ("school_office", "school_a1"): {"school_a1", "taught", "child"},
    ("accountant", "school_a1"): {"school_a1"},
    ("teacher", "school_a1"): {"taught"},
    ("parent", "school_a1"): {"child"},
    ("pupil", "school_b1"): {"self"},
    ("system_administrator", "department"): set(),
}


KEEPERS = (
    ("school_office", "school_a1"),
    ("principal", "school_b1"),
    ("parent", "school_a1"),
    ("pupil", "school_b1"),
)


def word(unit: str, what: str = "") -> str:
    return f"kin{unit.replace('_', '')}x{what}"


@pytest.fixture
def world(db):
    """In each unit: an order, a task with all that hangs on it, a target value, a report owed, a person."""
    province = make_province()
    for unit_name in UNITS:
        _fill(province, unit_name)
    people = {}
    for role, unit in MAY_READ:
        user = make_user(f"{role}.{unit}".replace("_", ""), f"Người {role} {unit}")
        make_appointment(user, role, getattr(province, unit))
        people[role, unit] = user
    _fill_registry(province, people)
    return people


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


def _fill_registry(province, people):
    """In each unit a class, a pupil with a guardian, somebody on the staff, things; and the pupils who are somebody's own."""
    year = make_school_year()
    for unit_name in UNITS:
        unit = getattr(province, unit_name)
        member = registry.make_staff(unit, word(unit_name, "canbo"), phone=word(unit_name, "phone")[:20])
        school_class = registry.make_class(unit, year, word(unit_name, "lop"), homeroom_teacher=member)
        registry.make_teaching(member, school_class, word(unit_name, "mon"))
        _pupil(unit_name, unit, school_class)
        registry.make_room(unit, word(unit_name, "phong"))
        registry.make_equipment(unit, word(unit_name, "maytinh"))
        registry.make_piece_of_land(unit, word(unit_name, "dat"))
        registry.make_line(unit, word(unit_name, "mang"))
    for own, unit_name in OWN.items():
        unit = getattr(province, unit_name)
        _pupil(own, unit, registry.make_class(unit, year, word(own, "lop")))
    teacher = registry.make_staff(province.school_a1, "Cô Giáo", account=people["teacher", "school_a1"])
    SchoolClass.objects.filter(name=word("taught", "lop")).update(homeroom_teacher=teacher)
    Contact.objects.filter(full_name=word("child", "me")).update(account=people["parent", "school_a1"])
    Student.objects.filter(full_name=word("self", "em")).update(account=people["pupil", "school_b1"])


def _pupil(name, unit, school_class):
    pupil = registry.make_student(
        unit,
        word(name, "em"),
        school_class=school_class,
        current_address=word(name, "choo"),
        local_code=word(name, "ma"),
    )
    registry.make_contact(pupil, word(name, "me"), occupation=word(name, "nghe"))
    StudentCharacteristic.objects.create(
        student=pupil, unit=unit, kind="policy", code="01", note=word(name, "giayto"), valid_from=make.TODAY
    )
    registry.make_report(pupil, said=word(name, "baosai"))


def registry_keys() -> dict[str, set[str]]:
    """Keys of the registry, which its own addresses are filled with; `parts` hang on a pupil."""
    public = {
        str(key) for model in (Student, Staff) for key in model.objects.values_list("public_id", flat=True)
    }
    numbered = (SchoolClass, Room, Equipment, Land, InternetLine, ErrorReport)
    return {
        "uuid": public,
        "int": {str(pk) for model in numbered for pk in model.objects.values_list("pk", flat=True)},
        "slug": {"room", "equipment", "land", "line"},
    }


def parts_of_pupils():
    """(pupil, key) of everything that hangs on a pupil or a member of staff."""
    for model in (Contact, Enrolment, StudentCharacteristic):
        for public_id, pk in model.objects.values_list("student__public_id", "pk"):
            yield str(public_id), str(pk)
    for public_id, pk in TeachingAssignment.objects.values_list("staff__public_id", "pk"):
        yield str(public_id), str(pk)


def keys() -> dict[str, set[str]]:
    """The keys of the world's objects, by kind of key, as far as an address is made from them."""
    persons = get_user_model().objects.filter(username__startswith="kin")
    kept = (Directive, Assignment, Target, ReportObligation)
    public = {str(key) for model in kept for key in model.objects.values_list("public_id", flat=True)}
    numbered = (Finding, Difficulty, Submission, TargetValue)
    numbers = {str(pk) for model in numbered for pk in model.objects.values_list("pk", flat=True)}
    acted_on = set(Assignment.objects.values_list("unit_id", flat=True))
    return {
        "uuid": public | {str(key) for key in persons.values_list("public_id", flat=True)},
        "int": numbers | {str(pk) for pk in acted_on | set(persons.values_list("pk", flat=True))},
        "directive": {str(key) for key in Directive.objects.values_list("public_id", flat=True)},
        "finding": {str(pk) for pk in Finding.objects.values_list("pk", flat=True)},
    }


def addresses() -> list[str]:
    """Every address, filled with every key; where there are two, with each order and each finding in it."""
    everywhere, of_registry = keys(), registry_keys()
    parts = sorted(set(parts_of_pupils()))
    found = set()
    for name, route in patterns():
        if NOT_WALKED.search(name + route) or (route.startswith("tai-khoan/") and "quan-ly" not in route):
            continue
        kinds = [kind for kind, _ in re.findall(r"<(?:(\w+):)?(\w+)>", route)]
        is_registry = name.startswith("registry:") or route.startswith("api/v1/students")
        known = of_registry if is_registry else everywhere
        if is_registry and kinds == ["uuid", "int"]:
            pairs = iter(parts)
        elif is_registry and kinds == ["slug", "int"]:
            pairs = product(known["slug"], known["int"])
        elif kinds == ["uuid", "int"]:
            pairs = product(known["directive"], known["finding"])
        elif len(kinds) == 1 and kinds[0] in known:
            pairs = ((key,) for key in known[kinds[0]])
        elif not kinds:
            pairs = ((),)
        else:
            continue
        for pair in pairs:
            filled = iter(pair)
            found.add("/" + re.sub(r"[\^$]", "", re.sub(r"<[^>]+>", lambda _: next(filled), route)))  # noqa: B023
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
def test_no_role_reads_what_is_not_theirs(world):
    everything = signed_in(world["department_leader", "department"])
    administrator = signed_in(world["system_administrator", "department"])
    # Whoever keeps records, and families, open pages that nobody above them does.
    keepers = [signed_in(world[who]) for who in KEEPERS]
    pages, shown = [], set()
    for address in addresses():
        status, text = read(everything, address)
        if status == 200:
            shown |= {u for u in WORDS if word(u) in text}
        others = keepers if "/ho-so/" in address else ()
        if status == 200 or any(read(client, address)[0] == 200 for client in (administrator, *others)):
            pages.append(address)
    assert len(pages) > 40, "the walk found too few pages to mean anything"
    assert any("bang" in address for address in pages), "the walk missed what only a school opens"
    assert shown == set(WORDS), "the leader must find every word, or the walk proves nothing"

    leaks, faults = [], []
    for (role, unit), user in world.items():
        client = signed_in(user)
        for address in pages:
            status, text = read(client, address)
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
        assert {u for u in WORDS if word(u, "em") in text} == MAY_READ[role, unit], (role, unit)
    assert get_user_model().objects.count() > len(world)
