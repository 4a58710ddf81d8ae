from __future__ import annotations

import sys
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class PostgresConfig(AppConfig):
    name = "thongsuot.kit.postgres"
    # "postgres" is the label of django.contrib.postgres.
    label = "kit_postgres"
    verbose_name = "PostgreSQL"

    def ready(self) -> None:
        post_migrate.connect(secure_after_migrate, dispatch_uid="thongsuot.kit.postgres")


def secure_after_migrate(sender: AppConfig, using: str, verbosity: int = 1, **more: Any) -> None:
    """Once, after the last app. `flush` sends the same signal without a plan: nothing to do then."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is not last or "plan" not in more:
        return
    from thongsuot.kit.postgres.securing import secure_database

    undeclared = secure_database(connections[using])
    if undeclared and verbosity:
        sys.stderr.write(f"Chưa khai báo isolation, chỉ chủ sở hữu truy cập được: {', '.join(undeclared)}\n")
