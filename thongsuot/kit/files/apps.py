from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "thongsuot.kit.files"
    label = "files"
    verbose_name = "Tệp"
