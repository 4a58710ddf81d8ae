import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories.registry import make_class
from tests.modules.registry.imports.files import csv_of, pupil, student_rows, xlsx
from thongsuot.modules.registry.models import SchoolClass, Staff, Student

pytestmark = pytest.mark.django_db


def ran(capsys, *words, **options):
    """(exit code, JSON report) of the command."""
    code = 0
    try:
        call_command("import_registry", *words, json=True, **options)
    except SystemExit as end:
        code = end.code
    return code, json.loads(capsys.readouterr().out)


def test_one_school_by_csv(tmp_path, capsys, school):
    path = tmp_path / "hs.csv"
    path.write_bytes(csv_of(student_rows([pupil("Lê Văn Tám", born="8/3/2020"), pupil("", code="HS9")])))
    code, report = ran(capsys, "student", str(path), school=school.code, year="2026-2027")
    assert code == 3
    assert (report["counts"]["new"], report["counts"]["rejected"], report["written"]) == (1, 1, 1)
    assert report["rejected"][0]["row"] == 4
    assert report["rejected"][0]["label"] == "Họ và tên"
    assert Student.objects.get().full_name == "Lê Văn Tám"


def test_a_dry_run_writes_nothing(tmp_path, capsys, school):
    path = tmp_path / "hs.xlsx"
    path.write_bytes(xlsx(student_rows([pupil()])))
    code, report = ran(capsys, "student", str(path), school=school.code, year="2026-2027", dry_run=True)
    assert (code, report["applied"], report["counts"]["new"]) == (0, False, 1)
    assert not Student.objects.exists()


def test_many_schools_in_one_file(tmp_path, capsys, province, year, school):
    other = province.school_b1
    make_class(other, year, "1A", code="1A")
    rows = [
        ["Mã trường", "Mã lớp", "Họ tên", "Ngày sinh", "Giới tính"],
        [school.code, "1A", "Trần Thị Một", "1/2/2020", "Nữ"],
        [other.code, "1a", "Trần Thị Hai", "1/2/2020", "Nữ"],
        ["KHONGCO", "1A", "Trần Thị Ba", "1/2/2020", "Nữ"],
        [other.code, "1C", "Trần Thị Bốn", "1/2/2020", "Nữ"],
    ]
    path = tmp_path / "tinh.xlsx"
    path.write_bytes(xlsx(rows))
    code, report = ran(capsys, "student", str(path), year="2026-2027")
    assert (code, report["counts"]["new"]) == (3, 2)
    assert [one["row"] for one in report["rejected"]] == [4, 5]
    assert Student.objects.get(full_name="Trần Thị Hai").unit_id == other.pk
    code, report = ran(capsys, "student", str(path), year="2026-2027", make_classes=True)
    assert report["counts"]["new"] == 1
    assert SchoolClass.objects.get(unit=other, code="1C").grade == 1


def test_classes_and_staff(tmp_path, capsys, school):
    staff = [
        ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính", "Trạng thái CB", "Nhóm cán bộ", "Môn dạy"],
        ["GV1", "Phạm Thị Dạy", "30/4/1988", "Nữ", "Đang làm việc", "Giáo viên", "Toán; Tin học"],
        ["GV2", "Phạm Văn Nghỉ", "30/4/1960", "Nam", "Đã nghỉ hưu", "Giáo viên", None],
        ["GV3", "Phạm Văn Thiếu", "30/4/1970", "Nam", "Đang làm việc", None, None],
    ]
    path = tmp_path / "cb.xlsx"
    path.write_bytes(xlsx(staff))
    code, report = ran(capsys, "staff", str(path), school=school.code, year="2026-2027")
    assert (code, report["counts"]["new"], report["rejected"][0]["row"]) == (3, 2, 4)
    teacher = Staff.objects.get(local_code="GV1").employments.get()
    assert (teacher.group, teacher.subjects, teacher.valid_to) == ("teacher", ["Toán", "Tin học"], None)
    assert Staff.objects.get(local_code="GV2").employments.get().valid_to is not None
    _code, again = ran(capsys, "staff", str(path), school=school.code, year="2026-2027")
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["unchanged"]) == (0, 0, 2)
    classes = [["Mã lớp", "Tên lớp", "Khối", "GVCN"], ["2A", "2A", "Khối 2", "GV1"], ["1A", "1A", 1, None]]
    path.write_bytes(xlsx(classes))
    code, report = ran(capsys, "class", str(path), school=school.code, year="2026-2027")
    assert (code, report["counts"]["new"], report["counts"]["unchanged"]) == (0, 1, 1)
    assert SchoolClass.objects.get(unit=school, code="2A").homeroom_teacher.local_code == "GV1"
    _code, again = ran(capsys, "class", str(path), school=school.code, year="2026-2027")
    assert again["counts"]["unchanged"] == 2


def test_what_is_refused_as_a_whole(tmp_path, school):
    path = tmp_path / "hs.xlsx"
    path.write_bytes(xlsx([["a", "b"], [1, 2]]))
    for options in ({"school": "KHONGCO", "year": "2026-2027"}, {"school": school.code, "year": "1999-2000"}):
        with pytest.raises(CommandError):
            call_command("import_registry", "student", str(path), **options)
    with pytest.raises(CommandError, match="tiêu đề"):
        call_command("import_registry", "student", str(path), school=school.code, year="2026-2027")
