"""A pupil's books after an erasure on request: what is said in words goes, marks without a name stay.

Marks, levels and counted absences of a person who is no longer named are facts on which results already given out rest
(TT 42/2021/TT-BGDĐT, Luật Thống kê). Remarks, reasons of absences and whatever was taken along from another school as words
are personal data and go. Transcripts are kept for ever, as they were signed (NĐ 88/2026/NĐ-CP Điều 8.3): they are not
touched here. Called by journeys.subject_requests and, for the history, journeys.purge_erased.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.postgres.isolation import act_as

from ..models import Absence, CarriedYear, SubjectMarks, TermConduct, YearJudgement

REQUESTS = "registry.subject_requests"
# What is said in words, by table.
WORDS: tuple[tuple[Any, Mapping[str, str]], ...] = (
    (SubjectMarks, {"remark": ""}),
    (TermConduct, {"remark": ""}),
    (YearJudgement, {"remark": ""}),
    (Absence, {"reason": ""}),
)
# Why something was changed is free text of whoever changed it.
SILENT = {
    "pgh_context": Func(F("pgh_context"), Value("reason"), template="%(expressions)s", arg_joiner=" - ")
}


@transaction.atomic
def erase_words(*, by: Actor, unit_id: int, student_ids: Collection[int]) -> int:
    """Take what is said of erased pupils out of the books of every school; how many rows. unit_id: the school whose
    request it is. Cannot be taken back. Raises NotAllowed.
    """
    if not by.can(REQUESTS, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xóa hồ sơ này."))
    rows = 0
    with act_as(Actor.system()):
        for model, empty in WORDS:
            found = model.objects.filter(student_id__in=student_ids).exclude(**empty)
            rows += found.update(**empty)
        for carried in CarriedYear.objects.filter(student_id__in=student_ids):
            carried.content = _without_words(carried.content)
            carried.save(update_fields=["content"])
            rows += 1
    return rows


def _without_words(content: Mapping[str, Any]) -> dict[str, Any]:
    subjects = {
        code: {
            **one,
            "terms": {
                term: {cell: text for cell, text in cells.items() if cell != "remark"}
                for term, cells in one["terms"].items()
            },
        }
        for code, one in content.get("subjects", {}).items()
    }
    conduct = {
        term: {name: text for name, text in said.items() if name != "remark"}
        for term, said in content.get("conduct", {}).items()
    }
    return {**content, "subjects": subjects, "conduct": conduct}


def purge_words(*, by: Actor, student_ids: Collection[int]) -> None:
    """The same in the history. Events can only be added and read: run by whoever owns the database. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Việc này chỉ chủ cơ sở dữ liệu làm được."))
    # A block of its own: what fails inside is taken back before the triggers are put on again.
    with pgtrigger.ignore(), transaction.atomic():
        for model, empty in WORDS:
            events: Any = event_model(model)
            events._base_manager.filter(student_id__in=student_ids).update(**empty, **SILENT)
        carried: Any = event_model(CarriedYear)
        carried._base_manager.filter(student_id__in=student_ids).update(content={}, **SILENT)
