"""The roles in the cluster. The embedded server makes its own; elsewhere an administrator does."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.db.backends.utils import CursorWrapper

from thongsuot.kit.postgres.roles import ALL_ROLE, SCOPE_ROLES, WEB_ROLE, role_memberships


def ensure_roles(cursor: CursorWrapper) -> None:
    """Create what is missing. Roles belong to the whole cluster, so several databases may do this at once."""
    cursor.execute("select current_user")
    owner = str(cursor.fetchone()[0])
    for statement in missing(cursor, owner):
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except DatabaseError as error:
            if not any(statement == still for still in missing(cursor, owner)):
                continue  # another process was quicker
            raise ImproperlyConfigured(explain(owner)) from error
    cursor.execute("select pg_has_role(%s, %s, 'usage')", [WEB_ROLE, ALL_ROLE])
    if cursor.fetchone()[0] and owner != WEB_ROLE:
        raise ImproperlyConfigured(
            f"Vai trò {WEB_ROLE} đang thừa hưởng quyền của {ALL_ROLE}: mọi dòng đều lộ.\n" + explain(owner)
        )


def missing(cursor: CursorWrapper, owner: str) -> Iterator[str]:
    """Statements that would create the roles and memberships which are not there."""
    cursor.execute("select rolname from pg_roles")
    known = {row[0] for row in cursor.fetchall()}
    for role in (*SCOPE_ROLES, WEB_ROLE):
        if role not in known:
            yield f'create role "{role}" ' + ("login noinherit" if role == WEB_ROLE else "nologin")
    # From 16 on a membership may allow inheriting without becoming, which is the opposite of what is needed.
    cursor.execute(
        "select case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end"
    )
    privilege = cursor.fetchone()[0]
    for granted, member in role_memberships(owner):
        if granted in known and member in known:
            cursor.execute("select pg_has_role(%s, %s, %s)", [member, granted, privilege])
            if cursor.fetchone()[0]:
                continue
        yield f'grant "{granted}" to "{member}"'


def explain(owner: str) -> str:
    """What an administrator of the database has to run once."""
    lines = [f"create role {WEB_ROLE} login noinherit password '...';"]
    lines += [f"create role {name} nologin;" for name in SCOPE_ROLES]
    lines += [f'grant {granted} to "{member}";' for granted, member in role_memberships(owner)]
    lines.append(f'alter role "{owner}" bypassrls;  -- nên có, không bắt buộc')
    return "Người quản trị PostgreSQL cần chạy một lần:\n  " + "\n  ".join(lines)
