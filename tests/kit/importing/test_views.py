import io

import pytest
from django.contrib.auth import get_user_model
from python_calamine import CalamineWorkbook

from tests.kit.importing.people import KIND, upload, xlsx
from tests.kit.importing.test_actions import HEAD, ROWS
from tests.kit.pages.reading import body, find, page
from tests.kit.people import actor_of
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.types import RunState

User = get_user_model()
URL = "/nhap-lieu/"


def resolved(user, *, acting_index=0):
    return actor_of(user, *(["people.write"] if user.username.startswith("nhap") else []))


@pytest.fixture
def sign_in(client, db, settings):
    settings.ACTOR_RESOLVER = f"{__name__}.resolved"
    settings.MFA_REQUIRED = "none"

    def enter(name):
        user, _made = User.objects.get_or_create(username=name, defaults={"full_name": name})
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def clerk(sign_in):
    return sign_in("nhap1")


def send(client, rows=ROWS):
    response = client.post(f"{URL}moi/{KIND}/", {"file": upload(xlsx(rows))})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def columns_of(client, url):
    """What the form of columns would send as it stands."""
    document = page(client.get(url))
    sent = {field.get("name"): field.get("value") for field in find(document, "input[name=header_row]")}
    for select in find(document, ".ts-form select"):
        chosen = select.xpath(".//option[@selected]")
        sent[select.get("name")] = chosen[0].get("value") if chosen else ""
    return sent


def checked(client, rows=ROWS):
    url = send(client, rows)
    response = client.post(url, columns_of(client, url))
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def test_the_whole_way(clerk):
    assert "Người thử" in clerk.get(URL).content.decode()
    rows = checked(clerk)
    text = clerk.get(rows).content.decode()
    assert "Nguyễn Văn An" in text
    assert "Thiếu dữ liệu bắt buộc." in text
    assert "Ghi 2 dòng vào hệ thống?" in text
    response = clerk.post(f"{rows}nhap/", follow=True)
    assert "Đã nhập." in response.content.decode()
    assert User.objects.get(username="00007").full_name == "Nguyễn Văn An"
    response = clerk.post(f"{rows}hoan-tac/", follow=True)
    assert "Đã hoàn tác 2 dòng" in response.content.decode()
    assert "danh-sach.xlsx" in clerk.get(URL).content.decode()


def test_rows_are_filtered_by_result(clerk):
    rows = checked(clerk)
    assert len(find(page(clerk.get(rows, {"state": "rejected"})), "tbody tr")) == 3
    assert len(find(page(clerk.get(rows, {"q": "a2"})), "tbody tr")) == 2


def test_columns_are_corrected(clerk):
    url = send(clerk, [["Mã", "Họ tên", "Ghi chú"], ["A1", "sai", "Tên Đúng"]])
    sent = columns_of(clerk, url)
    assert (sent["col_username"], sent["col_full_name"], sent["header_row"]) == ("0", "1", "1")
    assert "Ví dụ: sai" in clerk.get(url).content.decode()
    rows = clerk.post(url, {**sent, "col_full_name": "2"})["Location"]
    clerk.post(f"{rows}nhap/")
    assert User.objects.get(username="A1").full_name == "Tên Đúng"


def test_one_column_for_two_is_said_in_the_form(clerk):
    url = send(clerk)
    response = clerk.post(url, {**columns_of(clerk, url), "col_full_name": "1"})
    assert response.status_code == 422
    assert "dùng hai lần" in response.content.decode()


def test_head_in_another_row(clerk):
    url = send(clerk, [["Mã", "Họ tên"], ["Họ tên", "Mã"], ["An", "A1"]])
    response = clerk.post(url, {**columns_of(clerk, url), "header_row": "2"})
    assert response["Location"] == url
    assert columns_of(clerk, url)["col_username"] == "1"


def test_a_file_without_a_table_is_an_error_of_the_form(clerk):
    response = clerk.post(f"{URL}moi/{KIND}/", {"file": upload(xlsx([["x"]]))})
    assert response.status_code == 422
    assert "Không tìm thấy dòng tiêu đề" in response.content.decode()


def test_files_to_take_away(clerk):
    rows = checked(clerk)
    for url, head in ((f"{rows}loi/", HEAD[1]), (f"{URL}mau/{KIND}/", "Mã *")):
        data = body(clerk.get(url))
        assert head in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]


def test_rows_are_exported(clerk):
    text = body(clerk.get(checked(clerk), {"export": "csv", "state": "rejected"})).decode("utf-8-sig")
    assert "Họ và tên: Thiếu dữ liệu bắt buộc." in text


def test_not_for_those_without_the_right(sign_in):
    stranger = sign_in("khach")
    for url in (f"{URL}moi/{KIND}/", f"{URL}mau/{KIND}/", f"{URL}moi/nonsense/"):
        assert stranger.get(url).status_code == 404
    assert "Người thử" not in stranger.get(URL).content.decode()


def test_another_persons_import_does_not_exist(sign_in):
    rows = checked(sign_in("nhap1"))
    other = sign_in("nhap2")
    for part in ("", "cot/", "loi/"):
        assert other.get(rows + part).status_code == 404
    for part in ("nhap/", "hoan-tac/"):
        assert other.post(rows + part).status_code == 404
    assert ImportRun.objects.get().state == RunState.PLANNED


def test_a_long_file_shows_how_far_it_is(clerk):
    url = send(clerk, [HEAD, *([n, f"L{n}", f"Người {n}"] for n in range(600))])
    rows = clerk.post(url, columns_of(clerk, url))["Location"]
    text = clerk.get(rows).content.decode()
    assert "Máy đang xử lý" in text
    assert "<progress" in text
