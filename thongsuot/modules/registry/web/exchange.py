"""Pages of what goes out: the ministry's layouts with the state of each object, OneRoster, a dossier as PDF."""

from __future__ import annotations

import tempfile
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ActorPage, BulkAction, ListPage, PageLink
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from ..actions import ministry as actions
from ..permissions import EXPORT
from ..queries import ministry as queries
from ..queries.dossier_pdf import dossier_pdf
from ..queries.oneroster import scope_of, write_files
from ..types import SubmissionStatus
from .exchange_files import layout_xlsx

TONES = {"not_sent": "quiet", "sent": "info", "accepted": "ok", "refused": "bad"}
IN_MEMORY = 8 * 1024 * 1024


def schools_to_choose(actor: Actor) -> list[tuple[int, str]]:
    """Schools that the actor may export for, by name."""
    reach = actor.reach_of(EXPORT)
    if reach is not None:
        return [(pk, name) for pk, name, kind in organization.units_named(reach) if kind == UnitKind.SCHOOL]
    units = organization.units_visible(actor, today=timezone.localdate()).filter(kind=UnitKind.SCHOOL)
    return list(units.order_by("sort_key", "pk").values_list("pk", "name"))


class SchoolForm(forms.Form):
    truong = forms.TypedChoiceField(label=_("Trường"), coerce=int)


class OfSchool(ActorPage):
    """A page about one school: the own one, or one that was chosen (?truong=)."""

    right = EXPORT

    def school(self) -> tuple[Any, SchoolForm | None]:
        choices = schools_to_choose(self.actor)
        if not choices:
            raise Http404
        asked = self.request.GET.get("truong") or self.request.POST.get("truong") or str(choices[0][0])
        if asked not in {str(pk) for pk, _name in choices}:
            raise Http404
        form = SchoolForm(initial={"truong": asked})
        form.fields["truong"].choices = choices  # type: ignore[attr-defined]
        unit = organization.unit_detail(Actor.system(), int(asked))
        return unit, (form if len(choices) > 1 else None)

    def year(self) -> Any:
        year = organization.current_school_year(timezone.localdate())
        if year is None:
            raise Http404
        return year

    def trace(self, unit: Any, purpose: str) -> None:
        record_reading(by=self.actor, subject=unit, purpose=purpose, ip=origin_of(self.request).ip)


class Ministry(OfSchool):
    title = _("Trao đổi với Bộ")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        unit, form = self.school()
        year, day = self.year(), timezone.localdate()
        kinds = []
        for kind, label in queries.KINDS.items():
            try:
                rows = queries.out_rows(
                    self.actor, unit_id=unit.pk, school_year_id=year.pk, kind=kind, day=day
                )
            except NotAllowed:
                continue
            standing = queries.standing_of(rows, kind=kind, school_year_id=year.pk)
            kinds.append(
                {
                    "kind": kind,
                    "label": label,
                    "total": len(rows.ids),
                    "standing": standing,
                    "to_send": len(standing.to_send),
                    "upload": reverse("importing:upload", args=[f"registry.ministry_{kind}"]),
                    "lists": {
                        state: _listed(kind, state, unit)
                        for state in (*SubmissionStatus.values, queries.CHANGED, "")
                    },
                }
            )
        context = {"unit": unit, "school_form": form, "year": year, "kinds": kinds, "today": day}
        context["can_import"] = self.actor.can("importing.run")
        return render(request, "registry/ministry.html", context | self.frame())


def _listed(kind: str, state: str, unit: Any) -> str:
    """The address of the objects behind a figure; of all of them for ""."""
    asked = {"truong": unit.pk, **({"state": state} if state else {})}
    return f"{reverse('registry:ministry-objects', args=[kind])}?{urlencode(asked)}"


