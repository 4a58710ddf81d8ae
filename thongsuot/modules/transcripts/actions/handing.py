"""The end of a level: pupils of the lower school sit at the next one, their issued transcripts wait to be taken over. Both
schools see it, with a day; the giving one confirms, the other one takes (QĐ 1789 Điều 20.4, 22)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..models import HandOver
from ..permissions import PREPARE
from ..queries.handing import completed_here, left_behind, missing_years
from ..queries.layouts import deadlines
from ..types import HandOverState, HandOverWay
from .keeping import _tell_school

DEADLINE = "level_hand_over"
WHAT_WAITS = ["student_name", "to_unit", "number", "transcript_ids", "missing"]


@transaction.atomic
def note_waiting(*, by: Actor, now: datetime, student_ids: Collection[int] | None = None) -> int:
    """Write down which pupils' transcripts wait for the next school, tell it once, a notice however many pupils; returns how
    many pupils are new. student_ids: only of these. What waits no longer (the pupil has come back, the version was taken
    back) goes. The system only. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        fresh = _written(student_ids, now)
    said = _("Học bạ của %(n)d học sinh từ cấp học trước chờ trường nhận, hạn %(day)s")
    for unit_id, number in Counter(row.to_unit_id for row in fresh).items():
        told = said % {"n": number, "day": f"{fresh[0].due_on:%d/%m/%Y}"}
        _tell_school(by, unit_id, PREPARE, told, now, url=_list())
    return len(fresh)


def _written(student_ids: Collection[int] | None, now: datetime) -> list[HandOver]:
    """What waits now, as rows; those that are new."""
    today = timezone.localdate(now)
    left = left_behind().filter(completed_here())
    known = HandOver.objects.filter(state=HandOverState.WAITING)
    if student_ids is not None:
        left, known = left.filter(student_id__in=student_ids), known.filter(student_id__in=student_ids)
    found: dict[tuple[int, int], list[tuple[int, str, int]]] = defaultdict(list)
    columns = ("student_id", "holder_id", "pk", "student_name", "student__unit_id")
    for student_id, from_id, *rest in left.order_by("school_year__starts_on", "pk").values_list(*columns):
        found[student_id, from_id].append((rest[0], rest[1], rest[2]))
    missing = missing_years(found, today)
    days = deadlines().named(DEADLINE).working_days or 0
    due = organization.work_calendar().add(today, days)
    there = {(row.student_id, row.from_unit_id): row for row in known.select_for_update(of=("self",))}
    fresh: list[HandOver] = []
    changed: list[HandOver] = []
    for key, rows in found.items():
        name, to_unit_id = rows[-1][1:]
        said: dict[str, Any] = {
            "student_name": name, "to_unit_id": to_unit_id, "number": len(rows),
            "transcript_ids": [pk for pk, *_rest in rows], "missing": missing.get(key, []),
        }  # fmt: skip
        row = there.pop(key, None)
        if row is None:
            fresh.append(
                HandOver(
                    student_id=key[0], from_unit_id=key[1], way=HandOverWay.BY_HAND, at=now, due_on=due,
                    state=HandOverState.WAITING, **said,
                )
            )  # fmt: skip
        elif any(getattr(row, field) != value for field, value in said.items()):
            for field, value in said.items():
                setattr(row, field, value)
            changed.append(row)
    HandOver.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    HandOver.objects.bulk_update(changed, WHAT_WAITS, batch_size=500)
    HandOver.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return fresh


def _list() -> str:
    return reverse("transcripts:hand-over-list") + "?state=waiting"


@transaction.atomic
def confirm_given(*, by: Actor, hand_overs: Iterable[HandOver], now: datetime) -> int:
    """The lower school has looked the records through and gives them: noted with who and when, and the next school is
    told. Returns of how many pupils; those given already are left out. Raises NotAllowed."""
    rows = list(
        HandOver.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in hand_overs], state=HandOverState.WAITING, given_at__isnull=True)
        .order_by("pk")
    )
    if not all(by.can(PREPARE, row.from_unit_id) for row in rows):
        raise NotAllowed(_("Chỉ trường giao mới xác nhận được."))
    HandOver.objects.filter(pk__in=[row.pk for row in rows]).update(given_by_id=by.user_id, given_at=now)
    for unit_id, number in Counter(row.to_unit_id for row in rows).items():
        said = _("Trường cũ đã giao học bạ của %(n)d học sinh: kiểm tra và nhận về trường") % {"n": number}
        _tell_school(by, unit_id, PREPARE, said, now, url=_list())
    return len(rows)


def _tell_givers(by: Actor, rows: Iterable[HandOver], now: datetime) -> None:
    """One notice a giving school."""
    names = {}
    for (from_id, to_id), number in Counter((row.from_unit_id, row.to_unit_id) for row in rows).items():
        if to_id not in names:
            with act_as(Actor.system()):
                unit = organization.unit_detail(Actor.system(), to_id)
            names[to_id] = unit.name if unit is not None else ""
        said = _("%(school)s đã nhận học bạ của %(n)d học sinh") % {"school": names[to_id], "n": number}
        _tell_school(by, from_id, PREPARE, said, now, url=reverse("transcripts:hand-over-list"))
