"""What is missing and who fills it: of pupils without a transcript (the making tried without writing), and of one that is
made (signatures to come, fields left empty)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.gradebook.queries.publishing import AGAIN
from thongsuot.modules.gradebook.queries.words import OUTCOMES
from thongsuot.modules.gradebook.types import Outcome, PupilRecord
from thongsuot.modules.registry import queries as registry

from ..domain.document import write_data
from ..domain.keepers import Keeper, keeper_of
from ..domain.steps import SIGNABLE
from ..models import Objection, Transcript, TranscriptSignature
from ..permissions import can_supplement
from ..types import Problem, SignerRole, TranscriptFault, Unready
from .contents import class_facts, contents
from .files import content_of
from .layouts import profile_for, profile_named
from .lists import live_of_class
from .parts import signed_places

KEEPERS = {
    Keeper.PUPILS: gettext_lazy("Văn phòng, ở hồ sơ học sinh"),
    Keeper.STAFF: gettext_lazy("Văn phòng, ở hồ sơ cán bộ"),
    Keeper.SCHOOL: gettext_lazy("Văn phòng, ở hồ sơ trường"),
    Keeper.ADDITIONS: gettext_lazy("Văn phòng hoặc chủ nhiệm, ở trang Bổ sung thông tin"),
    Keeper.HOMEROOM: gettext_lazy("Giáo viên chủ nhiệm, ở sổ điểm"),
    Keeper.SUBJECT: gettext_lazy("Giáo viên bộ môn, ở sổ điểm"),
    Keeper.ROLE: gettext_lazy("Văn phòng: phân công người giữ vai trò này"),
}


# In place of a tag: what is missing is the end of the pupil's year. What hangs on it need not be told apart.
SUMMER = ""
OF_THE_END = frozenset({"is_promoted", "is_grade_completed", "is_level_completed"})


@dataclass(frozen=True)
class Gap:
    """Something that a transcript still lacks, and who fills it. is_required: it cannot go on without."""

    what: str
    who: str
    is_required: bool = True


def keepers_of(profile: Any) -> dict[str, str]:
    """{tag: who fills it} of a layout, for problems of making."""
    found = {
        field.tag: str(KEEPERS[keeper_of(section.key, field.source)])
        for section in profile.sections
        for field in section.fields
    }
    return found | {SUMMER: _("Giáo viên, ở trang Đánh giá lại trong hè")}


def keepers_of_class(school_class: Any) -> dict[str, str]:
    """`keepers_of` the layout of the class; nothing where no layout holds."""
    level = gradebook.level_of(school_class.grade, school_class.unit.school.levels)
    try:
        return keepers_of(profile_for(level or "", school_class.school_year.starts_on.year))
    except TranscriptFault:
        return {}


def gaps_of(actor: Actor, transcript: Transcript) -> list[Gap]:
    """For whoever is shown the transcript: refusals that wait, signatures to come with whose they are, optional fields that
    stand empty (filled in before it is issued, and made anew)."""
    if transcript.state not in SIGNABLE:
        return []
    profile, content = profile_named(transcript.profile), content_of(transcript)
    return [*_refused(transcript), *_unsigned(transcript, profile, content), *_empty(profile, content)]


def _refused(transcript: Transcript) -> list[Gap]:
    rows = Objection.objects.filter(transcript=transcript, settled_at__isnull=True)
    return [
        Gap(
            _("Bị từ chối ký: %(part)s") % {"part": row.part_name},
            row.returned_to.get_full_name() if row.returned_to else _("Văn phòng trường"),
        )
        for row in rows.select_related("returned_to").order_by("pk")
    ]


def _unsigned(transcript: Transcript, profile: Any, content: Any) -> list[Gap]:
    signed = set(
        TranscriptSignature.objects.filter(transcript=transcript)
        .exclude(role=SignerRole.SUBJECT)
        .values_list("role", flat=True)
    )
    found = []
    by_code = {row.get("subject_code", ""): row for row in content.get("subjects", [])}
    done = signed_places([transcript.pk])[transcript.pk] if transcript.places else set()
    gone = _gone(transcript)
    for place, staff_id in zip(transcript.places, transcript.place_staff, strict=True):
        if place in done:
            continue
        row = by_code.get(place, {})
        who = row.get("teacher_name", "")
        if staff_id in gone:
            who = _("%(name)s đã rời trường: bỏ bản này, lập lại để hiệu trưởng ký") % {"name": who}
        found.append(Gap(_("Chữ ký môn %(name)s") % {"name": row.get("subject_name", place)}, who))
    common = content.get("common", {})
    named = {
        SignerRole.HOMEROOM: common.get("homeroom_name", ""),
        SignerRole.LEADER: common.get("leader_name", ""),
        SignerRole.SEAL: _("Văn phòng, bằng chứng thư số của trường"),
    }
    for signer in profile.signers:
        if not signer.covers and signer.role in named and signer.role not in signed:
            found.append(
                Gap(_("Chữ ký: %(role)s") % {"role": signer.label}, named[signer.role], signer.required)
            )
    return found


def _gone(transcript: Transcript) -> set[int]:
    """Those named for subjects who work at the school no more."""
    with act_as(Actor.system()):
        here = registry.employed_on(Actor.system(), on=timezone.localdate()).filter(
            staff_id__in=transcript.place_staff, unit_id=transcript.unit_id
        )
        return set(transcript.place_staff) - set(here.values_list("staff_id", flat=True))


def _empty(profile: Any, content: Any) -> list[Gap]:
    found = []
    for section in profile.sections:
        if section.repeat:
            continue
        row = content.get(section.key) or {}
        found += [
            Gap(field.label, str(KEEPERS[keeper_of(section.key, field.source)]), is_required=False)
            for field in section.fields
            if field.source not in row
        ]
    return found


def preview(actor: Actor, school_class: Any) -> list[Unready]:
    """In the order of a register; the gaps only for those who can fill them."""
    having = set(live_of_class(actor, school_class).values_list("student_id", flat=True))
    due = [one for one in gradebook.class_records(actor, school_class) if one.student_id not in having]
    gaps = _gaps(actor, school_class, due) if due and can_supplement(actor, school_class) else {}
    return [Unready(one.student_id, one.name, gaps.get(one.student_id, ())) for one in due]


def _gaps(actor: Actor, school_class: Any, due: list[Any]) -> dict[int, Any]:
    try:
        profile = profile_for(due[0].level, school_class.school_year.starts_on.year)
    except TranscriptFault:
        return {}
    facts = class_facts(actor, school_class, level=due[0].level, profile=profile, now=timezone.now())
    said = contents(actor, facts, school_class, due, {one.student_id: uuid4() for one in due})
    found = {key: write_data(profile, content).problems for key, content in said.items()}
    hanging = {f.tag for s in profile.sections for f in s.fields if f.source in OF_THE_END}
    for one in due:
        if (waits := waits_for_summer(one)) is not None and one.student_id in found:
            others = tuple(problem for problem in found[one.student_id] if problem.tag not in hanging)
            found[one.student_id] = (waits, *others)
    return found


def waits_for_summer(one: PupilRecord) -> Problem | None:
    """A year that is not at its end: assessed again, trained or helped in summer first (TT 22/2021 Điều 13-14; TT 27/2020
    Điều 11)."""
    if one.outcome not in AGAIN:
        return None
    return Problem(SUMMER, _("Kết quả cả năm"), str(OUTCOMES[Outcome(one.outcome)]))
