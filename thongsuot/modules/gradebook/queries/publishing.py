"""The year's results on their way into the registry: what would change there, who is missing and why, what was done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import person_sort_key
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry.queries import class_members, year_promotions, year_result_changes
from thongsuot.modules.registry.types import (
    ConductResult,
    LearningResult,
    PromotionDecision,
    YearResultChange,
    YearResultEntry,
)

from ..models import ClassSubject, MarkLock, Publication, PupilYear
from ..permissions import VIEW, within
from ..types import Award, GradingFault, Outcome
from .books import level_of
from .rules import programme, rules_held, rules_of
from .telling import year_reasons
from .words import TRAITS, name_of, sentence

AGAIN = (Outcome.REASSESS, Outcome.TRAIN, Outcome.SUPPORT)
THROUGH = (Outcome.PROMOTED, Outcome.COMPLETED)
PROMOTE = "registry.promote"


@dataclass(frozen=True)
class ResultLine:
    """A pupil whose result in the registry becomes another one. before: "" where there is none yet."""

    name: str
    class_name: str
    before: str
    after: str


@dataclass(frozen=True)
class MissingLine:
    """A pupil whose year is not decided, and why."""

    name: str
    class_id: int
    class_name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """The ending of the year that was carried out on results which have been handed over; taking the results back leaves
    it as it is. may_undo: the actor may take it back too; keepers: names of those at the school who may."""

    at: datetime
    by: str
    pupils: int
    may_undo: bool
    keepers: tuple[str, ...]

    @property
    def words(self) -> str:
        said = {
            "at": f"{timezone.localtime(self.at):%H:%M %d/%m/%Y}",
            "who": self.by or "–",
            "n": self.pupils,
        }
        return (
            _(
                "Năm học đã kết thúc lúc %(at)s (%(who)s): %(n)d em đã lên lớp, ở lại lớp hoặc hoàn thành cấp học."
            )
            % said
        )

    @property
    def way_out(self) -> str:
        if self.may_undo:
            return _(
                "Muốn trả lại cả việc đó: hoàn tác ở trang Kết thúc năm học trước, rồi mới lấy lại kết quả."
            )
        if self.keepers:
            names = ", ".join(self.keepers)
            return _("Muốn trả lại cả việc đó: nhờ %(names)s hoàn tác ở trang Kết thúc năm học trước.") % {
                "names": names
            }
        return _(
            "Muốn trả lại cả việc đó: nhờ quản trị của Sở cấp quyền kết thúc năm học cho người của trường."
        )


@dataclass(frozen=True)
class PublicationLine:
    """changed: pupils whose result became another one. can_take_back: nothing was handed over after it. followed: what
    was done on it since and is not undone with it."""

    row: Publication
    changed: int
    can_take_back: bool
    followed: Followed | None = None


@dataclass(frozen=True)
class Preview:
    """locked: terms that are closed for the whole school. pupils: decided; new, changed: of these, what the registry
    does not have, or has otherwise; stale: to be computed again first. seen: names what was shown, for `publish_year_results`.
    """

    locked: frozenset[int]
    pupils: int
    new: int
    changed: int
    stale: int
    lines: tuple[ResultLine, ...]
    missing: tuple[MissingLine, ...]
    done: tuple[PublicationLine, ...]
    seen: str

    @property
    def same(self) -> int:
        return self.pupils - self.new - self.changed

    @property
    def is_closed(self) -> bool:
        return self.locked == {1, 2}


def closed_terms(unit_id: int, school_year_id: int) -> frozenset[int]:
    """Terms whose books are closed for the whole school."""
    locks = MarkLock.objects.filter(
        unit_id=unit_id, school_year_id=school_year_id, school_class__isnull=True, unlocked_at__isnull=True
    )
    return frozenset(locks.values_list("term", flat=True))


def decided(unit_id: int, school_year_id: int) -> QuerySet[PupilYear]:
    rows = PupilYear.objects.filter(unit_id=unit_id, school_year_id=school_year_id)
    return rows.exclude(outcome=Outcome.UNDECIDED).select_related("school_class").order_by("pk")


def entries_of(rows: Collection[PupilYear], levels: Collection[str]) -> list[YearResultEntry]:
    """As the registry takes them. levels: of the school."""
    return [_entry(row, levels) for row in rows]


def _entry(row: PupilYear, levels: Collection[str]) -> YearResultEntry:
    outcome = Outcome(row.outcome)
    is_primary = level_of(row.school_class.grade, levels) == "primary"
    promotion = "promoted" if outcome in THROUGH else "again" if outcome in AGAIN else "retained"
    return YearResultEntry(
        student_id=row.student_id,
        class_id=row.school_class_id,
        grade=row.school_class.grade,
        # Re-assessed in summer: what it came to then.
        learning=row.learning_after or row.learning,
        conduct=row.conduct,
        is_completed=None if not is_primary or outcome in AGAIN else outcome in THROUGH,
        promotion=promotion,
        days_absent=row.absences,
        awards=name_of(Award(row.award)) if row.award else "",
    )


def fingerprint(changes: Sequence[YearResultChange]) -> str:
    """The same for the same changes: what somebody has looked at is what is written."""
    said = [(one.student_id, one.before, one.after) for one in changes]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def preview(actor: Actor, unit: Any, school_year: Any) -> Preview:
    """Of a school that the actor oversees; a handful of statements whatever the number of pupils."""
    mine = PupilYear.objects.filter(within(actor, VIEW), unit_id=unit.pk, school_year_id=school_year.pk)
    rows = list(mine.select_related("school_class").order_by("pk"))
    ready = [row for row in rows if row.outcome != Outcome.UNDECIDED]
    entries = entries_of(ready, unit.school.levels)
    changes = year_result_changes(actor, unit_id=unit.pk, school_year_id=school_year.pk, entries=entries)
    with_books = ClassSubject.objects.filter(
        within(actor, VIEW), unit_id=unit.pk, school_year_id=school_year.pk
    )
    class_ids = set(with_books.order_by().values_list("school_class_id", flat=True).distinct())
    names = {
        (one.class_id, one.student_id): one.name
        for one in class_members(actor, class_ids)
        if not one.has_left
    }
    return Preview(
        locked=closed_terms(unit.pk, school_year.pk),
        pupils=len(ready),
        new=sum(one.before is None for one in changes),
        changed=sum(one.before is not None for one in changes),
        stale=sum(row.is_stale for row in rows) + len(_without(rows, names)),
        lines=_lines(changes, ready, names),
        missing=_missing(rows, unit, school_year, names),
        done=publications(actor, unit, school_year),
        seen=fingerprint(changes),
    )


Names = Mapping[tuple[int, int], str]


def _without(rows: Collection[PupilYear], names: Names) -> set[int]:
    """Pupils of whom nothing has been computed yet."""
    return {student_id for _class, student_id in names} - {row.student_id for row in rows}


def _lines(
    changes: Sequence[YearResultChange], rows: Collection[PupilYear], names: Names
) -> tuple[ResultLine, ...]:
    home = {row.student_id: row.school_class for row in rows}
    found = []
    for one in changes:
        where = home[one.student_id]
        name = names.get((where.pk, one.student_id), "")
        before = result_words(one.before) if one.before else ""
        found.append(
            (
                (where.grade or 0, where.name, person_sort_key(name)),
                ResultLine(name, where.name, before, result_words(one.after)),
            )
        )
    return tuple(line for _key, line in sorted(found, key=lambda pair: pair[0]))


@rules_held()
def _missing(
    rows: Collection[PupilYear], unit: Any, school_year: Any, names: Names
) -> tuple[MissingLine, ...]:
    names_of = {one.code: one.name for stage in programme().stages for one in stage.subjects}
    names_of |= {code: str(name) for code, name in TRAITS.items()}
    found = []
    for row in rows:
        where = row.school_class
        if row.outcome != Outcome.UNDECIDED or (where.pk, row.student_id) not in names:
            continue
        level = level_of(where.grade, unit.school.levels) or ""
        try:
            rules = rules_of(level, where.grade or 0, school_year.starts_on.year)
        except GradingFault:
            reasons: tuple[str, ...] = ()
        else:
            reasons = tuple(sentence(one, names_of) for one in year_reasons(row, rules) if one.why in LACKING)
        name = names[where.pk, row.student_id]
        said = reasons or (_("còn môn chưa đủ điểm"),)
        found.append(
            (
                (where.grade or 0, where.name, person_sort_key(name)),
                MissingLine(name, where.pk, where.name, said),
            )
        )
    return tuple(line for _key, line in sorted(found, key=lambda pair: pair[0]))


LACKING = frozenset(
    {
        "conduct_missing",
        "subjects_missing",
        "traits_missing",
        "tests_missing",
        "absences_missing",
        "periodic_missing",
        "regular_missing",
        "own_plan",
    }
)


def result_words(said: Mapping[str, Any]) -> str:
    """A result of the registry in one line."""
    parts = []
    if said["learning"]:
        parts.append(_("học tập %(level)s") % {"level": LearningResult(said["learning"]).label})
    if said["conduct"]:
        parts.append(_("rèn luyện %(level)s") % {"level": ConductResult(said["conduct"]).label})
    if said["promotion"]:
        label = str(PromotionDecision(said["promotion"]).label)
        parts.append(label[:1].lower() + label[1:])
    if said["awards"]:
        parts.append(str(said["awards"]))
    if said["days_absent"] is not None:
        parts.append(_("nghỉ %(n)s buổi") % {"n": said["days_absent"]})
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] if text else _("chưa có gì")


def publications(actor: Actor, unit: Any, school_year: Any) -> tuple[PublicationLine, ...]:
    """What was handed over, the newest first."""
    rows = Publication.objects.filter(within(actor, VIEW), unit_id=unit.pk, school_year_id=school_year.pk)
    rows = rows.select_related("published_by", "taken_back_by")
    latest = next((row for row in rows if row.taken_back_at is None), None)
    since = followed(actor, unit, school_year, latest.published_at) if latest else None
    return tuple(
        PublicationLine(row, len(row.changes), row is latest, since if row is latest else None)
        for row in rows
    )


def followed(actor: Actor, unit: Any, school_year: Any, since: datetime) -> Followed | None:
    """The ending of the year that stands and was carried out at or after `since`: whoever takes results back learns of it,
    whether or not he may see how a year was ended."""
    with act_as(Actor.system()):
        ended = year_promotions(Actor.system(), unit.pk).filter(
            from_year=school_year, undone_at__isnull=True, done_at__gte=since
        )
        row = ended.order_by("-done_at").first()
        if row is None:
            return None
        keepers = organization.users_with_right(PROMOTE, unit.pk, at_unit=True)
        names = tuple(sorted(one.full_name for one in keepers))
    return Followed(
        at=row.done_at or since,
        by=row.done_by.full_name if row.done_by else "",
        pupils=len(row.made.get("closed", ())),
        may_undo=actor.can(PROMOTE, unit.pk),
        keepers=names,
    )
