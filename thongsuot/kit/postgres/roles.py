"""Names of the database roles that isolation rests on, and who may become what (ADR 0002). Pure."""

from __future__ import annotations

WEB_ROLE = "thongsuot_web"
SCOPED_ROLE = "thongsuot_scoped"
ALL_ROLE = "thongsuot_all"
SCOPE_ROLES = (SCOPED_ROLE, ALL_ROLE)


def role_memberships(owner: str) -> tuple[tuple[str, str], ...]:
    """(granted role, member) pairs. The owner is in all three so that tests and demo can act as anybody."""
    web = tuple((name, WEB_ROLE) for name in SCOPE_ROLES)
    return (*web, *((name, owner) for name in (*SCOPE_ROLES, WEB_ROLE)))
