"""What the school adds, from a file: dry run, nothing twice, row, field and reason, taken back; what a transcript lacks."""

from decimal import Decimal

import pytest

from tests.modules.transcripts.flow import build
from tests.modules.transcripts.secondary import secondary
from tests.modules.transcripts.test_subjects import sign_parts
from tests.modules.transcripts.world import NOW
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.types import ImportRefused, RowState
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.imports import SupplementImporter
from thongsuot.modules.transcripts.models import Supplement, Transcript


def plan(world, importer, *lines, by="office"):
    empty = dict.fromkeys((name for line in lines for name in line), "")
    rows = [DataRow(number, {**empty, **line}) for number, line in enumerate(lines, 2)]
    return importer.plan(rows, world.actors[by])


@pytest.fixture
def importer(world):
    office = world.actors["office"]
    return SupplementImporter().for_run(SupplementImporter().options({"year": world.year.pk}, office))


def test_in_twice_and_out_again(world, importer):
    first, second, third = world.students
    Supplement.objects.filter(student=first).delete()
    office = world.actors["office"]
    lines = (
        {"student": first.local_code, "weight": "27,5", "height": 130, "register_number": "0042"},
        {"student": second.local_code, "weight": "", "height": "131"},
    )
    plans = plan(world, importer, *lines)
    assert [(one.state, one.errors) for one in plans] == [(RowState.NEW, []), (RowState.CHANGED, [])]
    assert not Supplement.objects.filter(student=first).exists()
    ids = importer.apply(plans, office)
    row = Supplement.objects.get(student=first)
    assert (row.weight, row.height, row.register_number) == (Decimal("27.5"), Decimal(130), "0042")
    # What the file leaves empty, and whom it does not name, stays.
    assert Supplement.objects.get(student=second).weight == Decimal("27.5")
    assert Supplement.objects.get(student=third).height == Decimal(128)
    assert {one.state for one in plan(world, importer, *lines)} == {RowState.UNCHANGED}
    importer.remove([ids[2]], office)
    row.refresh_from_db()
    assert (row.weight, row.register_number) == (None, "")


def test_bad_rows_name_their_field(world, importer):
    code = world.students[0].local_code
    other = world.students[1].local_code
    plans = plan(
        world, importer, {"student": "999", "weight": "30"}, {"student": code, "weight": "nặng"},
        {"student": other, "height": "1,28"}, {"student": world.students[2].local_code, "weight": "27,55"},
    )  # fmt: skip
    assert [[error.label for error in one.errors] for one in plans] == [
        ["Mã học sinh"], ["Cân nặng (kg)"], ["Chiều cao (cm)"], ["Cân nặng (kg)"],
    ]  # fmt: skip
    assert all(error.reason for one in plans for error in one.errors)
    assert not SupplementImporter().allowed(world.actors["teacher"])
    # Of another school nobody is found.
    assert plan(world, importer, {"student": code, "weight": "30"}, by="officer")[0].errors
    with pytest.raises(NotAllowed):
        actions.supplement_pupils(
            by=world.actors["teacher"], unit_id=world.school.pk, school_year=world.year, rows={}
        )
    with pytest.raises(ImportRefused):
        SupplementImporter().options({"year": "0"}, world.actors["office"])


def test_what_a_transcript_lacks_and_who_fills_it(world):
    world = secondary(world)
    build(world)
    row = Transcript.objects.order_by("pk").first()
    sign_parts(world, "maths")
    office = world.actors["office"]
    found = {one.what: one.who for one in queries.gaps_of(office, row) if one.is_required}
    assert found == {
        "Chữ ký môn Ngữ văn": "Đỗ Văn Văn",
        "Chữ ký môn Âm nhạc": "Lê Văn Dũng",
        "Chữ ký: Giáo viên chủ nhiệm": "Phạm Thị Em",
        "Chữ ký: Cán bộ quản lý": "Lê Văn Dũng",
        "Chữ ký: Ký phát hành (chứng thư số của trường)": "Văn phòng, bằng chứng thư số của trường",
    }
    optional = {one.what: one.who for one in queries.gaps_of(office, row) if not one.is_required}
    assert optional["Họ và tên cha"] == "Văn phòng, ở hồ sơ học sinh"
    # Whoever is named has left since: the version is to be made anew.
    type(world.teacher).objects.get(pk=row.place_staff[2]).employments.update(valid_to=NOW.date())
    gone = [one.who for one in queries.gaps_of(office, row) if one.what == "Chữ ký môn Ngữ văn"]
    assert gone == ["Đỗ Văn Văn đã rời trường: bỏ bản này, lập lại để hiệu trưởng ký"]
    words = queries.keepers_of(queries.profile_named("spec-v1.0-primary"))
    assert words["CAN_NANG"].endswith("Bổ sung thông tin")
    assert words["SO_CCCD_GIAM_HIEU_KY_HOC_BA"] == "Văn phòng, ở hồ sơ cán bộ"
