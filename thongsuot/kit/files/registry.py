"""Which module answers for which files. Filled in each module's `apps.ready()`.

register_access("directives.evidence", queries.may_open_evidence)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.types import ALLOWED, FileKind

MEGABYTE = 1024 * 1024
_kinds: dict[str, FileKind] = {}


def register_access(
    kind: str,
    access: Callable[[Actor, Any], bool],
    *,
    content_types: frozenset[str] = ALLOWED,
    max_bytes: int | None = None,
) -> None:
    """Declare a kind of file. `access(actor, stored_file)` runs within the actor's row-level scope."""
    _kinds[kind] = FileKind(kind, access, content_types, max_bytes)


def kind_of(code: str) -> FileKind:
    """The declared kind; LookupError names the one that is missing (a fault of the program, not of the
    user).
    """
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no module has registered files of the kind {code!r}") from None


def may_open(actor: Actor, stored_file: Any) -> bool:
    """Does the module that attached the file let the actor open it? No, when that module is gone."""
    kind = _kinds.get(stored_file.kind)
    return kind is not None and kind.access(actor, stored_file)


def max_bytes(kind: FileKind) -> int:
    by_kind: dict[str, int] = getattr(settings, "FILES_MAX_BYTES_BY_KIND", {})
    general: int = getattr(settings, "FILES_MAX_BYTES", 25 * MEGABYTE)
    return kind.max_bytes or by_kind.get(kind.code) or general
