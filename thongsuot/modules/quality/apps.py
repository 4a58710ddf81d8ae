from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "thongsuot.modules.quality"
    label = "quality"
    verbose_name = "Chất lượng dữ liệu"
