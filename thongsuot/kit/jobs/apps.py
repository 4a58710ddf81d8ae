from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "thongsuot.kit.jobs"
    label = "jobs"
    verbose_name = "Việc nền"
