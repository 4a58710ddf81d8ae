from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "thongsuot.portals"
    label = "portals"
    verbose_name = "Cổng"
