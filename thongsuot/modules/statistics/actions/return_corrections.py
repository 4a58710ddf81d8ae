"""Late corrections: a new version from the records as they are now known to have stood on the day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as

from ..domain.form import Form
from ..domain.form_values import values_of
from ..domain.return_steps import next_return_state
from ..models import FrozenBatch, Return, ReturnVersion, VersionPart
from ..permissions import can_confirm
from ..queries.frozen import Frozen, frozen_totals, measured_of
from ..queries.return_forms import form_of
from ..types import VersionCause
from .freezing import _findings_of, _kept_values, _totals_below, _values_before, _values_beside, keep_rows
from .return_telling import _tell_above
from .returns import ReturnIncomplete, ReturnStep, _current, _keep, _step


@transaction.atomic
def correct_return(*, by: Actor, one: Return, reason: str, now: datetime) -> ReturnVersion:
    """Count the unit's rows anew, as of the period's day; the unit confirms the new version like the first.

    The returns of its commune and of the department take it in: a version that was signed off stays as it is and a new
    one begins, one that was not is counted anew. Raises NotAllowed, ReturnIncomplete (no reason), ReturnStep.
    """
    if not can_confirm(by, one):
        raise NotAllowed(_("Chỉ đơn vị báo cáo mới đính chính được số liệu của mình."))
    if not reason.strip():
        raise ReturnIncomplete(_("Cần ghi lý do đính chính."), field="reason")
    row = _step(one, "correct")
    before = _current(row)
    if before.batch_id is None:
        raise ReturnStep(_("Số liệu tổng hợp đổi theo các trường: trường nào sai thì trường đó đính chính."))
    form = form_of(row.period, row.form_code)
    with act_as(Actor.system()):
        batch = keep_rows(period=row.period, forms=[form], unit_id=row.unit_id, by=by, now=now)
        totals = frozen_totals(form.measures, Frozen({row.unit_id: batch.pk}))
        values = values_of(form, measured_of(totals, [row.unit_id]))
        last_year = _values_before(row.period).get((form.code, row.unit_id))
        version = ReturnVersion.objects.create(
            owner=row,
            number=row.version + 1,
            batch=batch,
            values=_kept_values(values),
            findings=_findings_of(form, values, last_year, {**_values_beside(row), form.code: values}),
            reasons=before.reasons,
            cause=VersionCause.CORRECTION,
            reason=reason.strip(),
            made_by_id=by.user_id,
            made_at=now,
        )
        row.version, row.confirmed_at, row.note = version.number, None, ""
        _keep(row, by, "correct", now, detail=version.reason)
        for above in _above(row):
            _take_in(above, form, row, batch, by, now)
        _tell_above(by=by, one=row, now=now)
    return version


def _above(row: Return) -> list[Return]:
    """The commune's return, if there is a commune, and the department's."""
    found = []
    below: Return | None = row
    while below is not None and below.to_unit_id is not None:
        below = (
            Return.objects.select_for_update(of=("self",))
            .select_related("unit", "period")
            .filter(period_id=row.period_id, form_code=row.form_code, unit_id=below.to_unit_id)
            .first()
        )
        if below is not None:
            found.append(below)
    return found


def _take_in(above: Return, form: Form, row: Return, batch: FrozenBatch, by: Actor, now: datetime) -> None:
    after = next_return_state(above.state, "correct_below")
    if after is None:
        raise ReturnStep(
            _("Báo cáo của %(unit)s đang chờ duyệt; cần được trả lại trước khi đính chính.")
            % {"unit": above.unit.name}
        )
    before = _current(above)
    parts = dict(before.parts.values_list("unit_id", "batch_id")) | {row.unit_id: batch.pk}
    values = _totals_below(form, parts)
    last_year = _values_before(above.period).get((form.code, above.unit_id))
    findings = _findings_of(form, values, last_year, {**_values_beside(above), form.code: values})
    if before.signed_off_at is None:
        before.values, before.findings, before.made_at = _kept_values(values), findings, now
        before.save(update_fields=["values", "findings", "made_at"])
        before.parts.filter(unit_id=row.unit_id).update(batch=batch)
    else:
        version = ReturnVersion.objects.create(
            owner=above,
            number=above.version + 1,
            values=_kept_values(values),
            findings=findings,
            reasons=before.reasons,
            cause=VersionCause.BELOW,
            reason=_("%(unit)s đính chính") % {"unit": row.unit.name},
            made_by_id=by.user_id,
            made_at=now,
        )
        VersionPart.objects.bulk_create(
            (VersionPart(whole=version, unit_id=unit, batch_id=key) for unit, key in sorted(parts.items())),
            batch_size=5000,
        )
        above.version, above.confirmed_at = version.number, None
    above.state = after
    _keep(above, by, "correct_below", now, detail=row.unit.name)
