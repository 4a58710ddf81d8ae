import io
import json
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.kit.importing.people import KIND, upload, xlsx
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.files.types import FileRefused
from thongsuot.kit.importing import actions, queries
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.registry import importer_of
from thongsuot.kit.importing.tasks import do_step
from thongsuot.kit.importing.types import ImportRefused, RowState, RunState
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.postgres.isolation import act_as

User = get_user_model()
HEAD = ["STT", "Mã số", "Họ và tên", "SĐT", "Ngày sinh", "Đang dùng", "Tuổi", "Người phụ trách"]
ROWS = [
    ["DANH SÁCH"],
    HEAD,
    [1, 7, "Nguyễn Văn An", 912345678.0, date(2015, 9, 5), "x", 11, None],
    [2, "A2", "Đặng Thị Bé", "", "5/9/2015", None, None, None],
    [3, "A3", "", "", None, None, "mười", "Không Có Ai"],
    [4, "A2", "Trùng Mã", "", None, None, None, None],
    [5, "A5", "Bé Nhỏ", "", None, None, 3, None],
    ["Tổng cộng", None, 5],
]
pytestmark = pytest.mark.django_db


def brought(by, rows=ROWS, name="danh-sach.xlsx"):
    run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows), name))
    actions.check_run(by=by, run=run)
    return run


def applied(by, rows=ROWS):
    run = brought(by, rows)
    actions.apply_run(by=by, run=run)
    run.refresh_from_db()
    return run


def errors(run):
    found = ImportRow.objects.filter(run=run).order_by("number")
    return {
        row.number: [(e["field"], e["value"], e["reason"]) for e in row.errors] for row in found if row.errors
    }


def test_upload_finds_the_table(by):
    run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(ROWS)))
    assert (run.state, run.header_row, run.file_name) == (RunState.UPLOADED, 1, "danh-sach.xlsx")
    assert run.mapping == {
        "username": [1],
        "full_name": [2],
        "phone": [3],
        "born": [4],
        "is_active": [5],
        "age": [6],
        "leader": [7],
    }


def test_dry_run_writes_nothing_and_says_everything(by):
    run = brought(by)
    assert not User.objects.filter(username__in=["00007", "A2"]).exists()
    assert run.counts == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 3, "skipped": 1}
    assert errors(run) == {
        5: [
            ("full_name", "", "Thiếu dữ liệu bắt buộc."),
            ("age", "mười", "Phải là số nguyên."),
            ("leader", "Không Có Ai", "Không tìm thấy trong hệ thống."),
        ],
        6: [("username", "A2", "Trùng với dòng 4 của tệp.")],
        7: [("age", "3", "Chưa đến tuổi đi học.")],
    }


def test_apply_writes_sound_rows_and_keeps_the_broken_ones(by):
    run = applied(by)
    assert run.state == RunState.APPLIED
    person = User.objects.get(username="00007")
    assert (person.full_name, person.phone) == ("Nguyễn Văn An", "0912345678")
    row = ImportRow.objects.get(run=run, number=3)
    assert (row.is_applied, row.target_id, row.values["born"]) == (True, person.pk, "2015-09-05")
    assert ImportRow.objects.filter(run=run, state=RowState.REJECTED, is_applied=False).count() == 3


def test_twice_gives_nothing_new(by):
    applied(by)
    again = brought(by)
    assert (again.counts["new"], again.counts["changed"], again.counts["unchanged"]) == (0, 0, 2)
    before = User.objects.count()
    actions.apply_run(by=by, run=again)
    assert User.objects.count() == before


def test_a_run_is_applied_once(by):
    run = applied(by)
    for step in (actions.apply_run, actions.check_run):
        with pytest.raises(ImportRefused, match="đã được nhập"):
            step(by=by, run=run)


def test_applied_by_another_meanwhile_is_not_made_twice(by):
    run = brought(by)
    applied(by)
    actions.apply_run(by=by, run=run)
    run.refresh_from_db()
    assert run.counts["unchanged"] == 2
    assert User.objects.filter(username="A2").count() == 1


