"""Old values of erased persons out of the history of all modules, by whoever owns the database. One transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.actions import purge_words
from thongsuot.modules.registry.actions import erasing


@transaction.atomic
def purge_erased(*, by: Actor, now: datetime) -> int:
    """How many requests are complete thereby. Raises NotAllowed for anybody but the system."""
    purge_words(by=by, student_ids=erasing.erased_and_not_purged(by=by))
    return erasing.purge_history(by=by, now=now)
