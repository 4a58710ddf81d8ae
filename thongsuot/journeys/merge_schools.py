"""Schools merged into one, or a school closed: sites, records, roles, then the unit itself. One transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.modules.documents import actions as documents
from thongsuot.modules.gradebook import actions as gradebook
from thongsuot.modules.organization import actions as organization
from thongsuot.modules.organization import queries as units
from thongsuot.modules.registry.actions import reorganizing, reversing
from thongsuot.modules.transcripts import actions as transcripts


@dataclass(frozen=True)
class Preview:
    """What would happen. records: None when a school is closed without a successor; conflicts: settled first."""

    records: reorganizing.MergerPlan | None
    sites: int
    moving: int
    ending: Sequence[Any]
    conflicts: Sequence[str]


def preview_merger(*, by: Actor, gone: Any, into: Any, last_day: date, suffix: str = "") -> Preview:
    """What would move, clash and end; writes nothing. into None: the school is closed. Raises NotAllowed, StateConflict."""
    roles = organization.plan_appointments(by=by, gone=gone, into=into, last_day=last_day)
    if into is None:
        conflicts = reorganizing.closing_conflicts(by=by, unit=gone, last_day=last_day)
        return Preview(None, _sites(by, gone, last_day), 0, roles.ending, conflicts)
    plan = reorganizing.plan_merger(by=by, gone=gone, into=into, last_day=last_day, suffix=suffix)
    return Preview(plan, _sites(by, gone, last_day), len(roles.moving), roles.ending, plan.conflicts)


def _sites(by: Actor, gone: Any, last_day: date) -> int:
    return units.sites_of(by, gone.pk).exclude(valid_to__lte=last_day).count()


@transaction.atomic
def merge_schools(
    *,
    by: Actor,
    gone: Sequence[Any],
    into: Any,
    last_day: date,
    basis: str,
    now: datetime,
    suffixes: Sequence[str] = (),
    keep: Collection[int] = (),
    tell: reorganizing.Tell = lambda done, total, words: None,
) -> list[Any]:
    """Move all that runs at each of `gone` to `into`, and end the units; all or none. suffixes: for names and codes that
    both have; from the second school on with its number when none is given. keep: appointments of heads and vice heads
    that go on at the successor. tell(done, total, words): called between the parts; may raise to stop, then nothing is
    written.

    Raises NotAllowed, BadValue, StateConflict, Refused (a unit that cannot end on that day).
    """
    done = []
    with acting(by, reason=basis or _("Sáp nhập trường")):
        for number, unit in enumerate(gone):
            ledger = Ledger()
            suffix = suffixes[number] if number < len(suffixes) else f"CS{number + 2}" if number else ""
            # Looked at before the first row is written, so that a refusal names what is wrong with the records.
            plan = reorganizing.plan_merger(by=by, gone=unit, into=into, last_day=last_day, suffix=suffix)
            sites = (
                {}
                if plan.conflicts
                else organization.carry_sites(by=by, gone=unit, into=into, last_day=last_day, ledger=ledger)
            )
            merge = reorganizing.merge_school(
                by=by, gone=unit, into=into, last_day=last_day, basis=basis, now=now, suffix=suffix,
                sites=sites, ledger=ledger, tell=_part(tell, unit, number, len(gone)),
            )  # fmt: skip
            books = gradebook.move_school_books(
                by=by, from_unit_id=unit.pk, to_unit_id=into.pk, classes=_classes(merge)
            )
            signers = documents.move_signers(
                by=by, gone_id=unit.pk, into_id=into.pk, last_day=last_day, reason=basis, ledger=ledger
            )
            owed = transcripts.move_awaited(
                by=by, gone_id=unit.pk, into_id=into.pk, classes=_classes(merge), ledger=ledger
            )
            ledger.following |= set(gradebook.FOLLOWING_MERGERS)
            done.append(
                _end(
                    by,
                    unit,
                    into,
                    last_day,
                    basis,
                    merge,
                    ledger,
                    {"sites": len(sites), "books": books, "signers": signers, "owed": owed},
                    keep,
                )
            )
    return done


def _part(tell: reorganizing.Tell, unit: Any, number: int, of: int) -> reorganizing.Tell:
    """The progress of one school as a part of that of all."""

    def told(done: int, total: int, words: str) -> None:
        tell(number * total + done, of * total, f"{unit}: {words}" if of > 1 else words)

    return told


@transaction.atomic
def close_school(*, by: Actor, unit: Any, last_day: date, basis: str, now: datetime) -> Any:
    """A school that is empty ends without a successor. Raises NotAllowed, BadValue, StillInUse, Refused."""
    with acting(by, reason=basis or _("Giải thể trường")):
        ledger = Ledger()
        merge = reorganizing.close_school(
            by=by, unit=unit, last_day=last_day, basis=basis, now=now, ledger=ledger
        )
        documents.move_signers(
            by=by, gone_id=unit.pk, into_id=None, last_day=last_day, reason=basis, ledger=ledger
        )
        return _end(by, unit, None, last_day, basis, merge, ledger, {})


def _end(
    by: Actor,
    unit: Any,
    into: Any,
    last_day: date,
    basis: str,
    merge: Any,
    ledger: Ledger,
    counts: Mapping[str, int],
    keep: Collection[int] = (),
) -> Any:
    """Roles move or end, the sites that are left and the unit end, and the ledger is kept."""
    roles = organization.carry_appointments(
        by=by, gone=unit, into=into, last_day=last_day, reason=basis, ledger=ledger, keep=keep
    )
    if into is None:
        organization.carry_sites(by=by, gone=unit, into=None, last_day=last_day, ledger=ledger)
    organization.end_unit(by=by, unit=unit, on=last_day, ledger=ledger)
    more = {**counts, "roles_moved": len(roles.moving), "roles_ended": len(roles.ending)}
    return reorganizing.keep_ledger(by=by, merge=merge, ledger=ledger, counts=more)


def _classes(merge: Any) -> list[tuple[int, int]]:
    """(class that ended, class in which it goes on)."""
    return [(old, new) for old, new in merge.made.get("classes", ())]


def what_blocks(*, by: Actor, merge: Any) -> list[str]:
    """Why a merger cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    return reversing.what_blocks(by=by, merge=merge)


@transaction.atomic
def undo_merger(
    *,
    by: Actor,
    merge: Any,
    reason: str,
    now: datetime,
    tell: reorganizing.Tell = lambda done, total, words: None,
) -> Any:
    """Both schools are again as they were. Raises NotAllowed, BadValue, StateConflict (something was built on it)."""
    with acting(by, reason=reason):
        if merge.undone_at is None and merge.successor_id is not None:
            gradebook.move_school_books(
                by=by,
                from_unit_id=merge.successor_id,
                to_unit_id=merge.unit_id,
                classes=[(new, old) for old, new in _classes(merge)],
            )
        return reversing.undo_merger(by=by, merge=merge, reason=reason, now=now, tell=tell)
