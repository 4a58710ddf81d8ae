"""Writes of the room: tell people, mark as read, choose how to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.jobs.queueing import defer
from thongsuot.kit.notify.mailing import DIGEST_TASK, MAIL_TASK, QUEUE
from thongsuot.kit.notify.models import Notification, Preference
from thongsuot.kit.notify.queries import NOBODY
from thongsuot.kit.notify.registry import kind_named, kinds
from thongsuot.kit.notify.types import Way
from thongsuot.kit.postgres.isolation import act_as

KEPT = timedelta(days=180)
PEOPLE_IN_A_JOB = 50
DAYTIME = range(6, 21)

TELL = """
    insert into notify_notification (recipient_id, kind, title, body, url, way, created_at)
    select u.id, %(kind)s, %(title)s, %(body)s, %(url)s, coalesce(p.way, %(way)s), now()
    from accounts_user u left join notify_preference p on p.user_id = u.id and p.kind = %(kind)s
    where u.id = any(%(people)s) and u.is_active and coalesce(p.way, %(way)s) <> 'none'
    returning id, way
"""


def notify(
    *,
    recipients: Iterable[Any] | QuerySet[Any],
    kind: str,
    title: str,
    url: str,
    body: str = "",
    by: Actor | None = None,
) -> int:
    """Tell people (users or their ids) of something; returns how many were told.

    kind: one that a module registered. title, body: plain Vietnamese, cut at 200 and 500 characters. url: a
    path of this site. Nobody is told of what they did themselves (`by`). One statement however many people;
    mail goes out by a job after the commit.
    """
    declared = kind_named(kind)
    people = sorted({getattr(one, "pk", one) for one in recipients} - {by.user_id if by else None})
    if not people:
        return 0
    said: dict[str, Any] = {
        "kind": kind,
        "title": title[:200],
        "body": body[:500],
        "url": url,
        "way": declared.default.value,
        "people": people,
    }
    # The receivers lie outside the reach of the one who acts.
    with act_as(Actor.system()), connection.cursor() as cursor:
        cursor.execute(TELL, said)
        told = cursor.fetchall()
        at_once = [row_id for row_id, way in told if way == Way.EMAIL]
        if at_once:
            defer(MAIL_TASK, queue=QUEUE, notification_ids=at_once)
    return len(told)


def mark_read(*, by: Actor, notification_ids: Iterable[int] | None = None) -> int:
    """Mark one's own notifications as read, all of them without ids; returns how many were unread."""
    mine = Notification.objects.filter(recipient_id=by.user_id or NOBODY, read_at=None)
    if notification_ids is not None:
        mine = mine.filter(pk__in=list(notification_ids))
    return mine.update(read_at=timezone.now())


def choose_ways(*, by: Actor, ways: Mapping[str, str]) -> None:
    """Set how one wants to be told, {kind: way}; unknown kinds and ways are a ValueError."""
    known = {kind.code for kind in kinds()}
    if not set(ways) <= known or not set(ways.values()) <= set(Way.values):
        raise ValueError("unknown kind or way")
    Preference.objects.bulk_create(
        [Preference(user_id=by.user_id or NOBODY, kind=kind, way=way) for kind, way in ways.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["way"],
    )


def send_digest(*, by: Actor, today: date, now: datetime | None = None) -> int:
    """Queue one mail for each person with something unread that waits for a digest; returns how many people.

    Nothing is queued at night (a tick that comes late after an outage), and nobody gets an empty mail.
    """
    _only_the_system(by)
    if timezone.localtime(now).hour not in DAYTIME:
        return 0
    with act_as(Actor.system()):
        waiting = Notification.objects.filter(
            way=Way.DIGEST, read_at=None, mailed_at=None, recipient__is_active=True
        ).exclude(recipient__email="")
        people = list(waiting.order_by("recipient_id").values_list("recipient_id", flat=True).distinct())
        for start in range(0, len(people), PEOPLE_IN_A_JOB):
            chunk = people[start : start + PEOPLE_IN_A_JOB]
            defer(DIGEST_TASK, queue=QUEUE, user_ids=chunk, today=today.isoformat())
    return len(people)


def _only_the_system(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))


def purge(*, by: Actor, today: date) -> int:
    """Remove what was read over half a year ago; returns how many rows went."""
    _only_the_system(by)
    limit = timezone.make_aware(datetime.combine(today - KEPT, datetime.min.time()))
    return Notification.objects.filter(read_at__lt=limit)._raw_delete("default")
