from datetime import date
from decimal import Decimal

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_room, make_staff, make_student, make_teaching
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.types import BadValue, ChangedMeanwhile, DuplicateCode, StateConflict


@pytest.fixture
def world(db):
    province = make_province()
    province.year = make_school_year()
    return province


@pytest.fixture
def office(world):
    return world.actor("school_office", "school_a1")


def create_class(by, world, **facts):
    unit = world.school_a1
    return actions.create_class(
        by=by, unit_id=unit.pk, school_year_id=world.year.pk, facts={"name": "1A", **facts}
    )


class TestClasses:
    def test_defaults(self, world, office):
        made = create_class(office, world, grade=1)
        assert (made.code, made.valid_from) == ("1A", world.year.starts_on)
        with pytest.raises(DuplicateCode):
            create_class(office, world)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"name": " "}, "name"),
            ({"grade": 7}, "grade"),
            ({"mixed_grades": "2, 9"}, "mixed_grades"),
            ({"valid_from": date(2027, 6, 1)}, "valid_from"),
            ({"homeroom_teacher_id": 10**9}, "homeroom_teacher_id"),
            ({"room_id": 10**9}, "room_id"),
            ({"site_id": 10**9}, "site_id"),
        ],
    )
    def test_what_cannot_be_right(self, world, office, facts, field):
        with pytest.raises(BadValue) as refusal:
            create_class(office, world, **facts)
        assert refusal.value.details["field"] == field

    def test_things_of_another_school(self, world, office):
        with pytest.raises(BadValue):
            create_class(office, world, homeroom_teacher_id=make_staff(world.school_b1).pk)
        with pytest.raises(BadValue):
            create_class(office, world, room_id=make_room(world.school_b1).pk)

    def test_two_editors(self, world, office):
        made = create_class(office, world)
        seen = queries.edition_of(made)
        actions.update_class(by=office, school_class=made, changes={"max_students": 30}, seen=seen)
        with pytest.raises(ChangedMeanwhile):
            actions.update_class(by=office, school_class=made, changes={"max_students": 35}, seen=seen)
        made.refresh_from_db()
        assert made.max_students == 30

    def test_closing(self, world, office):
        made = create_class(office, world, grade=1)
        make_student(world.school_a1, school_class=made)
        with pytest.raises(StateConflict):
            actions.close_class(by=office, school_class=made, on=date(2026, 12, 1))
        made.enrolments.update(left_on=date(2026, 11, 1), exit_type="dropped_out")
        with pytest.raises(BadValue):
            actions.close_class(by=office, school_class=made, on=date(2026, 9, 1))
        assert actions.close_class(by=office, school_class=made, on=date(2026, 12, 1)).valid_to == date(
            2026, 12, 1
        )

    def test_only_the_school(self, world):
        for role, unit in (
            ("teacher", "school_a1"),
            ("school_office", "school_b1"),
            ("department_leader", "department"),
        ):
            with pytest.raises(NotAllowed):
                create_class(world.actor(role, unit), world)


