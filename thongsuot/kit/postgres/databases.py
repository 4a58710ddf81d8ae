"""DATABASES for settings.py: DATABASE_URL, or else the embedded server. No Django import here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from thongsuot.kit.postgres.errors import ServerError

ENGINE = "thongsuot.kit.postgres.engine"
TEST_DATABASE = "test_thongsuot"


def database_settings(env: Mapping[str, str], var_dir: Path) -> dict[str, dict[str, Any]]:
    """The DATABASES setting.

    TS_DB_ROLE  owner (migrate, demo, tests) or web (serve, worker; the default outside pytest).
    DATABASE_URL  the web role's; DATABASE_OWNER_URL the owner's (the web one is used when it is absent).
    TS_NO_DB=1  for commands that need no database: nothing is started.
    TS_TEST_DB  name of the test database.
    TS_DB_SYNCHRONOUS_COMMIT=off  for tests and bulk loads of data that can be made again.
    """
    role = env.get("TS_DB_ROLE") or ("owner" if "PYTEST_VERSION" in env else "web")
    if role not in ("owner", "web"):
        raise ServerError(f"TS_DB_ROLE={role} không hợp lệ; chỉ nhận owner hoặc web.")
    if env.get("DATABASE_URL"):
        web_url = env["DATABASE_URL"]
        place = parse_url((env.get("DATABASE_OWNER_URL") or web_url) if role == "owner" else web_url)
    elif env.get("TS_NO_DB") == "1":
        place = {"NAME": "thongsuot"}
    else:
        place = _embedded(var_dir, role)
    options: dict[str, str] = dict(place.pop("OPTIONS", {}))
    if commit := env.get("TS_DB_SYNCHRONOUS_COMMIT"):
        options["options"] = f"{options.get('options', '')} -c synchronous_commit={commit}".strip()
    return {
        "default": {
            "ENGINE": ENGINE,
            **place,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
            "TEST": {"NAME": env.get("TS_TEST_DB") or TEST_DATABASE},
        }
    }


def parse_url(url: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name?sslmode=require in Django's keys; ?host= for a socket."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ServerError("DATABASE_URL phải có dạng postgresql://người_dùng:mật_khẩu@máy_chủ:cổng/tên_csdl.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def _embedded(var_dir: Path, role: str) -> dict[str, Any]:
    # Imported late: with DATABASE_URL the embedded server's code is not needed at all.
    from thongsuot.kit.postgres.server import ensure_running

    connection = ensure_running(var_dir)
    owner = role == "owner"
    return {
        "NAME": connection.dbname,
        "USER": connection.owner_user if owner else connection.web_user,
        "PASSWORD": connection.owner_password if owner else connection.web_password,
        "HOST": connection.host,
        "PORT": str(connection.port),
        "EMBEDDED_IN": str(var_dir),
    }
