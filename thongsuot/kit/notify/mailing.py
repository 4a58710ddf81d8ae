"""Letters: at once or once a day. Subjects say nothing of anybody: they show on locked phones and in logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from thongsuot.kit.notify.models import Notification
from thongsuot.kit.notify.types import Way

MAIL_TASK, DIGEST_TASK, QUEUE = "notify.mail", "notify.mail_digest", "mail"
MOST_IN_A_LETTER = 50


def mail_at_once(notification_ids: Sequence[int]) -> int:
    """A letter for each of these that is neither read nor mailed yet; returns how many went out."""
    rows = (
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient")
        .filter(
            pk__in=notification_ids, way=Way.EMAIL, mailed_at=None, read_at=None, recipient__is_active=True
        )
        .exclude(recipient__email="")
        .order_by("pk")
    )
    return _send((row.recipient, [row]) for row in rows)


def mail_digest(user_ids: Sequence[int]) -> int:
    """One letter for each of these people with all that waits for it; returns how many went out."""
    rows = (
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient")
        .filter(
            recipient__in=user_ids, way=Way.DIGEST, mailed_at=None, read_at=None, recipient__is_active=True
        )
        .exclude(recipient__email="")
        .order_by("recipient_id", "-pk")
    )
    by_person: dict[Any, list[Notification]] = {}
    for row in rows:
        by_person.setdefault(row.recipient, []).append(row)
    return _send(by_person.items())


def _send(letters: Iterable[tuple[Any, list[Notification]]]) -> int:
    letters = list(letters)
    if not letters:
        return 0
    with override("vi"):
        made = [_letter(person, rows) for person, rows in letters]
    get_connection().send_messages(made)
    sent = [row.pk for _person, rows in letters for row in rows]
    Notification.objects.filter(pk__in=sent).update(mailed_at=timezone.now())
    return len(made)


def _letter(person: Any, rows: list[Notification]) -> EmailMessage:
    subject = (
        _("Thông Suốt: thông báo mới")
        if len(rows) == 1
        else _("Thông Suốt: %(count)s thông báo") % {"count": len(rows)}
    )
    context = {
        "person": person,
        "rows": rows[:MOST_IN_A_LETTER],
        "more": max(0, len(rows) - MOST_IN_A_LETTER),
        "base": settings.BASE_URL,
    }
    return EmailMessage(subject, render_to_string("notify/letter.txt", context), to=[person.email])
