"""Frozen on 30 September, whatever happens to the records afterwards; and the difference explained row by row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.factories import registry
from tests.factories.organization import make_province, make_school_year
from tests.factories.statistics import AS_OF, NOW, make_period, officer, return_of, small_form
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.modules.registry.models import Enrolment, Student
from thongsuot.modules.statistics.actions.freezing import freeze_due, freeze_period
from thongsuot.modules.statistics.actions.return_corrections import correct_return
from thongsuot.modules.statistics.actions.returns import accept_return, confirm_return, sign_off
from thongsuot.modules.statistics.models import FrozenRow, ReturnVersion
from thongsuot.modules.statistics.queries.computing import compute
from thongsuot.modules.statistics.queries.differences import Comparison, named
from thongsuot.modules.statistics.queries.frozen import Live, decimals, rows_of_version
from thongsuot.modules.statistics.queries.return_forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Four pupils at A1 (three in grade 1, one in grade 2), one at B1; frozen as of 30 September."""
    province = make_province()
    year = make_school_year()
    a1, a2 = (
        registry.make_class(province.school_a1, year, "1A"),
        registry.make_class(province.school_a1, year, "2A", grade=2),
    )
    b1 = registry.make_class(province.school_b1, year, "1B")
    pupils = {
        "stays": registry.make_student(province.school_a1, "Lê Ở Lại", school_class=a1),
        "moves": registry.make_student(province.school_a1, "Lê Chuyển Đi", school_class=a1),
        "goes": registry.make_student(province.school_a1, "Lê Bị Xóa", school_class=a1),
        "older": registry.make_student(province.school_a1, "Lê Lớp Hai", school_class=a2),
        "other": registry.make_student(province.school_b1, "Trần Trường Khác", school_class=b1),
    }
    period = make_period(officer(province), year=year, frozen=True)
    return province, year, pupils, period, {"a1": a1, "b1": b1}


def values_at(period, unit):
    one = return_of(period, unit)
    return decimals(ReturnVersion.objects.get(owner=one, number=one.version).values)


def live_at(unit):
    return compute(small_form(), [unit.pk], AS_OF)[unit.pk]


def change_everything(province, year, pupils, classes):
    """After the freezing it becomes known that one moved on 20 September, one was never there, one is a boy."""
    spell = Enrolment.objects.get(student=pupils["moves"])
    Enrolment.objects.filter(pk=spell.pk).update(left_on=date(2026, 9, 20), exit_type="transferred_out")
    registry.make_enrolment(pupils["moves"], classes["b1"], entered_on=date(2026, 9, 21))
    Enrolment.objects.filter(student=pupils["goes"]).delete()
    Student.objects.filter(pk=pupils["stays"].pk).update(gender="male")
    registry.make_student(province.school_a1, "Lê Mới Đến", school_class=classes["a1"])


def comparison(period, unit, cell=""):
    one = return_of(period, unit)
    version = ReturnVersion.objects.get(owner=one, number=one.version)
    form = form_of(period, "99.TH")
    rows = rows_of_version(version)
    measure = form.cells[cell].measure if cell else None
    return Comparison(form, rows, Live(period.as_of, frozenset(rows.batches)), period.as_of, measure)


def test_frozen_values_are_those_of_the_day_and_add_up(world):
    province, _year, _pupils, period, _classes = world
    assert values_at(period, province.school_a1) == live_at(province.school_a1)
    assert values_at(period, province.school_a1)["A01.1"] == 4
    assert values_at(period, province.school_a1)["A01.2"] == 3
    assert values_at(period, province.commune_a)["A01.1"] == 4
    assert values_at(period, province.department)["A01.1"] == 5
    assert values_at(period, province.department) == live_at(province.department)


def test_only_what_the_form_looks_at_is_kept(world):
    _province, _year, pupils, _period, _classes = world
    spell = Enrolment.objects.get(student=pupils["older"])
    kept = FrozenRow.objects.get(record_id=spell.pk)
    assert kept.columns == {"level": "primary", "grade": 2, "sex": "female", "ethnic_minority": False}


def test_the_frozen_form_does_not_move_the_live_one_does_and_every_row_is_explained(world):
    province, year, pupils, period, classes = world
    gone = Enrolment.objects.get(student=pupils["goes"]).pk
    before = {unit: values_at(period, unit) for unit in (province.school_a1, province.department)}

    change_everything(province, year, pupils, classes)

    assert {unit: values_at(period, unit) for unit in before} == before
    assert live_at(province.school_a1)["A01.1"] == 3
    assert live_at(province.school_a1)["A02.1"] == 2
    principal = province.actor("principal", "school_a1")
    compared = comparison(period, province.school_a1)
    found = {one.record_id: one for one in named(principal, list(compared.rows()), AS_OF)}
    assert sum(compared.count().values()) == len(found) == 4
    said = {(one.name, one.change.value, one.is_deleted) for one in found.values()}
    assert said == {
        ("Lê Chuyển Đi", "left", False),
        ("", "left", True),
        ("Lê Ở Lại", "changed", False),
        ("Lê Mới Đến", "came", False),
    }
    assert found[gone].is_deleted
    changed = next(one for one in found.values() if one.change == "changed")
    assert changed.fields == (("Giới tính", "Nữ", "Nam"),)


