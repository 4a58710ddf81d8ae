"""What moves with a pupil: records handed over at the end of a level, results to date, paper copies; and the school's
certificates at the gateway."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import FormPage, PageLink
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.documents.types import CertificateMedium
from thongsuot.modules.gradebook import queries as gradebook

from .. import actions, queries, tasks
from ..domain.values import plain_serial
from ..types import TranscriptFault
from .forms import PaperForm, PartialForm, RegistrationForm
from .one import OneTranscript, TranscriptForm
from .school import OneClass, SchoolPage
from .words import PROVIDERS

PER_PAGE, RECENT = 25, 10


class HandOverPage(SchoolPage):
    """Who is still to be taken over, who completed the level and is kept here, what was handed over. POST: take over."""

    title = _("Bàn giao học bạ")
    template_name = "transcripts/hand_over.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.view")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        unit = self.unit
        waiting = queries.waiting_hand_overs(self.actor).filter(to_unit=unit) if unit else ()
        given = queries.to_be_given(self.actor, unit.pk) if unit else ()
        kept = queries.left_with_us(self.actor, unit.pk) if unit else []
        told = {row.student_id for row in waiting}
        context = {
            "unit": unit,
            "waiting": self._part(waiting, "cho"),
            "others": [one for one in self._left() if one.student_id not in told],
            "given": self._by_school(given),
            "kept": self._part(kept, "giu"),
            "done": queries.done_hand_overs(self.actor)[:RECENT],
            "list_url": reverse("transcripts:hand-over-list"),
            "awaited": queries.owed_to(self.actor, unit.pk) if unit else 0,
            "owed": queries.owed_by(self.actor, unit.pk) if unit else 0,
            "may_take": unit is not None and self.actor.can("transcripts.prepare", unit.pk),
            "links": [
                PageLink(_t("Hoàn thành cấp học"), reverse("transcripts:completed-list"), "school"),
                PageLink(_t("Các lần bàn giao"), reverse("transcripts:hand-over-list"), "list"),
                PageLink(_t("Kết quả khi chuyển"), reverse("transcripts:awaited-list"), "transfer"),
                PageLink(_t("Sổ bản giấy"), reverse("transcripts:paper-copy-list"), "printer"),
                PageLink(_t("Từ tỉnh khác"), reverse("transcripts:foreign-list"), "upload"),
            ],
        }
        return render(request, self.template_name, {**self.frame(), **context})

    def _left(self) -> list[Any]:
        """All that the school may take, whether the schools were told of it or not."""
        return queries.to_be_taken(self.actor, self.unit.pk) if self.unit else []

    def _by_school(self, rows: Any) -> list[tuple[str, int, int]]:
        """(next school, pupils who wait, those of them that the school has confirmed)"""
        found: dict[str, list[bool]] = {}
        for row in rows:
            found.setdefault(row.to_unit.name, []).append(row.given_at is not None)
        return [(name, len(said), sum(said)) for name, said in sorted(found.items())]

    def _part(self, rows: Any, name: str) -> Any:
        """The asked page of one of the two lists; each has its own number in the address."""
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get(name))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.unit is None or not self.actor.can("transcripts.prepare", self.unit.pk):
            raise Http404
        wanted = [one.student_id for one in self._left()]
        number = actions.hand_over_records(
            by=self.actor, student_ids=wanted, to_unit_id=self.unit.pk, now=timezone.now()
        )
        messages.success(request, _t("Đã nhận %(n)d học bạ về trường.") % {"n": number})
        return HttpResponseRedirect(f"{reverse('transcripts:hand-over')}?truong={self.unit.pk}")


class PartialPage(OneClass, FormPage):
    """The result to date of a pupil who leaves the class during the year."""

    title = _("Kết quả đến khi chuyển trường")
    form_class = PartialForm
    submit_label = _("Lập kết quả")
    success_message = _("Đã lập. Hiệu trưởng ký, sau đó ký phát hành và gửi Sở.")

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare", self.school_class.unit_id)

    def get_thing(self) -> Any:
        wanted = self.kwargs["student_id"]
        found = next(
            (
                one
                for one in queries.leavers(self.actor, self.school_class)
                if one.student_id == wanted and one.transcript is None
            ),
            None,
        )
        if found is None:
            raise Http404
        return found

    def initial(self, thing: Any) -> dict[str, Any]:
        # The last day may lie ahead: agreed on, and not come yet.
        today = timezone.localdate()
        return {"up_to": min(thing.left_on or today, today)}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        one = self.school_class
        return [*super().breadcrumbs(), (one.name, reverse("transcripts:class", args=[one.pk]))]

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        record = gradebook.record_of_leaver(by, self.school_class, thing.student_id)
        if record is None:
            raise TranscriptFault(_t("Lớp chưa có sổ điểm của học sinh này."))
        built = actions.initialise_partial(
            by=by,
            school_class=self.school_class,
            record=record,
            up_to=data["up_to"],
            basis=data["basis"],
            now=timezone.now(),
        )
        if not built.made:
            gaps = "; ".join(f"{p.where}: {_t(p.reason)}" for one in built.unready for p in one.problems)
            raise TranscriptFault(_t("Chưa lập được: %(gaps)s") % {"gaps": gaps})
        return built

    def success(self, result: Any) -> str:
        return reverse("transcripts:class", args=[self.school_class.pk])


class PaperCopyPage(TranscriptForm):
    """A certified copy for a school that keeps paper."""

    title = _("Cấp bản giấy có xác nhận")
    form_class = PaperForm
    submit_label = _("Cấp số và in")
    success_message = _("Đã cấp số. Mở bản giấy ở mục Bản giấy đã cấp để in.")

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare", self.transcript.holder_id)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"purpose": _t("chuyển trường")}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.issue_paper_copy(by=by, transcript=thing, now=timezone.now(), **data)

    def success(self, result: Any) -> str:
        return reverse("transcripts:detail", args=[self.transcript.uuid])


class PaperFile(OneTranscript):
    """The print of a copy under its number, the same each time."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        copy = queries.paper_copy(self.actor, kwargs["public_id"])
        if copy is None or copy.transcript_id != self.transcript.pk:
            raise Http404
        self.trace(_t("In bản giấy của học bạ"))
        pdf = queries.paper_copy_pdf(copy, queries.file_of(self.transcript))
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="ban-giay-{copy.number}-{copy.year}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer


