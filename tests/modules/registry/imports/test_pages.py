"""The way of a file by page: upload with school and year, columns, rows by outcome, apply, undo."""

import pytest

from tests.factories.organization import make_appointment, make_user
from tests.factories.registry import make_class, make_student
from tests.kit.importing.test_views import columns_of
from tests.kit.pages.reading import body, find, page
from tests.modules.registry.imports.files import STUDENT_HEAD, pupil, student_rows, upload, xlsx
from thongsuot.kit.importing import queries
from thongsuot.kit.importing.models import ImportRun
from thongsuot.modules.registry.bulk import listing
from thongsuot.modules.registry.models import Student

URL = "/nhap-lieu/"
KIND = "registry.students"
pytestmark = pytest.mark.django_db


def signed_in(client, role, unit):
    user = make_user()
    make_appointment(user, role, unit)
    client.force_login(user)
    return client


def test_the_way_of_a_file(client, province, school):
    signed_in(client, "school_office", school)
    form = page(client.get(f"{URL}moi/{KIND}/"))
    assert [option.get("value") for option in find(form, "select[name=unit] option")] == [str(school.pk)]
    rows = student_rows([pupil("Lê An", code="HS1"), pupil("Lê Ba", code="HS2", born="hôm qua")])
    sent = {"file": upload(xlsx(rows)), "unit": school.pk, "year": "2026-2027"}
    columns = client.post(f"{URL}moi/{KIND}/", sent)["Location"]
    preview = client.post(columns, columns_of(client, columns))["Location"]
    assert not Student.objects.exists()
    text = client.get(preview).content.decode()
    assert "Lê An" in text
    assert "Không phải ngày" in text
    assert len(find(page(client.get(preview, {"state": "rejected"})), "tbody tr")) == 1
    client.post(f"{preview}nhap/")
    assert Student.objects.get().full_name == "Lê An"
    errors = client.get(f"{preview}loi/")
    assert body(errors).startswith(b"PK")
    client.post(f"{preview}hoan-tac/")
    assert not Student.objects.exists()
    assert ImportRun.objects.get().counts["undone"] == 1


def test_a_school_that_is_not_ones_own(client, province, school):
    signed_in(client, "school_office", school)
    sent = {"file": upload(xlsx(student_rows([pupil()]))), "unit": province.school_b1.pk, "year": "2026-2027"}
    response = client.post(f"{URL}moi/{KIND}/", sent)
    assert response.status_code == 422
    assert not ImportRun.objects.exists()


def test_a_file_of_many_schools(client, province, school, year):
    """The department brings in a file in which each row names its school; masked where it may not read; taken back."""
    other = province.school_b1
    there = make_class(other, year, "1A", code="1A")
    make_student(other, "Lê Ba", local_code="HS2", school_class=there, ethnicity="02", personal_id="")
    signed_in(client, "department_officer", province.office)
    form = page(client.get(f"{URL}moi/{KIND}/"))
    assert find(form, "select[name=unit] option")[0].get("value") == ""
    head = ["Mã trường", *STUDENT_HEAD]
    pupils = [pupil("Lê An", code="HS1"), pupil("Lê Ba", code="HS2"), pupil("Lê Tư", code="HS4")]
    codes = [school.code, other.code, "KHONG-CO"]
    rows = [head, *([code, *row] for code, row in zip(codes, pupils, strict=True))]
    sent = {"file": upload(xlsx(rows)), "unit": "", "year": "2026-2027"}
    columns = client.post(f"{URL}moi/{KIND}/", sent)["Location"]
    preview = client.post(columns, columns_of(client, columns))["Location"]
    counts = ImportRun.objects.get().counts
    assert (counts["new"], counts["changed"], counts["rejected"]) == (1, 1, 1)
    text = client.get(preview).content.decode()
    assert "Tày" not in text
    assert "KHONG-CO" in text
    client.post(f"{preview}nhap/")
    assert set(Student.objects.values_list("unit__code", "full_name", "ethnicity")) == {
        (school.code, "Lê An", "01"), (other.code, "Lê Ba", "01"),
    }  # fmt: skip
    # A file is all: no dossier is written by hand.
    assert client.get(f"/ho-so/hoc-sinh/{Student.objects.first().public_id}/sua/").status_code == 404
    client.post(f"{preview}hoan-tac/")
    assert list(Student.objects.values_list("full_name", "ethnicity")) == [("Lê Ba", "02")]


@pytest.mark.parametrize(
    ("role", "unit"), [("department_leader", "department"), ("commune_officer", "commune_a")]
)
def test_looking_is_not_bringing_in(client, province, school, role, unit):
    signed_in(client, role, getattr(province, unit))
    assert client.get(f"{URL}moi/{KIND}/").status_code == 404


def test_who_may_not(client, province, school):
    signed_in(client, "teacher", school)
    assert client.get(f"{URL}moi/{KIND}/").status_code == 404


def test_the_page_says_that_a_long_list_shows_a_part(client, province, school, monkeypatch):
    monkeypatch.setattr(listing, "LISTED_ROWS", 3)
    monkeypatch.setattr(listing, "SOME_ROWS", 2)
    monkeypatch.setattr(queries, "SOME_ROWS", 2)
    signed_in(client, "school_office", school)
    rows = student_rows([pupil(f"Lê Thứ {n}", code=f"HS{n}") for n in range(5)])
    sent = {"file": upload(xlsx(rows)), "unit": school.pk, "year": "2026-2027"}
    columns = client.post(f"{URL}moi/{KIND}/", sent)["Location"]
    preview = client.post(columns, columns_of(client, columns))["Location"]
    assert "chỉ nêu 2 dòng đầu trong 5 dòng" in client.get(preview).content.decode()
    # The file is thrown away after its time: what needs it is offered no longer.
    ImportRun.objects.update(file=None)
    text = client.get(preview).content.decode()
    assert "Tệp gốc đã được xóa" in text
    assert "Nhập vào hệ thống" not in text
