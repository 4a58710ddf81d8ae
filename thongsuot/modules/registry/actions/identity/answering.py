"""Answers of the population database, from whichever way they come: kept once, in sets, and never over a record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from thongsuot.kit.accounts.types import Actor

from ...domain.identity import Verdict
from ...models import IdentityBatch
from ...queries.identity_content import CONTENT, NEWEST, TABLES
from ...types import BatchState
from .rights import require_verify

# An answer counts once: what is answered already, and whoever is not on this list, is passed over.
KEEP = """
    update registry_identitycheck c
    set status = a.status, differing = a.differing, answered_at = %(now)s
    from unnest(%(references)s::uuid[], %(statuses)s::text[], %(differing)s::text[])
        as a(reference, status, differing)
    where c.reference = a.reference and c.batch_id = %(batch)s and c.status = 'waiting'
    returning c.id
"""
# The person's own words are not touched; only where the verification stands.
MARK = """
    update {table} p
    set identity_status = case when c.content_digest = {content} then c.status else 'mended' end,
        identity_checked_at = %(now)s
    from registry_identitycheck c
    where c.id = any(%(checks)s) and p.id = c.person_id and p.identity_status = 'waiting' and {newest}
"""
COUNT = """
    update registry_identitybatch b
    set answered = n.answered, matched = n.matched,
        state = case when n.answered = b.size then 'done' else b.state end,
        finished_at = case when n.answered = b.size then %(now)s else b.finished_at end,
        next_try_at = case when n.answered = b.size then null else b.next_try_at end
    from (
        select count(*) filter (where status <> 'waiting') as answered,
               count(*) filter (where status = 'matched') as matched
        from registry_identitycheck where batch_id = %(batch)s
    ) n
    where b.id = %(batch)s
"""


@transaction.atomic
def take_answers(*, by: Actor, batch: IdentityBatch, verdicts: Iterable[Verdict], now: datetime) -> int:
    """Keep answers for a list; returns how many were new. Half an answer is kept as far as it goes; the same one
    again changes nothing. The batch is brought up to date. Raises NotAllowed.
    """
    require_verify(batch.unit_id, by=by)
    # Two identical references in one answer: the first one counts.
    said = {verdict.reference: verdict for verdict in reversed(list(verdicts))}
    if batch.state == BatchState.GIVEN_UP or not said:
        return 0
    asked: dict[str, Any] = {
        "batch": batch.pk,
        "kind": batch.kind,
        "now": now,
        "references": list(said),
        "statuses": [verdict.status.value for verdict in said.values()],
        "differing": [",".join(verdict.differing) for verdict in said.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, asked)
        checks = [row[0] for row in cursor.fetchall()]
        mark = MARK.format(table=TABLES[batch.kind], content=CONTENT, newest=NEWEST)
        cursor.execute(mark, {**asked, "checks": checks})
    _recount(batch=batch, now=now)
    return len(checks)


def _recount(*, batch: IdentityBatch, now: datetime) -> None:
    """Bring the figures of a list up to date; a list that is answered whole is done."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"batch": batch.pk, "now": now})
    batch.refresh_from_db()
