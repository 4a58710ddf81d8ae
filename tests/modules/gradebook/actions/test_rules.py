"""Rules that the department sets: two school years under two rules, results that follow, withdrawal."""

from __future__ import annotations

import json

import pytest

from tests.factories.gradebook import SYSTEM, fill_year, make_open_class
from tests.factories.organization import make_school_year
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.importing.progress import Silent
from thongsuot.modules.gradebook import actions, tasks
from thongsuot.modules.gradebook.models import ClassSubject, PupilYear, RulesVersion
from thongsuot.modules.gradebook.queries import all_rules, file_rules, rules_of, stale_units
from thongsuot.modules.gradebook.types import BadRules, BadValue, StateConflict

TT22 = json.loads(next(one for one in file_rules() if one.code == "TT22-2021").model_dump_json())


def document(first_year, grades=(8,), **changed):
    applies = [{"level": "lower_secondary", "grade": grade, "from_year": first_year} for grade in grades]
    return {**TT22, "applies": applies, **changed}


@pytest.fixture
def officer(world):
    return world.province.actor("department_officer", "department")


def put(world, officer, given, **more):
    said = {"base": "TT22-2021", "source": "Đối chiếu Điều 9", "now": world.now, **more}
    return actions.set_rules(by=officer, document=given, **said)


def follow(officer, *years):
    return tasks.follow_step(by=officer, progress=Silent(), year_ids=[one.pk for one in years])


def years_of(student):
    rows = PupilYear.objects.filter(student=student).order_by("school_year__starts_on")
    return list(rows.values_list("rules", "learning", "award"))


def test_two_school_years_under_two_rules(world, officer):
    """6,6 in every subject is Khá by TT 22/2021 and stays so last year; this year another threshold holds for grade 8."""
    first = world.year.starts_on.year
    before = make_school_year(first - 1)
    old = make_open_class(world.school, before, grade=8)
    one, other = old.students[0], world.secondary.students[0]
    for made, student in ((old, one), (world.secondary, other)):
        fill_year(made, student, "6.6")
    for year in (before, world.year):
        tasks.compute_step(
            by=SYSTEM, progress=Silent(), year_id=year.pk, unit_ids=[world.school.pk, world.primary.unit.pk]
        )
    assert years_of(one) == years_of(other) == [("TT22-2021", "fair", "")]
    learning = [*TT22["learning"]]
    learning[0] = {**learning[0], "enough": "6.5"}
    row = put(world, officer, document(first, learning=learning))
    assert (row.code, row.set_by_id) == ("TT22-2021.1", officer.user_id)
    assert rules_of("lower_secondary", 8, first - 1).code == "TT22-2021"
    assert rules_of("lower_secondary", 8, first).code == "TT22-2021.1"
    assert rules_of("lower_secondary", 9, first).code == "TT22-2021"
    # The pupils of the class, and nobody else: the other year and the other grades keep what they have.
    assert "2" in follow(officer, before, world.year).message
    assert years_of(one) == [("TT22-2021", "fair", "")]
    assert years_of(other) == [("TT22-2021.1", "good", "good")]
    assert stale_units(SYSTEM) == {}
    assert "0" in follow(officer, before, world.year).message
    actions.withdraw_rules(by=officer, version=row, reason="Dự thảo, chưa ban hành", now=world.now)
    follow(officer, before, world.year)
    assert years_of(other) == [("TT22-2021", "fair", "")]
    # Results of the past may still name it.
    assert rules_of("", 0, 0, "TT22-2021.1").code == "TT22-2021.1"
    assert "TT22-2021.1" not in {rules.code for rules in all_rules()}
    with pytest.raises(StateConflict):
        actions.withdraw_rules(by=officer, version=row, reason="Lần nữa", now=world.now)


def test_more_assessments_get_their_columns(world, officer):
    """Only in years that are not over, and never fewer."""
    first = world.year.starts_on.year
    old = make_open_class(world.school, make_school_year(first - 1), grade=8)
    put(world, officer, document(first - 1, regular_by_comment=3))
    follow(officer, old.school_year, world.year)
    arts = ClassSubject.objects.filter(code="arts")
    assert arts.get(school_class=world.secondary.school_class).regular_count == 3
    assert arts.get(school_class=old.school_class).regular_count == 2


def test_numbers_and_what_is_refused(world, officer):
    first = world.year.starts_on.year
    assert put(world, officer, document(first, reassess_below="4.5")).code == "TT22-2021.1"
    later = put(world, officer, document(first, (6, 7), reassess_below="4.5"), base="TT22-2021.1")
    assert (later.code, later.base) == ("TT22-2021.2", "TT22-2021.1")
    with pytest.raises(BadValue, match="Không có gì khác"):
        put(world, officer, document(first, reassess_below="4.5"))
    with pytest.raises(BadValue, match="căn cứ"):
        put(world, officer, document(first), source=" ")
    with pytest.raises(BadRules, match=r"learning\.1\.every"):
        put(
            world,
            officer,
            document(first, learning=[*TT22["learning"][:1], {**TT22["learning"][1], "every": "9"}]),
        )
    with pytest.raises(BadRules, match="Chưa chọn khối"):
        put(world, officer, {**document(first), "applies": []})
    with pytest.raises(BadValue, match="Đã có quy định mang mã"):
        put(world, officer, document(first, title="Khác"), base="")
    with pytest.raises(BadValue, match="Mã quy định"):
        put(world, officer, document(first, code="thông tư mới"), base="")
    new = put(world, officer, document(first, (9,), code="TT99-2027", title="Khác"), base="")
    assert new.code == "TT99-2027.1"
    for nobody in (world.principal, world.office, world.maths):
        with pytest.raises(NotAllowed):
            put(world, nobody, document(first + 1))
        with pytest.raises(NotAllowed):
            actions.withdraw_rules(by=nobody, version=new, reason="Không được", now=world.now)
    with pytest.raises(NotAllowed):
        actions.follow_rules(
            by=officer, school_year=world.year, unit_ids=[world.school.pk], today=world.now.date()
        )
    with pytest.raises(BadValue, match="lý do"):
        actions.withdraw_rules(by=officer, version=new, reason="", now=world.now)
    assert RulesVersion.objects.filter(withdrawn_at=None).count() == 3


def test_who_follows_what(world, officer):
    assert tasks.ask_to_follow(by=officer, first_year=world.year.starts_on.year + 5) is None
    assert tasks.ask_to_follow(by=officer, first_year=world.year.starts_on.year) is not None
    with pytest.raises(NotAllowed):
        tasks.ask_to_follow(by=world.principal, first_year=2020)
