"""One assessment as people look at it: each item with what the school says, what the platform knows, what the team says,
evidence, points so far and what is lacking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from thongsuot.kit.files import queries as files
from thongsuot.kit.files.types import FileInfo

from ..domain.lacking import Plan, lacking
from ..domain.rubric import Criterion, Group, Item, Rubric
from ..domain.scoring import EMPTY, Answer, Score, is_answered, item_points, score
from ..models import Answer as AnswerRow
from ..models import Assessment, Evidence, ExternalScore
from ..models.external import Said
from ..types import OPEN_STATES, Confidence
from .figures import Known, frozen_figures, known_figures
from .rubrics import rubric_of


@dataclass(frozen=True)
class Proof:
    """A piece of evidence with its file, if it is one."""

    row: Evidence
    file: FileInfo | None

    @property
    def url(self) -> str:
        return self.file.url if self.file else self.row.url


@dataclass(frozen=True)
class Line:
    """One item. own: what the school says; known: the platform's figure (frozen once handed in); external: the team's."""

    item: Item
    own: Answer
    own_row: AnswerRow | None
    known: Known | None
    external: Answer
    external_row: ExternalScore | None
    proofs: tuple[Proof, ...]

    @property
    def own_points(self) -> Decimal:
        return item_points(self.item, self.own)

    @property
    def known_points(self) -> Decimal | None:
        return item_points(self.item, self.known.answer(self.item)) if self.known else None

    @property
    def external_points(self) -> Decimal | None:
        return item_points(self.item, self.external) if self.external_row else None

    @property
    def answered(self) -> bool:
        return is_answered(self.item, self.own)

    @property
    def from_registry(self) -> bool:
        return bool(self.own_row and self.own_row.from_registry)

    @property
    def claims(self) -> bool:
        """Does the school claim something that has to be shown?"""
        return bool(self.own.yes) or self.own_points > 0

    @property
    def needs_proof(self) -> bool:
        return self.claims and not self.from_registry and not self.proofs

    @property
    def departs(self) -> bool:
        """Does the school say something else than the platform's figure?"""
        return (
            self.known is not None
            and self.answered
            and not self.from_registry
            and self.own != self.known.answer(self.item)
        )

    @property
    def needs_reason(self) -> bool:
        return self.departs and not (self.own_row and self.own_row.note)

    @property
    def differs(self) -> bool:
        """Does the team see it otherwise than the school?"""
        if self.external_row is None:
            return False
        if self.item.is_gate:
            return bool(self.external.yes) != bool(self.own.yes)
        return self.external_points != self.own_points

    @property
    def confidence(self) -> str:
        return str(Confidence(self.item.confidence).label) if self.item.is_provisional else ""


@dataclass(frozen=True)
class CriterionPart:
    criterion: Criterion
    lines: tuple[Line, ...]
    points: Decimal
    level: int | None


@dataclass(frozen=True)
class GroupPart:
    group: Group
    criteria: tuple[CriterionPart, ...]
    points: Decimal
    level: int | None


@dataclass(frozen=True)
class Sheet:
    """own, external: scores as they stand now; external is complete once `external_left` is empty."""

    assessment: Assessment
    rubric: Rubric
    as_of: date
    groups: tuple[GroupPart, ...]
    own: Score
    external: Score
    plan: Plan | None
    lines: Mapping[str, Line] = field(repr=False)

    @property
    def unanswered(self) -> list[Line]:
        return [line for line in self.lines.values() if not line.answered]

    @property
    def unproved(self) -> list[Line]:
        return [line for line in self.lines.values() if line.needs_proof]

    @property
    def unreasoned(self) -> list[Line]:
        return [line for line in self.lines.values() if line.needs_reason]

    @property
    def external_left(self) -> list[Line]:
        return [line for line in self.lines.values() if line.external_row is None]

    @property
    def differences(self) -> list[Line]:
        return [line for line in self.lines.values() if line.differs]

    @property
    def answered_count(self) -> int:
        return len(self.lines) - len(self.unanswered)


def said(row: Said | None) -> Answer:
    """A kept row as the rules want it."""
    if row is None:
        return EMPTY
    return Answer(row.yes, row.amount, row.numerator, row.denominator)


def figures_day(assessment: Assessment, today: date) -> date:
    """The day of the figures: the round's, or today while it lies ahead."""
    return min(assessment.round.as_of, today)


def sheet(assessment: Assessment, *, today: date) -> Sheet:
    """For an assessment that the caller may see. While it is open the platform's figures are live, then frozen."""
    rubric = rubric_of(assessment.rubric)
    as_of = figures_day(assessment, today)
    known = _known(assessment, rubric, as_of)
    rows = {row.item: row for row in AnswerRow.objects.filter(assessment=assessment)}
    team = {row.item: row for row in ExternalScore.objects.filter(assessment=assessment)}
    proofs = _proofs(assessment)
    lines = {
        item.code: Line(
            item=item,
            own=_own(item, rows.get(item.code), known.get(item.code)),
            own_row=rows.get(item.code),
            known=known.get(item.code),
            external=said(team.get(item.code)),
            external_row=team.get(item.code),
            proofs=tuple(proofs.get(item.code, ())),
        )
        for item in rubric.items()
    }
    own = score(rubric, {code: line.own for code, line in lines.items()})
    external = score(rubric, {code: line.external for code, line in lines.items()})
    return Sheet(
        assessment=assessment,
        rubric=rubric,
        as_of=as_of,
        groups=_groups(own, lines),
        own=own,
        external=external,
        plan=lacking(rubric, {code: line.own for code, line in lines.items()}),
        lines=lines,
    )


def _own(item: Item, row: AnswerRow | None, known: Known | None) -> Answer:
    return known.answer(item) if row is not None and row.from_registry and known is not None else said(row)


def _known(assessment: Assessment, rubric: Rubric, as_of: date) -> dict[str, Known]:
    if assessment.state in OPEN_STATES:
        return known_figures(rubric, assessment.unit_id, as_of)
    return {
        code: Known(
            source=row.source,
            name="",
            code=row.source.removeprefix("indicator:") if row.source.startswith("indicator:") else "",
            version=row.source_version,
            as_of=row.as_of,
            numerator=row.numerator,
            denominator=row.denominator,
            value=row.value,
        )
        for code, row in frozen_figures(assessment.pk, assessment.submissions).items()
    }


def _proofs(assessment: Assessment) -> dict[str, list[Proof]]:
    rows: Iterable[Evidence] = Evidence.objects.filter(assessment=assessment).order_by("item", "pk")
    rows = list(rows)
    known = files.describe(row.file_id for row in rows)
    found: dict[str, list[Proof]] = defaultdict(list)
    for row in rows:
        found[row.item].append(Proof(row, known.get(row.file_id or 0)))
    return found


def _groups(own: Score, lines: Mapping[str, Line]) -> tuple[GroupPart, ...]:
    return tuple(
        GroupPart(
            group.group,
            tuple(
                CriterionPart(
                    one.criterion,
                    tuple(lines[item.code] for item in one.criterion.items),
                    one.points,
                    one.level,
                )
                for one in group.criteria
            ),
            group.points,
            group.level,
        )
        for group in own.groups
    )
