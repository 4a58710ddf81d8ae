from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "thongsuot.modules.gradebook"
    label = "gradebook"
    verbose_name = _("Sổ điểm")

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.files.registry import MEGABYTE

        from .permissions import may_open_timetable_file

        files.register_access("gradebook.timetable", may_open_timetable_file, max_bytes=5 * MEGABYTE)
