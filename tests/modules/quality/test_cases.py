"""What people do with cases, who may, and who sees them."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from tests.modules.quality.test_running import at, case_of, check, spoil, verbs
from tests.modules.registry.checks.worlds import TODAY
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.quality import actions, queries
from thongsuot.modules.quality import permissions as p
from thongsuot.modules.quality.models import ProvinceScore, QualityCase, QualityScore, RuleSetting
from thongsuot.modules.quality.tasks import claim_and_check
from thongsuot.modules.quality.types import BOOK, CaseClosed, CaseNotMended, NotExplainable, WrongParameter
from thongsuot.modules.registry.models import Enrolment, Student
from thongsuot.modules.registry.types import WrongDatum

HOLDERS = [
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
    ("parent", "school_a1"),
    ("system_administrator", "department"),
]


@pytest.fixture
def broken(world):
    """One wrong pupil in each of two schools."""
    for school in ("school_a1", "school_b1"):
        spoil(at(world, school), gender="", phone="123")
    check()
    return world


def the_case(world, rule="student.gender.missing", school="school_a1"):
    return case_of(rule, at(world, school))


@pytest.mark.parametrize(("role", "unit"), HOLDERS)
def test_one_and_many_agree(broken, role, unit):
    actor = broken.actor(role, unit)
    everything = list(QualityCase.objects.all())
    assert set(queries.cases(actor)) == {case for case in everything if p.can_see_case(actor, case)}
    mendable = set(QualityCase.objects.filter(p.cases_mendable(actor)))
    assert mendable == {case for case in everything if p.can_mend(actor, case.unit_id)}


def test_the_database_shows_a_school_its_own_cases_only(broken):
    actions.take_case(
        by=broken.actor("school_office", "school_b1"), case=the_case(broken, school="school_b1")
    )
    with act_as(broken.actor("school_office", "school_a1")), connection.cursor() as cursor:
        for table, column in (("quality_qualitycase", "unit_id"), ("quality_qualityscore", "unit_id")):
            cursor.execute(f"select distinct {column} from {table}")
            assert cursor.fetchall() == [(broken.school_a1.pk,)]
        cursor.execute("select count(*) from quality_caseevent")
        assert cursor.fetchone() == (0,)


def test_a_case_holds_no_datum(broken):
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(c)::text from quality_qualitycase c")
        text = " ".join(row[0] for row in cursor.fetchall())
    student = at(broken)
    assert student.full_name not in text
    assert '"123"' not in text


def test_take_and_give(broken):
    one, other = broken.actor("school_office", "school_a1"), broken.actor("principal", "school_a1")
    case = actions.take_case(by=one, case=the_case(broken))
    assert (case.state, case.owner_id) == ("in_hand", one.user_id)
    rows = QualityCase.objects.all()
    given = actions.assign_cases(by=one, rows=rows, user_id=other.user_id, today=TODAY)
    mine = QualityCase.objects.filter(owner_id=other.user_id)
    assert given == mine.count() > 1
    assert set(mine.values_list("unit_id", flat=True)) == {broken.school_a1.pk}
    from thongsuot.kit.notify.models import Notification

    assert Notification.objects.filter(kind="quality.assigned", recipient_id=other.user_id).count() == 1
    stranger = broken.actor("school_office", "school_b1")
    with pytest.raises(NotAllowed):
        actions.assign_cases(by=one, rows=rows, user_id=stranger.user_id, today=TODAY)


@pytest.mark.parametrize(
    ("role", "unit"),
    [("school_office", "school_b1"), ("department_officer", "office"), ("teacher", "school_a1")],
)
def test_only_the_school_itself_mends(broken, role, unit):
    actor, case = broken.actor(role, unit), the_case(broken)
    for act in (
        lambda: actions.take_case(by=actor, case=case),
        lambda: actions.claim_mended(by=actor, case=case, today=TODAY),
        lambda: actions.mend_case(by=actor, case=case, value="male", today=TODAY),
        lambda: actions.explain_case(by=actor, case=case, explanation="vì thực tế như vậy"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert actions.claim_many(by=actor, rows=QualityCase.objects.filter(pk=case.pk)) == {}
    case.refresh_from_db()
    assert case.state == "open"


def test_closing_an_error_needs_the_datum_to_be_right(broken):
    person, case = broken.actor("school_office", "school_a1"), the_case(broken)
    with pytest.raises(CaseNotMended):
        actions.claim_mended(by=person, case=case, today=TODAY)
    case.refresh_from_db()
    assert case.state == "open"
    with pytest.raises(NotExplainable):
        actions.explain_case(by=person, case=case, explanation="không cần sửa gì cả đâu")
    spoil(at(broken), gender="female")
    closed = actions.claim_mended(by=person, case=case, today=TODAY)
    assert (closed.state, verbs(case)) == ("mended", ["mended"])
    with pytest.raises(CaseClosed):
        actions.take_case(by=person, case=case)


def test_claimed_of_somebody_who_has_left(broken):
    Enrolment.objects.filter(student=at(broken)).update(left_on=TODAY, exit_type="dropped_out")
    person = broken.actor("school_office", "school_a1")
    assert actions.claim_mended(by=person, case=the_case(broken), today=TODAY).state == "gone"


def test_mended_in_place(broken):
    person, case, student = broken.actor("school_office", "school_a1"), the_case(broken), at(broken)
    before = queries.index_of(person, unit_id=broken.school_a1.pk, day=TODAY).layer
    with act_as(person):
        row = actions.mend_case(by=person, case=case, value="female", today=TODAY)
    assert row.state == "mended"
    student.refresh_from_db()
    assert student.gender == "female"
    after = queries.index_of(person, unit_id=broken.school_a1.pk, day=TODAY).layer
    assert after.value > before.value
    assert after.failed == before.failed - 1


def test_mended_wrongly_stays_open(broken):
    person = broken.actor("school_office", "school_a1")
    case = the_case(broken, "student.phone.format")
    row = actions.mend_case(by=person, case=case, value="0912", today=TODAY)
    assert (row.state, verbs(case)) == ("open", ["changed"])
    at(broken).refresh_from_db()
    assert at(broken).phone == "0912"
    with pytest.raises(WrongDatum):
        actions.mend_case(by=person, case=the_case(broken), value="khác", today=TODAY)


def test_a_name_mended_in_place_is_found_and_stands_in_the_books(broken):
    student, person = at(broken), broken.actor("school_office", "school_a1")
    spoil(student, full_name="Ðinh  Thị Bưởi", identity_status="mismatched")
    check()
    case = case_of("student.full_name.eth", student)
    actions.mend_case(by=person, case=case, value="Ðinh  Thị Bưởi", today=TODAY)
    student.refresh_from_db()
    assert (student.full_name, student.name_fold) == ("Đinh Thị Bưởi", "dinh thi buoi")
    assert student.identity_status == "mended"
    assert Enrolment.objects.get(student=student).student_name == "Đinh Thị Bưởi"


@pytest.mark.parametrize(
    ("column", "value"),
    [("full_name", " "), ("birth_date", "hôm qua"), ("ethnicity", "99"), ("email", "x@"), ("account", 1)],
)
def test_a_datum_that_cannot_be(broken, column, value):
    from thongsuot.modules.registry.actions.mending import mend_person

    person = broken.actor("school_office", "school_a1")
    with pytest.raises(WrongDatum):
        mend_person(by=person, model=Student, column=column, object_id=at(broken).pk, value=value)


def test_mending_a_dossier_of_another_school(broken):
    from thongsuot.modules.registry.actions.mending import mend_person

    person = broken.actor("school_office", "school_a1")
    with pytest.raises(NotAllowed):
        mend_person(
            by=person, model=Student, column="gender", object_id=at(broken, "school_b1").pk, value="male"
        )


def test_explained_counts_as_passed_until_it_is_mended(broken):
    person = broken.actor("school_office", "school_a1")
    case = the_case(broken, "student.phone.format")
    with pytest.raises(NotExplainable):
        actions.explain_case(by=person, case=case, explanation="đúng")
    actions.explain_case(by=person, case=case, explanation="Số của Lào, gia đình ở bên kia biên giới.")
    check(date(2026, 11, 25))
    case.refresh_from_db()
    assert case.state == "explained"
    score = QualityScore.objects.get(unit=broken.school_a1, day=date(2026, 11, 25), rule=case.rule)
    assert score.passed == score.assessed
    spoil(at(broken), phone="0912345678")
    check(date(2026, 11, 26))
    case.refresh_from_db()
    assert case.state == "mended"


def test_many_claimed_at_once_are_checked_in_the_background(broken):
    person = broken.actor("school_office", "school_a1")
    spoil(at(broken), gender="female")
    rows = QualityCase.objects.filter(object_id=at(broken).pk)
    assert claim_and_check(by=person, rows=rows) == rows.count()
    assert set(rows.values_list("state", flat=True)) == {"claimed_mended"}
    run_jobs()
    assert the_case(broken).state == "mended"
    wrong = the_case(broken, "student.phone.format")
    assert (wrong.state, verbs(wrong)) == ("open", ["claimed", "put_back"])


def test_setting_rules(broken):
    officer, office = broken.actor("department_officer", "office"), broken.actor("school_office", "school_a1")
    code = "student.dossier.stale"

    def set_rule(by=officer, **changes):
        given = {"code": code, "is_on": True, "weight": None, "numbers": {"days": 10}, "valid_from": TODAY}
        return actions.set_rule(by=by, **{**given, **changes})

    with pytest.raises(NotAllowed):
        set_rule(by=office)
    for wrong in (
        {"numbers": {"weeks": 1}},
        {"numbers": {"days": -1}},
        {"numbers": {"days": True}},
        {"weight": 0},
        {"code": "student.nothing"},
        {"valid_to": date(2026, 1, 1)},
    ):
        with pytest.raises(WrongParameter):
            set_rule(**wrong)
    set_rule()
    assert set_rule(numbers={"days": 20}).parameters == {"days": 20}
    assert queries.set_rule_named(code, TODAY).numbers == {"days": 20}
    with pytest.raises(WrongParameter):
        actions.set_thresholds(by=officer, green=70, yellow=80, valid_from=TODAY)
    actions.set_thresholds(by=officer, green=95, yellow=80, valid_from=TODAY)
    assert (queries.thresholds(TODAY).green, queries.thresholds(TODAY).yellow) == (95, 80)


def test_ranking_and_trend(broken):
    leader = broken.actor("department_leader", "department")
    spoil(at(broken, "school_b1"), gender="female", phone="0912345678")
    check(date(2026, 11, 25))
    day = date(2026, 11, 26)
    schools = queries.ranking(leader, level="school", day=day)
    placed = {one.unit_id: one for one in schools}
    better, worse = placed[broken.school_b1.pk], placed[broken.school_a1.pk]
    assert better.value > worse.value
    assert better.rank < worse.rank
    assert better.failed == 0 or better.value < 100
    assert (
        next(one.unit_id for one in queries.ranking(leader, level="school", day=day, words="hoa loi"))
        in placed
    )
    communes = queries.ranking(leader, level="commune", day=day)
    assert {one.unit_id for one in communes} == {broken.commune_a.pk, broken.commune_b.pk}
    own = queries.ranking(broken.actor("school_office", "school_a1"), level="school", day=day)
    assert [one.unit_id for one in own] == [broken.school_a1.pk]
    province = queries.index_of(leader, unit_id=broken.department.pk, day=day)
    assert province.schools == len(schools)
    assert province.layer.failed == sum(one.failed for one in schools)
    with pytest.raises(NotAllowed):
        queries.index_of(broken.actor("school_office", "school_a1"), unit_id=broken.school_b1.pk, day=day)


def test_the_ranking_is_the_index_of_the_domain_for_every_body(broken):
    """The statement and `build_index` say the same of any counts, weights and switches."""
    luck = random.Random(20261123)
    leader = broken.actor("department_leader", "department")
    codes = sorted(BOOK.rules)
    QualityScore.objects.all().delete()
    units = [broken.school_a1, broken.school_a2, broken.school_b1, broken.school_b2, broken.commune_a]
    for unit in units:
        QualityScore.objects.bulk_create(
            QualityScore(
                unit=unit,
                day=TODAY,
                rule=code,
                assessed=(n := luck.randint(0, 500)),
                passed=luck.randint(0, n),
            )
            for code in luck.sample(codes, 60)
        )
    for code in codes[::7]:
        RuleSetting.objects.create(
            rule=code, is_on=luck.random() < 0.5, weight=luck.randint(1, 9), valid_from=TODAY, parameters={}
        )
    for level in ("school", "commune"):
        for one in queries.ranking(leader, level=level, day=TODAY):
            layer = queries.index_of(leader, unit_id=one.unit_id, day=TODAY).layer
            assert (one.value is None) == (layer.value is None)
            assert layer.value is None or abs(one.value - layer.value) < Decimal("1e-8")
            assert (one.failed, one.incidents) == (layer.failed, layer.incidents)
            below = {part.key: part.value for part in layer.below if part.value is not None}
            assert one.by_dataset.keys() == below.keys()
            assert all(abs(one.by_dataset[key] - below[key]) < Decimal("1e-8") for key in below)


def test_the_days_of_the_province_are_kept_and_kept_right(broken):
    """A later check of one school, or a case closed by hand, moves the sums of the day too."""
    leader = broken.actor("department_leader", "department")

    def live(day):
        summed = QualityScore.objects.filter(day=day).order_by("rule").values_list("rule")
        return list(summed.annotate(a=Sum("assessed"), p=Sum("passed")))

    def kept(day):
        rows = ProvinceScore.objects.filter(day=day).order_by("rule")
        return list(rows.values_list("rule", "assessed", "passed"))

    def shown():
        with CaptureQueriesContext(connection) as asked:
            points = queries.trend(leader, unit_id=broken.department.pk, until=date(2026, 11, 25))
        assert not any("quality_qualityscore" in query["sql"] for query in asked)
        return {point.day: point.value for point in points}

    assert live(TODAY) == kept(TODAY) != []
    before = shown()
    spoil(at(broken, "school_b1"), gender="female")
    check(TODAY, broken.school_b1)
    assert live(TODAY) == kept(TODAY)
    actions.explain_case(
        by=broken.actor("school_office", "school_a1"),
        case=the_case(broken, "student.phone.format"),
        explanation="Số của Lào, gia đình ở bên kia biên giới.",
    )
    assert live(TODAY) == kept(TODAY)
    assert shown()[TODAY] > before[TODAY]
    # On a day on which only a school was checked the province has no point.
    check(date(2026, 11, 24), broken.school_b1)
    assert kept(date(2026, 11, 24)) == []
    check(date(2026, 11, 25))
    assert live(date(2026, 11, 25)) == kept(date(2026, 11, 25))
    assert set(shown()) == {TODAY, date(2026, 11, 25)}


def test_an_identifier_below_100_is_an_incident(broken):
    leader = broken.actor("department_leader", "department")
    one, two = at(broken), at(broken, "school_b1")
    before = queries.index_of(leader, unit_id=broken.school_a1.pk, day=TODAY)
    assert not before.has_incident
    spoil(two, personal_id_sealed=one.personal_id_sealed, personal_id_digest=one.personal_id_digest)
    check()
    after = queries.index_of(leader, unit_id=broken.school_a1.pk, day=TODAY)
    assert after.has_incident
    assert after.layer.incidents == 1
