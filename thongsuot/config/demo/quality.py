"""Data checked as every night would have, and records compared with each other: so that cases, index, trend and pairs of
one person have something to show. Of the days before only what was there to be found is known: the same records are
checked as of those days.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.quality import actions, queries
from thongsuot.modules.quality.models import CheckRun
from thongsuot.modules.registry.actions.matching import find_candidates

# Days before today. The province is checked once: it is large.
DAYS = (8, 5, 2, 0)
AT = time(2, 30)
TAKEN = 3


def build(context: DemoContext) -> None:
    if CheckRun.objects.exists():
        return
    for back in (0,) if context.is_province or context.is_tiny else DAYS:
        day = context.today - timedelta(days=back)
        now = timezone.make_aware(datetime.combine(day, AT))
        run = actions.run_checks(by=Actor.system(), today=day, now=now)
        context.say(f"  {day:%d/%m/%Y}: {run.rows} dòng, {run.found} lỗi mới")
    if not context.is_tiny:
        pairs = find_candidates(by=Actor.system(), now=timezone.now())
        context.say(f"  {pairs} cặp hồ sơ nghi là một người")
    principal = context.actor("hieutruong")
    first = queries.cases(principal).order_by("pk").values_list("pk", flat=True)[:TAKEN]
    actions.take_cases(by=principal, rows=queries.cases(principal).filter(pk__in=list(first)))
