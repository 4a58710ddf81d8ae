"""A timetable put in force, with a notice to everybody whose lessons change; and taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.registry import queries as registry

from ..domain.timetable_clash import clashes
from ..models import Timetable, TimetableNotice, TimetablePublication
from ..queries import timetables as queries
from ..queries.timetable_publishing import (
    PlannedNotice,
    may_be_taken_back,
    publication_of,
    publishing_plan,
)
from ..queries.timetable_words import lesson_words, slot_name
from ..types import BadValue, StateConflict, TimetableClash, TimetableState
from .timetables import locked_draft, require_maker

KIND = "gradebook.timetable"


@transaction.atomic
def publish_timetable(
    *, by: Actor, timetable: Timetable, now: datetime, tell: bool = True
) -> TimetablePublication:
    """Put a draft in force from its day on. Versions that were to begin that day or later are archived.

    Told, unless `tell` is off: teachers whose lessons change, homeroom teachers and families of classes whose lessons
    change; each only what changes for them. Raises NotAllowed, StateConflict (not a draft, no lesson in it),
    TimetableClash naming the first clash.
    """
    row = locked_draft(by=by, timetable=timetable)
    board = queries.board(by, row)
    if not board.placed:
        raise StateConflict(_("Thời khoá biểu chưa có tiết nào."))
    _refuse_clashes(board)
    plan = publishing_plan(by, board)
    replaced = [one.pk for one in plan.replaced]
    Timetable.objects.filter(pk__in=replaced).update(state=TimetableState.ARCHIVED)
    row.state, row.published_at, row.published_by_id = TimetableState.PUBLISHED, now, by.user_id
    row.save(update_fields=["state", "published_at", "published_by"])
    made = TimetablePublication.objects.create(
        timetable=row, unit_id=row.unit_id, replaced=replaced, at=now, by_id=by.user_id
    )
    if tell:
        _tell(by, made, row, plan.notices)
    return made


def _refuse_clashes(board: queries.Board) -> None:
    for kind, first, second in clashes(board.placed, board.arrangement):
        said = {
            "class": _("Trùng lớp vào %(slot)s: %(first)s và %(second)s."),
            "teacher": _("Trùng giáo viên vào %(slot)s: %(first)s và %(second)s."),
            "room": _("Trùng phòng vào %(slot)s: %(first)s và %(second)s."),
            "travel": _("Không kịp sang điểm trường khác, %(slot)s: %(first)s và %(second)s."),
            "apart": _("Phải học cùng giờ, %(slot)s: %(first)s và %(second)s."),
        }[kind]
        named = {
            "slot": slot_name(second.slot),
            "first": lesson_words(board, first),
            "second": lesson_words(board, second),
        }
        raise TimetableClash(said % named)


def _tell(
    by: Actor, publication: TimetablePublication, row: Timetable, planned: tuple[PlannedNotice, ...]
) -> None:
    url = f"{reverse('timetable:own')}?ngay={row.valid_from:%Y-%m-%d}"
    TimetableNotice.objects.bulk_create(
        TimetableNotice(
            publication=publication,
            unit_id=row.unit_id,
            audience=one.audience,
            staff_id=one.staff_id,
            school_class_id=one.class_id,
            title=one.title[:200],
            words=list(one.words),
            told=notify(recipients=one.accounts, kind=KIND, title=one.title, body=one.body, url=url, by=by),
            unreached=one.unreached,
        )
        for one in planned
    )


@transaction.atomic
def take_back_timetable(
    *, by: Actor, timetable: Timetable, reason: str, now: datetime, today: date
) -> TimetablePublication:
    """The version is archived and those that it had replaced hold again; whoever was told is told so.

    Until the day on which it begins to hold, or the day on which it was published; only the one published last. Raises
    NotAllowed, StateConflict, BadValue(field="reason").
    """
    require_maker(by=by, unit_id=timetable.unit_id)
    row = Timetable.objects.select_for_update(of=("self",)).get(pk=timetable.pk)
    publication = publication_of(row)
    if publication is None or not may_be_taken_back(row, publication, today):
        raise StateConflict(
            _("Chỉ thu hồi được bản ban hành sau cùng, chậm nhất vào ngày áp dụng hoặc ngày ban hành.")
        )
    if not reason.strip():
        raise BadValue(_("Hãy ghi lý do thu hồi."), field="reason")
    row.state = TimetableState.ARCHIVED
    row.save(update_fields=["state"])
    Timetable.objects.filter(pk__in=publication.replaced, state=TimetableState.ARCHIVED).update(
        state=TimetableState.PUBLISHED
    )
    publication.taken_back_at, publication.taken_back_by_id = now, by.user_id
    publication.reason = reason.strip()[:200]
    publication.save(update_fields=["taken_back_at", "taken_back_by", "reason"])
    _tell_again(by, publication, row, today)
    return publication


def _tell_again(by: Actor, publication: TimetablePublication, row: Timetable, today: date) -> None:
    """Everybody whom the publication told."""
    notices = list(publication.notices.all())
    if not notices:
        return
    staff_ids = [one.staff_id for one in notices if one.staff_id is not None]
    class_ids = [one.school_class_id for one in notices if one.school_class_id is not None]
    people = set(registry.staff_accounts(by, staff_ids).values())
    for families in registry.family_accounts(by, class_ids, on=max(row.valid_from, today)).values():
        people |= families.accounts
    said = {
        "n": row.version,
        "day": f"{row.valid_from:%d/%m/%Y}",
        "at": f"{localtime(publication.at):%d/%m/%Y}",
    }
    notify(
        recipients=people,
        kind=KIND,
        title=_("Thời khoá biểu số %(n)d (báo ngày %(at)s, từ %(day)s) đã bị thu hồi") % said,
        body=_("Học và dạy theo bản trước đó. Lý do: %(reason)s") % {"reason": publication.reason},
        url=reverse("timetable:own"),
        by=by,
    )
