"""Rows for the house test of list pages."""

from __future__ import annotations

from django.utils import timezone

from thongsuot.kit.notify.models import Notification


def make_notifications(number, actor):
    for _ in range(number):
        Notification.objects.create(
            recipient_id=actor.user_id,
            kind="tests.given",
            title="Nhiệm vụ mới",
            url="/",
            way="in_app",
            created_at=timezone.now(),
        )


ROWS = {"notify:list": make_notifications}
