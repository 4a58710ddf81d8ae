"""Transcripts made from a closed year: steps 1 and 2 of the specification (the year is closed; văn thư initialises)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import seal_many
from thongsuot.kit.text.vietnamese import clean_text, person_sort_key
from thongsuot.modules.gradebook.types import PupilRecord

from ..domain.document import places_of, write_data
from ..domain.steps import LIVE, Verb
from ..models import AwaitedResult, Transcript
from ..permissions import can_prepare
from ..queries.contents import class_facts, contents
from ..queries.layouts import profile_for
from ..queries.readiness import waits_for_summer
from ..types import Problem, TranscriptFault, TranscriptKind, TranscriptState, Unready
from .correcting import reopen_unmended
from .keeping import _locked, _move, _write_log
from .objecting import _settle_thrown_away


@dataclass(frozen=True)
class Built:
    """made: new transcripts; kept: pupils who have one already; unready: pupils whose transcript cannot be made yet."""

    made: int
    kept: int
    unready: tuple[Unready, ...]


@transaction.atomic
def initialise_class(
    *,
    by: Actor,
    school_class: Any,
    records: Sequence[PupilRecord],
    now: datetime,
    is_supplementary: bool = False,
) -> Built:
    """Make the transcripts of the pupils of a class who have none in force; those of a replaced version get the next
    number and a new UUID. A pupil whose year is open, not computed or incomplete is told, and keeps nobody back.

    Run again, it makes only what is missing. Raises NotAllowed, TranscriptFault (no layout for the level).
    """
    unit, year = school_class.unit, school_class.school_year
    if not can_prepare(by, unit.pk):
        raise NotAllowed(_("Chỉ nhà trường lập được học bạ của trường mình."))
    # Two who make the same class at once: the second waits and finds all made. Who writes a transcript that names the class
    # does not wait.
    type(school_class).objects.select_for_update(of=("self",), no_key=True).get(pk=school_class.pk)
    kind = TranscriptKind.YEAR
    having = _having(records, year, unit, kind)
    due = [one for one in records if one.student_id not in having]
    ready = [one for one in due if not _open_year(one)]
    unready = [Unready(one.student_id, one.name, _open_year(one)) for one in due if one not in ready]
    made: list[Transcript] = []
    if ready:
        more = {"is_supplementary": is_supplementary}
        made, gaps = _make(by, school_class, ready, kind=kind, now=now, more=more)
        unready += gaps
    return Built(len(made), len(having), tuple(unready))


@transaction.atomic
def initialise_partial(
    *, by: Actor, school_class: Any, record: PupilRecord, up_to: date, basis: str, now: datetime
) -> Built:
    """The result to date of a pupil who leaves during the year, with the first term where it is done: signed by the head
    and the school, the second term stays open (QĐ 1789 Điều 22). The new school writes the whole year.

    up_to: the last day that counts. Raises NotAllowed, TranscriptFault (there is one; a day outside the year; no layout).
    """
    unit, year = school_class.unit, school_class.school_year
    if not can_prepare(by, unit.pk):
        raise NotAllowed(_("Chỉ nhà trường lập được học bạ của trường mình."))
    if not year.starts_on <= up_to <= min(year.ends_on, timezone.localdate(now)):
        raise TranscriptFault(_("Ngày này nằm ngoài năm học hoặc chưa tới."), field="up_to")
    type(school_class).objects.select_for_update(of=("self",), no_key=True).get(pk=school_class.pk)
    if _having([record], year, unit, TranscriptKind.PARTIAL):
        raise TranscriptFault(
            _("Học sinh đã có kết quả đến khi chuyển trường: bỏ hoặc thu hồi bản đó trước.")
        )
    common = {"up_to": up_to, "basis": clean_text(basis)}
    made, gaps = _make(by, school_class, [record], kind=TranscriptKind.PARTIAL, now=now, common=common)
    for row in made:
        AwaitedResult.objects.filter(student_id=row.student_id, school_class=school_class).update(
            transcript=row
        )
    return Built(len(made), 0, tuple(gaps))


def _having(records: Sequence[PupilRecord], year: Any, unit: Any, kind: str) -> set[int]:
    """Pupils who have one in force."""
    ids = [one.student_id for one in records]
    rows = Transcript.objects.filter(
        student_id__in=ids, school_year=year, unit=unit, kind=kind, state__in=sorted(LIVE)
    )
    return set(rows.values_list("student_id", flat=True))


def _make(
    by: Actor,
    school_class: Any,
    ready: Sequence[PupilRecord],
    *,
    kind: TranscriptKind,
    now: datetime,
    common: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> tuple[list[Transcript], list[Unready]]:
    """common: facts of the kind for the common part; more: further columns."""
    unit, year, level = school_class.unit, school_class.school_year, ready[0].level
    profile = profile_for(level, year.starts_on.year, kind)
    facts = class_facts(by, school_class, level=level, profile=profile, now=now)
    uuids = {one.student_id: uuid4() for one in ready}
    said = contents(by, facts, school_class, ready, uuids)
    drafts: list[_Draft] = []
    unready: list[Unready] = []
    for one in ready:
        if one.student_id not in said:
            continue
        content = said[one.student_id]
        content["common"] |= common or {}
        written = write_data(profile, content)
        if written.problems:
            unready.append(Unready(one.student_id, one.name, written.problems))
        else:
            places = places_of(profile, content)
            named = [facts.signer_of(code) for code in places]
            signers = [signer.staff_id if signer else 0 for signer in named]
            drafts.append(_Draft(one, uuids[one.student_id], written.xml, places, signers))
    shared = {
        "unit": unit, "holder": unit, "school_year": year, "school_class": school_class, "class_name": school_class.name,
        "level": level, "profile": profile.code, "kind": kind, "state": TranscriptState.INITIALISED,
        "made_by_id": by.user_id, "made_at": now, **(more or {}),
    }  # fmt: skip
    past = _past_versions([one.student_id for one in ready], year, unit, kind)
    # Before the first row is written: from then on the school's standing is held, for which others wait who may hold these.
    _locked(before for _number, before in past.values() if before is not None)
    made = _insert(drafts, shared, past)
    _replaced(by, made, now)
    _write_log(made, Verb.INITIALISE, by=by, now=now)
    return made, unready


def _open_year(one: PupilRecord) -> tuple[Problem, ...]:
    found = []
    if not one.is_locked:
        found.append(Problem("", _("Sổ điểm"), _("chưa khóa cả năm")))
    if one.is_stale:
        found.append(Problem("", _("Kết quả năm học"), _("cần tính lại")))
    waits = waits_for_summer(one)
    return (*found, waits) if waits else tuple(found)


def _past_versions(ids: Sequence[int], year: Any, unit: Any, kind: str) -> dict[int, tuple[int, int | None]]:
    """{pupil: (number of the last version, the recalled version that a new one replaces)}"""
    rows = Transcript.objects.filter(student_id__in=ids, school_year=year, unit=unit, kind=kind)
    last = dict(rows.order_by().values_list("student_id").annotate(Max("version")))
    recalled = dict(
        rows.filter(state=TranscriptState.RECALLED, replaced_by__isnull=True)
        .order_by("version")
        .values_list("student_id", "pk")
    )
    return {student: (number, recalled.get(student)) for student, number in last.items()}


class _Draft(NamedTuple):
    """places, signers: the rows that are signed one by one, and whom the data name for each."""

    record: PupilRecord
    uuid: UUID
    xml: str
    places: list[str]
    signers: list[int]


def _insert(
    drafts: Sequence[_Draft],
    shared: dict[str, Any],
    past: dict[int, tuple[int, int | None]],
) -> list[Transcript]:
    sealed = seal_many(draft.xml for draft in drafts)
    rows = []
    for (one, uuid, xml, places, signers), data in zip(drafts, sealed, strict=True):
        number, replaces = past.get(one.student_id, (0, None))
        rows.append(
            Transcript(
                uuid=uuid,
                student_id=one.student_id,
                grade=one.grade,
                version=number + 1,
                replaces_id=replaces,
                student_name=one.name,
                sort_key=person_sort_key(one.name),
                data_sealed=data,
                data_digest=sha256(xml.encode()).digest(),
                places=places,
                place_staff=signers,
                places_left=len(places),
                **shared,
            )
        )
    return Transcript.objects.bulk_create(rows, batch_size=500)


def _replaced(by: Actor, made: Sequence[Transcript], now: datetime) -> None:
    before = [row.replaces_id for row in made if row.replaces_id is not None]
    if before:
        _move(_locked(before), Verb.REPLACE, by=by, now=now)
        reopen_unmended(by=by, transcript_ids=before, now=now)


@transaction.atomic
def discard(*, by: Actor, transcript: Transcript, reason: str, now: datetime) -> Transcript:
    """Throw away a version that has not been issued; the next one gets a new UUID. Raises NotAllowed, TranscriptStep."""
    if not can_prepare(by, transcript.unit_id):
        raise NotAllowed(_("Chỉ nhà trường bỏ được học bạ của trường mình."))
    rows = _locked([transcript.pk])
    _move(rows, Verb.DISCARD, by=by, now=now, detail=reason)
    _settle_thrown_away(by, rows[0], reason, now)
    return rows[0]
