"""Keys that are checked by statement hold as PostgreSQL's own would: nothing points at what is not there."""

import threading
import time
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import Enrolment, SchoolClass, Student, StudentCharacteristic

User = get_user_model()
MISSING = 987_654_321
KEYS = [
    (Student, "unit_id", Unit),
    (Enrolment, "unit_id", Unit),
    (Enrolment, "school_year_id", SchoolYear),
    (StudentCharacteristic, "unit_id", Unit),
    (Enrolment, "student_id", Student),
    (Enrolment, "school_class_id", SchoolClass),
    (StudentCharacteristic, "student_id", Student),
    (Student, "account_id", User),
    (Student, "merged_into_id", Student),
]
names = [f"{model.__name__}.{column}" for model, column, _parent in KEYS]


def make_empty_unit(code):
    return Unit.objects.create(code=code, name="Trường trống", kind="school", valid_from=date(2020, 1, 1))


class World:
    """A pupil in a class of a school that nothing else points at, with a fact."""

    def __init__(self):
        self.province = make_province()
        self.year, self.next_year = make_school_year(2026), make_school_year(2027)
        school = self.province.school_a1
        self.pupil = make_student(school, school_class=make_class(school, self.year, "1A"))
        StudentCharacteristic.objects.create(
            student=self.pupil, unit=school, kind="policy", code="01", valid_from=date(2026, 9, 5)
        )
        self.empty = make_empty_unit("bo-trong")
        # Nothing points at these.
        self.spare = {
            Unit: self.empty,
            SchoolYear: self.next_year,
            Student: make_student(school),
            SchoolClass: make_class(school, self.year, "1B"),
            User: User.objects.create(username="khong-ai", full_name="Không Ai"),
        }

    def row_of(self, model):
        return model.objects.get() if model is not Student else self.pupil

    def past_spell(self, student_id, class_id=None):
        """A spell that has ended, not yet written: a pupil may have many of them."""
        return Enrolment(
            student_id=student_id, unit=self.province.school_a1, school_year=self.year, school_class_id=class_id,
            entered_on=date(2026, 9, 5), left_on=date(2026, 12, 1), exit_type="withdrawn", student_name="Lê Thị Thử",
        )  # fmt: skip


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def remove(parent, pk):
    """Past Django, which looks for rows itself."""
    run(f"delete from {parent._meta.db_table} where id = %s", pk)


@pytest.fixture
def world(db):
    return World()


@pytest.mark.parametrize(("model", "column", "parent"), KEYS, ids=names)
def test_a_key_to_nothing_is_refused(world, model, column, parent):
    row = world.row_of(model)
    with pytest.raises(IntegrityError, match=f"{model._meta.db_table}_{column}_set"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: MISSING})
    copy = model.objects.get(pk=row.pk)
    copy.pk = None
    if model is Student:
        copy.public_id, copy.local_code = "0193b2f0-0000-7000-8000-000000000001", "HS-khác"
    setattr(copy, column, MISSING)
    # Not the open spell of the pupil twice, not the same fact twice: only the key is at fault.
    if model is Enrolment:
        copy.left_on, copy.exit_type = date(2026, 12, 1), "withdrawn"
    if model is StudentCharacteristic:
        copy.code = "02"
    with pytest.raises(IntegrityError, match=f"{model._meta.db_table}_{column}_set"), transaction.atomic():
        copy.save(force_insert=True)
    setattr(copy, column, getattr(row, column))
    copy.pk = None
    copy.save(force_insert=True)


@pytest.mark.parametrize(("model", "column", "parent"), KEYS, ids=names)
def test_what_is_pointed_at_stays(world, model, column, parent):
    """Only this row points at the parent, so only this key can refuse; without it the parent may go."""
    other = world.spare[parent]
    back = getattr(world.row_of(model), column)
    if parent is SchoolYear:
        other.terms.all().delete()
    model.objects.filter(pk=world.row_of(model).pk).update(**{column: other.pk})
    refused = f"{model._meta.db_table}_{column}_set"
    with pytest.raises(IntegrityError, match=refused), transaction.atomic():
        remove(parent, other.pk)
    with pytest.raises(IntegrityError, match=refused), transaction.atomic():
        run(f"update {parent._meta.db_table} set id = %s where id = %s", MISSING, other.pk)
    model.objects.filter(pk=world.row_of(model).pk).update(**{column: back})
    remove(parent, other.pk)


