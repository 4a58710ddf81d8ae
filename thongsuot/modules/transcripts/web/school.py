"""Pages of the school: classes on their way, one class, what is added by hand, making and sending."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage, PageLink
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from .. import actions, queries, tasks
from ..types import SignerRole, TranscriptState
from .forms import PupilForm
from .lacking import Lacking, gaps_together
from .words import ROLE_ACTS, TONES, TURN_WORDS

RIGHTS = ("transcripts.view", "transcripts.sign_homeroom")


def may_enter(actor: Actor) -> bool:
    return any(actor.can(right) for right in RIGHTS)


class SchoolPage(ActorPage):
    """A page about one school and year, both in the address; the actor's own school where none is named."""

    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    @cached_property
    def year(self) -> Any:
        asked = self.request.GET.get("nam", "") or self.request.POST.get("nam", "")
        years = list(organization.school_years())
        found = next((one for one in years if one.name == asked), None)
        return found or year_at_hand(years)

    @cached_property
    def unit(self) -> Any:
        asked = self.request.GET.get("truong", "") or self.request.POST.get("truong", "")
        schools = organization.schools(self.actor)
        if asked.isdecimal():
            school = schools.filter(pk=int(asked)).first()
        else:
            own = [h.unit_id for h in self.actor.holdings if h.unit_kind == "school"]
            school = schools.filter(pk__in=own).first()
        return school.unit if school else None


def year_at_hand(years: list[Any]) -> Any:
    """The year whose transcripts are being made: the one that ends next or has just ended."""
    today = timezone.localdate()
    begun = [one for one in years if one.starts_on <= today]
    if not begun:
        return years[0] if years else None
    newest = max(begun, key=lambda one: one.starts_on)
    before = [one for one in begun if one.starts_on < newest.starts_on]
    # Until the second term nobody closes the running year.
    if before and (today - newest.starts_on).days < 120:
        return max(before, key=lambda one: one.starts_on)
    return newest


def _act(actor: Actor, role: SignerRole, unit_id: int, class_id: int | None) -> list[dict[str, Any]]:
    """A button to what the actor signs in the role, with how much it is; none where nothing waits."""
    if role == SignerRole.SUBJECT:
        count = queries.parts_waiting(actor, unit_id, class_id)
        address = reverse("transcripts:sign-parts")
    else:
        count = len(queries.signable(actor, role, school_class_id=class_id, unit_id=unit_id))
        address = reverse("transcripts:sign", args=[role.value])
    query = f"?truong={unit_id}" + (f"&lop={class_id}" if class_id else "")
    return [{"url": address + query, "label": ROLE_ACTS[role], "count": count}] if count else []


class ClassBoard(SchoolPage):
    title = _("Học bạ số")
    template_name = "transcripts/classes.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.unit is None and self.actor.can("transcripts.view"):
            return HttpResponseRedirect(reverse("transcripts:board"))
        return render(request, self.template_name, self.frame())

    def links(self) -> list[PageLink]:
        """What the menu does not lead to."""
        if self.unit is None:
            return []
        found = []
        if self.actor.can("transcripts.prepare", self.unit.pk):
            address = reverse("importing:upload", args=["transcripts.supplements"])
            found.append(PageLink(_t("Nhập thông tin bổ sung"), address, "file-import"))
        if self.actor.can("transcripts.view"):
            found.append(PageLink(_t("Từ chối ký"), reverse("transcripts:objection-list"), "message"))
        if self.actor.can("transcripts.prepare", self.unit.pk):
            url = f"{reverse('transcripts:at-gateway')}?truong={self.unit.pk}"
            found.append(PageLink(_t("Chứng thư tại cổng"), url, "certificate"))
        return found

    def extra_context(self) -> dict[str, Any]:
        if self.unit is None or self.year is None:
            return {"lines": [], "unit": self.unit, "year": self.year, "links": []}
        lines = queries.class_lines(self.actor, unit_id=self.unit.pk, school_year=self.year)
        return {
            "lines": [(line, [(TURN_WORDS[turn], n) for turn, n in line.turns]) for line in lines],
            "unit": self.unit,
            "year": self.year,
            "years": [one.name for one in organization.school_years()],
            "due_on": queries.due_on(self.year, self.unit.school.levels),
            "may_prepare": self.actor.can("transcripts.prepare", self.unit.pk),
            "sendable": len(queries.sendable(self.actor, self.unit.pk)),
            "signing": self._signing(),
            "at_desk": documents.desk_waiting(self.actor).count(),
            "lacking": sum(line.lacking for line in lines),
            "total": sum(line.pupils for line in lines),
            "done": sum(line.done for line in lines),
            "issued": sum(line.issued for line in lines),
            "links": self.links(),
        }

    def _signing(self) -> list[dict[str, Any]]:
        """For each role of the actor: how many wait for the signature."""
        found = []
        for role in queries.roles_of(self.actor, self.unit.pk):
            found += _act(self.actor, role, self.unit.pk, None)
        return found


class BuildPage(SchoolPage):
    """POST: make the transcripts of the chosen classes, or of all, in the background."""

    right = "transcripts.prepare"

    def allowed(self, actor: Actor) -> bool:
        return actor.can(self.right)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.unit is None or not self.actor.can(self.right, self.unit.pk):
            raise Http404
        wanted = {int(one) for one in request.POST.getlist("lop") if one.isdecimal()}
        classes = registry.classes(self.actor, school_year_id=self.year.pk, unit_id=self.unit.pk)
        ids = list(classes.filter(grade__range=(1, 12)).values_list("pk", flat=True))
        chosen = [pk for pk in ids if pk in wanted] if wanted else ids
        if not chosen:
            messages.warning(request, _t("Không có lớp nào để lập học bạ."))
            return HttpResponseRedirect(reverse("transcripts:class-list"))
        job = tasks.start_building(by=self.actor, unit=self.unit, class_ids=chosen)
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))


