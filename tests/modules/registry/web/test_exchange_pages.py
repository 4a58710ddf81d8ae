"""What goes out: layouts of the ministry with their states, OneRoster, the dossier; and who may have them."""

import io
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories.registry import make_contact, make_staff, make_student
from tests.kit.importing.people import upload, xlsx
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.importing import actions as importing
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.registry.models import MinistrySubmission, Student, StudentCharacteristic
from thongsuot.modules.registry.queries.ministry import layout_of, out_rows, standing_of


def filed(client, province, kind="student", **more):
    url = reverse("registry:ministry-file", args=[kind])
    response = client.post(
        url, {"truong": province.school_a1.pk, "pham_vi": "can_gui", "danh_dau": "1", **more}
    )
    if response.status_code != 200:
        return None
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    head = rows[3]
    return [dict(zip(head, row, strict=True)) for row in rows[4:]]


def standing(province, kind="student"):
    from django.utils import timezone

    by = province.actors["school_office", "school_a1"]
    rows = out_rows(
        by,
        unit_id=province.school_a1.pk,
        school_year_id=province.year.pk,
        kind=kind,
        day=timezone.localdate(),
    )
    return standing_of(rows, kind=kind, school_year_id=province.year.pk)


def answer(province, kind, rows):
    by = province.actors["school_office", "school_a1"]
    file = upload(xlsx([["Mã học sinh", "Kết quả", "Lý do"], *rows]))
    run = importing.start_run(by=by, kind=f"registry.ministry_{kind}", upload=file)
    importing.check_run(by=by, run=run)
    run.refresh_from_db()
    if run.counts["changed"]:
        importing.apply_run(by=by, run=run)
    return dict(run.counts)


@pytest.mark.parametrize("kind", ["student", "class", "staff"])
def test_every_column_of_a_layout_can_be_filled(office, province, kind):
    make_staff(province.school_a1, "Cô Giáo")
    rows = filed(office, province, kind)
    assert rows
    assert list(rows[0]) == [column.label for column in layout_of(kind).columns]


def test_the_pupil_row(office, province):
    pupil = province.pupils[0]
    make_contact(pupil, "Lê Thị Mẹ", phone="0901234567")
    StudentCharacteristic.objects.create(
        student=pupil, unit=pupil.unit, kind="poverty", code="near_poor", valid_from="2026-09-01"
    )
    row = next(row for row in filed(office, province) if row["Họ và tên"] == pupil.full_name)
    assert row["Số định danh cá nhân"] == unseal(pupil.personal_id_sealed)
    assert (row["Ngày sinh"], row["Giới tính"], row["Mã lớp"]) == (
        "08/03/2020",
        "Nữ",
        province.school_class.code,
    )
    assert (row["Hộ nghèo"], row["Họ tên mẹ"], row["Số điện thoại mẹ"]) == (
        "Hộ cận nghèo",
        "Lê Thị Mẹ",
        "0901234567",
    )
    assert ReadingLog.objects.filter(purpose="Xuất tệp theo mẫu của Bộ").count() == 1


def test_states_from_sent_to_accepted_refused_and_changed(office, province):
    first, second, third = province.pupils
    assert len(standing(province).not_sent) == 3
    assert len(filed(office, province)) == 3
    assert standing(province).sent == {first.pk, second.pk, third.pk}
    assert filed(office, province) is None  # nothing is left to send
    counts = answer(
        province,
        "student",
        [
            [first.local_code, "Thành công", None],
            [second.local_code, "Lỗi", "Sai ngày sinh"],
            [third.local_code, "Lỗi", None],
            ["KHONGCO", "Thành công", None],
        ],
    )
    assert (counts["changed"], counts["rejected"]) == (2, 2)
    now = standing(province)
    assert (now.accepted, now.refused, now.sent) == ({first.pk}, {second.pk}, {third.pk})
    assert MinistrySubmission.objects.get(object_id=second.pk).reason == "Sai ngày sinh"
    Student.objects.filter(pk=first.pk).update(full_name="Nguyễn Thị Ánh")
    now = standing(province)
    assert now.changed == {first.pk}
    assert now.to_send == {first.pk, second.pk}
    assert {row["Họ và tên"] for row in filed(office, province)} == {"Nguyễn Thị Ánh", second.full_name}
    # What was accepted stays so when everything is sent once more.
    answer(province, "student", [[first.local_code, "Đã tiếp nhận", None]])
    filed(office, province, pham_vi="tat_ca")
    assert standing(province).accepted == {first.pk}


