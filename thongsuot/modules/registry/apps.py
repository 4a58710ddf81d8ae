from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "thongsuot.modules.registry"
    label = "registry"
    verbose_name = "Hồ sơ ngành"

    def ready(self) -> None:
        from .imports import register_all

        register_all()
