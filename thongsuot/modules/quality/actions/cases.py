"""What people do with a case: take it, give it to somebody, mend the datum, say that it is mended, explain it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..models import CaseEvent, ProvinceScore, QualityCase, QualityScore
from ..permissions import can_mend, cases_mendable
from ..types import BOOK, OPEN_STATES, CaseClosed, CaseNotMended, CaseState, CaseVerb, NotExplainable
from .running import verdict

SHORTEST_EXPLANATION = 10


def _locked(by: Actor, case: QualityCase) -> QualityCase:
    row = QualityCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not can_mend(by, row.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xử lý lỗi của đơn vị này."))
    if row.state not in OPEN_STATES:
        raise CaseClosed(_("Lỗi này đã đóng: %(state)s.") % {"state": row.get_state_display()})
    return row


def _note(by: Actor, case: QualityCase, verb: CaseVerb, note: str = "") -> None:
    CaseEvent.objects.create(case=case, verb=verb, note=note[:500], by_id=by.user_id, at=timezone.now())


def _close(by: Actor, case: QualityCase, state: CaseState, verb: CaseVerb, note: str = "") -> None:
    case.state, case.closed_at = state, timezone.now()
    case.save(update_fields=["state", "closed_at", "explanation"])
    _note(by, case, verb, note)
    if state in (CaseState.MENDED, CaseState.EXPLAINED):
        _count_as_passed(case)


def _count_as_passed(case: QualityCase) -> None:
    """The index moves at once; the next check counts everything again."""
    scores = QualityScore.objects.filter(unit_id=case.unit_id, rule=case.rule)
    last = scores.order_by("-day").values_list("pk", "day").first()
    one_more = Least(F("assessed"), F("passed") + 1)
    if last and QualityScore.objects.filter(pk=last[0], passed__lt=F("assessed")).update(passed=one_more):
        ProvinceScore.objects.filter(day=last[1], rule=case.rule).update(passed=one_more)


@transaction.atomic
def take_case(*, by: Actor, case: QualityCase) -> QualityCase:
    """`by` takes the case in hand. Raises NotAllowed, CaseClosed."""
    row = _locked(by, case)
    if by.user_id is None:
        raise NotAllowed(_("Việc này cần một người đứng tên."))
    row.owner_id, row.state = by.user_id, CaseState.IN_HAND
    row.save(update_fields=["owner", "state"])
    _note(by, row, CaseVerb.TAKEN)
    return row


@transaction.atomic
def assign_cases(*, by: Actor, rows: QuerySet[QualityCase], user_id: int, today: date) -> int:
    """Give open cases to a colleague of their unit; returns how many. Those of other units, or closed, are left.

    One notice to the person, however many cases. Raises NotAllowed when the person works at none of the units.
    """
    found = _open_rows(by, rows)
    at = {
        unit_id
        for unit_id in {row.unit_id for row in found}
        if organization.people_of(unit_id, [user_id], today=today)
    }
    taken = [row for row in found if row.unit_id in at]
    if not taken:
        raise NotAllowed(_("Người được chọn không làm việc tại đơn vị của các lỗi này."))
    _change(by, taken, CaseVerb.ASSIGNED, owner_id=user_id, state=CaseState.IN_HAND)
    said = ngettext(
        "Được giao %(n)d lỗi dữ liệu để xử lý", "Được giao %(n)d lỗi dữ liệu để xử lý", len(taken)
    )
    notify(
        recipients=[user_id],
        kind="quality.assigned",
        title=said % {"n": len(taken)},
        url=f"{reverse('quality:case-list')}?mine=1",
        by=by,
    )
    return len(taken)


@transaction.atomic
def take_cases(*, by: Actor, rows: QuerySet[QualityCase]) -> int:
    """`by` takes several cases in hand; returns how many were open and of an own unit."""
    if by.user_id is None:
        raise NotAllowed(_("Việc này cần một người đứng tên."))
    found = _open_rows(by, rows)
    _change(by, found, CaseVerb.TAKEN, owner_id=by.user_id, state=CaseState.IN_HAND)
    return len(found)


def _open_rows(by: Actor, rows: QuerySet[QualityCase]) -> list[QualityCase]:
    ids = rows.order_by().values("pk")
    mine = QualityCase.objects.select_for_update(of=("self",)).filter(cases_mendable(by), pk__in=ids)
    return list(mine.filter(closed_at__isnull=True).order_by("pk"))


def _change(by: Actor, rows: Iterable[QualityCase], verb: CaseVerb, **fields: Any) -> None:
    ids = [row.pk for row in rows]
    QualityCase.objects.filter(pk__in=ids).update(**fields)
    now = timezone.now()
    CaseEvent.objects.bulk_create(
        [CaseEvent(case_id=pk, verb=verb, by_id=by.user_id, at=now) for pk in ids], batch_size=2000
    )


@transaction.atomic
def claim_mended(*, by: Actor, case: QualityCase, today: date) -> QualityCase:
    """Say that the datum is right now: that one object is checked at once, and the case closes when it is.

    Raises CaseNotMended when it is not (the case stays open), NotAllowed, CaseClosed.
    """
    row = _locked(by, case)
    right = verdict(by=by, rule_code=row.rule, object_id=row.object_id, unit_id=row.unit_id, today=today)
    if right is False:
        rule = BOOK.rules[row.rule]
        said = _("Dữ liệu vẫn chưa đúng: %(what)s Hãy sửa rồi báo lại.")
        raise CaseNotMended(said % {"what": rule.message})
    if right is None:
        _close(by, row, CaseState.GONE, CaseVerb.GONE)
    else:
        _close(by, row, CaseState.MENDED, CaseVerb.MENDED)
    return row


@transaction.atomic
def claim_many(*, by: Actor, rows: QuerySet[QualityCase]) -> dict[int, int]:
    """Say of several cases that they are mended. They wait for the next check of their unit, which closes what is
    right and puts back what is not (tasks.claim_and_check asks for it). Returns {unit: number of cases}."""
    found = _open_rows(by, rows)
    _change(by, found, CaseVerb.CLAIMED, state=CaseState.CLAIMED_MENDED)
    return dict(Counter(row.unit_id for row in found))


@transaction.atomic
def mend_case(*, by: Actor, case: QualityCase, value: Any, today: date) -> QualityCase:
    """Set the datum right from the page of the case, by the action of the module that owns it; then check the object.

    The case closes when the object passes. When it does not, what was entered stays and the case stays open: its
    state tells. Raises what the owning action raises, NotAllowed, CaseClosed, and CaseNotMended when the field cannot
    be mended in place.
    """
    row = _locked(by, case)
    how = BOOK.datasets[row.dataset].mend.get(row.field)
    if how is None:
        raise CaseNotMended(_("Mục này phải sửa tại hồ sơ."))
    how.write(by=by, object_id=row.object_id, value=value)
    right = verdict(by=by, rule_code=row.rule, object_id=row.object_id, unit_id=row.unit_id, today=today)
    if right is False:
        _note(by, row, CaseVerb.CHANGED)
    elif right is None:
        _close(by, row, CaseState.GONE, CaseVerb.GONE)
    else:
        _close(by, row, CaseState.MENDED, CaseVerb.MENDED)
    return row


@transaction.atomic
def explain_case(*, by: Actor, case: QualityCase, explanation: str) -> QualityCase:
    """Close a warning by saying why the datum is right as it stands; it then counts as passed.

    Raises NotExplainable for an error or for too few words, NotAllowed, CaseClosed.
    """
    row = _locked(by, case)
    if not BOOK.rules[row.rule].explainable:
        raise NotExplainable(_("Đây là lỗi, không phải cảnh báo: cần sửa dữ liệu, không giải trình được."))
    words = clean_text(explanation)
    if len(words) < SHORTEST_EXPLANATION:
        said = _("Giải trình cần ít nhất %(n)d ký tự, nêu rõ vì sao số liệu đúng.")
        raise NotExplainable(said % {"n": SHORTEST_EXPLANATION}, field="explanation")
    row.explanation = words[:500]
    _close(by, row, CaseState.EXPLAINED, CaseVerb.EXPLAINED, words)
    return row