class AtGateway(SchoolPage, FormPage):
    """The school's certificates as the Sở's gateway knows them; registering the one in force."""

    title = _("Chứng thư số của trường tại cổng")
    template_name = "transcripts/at_gateway.html"
    form_class = RegistrationForm
    submit_label = _("Đăng ký chứng thư đang dùng")
    success_message = _("Đã gửi đăng ký. Sở duyệt xong, trường gửi được học bạ.")

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare")

    def get_thing(self) -> Any:
        if self.unit is None or not self.actor.can("transcripts.prepare", self.unit.pk):
            raise Http404
        return self.unit

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        terms = queries.exchange()
        return {"kinds": terms.signature_kinds, "providers": terms.providers}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    @cached_property
    def seal(self) -> Any:
        """The school's certificate in force; None when it has none."""
        return documents.certificate_for(unit=self.unit, at=timezone.now())

    def initial(self, thing: Any) -> dict[str, Any]:
        """What the certificate itself tells."""
        if self.seal is None:
            return {}
        kind = "USB_TOKEN" if self.seal.medium == CertificateMedium.TOKEN else "REMOTE_SIGNING"
        named = f"{self.seal.provider} {self.seal.issuer}".casefold()
        known = ((code, str(PROVIDERS.get(code, code)).casefold()) for code in queries.exchange().providers)
        found = next((code for code, words in known if words in named), None)
        return {"signature_kind": kind, **({"provider": found} if found else {})}

    def extra_context(self) -> dict[str, Any]:
        rows = queries.registrations(self.actor, self.unit.pk)
        tones = {serial: tone for serial, _words, tone, _reason in rows}
        tone = tones.get(plain_serial(self.seal.serial), "") if self.seal is not None else ""
        return {"unit": self.unit, "rows": rows, "seal": self.seal, "seal_tone": tone}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        dispatch = actions.register_at_gateway(by=by, unit=thing, now=timezone.now(), **data)
        tasks.start_sending(by=by, dispatches=[dispatch])
        return dispatch

    def success(self, result: Any) -> str:
        return reverse("transcripts:at-gateway")
