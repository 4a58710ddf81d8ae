"""Triggers that keep a record from being thinned out."""

from __future__ import annotations

import pgtrigger


class NoTruncate(pgtrigger.Trigger):
    """TRUNCATE leaves no history (no row trigger sees it), so it is refused.

    The test-runner empties tables this way between tests: a session that says so by
    `set thongsuot.may_truncate = 'on'` may. The web roles hold no TRUNCATE right in any case.
    """

    name = "no_truncate"
    when = pgtrigger.Before
    operation = pgtrigger.Truncate
    level = pgtrigger.Statement
    func = """
        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN
            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    """


def append_only(*, deletable_when: str | None = None) -> list[pgtrigger.Trigger]:
    """Triggers for a log: rows are added and read. `deletable_when` is SQL on OLD: the time of keeping is
    over.
    """
    may_not_delete = pgtrigger.Condition(f"NOT ({deletable_when})") if deletable_when else None
    return [
        pgtrigger.Protect(name="no_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete, condition=may_not_delete),
        NoTruncate(),
    ]
