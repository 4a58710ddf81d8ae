"""One transcript: what it says, who has signed, what happened; its files; taking it back."""

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
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.pages.views import ActorPage, FormPage, PageLink
from thongsuot.modules.registry import queries as registry

from .. import actions, queries
from ..domain.steps import LIVE, STEPS, Verb
from ..types import TranscriptKind, TranscriptState
from .forms import DiscardForm, RecallForm
from .school import may_enter
from .words import TONES, apart, verbs

FILES = {"xml": "application/xml", "pdf": "application/pdf"}
# Asks for what the transcript says alone, to be read inside the list that is signed.
CONTENT = "noi-dung"
LAST = {"history": 1, "common": 2}
RECALLABLE = frozenset({*STEPS[Verb.ASK_RECALL], TranscriptState.ISSUED, TranscriptState.REFUSED})


class OneTranscript(ActorPage):
    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    @cached_property
    def transcript(self) -> Any:
        found = queries.transcript(self.actor, self.kwargs["uuid"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        row = self.transcript
        if row.holder_id != row.unit_id and not self.actor.can("transcripts.view", row.unit_id):
            # Classes are of the school that issued it.
            return [(_t("Học bạ số"), reverse("transcripts:class-list"))]
        above = f"{reverse('transcripts:class-list')}?truong={row.unit_id}&nam={row.school_year.name}"
        return [
            (_t("Học bạ số"), above),
            (row.class_name, reverse("transcripts:class", args=[row.school_class_id])),
        ]

    def trace(self, purpose: str) -> None:
        record_reading(by=self.actor, subject=self.transcript, purpose=purpose, ip=origin_of(self.request).ip)


class TranscriptPage(OneTranscript):
    template_name = "transcripts/transcript.html"

    def get_title(self) -> Any:
        return self.transcript.student_name

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.trace(_t("Xem học bạ"))
        if CONTENT in request.GET:
            row = self.transcript
            sections = results_first(queries.profile_named(row.profile), queries.content_of(row), whole=True)
            return render(request, "transcripts/_sections.html", {"sections": sections})
        return render(request, self.template_name, self.frame())

    def extra_context(self) -> dict[str, Any]:
        row = self.transcript
        profile = queries.profile_named(row.profile)
        content = queries.content_of(row)
        # What stood there before a change of civil status is not for everybody who reads what stands there now.
        past = queries.transcript(self.actor, row.replaces.uuid) if row.replaces_id else None
        before = queries.content_of(past) if past is not None else None
        words = verbs()
        whole, of_rows = apart(_named(queries.signatures_of(row), content))
        return {
            "transcript": row,
            "tone": TONES[TranscriptState(row.state)],
            "profile": profile,
            "sections": results_first(profile, content),
            "signatures": whole,
            "part_signatures": of_rows,
            "gaps": queries.gaps_of(self.actor, row),
            "differences": queries.shown_changes(profile, before, content) if before else [],
            "kind": "" if row.kind == TranscriptKind.YEAR else row.get_kind_display(),
            "copies": queries.paper_copies(self.actor, row),
            "pupil_url": self._pupil_url(row),
            "versions": queries.versions_of(self.actor, row),
            "entries": [
                {
                    "at": one.at,
                    "who": one.by.get_full_name() if one.by else _t("Hệ thống"),
                    "title": words.get(one.verb, one.verb),
                    "text": one.detail,
                }
                for one in queries.story(row)
            ],
            "links": self._links(row),
        }

    def _pupil_url(self, row: Any) -> str:
        """The whole record, for those who see the pupil's dossier."""
        if not self.actor.can("transcripts.view"):
            return ""
        found = (
            registry.students(self.actor)
            .filter(pk=row.student_id)
            .values_list("public_id", flat=True)
            .first()
        )
        return reverse("transcripts:pupil", args=[found]) if found else ""

    def _links(self, row: Any) -> list[PageLink]:
        found = []
        if row.issued_at and row.state in LIVE and self.actor.can("transcripts.prepare", row.holder_id):
            url = reverse("transcripts:paper-copy", args=[row.uuid])
            found.append(PageLink(_t("Bản giấy xác nhận"), url, "printer"))
        if row.issued_at:
            found.append(
                PageLink(_t("Tải PDF"), reverse("transcripts:file", args=[row.uuid, "pdf"]), "file-type-pdf")
            )
            found.append(
                PageLink(_t("Tải XML"), reverse("transcripts:file", args=[row.uuid, "xml"]), "download")
            )
        if self.actor.can("transcripts.prepare", row.unit_id):
            if row.state in RECALLABLE:
                url = reverse("transcripts:recall", args=[row.uuid])
                found.append(PageLink(_t("Thu hồi"), url, "arrow-back-up", "danger"))
            if row.state in STEPS[Verb.DISCARD]:
                url = reverse("transcripts:discard", args=[row.uuid])
                found.append(PageLink(_t("Bỏ bản này"), url, "trash", "danger"))
        return found


def results_first(profile: Any, content: Any, *, whole: bool = False) -> list[Any]:
    """All of it, with `whole` the codes too; how the year came out before codes of the province and the classes of before."""
    found = list(zip(profile.sections, queries.shown(profile, content, whole=whole), strict=True))
    found.sort(key=lambda one: LAST.get(one[0].key, 0))
    return [shown for _section, shown in found]


def _named(signatures: Any, content: Any) -> list[Any]:
    """Each with the name of the subject that it signs."""
    names = {row.get("subject_code"): row.get("subject_name", "") for row in content.get("subjects", [])}
    found = list(signatures)
    for one in found:
        one.subject = names.get(one.place, "")
    return found


class TranscriptFile(OneTranscript):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.transcript
        if kwargs["kind"] not in FILES or not row.issued_at:
            raise Http404
        self.trace(_t("Tải tệp học bạ"))
        return file_answer(row, kwargs["kind"], queries.file_of(row))


def file_answer(row: Any, kind: str, xml: bytes) -> HttpResponse:
    answer = HttpResponse(xml if kind == "xml" else b"", content_type=FILES[kind])
    if kind != "xml":
        _seal_afterwards(answer, queries.unsealed_pdf(row, xml))
    # The name says nothing of the pupil: files lie in download folders.
    answer["Content-Disposition"] = f'attachment; filename="hoc-ba-{row.uuid}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _seal_afterwards(answer: HttpResponse, unsealed: Any) -> None:
    """The authority of time-stamps is asked when the request's transaction has ended."""

    def seal(response: HttpResponse) -> None:
        response.content = unsealed.sealed()

    answer.after_transaction = seal  # type: ignore[attr-defined]


class TranscriptForm(OneTranscript, FormPage):
    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare", self.transcript.unit_id)

    def get_thing(self) -> Any:
        return self.transcript

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        row = self.transcript
        return [*super().breadcrumbs(), (row.student_name, reverse("transcripts:detail", args=[row.uuid]))]

    def success(self, result: Any) -> str:
        return reverse("transcripts:detail", args=[self.transcript.uuid])


class RecallPage(TranscriptForm):
    title = _("Thu hồi, điều chỉnh học bạ")
    form_class = RecallForm
    submit_label = _("Gửi yêu cầu")
    success_message = _("Đã gửi yêu cầu thu hồi.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        file_id = None
        if data["file"] is not None:
            stored = store_upload(
                by=by, upload=data["file"], owner_unit_id=thing.unit_id, kind="transcripts.recall"
            )
            file_id = stored.pk
        return actions.ask_recall(
            by=by,
            transcript=thing,
            reason=data["reason"],
            words=data["words"],
            file_id=file_id,
            now=timezone.now(),
        )


class DiscardPage(TranscriptForm):
    title = _("Bỏ bản học bạ chưa phát hành")
    form_class = DiscardForm
    submit_label = _("Bỏ bản này")
    success_message = _("Đã bỏ; lập lại sẽ thành phiên bản mới.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.discard(by=by, transcript=thing, reason=data["reason"], now=timezone.now())
