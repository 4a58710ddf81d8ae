"""Pages on which a document is signed: what one has signed, a new one, one that is shown and then signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.jobs.queries import is_anyone_working
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.pages.records import RecordPage
from thongsuot.kit.pages.views import ActorPage, CreatePage, ListPage

from .. import actions, queries, tasks
from ..domain import pdf_pages
from ..permissions import OWN, USE_SEAL
from ..types import DocumentKind, DocumentState
from .forms import DocumentForm
from .tables import DocumentFilter, DocumentTable

# Pages that are shown at once; the others are fetched as one scrolls to them.
MOST_PAGES = 300


class ForDocuments(ActorPage):
    """For everybody with a certificate of one's own or a seal in one's keeping."""

    def allowed(self, actor: Actor) -> bool:
        return actor.user_id is not None and (actor.can(OWN) or actor.can(USE_SEAL))


class SigningList(ForDocuments, ListPage):
    title = gettext_lazy("Ký văn bản")
    table_class = DocumentTable
    filterset_class = DocumentFilter
    search_fields = ("title", "reason", "certificate__holder")
    search_hint = gettext_lazy("Tên văn bản, lý do, người ký")
    detail_url = "documents:signing"
    detail_key = "public_id"
    create_url = "documents:signing-new"
    create_label = gettext_lazy("Ký văn bản mới")
    empty_title = gettext_lazy("Chưa ký văn bản nào")
    empty_text = gettext_lazy(
        "Đưa lên tệp PDF hoặc XML, xem đúng nội dung sẽ ký, rồi ký bằng chứng thư số đã đăng ký."
    )

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.document_signings(actor)


class SigningNew(ForDocuments, CreatePage):
    title = gettext_lazy("Ký văn bản mới")
    template_name = "documents/signing_new.html"
    form_class = DocumentForm
    submit_label = gettext_lazy("Xem nội dung sẽ ký")
    success_message: Any = ""
    success_url = "documents:signing"
    result_key = "public_id"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Ký văn bản"), reverse("documents:signing-list"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {
            "certificates": queries.signing_certificates(self.actor),
            "levels": queries.levels_at_hand(),
        }

    def frame(self) -> dict[str, Any]:
        found = {**super().frame(), "out_of_use": queries.out_of_use(self.actor)}
        found["has_certificate"] = bool(queries.signing_certificates(self.actor))
        return found

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.send_document(
            by=by,
            certificate=data["certificate"],
            upload=data["file"],
            level=data["level"],
            reason=data["reason"],
            now=timezone.now(),
        )


class _One(ForDocuments, RecordPage):
    lookup = "public_id"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.document_signings(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Ký văn bản"), reverse("documents:signing-list"))]


class SigningPage(_One):
    """GET: exactly what is to be signed, or was. POST: the signer's yes; taking it back; stopping."""

    template_name = "documents/signing.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return self._still()
        return self._show()

    def _still(self) -> HttpResponse:
        """Asked by the page while it is being signed: the whole page anew when something has changed."""
        standing = self._standing()["standing"]
        answer = HttpResponse(status=204)
        if standing != self.request.GET.get("dang", ""):
            answer["HX-Refresh"] = "true"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked, row = request.POST.get("lam", ""), self.thing
        try:
            with transaction.atomic():
                if asked == "bo":
                    actions.drop_document(by=self.actor, signing=row)
                    messages.success(request, _("Đã bỏ tệp chưa ký."))
                    return HttpResponseRedirect(reverse("documents:signing-list"))
                self._act(asked, row)
        except NotAllowed:
            raise
        except Refused as fault:
            messages.error(request, fault.message)
        return HttpResponseRedirect(request.path)

    def _act(self, asked: str, row: Any) -> None:
        if asked == "ky":
            row = actions.authorise_document(by=self.actor, signing=row, now=timezone.now())
            tasks.start_document(by=self.actor, signing=row)
        elif asked == "tiep" and row.state == DocumentState.OPEN and row.asked_by_id == self.actor.user_id:
            tasks.start_document(by=self.actor, signing=row)
        elif asked == "dung":
            actions.stop_document(by=self.actor, signing=row, now=timezone.now())

    def _standing(self) -> dict[str, Any]:
        """standing: "running", "waiting" (for a worker), "desk" (for the token), "ended" (the job has, the signing has not),
        else the state of the document."""
        row = self.thing
        is_own = row.asked_by_id == self.actor.user_id
        desk = queries.desk_waiting(self.actor).filter(reference=row.public_id).first() if is_own else None
        standing = str(row.state)
        if row.state == DocumentState.OPEN and desk is not None:
            standing = "desk"
        elif row.state == DocumentState.OPEN:
            job = tasks.document_job(row) if is_own else None
            standing = "running" if not is_own else "ended"
            if job is not None and not job.is_finished:
                standing = "running" if job.state == JobState.RUNNING else "waiting"
        return {"standing": standing, "desk": desk, "is_own": is_own}

    def _show(self) -> HttpResponse:
        row, context = self.thing, self._standing()
        context["nobody_works"] = context["standing"] == "waiting" and not is_anyone_working()
        context.update(queries.files_of(row))
        try:
            data = queries.source_of(row)
            if row.kind == DocumentKind.XML:
                context["text"], context["is_whole"] = queries.xml_text(data)
            else:
                pages = pdf_pages.page_count(data)
                context["pages"], context["page_count"] = range(1, min(pages, MOST_PAGES) + 1), pages
        except Refused as fault:
            context["unshown"] = fault.message
        return render(self.request, self.template_name, {**self.frame(), "signing": row, **context})


class SigningPicture(_One):
    """A page of a PDF as a picture; the browser keeps it for some minutes."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row, number = self.thing, kwargs["number"]
        if row.kind != DocumentKind.PDF:
            raise Http404
        try:
            picture = pdf_pages.page_picture(queries.source_of(row), number - 1)
        except (pdf_pages.Unreadable, Refused) as fault:
            raise Http404 from fault
        answer = HttpResponse(picture, content_type="image/webp")
        answer["Cache-Control"] = "private, max-age=300"
        return answer
