from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "thongsuot.modules.statistics"
    label = "statistics"
    verbose_name = _("Thống kê")

    def ready(self) -> None:
        """Declare what others look for here: kinds of notices, indicators, facts."""
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.notify.registry import register_kind

        from . import facts, imports, indicators
        from .queries.reported import may_open_evidence

        register_kind("statistics.return", _("Báo cáo thống kê được chốt, xác nhận, trả lại, duyệt"))
        register_kind("statistics.reminder", _("Nhắc hạn báo cáo thống kê"))
        register_kind("statistics.report_signed", _("Báo cáo sơ kết, tổng kết của đơn vị dưới được ký duyệt"))
        register_kind("statistics.report_returned", _("Báo cáo sơ kết, tổng kết bị cấp trên trả lại"))
        register_kind("statistics.report_reminder", _("Nhắc hạn báo cáo sơ kết, tổng kết"))
        facts.register_all()
        indicators.register_all()
        imports.register_all()
        files.register_access("statistics.evidence", may_open_evidence)
