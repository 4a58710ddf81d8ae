from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "thongsuot.kit.indicators"
    label = "indicators"
    verbose_name = "Chỉ số"
