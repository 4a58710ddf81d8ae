"""Transcripts that the actor may see, by class and by school; what is to be done next, and by whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.registry import queries as registry

from ..domain.steps import LIVE, OUT, SIGNABLE, filled_roles, may_sign
from ..models import (
    CorrectionReport,
    Dispatch,
    GatewayCertificate,
    GatewayItem,
    GatewayMessage,
    Recall,
    SigningSession,
    Transcript,
    TranscriptLog,
    TranscriptSignature,
)
from ..permissions import PREPARE, VIEW, can_sign, signable_by, transcripts_visible, within
from ..types import SignerRole, TranscriptKind, TranscriptState
from .layouts import LEVELS, deadlines, profile_named
from .parts import open_objections

DONE = frozenset({TranscriptState.ACCEPTED, TranscriptState.REPORTED, TranscriptState.RECALL_ASKED})
# Made, and some rows not signed by their own signers yet: counted apart from what waits for the homeroom teacher.
BY_ROW = "initialised:rows"
SIGNERS = (SignerRole.SUBJECT, SignerRole.HOMEROOM, SignerRole.LEADER, SignerRole.SEAL)


def transcripts(actor: Actor) -> QuerySet[Transcript]:
    """Past versions too, without the sealed data. Neither class nor pupil is joined: another school may not see them."""
    rows = Transcript.objects.filter(transcripts_visible(actor)).defer("data_sealed")
    return rows.select_related("unit", "holder", "school_year")


def transcript(actor: Actor, uuid: UUID) -> Transcript | None:
    rows = Transcript.objects.filter(transcripts_visible(actor), uuid=uuid)
    return rows.select_related("unit", "holder", "school_year", "replaces").first()


def live_of_class(actor: Actor, school_class: Any) -> QuerySet[Transcript]:
    """Of the class's own year; what was digitised for its pupils is of other years."""
    return transcripts(actor).filter(
        school_class=school_class, kind=TranscriptKind.YEAR, state__in=sorted(LIVE)
    )


def others_of_class(actor: Actor, school_class: Any) -> QuerySet[Transcript]:
    """Live ones of another kind that were made in the class: results to date, digitised ones."""
    rows = transcripts(actor).filter(school_class=school_class, state__in=sorted(LIVE))
    return rows.exclude(kind=TranscriptKind.YEAR).order_by("kind", "sort_key", "pk")


def signatures_of(transcript: Transcript) -> QuerySet[TranscriptSignature]:
    # Not the session: it is the signing school's own, and the school that holds the record sees the signatures too.
    return transcript.signatures.defer("node_sealed").order_by("position", "place", "id")


def story(transcript: Transcript) -> QuerySet[TranscriptLog]:
    return transcript.log.select_related("by").order_by("-at", "-id")


def versions_of(actor: Actor, transcript: Transcript) -> QuerySet[Transcript]:
    """The others of the same pupil, year and school, the newest first."""
    same = Transcript.objects.filter(
        transcripts_visible(actor),
        student_id=transcript.student_id,
        school_year_id=transcript.school_year_id,
        unit_id=transcript.unit_id,
        kind=transcript.kind,
    )
    return same.defer("data_sealed").exclude(pk=transcript.pk).order_by("-version")


@dataclass(frozen=True)
class ClassLine:
    """A class on its way: counts by state of the versions in force, `held` of them by a refusal to sign; `pupils` at the end
    of the year."""

    school_class: Any
    pupils: int
    counts: Mapping[str, int]
    held: Mapping[str, int] = field(default_factory=Counter)

    @property
    def made(self) -> int:
        return sum(self.counts.values())

    @property
    def lacking(self) -> int:
        return max(0, self.pupils - self.made)

    @property
    def done(self) -> int:
        return sum(self.counts.get(state, 0) for state in DONE)

    @property
    def issued(self) -> int:
        return sum(self.counts.get(state, 0) for state in OUT)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.pupils) if self.pupils else 0

    def waiting(self, state: str) -> int:
        return self.counts.get(state, 0)

    @property
    def turns(self) -> list[tuple[str, int]]:
        """Everybody whose turn it is, and for how many; empty when all is done. What somebody has refused to sign is the turn
        of who is to answer, of nobody else. Pupils without a transcript keep the others of the class from nothing: beside
        others they are the "rest"."""
        found = [(turn, self.counts.get(state, 0) - self.held.get(state, 0)) for state, turn in TURNS]
        found.append(("objection", sum(self.held.values())))
        found = [*found, ("rest", self.lacking)] if self.made else [("build", self.lacking)]
        counted: Counter[str] = Counter()
        for turn, number in found:
            counted[turn] += number
        return [(turn, number) for turn, number in counted.items() if number]


