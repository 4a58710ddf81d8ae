from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "thongsuot.modules.documents"
    label = "documents"
    verbose_name = "Văn bản"

    def ready(self) -> None:
        from thongsuot.kit.notify.registry import register_kind

        from . import indicators

        indicators.register_all()
        register_kind("documents.certificate", _("Chứng thư số: chờ duyệt, đã duyệt, thu hồi"))
        register_kind("documents.certificate_expiring", _("Chứng thư số sắp hết hạn"))
