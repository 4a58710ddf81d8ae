from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "thongsuot.modules.quality"
    label = "quality"
    verbose_name = "Chất lượng dữ liệu"

    def ready(self) -> None:
        from thongsuot.kit.notify.registry import register_kind

        register_kind("quality.weekly", _("Danh sách lỗi dữ liệu hằng tuần"))
        register_kind("quality.assigned", _("Được giao xử lý lỗi dữ liệu"))