TURNS = (
    (BY_ROW, "subject"),
    (TranscriptState.INITIALISED, "homeroom"),
    (TranscriptState.TEACHER_SIGNED, "leader"),
    (TranscriptState.LEADER_SIGNED, "seal"),
    (TranscriptState.REFUSED, "mend"),
    (TranscriptState.ISSUED, "send"),
    (TranscriptState.SENT, "department"),
    (TranscriptState.RECALL_ASKED, "department"),
)


def _counts(rows: QuerySet[Transcript], by: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    live = rows.filter(kind=TranscriptKind.YEAR, state__in=sorted(LIVE)).order_by()
    by_row = ExpressionWrapper(Q(places_left__gt=0), output_field=BooleanField())
    counted = live.annotate(by_row=by_row).values_list(by, "state", "by_row").annotate(Count("pk"))
    for key, state, has_rows, number in counted:
        waits_for_rows = has_rows and state == TranscriptState.INITIALISED
        found[key][BY_ROW if waits_for_rows else state] += number
    return found


def _pupils(actor: Actor, school_year: Any, by: str, **where: Any) -> dict[int, int]:
    """How many sit in a class at the end of the year, or sit there now, by class or school."""
    spells = registry.enrolments(actor).filter(
        Q(left_on__isnull=True) | Q(left_on__gte=school_year.ends_on),
        school_year=school_year,
        school_class__isnull=False,
        grade__range=(1, 12),
        **where,
    )
    counted = spells.order_by().values_list(by).annotate(Count("student_id", distinct=True))
    return dict(counted)


def class_lines(actor: Actor, *, unit_id: int, school_year: Any) -> list[ClassLine]:
    """The classes of a school, three statements."""
    classes = registry.classes(actor, school_year_id=school_year.pk, unit_id=unit_id).filter(
        grade__range=(1, 12)
    )
    rows = Transcript.objects.filter(transcripts_visible(actor), unit_id=unit_id, school_year=school_year)
    counts = _counts(rows, "school_class_id")
    held = _counts(rows.filter(pk__in=open_objections(unit_id)), "school_class_id")
    pupils = _pupils(actor, school_year, "school_class_id", unit_id=unit_id)
    return [
        ClassLine(one, pupils.get(one.pk, 0), counts.get(one.pk, Counter()), held.get(one.pk, Counter()))
        for one in classes.order_by("grade", "name", "pk")
    ]


def due_on(school_year: Any, levels: Iterable[str] = ()) -> date | None:
    """By when the year's transcripts of these levels are to be signed and sent."""
    own = [level for level in levels if level in LEVELS]
    return deadlines().last_day_of("year_locked", school_year.starts_on.year, own)


def signable(
    actor: Actor, role: str, *, school_class_id: int | None = None, unit_id: int
) -> list[Transcript]:
    """What the actor may sign now in this role, in the order of the list that is shown and signed; rows of subjects:
    parts.py."""
    rows = Transcript.objects.filter(
        signable_by(actor, role),
        unit_id=unit_id,
        state__in=[
            TranscriptState.INITIALISED,
            TranscriptState.TEACHER_SIGNED,
            TranscriptState.LEADER_SIGNED,
        ],
    ).exclude(pk__in=open_objections(unit_id))
    rows = rows.select_related("school_class__homeroom_teacher", "school_year", "unit")
    if school_class_id is not None:
        rows = rows.filter(school_class_id=school_class_id)
    found = list(rows.order_by("school_class__grade", "school_class__name", "sort_key", "pk"))
    signed: dict[int, set[str]] = defaultdict(set)
    pairs = TranscriptSignature.objects.filter(transcript__in=[one.pk for one in found])
    for key, by_role in pairs.values_list("transcript_id", "role"):
        signed[key].add(by_role)
    return [one for one in found if _is_due(one, role, signed[one.pk])]


def signable_one(actor: Actor, role: str, uuid: UUID) -> Transcript | None:
    """A transcript that waits for signatures and that the actor may sign in `role`, though not only it is whose turn it is."""
    rows = Transcript.objects.filter(signable_by(actor, role), uuid=uuid, state__in=sorted(SIGNABLE))
    return rows.select_related("school_class__homeroom_teacher", "school_year", "unit").first()


def _is_due(row: Transcript, role: str, signed: set[str]) -> bool:
    """A place that may stay empty is still waited for: the principal is shown what the teacher has signed. Where the layout
    has no such place, or the class no teacher, there is nothing to wait for."""
    profile = profile_named(row.profile)
    has_teacher = profile.signer(SignerRole.HOMEROOM) is not None and row.school_class.homeroom_teacher_id
    if role == SignerRole.LEADER and row.state == TranscriptState.INITIALISED and has_teacher:
        return False
    return may_sign(profile, row.state, role, filled_roles(profile, signed, row.places_left))


def roles_of(actor: Actor, unit_id: int) -> list[SignerRole]:
    return [role for role in SIGNERS if can_sign(actor, role, unit_id)]


def session(actor: Actor, public_id: UUID) -> SigningSession | None:
    own = Q(authorised_by_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    seen = SigningSession.objects.filter(
        within(actor, VIEW) | own if actor.reach_of(VIEW) is not None else Q()
    )
    return seen.select_related("unit", "authorised_by").filter(public_id=public_id).first()


def at_desk(actor: Actor, session: SigningSession) -> Any:
    """The batch of a session that waits for the actor's token (documents.DeskSigning); None when none does."""
    return documents.desk_signing_for(actor, session.public_id)


def sessions(actor: Actor, unit_id: int) -> QuerySet[SigningSession]:
    return SigningSession.objects.filter(within(actor, VIEW), unit_id=unit_id).defer("planned")


def dispatches(actor: Actor) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(within(actor, PREPARE)).select_related("unit", "school_year", "made_by")


def messages(actor: Actor) -> QuerySet[GatewayMessage]:
    rows = GatewayMessage.objects.filter(within(actor, "transcripts.gateway")).select_related("unit")
    return rows.defer("content_sealed").annotate(
        accepted=Count("items", filter=Q(items__error="", items__status__isnull=False)),
        refused=Count("items", filter=~Q(items__error="")),
    )


def message(actor: Actor, pk: int) -> GatewayMessage | None:
    return messages(actor).filter(pk=pk).first()


def message_items(message: GatewayMessage) -> QuerySet[GatewayItem]:
    """What was refused first: it is what somebody has to do something about."""
    is_good = ExpressionWrapper(Q(error=""), output_field=BooleanField())
    return message.items.alias(is_good=is_good).order_by("is_good", "position")


def certificates(actor: Actor) -> QuerySet[GatewayCertificate]:
    rows = GatewayCertificate.objects.filter(within(actor, "transcripts.gateway"))
    return rows.select_related("unit", "decided_by")


def recalls(actor: Actor) -> QuerySet[Recall]:
    rows = Recall.objects.filter(within(actor, VIEW))
    joined = ("unit", "original", "transcript__school_year", "asked_by", "file")
    return rows.select_related(*joined).defer("original__file_sealed", "transcript__data_sealed")


def reports(actor: Actor) -> QuerySet[CorrectionReport]:
    rows = CorrectionReport.objects.filter(within(actor, VIEW))
    return rows.select_related("transcript__school_year", "unit", "reported_by").defer(
        "transcript__data_sealed"
    )


def sendable(actor: Actor, unit_id: int, class_ids: Sequence[int] = ()) -> list[int]:
    """Keys of issued, or refused and mended, transcripts that the school may send."""
    rows = Transcript.objects.filter(
        within(actor, PREPARE),
        unit_id=unit_id,
        state__in=[TranscriptState.ISSUED, TranscriptState.REFUSED],
    )
    if class_ids:
        rows = rows.filter(school_class_id__in=list(class_ids))
    return list(rows.order_by("school_class_id", "sort_key", "pk").values_list("pk", flat=True))


def by_ids(actor: Actor, ids: Iterable[int]) -> list[Transcript]:
    return list(transcripts(actor).filter(pk__in=list(ids)))