def test_changes_carry_the_old_value(by):
    applied(by)
    run = brought(by, [HEAD, [1, "A2", "Đặng Thị Tên Mới", "0900000000"]])
    row = ImportRow.objects.get(run=run)
    assert row.state == RowState.CHANGED
    assert row.before == {"full_name": "Đặng Thị Bé", "phone": ""}
    assert row.texts["full_name"] == ["Đặng Thị Tên Mới", "Đặng Thị Bé"]


def test_an_empty_cell_clears_only_where_the_column_says_so(by):
    applied(by)
    run = applied(by, [HEAD, [1, "00007", "Nguyễn Văn An", "", None, ""]])
    person = User.objects.get(username="00007")
    assert run.counts["changed"] == 1
    assert (person.phone, person.is_active) == ("", True)


def test_what_the_file_does_not_name_stays(by):
    applied(by)
    applied(by, [HEAD, [1, "A9", "Người Khác"]])
    assert User.objects.filter(username__in=["00007", "A2", "A9"]).count() == 3


def test_a_column_that_is_not_in_the_file_changes_nothing(by):
    applied(by)
    run = applied(by, [["Mã", "Họ và tên"], ["00007", "Nguyễn Văn An"]])
    assert run.counts["unchanged"] == 1
    assert User.objects.get(username="00007").phone == "0912345678"


def test_a_row_that_breaks_while_writing_stops_no_other(by):
    run = applied(by, [HEAD, [1, "B1", "Một"], [2, "B2", "Hỏng Rồi"], [3, "B3", "Ba"]])
    assert run.counts["new"] == 2
    assert errors(run) == {3: [("", "B2", "Tên này bị từ chối.")]}
    assert set(User.objects.filter(username__startswith="B").values_list("username", flat=True)) == {
        "B1",
        "B3",
    }


def test_a_broken_constraint_is_told_without_the_words_of_the_database(by):
    # Names of accounts are unique without regard to case; the importer compares them with it.
    make_user().__class__.objects.filter(pk=make_user().pk).update(username="b1")
    run = applied(by, [HEAD, [1, "B1", "Một"], [2, "B2", "Hai"]])
    assert errors(run) == {2: [("", "B1", "Trái với một ràng buộc của dữ liệu (có thể trùng mã).")]}
    assert User.objects.filter(username="B2").exists()


def test_nothing_to_write_is_refused(by):
    run = brought(by, [HEAD, [1, "A1", ""], [2, "A2", ""]])
    with pytest.raises(ImportRefused):
        actions.apply_run(by=by, run=run)


class TestUndo:
    def test_puts_back(self, by):
        applied(by, [HEAD, [1, "A2", "Tên Cũ", "0911111111"]])
        run = applied(by, [HEAD, [1, "A2", "Tên Mới", "0922222222"], [2, "A3", "Mới Toanh"]])
        actions.undo_run(by=by, run=run)
        run.refresh_from_db()
        assert (run.state, run.counts["undone"], run.counts["kept"]) == (RunState.UNDONE, 2, 0)
        person = User.objects.get(username="A2")
        assert (person.full_name, person.phone) == ("Tên Cũ", "0911111111")
        assert not User.objects.filter(username="A3").exists()

    def test_keeps_what_was_changed_since(self, by):
        applied(by, [HEAD, [1, "A2", "Tên Cũ"]])
        run = applied(by, [HEAD, [1, "A2", "Tên Mới"]])
        User.objects.filter(username="A2").update(full_name="Sửa Tay")
        actions.undo_run(by=by, run=run)
        run.refresh_from_db()
        assert (run.counts["undone"], run.counts["kept"]) == (0, 1)
        assert User.objects.get(username="A2").full_name == "Sửa Tay"

    def test_only_once_and_only_what_was_applied(self, by):
        run = brought(by)
        with pytest.raises(ImportRefused):
            actions.undo_run(by=by, run=run)
        actions.apply_run(by=by, run=run)
        actions.undo_run(by=by, run=run)
        with pytest.raises(ImportRefused):
            actions.undo_run(by=by, run=run)


