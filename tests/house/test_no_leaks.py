"""No leak: every page and every endpoint, opened by every role of two schools, two communes and the department.

Each unit's records carry a word of their own. What a role may read is written down here by hand, apart from the code
that decides it; whatever else shows up in an answer is a leak. Addresses are not listed by hand: they come from the
resolver, filled with the key of every object of this world, so that a new page is walked the day it is added.
"""

import json
import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from tests.factories import directives as make
from tests.factories import registry
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.house.gradebook_world import fill_gradebook, gradebook_keys
from tests.house.statistics_world import OF_STATISTICS, fill_statistics, statistics_keys
from tests.house.test_urls import patterns
from tests.house.transcripts_world import fill_transcripts, transcript_keys
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
from thongsuot.modules.gradebook.models import Timetable, TimetableEntry
from thongsuot.modules.maturity.models import (
    Appeal,
    Assessment,
    AssessmentLog,
    Decision,
    Evidence,
    MaturityRound,
    Recognition,
    RubricVersion,
    Team,
    Visit,
)
from thongsuot.modules.organization.models import Appointment, SchoolYear, Unit
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.types import BOOK
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    Equipment,
    ErrorReport,
    IdentityBatch,
    IdentityCheck,
    InternetLine,
    Land,
    MatchCandidate,
    Room,
    SchoolClass,
    Staff,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    TeachingAssignment,
    Transfer,
)
from thongsuot.modules.statistics.models import Report, ReportFigureNote, ReportText, ReportVersion
from thongsuot.modules.statistics.queries import report_template

# What a report holds of a figure, and what stands behind its public id in the addresses of its pages.
FIGURE = {
    "name": "Số học sinh", "unit": "học sinh", "decimals": 0, "version": 1, "value": "1", "numerator": "1",
    "denominator": None, "previous": None,
}  # fmt: skip
OF_REPORT = {
    "report-figure": ("registry.pupils",),
    "report-rows": ("registry.pupils", "numerator"),
    "report-compare": ("1",),
}
UNITS = ("school_a1", "school_b1", "commune_a", "commune_b", "office")
SCHOOLS = ("school_a1", "school_b1")
# Addresses that are filled with keys of the registry.
OF_REGISTRY = re.compile(
    r"registry:|quality:|\S* api/v1/(students|quality)|(transfer|duplicate|subject-request|promotion|leave|back)-|\S* hoc-sinh/"
)
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


