from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "thongsuot.kit.exports"
    label = "exports"
    verbose_name = "Tệp xuất"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from thongsuot.kit.exports.actions import READY
        from thongsuot.kit.exports.tasks import give_later
        from thongsuot.kit.notify.registry import register_kind
        from thongsuot.kit.notify.types import Way
        from thongsuot.kit.pages.giving import give_later_by

        register_kind(READY, _("Tệp xuất đã lập xong"), default=Way.IN_APP)
        give_later_by(give_later)
