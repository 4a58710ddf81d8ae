"""Makes the API object: OpenAPI 3.1 at openapi.json, our own reference page at docs, keys, problem+json."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI, Router, Schema
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

from thongsuot.kit.api import problems
from thongsuot.kit.api.reference import ReferencePage, for_the_signed_in
from thongsuot.kit.api.security import KeyAuth, SessionAuth

DESCRIPTION = (
    "Khoá API gửi trong đầu đề Authorization: Bearer. Mỗi khoá chỉ thấy dữ liệu mà chủ khoá được thấy. "
    "Danh sách trả theo trang (limit, offset; nhiều nhất 200 dòng). Lỗi trả dạng application/problem+json."
)


PROBLEM = {
    "description": "Lỗi, dạng RFC 9457",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}


class FastJSON(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=NinjaJSONEncoder().default)


class UnitOut(Schema):
    role: str
    role_name: str
    unit_id: int
    unit_name: str


class MeOut(Schema):
    name: str
    scopes: list[str]
    holdings: list[UnitOut]


me = Router(tags=["Tài khoản"])


@me.get("/me", response=MeOut, summary="Khoá này là của ai, được làm gì")
def who_am_i(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    return {"name": actor.name, "scopes": sorted(actor.rights), "holdings": actor.holdings}


class Api(NinjaAPI):
    """Says of every operation how a refusal looks, so that no module has to."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**more)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault("4XX", PROBLEM)
        return schema


def make_api(*, title: str = "Thông Suốt", version: str = "1.0.0", namespace: str = "api-v1") -> NinjaAPI:
    """The API object without routers but `/me`. Every operation asks for a key or, to read, a sign-in."""
    api = Api(
        title=title,
        version=version,
        description=DESCRIPTION,
        urls_namespace=namespace,
        auth=[KeyAuth(), SessionAuth()],
        docs=ReferencePage(),
        docs_decorator=for_the_signed_in,
        renderer=FastJSON(),
    )
    problems.install(api)
    api.add_router("", me)
    return api
