from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "thongsuot.modules.documents"
    label = "documents"
    verbose_name = "Văn bản"
