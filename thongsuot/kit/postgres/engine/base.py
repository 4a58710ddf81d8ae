"""Django's PostgreSQL backend; in front of the embedded server it also mends a crash of that server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError

from thongsuot.kit.postgres.server import revive

# Key of the database's settings: the `var` of the embedded server, absent with DATABASE_URL.
EMBEDDED_IN = "EMBEDDED_IN"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            var_dir = self.settings_dict.get(EMBEDDED_IN)
            # A server that somebody stopped on purpose stays stopped.
            connection = revive(Path(var_dir)) if var_dir else None
            if connection is None:
                raise
        # The socket's folder may be another one than before the crash.
        self.settings_dict["HOST"] = connection.host
        return super().get_new_connection({**conn_params, "host": connection.host})
