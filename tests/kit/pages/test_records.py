import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from thongsuot.kit.audit.types import ChangeKind, FieldChange, HistoryEntry

URL = "/thu/nguoi/"


@pytest.fixture
def person(make_people):
    (made,) = make_people("Nguyễn Văn An")
    return made


def test_details(reader, person):
    text = reader.get(f"{URL}{person.pk}/").content.decode()
    assert "Nguyễn Văn An" in text
    assert "Tài khoản" in text
    assert "p-0" in text
    assert "Chưa có" in text  # the phone is empty, and that is said


def test_what_is_not_in_the_query_does_not_exist(reader, person):
    outside = get_user_model().objects.create(username="other", full_name="x")
    for path in ("", "sua/"):
        assert reader.get(f"{URL}{outside.pk}/{path}").status_code == 404
    assert reader.get(f"{URL}999999/").status_code == 404


def test_buttons_follow_rights(sign_in, person):
    url = f"{URL}{person.pk}/"
    assert "/sua/" not in sign_in("reader").get(url).content.decode()
    text = sign_in("writer").get(url).content.decode()
    assert f"{url}sua/" in text
    assert f"{url}xoa/" in text
    assert 'data-confirm="Gửi?"' in text


def told(thing):
    """Stands for the reader of the audit log, which another room of the kit gives."""
    change = FieldChange("phone", "điện thoại", "1", "2")
    return [HistoryEntry(timezone.now(), "Trần B", "Hiệu trưởng", "nhập nhầm", ChangeKind.UPDATE, (change,))]


def test_history_tab(reader, person, settings):
    settings.HISTORY_READER = "tests.kit.pages.test_records.told"
    url = f"{URL}{person.pk}/"
    text = reader.get(f"{url}?tab=history").content.decode()
    for words in ("Sửa", "Trần B", "nhập nhầm", "Điện thoại", "<del>1</del>", "<ins>2</ins>"):
        assert words in text
    assert "nhập nhầm" not in reader.get(f"{url}?tab=nonsense").content.decode()


def test_edit(writer, person):
    url = f"{URL}{person.pk}/sua/"
    text = writer.get(url).content.decode()
    assert 'value="Nguyễn Văn An"' in text
    assert "data-warn-unsaved" in text
    response = writer.post(url, {"full_name": "Tên khác", "phone": "1"})
    assert response["Location"] == f"{URL}{person.pk}/"
    person.refresh_from_db()
    assert person.full_name == "Tên khác"
    assert "Đã lưu." in writer.get(response["Location"]).content.decode()


def test_a_form_with_errors_writes_nothing(writer, person):
    response = writer.post(f"{URL}{person.pk}/sua/", {"full_name": ""})
    assert response.status_code == 422
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Văn An"


@pytest.mark.parametrize(("phone", "words"), [("113", "Số này của công an."), ("114", "Số này của cứu hỏa.")])
def test_a_refusal_is_an_error_of_the_form_and_is_rolled_back(writer, person, phone, words):
    response = writer.post(f"{URL}{person.pk}/sua/", {"full_name": "Khác", "phone": phone})
    assert response.status_code == 422
    assert words in response.content.decode()
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Văn An"


def test_not_allowed_is_not_found(sign_in, person):
    data = {"full_name": "Khác", "phone": ""}
    assert sign_in("reader").post(f"{URL}{person.pk}/sua/", data).status_code == 404
    assert sign_in("writer").post(f"{URL}{person.pk}/sua/", {**data, "phone": "115"}).status_code == 404
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Văn An"


def test_create(writer):
    assert writer.get(f"{URL}them/").status_code == 200
    response = writer.post(f"{URL}them/", {"full_name": "Mới"})
    made = get_user_model().objects.get(username="p-new")
    assert response["Location"] == f"{URL}{made.pk}/"


def test_create_without_the_right(reader):
    assert reader.get(f"{URL}them/").status_code == 404
    assert reader.post(f"{URL}them/", {"full_name": "Mới"}).status_code == 404


def test_delete_asks_first(writer, person):
    assert "không làm lại được" in writer.get(f"{URL}{person.pk}/xoa/").content.decode()
    assert get_user_model().objects.filter(pk=person.pk).exists()
    assert writer.post(f"{URL}{person.pk}/xoa/")["Location"] == URL
    assert not get_user_model().objects.filter(pk=person.pk).exists()


def test_refused_delete(writer, make_people):
    (person,) = make_people("An", phone="113")
    response = writer.post(f"{URL}{person.pk}/xoa/", follow=True)
    assert "Không xóa được." in response.content.decode()
    assert get_user_model().objects.filter(pk=person.pk).exists()
