"""A slip of paper opens one dossier once, to whoever may hold it, and to nobody who guesses."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.organization import make_appointment, make_province, make_user
from tests.factories.registry import make_contact, make_student
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import ANONYMOUS, NotAllowed
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.codes import LENGTH, SIGNS, new_code, read_code
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.models import Contact, FamilyCode, FamilyCodeTry, Student
from thongsuot.modules.registry.types import StateConflict

NOW = timezone.now()


class World:
    def __init__(self):
        self.province = make_province()
        school = self.province.school_a1
        self.child = make_student(school, "Trần Con Nhà")
        self.mother = make_contact(self.child)
        self.office = self.province.actor("school_office", "school_a1")
        self.parent, self.pupil = make_user("phu.huynh"), make_user("hoc.sinh")
        # Of a child at another school: the slip brings the proof, not the role.
        make_appointment(self.parent, "parent", self.province.school_b1)
        make_appointment(self.pupil, "pupil", school)

    def hand_out(self, contact="mother", now=NOW):
        with act_as(self.office):
            given_to = self.mother if contact == "mother" else contact
            return actions.hand_out_code(by=self.office, student=self.child, contact=given_to, now=now)[0]

    def enter(self, code, user=None, now=NOW):
        actor = actor_for(user or self.parent)
        with act_as(actor):
            return actions.enter_code(by=actor, code=code, now=now)


@pytest.fixture
def world(db):
    return World()


def children(user):
    actor = actor_for(user)
    with act_as(actor):
        return [child.full_name for child in queries.own_children(actor)]


def test_handed_out_entered_once_and_traced(world):
    code = world.hand_out()
    row = FamilyCode.objects.get()
    assert code.replace("-", "") not in str(bytes(row.code_digest)) + str(FamilyCode.objects.values())
    assert children(world.parent) == []
    assert world.enter(f" {code.lower()} ").student == world.child
    assert children(world.parent) == ["Trần Con Nhà"]
    row.refresh_from_db()
    assert (row.issued_by_id, row.used_by, row.used_at) == (world.office.user_id, world.parent, NOW)
    events = event_model(Contact)._base_manager.filter(pgh_obj_id=world.mother.pk, account=world.parent)
    assert events.get().pgh_context["reason"] == "Nối tài khoản bằng mã của nhà trường"
    # Used up, for the same account and for every other.
    other = make_user()
    make_appointment(other, "parent", world.province.school_a1)
    for user in (world.parent, other):
        assert world.enter(code, user).student is None
    with pytest.raises(StateConflict):
        world.hand_out()


def test_a_pupil_uses_the_own_code_and_a_parent_does_not(world):
    code = world.hand_out(contact=None)
    assert world.enter(code, world.parent).student is None
    assert world.enter(code, world.pupil).student == world.child
    assert Student.objects.get(account=world.pupil) == world.child
    assert world.enter(world.hand_out(), world.pupil).student is None


def test_late_replaced_taken_back_merged_or_restricted_it_opens_nothing(world):
    late = world.hand_out(now=NOW - timedelta(days=15))
    replaced = world.hand_out()
    taken_back = world.hand_out()
    with act_as(world.office):
        actions.withdraw_code(by=world.office, student=world.child, contact=world.mother, now=NOW)
        with pytest.raises(StateConflict):
            actions.withdraw_code(by=world.office, student=world.child, contact=world.mother, now=NOW)
    said = {world.enter(code).said for code in (late, replaced, taken_back)}
    assert len(said) == 1, "one answer, whatever is wrong"
    FamilyCodeTry.objects.all().delete()
    code = world.hand_out()
    for field in ("restricted_at", "erased_at"):
        Student.objects.filter(pk=world.child.pk).update(**{field: NOW})
        assert world.enter(code).student is None
        Student.objects.filter(pk=world.child.pk).update(**{field: None})
    assert world.enter(code).student == world.child


def test_who_guesses_waits_and_a_right_code_does_not_help_then(world):
    code = world.hand_out()
    for _ in range(5):
        assert "không đúng" in world.enter("AAAAA-BBBBB").said
    waits = world.enter(code)
    assert (waits.student, "một giờ" in waits.said) == (None, True)
    assert FamilyCodeTry.objects.count() == 5
    # Nobody else is kept waiting, and the hour passes.
    assert world.enter("AAAAA-BBBBB", world.pupil).said != waits.said
    assert world.enter(code, now=NOW + timedelta(minutes=61)).student == world.child


def test_the_role_comes_with_the_slip(world):
    """A teacher who is a mother too, and an account that is nothing yet."""
    teacher, nobody = make_user(), make_user()
    make_appointment(teacher, "teacher", world.province.school_b1)
    # Somebody of the staff is no pupil.
    assert world.enter(world.hand_out(contact=None), teacher).student is None
    FamilyCodeTry.objects.all().delete()
    assert world.enter(world.hand_out(), teacher).student == world.child
    assert {(h.role, h.unit_id) for h in actor_for(teacher).holdings} == {
        ("teacher", world.province.school_b1.pk), ("parent", world.province.school_a1.pk)}  # fmt: skip
    assert children(teacher) == ["Trần Con Nhà"]
    assert world.enter(world.hand_out(contact=None), nobody).student == world.child
    assert [h.role for h in actor_for(nobody).holdings] == ["pupil"]


def test_a_first_visit_opens_an_account(world, client):
    code, address = world.hand_out(), reverse("registry:family-first-visit")
    assert address in client.get(reverse("account_login")).content.decode()
    said = {
        "code": code,
        "username": "lan.nguyen",
        "password": "Rat-Kin-Dao-2026",
        "again": "Rat-Kin-Dao-2026",
    }
    for change, field in (
        ({"code": "AAAAA-BBBBB"}, "code"), ({"password": "ngan", "again": "ngan"}, "password"),
        ({"again": "khac"}, "again"), ({"username": world.parent.username}, "username"),
        ({"username": ""}, "username"),
    ):  # fmt: skip
        refused = client.post(address, said | change)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field]), change
    assert not User.objects.filter(username="lan.nguyen").exists()
    # Whatever was refused left the slip good.
    assert client.post(address, said).status_code == 302
    made = User.objects.get(username="lan.nguyen")
    assert (made.full_name, made.must_change_password) == (world.mother.full_name, False)
    assert children(made) == ["Trần Con Nhà"]
    assert client.login(username="lan.nguyen", password="Rat-Kin-Dao-2026")
    assert client.get(reverse("registry:children")).status_code == 200
    # The slip is used up.
    again = actions.open_account_with_code(
        by=ANONYMOUS, code=code, username="hai", password="Rat-Kin-Dao-2026", now=NOW
    )
    assert again.student is None
    assert not User.objects.filter(username="hai").exists()


def test_refused(world):
    contact = make_contact(make_student(world.province.school_a1))
    with pytest.raises(NotAllowed):
        actions.enter_code(by=ANONYMOUS, code=world.hand_out(), now=NOW)
    with pytest.raises(NotAllowed):
        world.hand_out(contact=contact)
    for role, unit in (("school_office", "school_b1"), ("teacher", "school_a1")):
        actor = world.province.actor(role, unit)
        with pytest.raises((NotAllowed, StateConflict)):
            actions.hand_out_code(by=actor, student=world.child, contact=world.mother, now=NOW)
    make_student(world.province.school_b1, account=world.pupil)
    code = world.hand_out(contact=None)
    with pytest.raises(StateConflict):
        world.enter(code, world.pupil)
    assert FamilyCode.objects.get(contact=None).used_at is None


@pytest.mark.django_db(transaction=True)
def test_one_slip_two_accounts_at_once_one_of_them_is_linked():
    with connection.cursor() as cursor:
        cursor.execute("set thongsuot.may_truncate = 'on'")
    world, gate, found = World(), threading.Barrier(2), []
    code, second = world.hand_out(), make_user()
    make_appointment(second, "parent", world.province.school_a1)

    def run(user):
        gate.wait(timeout=10)
        try:
            found.append(world.enter(code, user).student)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in (world.parent, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(map(bool, found)) == [False, True]


def test_codes_are_read_as_they_are_typed():
    assert read_code(" abcde 23456 ") == read_code("ABCDE–23456") == "ABCDE23456"
    for wrong in ("", "ABCDE-2345", "ABCDE-23450", "ABCDE-234567", "Ạbcde-23456"):
        assert read_code(wrong) == ""
    drawn = {new_code() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(read_code(one)) == LENGTH for one in drawn)


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_reading(typed):
    found = read_code(typed)
    assert found == "" or (len(found) == LENGTH and set(found) <= set(SIGNS))