def test_a_look_marks_nothing(office, province):
    filed(office, province, danh_dau="")
    assert not MinistrySubmission.objects.exists()
    text = office.get(reverse("registry:ministry")).content.decode()
    assert "Tải 3 dòng cần gửi" in text


def test_the_list_and_accepting_by_hand(office, province):
    filed(office, province)
    url = reverse("registry:ministry-list")
    row = office.get(url).context["page"].object_list[0]
    assert row.object_name in {pupil.full_name for pupil in province.pupils}
    office.post(url, {"do": "accepted", "pick": [row.pk]})
    assert MinistrySubmission.objects.filter(status="accepted").count() == 1
    # The figures of the page lead to the rows behind them.
    cards = office.get(reverse("registry:ministry")).context["kinds"]
    lists = next(one["lists"] for one in cards if one["kind"] == "student")
    counted = {state: office.get(lists[state]).context["page"].paginator.count for state in lists}
    assert counted == {"not_sent": 0, "sent": 2, "accepted": 1, "refused": 0, "changed": 0, "": 3}


def test_every_object_with_its_state(office, browse, province):
    url = reverse("registry:ministry-objects", args=["student"])

    def states(client=office, **asked):
        page = client.get(url, asked).context["page"]
        return {row.object_name: row.state for row in page.object_list}

    first, second, third = province.pupils
    assert states() == dict.fromkeys((one.full_name for one in province.pupils), "not_sent")
    filed(office, province)
    answer(
        province,
        "student",
        [[first.local_code, "Thành công", None], [second.local_code, "Lỗi", "Sai ngày sinh"]],
    )
    Student.objects.filter(pk=first.pk).update(current_address="Thôn mới")
    fourth = make_student(province.school_a1, "Phạm Thị Mới", school_class=province.school_class)
    now = {
        first.full_name: "changed",
        second.full_name: "refused",
        third.full_name: "sent",
        fourth.full_name: "not_sent",
    }
    assert states() == now
    for name, state in now.items():
        assert states(state=state) == {name: state}
    assert states(q="sai ngay") == {second.full_name: "refused"}
    assert list(states(sort="-object_name"))[-1] == first.full_name
    text = office.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")
    assert "Sai ngày sinh" in text
    assert "Chưa gửi" in text
    assert ReadingLog.objects.filter(purpose="Xuất danh sách trạng thái gửi Bộ").count() == 1
    for kind in ("class", "staff"):
        assert office.get(reverse("registry:ministry-objects", args=[kind])).status_code == 200
    assert office.get(reverse("registry:ministry-objects", args=["school"])).status_code == 404
    # Another school's is not there, nor is it for whoever may not see what the files hold.
    assert office.get(url, {"truong": province.school_b1.pk}).status_code == 404
    assert browse("department_officer", "office").get(url).status_code == 404
    assert browse("teacher", "school_a1").get(url).status_code == 404


def test_oneroster_of_the_school(office, province):
    response = office.post(reverse("registry:oneroster-file"), {"truong": province.school_a1.pk})
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert "users.csv" in archive.namelist()


def test_the_dossier(office, province):
    pupil = province.pupils[0]
    make_contact(pupil)
    url = reverse("registry:student-pdf", args=[pupil.public_id])
    first, second = office.get(url), office.get(url)
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    assert pupil.full_name not in first["Content-Disposition"]
    assert ReadingLog.objects.filter(subject_pk=str(pupil.pk), purpose="In hồ sơ học sinh").count() == 2


@pytest.mark.parametrize(
    ("role", "unit"),
    [("school_office", "school_b1"), ("teacher", "school_a1"), ("commune_officer", "commune_a_office")],
)
def test_nobody_else(browse, office, province, role, unit):
    other = browse(role, unit)
    assert other.get(reverse("registry:student-pdf", args=[province.pupils[0].public_id])).status_code == 404
    data = {"truong": province.school_a1.pk, "pham_vi": "tat_ca"}
    assert other.post(reverse("registry:ministry-file", args=["student"]), data).status_code == 404
    assert other.post(reverse("registry:oneroster-file"), data).status_code == 404


def test_the_department_without_sensitive_rights_gets_no_layout(browse, office, province):
    officer = browse("department_officer", "office")
    data = {"truong": province.school_a1.pk, "pham_vi": "tat_ca"}
    assert officer.post(reverse("registry:ministry-file", args=["student"]), data).status_code == 404
    text = officer.get(reverse("registry:ministry"), {"truong": province.school_a1.pk}).content.decode()
    assert "cần cả quyền xuất tệp" in text
