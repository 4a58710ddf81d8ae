from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "thongsuot.modules.gradebook"
    label = "gradebook"
    verbose_name = _("Sổ điểm")

    def ready(self) -> None:
        from thongsuot.kit.notify.registry import register_kind

        from . import imports

        register_kind("gradebook.unlock", _("Sổ điểm: đề nghị mở khoá, trả lời"))
        register_kind("gradebook.late", _("Sổ điểm: nhắc sổ chưa đủ điểm"))
        imports.register_all()
