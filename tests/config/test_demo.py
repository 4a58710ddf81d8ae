"""The demo builds, builds again without a change, and keeps its hands off what is not its own."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories.organization import make_user
from thongsuot.config.demo import organization as demo_organization
from thongsuot.config.demo import people, places
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.names import Names
from thongsuot.config.demo.timetable import PRINCIPALS
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.models import Timetable
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from thongsuot.modules.organization.models import Appointment, School, SchoolYear, Unit
from thongsuot.modules.organization.queries import actor_for, demo_accounts, match_unit_names
from thongsuot.modules.registry.models import Enrolment, Staff, Student
from thongsuot.modules.transcripts import queries as transcripts
from thongsuot.modules.transcripts.models import Objection, TranscriptSignature

pytestmark = pytest.mark.django_db


@pytest.fixture
def context(settings):
    return DemoContext("small", date(2026, 11, 23), settings.DATA_DIR, lambda line: None)


def build(context):
    for step in (
        demo_organization.reference,
        demo_organization.calendar,
        demo_organization.units,
        people.people,
    ):
        step(context)


@pytest.mark.slow
def test_the_small_province(context, settings):
    build(context)
    counts = [model.objects.count() for model in (Unit, School, SchoolYear, Appointment, get_user_model())]
    assert 55 <= counts[1] <= 70
    assert Unit.objects.filter(kind="commune").count() == 96
    assert not Unit.objects.filter(path="").exists()
    for line in DEMO_ACCOUNTS:
        actor = actor_for(get_user_model().objects.get(username=line.username), today=context.today)
        assert [h.role for h in actor.holdings] == [line.role]
    assert authenticate(None, username="hieutruong", password=DEMO_PASSWORD) is not None
    settings.DEMO = True
    assert [a.username for a in demo_accounts()] == [a.username for a in DEMO_ACCOUNTS]
    settings.DEMO = False
    assert demo_accounts() == []
    sa_thay = Unit.objects.get(code="51.23527")
    (preschool,) = match_unit_names(["Trường Mầm non Như Ý"], context_unit_id=sa_thay.pk, today=context.today)
    assert Unit.objects.get(pk=preschool.unit_ids[0]).parent == sa_thay

    build(context)
    assert counts == [
        model.objects.count() for model in (Unit, School, SchoolYear, Appointment, get_user_model())
    ]


def test_the_small_province_is_part_of_the_large_one(context):
    for code, name, kind in (("23527", "Sa Thầy", "Xã"), ("21439", "Đức Phổ", "Phường")):
        some = places.school_plans(code, name, kind, context.random("schools", code), most=6)
        all_of_them = places.school_plans(code, name, kind, context.random("schools", code), most=None)
        assert {(p.code, p.name) for p in some} <= {(p.code, p.name) for p in all_of_them}


def test_it_refuses_a_database_with_other_people():
    make_user("can.bo.that", email="that@quangngai.gov.vn")
    with pytest.raises(CommandError):
        call_command("demo")
    assert not Unit.objects.exists()


def test_names_are_mended(context):
    names = Names(context.data / "demo" / "names")
    assert not any("Ð" in name for given in names.given.values() for name in given)
    assert names.person(context.random("a")) == names.person(context.random("a"))


@pytest.mark.slow
def test_the_command_runs_and_then_leaves_all_alone():
    out = StringIO()
    call_command("demo", scale="tiny", stdout=out)
    counts = (Student.objects.count(), Enrolment.objects.count(), Staff.objects.count())
    assert counts[0] > 1_500
    # One of each school that the demo's accounts open is in force: nothing that was seeded makes it impossible.
    published = Timetable.objects.filter(state="published")
    assert published.values("unit").distinct().count() == len(PRINCIPALS)
    classes_stand_at_every_step()
    call_command("demo", scale="tiny", if_empty=True, stdout=out)
    assert counts == (Student.objects.count(), Enrolment.objects.count(), Staff.objects.count())


def classes_stand_at_every_step():
    system, today = Actor.system(), timezone.localdate()
    year = SchoolYear.objects.filter(ends_on__lt=today).order_by("-starts_on").first()
    turns, signers = {}, set()
    with act_as(system):
        for name in PRINCIPALS:
            (held,) = actor_for(get_user_model().objects.get(username=name), today=today).holdings
            lines = transcripts.class_lines(system, unit_id=held.unit_id, school_year=year)
            turns[name] = {turn for line in lines for turn, _number in line.turns}
            parts = TranscriptSignature.objects.filter(role="subject", transcript__unit_id=held.unit_id)
            signers |= set(parts.values_list("session__authorised_by__username", flat=True))
    # Classes that lack nobody, or some pupils whose data are not complete.
    assert turns["hieutruong2"] - {"rest"} >= {
        "build",
        "homeroom",
        "subject",
        "leader",
        "seal",
        "mend",
        "send",
    }
    assert turns["hieutruong"] >= {"build", "homeroom", "leader", "seal"}
    assert len(signers) > 8
    assert "hieutruong2" not in signers
    assert Objection.objects.filter(settled_at__isnull=True).count() == len(PRINCIPALS)
