from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "thongsuot.modules.registry"
    label = "registry"
    verbose_name = "Hồ sơ ngành"

    def ready(self) -> None:
        from thongsuot.kit.importing.registry import register

        from .imports.identity_answers import IdentityAnswers

        register(IdentityAnswers())
