"""Every address of the platform, floor by floor."""

from django.urls import include, path

from thongsuot.config.api import api, roster_api
from thongsuot.modules.documents.api import desk
from thongsuot.modules.transcripts.api import gateway

handler400 = "thongsuot.kit.api.failing.bad_request"
handler500 = "thongsuot.kit.api.failing.server_error"

urlpatterns = [
    path("", include("thongsuot.portals.urls")),
    path("tai-khoan/", include("thongsuot.kit.accounts.urls")),
    path("viec-nen/", include("thongsuot.kit.jobs.urls")),
    path("tep/", include("thongsuot.kit.files.urls")),
    path("thong-bao/", include("thongsuot.kit.notify.urls")),
    path("nhap-lieu/", include("thongsuot.kit.importing.urls")),
    path("tep-xuat/", include("thongsuot.kit.exports.urls")),
    path("nhat-ky/", include("thongsuot.kit.audit.urls")),
    path("chi-so/", include("thongsuot.kit.indicators.urls")),
    path("khoa-api/", include("thongsuot.kit.api.urls")),
    path("trang/", include("thongsuot.kit.pages.urls")),
    path("to-chuc/", include("thongsuot.modules.organization.web.urls")),
    path("ho-so/", include("thongsuot.modules.registry.web.urls")),
    path("thong-ke/", include("thongsuot.modules.statistics.web.urls")),
    path("chat-luong/", include("thongsuot.modules.quality.web.urls")),
    path("so-diem/", include("thongsuot.modules.gradebook.web.urls")),
    path("chuyen-doi-so/", include("thongsuot.modules.maturity.web.urls")),
    path("thoi-khoa-bieu/", include("thongsuot.modules.gradebook.web.timetable_urls")),
    path("hoc-ba/", include("thongsuot.modules.transcripts.web.urls")),
    path("chi-dao/", include("thongsuot.modules.directives.web.urls")),
    path("van-ban/", include("thongsuot.modules.documents.web.urls")),
    path("api/v1/", api.urls),
    path("api/hoc-ba/giao-dich", gateway.transaction, name="transcript-gateway"),
    path("api/ky-tai-ban/nhan", desk.take, name="desk-take"),
    path("api/ky-tai-ban/tra", desk.answer, name="desk-answer"),
    path("api/ims/oneroster/rostering/v1p2/", roster_api.urls),
]