class SendPage(SchoolPage):
    """POST: send what is issued to the Sở."""

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.unit is None:
            raise Http404
        wanted = [int(one) for one in request.POST.getlist("lop") if one.isdecimal()]
        ids = queries.sendable(self.actor, self.unit.pk, wanted)
        if not ids:
            messages.warning(request, _t("Chưa có học bạ nào đã phát hành để gửi."))
            return HttpResponseRedirect(reverse("transcripts:class-list"))
        try:
            with transaction.atomic():
                dispatches = actions.send(by=self.actor, transcript_ids=ids, now=timezone.now())
                job = tasks.start_sending(by=self.actor, dispatches=dispatches)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("transcripts:class-list"))
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))


class ArchivePage(SchoolPage):
    """POST: the issued transcripts of the school's year as one file, made in the background."""

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.prepare")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.unit is None or self.year is None:
            raise Http404
        try:
            job = tasks.start_archive(by=self.actor, unit=self.unit, school_year=self.year)
        except NotAllowed:
            raise
        except Refused as error:
            messages.warning(request, error.message)
            return HttpResponseRedirect(reverse("transcripts:class-list"))
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))


class OneClass(ActorPage):
    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    @cached_property
    def school_class(self) -> Any:
        found = registry.classes(self.actor).filter(pk=self.kwargs["pk"], grade__range=(1, 12)).first()
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        back = f"{reverse('transcripts:class-list')}?truong={self.school_class.unit_id}&nam={self.school_class.school_year.name}"
        return [(_t("Học bạ số"), back)]


class ClassPage(OneClass):
    template_name = "transcripts/class.html"

    def get_title(self) -> Any:
        return _t("Học bạ lớp %(name)s") % {"name": self.school_class.name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.frame())

    def extra_context(self) -> dict[str, Any]:
        one = self.school_class
        by_student = {row.student_id: row for row in queries.pupils_of(self.actor, one)}
        live = list(queries.live_of_class(self.actor, one).order_by("sort_key", "pk"))
        lacking = self._lacking(by_student)
        signing = []
        for role in queries.roles_of(self.actor, one.unit_id):
            signing += _act(self.actor, role, one.unit_id, one.pk)
        return {
            "school_class": one,
            "rows": [(row, TONES[TranscriptState(row.state)]) for row in live],
            "lacking": lacking,
            "gaps": gaps_together(lacking),
            "ready": sum(one.is_ready for one in lacking),
            "signing": signing,
            "others": [
                (row, TONES[TranscriptState(row.state)]) for row in queries.others_of_class(self.actor, one)
            ],
            "leavers": queries.leavers(self.actor, one),
            "may_prepare": self.actor.can("transcripts.prepare", one.unit_id),
            "may_supplement": queries.can_supplement(self.actor, one),
            "sendable": len(queries.sendable(self.actor, one.unit_id, [one.pk])),
        }

    def _lacking(self, by_student: dict[int, Any]) -> list[Lacking]:
        who = queries.keepers_of_class(self.school_class)
        return [
            Lacking(
                row.name,
                by_student.get(row.student_id),
                [(p, who.get(p.tag, "")) for p in row.problems],
                self._record_url(by_student.get(row.student_id)),
            )
            for row in queries.preview(self.actor, self.school_class)
        ]

    def _record_url(self, pupil: Any) -> str:
        """To the pupil's record, for those who keep it."""
        if pupil is None or not pupil.public_id or not self.actor.can("registry.edit", pupil.unit_id):
            return ""
        return reverse("registry:student-detail", args=[pupil.public_id])


class SupplementPage(OneClass):
    """What no other part of the system knows, a pupil a block, saved in one go."""

    template_name = "transcripts/supplement.html"

    def get_title(self) -> Any:
        return _t("Bổ sung cho học bạ lớp %(name)s") % {"name": self.school_class.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            *super().breadcrumbs(),
            (self.school_class.name, reverse("transcripts:class", args=[self.school_class.pk])),
        ]

    def _forms(self, data: Any = None) -> list[tuple[Any, PupilForm]]:
        if not queries.can_supplement(self.actor, self.school_class):
            raise Http404
        primary = (self.school_class.grade or 0) <= 5
        known = queries.supplements(self.actor, self.school_class)
        return [
            (
                pupil,
                PupilForm(
                    data,
                    prefix=str(pupil.student_id),
                    primary=primary,
                    initial=known.get(pupil.student_id, {}),
                ),
            )
            for pupil in queries.pupils_of(self.actor, self.school_class)
        ]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(self._forms())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        forms = self._forms(request.POST)
        if not all([form.is_valid() for _pupil, form in forms]):
            return self._show(forms, status=422)
        rows = {pupil.student_id: form.cleaned_data for pupil, form in forms}
        number = actions.supplement_class(by=self.actor, school_class=self.school_class, rows=rows)
        messages.success(request, _t("Đã lưu thông tin của %(n)d học sinh.") % {"n": number})
        return HttpResponseRedirect(reverse("transcripts:class", args=[self.school_class.pk]))

    def _show(self, forms: list[tuple[Any, PupilForm]], status: int = 200) -> HttpResponse:
        context = {**self.frame(), "forms": forms, "faulty": [p for p, f in forms if f.is_bound and f.errors]}
        return render(self.request, self.template_name, context, status=status)
