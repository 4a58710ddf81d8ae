"""Who is acting, as the triggers that keep history see it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from django.db import connection, transaction

from thongsuot.kit.accounts.types import Actor

CONTEXT = "pghistory.context_metadata"


@contextlib.contextmanager
def acting(by: Actor, *, reason: str = "") -> Iterator[None]:
    """Run the block in a transaction whose changes are recorded as made by `by`, for `reason` (free text).

    Requests and background tasks are inside one already; an action adds its own only to give a reason, or
    because it acts for somebody else. The setting belongs to the transaction, so COPY and INSERT..SELECT
    carry it too, and it costs one statement per block rather than a part of each.
    """
    said = {
        "user": by.user_id,
        "name": by.name,
        "role": by.acting.role_name if by.acting else "",
        "reason": reason,
    }
    with transaction.atomic():
        outer = _set_context(json.dumps(said, ensure_ascii=False))
        yield
        # After an error the rollback gives the setting back.
        if not connection.needs_rollback:
            _set_context(outer)


def _set_context(value: str) -> str:
    """Set the context of this transaction; returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with before as materialized (select current_setting(%s, true) as said) "
            "select coalesce(said, ''), set_config(%s, %s, true) from before",
            [CONTEXT, CONTEXT, value],
        )
        row = cursor.fetchone()
    return row[0]