class TestColumns:
    def test_corrected_by_hand(self, by):
        rows = [["Mã", "Họ tên", "Ghi chú"], ["A1", "sai", "Tên Đúng"]]
        run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows)))
        actions.map_columns(by=by, run=run, mapping={"username": [0], "full_name": [2], "nonsense": [1]})
        actions.check_run(by=by, run=run)
        actions.apply_run(by=by, run=run)
        assert User.objects.get(username="A1").full_name == "Tên Đúng"

    @pytest.mark.parametrize(
        "mapping",
        [{"username": [0]}, {"username": [0], "full_name": [0]}, {"username": [0], "full_name": [99]}],
    )
    def test_nonsense_is_refused(self, by, mapping):
        run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(ROWS)))
        with pytest.raises(ImportRefused):
            actions.map_columns(by=by, run=run, mapping=mapping)

    def test_head_elsewhere(self, by):
        rows = [["Mã", "Họ tên"], ["A1", "An"]]
        more = [("Hai", [["x"], ["Họ tên", "Mã"], ["Bé", "A2"]])]
        run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows, more=more)))
        actions.move_header(by=by, run=run, sheet="Hai", row=1)
        assert (run.sheet, run.mapping) == ("Hai", {"username": [1], "full_name": [0]})
        with pytest.raises(ImportRefused):
            actions.move_header(by=by, run=run, sheet="Hai", row=50)


def test_error_file_can_be_mended_and_brought_in_again(by):
    run = applied(by)
    made = queries.error_file(run, actions.importer_of(KIND))
    with made:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(made.read())).get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEAD, "Lý do chưa nhập được"]
    assert len(rows) == 4
    assert rows[1][-1].startswith("Họ và tên: Thiếu dữ liệu bắt buộc.")
    rows[1][2:4], rows[1][6:8] = ["Sửa Rồi", ""], [9, ""]
    again = applied(by, [[cell if cell != "" else None for cell in row] for row in rows[:2]])
    assert again.counts["new"] == 1
    assert User.objects.get(username="A3").full_name == "Sửa Rồi"


def test_template_is_recognised(by, importer):
    with queries.template_file(importer) as made:
        head = CalamineWorkbook.from_filelike(io.BytesIO(made.read())).get_sheet_by_index(0).to_python()[0]
    run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx([head, ["A1", "An"]])))
    assert len(run.mapping) == len(importer.columns)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "Mã;Họ và tên\nA1;Nguyễn Ánh\n".encode("utf-8-sig")),
        ("a.csv", "Mã;Họ và tên\nA1;Nguyễn Ánh\n".encode("utf-16")),
        ("a.txt", "Mã\tHọ và tên\nA1\tNguyễn Ánh\n".encode()),
        ("a.csv", "Ma so,Ho va ten\nA1,Nguyê\u0303n A\u0301nh\n".encode("cp1258")),
    ],
    ids=["utf-8", "utf-16", "tabs", "cp1258"],
)
def test_text_files(by, name, data):
    run = actions.start_run(by=by, kind=KIND, upload=upload(data, name))
    actions.check_run(by=by, run=run)
    assert ImportRow.objects.get(run=run).values == {"username": "A1", "full_name": "Nguyễn Ánh"}


def test_what_is_no_table_is_refused(by):
    with pytest.raises(ImportRefused, match="tiêu đề"):
        actions.start_run(by=by, kind=KIND, upload=upload(xlsx([["a", "b"], [1, 2]])))
    with pytest.raises(FileRefused):
        actions.start_run(by=by, kind=KIND, upload=upload(b"%PDF-1.7 x", "a.xlsx"))


def test_rights(by):
    stranger = actor_of(make_user())
    with pytest.raises(NotAllowed):
        actions.start_run(by=stranger, kind=KIND, upload=upload(xlsx(ROWS)))
    run = brought(by)
    other = actor_of(make_user(), "people.write")
    for step in (actions.check_run, actions.apply_run, actions.undo_run):
        with pytest.raises(NotAllowed):
            step(by=other, run=run)


def test_the_database_shows_an_import_to_nobody_else(by):
    with act_as(by):
        brought(by)
    with act_as(actor_of(make_user(), "people.write")):
        assert not ImportRun.objects.exists()
        assert not ImportRow.objects.exists()
    with act_as(by):
        assert ImportRow.objects.count() == 5


