"""Keeping a file that came with a form."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.actions import store_upload

EVIDENCE = "directives.evidence"


def kept(actor: Actor, upload: Any, unit_id: int) -> Any:
    """The stored file for the unit, or None where nothing was attached."""
    if not upload:
        return None
    return store_upload(by=actor, upload=upload, owner_unit_id=unit_id, kind=EVIDENCE)
