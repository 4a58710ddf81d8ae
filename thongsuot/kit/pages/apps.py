from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "thongsuot.kit.pages"
    label = "pages"
    verbose_name = "Trang"
