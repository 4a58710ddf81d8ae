from django.apps import AppConfig


class PostgresConfig(AppConfig):
    name = "thongsuot.kit.postgres"
    label = "postgres"
    verbose_name = "PostgreSQL"