class TestStaff:
    def create(self, by, world, **facts):
        return actions.create_staff(
            by=by,
            unit_id=world.school_a1.pk,
            facts={"full_name": "Lê Thị Dạy", "birth_date": date(1988, 1, 1), **facts},
            post={"group": "teacher", "subjects": [" Toán", "Toán", ""]},
            valid_from=date(2020, 9, 1),
        )

    def test_a_dossier_with_its_first_post(self, world, office):
        made = self.create(office, world)
        post = made.employments.get()
        assert (post.group, post.status, post.subjects) == ("teacher", "working", ["Toán"])
        with pytest.raises(StateConflict):
            actions.begin_employment(
                by=office,
                staff=made,
                unit_id=world.school_a1.pk,
                post={"group": "teacher"},
                valid_from=date(2021, 1, 1),
            )

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"recruited_on": date(1980, 1, 1)}, "recruited_on"), ({"full_name": ""}, "full_name")],
    )
    def test_what_cannot_be_right(self, world, office, facts, field):
        with pytest.raises(BadValue) as refusal:
            self.create(office, world, **facts)
        assert refusal.value.details["field"] == field

    def test_a_changed_post_leaves_the_old_one_countable(self, world, office):
        made = self.create(office, world)
        post = made.employments.get()
        actions.change_employment(
            by=office, employment=post, post={"group": "manager"}, valid_from=date(2024, 1, 1)
        )
        rows = list(made.employments.order_by("valid_from").values_list("group", "valid_from", "valid_to"))
        assert rows == [
            ("teacher", date(2020, 9, 1), date(2023, 12, 31)),
            ("manager", date(2024, 1, 1), None),
        ]
        with pytest.raises(StateConflict):
            actions.change_employment(
                by=office, employment=post, post={"group": "employee"}, valid_from=date(2024, 1, 1)
            )
        now = made.employments.get(valid_to__isnull=True)
        actions.change_employment(
            by=office, employment=now, post={"group": "employee"}, valid_from=date(2024, 1, 1)
        )
        assert made.employments.count() == 2

    def test_the_end_of_a_post_ends_what_hangs_on_it(self, world, office):
        made = self.create(office, world)
        school_class = make_class(world.school_a1, world.year, homeroom_teacher=made)
        teaching = make_teaching(made, school_class)
        post = made.employments.get()
        with pytest.raises(BadValue):
            actions.end_employment(by=office, employment=post, on=date(2026, 11, 1), status="working")
        actions.end_employment(by=office, employment=post, on=date(2026, 11, 1), status="retired")
        teaching.refresh_from_db()
        school_class.refresh_from_db()
        assert (teaching.valid_to, school_class.homeroom_teacher) == (date(2026, 11, 1), None)

    def test_teaching(self, world, office):
        made, school_class = self.create(office, world), make_class(world.school_a1, world.year)
        given = {
            "staff": made,
            "school_class": school_class,
            "subject": "Toán",
            "valid_from": date(2026, 9, 7),
        }
        with pytest.raises(BadValue):
            actions.assign_teaching(by=office, **given, lessons_per_week=Decimal(0))
        one = actions.assign_teaching(by=office, **given, lessons_per_week=Decimal("4.5"))
        with pytest.raises(StateConflict):
            actions.assign_teaching(by=office, **given, lessons_per_week=Decimal(4))
        other = {**given, "school_class": make_class(world.school_b1, world.year)}
        with pytest.raises(NotAllowed):
            actions.assign_teaching(by=office, **other, lessons_per_week=Decimal(4))
        with pytest.raises(BadValue):
            actions.end_teaching(by=office, assignment=one, on=date(2026, 9, 1))
        actions.end_teaching(by=office, assignment=one, on=date(2026, 10, 1))
        with pytest.raises(StateConflict):
            actions.end_teaching(by=office, assignment=one, on=date(2026, 10, 1))


class TestFacilities:
    def add(self, by, world, what="room", /, **facts):
        if what == "room":
            facts = {"name": "Phòng 1", "kind": "classroom", "build": "solid", **facts}
        return actions.add_thing(by=by, kind=what, unit_id=world.school_a1.pk, facts=facts)

    @pytest.mark.parametrize(
        ("kind", "facts", "field"),
        [
            ("room", {"name": ""}, "name"),
            ("room", {"condition": "new"}, "condition"),
            ("room", {"area": Decimal(0)}, "area"),
            ("room", {"built_year": 1066}, "built_year"),
            ("room", {"site_id": 10**9}, "site_id"),
            ("land", {"name": "Đất"}, "area"),
            ("equipment", {"name": "Máy", "kind": "computer", "quantity": 3, "broken": 4}, "broken"),
            ("line", {"name": "Cáp", "bandwidth": -1}, "bandwidth"),
        ],
    )
    def test_what_cannot_be_right(self, world, office, kind, facts, field):
        with pytest.raises(BadValue) as refusal:
            self.add(office, world, kind, **facts)
        assert refusal.value.details["field"] == field

    def test_from_use_to_out_of_use(self, world):
        keeper = world.actor("accountant", "school_a1")
        room = self.add(keeper, world, valid_from=date(2020, 1, 1))
        seen = queries.edition_of(room)
        actions.update_thing(by=keeper, thing=room, changes={"condition": "worn"}, seen=seen)
        with pytest.raises(ChangedMeanwhile):
            actions.update_thing(by=keeper, thing=room, changes={"condition": "good"}, seen=seen)
        with pytest.raises(BadValue):
            actions.retire_thing(by=keeper, thing=room, on=date(2019, 1, 1))
        actions.retire_thing(by=keeper, thing=room, on=date(2026, 1, 1), note="Thanh lý")
        with pytest.raises(StateConflict):
            actions.retire_thing(by=keeper, thing=room, on=date(2026, 1, 1))
        assert queries.rooms(keeper).get().condition == "worn"

    def test_only_who_keeps_them(self, world):
        for role, unit in (
            ("teacher", "school_a1"),
            ("accountant", "school_b1"),
            ("commune_leader", "commune_a"),
        ):
            with pytest.raises(NotAllowed):
                self.add(world.actor(role, unit), world)
