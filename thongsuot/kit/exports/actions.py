"""Writes of the room: ask for a file, write it, throw it away when its time is over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.exports.models import Export
from thongsuot.kit.exports.queries import exports_of
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import JobTask
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.pages.giving import GivesFile, Wanted
from thongsuot.kit.postgres.isolation import act_as

READY = "exports.ready"
# What says that a file was there once is kept longer than the file: an old notice then leads back to the list.
REMEMBERED = timedelta(days=180)
# First key of the advisory lock under which one person asks.
LOCK_SPACE = 20261126


@transaction.atomic
def ask_for_file(*, by: Actor, wanted: Wanted, task: JobTask) -> Export:
    """Have the file made in the background; the same file asked for twice while it is made is one file.

    Raises NotAllowed for whoever is not signed in.
    """
    if by.user_id is None:
        raise NotAllowed(_("Hãy đăng nhập."))
    _one_at_a_time(by.user_id)
    asked = {"path": wanted.path, "query": wanted.query, "kind": wanted.kind}
    under_way = exports_of(by).filter(job__state__in=[JobState.WAITING, JobState.RUNNING], **asked).first()
    if under_way is not None:
        return under_way
    made = Export.objects.create(
        user_id=by.user_id,
        title=wanted.title[:200],
        name=wanted.name[-200:],
        rows=wanted.rows,
        language=get_language() or settings.LANGUAGE_CODE,
        **asked,
    )
    title = _("Xuất: %(title)s") % {"title": wanted.title}
    made.job = start_job(by=by, task=task, title=title, export_id=made.pk)
    made.save(update_fields=["job"])
    return made


def _one_at_a_time(user_id: int) -> None:
    """A double click comes as two requests."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, user_id % 2**31])


def write_file(*, by: Actor, export: Export, progress: Progress) -> str:
    """Make the file with what `by` may see now, keep it, tell them; returns its address.

    Raises NotAllowed when the page is no longer theirs; Refused as the page does.
    """
    with override(export.language):
        page = _page(by, export)
        if not page.allowed(by):
            raise NotAllowed(_("Anh/chị không còn quyền xem danh sách này."))
        export.rows = page.file_rows().order_by().count()
        progress.set(0, export.rows, _("Đang ghi các dòng"))
        with page.make_file(export.kind, progress.set) as made:
            export.stored_as = default_storage.save(f"exports/{export.public_id}.{export.kind}", File(made))
        export.save(update_fields=["rows", "stored_as"])
        url = reverse("exports:download", args=[export.public_id])
        notify(
            recipients=[export.user_id],
            kind=READY,
            title=_("Tệp đã lập xong: %(title)s") % {"title": export.title},
            body=_("%(rows)d dòng. Tệp được giữ %(days)d ngày.")
            % {"rows": export.rows, "days": settings.EXPORT_KEPT_DAYS},
            url=url,
        )
    return url


def _page(by: Actor, export: Export) -> GivesFile:
    """The page that was asked, as the person would open it today."""
    match = resolve(export.path)
    request: Any = HttpRequest()
    request.method, request.path, request.path_info = "GET", export.path, export.path
    request.GET, request.htmx, request.actor = QueryDict(export.query), False, by
    request.user, request.resolver_match = export.user, match
    page = match.func.view_class()  # type: ignore[attr-defined]
    page.setup(request, *match.args, **match.kwargs)
    return page


def purge(*, by: Actor, today: date) -> int:
    """Throw away the files that are older than settings.EXPORT_KEPT_DAYS; returns how many."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        old = Export.objects.exclude(stored_as="").filter(
            created_at__lt=_start(today - timedelta(days=settings.EXPORT_KEPT_DAYS))
        )
        names = dict(old.values_list("pk", "stored_as"))
        for name in names.values():
            default_storage.delete(name)
        Export.objects.filter(pk__in=names).update(stored_as="")
        Export.objects.filter(created_at__lt=_start(today - REMEMBERED)).delete()
    return len(names)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