class MinistryFile(OfSchool):
    """POST: the file to upload. What is handed out counts as sent, unless only a look is asked for."""

    def post(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponseBase:
        if kind not in queries.KINDS:
            raise Http404
        unit, _form = self.school()
        everything = request.POST.get("pham_vi") == "tat_ca"
        try:
            rows = actions.hand_out(
                by=self.actor,
                unit_id=unit.pk,
                school_year_id=self.year().pk,
                kind=kind,
                day=timezone.localdate(),
                now=timezone.now(),
                everything=everything,
                mark=request.POST.get("danh_dau") == "1",
            )
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            messages.info(request, error.message)
            return HttpResponseRedirect(f"{reverse('registry:ministry')}?truong={unit.pk}")
        self.trace(unit, _t("Xuất tệp theo mẫu của Bộ"))
        name = f"{rows.layout.sheet}-{unit.code}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(layout_xlsx(rows, school=unit.name), as_attachment=True, filename=name)


class RosterFile(OfSchool):
    """OneRoster of one school, at once; whole provinces go by `thongsuot export_oneroster`."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        unit, _form = self.school()
        made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
        write_files(scope_of(self.actor, timezone.localdate(), unit_id=unit.pk), made, code=unit.code)
        made.seek(0)
        self.trace(unit, _t("Xuất OneRoster"))
        name = f"oneroster-{unit.code}-{timezone.localdate():%Y%m%d}.zip"
        return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")


class DossierPdf(ActorPage):
    right = EXPORT

    def get(self, request: HttpRequest, public_id: Any, **kwargs: Any) -> HttpResponseBase:
        found = dossier_pdf(self.actor, public_id, day=timezone.localdate())
        if found is None:
            raise Http404
        student, content = found
        record_reading(
            by=self.actor, subject=student, purpose=_t("In hồ sơ học sinh"), ip=origin_of(request).ip
        )
        response = HttpResponse(content, content_type="application/pdf")
        # The name of the file goes into logs and histories: the key, not the name of a person.
        response["Content-Disposition"] = f'inline; filename="ho-so-{student.public_id}.pdf"'
        return response


class SubmissionTable(Table):
    object_name = Column(verbose_name=_("đối tượng"))
    kind = Column(verbose_name=_("loại"))
    unit = Column(verbose_name=_("trường"), accessor="unit__name", order_by="unit__sort_key")
    school_year = Column(verbose_name=_("năm học"), accessor="school_year__name")
    status = Column(verbose_name=_("trạng thái"))
    reason = Column(verbose_name=_("lý do từ chối"))
    sent_at = DateTimeColumn(verbose_name=_("gửi lúc"))
    answered_at = DateTimeColumn(verbose_name=_("trả lời lúc"))
    hidden = ("school_year",)

    def render_kind(self, value: str) -> str:
        return str(queries.KINDS.get(value, value))

    value_kind = render_kind

    def render_status(self, record: Any) -> str:
        tone = f"ts-tone-{TONES.get(record.status, 'quiet')}"
        words = {"label": record.get_status_display(), "tone_class": tone}
        return render_to_string("components/badge.html", words)

    def value_status(self, record: Any) -> str:
        return str(record.get_status_display())


def _schools_to_filter(request: Any) -> QuerySet[Any]:
    known = [pk for pk, _name in schools_to_choose(request.actor)] if request is not None else []
    return organization.units_visible(Actor.system()).filter(pk__in=known).order_by("sort_key", "pk")


class SubmissionFilter(FilterSet):
    status = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=SubmissionStatus.choices)
    kind = django_filters.ChoiceFilter(label=_("Loại"), choices=[(k, v) for k, v in queries.KINDS.items()])
    school_year = django_filters.ModelChoiceFilter(
        label=_("Năm học"), queryset=lambda request: organization.school_years()
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Trường"), queryset=lambda request: _schools_to_filter(request)
    )


def _accepted(*, by: Actor, rows: QuerySet[Any]) -> str:
    answers = {row.pk: (SubmissionStatus.ACCEPTED, "") for row in rows}
    number = actions.take_answers(by=by, answers=answers, now=timezone.now())
    return _t("Đã ghi Bộ tiếp nhận %(n)d dòng.") % {"n": number}


class SubmissionList(ListPage):
    title = _("Dữ liệu đã gửi Bộ")
    right = EXPORT
    table_class = SubmissionTable
    filterset_class = SubmissionFilter
    search_fields = ("object_name", "reason")
    empty_title = _("Chưa gửi gì")
    empty_text = _("Mở trang Trao đổi với Bộ, tải tệp theo mẫu rồi nộp lên hệ thống của Bộ.")
    bulk_actions = (BulkAction("accepted", _("Bộ đã tiếp nhận"), _accepted, right=EXPORT, icon="check"),)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.submissions(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Trao đổi với Bộ"), reverse("registry:ministry"))]

    def links(self) -> list[PageLink]:
        if not self.actor.can("importing.run"):
            return []
        return [
            PageLink(
                _t("Nhập trả lời: %(kind)s") % {"kind": str(label).lower()},
                reverse("importing:upload", args=[f"registry.ministry_{kind}"]),
                "file-import",
            )
            for kind, label in queries.KINDS.items()
        ]
