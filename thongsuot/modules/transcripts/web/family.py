"""Pages of parents and pupils: own transcripts, their files, what is wrong in them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import ActorPage, FormPage

from .. import actions, queries
from ..types import CorrectionState, TranscriptState
from .forms import AppealForm, ReportForm
from .one import FILES, file_answer, results_first
from .words import TONES, apart


class OwnList(ActorPage):
    title = _("Học bạ của tôi, của con")
    right = "transcripts.own"
    template_name = "transcripts/own_list.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        children = [
            (one.child, [(row, TONES[TranscriptState(row.state)]) for row in one.transcripts], one.taken_back)
            for one in queries.own_transcripts(self.actor)
        ]
        reports = queries.all_own_reports(self.actor)
        return render(request, self.template_name, {**self.frame(), "children": children, "reports": reports})


class OwnReport(FormPage):
    """What a family has reported and what became of it; it stays readable when the transcript was taken back. Where the
    school says that nothing is wrong, the Sở can be asked."""

    title = _("Báo sai sót trong học bạ")
    right = "transcripts.own"
    form_class = AppealForm
    template_name = "transcripts/own_report.html"
    submit_label = _("Đề nghị Sở xem lại")
    success_message = _("Đã gửi Sở. Kết luận hiện ở trang này.")

    def get_thing(self) -> Any:
        found = queries.own_report(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(OwnList.title, reverse("transcripts:own-list"))]

    def extra_context(self) -> dict[str, Any]:
        one = self.get_thing()
        return {"report": one, "may_appeal": one.state == CorrectionState.DISMISSED}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.appeal_report(by=by, report=thing, words=data["words"], now=timezone.now())

    def success(self, result: Any) -> str:
        return reverse("transcripts:own-answer", args=[self.kwargs["public_id"]])


class OwnTranscript(ActorPage):
    right = "transcripts.own"

    @cached_property
    def transcript(self) -> Any:
        found = queries.own_transcript(self.actor, self.kwargs["uuid"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(OwnList.title, reverse("transcripts:own-list"))]

    def trace(self, purpose: str) -> None:
        record_reading(by=self.actor, subject=self.transcript, purpose=purpose, ip=origin_of(self.request).ip)


class OwnPage(OwnTranscript):
    template_name = "transcripts/own.html"

    def get_title(self) -> Any:
        return f"{self.transcript.student_name}, {self.transcript.school_year.name}"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.transcript
        self.trace(_t("Gia đình xem học bạ"))
        check = queries.check_own(self.actor, row)
        whole, of_rows = apart(check.signatures)
        context = {
            "transcript": row,
            "tone": TONES[TranscriptState(row.state)],
            "sections": results_first(queries.profile_named(row.profile), check.content),
            "signatures": whole,
            "part_signatures": of_rows,
            "reports": queries.own_reports(self.actor, row),
        }
        return render(request, self.template_name, {**self.frame(), **context})


class OwnFile(OwnTranscript):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if kwargs["kind"] not in FILES:
            raise Http404
        self.trace(_t("Gia đình tải tệp học bạ"))
        return file_answer(self.transcript, kwargs["kind"], queries.own_file(self.actor, self.transcript))


class ReportPage(OwnTranscript, FormPage):
    title = _("Báo sai sót trong học bạ")
    form_class = ReportForm
    submit_label = _("Gửi nhà trường")
    success_message = _("Đã gửi. Nhà trường sẽ trả lời đúng hạn; câu trả lời hiện ở trang học bạ này.")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        row = self.transcript
        return [*super().breadcrumbs(), (row.student_name, reverse("transcripts:own", args=[row.uuid]))]

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.report_error(
            by=by, transcript=self.transcript, words=data["words"], now=timezone.now()
        )

    def success(self, result: Any) -> str:
        return reverse("transcripts:own", args=[self.transcript.uuid])
