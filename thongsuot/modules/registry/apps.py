from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "thongsuot.modules.registry"
    label = "registry"
    verbose_name = "Hồ sơ ngành"

    def ready(self) -> None:
        from . import checks, imports

        imports.register_all()
        checks.register_all()
