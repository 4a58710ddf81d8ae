"""The menu of the signed-in: by right, in the order of a working day. A page not built is left out."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.menu import MenuItem


@dataclass(frozen=True)
class Entry:
    """right: what the actor needs ("" = everybody, "a|b" = one of them). view: name of the page. above_schools: not for
    whoever holds the right at schools alone.
    """

    label: object
    view: str
    icon: str
    right: str = ""
    children: tuple[Entry, ...] = ()
    above_schools: bool = False


WRITES_BOOKS = "gradebook.view|gradebook.keep|gradebook.enter"
SEES_PUPILS = "registry.view|registry.view_own_classes"

ENTRIES = (
    Entry(_("Trang chủ"), "home", "home"),
    Entry(_("Nhiệm vụ"), "directives:assignment-list", "checklist", "directives.view"),
    Entry(_("Văn bản chỉ đạo"), "directives:directive-list", "file-text", "directives.view"),
    Entry(_("Chỉ tiêu"), "directives:target-list", "target-arrow", "directives.view_unit"),
    Entry(_("Báo cáo phải nộp"), "directives:obligation-list", "report", "directives.view_unit"),
    Entry(_("Lịch"), "directives:calendar", "calendar", "directives.view"),
    Entry(
        _("Điều hành"),
        "",
        "layout-dashboard",
        "directives.dashboard",
        (
            Entry(_("Bảng điều hành"), "directives:dashboard", "gauge", "directives.dashboard"),
            Entry(
                _("Khó khăn, vướng mắc"), "directives:difficulty-list", "alert-triangle", "directives.view"
            ),
            Entry(_("Xếp hạng"), "directives:ranking", "trending-up", "directives.dashboard"),
            Entry(
                _("Báo cáo kết quả"),
                "directives:periodic-report",
                "report-analytics",
                "directives.report_out",
            ),
        ),
    ),
    Entry(
        _("Hồ sơ ngành"),
        "",
        "school",
        "",
        (
            Entry(_("Tìm nhanh"), "registry:search", "search", SEES_PUPILS),
            Entry(_("Học sinh"), "registry:student-list", "users", SEES_PUPILS),
            Entry(_("Lớp"), "registry:class-list", "users-group", SEES_PUPILS),
            Entry(_("Cán bộ, giáo viên"), "registry:staff-list", "briefcase", "registry.view"),
            Entry(
                _("Cơ sở vật chất"),
                "registry:room-list",
                "building",
                "registry.view|registry.edit_facilities",
            ),
            Entry(_("Chuyển trường"), "transfer-list", "transfer", "registry.view"),
            Entry(_("Kết thúc năm học"), "promotion", "calendar-event", "registry.promote"),
            Entry(_("Hoàn thành cấp học"), "graduation", "certificate", "registry.promote"),
            Entry(_("Đã hoàn thành cấp học"), "completion-list", "list-check", "registry.view"),
            Entry(_("Hồ sơ nghi trùng"), "duplicate-list", "copy", "registry.match"),
            Entry(_("Yêu cầu về dữ liệu"), "subject-request-list", "lock", "registry.subject_requests"),
            Entry(_("Sáp nhập, giải thể"), "merger-list", "git-merge", "registry.reorganize"),
            Entry(_("Tham số hồ sơ"), "fact-list", "adjustments", "registry.view"),
            Entry(_("Đề nghị sửa hồ sơ"), "registry:report-list", "message", "registry.edit"),
            Entry(_("Hồ sơ của con"), "registry:children", "user-check", "registry.own_children"),
            Entry(_("Hồ sơ của tôi"), "registry:children", "user-check", "registry.own_record"),
            Entry(_("Xác thực dân cư"), "registry:identity", "shield-check", "registry.verify"),
            Entry(_("Trao đổi với Bộ"), "registry:ministry", "file-export", "registry.export"),
        ),
    ),
    Entry(_("Thời khoá biểu"), "timetable:list", "calendar-time", "gradebook.view|gradebook.keep"),
    Entry(
        _("Thời khoá biểu của tôi"),
        "timetable:own",
        "calendar-time",
        "gradebook.enter|gradebook.view_own",
    ),
    Entry(
        _("Sổ điểm"),
        "",
        "writing-sign",
        "",
        (
            Entry(_("Nhập điểm"), "gradebook:book-list", "table", WRITES_BOOKS),
            Entry(_("Điểm danh"), "gradebook:attendance", "user-check", "gradebook.keep|gradebook.enter"),
            Entry(_("Kết quả, rèn luyện"), "gradebook:classes", "report", "gradebook.keep|gradebook.enter"),
            Entry(_("Tiến độ nhập điểm"), "gradebook:progress", "gauge", "gradebook.view"),
            Entry(
                _("Đánh giá lại trong hè"), "gradebook:summer", "refresh", "gradebook.keep|gradebook.enter"
            ),
            Entry(_("Kết quả vào hồ sơ"), "gradebook:publishing", "file-export", "gradebook.lock"),
            Entry(
                _("Ngân hàng nhận xét"),
                "gradebook:phrase-list",
                "message",
                "gradebook.keep|gradebook.enter",
            ),
            Entry(_("Kết quả học tập"), "gradebook:own-results", "report", "gradebook.view_own"),
        ),
    ),
    Entry(
        _("Học bạ số"),
        "",
        "certificate",
        "transcripts.view|transcripts.sign_homeroom|transcripts.own",
        (
            Entry(
                _("Toàn cảnh học bạ"),
                "transcripts:board",
                "chart-bar",
                "transcripts.view",
                above_schools=True,
            ),
            Entry(
                _("Học bạ theo lớp"),
                "transcripts:class-list",
                "list-check",
                "transcripts.view|transcripts.sign_homeroom",
            ),
            Entry(
                _("Học bạ chờ tôi"),
                "transcripts:mine",
                "checklist",
                "transcripts.view|transcripts.sign_homeroom",
            ),
            Entry(_("Giao dịch của cổng"), "transcripts:message-list", "inbox", "transcripts.gateway"),
            Entry(_("Thu hồi, điều chỉnh"), "transcripts:recall-list", "arrow-back-up", "transcripts.view"),
            Entry(_("Báo sai sót"), "transcripts:report-list", "message", "transcripts.view"),
            Entry(_("Bàn giao học bạ"), "transcripts:hand-over", "transfer", "transcripts.view"),
            Entry(_("Lưu giữ bản gốc"), "transcripts:keeping", "database", "transcripts.gateway"),
            Entry(_("Học bạ của tôi, của con"), "transcripts:own-list", "certificate", "transcripts.own"),
        ),
    ),
    Entry(
        _("Chất lượng dữ liệu"),
        "",
        "shield-check",
        "quality.view",
        (
            Entry(_("Chỉ số chất lượng"), "quality:overview", "gauge", "quality.view"),
            Entry(_("Lỗi dữ liệu"), "quality:case-list", "list-check", "quality.view"),
            Entry(_("Xếp hạng dữ liệu"), "quality:ranking", "trending-up", "quality.view"),
            Entry(_("Quy tắc kiểm tra"), "quality:rule-list", "adjustments", "quality.view"),
        ),
    ),
    Entry(
        _("Mức độ chuyển đổi số"),
        "",
        "device-desktop",
        "maturity.view|maturity.manage_rubrics",
        (
            Entry(_("Phiếu đánh giá"), "maturity:assessment-list", "clipboard-check", "maturity.view"),
            Entry(_("Toàn cảnh"), "maturity:overview", "chart-bar", "maturity.view"),
            Entry(_("Quyết định công nhận"), "maturity:decision-list", "award", "maturity.assess"),
            Entry(_("Sổ công nhận"), "maturity:register", "list-check", "maturity.view"),
            Entry(_("Kiến nghị"), "maturity:appeal-list", "message-circle", "maturity.view"),
            Entry(
                _("Bộ chỉ số"),
                "maturity:rubric-list",
                "list-details",
                "maturity.view|maturity.manage_rubrics",
            ),
        ),
    ),
    Entry(
        _("Chứng thư số"),
        "documents:certificate-list",
        "certificate",
        "documents.view_certificates|documents.own_certificate",
    ),
    Entry(
        _("Ký văn bản"),
        "documents:signing-list",
        "writing-sign",
        "documents.own_certificate|documents.use_seal",
    ),
    Entry(_("Chỉ số"), "indicators:list", "chart-bar", "indicators.view"),
    Entry(
        _("Thống kê"),
        "",
        "chart-bar",
        "statistics.view",
        (
            Entry(_("Bảng số liệu"), "statistics:own-dashboard", "gauge", "statistics.view"),
            Entry(_("Biểu thống kê"), "statistics:form-list", "table", "statistics.view"),
            Entry(_("Báo cáo thống kê"), "statistics:return-list", "report", "statistics.view"),
            Entry(
                _("Dự báo học sinh"),
                "statistics:forecast-list",
                "chart-line",
                "statistics.view",
                above_schools=True,
            ),
            Entry(_("Kỳ báo cáo thống kê"), "statistics:period-list", "calendar", "statistics.view"),
            Entry(_("Báo cáo sơ kết, tổng kết"), "statistics:report-list", "file-text", "statistics.view"),
            Entry(_("Đơn vị báo số liệu"), "statistics:reported-list", "file-text", "statistics.view"),
            Entry(_("Dân số theo tuổi"), "statistics:population-list", "users-group", "statistics.manage"),
            Entry(_("Các lần tính số liệu"), "statistics:run-list", "history", "statistics.manage"),
        ),
    ),
    Entry(
        _("Tổ chức"),
        "",
        "sitemap",
        "organization.view",
        (
            Entry(_("Cây tổ chức"), "organization:unit-tree", "sitemap", "organization.view"),
            Entry(_("Đơn vị"), "organization:unit-list", "building", "organization.view"),
            Entry(_("Trường"), "organization:school-list", "school", "organization.view"),
            Entry(_("Phân công"), "organization:appointment-list", "id", "organization.view"),
            Entry(
                _("Xã, phường, đặc khu"),
                "organization:commune-list",
                "building-community",
                "organization.view",
            ),
            Entry(_("Đơn vị hành chính"), "organization:administrative-list", "map-pin", "organization.view"),
            Entry(_("Năm học"), "organization:year-list", "calendar-event", "organization.view"),
            Entry(_("Ngày làm việc"), "organization:work-days", "calendar", "organization.view"),
            Entry(_("Danh mục mã"), "organization:codelist-list", "list", "organization.view"),
            Entry(_("Vai trò và quyền"), "organization:roles", "shield-check", "organization.view"),
        ),
    ),
    Entry(_("Nhập liệu từ tệp"), "importing:run-list", "file-import", "importing.run"),
    Entry(_("Việc nền"), "jobs:list", "loader", "organization.view"),
    Entry(
        _("Quản trị"),
        "",
        "settings",
        "",
        (
            Entry(_("Tài khoản"), "account-list", "users", "accounts.manage"),
            Entry(_("Nhật ký"), "audit:index", "history", "audit.read"),
            Entry(_("Khoá API"), "api:token-list", "key", "api.token"),
        ),
    ),
)


def url_of(view: str) -> str:
    try:
        return reverse(view) if view else ""
    except NoReverseMatch:
        return ""


def menu_for(actor: Actor) -> list[MenuItem]:
    return [item for entry in ENTRIES if (item := _item(entry, actor))]


def _item(entry: Entry, actor: Actor) -> MenuItem | None:
    if entry.right and not any(actor.can(right) for right in entry.right.split("|")):
        return None
    if entry.above_schools and not _above_schools(entry, actor):
        return None
    children = tuple(item for child in entry.children if (item := _item(child, actor)))
    url = url_of(entry.view)
    if not url and not children:
        return None
    return MenuItem(label=str(entry.label), url=url, icon=entry.icon, children=children)


def _above_schools(entry: Entry, actor: Actor) -> bool:
    return actor.is_system or any(h.unit_kind != "school" and entry.right in h.rights for h in actor.holdings)
