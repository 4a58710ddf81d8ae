from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranscriptsConfig(AppConfig):
    name = "thongsuot.modules.transcripts"
    label = "transcripts"
    verbose_name = "Học bạ số"

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.files.types import PDF
        from thongsuot.kit.notify.registry import register_kind

        from . import imports, indicators
        from .queries.attached import may_open_recall_paper

        imports.register_all()
        indicators.register_all()
        files.register_access("transcripts.recall", may_open_recall_paper, content_types=frozenset({PDF}))
        register_kind("transcripts.reminder", _("Học bạ: nhắc việc sắp đến hạn, quá hạn"))
        register_kind("transcripts.step", _("Học bạ: đến lượt ký, kết quả của Sở, thu hồi, báo sai sót"))
