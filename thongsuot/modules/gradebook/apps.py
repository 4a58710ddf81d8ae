from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "thongsuot.modules.gradebook"
    label = "gradebook"
    verbose_name = _("Sổ điểm")

    def ready(self) -> None:
        from . import imports

        imports.register_all()
