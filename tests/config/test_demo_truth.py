"""Every quality rule finds every defect that was seeded for it, and nothing else: the demo is built, checked by the real
check, and its cases are compared with the truth."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.bench.bench_truth import figure_of
from thongsuot.config.demo import defects, organization, people
from thongsuot.config.demo.comparing import compare, compare_cases
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.findings import FOUND_BY, NOT_SEEDED, found_by
from thongsuot.config.demo.registry import build as registry
from thongsuot.config.demo.truth import Alarm, Flaw, Truth
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.quality.actions import run_checks
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.queries import index_of
from thongsuot.modules.quality.types import BOOK
from thongsuot.modules.registry.models import Student

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
# About these something may be unusual and right; about nothing else.
MAY_BE_UNUSUAL = {
    "student.grade.over_age",
    "student.full_name.one_word",
    "staff.full_name.one_word",
    "student.birth_date.first_january",
    "staff.birth_date.first_january",
    "student.dossier.namesake_here",
    "student.dossier.namesake_elsewhere",
    "school.students.change",
}


@pytest.fixture(scope="module")
def checked(django_db_setup, django_db_blocker, tmp_path_factory):
    """(truth file, what was generated, outcomes) of sixteen schools and a new one; taken back in the end."""
    file = tmp_path_factory.mktemp("truth") / "truth.json"
    context = DemoContext("tiny", TODAY, settings.DATA_DIR, lambda line: None, file)
    with django_db_blocker.unblock(), transaction.atomic():
        with act_as(Actor.system()):
            for step in (organization.reference, organization.calendar, organization.units, people.people):
                step(context)
            made = registry.build(context)
            run_checks(by=Actor.system(), today=TODAY)
            outcomes = compare_cases(Truth.from_json(file.read_text(encoding="utf-8")))
        yield file, made, {one.rule: one for one in outcomes}
        transaction.set_rollback(True)


def test_every_rule_is_bound_to_a_defect_and_every_defect_to_a_rule():
    bound = {rule for code in defects.CODES for rule in found_by(code)}
    # Only as what follows from a defect of another kind.
    follows = {
        "student.dossier.namesake_elsewhere",
        "class.size.totals",
        "school.students.totals",
        "school.students.ethnicity",
    }
    assert bound | follows | set(NOT_SEEDED) == set(BOOK.rules)
    unbound = {code for code in defects.CODES if not found_by(code)}
    # Pairs: what finds them depends on how their dossiers differ.
    assert unbound == {"student.record.duplicate"}
    assert {rule for rules in FOUND_BY.values() for rule in rules} <= set(BOOK.rules)


def test_each_rule_finds_all_that_was_seeded_and_nothing_else(checked):
    _, _, outcomes = checked
    assert set(outcomes) == set(BOOK.rules)
    assert {code: (one.missed, one.false_alarms) for code, one in outcomes.items() if not one.is_right} == {}
    # There is something to find for each: a recall of 1 is not the recall of nothing.
    own = {code: one for code, one in outcomes.items() if code not in NOT_SEEDED}
    assert [code for code, one in own.items() if not one.seeded + one.knock_on + one.unusual] == []
    assert all(one.recall == 1 for one in own.values())
    # Nor of what is only unusual.
    assert [code for code, one in own.items() if not one.seeded + one.knock_on] == []


def test_what_is_called_unusual_is_little_and_of_few_kinds(checked):
    _, made, _ = checked
    assert {flaw.code for flaw in made.truth.natural} <= MAY_BE_UNUSUAL
    assert len(made.truth.natural) < 0.02 * len(made.rows.students)
    # What follows has its cause among the defects.
    codes = made.truth.codes()
    assert all(alarm.because in codes for alarm in made.truth.follows)
    assert len(made.truth.follows) < len(made.truth.flaws) / 2


def test_the_demo_is_mostly_green_with_the_defects_standing_out(checked, django_db_blocker):
    _, made, _ = checked
    with django_db_blocker.unblock(), act_as(Actor.system()):
        pupils = QualityCase.objects.filter(dataset="student").values("object_id").distinct().count()
        assert 0.02 < pupils / len(made.seats) < 0.08
        from thongsuot.modules.organization import queries as units

        index = index_of(Actor.system(), unit_id=units.department_id(), day=TODAY)
        assert index.layer.value > 90


def test_a_rule_that_misses_and_one_that_cries_are_shown():
    truth = Truth(
        flaws=[Flaw("student", 1, "student.gender.missing"), Flaw("student", 2, "student.gender.missing")],
        natural=[Flaw("student", 8, "student.grade.over_age")],
        follows=[Alarm("class.size.totals", 5, "student.gender.missing")],
    )
    rules = ("student.gender.missing", "class.size.totals", "student.age.late", "class.name.missing")
    gender, totals, late, name = compare(
        truth, {"student.gender.missing": {2, 3}, "student.age.late": {8}}, rules
    )
    assert (gender.seeded, gender.missed, gender.false_alarms, gender.recall) == (2, (1,), (3,), 0.5)
    assert (totals.knock_on, totals.missed, totals.recall) == (1, (5,), 0)
    assert (late.is_right, late.unusual) == (True, 1)
    assert (name.is_right, name.recall) == (True, None)
    figure = figure_of([gender, totals, late, name], "tiny")
    assert (figure.ours, figure.floor, figure.ratio) == (2, 4, 0.5)
    assert "lowest recall of a rule 0.000; false alarms 1" in figure.note
    assert "student.gender.missing, class.size.totals" in figure.note


def test_the_command_says_what_is_wrong(checked, django_db_blocker, tmp_path):
    file, made, _ = checked
    with django_db_blocker.unblock():
        out = StringIO()
        call_command("demo_truth", file, json=True, stdout=out)
        rows = {one["rule"]: one for one in json.loads(out.getvalue())}
        assert rows["student.gender.missing"]["recall"] == 1
        # The truth knows of one thing less than was found, and of one that is not there.
        known = Truth.from_json(file.read_text(encoding="utf-8"))
        spoiled = known.ids("student.gender.missing").pop()
        clean = next(s.student.id for s in made.seats if s.student.id not in known.spoiled("student"))
        known.flaws = [
            replace(one, id=clean) if (one.id, one.code) == (spoiled, "student.gender.missing") else one
            for one in known.flaws
        ]
        other = tmp_path / "other.json"
        other.write_text(known.as_json(), encoding="utf-8")
        out = StringIO()
        with pytest.raises(CommandError, match="1 quy tắc"):
            call_command("demo_truth", other, stdout=out)
        assert "sót 1, báo nhầm 1" in out.getvalue()
        (tmp_path / "none.json").write_text("[]", encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("demo_truth", tmp_path / "none.json")
        assert Student.objects.exists()
