"""Who is to act: refusals to sign, what waits for whom, reminders and what is told upwards, the board, the figure."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from tests.modules.transcripts.flow import build, issue, sign
from tests.modules.transcripts.secondary import secondary
from tests.modules.transcripts.test_subjects import keys_of, sign_parts
from tests.modules.transcripts.world import NOW, TODAY
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry as figures
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import Objection, SchoolStanding, Transcript
from thongsuot.modules.transcripts.types import SigningRefused, TranscriptFault, TranscriptStep

SYSTEM = Actor.system()
LATE = date(2026, 7, 1)


@pytest.fixture
def class_8a(world):
    made = secondary(world)
    assert build(made).made == 2
    return made


def told(who):
    return list(
        Notification.objects.filter(recipient_id=who.user_id).order_by("pk").values_list("title", flat=True)
    )


def waiting(world, who, today=TODAY):
    return [(one.kind, one.count, one.place) for one in queries.waiting_for_me(world.actors[who], today)]


def test_a_refusal_goes_back_to_whoever_entered_and_holds_the_signing(class_8a):
    world = class_8a
    for who in ("maths", "letters", "leader"):
        sign_parts(world, who)
    row, other = Transcript.objects.order_by("pk")

    def refuse(who, role, part, transcript=row, reason="Điểm đúng là 9,0"):
        return actions.refuse_to_sign(
            by=world.actors[who], transcript=transcript, role=role, part=part, reason=reason, now=NOW
        )

    for who, role, part in (("letters", "homeroom", "summary"), ("maths", "subject", "subjects:literature")):
        with pytest.raises(NotAllowed):
            refuse(who, role, part)
    with pytest.raises(SigningRefused):
        refuse("teacher", "homeroom", "subjects:mathematics", reason=" ")
    made = refuse("teacher", "homeroom", "subjects:mathematics")
    assert made.returned_to_id == world.actors["maths"].user_id
    assert told(world.actors["maths"]) == ["Từ chối ký học bạ lớp 8A: Bảng điểm: Toán"]
    assert waiting(world, "maths") == [("objection", 1, "")]
    with pytest.raises(SigningRefused):
        refuse("teacher", "homeroom", "subjects:mathematics")
    # Nobody signs it until it is settled; the others go on.
    assert [
        one.pk for one in queries.signable(world.actors["teacher"], "homeroom", unit_id=world.school.pk)
    ] == [other.pk]
    with pytest.raises(TranscriptStep):
        actions.open_session(by=world.actors["teacher"], role="homeroom", transcript_ids=[row.pk], now=NOW)
    with pytest.raises(NotAllowed):
        actions.settle_objection(by=world.actors["letters"], objection=made, answer="Đúng", now=NOW)
    assert queries.objection(world.actors["letters"], made.public_id) is None
    actions.settle_objection(by=world.actors["maths"], objection=made, answer="8,5 theo bài cuối kì", now=NOW)
    assert told(world.actors["teacher"])[-1].startswith("Đã trả lời")
    with pytest.raises(TranscriptStep):
        actions.settle_objection(by=world.actors["maths"], objection=made, answer="Đúng", now=NOW)
    # One's own words come back to the office; a version thrown away settles what was wrong in it.
    again = refuse("teacher", "homeroom", "summary")
    assert again.returned_to_id is None
    assert told(world.actors["office"])
    actions.discard(by=world.actors["office"], transcript=row, reason="Sửa nhận xét", now=NOW)
    assert not Objection.objects.filter(settled_at__isnull=True).exists()


def test_what_waits_for_whom(class_8a):
    world = class_8a
    assert waiting(world, "maths") == [("subject", 4, "8A")]
    assert waiting(world, "letters") == [("subject", 2, "8A")]
    assert waiting(world, "early") == waiting(world, "teacher") == []
    assert ("subject", 2, "8A") in waiting(world, "leader")
    assert queries.waiting_for_me(world.actors["maths"], TODAY)[0].due_on == date(2026, 6, 30)
    assert queries.waiting_for_me(world.actors["maths"], LATE)[0].is_late(LATE)
    for who in ("maths", "letters", "leader"):
        sign_parts(world, who)
    assert waiting(world, "teacher") == [("homeroom", 2, "8A")]
    sign(world, "homeroom", "teacher")
    assert ("leader", 2, "") in waiting(world, "leader")
    # What the principal has refused waits for an answer, not for the principal.
    made = actions.refuse_to_sign(
        by=world.actors["leader"], transcript=Transcript.objects.order_by("pk")[0], role="leader", part="summary",
        reason="Thiếu nhận xét", now=NOW,
    )  # fmt: skip
    assert ("leader", 1, "") in waiting(world, "leader")
    lines = queries.class_lines(world.actors["leader"], unit_id=world.school.pk, school_year=world.year)
    assert [one.turns for one in lines if one.made] == [[("leader", 1), ("objection", 1)]]
    actions.settle_objection(by=world.actors["teacher"], objection=made, answer="Đã đủ", now=NOW)
    assert ("leader", 2, "") in waiting(world, "leader")
    sign(world, "leader", "leader")
    # Of three pupils of 3A nobody has made a transcript.
    actions.count_pupils(by=SYSTEM, school_year=world.year, now=NOW)
    assert sorted(waiting(world, "office")) == [("build", 3, ""), ("seal", 2, "")]


def test_reminders_go_once_and_upwards_when_it_is_late(class_8a):
    world = class_8a
    actions.count_pupils(by=SYSTEM, school_year=world.year, now=NOW)

    def remind(day):
        return actions.send_reminders(by=SYSTEM, today=day, now=NOW)

    with pytest.raises(NotAllowed):
        actions.send_reminders(by=world.actors["office"], today=TODAY, now=NOW)
    assert remind(date(2026, 6, 10)) == 0
    assert remind(date(2026, 6, 16)) > 0
    assert remind(date(2026, 6, 16)) == remind(date(2026, 6, 20)) == 0
    assert told(world.actors["maths"]) == ["Học bạ số: 4 việc chờ anh/chị, hạn 30/06/2026"]
    assert told(world.actors["office"]) == ["Học bạ số: 3 việc chờ anh/chị, hạn 30/06/2026"]
    assert told(world.actors["early"]) == told(world.actors["officer"]) == []
    remind(LATE)
    assert "Quá hạn 30/06/2026: 2 học bạ của trường còn chờ giáo viên ký" in told(world.actors["leader"])
    assert told(world.actors["officer"]) == []
    remind(LATE + timedelta(days=7))
    assert told(world.actors["officer"]) == ["Quá hạn 30/06/2026: 1 trường chưa ký, gửi đủ học bạ"]
    assert len(told(world.actors["maths"])) == 3
    # Whoever has signed is left alone.
    sign_parts(world, "maths")
    remind(LATE + timedelta(days=14))
    assert len(told(world.actors["maths"])) == 3
    assert len(told(world.actors["letters"])) == 4


def test_the_board_says_who_is_to_act(class_8a, client):
    world = class_8a
    actions.count_pupils(by=SYSTEM, school_year=world.year, now=NOW)
    (row,) = queries.standings(world.actors["officer"], world.year, today=LATE)
    # Those who lack something keep the others from nothing.
    assert (row.pupils, row.lacking, row.left, row.turn, row.is_late) == (5, 3, 5, "subject", True)
    with transaction.atomic():
        Transcript.objects.update(state="accepted")
        (row,) = queries.standings(world.actors["officer"], world.year, today=LATE)
        assert (row.turn, row.lacking) == ("rest", 3)
        assert queries.who_acts([(row.unit_id, "rest")], world.year)[row.unit_id].names
        transaction.set_rollback(True)
    Transcript.objects.update(state="refused")
    SchoolStanding.objects.update(pupils=2)
    (row,) = queries.standings(world.actors["officer"], world.year, today=TODAY)
    assert (row.at_subject, row.at_mending, row.turn, row.is_late) == (0, 2, "mend", False)
    acting = queries.who_acts([(row.unit_id, row.turn)], world.year)[row.unit_id]
    assert len(acting.names) == 2
    assert queries.who_acts([(row.unit_id, "subject")], world.year) == {}
    (commune,) = queries.commune_standings(world.actors["officer"], world.year, today=TODAY)
    assert (commune["schools"], commune["schools_left"], commune["left_sum"]) == (1, 1, 2)
    assert not queries.standings(world.actors["teacher"], world.year, today=TODAY)
    found, turns = queries.totals(queries.standings(world.actors["officer"], world.year, today=LATE))
    assert (found.schools, found.late, found.left, turns) == (1, 1, 2, [("mend", 1)])
    client.force_login(get_user_model().objects.get(pk=world.actors["officer"].user_id))
    for address in ("/hoc-ba/so/?nam=2025-2026", "/hoc-ba/so/xa/?nam=2025-2026&all=1"):
        page = client.get(address)
        assert page.status_code == 200, address
    page = client.get("/hoc-ba/so/?nam=2025-2026&viec=mend&q=hoa binh")
    assert "Trường Tiểu học Hòa Bình" in page.content.decode()
    file = client.get("/hoc-ba/so/?nam=2025-2026&export=xlsx")
    assert file.getvalue().startswith(b"PK")
    # Two clicks: the school's classes, the class.
    assert client.get(f"/hoc-ba/?truong={world.school.pk}&nam=2025-2026").status_code == 200


def test_a_school_is_late_by_the_days_of_its_levels(class_8a):
    """A primary school; a day of the year goes before one of all years, a level's before all levels'."""
    world = class_8a
    by, now = world.actors["officer"], NOW

    def put(day, **whose):
        return actions.set_deadline(
            by=by, code="year_locked", basis="Công văn 12", month=6, day=day, now=now, **whose
        )

    def board(day):
        (row,) = queries.standings(by, world.year, today=date(2026, 6, day))
        return row.due.day, row.is_late

    assert board(10) == (30, False)
    put(20, level="lower_secondary")
    assert board(25) == (30, False)
    own = put(15, level="primary")
    assert (board(15), board(16)) == ((15, False), (15, True))
    put(24, school_year=world.year)
    assert board(16) == (24, False)
    put(26, school_year=world.year, level="primary")
    assert (board(16), board(27)) == ((26, False), (26, True))
    # Of several levels the last.
    world.school.school.levels = ["preschool", "primary", "lower_secondary"]
    world.school.school.save()
    put(28, school_year=world.year, level="lower_secondary")
    assert board(27) == (28, False)
    assert queries.due_days(world.year)[0] == (date(2026, 6, 24), ["upper_secondary", "continuing"])
    found, _turns = queries.totals(queries.standings(by, world.year, today=date(2026, 6, 29)))
    assert found.late == 1
    # The transcripts of 8A are reminded of by their own day, the school's office by the school's.
    actions.count_pupils(by=SYSTEM, school_year=world.year, now=NOW)
    assert {one.due_on.day for one in queries.waiting_for_me(world.actors["maths"], TODAY)} == {28}
    assert actions.send_reminders(by=SYSTEM, today=date(2026, 6, 26), now=NOW) > 0
    assert told(world.actors["maths"]) == ["Học bạ số: 4 việc chờ anh/chị, hạn 28/06/2026"]
    with pytest.raises(NotAllowed):
        actions.drop_own_deadline(by=world.actors["office"], deadline=own)
    for wrong in ({"level": "preschool"}, {"level": "primary", "working_days": 3, "code": "error_report"}):
        said = {"code": "year_locked", "month": 6, "day": 1, **wrong}
        with pytest.raises(TranscriptFault):
            actions.set_deadline(by=by, basis="x", now=now, **said)


def test_the_board_reads_what_is_kept(world):
    """By step, late or searched: rows of schools alone; the classes that wait are counted from their own index."""
    rows = queries.standings(world.actors["officer"], world.year, today=LATE)
    for asked in (rows, rows.filter(turn="leader"), rows.filter(is_late=True)):
        plan = asked.explain()
        assert "transcripts_schoolstanding" in plan, plan
        assert "transcripts_transcript " not in plan, plan
    # In which order a planner takes tables of three rows is chance: that a school year is found by itself is not.
    (once,) = SchoolStanding._meta.constraints
    assert once.fields[0] == "school_year"
    # So it is with the classes that wait: the index of what waits alone holds all that is asked for.
    (index,) = (one for one in Transcript._meta.indexes if one.name == "transcripts_waiting_classes")
    waiting = Transcript.objects.filter(index.condition, school_year=world.year, unit__in=[world.school.pk])
    asked = queries.classes_waiting([world.school.pk], world.year)
    assert {"unit_id", "school_year_id", "school_class_id"} == {f"{name}_id" for name in index.fields}
    assert dict(asked) == dict(
        waiting.values_list("unit").annotate(Count("school_class", distinct=True)).order_by()
    )
    assert all(f'"transcripts_transcript"."{one}" =' in str(asked.query) for one in ("kind", "state"))


def test_pages_of_a_subject_teacher(class_8a, client):
    world = class_8a
    client.force_login(get_user_model().objects.get(pk=world.actors["maths"].user_id))
    assert "Ký phần môn của mình, lớp 8A" in client.get("/hoc-ba/viec-cua-toi/").content.decode()
    address = f"/hoc-ba/ky-mon/?truong={world.school.pk}"
    page = client.get(address).content.decode()
    for words in ("Lớp 8A, môn Toán: 2 học sinh", "Tiến bộ môn Tin học.", "8,5"):
        assert words in page
    assert "Tiến bộ môn Ngữ văn." not in page
    keys = [f"{pk}:{place}" for pk, place in keys_of(
        queries.part_lists(world.actors["maths"], unit_id=world.school.pk)
    )]  # fmt: skip
    assert client.post(address, {"phan": [*keys, "1:x"]}).status_code == 409
    row = Transcript.objects.order_by("pk").first()
    refuse = f"/hoc-ba/tu-choi/hoc-ba/{row.uuid}/subject/"
    assert "Ngữ văn" not in client.get(refuse).content.decode()
    made = client.post(refuse, {"part": "subjects:mathematics", "reason": "Sai điểm"})
    assert made.status_code == 302
    assert client.get(made.url).status_code == 200
    assert client.get("/hoc-ba/tu-choi/?all=1").status_code == 200
    answer = client.post(address, {"phan": [one for one in keys if not one.startswith(f"{row.pk}:")]})
    assert answer.status_code == 302
    assert client.get(f"/hoc-ba/ky/subject/?truong={world.school.pk}").status_code == 404
    assert client.get("/").status_code == 200


def test_the_share_of_pupils_with_a_transcript(world):
    build(world)
    figure = figures.get("digital.transcripts")
    assert list(figure.formula(TODAY, None)) == [(world.school.pk, 0, 3)]
    rows = issue(world)
    assert list(figure.formula(TODAY, [world.school.pk])) == [(world.school.pk, 3, 3)]
    assert list(figure.formula(TODAY - timedelta(days=1), None)) == [(world.school.pk, 0, 3)]
    missing = figure.drill_down(world.actors["officer"], world.school.pk, TODAY - timedelta(days=1))
    assert missing.rows.count() == 3
    later = timezone.make_aware(datetime(2026, 6, 10, 9, 0))
    actions.ask_recall(
        by=world.actors["office"], transcript=rows[0], reason="mistake", words="Sai", file_id=None, now=later
    )
    # What was so on a past day stays so.
    assert list(figure.formula(TODAY, None)) == [(world.school.pk, 3, 3)]
    assert list(figure.formula(date(2026, 6, 11), None)) == [(world.school.pk, 2, 3)]
    assert list(figures.get("digital.transcript_schools").formula(TODAY, None)) == [(world.school.pk, 1, 1)]
