from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "thongsuot.kit.importing"
    label = "importing"
    verbose_name = "Nhập liệu"
