from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "thongsuot.kit.api"
    label = "api"
    verbose_name = "API"
