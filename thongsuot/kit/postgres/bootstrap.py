"""The roles and the database inside the embedded server; made when missing, brought in line at each start."""

from __future__ import annotations

from psycopg import Connection, connect, sql

from thongsuot.kit.postgres.credentials import ADMIN_ROLE, DATABASE, OWNER_ROLE, Credentials
from thongsuot.kit.postgres.postmaster import PidFile
from thongsuot.kit.postgres.roles import SCOPE_ROLES, WEB_ROLE, role_memberships


def bootstrap(found: PidFile, credentials: Credentials) -> None:
    with connect_admin(found, credentials) as session:
        # No superuser, as in production; BYPASSRLS lets migrations and the demo write every row.
        _role(session, OWNER_ROLE, "login createdb nocreaterole bypassrls", credentials.owner_password)
        _role(session, WEB_ROLE, "login noinherit", credentials.web_password)
        for name in SCOPE_ROLES:
            _role(session, name, "nologin")
        # The last one is for tests, which try the bare web role without signing in anew.
        for granted, member in (*role_memberships(OWNER_ROLE), (WEB_ROLE, OWNER_ROLE)):
            session.execute(sql.SQL("grant {} to {}").format(*map(sql.Identifier, (granted, member))))
        if not session.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            names = map(sql.Identifier, (DATABASE, OWNER_ROLE))
            session.execute(sql.SQL("create database {} owner {}").format(*names))


def _role(session: Connection, name: str, attributes: str, password: str = "") -> None:
    known = session.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone()
    statement = sql.SQL("{} role {} {}").format(
        sql.SQL("alter" if known else "create"), sql.Identifier(name), sql.SQL(attributes)
    )
    session.execute(statement)
    if password:
        session.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(name), password))


def connect_admin(found: PidFile, credentials: Credentials) -> Connection:
    return connect(
        host=str(found.socket_dir),
        port=found.port,
        dbname="postgres",
        user=ADMIN_ROLE,
        password=credentials.admin_password,
        connect_timeout=5,
        autocommit=True,
    )
