"""Records that may be one person: found across whatever the actor sees, explained, decided on by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import unseal_many

from ..models import MatchCandidate
from ..permissions import can_match
from ..queries.matching import settings_of_matching
from ..types import MatchDecision, StateConflict

if TYPE_CHECKING:
    import polars as pl

Say = Callable[[str], None]
RECORDS = """
    select s.id, s.unit_id, s.full_name, s.birth_date, s.gender, s.personal_id_sealed, m.full_name
    from registry_student s
    left join lateral (
        select c.full_name from registry_contact c
        where c.student_id = s.id and c.relation = 'mother' order by c.id limit 1
    ) m on true
    where s.merged_into_id is null and s.erased_at is null and s.restricted_at is null
"""
# A pair stands once, the older record first. What a person has decided is never touched.
KEEP = """
    insert into registry_matchcandidate
        (first_id, second_id, first_unit_id, second_unit_id, score, explanation, found_at, decision, note)
    select f, s, fu, su, score, x::jsonb, %s, '', ''
    from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::text[])
        as found(f, s, fu, su, score, x)
    on conflict (first_id, second_id) do update
        set score = excluded.score, explanation = excluded.explanation
        where registry_matchcandidate.decision = ''
          and registry_matchcandidate.score is distinct from excluded.score
"""
# Pairs that nobody has decided on and that no longer look alike: the data were mended.
FORGET = """
    delete from registry_matchcandidate c
    where c.decision in ('', 'later')
      and not exists (
        select 1 from unnest(%s::bigint[], %s::bigint[]) as found(f, s) where f = c.first_id and s = c.second_id
      )
"""


@transaction.atomic
def find_candidates(*, by: Actor, now: datetime, say: Say = lambda _text: None) -> int:
    """Compare all dossiers that the actor sees with each other; returns how many pairs look alike.

    New pairs are added, scores of undecided ones brought up to date, undecided ones that no longer look alike removed.
    The personal ids are opened in memory only. Raises NotAllowed.
    """
    if not can_match(by):
        raise NotAllowed(_("Anh/chị không có quyền tìm hồ sơ trùng."))
    from ..domain.matching.link import duplicates

    wanted = settings_of_matching()
    say(_("Đọc hồ sơ"))
    records, units = _records()
    say(_("So sánh %(number)d hồ sơ") % {"number": len(records)})
    found = duplicates(records, start=wanted["same_person"], least=wanted["show_from"])
    say(_("Ghi %(number)d cặp") % {"number": len(found.scored)})
    rows = list(found.scored.iter_rows(named=True))
    first, second = [row["left_id"] for row in rows], [row["right_id"] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            [
                now,
                first,
                second,
                [units[key] for key in first],
                [units[key] for key in second],
                [Decimal(row["score"]).quantize(Decimal("0.01")) for row in rows],
                [json.dumps(_explained(row, found.weights)) for row in rows],
            ],
        )
        cursor.execute(FORGET, [first, second])
    return len(rows)


def _records() -> tuple[pl.DataFrame, dict[int, int]]:
    """All visible dossiers as a frame for the domain, and the unit of each."""
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(RECORDS)
        rows = cursor.fetchall()
    ids, units, names, born, genders, sealed, mothers = zip(*rows, strict=True) if rows else ([],) * 7
    frame = pl.DataFrame(
        {
            "id": pl.Series(ids, dtype=pl.Int64),
            "full_name": pl.Series(names, dtype=pl.String),
            "birth_date": pl.Series(born, dtype=pl.Date),
            "gender": pl.Series(genders, dtype=pl.String),
            "personal_id": pl.Series(list(unseal_many(sealed)), dtype=pl.String),
            "mother_name": pl.Series(mothers, dtype=pl.String),
        }
    )
    return frame, dict(zip(ids, units, strict=True))


def _explained(row: dict[str, Any], weights: Any) -> list[dict[str, Any]]:
    """Field by field: how far the two agree and what that is worth in bits; never the values."""
    from ..domain.matching.compare import LEVELS, UNKNOWN

    lines = []
    for name, steps in LEVELS.items():
        step = row[name]
        said = "unknown" if step == UNKNOWN else steps[step]
        lines.append({"field": name, "agreement": said, "weight": round(weights.of(name, step), 1)})
    return lines


@transaction.atomic
def decide(
    *, by: Actor, candidate: MatchCandidate, decision: MatchDecision, now: datetime, note: str = ""
) -> MatchCandidate:
    """Say whether two records are one person. "same" by itself moves nothing: journeys.merge_people does.

    A decision may be changed until the records are merged. Raises NotAllowed, StateConflict (already merged).
    """
    if not can_match(by, candidate.first_unit_id, candidate.second_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền quyết định về hai hồ sơ này."))
    locked = MatchCandidate.objects.select_for_update(of=("self",)).select_related("first", "second")
    candidate = locked.get(pk=candidate.pk)
    if candidate.first.merged_into_id or candidate.second.merged_into_id:
        raise StateConflict(_("Một trong hai hồ sơ đã được gộp."))
    candidate.decision = decision
    candidate.decided_by_id, candidate.decided_at = by.user_id, now
    candidate.note = note.strip()
    candidate.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    return candidate
