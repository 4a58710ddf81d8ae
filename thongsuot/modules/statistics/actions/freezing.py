"""Freezing: the rows that were counted are kept, and what they came to for every unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.indicators.conditions import Named, condition_sql
from thongsuot.kit.indicators.measures import Measure, fact_of
from thongsuot.kit.indicators.queries import unit_nodes
from thongsuot.kit.indicators.types import UnitNode
from thongsuot.kit.postgres.isolation import act_as

from ..domain.form import Form
from ..domain.form_checks import check_form
from ..domain.form_values import order_of, values_of
from ..models import FrozenBatch, ReportingPeriod, Return, ReturnLog, ReturnVersion, VersionPart
from ..permissions import MANAGE
from ..queries.frozen import Frozen, decimals, frozen_totals, measured_of
from ..queries.return_forms import by_fact, columns_of, counted, forms_of
from ..types import PeriodState, ReturnState, Tell, VersionCause, silent
from .period_units import _add_returns
from .return_telling import tell_frozen


class NotYet(Refused):
    """The day of the period has not come, or the period is frozen already."""

    code = "period_not_yet"


@transaction.atomic
def freeze_due(*, by: Actor, today: date, now: datetime) -> int:
    """Freeze the periods whose day is over; returns how many. Run each night: the day itself is counted to its end."""
    due = ReportingPeriod.objects.filter(state=PeriodState.OPEN, as_of__lt=today).order_by("as_of", "pk")
    for period in due:
        freeze_period(by=by, period=period, now=now)
    return len(due)


def check_may_freeze(*, by: Actor, period: ReportingPeriod, today: date) -> None:
    """Raises NotAllowed; NotYet before the day, or when it is frozen already."""
    by.require(MANAGE)
    if period.state != PeriodState.OPEN:
        raise NotYet(_("Kỳ này đã chốt số liệu."))
    if period.as_of > today:
        raise NotYet(_("Chưa đến ngày %(day)s nên chưa chốt được.") % {"day": f"{period.as_of:%d/%m/%Y}"})


@transaction.atomic
def freeze_period(
    *, by: Actor, period: ReportingPeriod, now: datetime, tell: Tell = silent
) -> ReportingPeriod:
    """Keep the rows that the period's forms count as of its day, and their values for every unit.

    One INSERT ... SELECT for each fact table, whatever the number of units; the values are added up from the rows kept,
    so that the two can never differ. Raises as check_may_freeze. tell: how many of the steps are done.
    """
    row = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    check_may_freeze(by=by, period=row, today=now.date())
    forms = forms_of(row)
    with act_as(Actor.system()):
        batch = keep_rows(period=row, forms=forms, unit_id=None, by=by, now=now, tell=tell)
        _first_versions(row, forms, batch, now)
        row.state, row.frozen_at = PeriodState.FROZEN, now
        row.save(update_fields=["state", "frozen_at"])
        tell_frozen(by=by, period=row, now=now)
    return row


def keep_rows(
    *,
    period: ReportingPeriod,
    forms: Iterable[Form],
    unit_id: int | None,
    by: Actor,
    now: datetime,
    tell: Tell = silent,
) -> FrozenBatch:
    """A new batch with the rows that these forms count, of one unit or of all; called as the system."""
    facts = by_fact(one for form in forms for one in form.measures)
    columns = {code: columns_of(measures) for code, measures in facts.items()}
    # The number is taken first: a batch is written once and never changed.
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('statistics_frozenbatch', 'id'))")
        key, count = cursor.fetchone()[0], 0
        for done, (code, measures) in enumerate(sorted(facts.items())):
            # The values of all units are the last step.
            words = {"name": fact_of(measures[0]).name}
            tell(done, len(facts) + 1, _("Đang giữ các dòng: %(name)s") % words)
            count += _keep(cursor, key, measures, columns[code], period.as_of, unit_id)
    tell(len(facts), len(facts) + 1, _("Đang tính biểu của các đơn vị"))
    return FrozenBatch.objects.create(
        pk=key,
        period=period,
        unit_id=unit_id,
        columns=columns,
        row_count=count,
        taken_at=now,
        taken_by_id=by.user_id,
    )


def _keep(
    cursor: Any, batch: int, measures: list[Measure], columns: list[str], as_of: date, unit_id: int | None
) -> int:
    fact, named = fact_of(measures[0]), Named()
    rows, params = fact.select(as_of, None if unit_id is None else [unit_id])
    where = condition_sql(counted(measures), named)
    pairs = ", ".join(f"'{name}', f.{name}" for name in columns)
    kept = f"jsonb_strip_nulls(jsonb_build_object({pairs}))" if pairs else "'{}'::jsonb"
    cursor.execute(
        f"""insert into statistics_frozenrow (batch_id, fact, unit_id, record_id, columns)
        select %(fz_batch)s, %(fz_fact)s, f.unit_id, f.record_id, {kept}
        from ({rows}) f where {where}""",  # noqa: S608 - declared columns; values are parameters
        {**params, **named.values, "fz_batch": batch, "fz_fact": fact.code},
    )
    return int(cursor.rowcount)


def _first_versions(period: ReportingPeriod, forms: list[Form], batch: FrozenBatch, now: datetime) -> None:
    nodes = unit_nodes(None, period.as_of)
    everywhere = Frozen(dict.fromkeys(nodes, batch.pk))
    totals = frozen_totals((one for form in forms for one in form.measures), everywhere)
    counting = {
        form.code: {unit for one in form.measures for unit in totals[one]} & set(nodes) for form in forms
    }
    _add_returns(period=period, forms=forms, counting=counting)
    versions, parts = [], []
    for one, values, below in _valued(period, forms, totals, counting, nodes):
        version = ReturnVersion(
            owner=one,
            number=1,
            batch=None if below else batch,
            values=_kept_values(values),
            cause=VersionCause.FREEZE,
            made_at=now,
            made_by_id=batch.taken_by_id,
        )
        versions.append(version)
        parts += [(version, unit) for unit in below]
    _check_all(period, forms, versions)
    ReturnVersion.objects.bulk_create(versions, batch_size=500)
    VersionPart.objects.bulk_create(
        (VersionPart(whole=version, unit_id=unit, batch=batch) for version, unit in parts), batch_size=5000
    )
    waiting = period.returns.filter(state=ReturnState.WAITING)
    ReturnLog.objects.bulk_create(
        ReturnLog(owner_id=pk, verb="freeze", version=1, by_id=batch.taken_by_id, at=now)
        for pk in waiting.order_by("pk").values_list("pk", flat=True)
    )
    waiting.update(state=ReturnState.DRAFT, version=1)


def _valued(
    period: ReportingPeriod,
    forms: list[Form],
    totals: Mapping[Measure, Mapping[int, Decimal]],
    counting: Mapping[str, set[int]],
    nodes: Mapping[int, UnitNode],
) -> Iterator[tuple[Return, dict[str, Decimal], list[int]]]:
    """Each return with its values and, where it is of an area, the units that add up to it."""
    for form in forms:
        returns = list(period.returns.filter(form_code=form.code).select_related("unit").order_by("pk"))
        own = {one.unit_id for one in returns if one.unit.kind == "school"}
        of_form = {measure: totals[measure] for measure in form.measures}
        order = order_of(form)
        for one in returns:
            below = (
                [] if one.unit_id in own else sorted(nodes[one.unit_id].covers & (own | counting[form.code]))
            )
            yield one, values_of(form, measured_of(of_form, below or [one.unit_id]), order), below


def _check_all(period: ReportingPeriod, forms: list[Form], versions: list[ReturnVersion]) -> None:
    """Findings of all versions, with last year's values and those of the unit's other forms."""
    before = _values_before(period)
    by_code = {form.code: form for form in forms}
    values: dict[int, dict[str, dict[str, Decimal]]] = defaultdict(dict)
    for one in versions:
        values[one.owner.unit_id][one.owner.form_code] = decimals(one.values)
    for one in versions:
        code, unit = one.owner.form_code, one.owner.unit_id
        one.findings = _findings_of(by_code[code], values[unit][code], before.get((code, unit)), values[unit])


def _values_beside(row: Return) -> dict[str, dict[str, Decimal]]:
    """{form: values} of all forms of the unit in the same period, as they stand."""
    beside = Return.objects.filter(period_id=row.period_id, unit_id=row.unit_id)
    kept = ReturnVersion.objects.filter(owner__in=beside, number=F("owner__version")).order_by()
    return {code: decimals(values) for code, values in kept.values_list("owner__form_code", "values")}


def _values_before(period: ReportingPeriod) -> dict[tuple[str, int], dict[str, Decimal]]:
    """{(form, unit): values} of the period of the same kind before this one, as they stand now."""
    last = (
        ReportingPeriod.objects.filter(kind=period.kind, as_of__lt=period.as_of)
        .exclude(state=PeriodState.OPEN)
        .order_by("-as_of")
        .first()
    )
    if last is None:
        return {}
    rows = Return.objects.filter(period=last, form_code__in=period.forms).order_by()
    numbers = {(one.form_code, one.unit_id): (one.pk, one.version) for one in rows}
    kept = {
        (owner, number): values
        for owner, number, values in ReturnVersion.objects.filter(owner__in=rows)
        .order_by()
        .values_list("owner_id", "number", "values")
    }
    return {key: decimals(kept[found]) for key, found in numbers.items() if found in kept}


def _kept_values(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {cell: format(number, "f") for cell, number in values.items()}


def _findings_of(
    form: Form,
    values: Mapping[str, Decimal],
    last_year: Mapping[str, Decimal] | None,
    others: Mapping[str, Mapping[str, Decimal]] | None = None,
) -> list[dict[str, Any]]:
    """What the checks say, as it is kept with a version; `key` names a finding where reasons are given."""
    return [
        {
            **asdict(one),
            "kind": str(one.kind),
            "left": None if one.left is None else format(one.left, "f"),
            "right": None if one.right is None else format(one.right, "f"),
            "words": {name: str(word) for name, word in one.words.items()},
            "key": f"{one.code}:{','.join(one.cells)}",
        }
        for one in check_form(form, values, last_year, others)
    ]


def _totals_below(form: Form, parts: Mapping[int, int]) -> dict[str, Decimal]:
    """Values of an area from the rows of its parts: {unit id: batch id}."""
    totals = frozen_totals(form.measures, Frozen(parts))
    return values_of(form, measured_of(totals, parts))
