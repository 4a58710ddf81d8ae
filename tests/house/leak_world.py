"""The world of the test of leaks: in each unit an order, a task, a report; assessments and timetables of the schools."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from tests.factories import directives as make
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.house.gradebook_world import fill_gradebook
from tests.house.leak_roles import MAY_READ, OWN, SCHOOLS, UNITS, word
from tests.house.registry_world import fill_around, fill_registry
from tests.house.statistics_world import fill_statistics
from tests.house.transcripts_world import fill_transcripts
from thongsuot.modules.directives.models import (
    Difficulty,
    ExtensionRequest,
    Finding,
    ProgressNote,
    Submission,
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
from thongsuot.modules.registry.models import (
    SchoolClass,
)
from thongsuot.modules.statistics.models import Report, ReportFigureNote, ReportText, ReportVersion
from thongsuot.modules.statistics.queries import report_template

# What a report holds of a figure, and what stands behind its public id in the addresses of its pages.
FIGURE = {
    "name": "Số học sinh", "unit": "học sinh", "decimals": 0, "version": 1, "value": "1", "numerator": "1",
    "denominator": None, "previous": None,
}  # fmt: skip


def make_world() -> dict[tuple[str, str], Any]:
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
    fill_registry(province, people)
    fill_around(province)
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
