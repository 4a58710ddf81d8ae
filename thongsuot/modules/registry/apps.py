from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "thongsuot.modules.registry"
    label = "registry"
    verbose_name = "Hồ sơ ngành"

    def ready(self) -> None:
        from thongsuot.kit.importing.registry import register

        from .imports.identity_answers import IdentityAnswers
        from .imports.ministry_answers import ClassAnswers, StaffAnswers, StudentAnswers

        for importer in (IdentityAnswers, StudentAnswers, StaffAnswers, ClassAnswers):
            register(importer())
