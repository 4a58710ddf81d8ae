"""The auditor's one page: every role, every right, taken from the code that decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from ..domain.rights import NEVER_DELEGATED, RIGHTS
from ..domain.roles import REACH_WORDS, ROLES
from ..types import UnitKind


@dataclass(frozen=True)
class RightLine:
    code: str
    sentence: str
    delegable: bool


@dataclass(frozen=True)
class RoleLine:
    code: str
    name: str
    sentence: str
    held_at: tuple[str, ...]
    reach: str
    rights: tuple[RightLine, ...]
    appoints: tuple[str, ...]


def role_lines() -> list[RoleLine]:
    """All roles in the order of the house, in the reader's language."""
    return [
        RoleLine(
            code=role.code,
            name=gettext(role.name),
            sentence=gettext(role.sentence),
            held_at=tuple(str(kind.label) for kind in UnitKind if kind.value in role.held_at),
            reach=gettext(REACH_WORDS[role.reach]),
            rights=tuple(right_line(code) for code in RIGHTS if code in role.rights),
            appoints=tuple(gettext(ROLES[code].name) for code in ROLES if code in role.appoints),
        )
        for role in ROLES.values()
    ]


def right_line(code: str) -> RightLine:
    return RightLine(code, gettext(RIGHTS[code]), code not in NEVER_DELEGATED)
