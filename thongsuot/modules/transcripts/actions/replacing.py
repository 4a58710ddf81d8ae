"""A transcript that was taken back because of a change of civil status, made anew: everything as it was signed, but for what
the decision changed and who signs now (QĐ 1789 Điều 21.7). A new UUID; the version before stays as it is."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from json import loads
from typing import Any
from uuid import uuid4

from django.db.models import Max
from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import seal, unseal
from thongsuot.kit.text.vietnamese import person_sort_key

from ..domain.document import rewritten
from ..domain.steps import Verb
from ..models import CivilChange, CivilChangeItem, Recall, Transcript
from ..queries.contents import GENDERS, facts_of_staff, head_of
from ..queries.layouts import profile_named
from ..types import SignerRole, TranscriptFault, TranscriptState
from .keeping import _locked, _move, _write_log


def _replace_after_recall(recall: Recall, *, by: Actor, now: datetime) -> None:
    """The replacements that wait for this recall."""
    items = CivilChangeItem.objects.filter(recall=recall, replacement__isnull=True).select_related("change")
    for item in items:
        _replace(item, by=by, now=now)


def _replace(item: CivilChangeItem, *, by: Actor, now: datetime) -> Transcript:
    """The next version of the item's transcript (recalled or discarded). Raises TranscriptFault."""
    (old,) = _locked([item.transcript_id])
    values = {**_as_content(item.change), **_signers_of(old), "created_at": now, "issued_at": now}
    uuid = uuid4()
    values["uuid"] = uuid
    data = etree.fromstring(unseal(old.data_sealed))
    problems = rewritten(profile_named(old.profile), data, values, uuid)
    if problems:
        said = "; ".join(f"{one.where}: {_(one.reason)}" for one in problems)
        raise TranscriptFault(_("Chưa lập được bản thay thế: %(said)s") % {"said": said})
    xml = etree.tostring(data, encoding="unicode")
    is_recalled = old.state == TranscriptState.RECALLED
    same = Transcript.objects.filter(
        student_id=old.student_id, school_year_id=old.school_year_id, unit_id=old.unit_id, kind=old.kind
    )
    name = values.get("full_name") or old.student_name
    new = Transcript.objects.create(
        uuid=uuid,
        **{
            field: getattr(old, field)
            for field in (
                "student_id", "unit_id", "holder_id", "school_year_id", "school_class_id", "level", "grade", "profile",
                "kind", "scan_id", "class_name", "is_supplementary",
            )
        },
        version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
        replaces=old if is_recalled else None,
        student_name=name[:120],
        sort_key=person_sort_key(name),
        state=TranscriptState.INITIALISED,
        data_sealed=seal(xml),
        data_digest=sha256(xml.encode()).digest(),
        made_by_id=by.user_id,
        made_at=now,
    )  # fmt: skip
    if is_recalled:
        _move([old], Verb.REPLACE, by=by, now=now)
    _write_log([new], Verb.INITIALISE, by=by, now=now, detail=_decision(item.change))
    item.replacement, item.fault = new, ""
    item.save(update_fields=["replacement", "fault"])
    return new


def _decision(change: CivilChange) -> str:
    said = _("Thay đổi hộ tịch theo quyết định số %(number)s ngày %(day)s")
    return said % {"number": change.decision_number, "day": f"{change.decided_on:%d/%m/%Y}"}


def _as_content(change: CivilChange) -> dict[str, Any]:
    """What the decision changed, by the sources of the layout."""
    after: dict[str, Any] = loads(unseal(change.after_sealed))
    if "birth_date" in after:
        after["birth_date"] = date.fromisoformat(after["birth_date"])
    if "gender" in after:
        after["gender"] = GENDERS[after["gender"]]
    return after


def _signers_of(old: Transcript) -> dict[str, Any]:
    """Who answers for the school and the class today: the others cannot sign any more."""
    profile = profile_named(old.profile)
    with act_as(Actor.system()):
        leader = head_of(Actor.system(), old.unit_id)
        teacher = old.school_class.homeroom_teacher
    found: dict[str, Any] = {}
    if leader is not None:
        found |= {"leader_name": leader.name, "leader_personal_id": leader.personal_id}
    if profile.signer(SignerRole.HOMEROOM) is not None:
        facts = facts_of_staff(teacher) if teacher is not None else None
        found["homeroom_name"] = facts.name if facts else None
        found["homeroom_personal_id"] = facts.personal_id if facts else None
    return found