LEADER = ("department_leader", "department")
ADMINISTRATOR = ("system_administrator", "department")
# Who keeps records or has some of their own, and where theirs stand among the objects of a kind.
KEEPERS = {
    ("school_office", "school_a1"): (0, -2),
    ("principal", "school_b1"): (1, -1),
    ("parent", "school_a1"): (-2,),
    ("pupil", "school_b1"): (-1,),
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
    _fill_registry(province, people)
    _fill_around(province)
    _fill_maturity(province)
    _fill_timetables(province)
    fill_statistics(province, word)
    fill_gradebook(province, SCHOOLS, word)
    fill_transcripts((*SCHOOLS, *OWN), word)
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
    report = Report.objects.create(
        unit=unit, school_year=SchoolYear.objects.first() or make_school_year(), kind="year", state="signed",
        template=report_template("year").body, as_of=make.TODAY, computed_at=make.NOW, created_at=make.NOW,
        signed_at=make.NOW, issued_on=make.TODAY, signer_name=word(unit_name, "nguoiky"),
        content={"figures": {"registry.pupils": FIGURE}},
    )  # fmt: skip
    ReportText.objects.create(report=report, key="overview", text=word(unit_name, "baocaonam"))
    ReportVersion.objects.create(
        report=report, number=1, label=word(unit_name, "phienban"), made_at=make.NOW, content={},
        texts={"overview": word(unit_name, "bancu")},
    )  # fmt: skip
    ReportFigureNote.objects.create(
        report=report, code="registry.pupils", value=1, reason=word(unit_name, "lydo"), noted_at=make.NOW
    )


def _fill_registry(province, people):
    """In each school a class, a pupil with a guardian, somebody on the staff, things; and the pupils who are somebody's own."""
    year = SchoolYear.objects.first() or make_school_year()
    for unit_name in SCHOOLS:
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


def _fill_around(province):
    """What hangs between the rooms: a transfer inside a commune, a pair of records, a request under the law, a list on its way
    to the population database, a case of data quality.
    """
    for school, beside, pair in (("school_a1", "school_a2", "child"), ("school_b1", "school_b2", "self")):
        unit = getattr(province, school)
        pupil, other = (Student.objects.get(full_name=word(name, "em")) for name in (school, pair))
        Transfer.objects.create(
            student=pupil, from_unit=unit, to_unit=getattr(province, beside), state="released",
            student_name=word(school, "chuyen"), effective_on=make.TODAY, requested_at=make.NOW,
        )  # fmt: skip
        first, second = sorted((pupil, other), key=lambda one: one.pk)
        MatchCandidate.objects.create(
            first=first, second=second, first_unit=unit, second_unit=unit, score=9, found_at=make.NOW,
            note=word(school, "nghitrung"),
        )  # fmt: skip
        SubjectRequest.objects.create(
            student=pupil, kind="restrict", requested_by_name=word(school, "nguoixin"), basis="Đơn",
            received_on=make.TODAY, due_on=make.TODAY,
        )  # fmt: skip
        batch = IdentityBatch.objects.create(
            unit=unit, channel="file", kind="student", size=1, created_at=make.NOW
        )
        IdentityCheck.objects.create(batch=batch, unit=unit, person_id=pupil.pk, status="not_found")
        rule = BOOK.rules_of("student")[0]
        QualityCase.objects.create(
            unit=unit, rule=rule.code, dataset="student", field=rule.field, object_id=pupil.pk, severity="error",
            opened_on=make.TODAY, due_on=make.TODAY,
        )  # fmt: skip


def _fill_maturity(province):
    """In each school a sheet with evidence, a visit and its story; a recognised level with a decision, and an appeal."""
    held = MaturityRound.objects.create(
        school_year=SchoolYear.objects.get(), as_of=make.TODAY, self_due_on=make.TODAY, forward_due_on=make.TODAY,
        external_due_on=make.TODAY, appeal_days=5, opened_at=make.NOW,
    )  # fmt: skip
    body = json.loads((settings.DATA_DIR / "maturity" / "4725.json").read_text(encoding="utf-8"))
    rubric = RubricVersion.objects.create(
        code="4725", number=1, decision="4725/QĐ-BGDĐT", title="Bộ chỉ số", issued_on=make.TODAY, subject=body["subject"],
        body=body, is_enabled=True, is_current=True, origin="file", made_at=make.NOW,
    )  # fmt: skip
    for school in SCHOOLS:
        unit = getattr(province, school)
        team = Team.objects.create(round=held, owner_unit=province.department, name=word(school, "doan"))
        sheet = Assessment.objects.create(
            round=held, unit=unit, rubric=rubric, team=team, state="recognised", submissions=1,
            submitted_at=make.NOW, note=word(school, "ykien"),
        )  # fmt: skip
        Evidence.objects.create(
            assessment=sheet, item="1.1", kind="link", title=word(school, "minhchung"), url="https://example.vn/",
            added_at=make.NOW,
        )  # fmt: skip
        Visit.objects.create(assessment=sheet, planned_on=make.TODAY, minutes=word(school, "bienban"))
        AssessmentLog.objects.create(
            assessment=sheet, verb="submit", detail=word(school, "dienbien"), at=make.NOW
        )
        decision = Decision.objects.create(
            round=held, owner_unit=province.department, symbol="QĐ-SGDĐT", signer_name=word(school, "nguoiky")
        )
        level = Recognition.objects.create(decision=decision, assessment=sheet, unit=unit, level=2)
        Appeal.objects.create(
            recognition=level, unit=unit, reason=word(school, "kiennghi"), filed_at=make.NOW
        )


def _fill_timetables(province):
    """In each school a timetable in force; in it a lesson of its class and of those that are somebody's own."""
    for school in SCHOOLS:
        unit = getattr(province, school)
        row = Timetable.objects.create(
            unit=unit, school_year=SchoolYear.objects.get(), term=1, version=1, state="published", made_at=make.NOW,
            published_at=make.NOW, valid_from=SchoolYear.objects.get().starts_on, note=word(school, "tkb"),
        )  # fmt: skip
        for whose in (school, *(own for own, of in OWN.items() if of == school)):
            TimetableEntry.objects.create(
                timetable=row, unit=unit, school_class=SchoolClass.objects.get(name=word(whose, "lop")),
                subject=word(whose, "mon"), day=2, session="morning", lesson=1,
            )  # fmt: skip


def registry_keys() -> dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]]:
    """The same for the addresses of the registry, by all converters of an address; what hangs on a pupil or on somebody of
    the staff stands with that person, and once with somebody else.
    """
    found: dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]] = {
        ("uuid",): {},
        ("int",): {},
        ("uuid", "int"): {},
    }
    for model in (Student, Staff, IdentityBatch, QualityCase):
        public = model.objects.order_by("pk").values_list("public_id", flat=True)
        found["uuid",][model.__name__] = [(str(key),) for key in public]
    for model in (SchoolClass, ErrorReport, Transfer, MatchCandidate, SubjectRequest):
        found["int",][model.__name__] = [
            (str(pk),) for pk in model.objects.order_by("pk").values_list("pk", flat=True)
        ]
    for model, whose in (
        (Contact, "student"),
        (Enrolment, "student"),
        (StudentCharacteristic, "student"),
        (TeachingAssignment, "staff"),
    ):
        pairs = list(model.objects.order_by("pk").values_list(f"{whose}__public_id", "pk"))
        others = [(pairs[(index + 1) % len(pairs)][0], pk) for index, (_person, pk) in enumerate(pairs[:2])]
        found["uuid", "int"][model.__name__] = [(str(one), str(pk)) for one, pk in (*pairs, *others)]
    things = {"room": Room, "equipment": Equipment, "land": Land, "line": InternetLine}
    found["slug", "int"] = {
        slug: [(slug, str(pk)) for pk in model.objects.order_by("pk").values_list("pk", flat=True)]
        for slug, model in things.items()
    }
    found["slug",] = {slug: [(slug,)] for slug in (*things, "student", "staff", "class")}
    schools = Student.objects.order_by("unit_id").values_list("unit_id", flat=True).distinct()
    found["int",]["Unit"] = [(str(pk),) for pk in schools]
    return found


