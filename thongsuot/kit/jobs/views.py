from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.jobs import actions, queries
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.types import TONES, JobState
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ListPage


class JobTable(Table):
    title = Column()
    state = Column()
    progress = Column(verbose_name=gettext_lazy("Tiến độ"), empty_values=(), orderable=False)
    message = Column(orderable=False)
    requested_by = Column(order_by="requested_by__full_name")
    created_at = DateTimeColumn()
    finished_at = DateTimeColumn()
    hidden = ("requested_by",)

    class Meta:
        model = Job
        fields = ()

    def render_progress(self, record: Job) -> str:
        return f"{record.done}/{record.total}" if record.total else ""


class JobFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=JobState, label=gettext_lazy("Trạng thái"))

    class Meta:
        model = Job
        fields = ("state",)


class JobList(ListPage):
    title = gettext_lazy("Việc nền")
    table_class = JobTable
    filterset_class = JobFilter
    search_fields = ("title",)
    detail_url = "jobs:detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa có việc nào")
    empty_text = gettext_lazy("Nhập liệu, xuất báo cáo lớn... chạy ở đây để anh/chị không phải chờ.")

    def allowed(self, actor: Actor) -> bool:
        return actor.is_authenticated

    def query(self, actor: Actor) -> QuerySet[Job]:
        return queries.jobs_of(actor)


@require_safe
def detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The whole page, or the changing part of it when the page itself asks."""
    job = get_object_or_404(queries.jobs_of(request.actor), public_id=public_id)  # type: ignore[attr-defined]
    part = request.htmx and request.htmx.target == "viec"  # type: ignore[attr-defined]
    return render(request, "jobs/state.html" if part else "jobs/detail.html", _context(job))


def _context(job: Job) -> dict[str, Any]:
    waits = job.state == JobState.WAITING
    return {
        "job": job,
        "tone": TONES[JobState(job.state)],
        "nobody_works": waits and not queries.is_anyone_working(),
    }


@require_POST
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return _change(request, public_id, actions.cancel_job, _("Đã yêu cầu dừng."))


@require_POST
def retry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return _change(request, public_id, actions.retry_job, _("Đã xếp hàng chạy lại."))


def _change(request: HttpRequest, public_id: uuid.UUID, action: Any, said: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    job = get_object_or_404(queries.jobs_of(actor), public_id=public_id)
    try:
        action(by=actor, job=job)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("jobs:detail", public_id=public_id)
