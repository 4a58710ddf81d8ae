from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "thongsuot.kit.notify"
    label = "notify"
    verbose_name = "Thông báo"