def test_long_files_go_to_a_worker(by, settings):
    settings.ACTOR_RESOLVER = "tests.kit.importing.test_actions.resolved"
    rows = [HEAD, *([n, f"L{n}", f"Người {n}"] for n in range(620))]
    run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows)))
    assert do_step(by=by, run=run, step="check")
    assert queries.is_busy(ImportRun.objects.select_related("job").get(pk=run.pk))
    with pytest.raises(ImportRefused, match="đang được xử lý"):
        do_step(by=by, run=run, step="check")
    run_jobs()
    run = ImportRun.objects.select_related("job").get(pk=run.pk)
    assert (run.job.state, run.counts["new"]) == ("done", 620)
    do_step(by=by, run=run, step="apply")
    run_jobs()
    run.refresh_from_db()
    assert (run.state, User.objects.filter(username__startswith="L").count()) == (RunState.APPLIED, 620)


def resolved(user, *, acting_index=0):
    return actor_of(user, "people.write")


def test_same_number_of_queries_for_any_number_of_rows(by, django_assert_max_num_queries):
    rows = [HEAD, *([n, f"L{n}", f"Người {n}"] for n in range(300))]
    run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows)))
    with django_assert_max_num_queries(12):
        actions.check_run(by=by, run=run)


class TestCommand:
    def run(self, tmp_path, *options, rows=ROWS, kind=KIND):
        path = tmp_path / "tep.xlsx"
        path.write_bytes(xlsx(rows))
        out = io.StringIO()
        call_command("import_file", kind, str(path), *options, stdout=out)
        return out.getvalue()

    def test_dry_run(self, tmp_path):
        report = json.loads(self.run(tmp_path, "--dry-run", "--json"))
        assert report["counts"]["new"] == 2
        assert report["errors"][0] == {
            "row": 5,
            "field": "full_name",
            "label": "Họ và tên",
            "value": "",
            "reason": "Thiếu dữ liệu bắt buộc.",
        }
        assert report["columns"]["username"] == ["Mã số"]
        assert not User.objects.filter(username="A2").exists()

    def test_applies(self, tmp_path):
        assert "new 2" in self.run(tmp_path)
        assert User.objects.filter(username="A2").exists()

    def test_refusals(self, tmp_path):
        with pytest.raises(CommandError, match="Không có loại"):
            self.run(tmp_path, kind="x")
        with pytest.raises(CommandError, match="tiêu đề"):
            self.run(tmp_path, rows=[["a"]])
        with pytest.raises(CommandError, match="Không có tệp"):
            call_command("import_file", KIND, str(tmp_path / "khong-co.xlsx"))


def test_the_file_is_deleted_when_its_time_is_over(by, settings, django_capture_on_commit_callbacks):
    run, other = applied(by), brought(by, name="ban-khac.xlsx")
    name, today = run.file.storage_name, timezone.localdate()
    assert name == other.file.storage_name, "the same bytes lie there once"
    system, kept = Actor.system(), timedelta(days=settings.IMPORT_FILE_KEPT_DAYS)
    assert actions.purge_files(by=system, today=today + kept) == 0
    # The upload that went no further is one day older.
    ImportRun.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge_files(by=system, today=today + kept) == 1
    other.refresh_from_db()
    assert other.file is None
    assert default_storage.exists(name), "somebody else's upload has the same bytes"
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge_files(by=system, today=today + kept + timedelta(days=1)) == 1
        assert default_storage.exists(name), "what is not committed yet may be taken back"
    run.refresh_from_db()
    assert run.file is None
    assert run.state == RunState.APPLIED
    assert not default_storage.exists(name)
    assert not StoredFile.objects.exists()
    assert ImportRow.objects.filter(run=run).exists(), "what became of the rows stays"
    with pytest.raises(ImportRefused, match="Tệp gốc không còn"):
        queries.error_file(run, importer_of(KIND))
    actions.undo_run(by=by, run=run)


def test_only_the_system_deletes_files(by):
    with pytest.raises(NotAllowed):
        actions.purge_files(by=by, today=timezone.localdate())
