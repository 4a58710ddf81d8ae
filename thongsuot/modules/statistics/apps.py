from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "thongsuot.modules.statistics"
    label = "statistics"
    verbose_name = _("Thống kê")

    def ready(self) -> None:
        """Declare what others look for here: kinds of notices, indicators, facts."""
        from thongsuot.kit.notify.registry import register_kind

        register_kind("statistics.report_signed", _("Báo cáo sơ kết, tổng kết của đơn vị dưới được ký duyệt"))
        register_kind("statistics.report_reminder", _("Nhắc hạn báo cáo sơ kết, tổng kết"))
