"""Transfers over the border of the province: out from the dossier with its papers, in by two steps (look, then take in)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import transfer_student as journey
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage, EditPage
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import Gender, Outside, Returning, TransferState
from thongsuot.modules.registry.web.forms.fields import chosen, day, text, yes
from thongsuot.modules.registry.web.units import SchoolChoice, schools_of

from .transfer_forms import ReasonForm
from .transfers import RIGHT, TransferStep

ASKED = (Returning.PERHAPS, Returning.TWIN)
OPEN_TO_TAKE_IN = (Returning.NEW, Returning.BACK, *ASKED)


class OutsideForm(forms.Form):
    """The other side and the papers; the labels say which way."""

    school_label: Any = _("Trường chuyển đến")
    papers_label: Any = _("Giấy tờ đã giao")
    school = text("", 200, required=True)
    place = text(_("Tỉnh, thành phố, hoặc nước"), 120, required=True)
    is_abroad = yes(_("Ở nước ngoài"))
    document_number = text(_("Số giấy giới thiệu chuyển trường"), 60)
    document_on = day(_("Ngày của giấy"), required=False)
    papers = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].label = self.school_label
        papers: Any = self.fields["papers"]
        papers.label = self.papers_label
        papers.choices = [(one, one) for one in queries.registry_fact(actor, "transfer_papers").value]

    def outside(self) -> Outside:
        data = self.cleaned_data
        return Outside(
            data["school"], data["place"], data["is_abroad"], data["document_number"], data["document_on"],
            tuple(data["papers"]),
        )  # fmt: skip


class OutForm(OutsideForm):
    on = day(_("Ngày học cuối ở trường mình"))
    reason = text(_("Lý do"), 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_number"].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        return data if self.errors else {**data, "outside": self.outside()}


class TransferOut(EditPage):
    """From the dossier: to another province or abroad, with the papers that were handed over."""

    right = RIGHT
    lookup = "public_id"
    form_class = OutForm
    submit_label = _("Chuyển ra ngoài tỉnh")
    success_message = _("Đã ghi chuyển trường ra ngoài tỉnh.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        allowed = [unit_id for unit_id, _name in schools_of(actor, RIGHT)]
        return queries.students(actor).filter(unit_id__in=allowed)

    def get_title(self) -> Any:
        return _t("Chuyển ra ngoài tỉnh: %(name)s") % {"name": self.thing}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"on": timezone.localdate(), "document_on": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.transfer_out(
            by=by,
            student=thing,
            outside=data["outside"],
            on=data["on"],
            reason=data["reason"],
            now=timezone.localtime(),
        )

    def success(self, result: Any) -> str:
        return reverse("transfer-detail", args=[result.pk])

    def cancel(self) -> str:
        return reverse("registry:student-detail", args=[self.thing.public_id]) + "?tab=path"


class ArrivalForm(forms.Form):
    on = day(_("Nơi đến tiếp nhận ngày"))
    answer = text(
        _("Giấy báo tiếp nhận"), 300, help_text=_("Số, ngày của giấy; để trống nếu báo qua điện thoại.")
    )


class TransferArrived(TransferStep):
    form_class = ArrivalForm
    states = (TransferState.COMPLETED,)
    submit_label = _("Nơi đến đã tiếp nhận")
    success_message = _("Đã ghi nơi đến tiếp nhận.")

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if found.to_unit_id is not None or found.confirmed_on:
            raise Http404
        return found

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.confirm_arrival(by=by, transfer=thing, **data)


class TransferInTakeBack(TransferStep):
    form_class = ReasonForm
    side, states = "to_unit_id", (TransferState.COMPLETED,)
    submit_label = _("Hủy ghi nhầm")
    success_message = _("Đã hủy lần tiếp nhận.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.take_back_transfer_in(by=by, transfer=thing, reason=data["reason"])


class WhoForm(SchoolChoice):
    """Who comes, as the papers say."""

    right = RIGHT
    full_name = text(_("Họ và tên học sinh"), 120, required=True)
    birth_date = day(_("Ngày sinh"))
    gender = chosen(_("Giới tính"), Gender.choices)
    personal_id = text(
        _("Số định danh cá nhân"), 20, help_text=_("12 chữ số, ghi trên giấy khai sinh hoặc thẻ căn cước.")
    )
    ministry_code = text(_("Mã định danh của Bộ"), 20, help_text=_("Ghi trong hồ sơ trường cũ, nếu có."))
    birth_place = text(_("Nơi sinh"), 200)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "unit"}


class InForm(OutsideForm):
    school_label = _("Trường nơi đi")
    papers_label = _("Giấy tờ đã nhận")
    school_class = forms.ChoiceField(label=_("Vào lớp"))
    on = day(_("Học ở trường mình từ ngày"))
    same = forms.ChoiceField(
        label=_("Hồ sơ cũ có phải của em này?"),
        choices=[("yes", _("Đúng, là một em")), ("no", _("Không, lập hồ sơ mới"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, unit_id: int, is_asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = queries.classes(self.actor_of(kwargs), unit_id=unit_id).filter(valid_to__isnull=True)
        rows = classes.order_by("-school_year__starts_on", "grade", "name", "id")
        field: Any = self.fields["school_class"]
        field.choices = [
            *BLANK_CHOICE_DASH, *((str(row.pk), f"{row.name} · {row.school_year}") for row in rows[:200]),
        ]  # fmt: skip
        if is_asked:
            self.order_fields(["same"])
        else:
            del self.fields["same"]

    @staticmethod
    def actor_of(kwargs: dict[str, Any]) -> Actor:
        found: Actor = kwargs["actor"]
        return found


class TransferIn(ActorPage):
    """Two steps on one address: who comes (is there a record?), then from where, with which papers, into which class."""

    title = _("Nhận học sinh từ ngoài tỉnh")
    right = RIGHT
    template_name = "portals/transfer_in.html"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chuyển trường"), reverse("transfer-list"))]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(WhoForm(actor=self.actor))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        who = WhoForm(request.POST, actor=self.actor)
        if "back" in request.POST or not who.is_valid():
            return self._show(who, status=422 if who.errors else 200)
        try:
            kind, school = journey.find_returning(
                by=self.actor,
                unit_id=who.cleaned_data["unit"],
                facts=who.facts(),
                now=timezone.localtime(),
                ip=origin_of(request).ip,
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(who, error)
            return self._show(who, status=422)
        if kind not in OPEN_TO_TAKE_IN:
            return self._show(who, kind=kind, school=school)
        if "take" not in request.POST:
            form = self._form(who, kind, initial={"on": timezone.localdate()})
            return self._show(who, form, kind=kind, school=school)
        return self._take_in(who, kind, school)

    def _form(self, who: WhoForm, kind: Returning, data: Any = None, **more: Any) -> InForm:
        return InForm(
            data,
            actor=self.actor,
            unit_id=who.cleaned_data["unit"],
            is_asked=kind in ASKED,
            prefix="in",
            **more,
        )

    def _take_in(self, who: WhoForm, kind: Returning, school: str) -> HttpResponseBase:
        form = self._form(who, kind, self.request.POST)
        if not form.is_valid():
            return self._show(who, form, status=422, kind=kind, school=school)
        data, unit_id = form.cleaned_data, who.cleaned_data["unit"]
        found = queries.classes(self.actor, unit_id=unit_id).filter(pk=data["school_class"] or 0).first()
        if found is None:
            raise Http404
        try:
            with transaction.atomic():
                made = journey.transfer_in(
                    by=self.actor,
                    unit_id=unit_id,
                    facts=who.facts(),
                    outside=form.outside(),
                    school_class=found,
                    on=data["on"],
                    now=timezone.localtime(),
                    same_person=data["same"] == "yes" if "same" in data else None,
                )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(who, form, status=422, kind=kind, school=school)
        messages.success(self.request, _t("Đã nhận học sinh vào lớp %(name)s.") % {"name": found.name})
        return HttpResponseRedirect(reverse("transfer-detail", args=[made.pk]))

    def _show(
        self,
        who: WhoForm,
        form: InForm | None = None,
        status: int = 200,
        kind: Returning | None = None,
        school: str = "",
    ) -> HttpResponseBase:
        context = {
            "who": who,
            "form": form,
            "kind": kind,
            "school": school,
            "Returning": Returning,
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)
