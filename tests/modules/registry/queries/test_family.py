"""The door of families shows one's own children, and nobody else's, whatever is tried."""

import pytest
from django.test import Client

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_contact, make_report, make_student
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry import actions, queries
from thongsuot.modules.registry.models import ErrorReport, Student
from thongsuot.modules.registry.types import BadValue, StateConflict


class World:
    def __init__(self):
        self.province = make_province()
        unit = self.province.school_a1
        school_class = make_class(unit, make_school_year(), "1A")
        self.child = make_student(unit, "Trần Con Nhà", school_class=school_class, personal_id="051320005555")
        self.other = make_student(unit, "Lê Nhà Khác", school_class=school_class)
        self.parent, self.pupil, self.stranger = make_user(), make_user(), make_user()
        make_contact(self.child, account=self.parent)
        Student.objects.filter(pk=self.child.pk).update(account=self.pupil)
        for user, role in ((self.parent, "parent"), (self.pupil, "pupil"), (self.stranger, "parent")):
            make_appointment(user, role, unit)


@pytest.fixture
def world(db):
    return World()


def seen(user):
    actor = actor_for(user)
    with act_as(actor):
        return [child.full_name for child in queries.own_children(actor)]


def test_parents_see_their_children_pupils_themselves(world):
    assert seen(world.parent) == seen(world.pupil) == ["Trần Con Nhà"]
    assert seen(world.stranger) == []


@pytest.mark.parametrize("who", ["parent", "pupil"])
def test_one_s_own_data_are_whole_and_others_are_not_there(world, who):
    actor = actor_for(getattr(world, who))
    with act_as(actor):
        dossier = queries.family_dossier(actor, world.child.public_id)
        assert dossier.personal_id == "051320005555"
        assert queries.family_dossier(actor, world.other.public_id) is None
        assert queries.own_child(actor, world.other.public_id) is None
        assert queries.own_reports(actor, world.other) == []
        # Outside the door nothing is there: neither by the house's queries nor by the bare table.
        assert not queries.students(actor).exists()
        assert not Student.objects.exists()


def test_the_door_knows_no_system_and_no_anonymous(world):
    for actor in (Actor.system(), Actor(user_id=None, name="")):
        assert queries.own_children(actor) == []
        assert queries.family_dossier(actor, world.child.public_id) is None


def test_the_right_is_asked_besides_the_row(world):
    """Somebody named in a dossier who is no longer appointed as a parent sees nothing."""
    actor = Actor(user_id=world.parent.pk, name="x")
    assert queries.own_children(actor) == []
    staff = world.province.actor("teacher", "school_a1")
    make_contact(world.child, "Cô Giáo", relation="guardian", account_id=staff.user_id)
    assert queries.own_children(staff) == []


def test_a_merged_or_erased_dossier_is_gone(world):
    Student.objects.filter(pk=world.child.pk).update(merged_into=world.other)
    assert seen(world.parent) == []


def test_reporting_and_answering(world):
    parent, office = actor_for(world.parent), world.province.actor("school_office", "school_a1")
    with act_as(parent):
        report = actions.report_error(by=parent, student=world.child, field="birth_date", said=" 09/03/2020 ")
        assert not ErrorReport.objects.exists()
        with pytest.raises(NotAllowed):
            actions.report_error(by=parent, student=world.other, field="birth_date", said="x")
        with pytest.raises(BadValue):
            actions.report_error(by=parent, student=world.child, field="merged_into", said="x")
        with pytest.raises(NotAllowed):
            actions.answer_report(by=parent, report=report, state="mended", answer="")
    assert (report.said, report.unit_id) == ("09/03/2020", world.province.school_a1.pk)
    with act_as(office):
        assert list(queries.error_reports(office)) == [report]
        with pytest.raises(BadValue):
            actions.answer_report(by=office, report=report, state="declined", answer=" ")
        actions.answer_report(by=office, report=report, state="mended", answer="Đã sửa")
        with pytest.raises(StateConflict):
            actions.answer_report(by=office, report=report, state="mended", answer="")
    with act_as(parent):
        assert [one.answer for one in queries.own_reports(parent, world.child)] == ["Đã sửa"]
    assert not queries.error_reports(world.province.actor("school_office", "school_b1")).exists()


def test_nobody_floods_the_school(world):
    for _ in range(20):
        make_report(world.child, reported_by=world.parent)
    parent = actor_for(world.parent)
    with pytest.raises(StateConflict):
        actions.report_error(by=parent, student=world.child, field="other", said="x")


def test_pages(world):
    client = Client()
    client.force_login(world.parent)
    assert "Trần Con Nhà" in client.get("/ho-so/cua-toi/").content.decode()
    address = f"/ho-so/cua-toi/{world.child.public_id}/"
    text = client.get(address).content.decode()
    assert "051320005555" in text
    assert "Lê Nhà Khác" not in text
    assert ReadingLog.objects.filter(user=world.parent, subject_pk=str(world.child.pk)).exists()
    posted = client.post(f"{address}bao-sai/", {"field": "gender", "said": "Nam"}, follow=True)
    assert "Chờ trường xem" in posted.content.decode()
    other = f"/ho-so/cua-toi/{world.other.public_id}/"
    assert client.get(other).status_code == client.get(f"{other}bao-sai/").status_code == 404
    assert client.post(f"{other}bao-sai/", {"field": "gender", "said": "Nam"}).status_code == 404
    for path in (
        "hoc-sinh/",
        f"hoc-sinh/{world.child.public_id}/",
        "tim/?q=tran",
        "lop/",
        "can-bo/",
        "phong/",
    ):
        assert client.get(f"/ho-so/{path}").status_code == 404