@pytest.mark.parametrize("ids", ["in_a_row", "apart"])
def test_one_of_many_is_missing(world, ids):
    """Parents that follow each other are read in one go, others one by one: both find the one that is not there."""
    pupils = [make_student(world.province.school_a1).pk for _number in range(4)]
    if ids == "apart":
        del pupils[1:3]
    sound = [world.past_spell(pk) for pk in pupils * 2]
    Enrolment.objects.bulk_create(sound)
    missing = pupils[-1] + 1 if ids == "in_a_row" else MISSING
    spells = [world.past_spell(pk) for pk in (*pupils, missing)]
    with pytest.raises(IntegrityError, match=rf"(?s)student_id_set.*\({missing}\)"), transaction.atomic():
        Enrolment.objects.bulk_create(spells)
    assert Enrolment.objects.filter(student__in=pupils).count() == 2 * len(pupils)


@pytest.mark.django_db
def test_the_end_of_a_person_or_class_looks_into_an_index():
    """Years end too seldom to have one."""
    with connection.cursor() as cursor:
        for model, column, parent in KEYS:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
            leads = any((one["index"] or one["unique"]) and one["columns"][:1] == [column] for one in found)
            assert leads or parent is SchoolYear, (model, column)


def test_rows_out_of_sight_count(world):
    """Whoever sees no pupil of the school still may not remove it; whoever may write there needs no right on schools."""
    school = world.province.school_a1
    Enrolment.objects.all().delete()
    with act_as(Actor.system()):
        Student.objects.filter(pk=world.pupil.pk).update(unit_id=world.empty.pk)
    with act_as(world.province.actor("school_office", "school_a1")):
        assert not Student.objects.filter(unit_id=world.empty.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            remove(Unit, world.empty.pk)
        assert make_student(school).unit == school
        with pytest.raises(DatabaseError), transaction.atomic():
            make_student(Unit(pk=MISSING))


def test_no_statement_is_needed_for_an_empty_one(world):
    run("set transaction isolation level read committed")
    remove(Unit, MISSING)
    Student.objects.filter(pk=0).update(unit_id=MISSING)


# -- two at once ----------------------------------------------------------------------------------


def in_a_thread(act):
    said = []

    def work():
        try:
            act()
        except DatabaseError as error:
            said.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, said


def until_somebody_waits():
    for _turn in range(1500):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_locks l join pg_stat_activity a using (pid) "
                "where not l.granted and a.datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")


@pytest.mark.django_db(transaction=True)
def test_two_at_once():
    """The one who comes second waits for the other, and sees what the other did."""
    run("set thongsuot.may_truncate = 'on'")
    world = World()
    first, last = (unit.pk for unit in (world.empty, make_empty_unit("bo-trong-2")))
    # A pupil comes first, the school's end second.
    with transaction.atomic():
        make_student(world.empty)
        thread, said = in_a_thread(lambda: remove(Unit, first))
        until_somebody_waits()
    thread.join(timeout=30)
    assert [type(error) for error in said] == [IntegrityError]
    assert Unit.objects.filter(pk=first).exists()
    # The school's end first, a pupil second.
    with transaction.atomic():
        remove(Unit, last)
        thread, said = in_a_thread(lambda: make_student(Unit(pk=last)))
        until_somebody_waits()
    thread.join(timeout=30)
    assert [type(error) for error in said] == [IntegrityError]
    assert not Student.objects.filter(unit_id=last).exists()
    # The same of a spell, for which it is the pupil or the class that ends.
    pupils = [make_student(world.province.school_a1).pk for _number in range(2)]
    rooms = [make_class(world.province.school_a1, world.year, name).pk for name in ("1C", "1D")]
    kept = world.pupil.pk
    for parent, spells in (
        (Student, [world.past_spell(pk) for pk in pupils]),
        (SchoolClass, [world.past_spell(kept, pk) for pk in rooms]),
    ):
        first, last = pupils if parent is Student else rooms
        with transaction.atomic():
            spells[0].save()
            thread, said = in_a_thread(lambda parent=parent, pk=first: remove(parent, pk))
            until_somebody_waits()
        thread.join(timeout=30)
        assert [type(error) for error in said] == [IntegrityError]
        assert parent.objects.filter(pk=first).exists()
        with transaction.atomic():
            remove(parent, last)
            thread, said = in_a_thread(spells[1].save)
            until_somebody_waits()
        thread.join(timeout=30)
        assert [type(error) for error in said] == [IntegrityError]
        assert not parent.objects.filter(pk=last).exists()
        assert spells[1].pk is None or not Enrolment.objects.filter(pk=spells[1].pk).exists()
    # With an older snapshot the end of a parent is refused: it would not see who has come meanwhile.
    spare = {Unit: make_empty_unit("bo-trong-3"), Student: make_student(world.province.school_a1)}
    for parent, row in spare.items():
        with transaction.atomic():
            run("set transaction isolation level repeatable read")
            with pytest.raises(DatabaseError, match="read committed"), transaction.atomic():
                remove(parent, row.pk)
