"""Scratch rows of one bench must not be in the way of the next."""

from django.apps import apps
from django.db import connection

LABELS = ("gradebook", "registry", "quality", "importing")


def empty_registry() -> None:
    """Remove all rows of the registry, of data quality and of imports, with their history."""
    tables = [model._meta.db_table for label in LABELS for model in apps.get_app_config(label).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints all immediate; select set_config('thongsuot.may_truncate', 'on', false)"
        )
        cursor.execute(f"truncate {', '.join(tables)} cascade")
        cursor.execute("drop table if exists bench_plain")
