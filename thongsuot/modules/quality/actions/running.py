"""Checking: every rule over the data of the province or of some units, cases and scores written in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.evaluation import ActiveRule, evaluate
from ..models import CheckRun
from ..permissions import can_run
from ..queries.rules import set_rules
from ..types import BOOK, Dataset
from .staging import Moment, Written, close_without_rule, keep_totals, write

Tell = Callable[[int, int, str], None]
# Two checks of the same cases come one after the other.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('quality.check'))"


def _silent(done: int, total: int, message: str) -> None:
    return None


def units_to_check(unit_id: int | None, *, by: Actor) -> list[int] | None:
    """The units that a check of `unit_id` reads; None for all. NotAllowed without quality.run over it."""
    if not can_run(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền chạy kiểm tra dữ liệu của đơn vị này."))
    if unit_id is None:
        return None
    node = organization.unit_nodes([unit_id]).get(unit_id)
    covers = set(node.covers) if node else {unit_id}
    reach = by.reach_of("quality.run")
    return sorted(covers if reach is None else covers & reach)


@transaction.atomic
def run_checks(
    *,
    by: Actor,
    today: date,
    unit_id: int | None = None,
    now: datetime | None = None,
    tell: Tell = _silent,
) -> CheckRun:
    """Assess all data by all rules in force on `today`; open, reopen and close cases; write the scores of the day.

    unit_id: that unit and all below it; None: the province. Run twice on the same data the second time changes
    nothing. tell(done, total, words) is called between data sets and may raise to stop; then nothing is written.
    Raises NotAllowed. Reads as the system: whether a number occurs twice in the province does not depend on who asks.
    """
    units = units_to_check(unit_id, by=by)
    now = timezone.localtime(now or timezone.now())
    moment = Moment(today, now, units)
    with act_as(Actor.system()):
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        run = CheckRun.objects.create(started_at=now, unit_id=unit_id, by_id=by.user_id)
        active = _active_rules(today)
        dues = _dues(today, active)
        total = len(BOOK.datasets)
        for number, dataset in enumerate(BOOK.datasets.values()):
            tell(number, total, str(dataset.name))
            rules = [one for one in active if one.rule.dataset == dataset.code]
            rows, written = _check(by, dataset, rules, dues, moment)
            run.rows += rows
            run.found += written.found
            run.mended += written.mended
        close_without_rule(by=by, active=[one.rule.code for one in active], moment=moment)
        keep_totals(by=by, moment=moment)
        tell(total, total, "")
        run.finished_at = timezone.now()
        run.save(update_fields=["rows", "found", "mended", "finished_at"])
    return run


def _active_rules(today: date) -> list[ActiveRule]:
    return [ActiveRule(one.rule, one.numbers) for one in set_rules(today) if one.is_on]


def _dues(today: date, rules: Iterable[ActiveRule]) -> dict[int, date]:
    calendar = organization.work_calendar()
    return {days: calendar.add(today, days) for days in {one.rule.sla_days for one in rules}}


def _check(
    by: Actor, dataset: Dataset, rules: Sequence[ActiveRule], dues: dict[int, date], moment: Moment
) -> tuple[int, Written]:
    frame = dataset.load(moment.units, moment.today)
    evaluated = evaluate(frame, rules, today=moment.today, codes=dataset.codes())
    written = write(
        by=by,
        dataset=dataset.code,
        rules=rules,
        known=[rule.code for rule in BOOK.rules_of(dataset.code)],
        evaluated=evaluated,
        object_ids=frame["id"],
        dues=dues,
        moment=moment,
    )
    return evaluated.rows, written


def verdict(*, by: Actor, rule_code: str, object_id: int, unit_id: int, today: date) -> bool | None:
    """Does the object pass the rule now? None when it is no longer there, or the rule no longer applies today.

    Reads the data set of the one unit, as the system.
    """
    active = [one for one in _active_rules(today) if one.rule.code == rule_code]
    if not active:
        return None
    dataset = BOOK.datasets[active[0].rule.dataset]
    with act_as(Actor.system()):
        import polars as pl

        frame = dataset.load([unit_id], today).filter(pl.col("id") == object_id)
        if frame.is_empty():
            return None
        found = evaluate(frame, active, today=today, codes=dataset.codes())
    return found.violations.is_empty()
