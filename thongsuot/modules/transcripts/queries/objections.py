"""What signers have refused, the parts that they may name, and who entered each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries as registry

from ..models import Objection, Transcript
from ..permissions import can_settle, objections_visible, own_staff_ids
from ..types import SignerRole
from .files import content_of
from .layouts import profile_named

# Sections that the homeroom teacher fills in.
OF_HOMEROOM = frozenset({"summary", "traits"})


def objections(actor: Actor) -> QuerySet[Objection]:
    rows = Objection.objects.filter(objections_visible(actor))
    return rows.select_related("transcript", "unit", "made_by", "returned_to", "settled_by").defer(
        "transcript__data_sealed"
    )


def objection(actor: Actor, public_id: UUID) -> Objection | None:
    return objections(actor).filter(public_id=public_id).first()


def may_settle(actor: Actor, row: Objection) -> bool:
    return row.settled_at is None and can_settle(actor, row)


def parts_of_objection(actor: Actor, transcript: Transcript, role: str) -> dict[str, str]:
    """{part: its name} that the signer of `role` is shown and may refuse: a subject teacher only the own rows."""
    profile, own = profile_named(transcript.profile), set(own_staff_ids(actor))
    content = content_of(transcript)
    found: dict[str, str] = {}
    for section in profile.sections:
        if not section.repeat and role != SignerRole.SUBJECT:
            found[section.key] = section.label
        if section.key != "subjects":
            continue
        for row in content.get("subjects", []):
            code = row.get("subject_code", "")
            mine = code in transcript.places and transcript.place_staff[transcript.places.index(code)] in own
            if role != SignerRole.SUBJECT or mine:
                found[f"subjects:{code}"] = f"{section.label}: {row.get('subject_name', code)}"
    return found


def entered_by(transcript: Transcript, part: str) -> int | None:
    """The account of whoever entered a part: the subject's teacher, the homeroom teacher; None: the school's office."""
    key, _colon, place = part.partition(":")
    if key == "subjects" and place in transcript.places:
        staff_id = transcript.place_staff[transcript.places.index(place)]
        member: Any = registry.staff(Actor.system()).filter(pk=staff_id, unit_id=transcript.unit_id).first()
        return member.account_id if member is not None else None
    if key in OF_HOMEROOM or key == "subjects":
        teacher = transcript.school_class.homeroom_teacher
        return teacher.account_id if teacher is not None else None
    return None
