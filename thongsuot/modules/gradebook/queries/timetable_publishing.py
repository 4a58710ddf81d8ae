"""What putting a timetable in force changes, and whom it concerns: looked at before, kept afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries as registry

from ..domain.timetable import Placed
from ..domain.timetable_changes import SlotChange, changes_by_class, changes_by_teacher
from ..models import Timetable, TimetablePublication
from ..types import NoticeAudience, TimetableState
from .timetable_words import slot_name
from .timetables import Board, placed_of

# More than so many changes are not listed in a notice, only counted; the page lists them all.
LISTED = 6


@dataclass(frozen=True)
class PlannedNotice:
    """Who is told of what. staff_id or class_id; accounts: who gets it; unreached: pupils, or the teacher, without one."""

    audience: str
    name: str
    title: str
    words: tuple[str, ...]
    accounts: frozenset[int]
    unreached: int
    staff_id: int | None = None
    class_id: int | None = None

    @property
    def body(self) -> str:
        said = list(self.words[:LISTED])
        if len(self.words) > LISTED:
            said.append(_("và %(n)d thay đổi khác") % {"n": len(self.words) - LISTED})
        return "; ".join(said)


@dataclass(frozen=True)
class PublishingPlan:
    """base: the version that would be followed on the day, None when this is the first; replaced: versions that are
    archived by it; notices: to whom, of what.
    """

    base: Timetable | None
    replaced: tuple[Timetable, ...]
    classes: Mapping[int, tuple[SlotChange, ...]]
    teachers: Mapping[int, tuple[SlotChange, ...]]
    notices: tuple[PlannedNotice, ...] = field(default=())

    @property
    def people(self) -> int:
        return len({account for one in self.notices for account in one.accounts})

    @property
    def unreached(self) -> int:
        return sum(one.unreached for one in self.notices)


def publication_of(timetable: Timetable) -> TimetablePublication | None:
    rows = TimetablePublication.objects.select_related("by", "taken_back_by").prefetch_related(
        "notices__staff", "notices__school_class"
    )
    return rows.filter(timetable=timetable).first()


def may_be_taken_back(timetable: Timetable, publication: TimetablePublication | None, today: date) -> bool:
    """Until the day after it began to be followed, or was published; only the one that was published last."""
    if publication is None or publication.taken_back_at or timetable.state != TimetableState.PUBLISHED:
        return False
    last = TimetablePublication.objects.filter(
        unit_id=timetable.unit_id, taken_back_at=None, timetable__school_year_id=timetable.school_year_id
    )
    newest = last.order_by("-at", "-pk").values_list("pk", flat=True).first()
    published = timezone.localtime(publication.at).date()
    return newest == publication.pk and today <= max(timetable.valid_from, published)


def publishing_plan(actor: Actor, board: Board) -> PublishingPlan:
    """What publishing the draft of the board would change. A handful of statements."""
    return _Plan(actor, board).made()


class _Plan:
    def __init__(self, actor: Actor, board: Board) -> None:
        self.actor, self.board, self.row = actor, board, board.timetable

    def made(self) -> PublishingPlan:
        after = self.board.placed
        base = self._base()
        replaced = tuple(self._published().filter(valid_from__gte=self.row.valid_from).order_by("valid_from"))
        before = _lessons(base) if base else []
        classes, teachers = changes_by_class(before, after), changes_by_teacher(before, after)
        # Those who were told of a version that now never comes are told that it does not.
        withdrawn_classes: set[int] = set()
        withdrawn_teachers: set[int] = set()
        for other in replaced:
            if base is None or other.pk != base.pk:
                lessons = _lessons(other)
                withdrawn_classes |= set(changes_by_class(lessons, after))
                withdrawn_teachers |= set(changes_by_teacher(lessons, after))
        classes |= {pk: () for pk in withdrawn_classes if pk not in classes}
        teachers |= {pk: () for pk in withdrawn_teachers if pk not in teachers}
        plan = PublishingPlan(base, replaced, classes, teachers)
        notices = (*self._staff_notices(plan), *self._family_notices(plan))
        return PublishingPlan(base, replaced, classes, teachers, notices)

    def _published(self) -> Any:
        return Timetable.objects.filter(
            unit_id=self.row.unit_id,
            school_year_id=self.row.school_year_id,
            state=TimetableState.PUBLISHED,
        ).exclude(pk=self.row.pk)

    def _base(self) -> Timetable | None:
        held = self._published().filter(valid_from__lte=self.row.valid_from)
        found: Timetable | None = held.order_by("-valid_from").first()
        return found

    @property
    def day(self) -> str:
        return f"{self.row.valid_from:%d/%m/%Y}"

    @cached_property
    def names(self) -> dict[int, str]:
        """Teachers, those too who have no lesson any more."""
        return dict(self.board.staff_names)

    def _staff_notices(self, plan: PublishingPlan) -> Iterable[PlannedNotice]:
        led: dict[int, list[int]] = {}
        for of in self.board.class_weeks:
            if of.homeroom_id is not None and of.class_id in plan.classes:
                led.setdefault(of.homeroom_id, []).append(of.class_id)
        staff_ids = sorted({*plan.teachers, *led})
        accounts = registry.staff_accounts(self.actor, staff_ids)
        self.names.update(registry.staff_names(self.actor, [pk for pk in staff_ids if pk not in self.names]))
        for staff_id in staff_ids:
            own = plan.teachers.get(staff_id)
            words = self._words(own or (), of_class=False) if plan.base else ()
            if plan.base:
                words += tuple(self._led_words(plan, class_id) for class_id in led.get(staff_id, ()))
            account = accounts.get(staff_id)
            yield PlannedNotice(
                audience=NoticeAudience.HOMEROOM if own is None else NoticeAudience.TEACHER,
                name=self.names.get(staff_id, ""),
                title=self._staff_title(plan, own),
                words=words,
                accounts=frozenset({account} if account else ()),
                unreached=0 if account else 1,
                staff_id=staff_id,
            )

    def _staff_title(self, plan: PublishingPlan, own: tuple[SlotChange, ...] | None) -> str:
        if plan.base is None:
            return _("Đã có thời khoá biểu, áp dụng từ %(day)s") % {"day": self.day}
        if own:
            said = _("Thời khoá biểu từ %(day)s: %(n)d giờ dạy của anh/chị thay đổi")
            return said % {"day": self.day, "n": len(own)}
        if own is None:
            return _("Thời khoá biểu từ %(day)s: lớp anh/chị chủ nhiệm có thay đổi") % {"day": self.day}
        return self._as_before(plan)

    def _as_before(self, plan: PublishingPlan) -> str:
        said = _("Thời khoá biểu từ %(day)s giữ như hiện nay; bản đã báo trước đó không áp dụng nữa")
        return said % {"day": self.day}

    def _led_words(self, plan: PublishingPlan, class_id: int) -> str:
        said = {"name": self.board.class_names[class_id], "n": len(plan.classes[class_id])}
        return _("lớp chủ nhiệm %(name)s: %(n)d giờ thay đổi") % said

    def _family_notices(self, plan: PublishingPlan) -> Iterable[PlannedNotice]:
        shown = [pk for pk in self.board.class_names if pk in plan.classes]
        families = registry.family_accounts(
            self.actor, shown, on=max(self.row.valid_from, timezone.localdate())
        )
        for class_id in shown:
            changes, said = (
                plan.classes[class_id],
                {"name": self.board.class_names[class_id], "day": self.day},
            )
            if plan.base is None:
                title = _("Lớp %(name)s đã có thời khoá biểu, áp dụng từ %(day)s") % said
            elif changes:
                title = _("Lớp %(name)s đổi thời khoá biểu từ %(day)s: %(n)d giờ") % {
                    **said,
                    "n": len(changes),
                }
            else:
                title = self._as_before(plan)
            yield PlannedNotice(
                audience=NoticeAudience.FAMILY,
                name=said["name"],
                title=title,
                words=self._words(changes, of_class=True) if plan.base else (),
                accounts=frozenset(families[class_id].accounts),
                unreached=families[class_id].unreached,
                class_id=class_id,
            )

    # -- changes in words ---------------------------------------------------------------------------

    def _words(self, changes: Sequence[SlotChange], *, of_class: bool) -> tuple[str, ...]:
        found = []
        for change in changes:
            # The class's own room goes without saying, unless the room is all that changed.
            rooms = {_but_room(one) for one in change.before} == {_but_room(one) for one in change.after}
            said = {
                "slot": slot_name(change.slot),
                "after": self._lessons_words(change.after, of_class, rooms),
                "before": self._lessons_words(change.before, of_class, rooms),
            }
            found.append(_("%(slot)s: %(after)s (trước: %(before)s)") % said)
        return tuple(found)

    def _lessons_words(self, lessons: Sequence[Placed], of_class: bool, rooms: bool) -> str:
        if not lessons:
            return _("trống")
        return ", ".join(self._lesson_words(one, of_class, rooms) for one in lessons)

    def _lesson_words(self, one: Placed, of_class: bool, rooms: bool) -> str:
        who = self.names.get(one.staff_id or 0, "")
        if not of_class:
            who = self.board.class_names.get(one.class_id, "")
        shown = rooms or one.room_id != self._own_rooms.get(one.class_id)
        room = self.board.room_names.get(one.room_id or 0, "") if shown else ""
        return " ".join(part for part in (one.subject, who, room) if part)

    @cached_property
    def _own_rooms(self) -> dict[int, int | None]:
        return {of.class_id: of.room_id for of in self.board.class_weeks}


def _but_room(one: Placed) -> tuple[int, str, int | None]:
    return one.class_id, one.subject, one.staff_id


def _lessons(timetable: Timetable) -> list[Placed]:
    return [placed_of(row) for row in timetable.entries.order_by()]
