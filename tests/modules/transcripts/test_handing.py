"""The end of a level: what the lower school has issued waits for the next one, which takes it over."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from tests.factories.organization import make_actor, make_school, make_school_year
from tests.factories.registry import make_class
from tests.modules.transcripts.flow import SYSTEM, accepted, build, issue
from tests.modules.transcripts.test_life import open_as, url  # noqa: F401
from tests.modules.transcripts.test_moves import told
from tests.modules.transcripts.world import NOW, TODAY
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.models import Enrolment
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import HandOver, Original, Transcript

DUE = date(2026, 6, 16)
LATER = datetime(2026, 6, 17, 3, tzinfo=UTC)


@pytest.fixture
def gone_up(world):
    """All three have completed the level and sit at the next school, before their transcripts are made. Of the year before
    last one of them has none."""
    other = make_school("Trường THCS Mới", parent=world.school.parent)
    world.actors["receiver"] = make_actor("school_office", other, today=TODAY)
    for student in world.students:
        student.enrolments.update(exit_type="graduated", left_on=date(2026, 5, 29))
        type(student).objects.filter(pk=student.pk).update(unit=other)
    year = make_school_year(2024)
    Enrolment.objects.create(
        student=world.students[0], student_name=world.students[0].full_name, unit=world.school, school_year=year,
        school_class=make_class(world.school, year, "2A", grade=2), grade=2, entered_on=year.starts_on,
        left_on=year.ends_on, exit_type="year_end",
    )  # fmt: skip
    return other


def holders():
    return set(Transcript.objects.values_list("holder_id", flat=True))


def test_what_is_issued_waits_for_the_next_school(world, gone_up):
    office, receiver = world.actors["office"], world.actors["receiver"]
    build(world)
    # While it is being made it is nobody else's.
    assert holders() == {world.school.pk}
    assert not queries.hand_overs(receiver).exists()
    rows = issue(world)
    waiting = list(queries.waiting_hand_overs(receiver))
    assert [(one.number, one.missing, one.due_on) for one in waiting] == [
        (1, ["2024-2025"], DUE), (1, [], DUE), (1, [], DUE),
    ]  # fmt: skip
    assert told(receiver) == ["Học bạ của 3 học sinh từ cấp học trước chờ trường nhận, hạn 16/06/2026"]
    (work,) = [one for one in queries.waiting_for_me(receiver, TODAY) if one.kind == "take_over"]
    assert (work.count, work.due_on) == (3, DUE)
    assert not [one for one in queries.waiting_for_me(office, TODAY) if one.kind == "take_over"]
    assert queries.transcript(receiver, rows[0].uuid) is None
    # The lower school says that it has looked them through; only it, and once.
    with pytest.raises(NotAllowed):
        actions.confirm_given(by=receiver, hand_overs=waiting, now=NOW)
    assert actions.confirm_given(by=office, hand_overs=waiting[:2], now=NOW) == 2
    assert actions.confirm_given(by=office, hand_overs=waiting[:2], now=NOW) == 0
    assert told(receiver)[1:] == ["Trường cũ đã giao học bạ của 2 học sinh: kiểm tra và nhận về trường"]
    # One is taken, two are left; nobody takes what waits for another school.
    assert actions.take_over(by=office, hand_overs=waiting, now=NOW) == 0
    assert actions.take_over(by=receiver, hand_overs=waiting[:1], now=NOW) == 1
    assert actions.take_over(by=receiver, hand_overs=waiting[:1], now=NOW) == 0
    assert queries.waiting_hand_overs(receiver).count() == 2
    assert told(office)[-1] == "Trường THCS Mới đã nhận học bạ của 1 học sinh"
    taken = HandOver.objects.get(state="taken")
    assert (taken.way, taken.by_id, taken.given_by_id) == ("by_hand", receiver.user_id, office.user_id)
    assert len(taken.transcript_ids) == 1
    # At night nothing is taken before its day, and nobody is told twice; then all of it.
    assert actions.hand_over_left_behind(by=SYSTEM, now=NOW) == 0
    assert len(told(receiver)) == 2
    assert actions.hand_over_left_behind(by=SYSTEM, now=LATER) == 2
    assert holders() == {gone_up.pk}
    assert set(HandOver.objects.values_list("state", "way")) == {("taken", "by_hand"), ("taken", "nightly")}


def test_what_waits_goes_when_the_pupil_comes_back(world, gone_up):
    build(world)
    issue(world)
    student = world.students[1]
    type(student).objects.filter(pk=student.pk).update(unit=world.school)
    assert actions.note_waiting(by=SYSTEM, now=NOW) == 0
    assert HandOver.objects.filter(state="waiting").count() == 2
    # Nor is there anything to take of a version that was recalled.
    waiting = list(HandOver.objects.filter(state="waiting"))
    Transcript.objects.filter(student_id=waiting[0].student_id).update(state="recalled")
    receiver = world.actors["receiver"]
    assert actions.take_over(by=receiver, hand_overs=waiting[:1], now=NOW) == 0
    assert HandOver.objects.get().pk == waiting[1].pk
    with pytest.raises(NotAllowed):
        actions.note_waiting(by=world.actors["office"], now=NOW)


def test_who_left_by_a_transfer_is_followed_when_it_is_issued(world, gone_up):
    """And what the Sở takes in afterwards is held by the school of now."""
    student = world.students[2]
    student.enrolments.update(exit_type="transferred_out")
    rows = accepted(world)
    (mine,) = [row for row in rows if row.student_id == student.pk]
    moved = HandOver.objects.get(state="taken")
    assert (moved.student_id, moved.way, moved.by_id, moved.number) == (student.pk, "transfer", None, 1)
    assert holders() == {world.school.pk, gone_up.pk}
    assert Original.objects.get(uuid=mine.uuid).holder_id == gone_up.pk
    assert HandOver.objects.filter(state="waiting").count() == 2


def test_the_pages_of_a_hand_over(world, gone_up, open_as, client):  # noqa: F811
    accepted(world)
    receiver = world.actors["receiver"]
    office = open_as("office")
    page = office.get(url("completed-list"), {"all": "1"}).content.decode()
    assert page.count("Trường THCS Mới") == 3
    assert "2024-2025" in page
    spells = Enrolment.objects.filter(exit_type="graduated").order_by("pk")
    picked = [one.pk for one in spells[:2]]
    office.post(url("completed-list") + "?all=1", {"do": "give", "pick": picked})
    assert HandOver.objects.filter(given_at__isnull=False).count() == 2
    with act_as(world.actors["office"]):
        # Of who has gone the dossier is out of reach; what the school issued is not.
        found = list(queries.completed(world.actors["office"]))
    assert [one.made for one in found] == [["2025-2026"]] * 3
    assert not any(one.public_id for one in found)
    page = office.get(url("hand-over")).content.decode()
    assert "3 học sinh, đã xác nhận giao 2" in page
    assert office.get(url("completed-list"), {"handed": "taken"}).content.decode().count("3A") == 0
    # The next school takes one of the list, then all; a stranger sees none of it.
    there = open_as("receiver")
    page = there.get(url("hand-over")).content.decode()
    assert "Chờ nhận về trường (3)" in page
    first = queries.waiting_hand_overs(receiver)[0]
    page = there.get(url("pupil", world.students[0].public_id)).content.decode()
    assert "1 học bạ do Trường Tiểu học Hòa Bình giữ đang chờ trường nhận" in page
    there.post(url("hand-over-list") + "?state=waiting", {"do": "take", "pick": [first.pk]})
    first.refresh_from_db()
    assert first.state == "taken"
    one = url("minutes", first.batch)
    page = there.get(one).content.decode()
    assert first.student_name in page
    assert "2025-2026 (3A)" in page
    printed = there.get(one, {"tep": "pdf"})
    assert printed.content.startswith(b"%PDF-")
    there.post(url("hand-over"), {"truong": gone_up.pk})
    assert holders() == set(Original.objects.values_list("holder_id", flat=True)) == {gone_up.pk}
    second = HandOver.objects.exclude(batch=first.batch).first()
    assert HandOver.objects.filter(batch=second.batch).count() == 2
    # Who took by mistake gives back, of those that were picked; the giving school cannot.
    office = open_as("office")
    assert office.get(one).status_code == 200
    assert "Hoàn tác những" not in office.get(one).content.decode()
    office.post(one, {"pick": [first.pk]})
    assert HandOver.objects.filter(state="undone").count() == 0
    there = open_as("receiver")
    there.post(one, {"pick": []})
    there.post(one, {"pick": [first.pk]})
    assert holders() == {gone_up.pk, world.school.pk}
    assert [one.student_id for one in queries.waiting_hand_overs(receiver)] == [first.student_id]
    assert "Đã hoàn tác" in there.get(url("hand-over-list"), {"all": "1"}).content.decode()
    stranger = make_actor(
        "school_office", make_school("Trường Khác", parent=world.school.parent), today=TODAY
    )
    client.force_login(get_user_model().objects.get(pk=stranger.user_id))
    assert client.get(one).status_code == 404
    assert first.student_name not in client.get(url("hand-over-list"), {"all": "1"}).content.decode()
