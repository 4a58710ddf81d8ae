"""Steps of the verification: send with a preview, try now, stop, hand out as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.exporting import CONTENT_TYPES, write_csv, write_xlsx
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from ..actions import identity as actions
from ..permissions import VERIFY
from ..queries import classes as all_classes
from ..queries import identity as queries
from ..queries.population import is_connected
from ..tasks import start_step
from ..types import Channel, Gender
from .identity_words import KINDS

HEAD = (_("Mã tham chiếu"), _("Số định danh cá nhân"), _("Họ và tên"), _("Ngày sinh"), _("Giới tính"))


class SendForm(forms.Form):
    """What is sent; a GET form that shows its preview, and the same fields again to confirm."""

    loai = forms.ChoiceField(label=_("Đối tượng"), choices=KINDS)
    lop = forms.TypedChoiceField(label=_("Lớp"), coerce=int, empty_value=None, required=False)
    kenh = forms.ChoiceField(label=_("Kênh"), choices=Channel.choices)

    def __init__(self, *args: Any, classes: list[tuple[Any, str]], connected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lop"].choices = [("", _t("Toàn trường")), *classes]  # type: ignore[attr-defined]
        if not connected:
            self.fields["kenh"].choices = [(Channel.FILE, Channel.FILE.label)]  # type: ignore[attr-defined]
            self.fields["kenh"].help_text = _t("Chưa khai báo kết nối trực tiếp với CSDL dân cư.")


class Send(ActorPage):
    right = VERIFY
    title = _("Gửi xác thực")

    def allowed(self, actor: Actor) -> bool:
        return actor.can(VERIFY, self.kwargs["unit_id"])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        url = reverse("registry:identity-school", args=[self.kwargs["unit_id"]])
        return [(_("Xác thực với dân cư"), url)]

    def form(self, data: Any) -> SendForm:
        year = organization.current_school_year(timezone.localdate())
        rows = all_classes(self.actor, unit_id=self.kwargs["unit_id"], school_year_id=year.pk if year else 0)
        names = [(row.pk, row.name) for row in rows.order_by("grade", "name", "pk")]
        connected = is_connected()
        first = {"loai": "student", "lop": "", "kenh": Channel.HTTP if connected else Channel.FILE}
        asked = {**first, **{key: data[key] for key in first if data.get(key)}}
        return SendForm(asked, classes=names, connected=connected)

    def get(self, request: HttpRequest, unit_id: int, **kwargs: Any) -> HttpResponse:
        unit = organization.unit_detail(self.actor, unit_id)
        if unit is None:
            raise Http404
        form = self.form(request.GET)
        seen = None
        if form.is_valid():
            data = form.cleaned_data
            seen = actions.preview(by=self.actor, unit_id=unit_id, kind=data["loai"], class_id=data["lop"])
        context = {"form": form, "seen": seen, "unit": unit, "lines": lines_of(seen) if seen else []}
        return render(request, "registry/identity_send.html", context | self.frame())

    def post(self, request: HttpRequest, unit_id: int, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        here = f"{request.path}?{request.POST.urlencode()}" if form.is_valid() else request.path
        if not form.is_valid():
            return HttpResponseRedirect(here)
        data = form.cleaned_data
        try:
            with transaction.atomic():
                actions.notice_mended(by=self.actor, kind=data["loai"], unit_ids=[unit_id])
                batches = actions.make_batches(
                    by=self.actor,
                    unit_id=unit_id,
                    kind=data["loai"],
                    class_id=data["lop"],
                    channel=Channel(data["kenh"]),
                    now=timezone.now(),
                )
                for batch in batches:
                    if batch.channel == Channel.HTTP:
                        start_step(by=self.actor, batch=batch)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("registry:identity-school", args=[unit_id]))
        number = sum(batch.size for batch in batches)
        messages.success(request, _t("Đã lập danh sách %(n)d người.") % {"n": number})
        if len(batches) == 1:
            return HttpResponseRedirect(reverse("registry:identity-batch", args=[batches[0].public_id]))
        return HttpResponseRedirect(reverse("registry:identity-batches"))


def lines_of(seen: actions.Preview) -> list[tuple[str, int]]:
    """Who will not go, and why; what is zero is left out."""
    reasons = [
        (_t("Đã xác thực"), seen.matched),
        (_t("Đang chờ trả lời"), seen.waiting),
        (_t("Chưa khớp, phải xử lý trước khi gửi lại"), seen.disagreed),
        (_t("Chưa có số định danh cá nhân"), seen.no_id),
        (_t("Số định danh không đủ 12 chữ số"), seen.bad_id),
        (_t("Chưa có ngày sinh"), seen.no_birth_date),
        (_t("Chưa có giới tính"), seen.no_gender),
        (_t("Người nước ngoài, không có trong CSDL dân cư"), seen.foreign),
    ]
    return [(label, number) for label, number in reasons if number]


class OfBatch(View):
    """A step with a list that the actor may verify; 404 for any other."""

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined]

    def batch(self) -> Any:
        if not self.actor.can(VERIFY):
            raise Http404
        return get_object_or_404(queries.identity_batches(self.actor), public_id=self.kwargs["public_id"])

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("registry:identity-batch", kwargs=self.kwargs))


class TryNow(OfBatch):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        if batch.state in ("queued", "sent") and batch.channel == Channel.HTTP:
            start_step(by=self.actor, batch=batch)
            messages.success(request, _t("Đã yêu cầu thử ngay."))
        return self.back()


class GiveUp(OfBatch):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        batch = self.batch()
        try:
            actions.give_up(by=self.actor, batch=batch, now=timezone.now())
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _t("Đã dừng lần gửi này."))
        return self.back()


class HandOut(OfBatch):
    """The file of a list. Leaves a trace: it holds personal ids."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        batch = self.batch()
        kind = "csv" if request.GET.get("dang") == "csv" else "xlsx"
        try:
            people = actions.hand_out(by=self.actor, batch=batch, now=timezone.now())
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            messages.error(request, error.message)
            return self.back()
        record_reading(
            by=self.actor,
            subject=batch,
            purpose=_t("Xuất danh sách xác thực dân cư"),
            ip=origin_of(request).ip,
        )
        rows = (
            (
                p["reference"],
                p["personal_id"],
                p["full_name"],
                _day(p["birth_date"]),
                str(Gender(p["gender"]).label),
            )
            for p in people
        )
        write = write_csv if kind == "csv" else write_xlsx
        made = write([str(name) for name in HEAD], rows, _t("Xác thực dân cư"))
        name = f"xac-thuc-dan-cu-{timezone.localtime(batch.created_at):%Y%m%d-%H%M}.{kind}"
        return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


def _day(text: str) -> str:
    """The ISO date of the contract as people write it; a year stays a year."""
    return "/".join(reversed(text.split("-")))