def keys() -> dict[str, dict[str, list[str]]]:
    """Keys of the world's objects as addresses are made from them: converter -> kind of object -> a key for each unit."""
    persons = get_user_model().objects.filter(username__startswith="kin").order_by("pk")
    public = (
        Directive,
        Assignment,
        Target,
        ReportObligation,
        Assessment,
        Team,
        Decision,
        Appeal,
        Recognition,
        Report,
        Timetable,
    )
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
    of_registry, of_statistics = registry_keys(), statistics_keys(known["int"]["Unit"])
    of_gradebook, of_transcripts = gradebook_keys(), transcript_keys()
    found = {}
    for name, route in patterns():
        if NOT_WALKED.search(name + route) or (route.startswith("tai-khoan/") and "quan-ly" not in route):
            continue
        wanted = tuple(converter for converter, _ in re.findall(r"<(?:(\w+):)?(\w+)>", route))
        if wanted and name.startswith("transcripts:"):
            kinds = of_transcripts.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted and name.startswith("gradebook:"):
            kinds = of_gradebook.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted and OF_REGISTRY.match(f"{name} {route}"):
            kinds = of_registry.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif (more := OF_REPORT.get(name.rpartition(":")[2])) is not None:
            if len(wanted) == len(more) + 1:
                found[route] = [[filled(route, key, *more) for key in known["uuid"]["Report"]]]
        elif wanted and OF_STATISTICS.match(f"{name} {route}"):
            kinds = of_statistics.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted == ("uuid", "int"):
            found[route] = [[filled(route, *pair) for pair in some] for some in pairs]
        elif not wanted:
            found[route] = [[filled(route)]]
        elif len(wanted) == 1 and wanted[0] in known:
            found[route] = [[filled(route, key) for key in some] for some in known[wanted[0]].values()]
    return found


def filled(route: str, *keys: str) -> str:
    given = iter(keys)
    return "/" + re.sub(r"[\^$]", "", re.sub(r"<[^>]+>", lambda _: next(given), route))


def pages(world, of_routes) -> list[str]:
    """The addresses of these routes that one of those who see most can open.

    A route is tried with objects of a school and of a commune, and with the last ones, which are somebody's own: by the
    leader and the administrator with several, by keepers and families, who open pages that nobody above them does, with
    those that are theirs. Those of a kind that it does not know at all are left out for all units, and so is a route that
    is not for reading.
    """
    above = [signed_in(world[who]) for who in (LEADER, ADMINISTRATOR)]
    tries = [(client, (0, 2, -1)) for client in above]
    tries += [(signed_in(world[who]), places) for who, places in KEEPERS.items()]
    found = set()
    for kinds in of_routes.values():
        for some in kinds:
            # A refusal for its method is the same for everybody; the rest asks one after the other until one may.
            if read(above[0], some[0])[0] == 405:
                break
            asked = (
                (client, some[place])
                for client, places in tries
                for place in places
                if -len(some) <= place < len(some)
            )
            if any(read(client, address)[0] == 200 for client, address in asked):
                found.update(some)
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
