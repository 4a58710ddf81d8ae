from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "thongsuot.modules.directives"
    label = "directives"
    verbose_name = "Chỉ đạo"
