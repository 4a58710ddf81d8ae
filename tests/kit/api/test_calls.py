import json
import logging

import pytest

from tests.kit.api.test_keys import TODAY, made, resolve
from tests.kit.people import make_user
from thongsuot.kit.accounts.models import User
from thongsuot.kit.api.models import ApiToken

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.api.urls")]
BASE = "/api/tests"
AWAY = "Cơ sở dữ liệu đang khởi động lại: hãy gọi lại sau, xem đầu đề Retry-After."


@pytest.fixture(autouse=True)
def _resolver(settings):
    settings.ACTOR_RESOLVER = "tests.kit.api.test_keys.resolve"


@pytest.fixture
def user():
    return make_user("Phạm Văn Chín")


@pytest.fixture
def call(client, user):
    key = made(user, "tests.read").secret

    def send(path, method="get", data=None, **headers):
        return client.generic(
            method.upper(),
            BASE + path,
            json.dumps(data) if data is not None else "",
            content_type="application/json",
            headers={"authorization": f"Bearer {key}", **headers},
        )

    return send


def test_a_call_runs_inside_its_callers_scope(call, user):
    assert call("/acting").json() == {"role": "thongsuot_scoped", "units": "1", "user": str(user.pk)}
    assert call("/me").json() == {
        "name": "Phạm Văn Chín",
        "scopes": ["tests.read"],
        "holdings": [
            {"role": "tested", "role_name": "Văn phòng trường", "unit_id": 1, "unit_name": "Trường thử"}
        ],
    }


def test_pages_of_a_list(call):
    for number in range(7):
        make_user(f"Người {number}")
    response = call("/people?q=Ng%C6%B0%E1%BB%9Di&limit=3&offset=3")
    assert response.json() == {"items": [{"full_name": f"Người {n}"} for n in (3, 4, 5)], "total": 7}
    start = "</api/tests/people?q=Ng%C6%B0%E1%BB%9Di&limit=3&offset="
    assert response["Link"] == (
        f'{start}0>; rel="first", {start}6>; rel="last", {start}0>; rel="prev", {start}6>; rel="next"'
    )
    assert call("/people?limit=201").status_code == 422


def test_writing_is_recorded_as_the_callers(call):
    response = call("/people", "post", {"full_name": "Mới", "born_on": "2020-01-31"})
    assert (response.status_code, response.json()) == (201, {"full_name": "Mới"})


def test_mistakes_are_named_field_by_field(call):
    response = call("/people", "post", {"full_name": 5, "born_on": "31/01/2020"})
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Dữ liệu chưa hợp lệ",
        "status": 422,
        "code": "invalid",
        "errors": [
            {"field": "full_name", "in": "body", "message": "Phải là chuỗi ký tự.", "code": "string_type"},
            {
                "field": "born_on",
                "in": "body",
                "message": "Phải là ngày dạng YYYY-MM-DD.",
                "code": "date_from_datetime_parsing",
            },
        ],
    }


@pytest.mark.parametrize(
    ("how", "status", "body"),
    [
        ("rule", 409, {"title": "Không thực hiện được", "detail": "Đã khoá sổ.", "code": "refused"}),
        ("right", 404, {"title": "Không tìm thấy"}),
        ("none", 404, {"title": "Không tìm thấy"}),
        ("fault", 500, {"title": "Lỗi máy chủ"}),
        ("away", 503, {"title": "Tạm thời chưa phục vụ được", "code": "database_away", "detail": AWAY}),
    ],
)
def test_what_goes_wrong_is_told_without_telling_too_much(call, caplog, how, status, body):
    caplog.set_level(logging.CRITICAL)
    response = call(f"/refused/{how}")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"type": "about:blank", "status": status, **body}
    # A fault takes back what the request had written.
    assert User.objects.filter(username=how).exists() is (status < 500)


def test_who_may_not_call(client, user, settings):
    for headers in ({}, {"authorization": "Bearer ts_x"}, {"authorization": "Basic eDp5"}):
        response = client.get(f"{BASE}/me", headers=headers)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert response.json()["title"] == "Chưa xác thực"
    settings.API_CALLS_PER_MINUTE = 0
    response = client.get(
        f"{BASE}/me", headers={"authorization": f"Bearer {made(user, 'tests.read').secret}"}
    )
    assert (response.status_code, response.json()["code"]) == (429, "too_many_calls")
    assert 0 < int(response["Retry-After"]) <= 60


def test_a_signed_in_person_reads_but_does_not_write(client, user, settings):
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(f"{BASE}/acting").json()["units"] == "1,2,3"
    assert client.get(f"{BASE}/me", headers={"sec-fetch-site": "cross-site"}).status_code == 401
    assert client.post(f"{BASE}/people", {}, content_type="application/json").status_code == 401
    # A key beside the sign-in counts alone.
    key = made(user, "tests.other").secret
    assert client.get(f"{BASE}/acting", headers={"authorization": f"Bearer {key}"}).json()["units"] == "2,3"


def test_the_schema_and_its_page_are_for_the_signed_in(client, user, settings):
    assert client.get(f"{BASE}/openapi.json").status_code == 401
    assert client.get(f"{BASE}/docs").status_code == 302
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    schema = client.get(f"{BASE}/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    assert set(schema["components"]["securitySchemes"]) == {"KeyAuth", "SessionAuth"}
    page = client.get(f"{BASE}/docs").content.decode()
    assert "GET /api/tests/people" in page
    assert "<code>items[].full_name</code>" in page
    assert '<script src="http' not in page


def test_the_page_of_keys(client, user, settings):
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    other = made(make_user(), "tests.read")
    assert "Tạo khoá" in client.get("/khoa-api/").content.decode()
    response = client.post(
        "/khoa-api/them/", {"name": "Phần mềm B", "expires_on": TODAY.isoformat(), "scopes": ["tests.read"]}
    )
    token = ApiToken.objects.get(user=user)
    assert f"ts_{token.prefix}_" in response.content.decode()
    listed = client.get("/khoa-api/").content.decode()
    assert "Phần mềm B" in listed
    assert "Phần mềm A" not in listed
    assert client.post("/khoa-api/them/", {"name": "C", "expires_on": TODAY.isoformat()}).status_code == 422
    assert client.post(f"/khoa-api/{other.token_id}/thu-hoi/").status_code == 404
    client.post(f"/khoa-api/{token.pk}/thu-hoi/")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert resolve(user).can("api.token")
