"""Year results out of a file: kept, kept again, changed, taken back; who sees them."""

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from tests.modules.registry.imports.files import upload, xlsx
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.importing.types import ImportRefused, RunState
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import YearResult

HEAD = [
    [
        "STT",
        "Mã lớp",
        "Mã học sinh",
        "Họ tên",
        "Ngày sinh",
        "Toán",
        None,
        "Xếp loại",
        "Lên lớp",
        "Số ngày nghỉ",
        "Khen thưởng",
    ],
    [None, None, None, None, None, "Mức đạt được", "Điểm KTĐK", None, None, None, None],
]


@pytest.fixture
def world(db):
    found = make_province()
    found.year = make_school_year()
    found.room = make_class(found.school_a1, found.year, "1A", code="1A")
    found.child = make_student(found.school_a1, "Lê Văn Tám", school_class=found.room, local_code="HS1")
    found.other = make_student(found.school_a1, "Lý Thị Chín", school_class=found.room, local_code="HS2")
    found.stranger = make_student(found.school_b1, "Bùi Trường Khác", local_code="HS9")
    found.by = found.actor("school_office", "school_a1")
    return found


def bring(world, *rows, apply=True, by=None):
    by = by or world.by
    data = xlsx([*HEAD, *[[n, *row] for n, row in enumerate(rows, start=1)]], merges=[(0, 5, 0, 6)])
    with act_as(by):
        answers = {"unit": world.school_a1.pk, "year": world.year.name}
        run = actions.start_run(by=by, kind="registry.results", upload=upload(data), options=answers)
        (actions.apply_run if apply else actions.check_run)(by=by, run=run)
        run.refresh_from_db()
    return run


def said(run):
    """Outcomes of the rows; the second row of the head is passed over."""
    return {name: number for name, number in run.counts.items() if number and name != "passed"}


def row(name="Lê Văn Tám", code="HS1", learning="Hoàn thành tốt", up="x", days=3, award="Giấy khen"):
    return ["1A", code, name, "8/3/2020", "T", 9, learning, up, days, award]


def test_a_dry_run_keeps_nothing(world):
    run = bring(world, row(), apply=False)
    assert said(run) == {"new": 1}
    assert not YearResult.objects.exists()


def test_kept_once_and_changed_by_what_the_file_says(world):
    first = bring(world, row(), row("Lý Thị Chín", "HS2", "Chưa hoàn thành", "Thi lại", None, None))
    assert said(first) == {"new": 2}
    kept = YearResult.objects.get(student=world.child)
    facts = (
        kept.learning,
        kept.promotion,
        kept.days_absent,
        kept.awards,
        kept.school_class,
        kept.grade,
        kept.import_run,
    )
    assert facts == ("well_done", "promoted", 3, "Giấy khen", world.room, 1, first)
    assert YearResult.objects.get(student=world.other).promotion == "again"
    again = bring(world, row(), row("Lý Thị Chín", "HS2", "Chưa hoàn thành", "Thi lại", None, None))
    assert said(again) == {"unchanged": 2}
    # An empty cell keeps what is there.
    changed = bring(world, row(learning=None, days=5, award=None))
    assert said(changed) == {"changed": 1}
    kept.refresh_from_db()
    assert (kept.learning, kept.days_absent, kept.awards, kept.import_run) == (
        "well_done",
        5,
        "Giấy khen",
        changed,
    )
    texts = ImportRow.objects.get(run=changed, state="changed").texts
    assert texts["days_absent"] == ["5", "3"]


def test_rows_are_refused_with_field_and_reason(world):
    run = bring(
        world,
        row("Bùi Trường Khác", "HS9"),
        row(learning="Siêu giỏi"),
        row("Lý Thị Chín", "HS2", None, None, None, None),
        apply=False,
    )
    assert said(run) == {"rejected": 2, "unchanged": 1}
    errors = {one.number: one.errors[0] for one in ImportRow.objects.filter(run=run, state="rejected")}
    assert errors[3]["reason"] == "Không tìm thấy học sinh này trong trường."
    assert (errors[4]["label"], errors[4]["value"]) == ("Xếp loại", "Siêu giỏi")
    with pytest.raises(ImportRefused):
        bring(world, row("Bùi Trường Khác", "HS9"))
    assert not YearResult.objects.exists()


def test_taken_back_whole_unless_somebody_worked_on_it(world):
    bring(world, row())
    second = bring(world, row(days=8), row("Lý Thị Chín", "HS2"))
    with act_as(world.by):
        actions.undo_run(by=world.by, run=second)
    assert YearResult.objects.get().days_absent == 3
    second.refresh_from_db()
    assert (second.state, second.counts["undone"], second.counts["kept"]) == (RunState.UNDONE, 2, 0)
    third = bring(world, row(days=9))
    bring(world, row(days=10))
    with act_as(world.by):
        actions.undo_run(by=world.by, run=third)
    assert YearResult.objects.get().days_absent == 10


def test_who_sees_them(world):
    bring(world, row())

    def seen(role, unit, **more):
        actor = world.actor(role, unit)
        with act_as(actor):
            return [one.student_id for one in queries.year_results(actor, **more)]

    assert seen("school_office", "school_a1", school_year_id=world.year.pk) == [world.child.pk]
    assert seen("school_office", "school_a1", student_ids=[world.other.pk]) == []
    assert seen("school_office", "school_b1") == []
    assert seen("department_officer", "office", unit_id=world.school_a1.pk) == [world.child.pk]
    assert seen("teacher", "school_a1") == []


def test_the_dossier_shows_the_years(world):
    bring(world, row())
    with act_as(world.by):
        dossier = queries.student_dossier(world.by, world.child)
    assert [(one.school_year.name, one.get_learning_display()) for one in dossier.results] == [
        (world.year.name, "Hoàn thành tốt")
    ]
