"""What a unit says of itself: answers and evidence, while its assessment is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.rubric import Item
from ..domain.scoring import Answer, check
from ..models import Answer as AnswerRow
from ..models import Assessment, Evidence, MaturityRound, RubricVersion
from ..permissions import FILL, acts_for, can_fill
from ..queries.figures import known_figures
from ..queries.rubrics import rubric_of, rubrics_for
from ..queries.sheets import figures_day
from ..types import OPEN_STATES, AssessmentIncomplete, EvidenceKind, RubricClosed, WrongAnswer
from .steps import _locked, _log, _refuse


@transaction.atomic
def start_assessment(
    *, by: Actor, round: MaturityRound, unit: Any, now: datetime, version: RubricVersion | None = None
) -> Assessment:
    """Begin the unit's assessment of a round by the rubric in force, filled from what the platform knows; the one that
    was begun already is given back.

    version: where several rubrics are meant for the unit. Raises NotAllowed, RubricClosed.
    """
    if not acts_for(by, FILL, unit):
        raise NotAllowed(_("Anh/chị không được tự đánh giá thay đơn vị này."))
    offered = [one for one in rubrics_for(unit) if one.is_enabled]
    if version is not None:
        offered = [one for one in offered if one.pk == version.pk]
    if not offered:
        raise RubricClosed(_("Chưa có bộ chỉ số nào đang áp dụng cho đơn vị này."))
    chosen = offered[0]
    begun = Assessment.objects.filter(round=round, unit=unit, rubric__code=chosen.code).first()
    if begun is not None:
        return begun
    row = Assessment.objects.create(round=round, unit=unit, rubric=chosen)
    known = known_figures(rubric_of(chosen), unit.pk, figures_day(row, now.date()))
    AnswerRow.objects.bulk_create(
        [
            AnswerRow(assessment=row, item=code, from_registry=True, said_by_id=by.user_id, said_at=now)
            for code in known
        ]
    )
    _log(row, by, "start", now)
    return row


def _open(by: Actor, assessment: Assessment) -> Assessment:
    row = _locked(assessment)
    if not can_fill(by, row):
        raise NotAllowed(_("Anh/chị không được tự đánh giá thay đơn vị này."))
    if row.state not in OPEN_STATES:
        raise _refuse(row)
    return row


def _item(row: Assessment, code: str) -> Item:
    found = rubric_of(row.rubric).item(code)
    if found is None:
        raise WrongAnswer(_("Bộ chỉ số không có mục %(code)s.") % {"code": code})
    return found


@transaction.atomic
def answer_item(
    *, by: Actor, assessment: Assessment, item: str, answer: Answer, note: str, now: datetime
) -> AnswerRow:
    """Keep what the unit says of one item. Raises NotAllowed, AssessmentStep (handed in), WrongAnswer."""
    row = _open(by, assessment)
    check(_item(row, item), answer)
    return _write(by, row, item, now, answer, note=clean_text(note), from_registry=False)


@transaction.atomic
def take_figure(*, by: Actor, assessment: Assessment, item: str, now: datetime) -> AnswerRow:
    """Answer with the platform's own figure, which moves with the records until it is frozen.

    Raises NotAllowed, AssessmentStep, WrongAnswer where the platform has no figure for the item.
    """
    row = _open(by, assessment)
    rubric = rubric_of(row.rubric)
    _item(row, item)
    if item not in known_figures(rubric, row.unit_id, figures_day(row, now.date())):
        raise WrongAnswer(_("Hệ thống chưa có số liệu cho mục này; hãy nhập tay kèm minh chứng."))
    return _write(by, row, item, now, Answer(), note="", from_registry=True)


def _write(
    by: Actor, row: Assessment, item: str, now: datetime, answer: Answer, *, note: str, from_registry: bool
) -> AnswerRow:
    kept, _made = AnswerRow.objects.update_or_create(
        assessment=row,
        item=item,
        defaults={
            **_fields(answer),
            "note": note,
            "from_registry": from_registry,
            "said_by_id": by.user_id,
            "said_at": now,
        },
    )
    return kept


def _fields(answer: Answer) -> dict[str, Any]:
    return {
        "yes": answer.yes,
        "amount": answer.amount,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
    }


@transaction.atomic
def add_evidence(
    *,
    by: Actor,
    assessment: Assessment,
    item: str,
    title: str,
    now: datetime,
    file: Any = None,
    url: str = "",
) -> Evidence:
    """Attach a file, an address (http, https) or a page of this platform (a path) to an item.

    Raises NotAllowed, AssessmentStep, WrongAnswer, AssessmentIncomplete (neither or both, no title, a bad address).
    """
    row = _open(by, assessment)
    _item(row, item)
    address = url.strip()
    if (file is None) == (not address):
        raise AssessmentIncomplete(_("Cần đúng một minh chứng: một tệp hoặc một đường dẫn."), field="url")
    words = clean_text(title) or (clean_text(file.original_name) if file is not None else "")
    if not words:
        raise AssessmentIncomplete(_("Cần ghi tên, số và ngày của văn bản."), field="title")
    return Evidence.objects.create(
        assessment=row,
        item=item,
        kind=EvidenceKind.FILE if file is not None else _kind(address),
        title=words[:300],
        file=file,
        url=address,
        added_by_id=by.user_id,
        added_at=now,
    )


def _kind(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") and parts.netloc:
        return EvidenceKind.LINK
    if not parts.scheme and not parts.netloc and address.startswith("/"):
        try:
            resolve(parts.path)
        except Resolver404:
            pass
        else:
            return EvidenceKind.RECORD
    said = _("Đường dẫn phải bắt đầu bằng https:// hoặc là một trang của hệ thống này (bắt đầu bằng “/”).")
    raise AssessmentIncomplete(said, field="url")


@transaction.atomic
def remove_evidence(*, by: Actor, evidence: Evidence) -> None:
    """Take a piece of evidence away; what was there stays in the log of changes. Raises NotAllowed, AssessmentStep."""
    _open(by, evidence.assessment)
    Evidence.objects.filter(pk=evidence.pk).delete()
