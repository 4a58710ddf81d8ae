"""Settings of the embedded server, given on its command line: root writes nothing into the data folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Docker's default /dev/shm of 64 MB is too small for parallel queries.
ENOUGH_SHM_BYTES = 256 * 1024 * 1024


def server_options(
    socket_dir: Path, log_dir: Path, port: int, env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """By name; TS_PG_SHARED_BUFFERS, _WORK_MEM, _MAX_CONNECTIONS and _SYNCHRONOUS_COMMIT change some."""
    env = os.environ if env is None else env
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": str(port),
        "max_connections": env.get("TS_PG_MAX_CONNECTIONS", "100"),
        "shared_buffers": env.get("TS_PG_SHARED_BUFFERS", "256MB"),
        "work_mem": env.get("TS_PG_WORK_MEM", "32MB"),
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "synchronous_commit": env.get("TS_PG_SYNCHRONOUS_COMMIT", "on"),
        "password_encryption": "scram-sha-256",
        "jit": "off",
        **_logging(log_dir),
    }
    if not _roomy_shm():
        options["dynamic_shared_memory_type"] = "sysv"
    return options


def _logging(log_dir: Path) -> dict[str, str]:
    return {
        "logging_collector": "on",
        "log_directory": str(log_dir),
        # One file for each day of the week, each overwritten a week later.
        "log_filename": "postgresql-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_checkpoints": "off",
        "log_autovacuum_min_duration": "-1",
        # Statements and error details carry people's data; they do not belong in a log.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
    }


def _roomy_shm() -> bool:
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size only
    except OSError:
        return False
    return found.f_blocks * found.f_frsize >= ENOUGH_SHM_BYTES
