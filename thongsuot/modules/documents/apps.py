from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "thongsuot.modules.documents"
    label = "documents"
    verbose_name = "Văn bản"

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.files.types import PDF, XML
        from thongsuot.kit.notify.registry import register_kind

        from . import indicators
        from .queries.documents import may_open_document

        indicators.register_all()
        files.register_access(
            "documents.signing",
            may_open_document,
            content_types=frozenset({PDF, XML}),
            max_bytes=16 * files.MEGABYTE,
        )
        register_kind("documents.certificate", _("Chứng thư số: chờ duyệt, đã duyệt, thu hồi"))
        register_kind("documents.certificate_expiring", _("Chứng thư số sắp hết hạn"))
