"""What directives have to say in the report of a term or year: tasks done and late, targets with their live values.

The report is a Vietnamese document whatever the language of the page, so nothing here is translated.
"""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.urls import reverse

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.statistics.types import Provided, ProvidedTable

from ..domain.wording import measured
from .periodic import periodic_report

_MET = {True: "Đạt", False: "Chưa đạt", None: "Chưa có số liệu"}


def results_in_report(actor: Actor, *, unit_id: int, first: date, last: date, today: date) -> Provided | None:
    """None where the actor may not see the unit's tasks, or where it has none."""
    try:
        found = periodic_report(actor, unit_id=unit_id, first=first, last=last, today=today)
    except Http404:
        return None
    c = found.counts
    if not c.total and not found.targets:
        return None
    rows = tuple(
        (one.text, one.goal, "–" if one.value is None else measured(one.value, one.measure), _MET[one.is_met])
        for one in found.targets
    )
    table = ProvidedTable(
        "Kết quả thực hiện các chỉ tiêu được giao", ("Chỉ tiêu", "Giao", "Thực hiện", "Đánh giá"), rows
    )
    said = (
        f"Tính đến {today:%d/%m/%Y}, đơn vị được giao {c.total} nhiệm vụ: hoàn thành {c.finished} (đúng hạn {c.done_on_time}, quá hạn "
        f"{c.done_late}, không có hạn {c.done}), quá hạn chưa hoàn thành {c.late}, đang thực hiện {c.open - c.late}."
    )
    return Provided((said,), (table,) if rows else (), reverse("directives:dashboard"))
