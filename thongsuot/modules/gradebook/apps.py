from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "thongsuot.modules.gradebook"
    label = "gradebook"
    verbose_name = _("Sổ điểm")

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.notify.registry import register_kind

        from . import checks, imports
        from .permissions import may_open_timetable_file

        imports.register_all()
        checks.register_all()
        files.register_access("gradebook.timetable", may_open_timetable_file, max_bytes=5 * files.MEGABYTE)
        register_kind("gradebook.unlock", _("Sổ điểm: đề nghị mở khoá, trả lời"))
        register_kind("gradebook.late", _("Sổ điểm: nhắc sổ chưa đủ điểm"))
        register_kind("gradebook.timetable", _("Thời khoá biểu: ban hành, thay đổi, thu hồi"))
