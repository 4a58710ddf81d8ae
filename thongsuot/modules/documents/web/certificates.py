"""Pages of certificates: list, details, register, approve, renew, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.pages.records import RecordPage
from thongsuot.kit.pages.views import (
    ActorPage,
    BulkAction,
    CreatePage,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageLink,
)
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..permissions import APPROVE, OWN, REGISTER, VIEW, can_approve, can_register, can_revoke
from ..types import CertificateState
from .forms import ACCOUNT, SEAL, NothingForm, RegisterForm, RenewForm, RevokeForm
from .tables import CertificateFilter, CertificateTable, state_badge

# The figure that says how many teachers can sign, and who cannot yet.
TEACHERS = "digital.teachers_signature"


class ForSigners(ActorPage):
    """For who looks after certificates, and for everybody with one of their own."""

    def allowed(self, actor: Actor) -> bool:
        return actor.can(VIEW) or actor.can(OWN)


def _approve_rows(*, by: Actor, rows: QuerySet[Any]) -> str:
    now, picked = timezone.now(), list(rows)
    for one in picked:
        actions.approve_certificate(by=by, certificate=one, now=now)
    said = ngettext("Đã duyệt %(n)d chứng thư số.", "Đã duyệt %(n)d chứng thư số.", len(picked))
    return said % {"n": len(picked)}


class CertificateList(ForSigners, ListPage):
    title = gettext_lazy("Chứng thư số của người ký")
    table_class = CertificateTable
    filterset_class = CertificateFilter
    search_fields = ("holder", "serial", "provider")
    search_folded = ("unit__name_fold",)
    search_hint = gettext_lazy("Tên người, tên trường, số hiệu")
    detail_url = "documents:certificate-detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa có chứng thư số nào")
    empty_text = gettext_lazy(
        "Đăng ký chứng thư số của người ký và con dấu của trường để ký học bạ, văn bản."
    )
    bulk_actions = (BulkAction("approve", gettext_lazy("Duyệt"), _approve_rows, APPROVE, "check"),)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.certificates(actor)

    def links(self) -> Sequence[PageLink]:
        found = []
        if self.actor.can("indicators.view") and self.actor.can(VIEW):
            share = reverse("indicators:detail", args=[TEACHERS])
            found.append(PageLink(_("Tỷ lệ giáo viên có chữ ký số"), share, "chart-bar"))
        if queries.desk_waiting(self.actor).exists():
            found.append(PageLink(_("Ký tại bàn"), reverse("documents:desk"), "writing-sign"))
        if self.actor.can(REGISTER) or self.actor.can(OWN):
            url = reverse("documents:certificate-register")
            found.append(PageLink(_("Đăng ký chứng thư số"), url, "plus", "primary"))
        return found


def _position_now(thing: Any) -> str:
    """Of a person: who is no longer what he was signs in another role, or not at all."""
    if thing.is_seal:
        return ""
    today = timezone.localdate()
    if thing.staff is not None:
        said = queries.position_at(thing.staff, today)
    else:
        said = queries.title_at(thing.account_id, thing.unit_id, today)
    return said or _("không còn giữ chức vụ nào ở đơn vị")


class _One(ForSigners, RecordPage):
    lookup = "public_id"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.certificates(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chứng thư số"), reverse("documents:certificate-list"))]


class CertificateDetail(_One, DetailPage):
    has_history = True

    def fields(self, thing: Any) -> Sequence[tuple[Any, Any]]:
        when = lambda moment: timezone.localtime(moment).strftime("%d/%m/%Y %H:%M") if moment else ""  # noqa: E731
        is_ended = thing.state == CertificateState.ENDED
        found = [
            (_("Cấp cho"), thing.holder),
            (_("Loại"), _("Chữ ký của cá nhân") if not thing.is_seal else _("Con dấu của đơn vị")),
            (_("Đơn vị"), thing.unit.name),
            (_("Chức vụ khi đăng ký"), thing.position),
            (_("Chức vụ hiện nay"), _position_now(thing)),
            (_("Trạng thái"), state_badge(thing)),
            (_("Hiệu lực"), f"{when(thing.valid_from)} - {when(thing.valid_to)}"),
            (_("Nhà cung cấp"), thing.provider),
            (_("Tổ chức cấp"), thing.issuer),
            (_("Chủ thể"), thing.subject),
            (_("Số hiệu"), thing.serial),
            (_("Vân tay SHA-256"), thing.fingerprint),
            (_("Nơi giữ khóa"), thing.get_medium_display()),
            (_("Tên khóa"), thing.key_reference),
            (_("Duyệt lúc"), when(thing.approved_at)),
            (_("Thôi dùng từ") if is_ended else _("Thu hồi từ"), when(thing.revoked_at)),
            (_("Lý do") if is_ended else _("Lý do thu hồi"), thing.revoked_reason),
        ]
        return [(label, value) for label, value in found if value]

    def links(self, thing: Any) -> Sequence[PageLink]:
        found = [PageLink(_("Tải chứng thư"), self.url_of("documents:certificate-file"), "download")]
        waiting = thing.state == CertificateState.REGISTERED
        if waiting and can_approve(self.actor, thing):
            url = self.url_of("documents:certificate-approve")
            found.append(PageLink(_("Duyệt"), url, "check", "primary", post=True))
        may_register = can_register(self.actor, thing.unit_id, thing.staff, thing.account)
        if not waiting and thing.state != CertificateState.ENDED and may_register:
            found.append(PageLink(_("Gia hạn"), self.url_of("documents:certificate-renew"), "refresh"))
        if thing.state != CertificateState.REVOKED and can_revoke(self.actor, thing):
            url = self.url_of("documents:certificate-revoke")
            found.append(PageLink(_("Thu hồi"), url, "ban", "danger"))
        return found


class CertificateFile(_One):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        thing = self.thing
        answer = HttpResponse(bytes(thing.der), content_type="application/pkix-cert")
        answer["Content-Disposition"] = f'attachment; filename="{thing.serial[-16:]}.cer"'
        return answer


class CertificateApprove(_One, FormPage):
    """Only its POST is used: a button of the details."""

    form_class = NothingForm
    success_message = gettext_lazy("Đã duyệt chứng thư số.")
    success_url = "documents:certificate-detail"

    def get_thing(self) -> Any:
        return self.thing

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.approve_certificate(by=by, certificate=thing, now=timezone.now())


class CertificateRegister(ForSigners, CreatePage):
    title = gettext_lazy("Đăng ký chứng thư số")
    form_class = RegisterForm
    submit_label = gettext_lazy("Đăng ký")
    success_message = gettext_lazy("Đã đăng ký, chờ duyệt.")
    success_url = "documents:certificate-detail"
    result_key = "public_id"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chứng thư số"), reverse("documents:certificate-list"))]

    def allowed(self, actor: Actor) -> bool:
        return actor.can(REGISTER) or actor.can(OWN)

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"signers": [*self._seals(), *self._people()]}

    def _units(self) -> QuerySet[Any]:
        reach = self.actor.reach_of(REGISTER) if self.actor.can(REGISTER) else frozenset()
        units = organization.units_visible(self.actor)
        return units if reach is None else units.filter(pk__in=reach)

    def _seals(self) -> list[tuple[str, str]]:
        units = self._units().filter(kind__in=("school", "department", "commune")).order_by("sort_key")[:1500]
        said = _("Con dấu: %(unit)s")
        return [(f"{SEAL}-{unit.pk}", said % {"unit": unit.name}) for unit in units]

    def _people(self) -> list[tuple[str, str]]:
        people = queries.registrable_staff(self.actor)[:2000]
        accounts = queries.registrable_accounts(self.actor)
        return [
            *(
                (f"{ACCOUNT}-{user.pk}-{unit.pk}", f"{user.full_name} ({unit.name})")
                for user, unit in accounts
            ),
            *((str(one.public_id), one.full_name) for one in people),
        ]

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        kind, _dash, pk = data["signer"].partition("-")
        staff = account = None
        if kind == SEAL:
            unit_id = int(pk)
        elif kind == ACCOUNT:
            known = {
                f"{user.pk}-{unit.pk}": (user, unit.pk) for user, unit in queries.registrable_accounts(by)
            }
            account, unit_id = known[pk]
        else:
            staff = queries.registrable_staff(by).filter(public_id=data["signer"]).first()
            if staff is None:
                raise NotAllowed(_("Không tìm thấy người này."))
            unit_id = staff.unit_id
        return actions.register_certificate(
            by=by,
            unit_id=unit_id,
            staff=staff,
            account=account,
            data=data["file"].read(),
            medium=data["medium"],
            provider=data["provider"],
            key_reference=data["key_reference"],
            now=timezone.now(),
        )


class CertificateRenew(_One, EditPage):
    form_class = RenewForm
    submit_label = gettext_lazy("Đăng ký chứng thư mới")
    success_message = gettext_lazy(
        "Đã đăng ký chứng thư mới, chờ duyệt. Chứng thư cũ dùng tiếp đến khi hết hạn."
    )
    success_url = "documents:certificate-detail"

    def get_title(self) -> Any:
        return _("Gia hạn chứng thư số của %(holder)s") % {"holder": self.thing.holder}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"medium": thing.medium, "provider": thing.provider, "key_reference": thing.key_reference}

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {"public_id": result.public_id}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        content = data.pop("file").read()
        return actions.renew_certificate(by=by, certificate=thing, data=content, now=timezone.now(), **data)


class CertificateRevoke(_One, EditPage):
    form_class = RevokeForm
    submit_label = gettext_lazy("Thu hồi")
    success_message = gettext_lazy("Đã thu hồi. Hãy báo nhà cung cấp để họ đưa vào danh sách thu hồi.")
    success_url = "documents:certificate-detail"

    def get_title(self) -> Any:
        return _("Thu hồi chứng thư số của %(holder)s") % {"holder": self.thing.holder}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.revoke_certificate(by=by, certificate=thing, now=timezone.now(), **data)
