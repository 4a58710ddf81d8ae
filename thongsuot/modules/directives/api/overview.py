"""How the work stands: dashboard, ranking, calendars, what waits, search; reports upwards; files."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from thongsuot.kit.files import views as files
from thongsuot.modules.documents import queries as documents

from .. import queries
from ..queries.central import central_rows, central_workbook
from ..queries.days import done_per_month, due_per_day
from ..queries.periodic import periodic_report
from ..queries.report_document import Signing, report_document
from .endpoints import Endpoints
from .given import actor_of, home_body, today
from .schemas_overview import (
    CalendarOut,
    DashboardOut,
    DueDayOut,
    HitOut,
    MonthOut,
    RankedOut,
    WaitingGroupOut,
)
from .values import Day, Key, Line, Search, invalid

endpoints = Endpoints("Điều hành")
LOOK = "directives.dashboard"
MOST_DAYS = 400
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RankingLevel(StrEnum):
    OFFICE = "office"
    COMMUNE = "commune"
    SCHOOL = "school"


class Paper(StrEnum):
    DOCX = "docx"
    PDF = "pdf"


class SignedAs(StrEnum):
    HEAD = "head"
    DEPUTY = "deputy"


class PeriodicAsked(Schema):
    first: Day
    last: Day
    directive_id: UUID | None = None
    addressee: Line = Field("", max_length=200)
    signer_name: Line = Field("", max_length=120)
    signing: SignedAs = SignedAs.HEAD


def _span(first: date | None, last: date | None) -> tuple[date, date]:
    start = first or today()
    end = last or start + timedelta(days=31)
    if not start <= end <= start + timedelta(days=MOST_DAYS):
        raise invalid("last", "less_than_equal", "query")
    return start, end


@endpoints.get(
    "/dashboard",
    LOOK,
    summary="Bảng điều hành của một đơn vị; mặc định là đơn vị của chủ khoá",
    answer=DashboardOut,
)
def dashboard(request: HttpRequest, unit_id: Key | None = None) -> Any:
    actor = actor_of(request)
    return queries.dashboard(actor, unit_id=unit_id or home_body(actor).pk, today=today())


@endpoints.get("/dashboard/trend", LOOK, summary="Nhiệm vụ hoàn thành trong 12 tháng", answer=list[MonthOut])
def trend(request: HttpRequest, unit_id: Key | None = None) -> Any:
    actor = actor_of(request)
    return done_per_month(actor, unit_id=unit_id or home_body(actor).pk, today=today())


@endpoints.get("/ranking", LOOK, summary="Xếp hạng phòng, xã hoặc trường", answer=list[RankedOut], many=True)
def ranking(request: HttpRequest, level: RankingLevel) -> Any:
    return queries.ranking(actor_of(request), level=level.value, today=today())


@endpoints.get(
    "/calendar",
    "directives.view_unit",
    summary="Lịch báo cáo: mỗi ngày và mỗi chế độ một dòng",
    answer=list[CalendarOut],
)
def calendar(
    request: HttpRequest, first: Day | None = None, last: Day | None = None, unit_id: Key | None = None
) -> Any:
    start, end = _span(first, last)
    return queries.calendar(actor_of(request), first=start, last=end, today=today(), unit_id=unit_id)


@endpoints.get(
    "/calendar/assignments",
    "directives.view",
    summary="Số nhiệm vụ đến hạn từng ngày",
    answer=list[DueDayOut],
)
def due_days(request: HttpRequest, first: Day | None = None, last: Day | None = None) -> Any:
    start, end = _span(first, last)
    return due_per_day(actor_of(request), first=start, last=end)


@endpoints.get("/waiting", "directives.view", summary="Những gì chờ chủ khoá", answer=list[WaitingGroupOut])
def waiting(request: HttpRequest) -> Any:
    return queries.waiting_for_me(actor_of(request), today())


@endpoints.get(
    "/search",
    "directives.view",
    summary="Tìm văn bản, nhiệm vụ, chỉ tiêu; không cần dấu",
    answer=list[HitOut],
)
def search(request: HttpRequest, q: Search) -> Any:
    return queries.search(actor_of(request), q)


@endpoints.get(
    "/periodic-report.{paper}",
    "directives.report_out",
    summary="Báo cáo kết quả thực hiện theo thể thức Nghị định 30/2020, docx hoặc pdf",
)
def periodic(request: HttpRequest, paper: Paper, asked: Query[PeriodicAsked]) -> Any:
    actor = actor_of(request)
    if asked.first > asked.last:
        raise invalid("last", "greater_than_equal", "query")
    order = queries.directive(actor, asked.directive_id) if asked.directive_id else None
    report = periodic_report(
        actor,
        unit_id=home_body(actor).pk,
        first=asked.first,
        last=asked.last,
        today=today(),
        directive=order,
    )
    signing = Signing(asked.signer_name, asked.signing is SignedAs.DEPUTY, asked.addressee)
    document = report_document(report, signing)
    if paper is Paper.PDF:
        made, kind = documents.document_pdf(document, on=today()), documents.PDF_TYPE
    else:
        made, kind = documents.document_docx(document, on=today()), documents.DOCX_TYPE
    return _attached(made, kind, f"bao-cao-ket-qua-thuc-hien-{today():%Y%m%d}.{paper.value}")


@endpoints.get(
    "/central-export.xlsx", "directives.report_out", summary="Bảng cho hệ thống theo dõi của cấp trên"
)
def central(request: HttpRequest, directive_id: UUID | None = None) -> Any:
    actor = actor_of(request)
    order = queries.directive(actor, directive_id) if directive_id else None
    rows = central_rows(actor, unit_id=home_body(actor).pk, today=today(), directive=order)
    made = central_workbook(rows)
    return _attached(made.read(), XLSX, f"theo-doi-nhiem-vu-{today():%Y%m%d}.xlsx")


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@endpoints.get(
    "/files/{uuid:public_id}", "directives.view", summary="Tải tệp văn bản, sản phẩm, minh chứng, báo cáo"
)
def file(request: HttpRequest, public_id: UUID) -> Any:
    return files.download(request, public_id)
