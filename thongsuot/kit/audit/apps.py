from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "thongsuot.kit.audit"
    label = "audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        from thongsuot.kit.audit import signals

        signals.connect()
