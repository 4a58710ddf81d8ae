"""The grid: rows that are right are saved, all wrong cells are told, nobody is overwritten."""

from datetime import date

import pytest

from tests.factories.organization import TODAY, make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.actions import GridEdit


@pytest.fixture
def world(db):
    province = make_province()
    province.school_class = make_class(province.school_a1, make_school_year(), "1A")
    province.pupils = [
        make_student(
            province.school_a1, f"Bé {name}", school_class=province.school_class, local_code=str(number)
        )
        for number, name in enumerate(("Một", "Hai", "Ba"), start=1)
    ]
    return province


@pytest.fixture
def office(world):
    return world.actor("school_office", "school_a1")


def save(by, *edits):
    found = actions.edit_students(by=by, edits=[GridEdit(*edit) for edit in edits], today=TODAY)
    return {one.student_id: one for one in found}


def codes(world):
    for pupil in world.pupils:
        pupil.refresh_from_db()
    return [pupil.local_code for pupil in world.pupils]


def test_good_rows_are_saved_and_every_wrong_cell_is_told(world, office):
    one, two, _ = world.pupils
    results = save(
        office,
        (one.pk, {"full_name": "Bé Mới", "phone": "0901"}),
        (two.pk, {"full_name": "7", "birth_date": date(2999, 1, 1), "phone": "0902"}),
    )
    assert results[one.pk].saved
    assert results[one.pk].errors == {}
    assert set(results[two.pk].errors) == {"full_name", "birth_date"}
    assert codes(world) == ["1", "2", "3"]
    assert (one.full_name, one.enrolments.get().student_name, two.phone) == ("Bé Mới", "Bé Mới", "")


def test_codes_change_places(world, office):
    one, two, three = world.pupils
    results = save(
        office, (one.pk, {"local_code": "2"}), (two.pk, {"local_code": "3"}), (three.pk, {"local_code": "1"})
    )
    assert all(result.saved for result in results.values())
    assert codes(world) == ["2", "3", "1"]


def test_a_row_that_fails_keeps_its_code_and_so_fails_others(world, office):
    one, two, three = world.pupils
    results = save(office, (one.pk, {"local_code": "2"}), (two.pk, {"local_code": "9", "full_name": ""}))
    assert set(results[two.pk].errors) == {"full_name"}
    assert set(results[one.pk].errors) == {"local_code"}
    results = save(office, (one.pk, {"local_code": "5"}), (three.pk, {"local_code": "5"}))
    assert all(set(result.errors) == {"local_code"} for result in results.values())
    assert codes(world) == ["1", "2", "3"]


def test_a_row_that_somebody_has_changed_is_left_alone(world, office):
    one, two, _ = world.pupils
    seen = queries.edition_of(one)
    actions.update_student(by=office, student=one, changes={"phone": "0911"})
    results = save(
        office, (one.pk, {"phone": "0922"}, seen), (two.pk, {"phone": "0933"}, queries.edition_of(two))
    )
    assert "" in results[one.pk].errors
    assert results[two.pk].saved
    codes(world)
    assert (one.phone, two.phone) == ("0911", "0933")
    # The edition that comes back is the one to go on with.
    assert results[two.pk].edition == queries.edition_of(two)


def test_others_rows_are_none_of_ones_business(world):
    stranger = world.actor("school_office", "school_b1")
    results = save(stranger, (world.pupils[0].pk, {"phone": "1"}), (10**9, {"phone": "1"}))
    assert all(result.errors and not result.saved for result in results.values())
    assert len({tuple(result.errors.values()) for result in results.values()}) == 1


def test_boarding_begins_and_ends(world, office):
    one = world.pupils[0]
    save(office, (one.pk, {"is_boarding": True}))
    assert queries.boarding_now(office, [one.pk]) == {one.pk}
    save(office, (one.pk, {"is_boarding": True}))
    assert one.characteristics.count() == 1
    one.characteristics.update(valid_from=date(2026, 9, 5))
    save(office, (one.pk, {"is_boarding": False}))
    assert one.characteristics.get().valid_to == date(2026, 11, 22)
