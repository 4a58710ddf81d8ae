"""Names of the database roles that isolation rests on, and who may become what (ADR 0002). Pure."""

from __future__ import annotations

WEB_ROLE = "thongsuot_web"
SCOPED_ROLE = "thongsuot_scoped"
ALL_ROLE = "thongsuot_all"
SCOPE_ROLES = (SCOPED_ROLE, ALL_ROLE)


def role_memberships(owner: str) -> tuple[tuple[str, str], ...]:
    """(granted role, member) pairs: the web role acts as people; so does the owner in commands."""
    return tuple((name, member) for member in (WEB_ROLE, owner) for name in SCOPE_ROLES)