def test_a_cells_difference_is_the_sum_of_its_rows(world):
    province, year, pupils, period, classes = world
    change_everything(province, year, pupils, classes)
    for unit in (province.school_a1, province.commune_a, province.department):
        for cell in ("A01.1", "A01.2", "A02.1", "A02.2", "A03.1"):
            rows = list(comparison(period, unit, cell).rows())
            assert sum(one.effect for one in rows) == live_at(unit)[cell] - values_at(period, unit)[cell]
    # A page of them is cut out of the same order.
    everything = [one.record_id for one in comparison(period, province.department).rows()]
    assert [
        one.record_id for one in comparison(period, province.department).rows(start=1, stop=3)
    ] == everything[1:3]


def test_a_correction_is_a_new_version_and_what_was_signed_stays(world):
    province, year, pupils, period, classes = world
    principal = province.actor("principal", "school_a1")
    commune = province.actor("commune_officer", "commune_a_office")
    department = officer(province)
    school, area = return_of(period, province.school_a1), return_of(period, province.commune_a)
    confirm_return(by=principal, one=school, now=NOW)
    accept_return(by=commune, one=school, now=NOW)
    confirm_return(by=commune, one=area, now=NOW)
    sign_off(by=department, one=area, now=NOW)
    signed = ReturnVersion.objects.get(owner=school, number=1)
    assert signed.signed_off_at == NOW

    change_everything(province, year, pupils, classes)
    with pytest.raises(Refused, match="lý do"):
        correct_return(by=principal, one=school, reason=" ", now=NOW)
    version = correct_return(by=principal, one=school, reason="Biết muộn về học sinh chuyển đi", now=NOW)

    assert version.number == 2
    assert decimals(version.values)["A01.1"] == 3
    assert ReturnVersion.objects.get(owner=school, number=1).values == signed.values
    school, area = return_of(period, province.school_a1), return_of(period, province.commune_a)
    assert (school.state, school.version) == ("draft", 2)
    assert (area.state, area.version) == ("draft", 2)
    assert values_at(period, province.commune_a)["A01.1"] == 3
    # The department's return had not been signed off: it is counted anew in place.
    whole = return_of(period, province.department)
    assert (whole.state, whole.version, values_at(period, province.department)["A01.1"]) == ("draft", 1, 4)
    first, second = (
        ReturnVersion.objects.select_related("owner").get(owner=school, number=n) for n in (1, 2)
    )
    form = form_of(period, "99.TH")
    between = Comparison(form, rows_of_version(first), rows_of_version(second), period.as_of)
    assert sorted(one.change.value for one in between.rows()) == ["came", "changed", "left", "left"]


@pytest.mark.parametrize("what", ["values", "reasons", "signed_off_at"])
def test_the_database_refuses_to_change_what_was_signed_off(world, what):
    province, _year, _pupils, period, _classes = world
    school = return_of(period, province.school_a1)
    version = ReturnVersion.objects.get(owner=school)
    version.signed_off_at = NOW
    version.save(update_fields=["signed_off_at"])
    value = "null" if what == "signed_off_at" else "'{}'::jsonb"
    sql = f"update statistics_returnversion set {what} = {value} where id = %s"
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(sql, [version.pk])
    with pytest.raises(ProgrammingError), transaction.atomic():
        version.delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        FrozenRow.objects.update(unit_id=1)


def test_freezing_waits_for_the_day_and_happens_once():
    province = make_province()
    by = officer(province)
    period = make_period(by)
    assert freeze_due(by=by, today=AS_OF, now=NOW) == 0
    with pytest.raises(Refused, match="Chưa đến ngày"):
        freeze_period(by=by, period=period, now=NOW - timedelta(days=3))
    with pytest.raises(NotAllowed):
        freeze_period(by=province.actor("principal", "school_a1"), period=period, now=NOW)
    assert freeze_due(by=by, today=AS_OF + timedelta(days=1), now=NOW) == 1
    assert freeze_due(by=by, today=AS_OF + timedelta(days=1), now=NOW) == 0
    with pytest.raises(Refused, match="đã chốt"):
        freeze_period(by=by, period=period, now=NOW)


def test_last_year_is_compared_and_a_large_change_needs_a_reason(world):
    province, year, _pupils, _period, classes = world
    by, principal = officer(province), province.actor("principal", "school_a1")
    for _n in range(3):
        registry.make_student(province.school_a1, school_class=classes["a1"])
    later = make_period(by, year=year, as_of=date(2026, 10, 1), due={
        "school": date(2026, 10, 5), "commune": date(2026, 10, 5), "department": date(2026, 10, 5)})  # fmt: skip
    freeze_period(by=by, period=later, now=NOW)
    one = return_of(later, province.school_a1)
    with pytest.raises(Refused, match="lý do"):
        confirm_return(by=principal, one=one, now=NOW)
    found = ReturnVersion.objects.get(owner=one).findings
    assert [(f["kind"], f["cells"], f["left"], f["right"]) for f in found] == [
        ("reason", ["A01.1"], "7", "4"),
        ("reason", ["A01.2"], "6", "3"),
    ]
    reasons = {f["key"]: "Tuyển thêm một lớp" for f in found}
    confirm_return(by=principal, one=one, now=NOW, reasons=reasons)
    assert ReturnVersion.objects.get(owner=one).reasons == reasons
