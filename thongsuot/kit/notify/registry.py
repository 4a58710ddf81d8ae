"""Kinds of notifications, declared by modules in `apps.ready()`:

register_kind("directives.assigned", _("Được giao nhiệm vụ"))
"""

from __future__ import annotations

from typing import Any

from thongsuot.kit.notify.types import NotificationKind, Way

_kinds: dict[str, NotificationKind] = {}


def register_kind(code: str, label: Any, *, default: Way = Way.DIGEST) -> None:
    _kinds[code] = NotificationKind(code, label, default)


def kinds() -> list[NotificationKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)


def kind_named(code: str) -> NotificationKind:
    """The declared kind; LookupError names the one that is missing."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no module has registered notifications of the kind {code!r}") from None


def label_of(code: str) -> str:
    kind = _kinds.get(code)
    return str(kind.label) if kind else code
