"""A first loading goes in piece by piece, each beside the making of the next: as safe and as revocable as any other."""

import random
from datetime import date

import pytest

from tests.factories.registry import make_student
from tests.modules.registry.imports.files import STUDENT_HEAD, people, pupil, student_rows
from tests.modules.registry.imports.test_students import brought, reasons, snapshot
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.bulk import staging
from thongsuot.modules.registry.models import Contact, Enrolment, Student, StudentCharacteristic

pytestmark = pytest.mark.django_db
HEAD = [*STUDENT_HEAD, "Họ tên mẹ", "Diện chính sách", "Bán trú"]
PUPILS = 11


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Three pupils are a piece: a file of twelve rows goes in as one of a hundred thousand does."""
    monkeypatch.setattr(staging, "PIECE", 3)


def file_of(luck, bad=()):
    """Pupils with facts and mothers, one who has left; `bad`: rows (from 0) with a date that is none."""
    rows = people(PUPILS, luck)
    rows[2] = pupil("Lê Thị Rời", code="HS9002", state="Thôi học kỳ 1", since=date(2026, 10, 20))
    rows[4][9] = "Nhìn"
    for place in bad:
        rows[place][4] = "hôm qua"
    # Twice in the file: the later one is refused.
    rows.append([*rows[0]])
    return student_rows(
        [[*row, f"Trần Thị Mẹ {n}", None, "x" if n % 3 else None] for n, row in enumerate(rows)], head=HEAD
    )


def said_of(run):
    """What the pages of a run say of its rows, without the records' numbers."""
    rows = ImportRow.objects.filter(run=run).order_by("number")
    return [(row.number, row.state, row.key, row.texts, row.errors) for row in rows]


def written():
    """What stands in the records, whatever their numbers, random ids and seals are."""
    own = ("id", "public_id", "personal_id_sealed", "student_id", "created_at")
    found = snapshot()
    names = {
        row["id"]: row["full_name"] + row["local_code"] + row["ministry_code"] for row in found["Student"]
    }
    return {
        table: sorted(
            str([names.get(row.get("student_id")), *((key, row[key]) for key in row if key not in own)])
            for row in rows
        )
        for table, rows in found.items()
        if table != "SchoolClass"
    }


def test_it_is_taken_back_whole_and_its_history_stays(clerk, school):
    before = snapshot()
    run = brought(clerk, school, file_of(random.Random(3)), make_classes=True)
    assert (run.counts["new"], run.counts["rejected"]) == (PUPILS, 1)
    made = {model: model.objects.count() for model in (Student, Enrolment, StudentCharacteristic, Contact)}
    assert all(made.values())
    with act_as(clerk):
        actions.undo_run(by=clerk, run=run)
    run.refresh_from_db()
    assert (run.counts["undone"], run.counts["kept"]) == (PUPILS, 0)
    assert snapshot() == before
    for model, number in made.items():
        labels = list(event_model(model).objects.order_by("pgh_id").values_list("pgh_label", flat=True))
        assert labels == ["insert"] * number + ["delete"] * number
        events = event_model(model).objects.filter(pgh_label="insert")
        assert {event.pgh_context["reason"] for event in events} == {f"nhập tệp {run.public_id}"}
        assert {event.pgh_context["user"] for event in events} == {clerk.user_id}
    # And it can be brought in again, once.
    again = brought(clerk, school, file_of(random.Random(3)))
    assert again.counts["new"] == PUPILS
    assert brought(clerk, school, file_of(random.Random(3))).counts["new"] == 0


def test_it_writes_and_says_what_the_dry_run_and_a_later_file_do(clerk, school, province):
    """The road of a first loading against the one that looks for records: same rows, same words."""
    rows = file_of(random.Random(5), bad=(1, 7))
    dry = brought(clerk, school, rows, apply=False)
    first = brought(clerk, school, rows)
    told, found = said_of(first), written()
    assert told == said_of(dry)
    assert first.counts == dry.counts
    assert len(reasons(first)) == first.counts["rejected"] == 3
    with act_as(clerk):
        actions.undo_run(by=clerk, run=first)
    # Somebody at another school: now there are records to look through.
    stranger = make_student(province.school_b1, "Người Khác")
    later = brought(clerk, school, rows)
    assert said_of(later) == told
    assert later.counts == first.counts
    Student.objects.filter(pk=stranger.pk).delete()
    assert written() == found
