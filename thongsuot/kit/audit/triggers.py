"""Triggers that keep a record from being thinned out."""

from __future__ import annotations

import pgtrigger
from django.db import models
from pghistory.trigger import Event


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


# What pghistory puts into a statement's trigger: the context is read and parsed for each row, and something that only
# contexts in a table of their own need is asked once.
_ATTACH = "WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )"
_READ = "COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB"


class ContextOnce(Event):
    """History of a statement with the context read once: of a hundred thousand rows some 0.1 s."""

    def get_func(self, model: models.Model) -> pgtrigger.Func:
        text = str(super().get_func(model).func)
        if text.count(_ATTACH) != 1 or text.count(_READ) != 1:
            raise LookupError("pghistory writes its triggers in another way than this one changes")
        text = text.replace(_READ, "_pgh_attached_context.value")
        # Unless it is materialized, PostgreSQL puts the expression back into every row.
        once = f"WITH _pgh_attached_context AS MATERIALIZED ( SELECT {_READ} AS value )"
        return pgtrigger.Func(text.replace(_ATTACH, once))
