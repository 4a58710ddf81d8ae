from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "thongsuot.modules.registry"
    label = "registry"
    verbose_name = "Hồ sơ ngành"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from thongsuot.kit.notify.registry import register_kind

        from . import checks, facts, imports, indicators

        imports.register_all()
        checks.register_all()
        facts.register_all()
        indicators.register_all()
        register_kind("registry.transfers", _("Chuyển trường chờ trường mình xử lý"))
