"""Who may see and do what with transcripts. Each rule about one object, and as a filter; a test holds them equal.

Only the issuing school changes its transcripts (QĐ 1789 Điều 4.3); the school that holds the record reads them. A family
comes in by a door of its own (queries/family.py).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries as registry

from .domain.steps import LIVE
from .models import Transcript
from .types import SignerRole, TranscriptState

VIEW, PREPARE, GATEWAY = "transcripts.view", "transcripts.prepare", "transcripts.gateway"
SIGN_HOMEROOM, SIGN_LEADER, SIGN_SEAL = (
    "transcripts.sign_homeroom",
    "transcripts.sign_leader",
    "transcripts.sign_seal",
)
APPROVE_RECALL, OWN = "transcripts.approve_recall", "transcripts.own"
NOTHING = Q(pk__in=[])
PAST = frozenset(set(TranscriptState) - LIVE)
READ_PAST = (PREPARE, GATEWAY, APPROVE_RECALL)
RIGHTS_OF_ROLE = {
    # The leader signs for a subject whose teacher has left the school.
    SignerRole.SUBJECT: (SIGN_HOMEROOM, SIGN_LEADER),
    SignerRole.HOMEROOM: (SIGN_HOMEROOM,),
    SignerRole.LEADER: (SIGN_LEADER,),
    SignerRole.SEAL: (SIGN_SEAL,),
}


def within(actor: Actor, right: str, field: str = "unit_id") -> Q:
    """Rows of units over which the actor holds `right`."""
    reach = actor.reach_of(right)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def _led_by(actor: Actor) -> Q:
    """Transcripts of the classes that the actor leads; the class's teacher is its homeroom teacher as it stands."""
    if actor.user_id is None or not actor.can(SIGN_HOMEROOM):
        return NOTHING
    return Q(
        unit_id__in=actor.own_unit_ids,
        school_class__homeroom_teacher__account_id=actor.user_id,
    )


def _named_in(actor: Actor) -> Q:
    """Transcripts that name the actor for a subject. Of these only the actor's own rows are shown (queries/parts.py)."""
    own = own_staff_ids(actor)
    if not own or not any(actor.can(right) for right in RIGHTS_OF_ROLE[SignerRole.SUBJECT]):
        return NOTHING
    return Q(unit_id__in=actor.own_unit_ids, place_staff__overlap=own)


def own_staff_ids(actor: Actor) -> list[int]:
    """Records of staff that the actor's account belongs to, at the schools where the actor works."""
    if actor.user_id is None:
        return []
    own = registry.staff(Actor.system()).filter(account_id=actor.user_id, unit_id__in=actor.own_unit_ids)
    return list(own.order_by("pk").values_list("pk", flat=True))


def transcripts_visible(actor: Actor) -> Q:
    return _past_too(actor) & _in_reach(actor)


def _in_reach(actor: Actor) -> Q:
    if actor.reach_of(VIEW) is None:
        return Q()
    return within(actor, VIEW) | within(actor, VIEW, "holder_id") | _led_by(actor)


def _past_too(actor: Actor) -> Q:
    """A version that holds no longer may say what somebody was called before: read by who works on it, no other."""
    if any(actor.reach_of(right) is None for right in READ_PAST):
        return Q()
    past = Q(pk__in=[])
    for right in READ_PAST:
        past |= within(actor, right)
    return ~Q(state__in=sorted(PAST)) | past


def can_see(actor: Actor, transcript: Transcript) -> bool:
    if transcript.state in PAST and not any(actor.can(right, transcript.unit_id) for right in READ_PAST):
        return False
    if actor.can(VIEW, transcript.unit_id) or actor.can(VIEW, transcript.holder_id):
        return True
    return leads_class(actor, transcript)


def leads_class(actor: Actor, transcript: Transcript) -> bool:
    return Transcript.objects.filter(_led_by(actor), pk=transcript.pk).exists()


def can_prepare(actor: Actor, unit_id: int) -> bool:
    return actor.can(PREPARE, unit_id)


def can_sign(actor: Actor, role: str, unit_id: int) -> bool:
    """Holds the right of the role at the school; which classes a teacher may sign is asked of each transcript."""
    return any(actor.can(right, unit_id) for right in RIGHTS_OF_ROLE[SignerRole(role)])


def signable_by(actor: Actor, role: str) -> Q:
    """Transcripts that the actor may sign in `role`, whatever their state."""
    if actor.is_system:
        return Q()
    if role == SignerRole.SUBJECT:
        return _named_in(actor)
    if role == SignerRole.HOMEROOM:
        return _led_by(actor)
    (right,) = RIGHTS_OF_ROLE[SignerRole(role)]
    return within(actor, right)


def can_work_gateway(actor: Actor) -> bool:
    return actor.can(GATEWAY) and actor.reach_of(GATEWAY) is None


def can_decide_recall(actor: Actor) -> bool:
    return actor.can(APPROVE_RECALL) and actor.reach_of(APPROVE_RECALL) is None


def can_settle(actor: Actor, objection: Any) -> bool:
    """Answer a refusal to sign: the office, and whoever entered the part."""
    if can_prepare(actor, objection.unit_id):
        return True
    return actor.user_id is not None and objection.returned_to_id == actor.user_id


def objections_visible(actor: Actor) -> Q:
    """Those who see the school's transcripts, who refused, and to whom it was handed back."""
    if actor.reach_of(VIEW) is None:
        return Q()
    own = (
        Q(made_by_id=actor.user_id) | Q(returned_to_id=actor.user_id)
        if actor.user_id is not None
        else NOTHING
    )
    return within(actor, VIEW) | (own & Q(unit_id__in=actor.own_unit_ids))


def can_see_objection(actor: Actor, objection: Any) -> bool:
    if actor.can(VIEW, objection.unit_id):
        return True
    return (
        actor.user_id is not None
        and actor.user_id in (objection.made_by_id, objection.returned_to_id)
        and objection.unit_id in actor.own_unit_ids
    )


def can_supplement(actor: Actor, school_class: Any) -> bool:
    """The office of the school, and the class's own teacher."""
    if can_prepare(actor, school_class.unit_id):
        return True
    teacher = school_class.homeroom_teacher
    return (
        actor.user_id is not None
        and actor.can(SIGN_HOMEROOM, school_class.unit_id)
        and teacher is not None
        and teacher.account_id == actor.user_id
    )
