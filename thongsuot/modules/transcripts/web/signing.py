"""Signing a list: it is shown whole, one authorisation covers it, and then it is watched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.jobs.actions import cancel_job
from thongsuot.kit.jobs.queries import is_anyone_working
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.documents import actions as documents

from .. import actions, queries, tasks
from ..types import SessionState, SignerRole
from .school import SchoolPage
from .words import ROLE_ACTS

# So long the page tells how a list that was authorised has ended.
REMEMBERED = timedelta(hours=1)


class SignPage(SchoolPage):
    """GET: exactly what is to be signed. POST: the list of keys that was shown, authorised."""

    template_name = "transcripts/sign.html"

    def role(self) -> SignerRole:
        try:
            return SignerRole(self.kwargs["role"])
        except ValueError as error:
            raise Http404 from error

    def get_title(self) -> Any:
        return ROLE_ACTS.get(self.role(), "")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def _class_id(self) -> int | None:
        asked = self.request.GET.get("lop", "") or self.request.POST.get("lop", "")
        return int(asked) if asked.isdecimal() else None

    def _rows(self) -> list[Any]:
        role = self.role()
        if (
            self.unit is None
            or role == SignerRole.SUBJECT
            or role not in queries.roles_of(self.actor, self.unit.pk)
        ):
            raise Http404
        return queries.signable(self.actor, role, school_class_id=self._class_id(), unit_id=self.unit.pk)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(self._rows())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self._rows()
        shown = {int(one) for one in request.POST.getlist("ban") if one.isdecimal()}
        chosen = [row.pk for row in rows if row.pk in shown]
        if not chosen or len(chosen) != len(shown):
            messages.warning(request, _t("Danh sách đã thay đổi. Hãy xem lại rồi ký."))
            return self._show(self._rows(), status=409)
        try:
            with transaction.atomic():
                session = actions.open_session(
                    by=self.actor, role=self.role(), transcript_ids=chosen, now=timezone.now()
                )
                tasks.start_signing(by=self.actor, session=session)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return self._show(rows, status=422)
        return HttpResponseRedirect(reverse("transcripts:session", args=[session.public_id]))

    def _show(self, rows: list[Any], status: int = 200) -> HttpResponse:
        by_class: dict[int, list[Any]] = {}
        outcomes = queries.outcomes(rows)
        for row in rows:
            row.outcome = outcomes[row.pk]
            by_class.setdefault(row.school_class_id, []).append(row)
        groups = [(group[0].school_class, group) for group in by_class.values()]
        context = {
            **self.frame(),
            "groups": groups,
            "count": len(rows),
            "class_id": self._class_id() or "",
            "role": self.role(),
        }
        since = timezone.now() - REMEMBERED
        context["sessions"] = queries.recent_sessions(self.actor, self.role(), self.unit.pk, since=since)
        return render(self.request, self.template_name, {**context, "unit": self.unit}, status=status)


class SessionPage(ActorPage):
    """How far a list has come; asks again by itself while it runs."""

    template_name = "transcripts/session.html"

    def allowed(self, actor: Any) -> bool:
        return actor.is_authenticated

    def get_title(self) -> Any:
        return _t("Lần ký học bạ")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = self._standing(self._session())
        part = request.htmx  # type: ignore[attr-defined]
        if not part:
            return render(request, self.template_name, {**self.frame(), **context})
        answer = render(request, "transcripts/_session.html", context)
        if (context["desk"] is not None) != ("cho" in request.GET):
            # The box with the code stands beside the part that asks: both come anew.
            answer["HX-Refresh"] = "true"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The one who authorised stops it, gets a code for the desk, or has it taken up again after its job has ended
        early."""
        session = self._session()
        if session.authorised_by_id != self.actor.user_id:
            raise Http404
        asked = request.POST.get("lam", "")
        desk = self._desk(session)
        if asked == "ma" and desk is not None:
            return self._show_code(session, desk)
        if asked == "gui":
            self._send(session)
        elif session.state != SessionState.OPEN:
            messages.warning(request, _t("Lần ký này đã kết thúc."))
        elif asked == "dung":
            self._stop(session)
        elif asked != "ma":
            tasks.start_signing(by=self.actor, session=session)
            messages.success(request, _t("Đang ký tiếp số học bạ còn lại."))
        return HttpResponseRedirect(reverse("transcripts:session", args=[session.public_id]))

    def _desk(self, session: Any) -> Any:
        """What waits for the token: the list itself, or afterwards its packet for the Sở."""
        own = queries.at_desk(self.actor, session)
        return own or queries.desk_of_dispatches(self.actor, queries.dispatches_after(self.actor, session))

    def _send(self, session: Any) -> None:
        """The step after the seal, from the same page: what was sealed goes to the Sở."""
        ids = queries.to_send_after(self.actor, session)
        if not ids:
            messages.warning(self.request, _t("Chưa có học bạ nào đã phát hành để gửi."))
            return
        try:
            with transaction.atomic():
                dispatches = actions.send(by=self.actor, transcript_ids=ids, now=timezone.now())
                tasks.start_sending(by=self.actor, dispatches=dispatches)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(self.request, error.message)

    def _show_code(self, session: Any, desk: Any) -> HttpResponse:
        """A new code for the program at the desk; shown once, in this answer."""
        code = documents.issue_desk_code(by=self.actor, signing=desk, now=timezone.now())
        context = {**self.frame(), **self._standing(session), "code": code}
        answer = render(self.request, self.template_name, context)
        answer["Cache-Control"] = "no-store"
        return answer

    def _session(self) -> Any:
        session = queries.session(self.actor, self.kwargs["public_id"])
        if session is None:
            raise Http404
        return session

    def _stop(self, session: Any) -> None:
        job = queries.signing_job(session)
        if job is not None and job.state == JobState.RUNNING:
            # At its next portion, which closes the session.
            cancel_job(by=self.actor, job=job)
            messages.success(self.request, _t("Sẽ dừng sau nhóm học bạ đang ký."))
            return
        if job is not None and not job.is_finished:
            cancel_job(by=self.actor, job=job)
        reason = _t("Người ký đã dừng; những học bạ đã ký được giữ.")
        actions.stop_session(by=self.actor, session=session, reason=reason, now=timezone.now())
        messages.success(self.request, _t("Đã dừng. Số học bạ chưa ký có thể ký lại ở lần khác."))

    def _standing(self, session: Any) -> dict[str, Any]:
        """standing: "running", "waiting" (for a worker), "desk" (for the signer's token), "ended" (its job has, the list
        has not), "" when it is over."""
        is_own = session.authorised_by_id == self.actor.user_id
        sent = queries.dispatches_after(self.actor, session) if is_own else []
        own_desk = queries.at_desk(self.actor, session)
        desk = own_desk or (queries.desk_of_dispatches(self.actor, sent) if sent else None)
        standing, nobody, stopping = "", False, False
        if session.state == SessionState.OPEN:
            job = queries.signing_job(session) if is_own else None
            standing = "running" if job is None and not is_own else "ended"
            if job is not None and not job.is_finished:
                standing = "running" if job.state == JobState.RUNNING else "waiting"
                nobody, stopping = not is_anyone_working(), job.cancel_requested
            elif own_desk is not None:
                standing = "desk"
        return {
            "session": session,
            "desk": desk,
            "signed": session.signatures.count(),
            "standing": standing,
            "nobody_works": nobody,
            "stopping": stopping,
            "is_own": is_own,
            "to_send": len(queries.to_send_after(self.actor, session)) if is_own else 0,
            "sent": sent,
            # Asked again by itself while something is on its way.
            "polls": session.state == SessionState.OPEN or any(one.state == "waiting" for one in sent),
        }
