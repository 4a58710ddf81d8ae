from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thongsuot.kit.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        from thongsuot.kit.accounts import signals

        signals.connect()
