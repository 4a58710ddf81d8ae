from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "thongsuot.modules.organization"
    label = "organization"
    verbose_name = "Tổ chức"

    def ready(self) -> None:
        from .imports import register_all

        register_all()
