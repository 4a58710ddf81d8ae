"""A pupil comes from a school that kept paper: the receiving school writes the paper transcript down, its head and the school
sign, and the file says that it was digitised, from which paper (QĐ 1789 Điều 22; NĐ 88/2026/NĐ-CP Điều 8.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import seal
from thongsuot.kit.text.vietnamese import clean_text, person_sort_key
from thongsuot.modules.registry import queries as registry

from ..domain.document import write_data
from ..domain.steps import LIVE, Verb
from ..models import Transcript
from ..permissions import can_prepare
from ..queries.contents import FIRST_GRADES, LAST_GRADES, class_facts, person_facts
from ..queries.layouts import profile_for
from ..types import TranscriptFault, TranscriptKind, TranscriptState
from .building import _past_versions, _replaced
from .keeping import _write_log

LEVELS = ("primary", "lower_secondary", "upper_secondary")


@transaction.atomic
def digitise(
    *,
    by: Actor,
    student: Any,
    school_year: Any,
    grade: int,
    facts: Mapping[str, str],
    subjects: Sequence[Mapping[str, Any]],
    scan: Any,
    now: datetime,
) -> Transcript:
    """One year of a paper transcript as data.

    facts: class_name, paper_school, paper_place, basis (what the paper is: its number, who certified it), result, conduct,
    is_promoted ("1", "0"), homeroom_remark, circular. subjects: name, level, mark, remark of each line. scan: the stored
    file of the paper. Raises NotAllowed, TranscriptFault (in no class here, a grade that is none, a year that the pupil
    has one for already, what is missing: each named).
    """
    if not can_prepare(by, student.unit_id):
        raise NotAllowed(_("Chỉ trường đang giữ hồ sơ số hóa được học bạ giấy."))
    level = next((one for one in LEVELS if FIRST_GRADES[one] <= grade <= LAST_GRADES[one]), None)
    if level is None:
        raise TranscriptFault(_("Không có khối này."), field="grade")
    spell = registry.enrolments(by).filter(student=student, left_on__isnull=True).first()
    if spell is None or spell.school_class_id is None:
        raise TranscriptFault(_("Học sinh chưa ở lớp nào của trường: xếp lớp trước."))
    school_class = registry.classes(by).select_related("unit__school", "unit__administrative_unit__parent").get(
        pk=spell.school_class_id
    )  # fmt: skip
    # Two who digitise the same pupil at once: the second waits.
    type(student).objects.select_for_update(of=("self",)).get(pk=student.pk)
    years = Transcript.objects.filter(student=student, school_year=school_year, state__in=sorted(LIVE))
    if years.exclude(kind=TranscriptKind.PARTIAL).exists():
        raise TranscriptFault(_("Học sinh đã có học bạ số của năm học này."), field="school_year")
    kind, uuid = TranscriptKind.DIGITISED, uuid4()
    profile = profile_for(level, school_year.starts_on.year, kind)
    shared = class_facts(by, school_class, level=level, profile=profile, now=now)
    said = {name: clean_text(value) for name, value in facts.items()}
    content: dict[str, Any] = {
        "common": {
            **shared.common,
            **person_facts(by, student),
            **{name: said.get(name, "") for name in ("paper_school", "paper_place", "basis", "circular")},
            "school_year_name": school_year.name,
            "first_year": school_year.starts_on.year,
            "grade_code": str(grade),
            "class_name": said.get("class_name", ""),
            "scan_sha256": scan.sha256,
            "uuid": uuid,
        },
        "history": [
            {
                "class_name": said.get("class_name", ""),
                "school_name": said.get("paper_school", ""),
                "arrived_on": school_year.starts_on,
            }
        ],
        "summary": {
            **{name: said.get(name, "") for name in ("result", "conduct", "homeroom_remark")},
            "is_promoted": {"1": True, "0": False}.get(said.get("is_promoted", "")),
            "is_grade_completed": {"1": True, "0": False}.get(said.get("is_promoted", "")),
        },
        "subjects": [_line(place, one) for place, one in enumerate(subjects, start=1)],
        "traits": {},
    }
    if not content["subjects"]:
        raise TranscriptFault(_("Cần ít nhất một môn học."), field="subjects")
    written = write_data(profile, content)
    if written.problems:
        gaps = "; ".join(f"{one.where}: {_(one.reason)}" for one in written.problems)
        raise TranscriptFault(_("Chưa lập được: %(gaps)s") % {"gaps": gaps})
    number, replaces = _past_versions([student.pk], school_year, school_class.unit, kind).get(
        student.pk, (0, None)
    )
    row = Transcript.objects.create(
        uuid=uuid,
        student=student,
        unit_id=student.unit_id,
        holder_id=student.unit_id,
        school_year=school_year,
        school_class=school_class,
        class_name=said.get("class_name", "")[:60],
        level=level,
        grade=grade,
        profile=profile.code,
        kind=kind,
        scan=scan,
        version=number + 1,
        replaces_id=replaces,
        student_name=student.full_name,
        sort_key=person_sort_key(student.full_name),
        state=TranscriptState.INITIALISED,
        data_sealed=seal(written.xml),
        data_digest=sha256(written.xml.encode()).digest(),
        made_by_id=by.user_id,
        made_at=now,
    )
    _replaced(by, [row], now)
    _write_log([row], Verb.INITIALISE, by=by, now=now, detail=_("Số hóa từ học bạ giấy"))
    return row


def _line(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    """A subject of the paper: it has no code of the ministry's there."""
    return {
        "subject_code": f"giay-{place:02d}",
        "subject_name": clean_text(one["name"]),
        "level": clean_text(one.get("level") or ""),
        "mark": one.get("mark"),
        "remark": clean_text(one.get("remark") or ""),
    }
