"""Pages of the verification with the population database: schools, classes, lists, whom to settle."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.views import ActorPage, BulkAction, DetailPage, ListPage, PageLink, Tab
from thongsuot.modules.organization import queries as organization

from ..actions import identity as actions
from ..permissions import VERIFY
from ..queries import identity as queries
from ..types import BatchState, Channel, IdentityStatus
from .identity_tables import BatchTable, CheckTable, SchoolShareTable, SettleTable
from .identity_words import BATCH_TONES, KINDS, TONES, fault_words, kind_name, tenths

OPEN = (BatchState.QUEUED, BatchState.SENT)


def own_school(actor: Actor) -> int | None:
    """The school of somebody who keeps one; None for whoever looks after several."""
    reach = actor.reach_of(VERIFY)
    return next(iter(reach)) if reach is not None and len(reach) == 1 else None


def asked_kind(request: HttpRequest) -> str:
    kind = request.GET.get("loai", "student")
    return kind if kind in dict(KINDS) else "student"


def cards(states: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(states.values())
    matched = states[IdentityStatus.MATCHED]
    share = tenths((matched * 2000 + total) // (2 * total)) if total else "–"
    shown: list[dict[str, Any]] = [
        {
            "label": _t("Đã xác thực"),
            "value": share,
            "tone": "ok",
            "icon": "shield-check",
            "note": _t("%(n)d trên %(all)d người") % {"n": matched, "all": total},
        },
    ]
    for state in IdentityStatus:
        if state != IdentityStatus.MATCHED and states[state]:
            shown.append({"label": state.label, "value": states[state], "tone": TONES.get(state, "bad")})
    return shown


def tabs_of(kind: str, path: str) -> dict[str, Any]:
    links = [(label, f"{path}?loai={key}", "") for key, label in KINDS]
    return {"kind": kind, "tabs": links, "current": f"{path}?loai={kind}"}


class Home(ActorPage):
    """The own school, or all that one looks after."""

    right = VERIFY

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        unit_id = own_school(self.actor)
        if unit_id is not None:
            return HttpResponseRedirect(reverse("registry:identity-school", args=[unit_id]))
        return HttpResponseRedirect(reverse("registry:identity-schools"))


def page_links() -> list[PageLink]:
    return [
        PageLink(_("Cần xử lý"), reverse("registry:identity-settle"), "alert-triangle"),
        PageLink(_("Các lần gửi"), reverse("registry:identity-batches"), "list-check"),
    ]


class Schools(ListPage):
    title = _("Xác thực với dân cư")
    right = VERIFY
    template_name = "registry/identity_schools.html"
    table_class = SchoolShareTable
    search_fields = ("unit__name",)
    search_hint = _("Tên trường")
    empty_text = _("Chưa có người học hay cán bộ nào đang ở trường.")

    def query(self, actor: Actor) -> QuerySet[Any, Any]:
        return queries.identity_by_school(actor, asked_kind(self.request))

    def row_url(self, record: Any) -> str:
        return (
            f"{reverse('registry:identity-school', args=[record['unit_id']])}?loai={asked_kind(self.request)}"
        )

    def links(self) -> list[PageLink]:
        return page_links()

    def extra_context(self) -> dict[str, Any]:
        kind = asked_kind(self.request)
        return {"cards": cards(queries.identity_states(self.actor, kind)), **tabs_of(kind, self.request.path)}


class SchoolPage(ActorPage):
    right = VERIFY

    def allowed(self, actor: Actor) -> bool:
        return actor.can(VERIFY, self.kwargs["unit_id"])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return (
            []
            if own_school(self.actor)
            else [(_("Xác thực với dân cư"), reverse("registry:identity-schools"))]
        )

    def get(self, request: HttpRequest, unit_id: int, **kwargs: Any) -> HttpResponse:
        unit = organization.unit_detail(self.actor, unit_id)
        if unit is None:
            raise Http404
        kind = asked_kind(request)
        states = queries.identity_states(self.actor, kind, unit_id)
        send = reverse("registry:identity-send", args=[unit_id])
        classes = queries.identity_by_class(self.actor, unit_id) if kind == "student" else []
        for row in classes:
            row["words"] = tenths(row["share"])
            row["percent"] = row["share"] / 10
        links = page_links()
        if states["not_sent"] + states["mended"]:
            links.append(PageLink(_t("Gửi xác thực"), f"{send}?loai={kind}", "send", tone="primary"))
        context = {
            "unit": unit,
            "cards": cards(states),
            "classes": classes,
            "send_url": send,
            "links": links,
            "nobody": not sum(states.values()),
            **tabs_of(kind, request.path),
        }
        return render(request, "registry/identity_school.html", context | self.frame())

    def get_title(self) -> Any:
        return _("Xác thực với dân cư")


class BatchFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=BatchState.choices)
    kind = django_filters.ChoiceFilter(label=_("Đối tượng"), choices=KINDS)
    channel = django_filters.ChoiceFilter(label=_("Kênh"), choices=Channel.choices)


class Batches(ListPage):
    title = _("Các lần gửi xác thực")
    right = VERIFY
    table_class = BatchTable
    filterset_class = BatchFilter
    search_folded = ("unit__name_fold",)
    detail_url = "registry:identity-batch"
    detail_key = "public_id"
    empty_text = _("Mở trang Xác thực với dân cư, chọn trường hoặc lớp rồi bấm “Gửi xác thực”.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.identity_batches(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Xác thực với dân cư"), reverse("registry:identity"))]

    def links(self) -> list[PageLink]:
        url = reverse("importing:upload", args=["registry.identity_answers"])
        return (
            [PageLink(_("Nhập tệp trả lời"), url, "file-import")] if self.actor.can("importing.run") else []
        )


class BatchPage(DetailPage):
    right = VERIFY
    lookup = "public_id"
    template_name = "registry/identity_batch.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().get(request, *args, **kwargs)
        if request.htmx and self.thing.state not in OPEN:  # type: ignore[attr-defined]
            # The bar has asked and it is over: the buttons and the rest of the page are no longer right.
            response["HX-Refresh"] = "true"
        return response

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.identity_batches(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Xác thực với dân cư"), reverse("registry:identity")),
            (_("Các lần gửi"), reverse("registry:identity-batches")),
        ]

    def get_title(self) -> Any:
        local = timezone.localtime(self.thing.created_at)
        words = _t("Gửi xác thực %(at)s") % {"at": f"{local:%H:%M %d/%m/%Y}"}
        return f"{words} · {self.thing.unit.short_name or self.thing.unit.name}"

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Trường"), thing.unit.name),
            (_("Đối tượng"), kind_name(thing.kind)),
            (_("Kênh"), thing.get_channel_display()),
            (_("Số người"), thing.size),
            (_("Bên kia nhận lúc"), _moment(thing.sent_at)),
            (_("Xong lúc"), _moment(thing.finished_at)),
            (_("Người gửi"), thing.created_by.full_name if thing.created_by else _t("Hệ thống")),
        ]

    def tabs(self, thing: Any) -> list[Tab]:
        rows = queries.batch_checks(self.actor, thing)
        return [
            Tab(
                "lech",
                _("Chưa khớp"),
                "registry/identity_checks.html",
                lambda t: {"table": CheckTable(rows)},
                count=rows.count(),
            )
        ]

    def links(self, thing: Any) -> list[PageLink]:
        if thing.state not in OPEN:
            return []
        found = []
        if thing.channel == Channel.HTTP:
            url = self.url_of("registry:identity-try")
            found.append(PageLink(_("Thử ngay"), url, "refresh", post=True))
        elif self.actor.can("registry.export", thing.unit_id):
            url = self.url_of("registry:identity-file")
            found += [
                PageLink(_("Tải tệp gửi (xlsx)"), url, "download", tone="primary"),
                PageLink(_("csv"), f"{url}?dang=csv", "download"),
            ]
            if self.actor.can("importing.run"):
                upload = reverse("importing:upload", args=["registry.identity_answers"])
                found.append(PageLink(_("Nhập tệp trả lời"), upload, "file-import"))
        question = _t("Dừng lần gửi này? Những người chưa có trả lời sẽ trở về “Chưa gửi”.")
        url = self.url_of("registry:identity-give-up")
        found.append(PageLink(_("Dừng"), url, "x", tone="danger", post=True, confirm=question))
        return found

    def extra_context(self) -> dict[str, Any]:
        batch = self.thing
        return {
            "percent": batch.answered * 100 // batch.size if batch.size else 0,
            "fault_words": fault_words(batch.fault),
            "tone_of_state": BATCH_TONES.get(batch.state, "quiet"),
            "is_open": batch.state in OPEN and batch.channel == Channel.HTTP,
            "differ": batch.answered - batch.matched,
        }


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else ""


def _to_police(*, by: Actor, rows: QuerySet[Any]) -> str:
    number = sum(
        actions.pass_to_police(by=by, unit_id=unit_id, kind=kind, ids=ids)
        for (unit_id, kind), ids in _sorted(rows)
    )
    return _t("Đã ghi %(n)d người: chuyển công an xác minh.") % {"n": number}


def _again(*, by: Actor, rows: QuerySet[Any]) -> str:
    number = 0
    for (unit_id, kind), ids in _sorted(rows):
        number += actions.mark_mended(by=by, unit_id=unit_id, kind=kind, ids=ids)
    return _t("Đã ghi %(n)d người: đã sửa, chờ gửi lại. Mở trang của trường để gửi.") % {"n": number}


def _sorted(rows: QuerySet[Any]) -> list[tuple[tuple[int, str], list[int]]]:
    found: dict[tuple[int, str], list[int]] = {}
    for check in rows:
        found.setdefault((check.unit_id, check.kind), []).append(check.person_id)
    return sorted(found.items())


class SettleFilter(FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Trạng thái"),
        field_name="state_now",
        choices=[(s.value, s.label) for s in IdentityStatus if s in queries.DISAGREED],
    )
    kind = django_filters.ChoiceFilter(label=_("Đối tượng"), choices=KINDS, field_name="kind")


class ToSettle(ListPage):
    title = _("Chưa khớp với dân cư")
    right = VERIFY
    table_class = SettleTable
    filterset_class = SettleFilter
    search_fields = ("person_name", "unit__name")
    search_hint = _("Họ tên, trường")
    empty_title = _("Không còn ai chưa khớp")
    empty_text = _("Người mà cơ sở dữ liệu dân cư không xác nhận sẽ hiện ở đây.")
    bulk_actions = (
        BulkAction("mended", _("Đã sửa, chờ gửi lại"), _again, right=VERIFY, icon="check"),
        BulkAction(
            "police",
            _("Chuyển công an xác minh"),
            _to_police,
            right=VERIFY,
            icon="shield-check",
            confirm=_("Ghi nhận đã chuyển những người này cho công an xã xác minh?"),
        ),
    )

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.identity_to_settle(actor)

    def row_url(self, record: Any) -> str | None:
        """The dossier, where what differs is looked up and mended."""
        page = "registry:student-detail" if record.kind == "student" else "registry:staff-detail"
        return reverse(page, args=[record.person_public_id]) if record.person_public_id else None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Xác thực với dân cư"), reverse("registry:identity"))]
