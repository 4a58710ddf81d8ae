"""Pages of the verification: preview, send, file out, answers in, settle; what another school sees."""

from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.kit.importing.people import upload, xlsx
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.importing import actions as importing
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.registry.models import IdentityBatch, Student

KIND = "registry.identity_answers"
HEAD = ["Mã tham chiếu", "Kết quả", "Trường không khớp"]


def sent(client, province, **more):
    url = reverse("registry:identity-send", args=[province.school_a1.pk])
    response = client.post(url, {"loai": "student", "lop": "", "kenh": "file", **more})
    assert response.status_code == 302
    return IdentityBatch.objects.latest("pk")


def states():
    return list(Student.objects.order_by("pk").values_list("identity_status", flat=True))


def answered(province, rows):
    """Bring a file of answers in: checked, then applied; what the check counted."""
    by = province.actors["school_office", "school_a1"]
    run = importing.start_run(by=by, kind=KIND, upload=upload(xlsx([HEAD, *rows])))
    importing.check_run(by=by, run=run)
    run.refresh_from_db()
    checked = dict(run.counts)
    if checked["changed"]:
        importing.apply_run(by=by, run=run)
    return checked


def test_the_own_school_with_its_classes(office, province):
    response = office.get(reverse("registry:identity"), follow=True)
    text = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("registry:identity-school", args=[province.school_a1.pk])
    assert "1A" in text
    assert "Gửi lớp 1A" in text


def test_preview_writes_nothing(office, province):
    make_url = reverse("registry:identity-send", args=[province.school_a1.pk])
    text = office.get(make_url, {"loai": "student", "lop": province.school_class.pk}).content.decode()
    assert "3 người sẽ được gửi" in text
    assert states() == ["not_sent"] * 3
    assert not IdentityBatch.objects.exists()


def test_file_out_and_answers_in(office, province):
    batch = sent(office, province)
    response = office.get(reverse("registry:identity-file", args=[batch.public_id]))
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(
        0
    )
    head, *rows = sheet.to_python()
    assert head == ["Mã tham chiếu", "Số định danh cá nhân", "Họ và tên", "Ngày sinh", "Giới tính"]
    assert rows[0][1:] == [unseal(province.pupils[0].personal_id_sealed), "Nguyễn Thị An", "08/03/2020", "Nữ"]
    assert ReadingLog.objects.filter(subject_pk=str(batch.pk)).exists()
    batch.refresh_from_db()
    assert batch.state == "sent"

    answers = [
        [rows[0][0], "Khớp", None],
        [rows[1][0], "Không khớp", "Ngày sinh; Họ tên"],
        ["11111111-1111-4111-8111-111111111111", "Khớp", None],
        [rows[2][0], "Không khớp", None],
    ]
    checked = answered(province, answers)
    assert (checked["changed"], checked["rejected"]) == (2, 2)
    assert states() == ["matched", "mismatched", "waiting"]
    batch.refresh_from_db()
    assert (batch.answered, batch.matched, batch.state) == (2, 1, "sent")
    assert batch.checks.get(reference=rows[1][0]).differing == "full_name,birth_date"

    checked = answered(province, [*answers[:2], [rows[2][0], "not_found", None]])
    assert (checked["unchanged"], checked["changed"]) == (2, 1)
    batch.refresh_from_db()
    assert (batch.answered, batch.state) == (3, "done")
    # Another answer than before does not take the place of the first one.
    checked = answered(province, [[rows[0][0], "Trùng số", None]])
    assert checked["rejected"] == 1
    assert states()[0] == "matched"


def test_batch_page_names_fields_never_values(office, province):
    batch = sent(office, province)
    reference = batch.checks.first().reference
    answered(province, [[str(reference), "Không khớp", "Ngày sinh"]])
    text = office.get(
        reverse("registry:identity-batch", args=[batch.public_id]), {"tab": "lech"}
    ).content.decode()
    assert "Ngày sinh" in text
    number = unseal(province.pupils[0].personal_id_sealed)
    assert number not in text


def test_settle_to_the_police_and_mended(office, province):
    batch = sent(office, province)
    first, second = batch.checks.all()[:2]
    answered(province, [[str(c.reference), "Không tìm thấy", None] for c in (first, second)])
    url = reverse("registry:identity-settle")
    office.post(url, {"do": "police", "pick": [first.pk]})
    office.post(url, {"do": "mended", "pick": [second.pk]})
    now = dict(Student.objects.values_list("pk", "identity_status"))
    assert (now[first.person_id], now[second.person_id]) == ("with_police", "mended")
    page = office.get(url)
    assert [row.pk for row in page.context["page"].object_list] == [first.pk]


def test_stop(office, province):
    batch = sent(office, province)
    office.post(reverse("registry:identity-give-up", args=[batch.public_id]))
    assert states() == ["not_sent"] * 3
    assert office.get(reverse("registry:identity-batch", args=[batch.public_id])).status_code == 200


def test_a_queued_list_shows_its_fault(office, province, settings):
    settings.POPULATION_URL = "http://127.0.0.1:9"
    batch = sent(office, province, kenh="http")
    batch.fault = "no_connection"
    batch.save()
    text = office.get(reverse("registry:identity-batch", args=[batch.public_id])).content.decode()
    assert "Không kết nối được" in text


@pytest.mark.parametrize(
    ("role", "unit"),
    [("school_office", "school_b1"), ("teacher", "school_a1"), ("commune_officer", "commune_a_office")],
)
def test_nobody_else(browse, office, province, role, unit):
    batch = sent(office, province)
    other = browse(role, unit)
    for name in ("identity-batch", "identity-file"):
        assert other.get(reverse(f"registry:{name}", args=[batch.public_id])).status_code == 404
    for name in ("identity-school", "identity-send"):
        assert other.get(reverse(f"registry:{name}", args=[province.school_a1.pk])).status_code == 404
    assert other.post(reverse("registry:identity-give-up", args=[batch.public_id])).status_code == 404


def test_the_bar_tells_the_page_when_it_is_over(office, province):
    batch = sent(office, province)
    url = reverse("registry:identity-batch", args=[batch.public_id])
    htmx = {"HX-Request": "true", "HX-Target": "tien-do"}
    assert "HX-Refresh" not in office.get(url, headers=htmx)
    office.post(reverse("registry:identity-give-up", args=[batch.public_id]))
    assert office.get(url, headers=htmx)["HX-Refresh"] == "true"


def test_shares_are_rounded_half_up(office, province):
    Student.objects.filter(pk__in=[pupil.pk for pupil in province.pupils[:2]]).update(
        identity_status="matched"
    )
    text = office.get(reverse("registry:identity-school", args=[province.school_a1.pk])).content.decode()
    assert text.count("66,7%") == 2


def test_the_department_sees_schools(browse, office, province):
    officer = browse("department_officer", "office")
    rows = officer.get(reverse("registry:identity-schools")).context["page"].object_list
    assert [(row["unit__name"], row["total"], row["share"]) for row in rows] == [
        ("Trường Tiểu học An Bình", 3, 0)
    ]
