"""The list of cases: narrowed, exported, taken, given out, claimed mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.bulk import BulkAction
from thongsuot.kit.pages.filters import DateFromToFilter, FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.templatetags.frame import TONES as TONE_CLASSES
from thongsuot.kit.pages.views import ListPage, PageLink
from thongsuot.kit.text.vietnamese import fold_words
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..permissions import MEND
from ..tasks import claim_and_check
from ..types import BOOK, CaseState, ErrorGroup, Severity, Word
from .words import SEVERITY_TONES, STATE_TONES

EVERY = gettext_lazy("Tất cả")


def badge(label: Any, tone: str) -> str:
    tone_class = TONE_CLASSES.get(tone, TONE_CLASSES["quiet"])
    return format_html('<span class="badge ts-badge {}">{}</span>', tone_class, label)


class CaseTable(Table):
    object = Column(verbose_name=gettext_lazy("Đối tượng"), accessor="object_id", orderable=False)
    rule = Column(verbose_name=gettext_lazy("Lỗi"))
    severity = Column(verbose_name=gettext_lazy("Mức"))
    unit = Column(verbose_name=gettext_lazy("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    due_on = DateColumn(verbose_name=gettext_lazy("Hạn xử lý"), attrs={"td": {"class": "ts-nowrap"}})
    state = Column(verbose_name=gettext_lazy("Trạng thái"))
    owner = Column(verbose_name=gettext_lazy("Người xử lý"), accessor="owner__full_name", orderable=False)
    dataset = Column(verbose_name=gettext_lazy("Dữ liệu"))
    field = Column(verbose_name=gettext_lazy("Trường dữ liệu"))
    opened_on = DateColumn(verbose_name=gettext_lazy("Phát hiện ngày"))
    reopened = Column(verbose_name=gettext_lazy("Số lần tái diễn"))
    repair = Column(verbose_name=gettext_lazy("Cách sửa"), accessor="rule", orderable=False)
    hidden = ("dataset", "field", "opened_on", "reopened", "repair", "owner")

    # {(data set, object): label}, set by the page.
    labels: dict[tuple[str, int], str] = {}

    def value_object(self, record: Any) -> str:
        return self.labels.get((record.dataset, record.object_id)) or _("(hồ sơ không còn ở đây)")

    def render_object(self, record: Any) -> str:
        return self.value_object(record)

    def value_rule(self, record: Any) -> str:
        rule = BOOK.rules.get(record.rule)
        return str(rule.title) if rule else record.rule

    def render_rule(self, record: Any) -> str:
        return self.value_rule(record)

    def value_repair(self, record: Any) -> str:
        rule = BOOK.rules.get(record.rule)
        return str(rule.repair) if rule else ""

    def render_repair(self, record: Any) -> str:
        return self.value_repair(record)

    def render_severity(self, record: Any) -> str:
        return badge(record.get_severity_display(), SEVERITY_TONES[record.severity])

    def value_severity(self, record: Any) -> str:
        return record.get_severity_display()

    def render_due_on(self, record: Any) -> str:
        text = record.due_on.strftime("%d/%m/%Y")
        late = record.closed_at is None and record.due_on < timezone.localdate()
        return format_html("{} {}", text, badge(_("quá hạn"), "bad")) if late else text

    def value_due_on(self, record: Any) -> Any:
        return record.due_on

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), STATE_TONES[record.state])

    def value_state(self, record: Any) -> str:
        return record.get_state_display()

    def value_dataset(self, record: Any) -> str:
        dataset = BOOK.datasets.get(record.dataset)
        return str(dataset.name) if dataset else record.dataset

    def render_dataset(self, record: Any) -> str:
        return self.value_dataset(record)

    def value_field(self, record: Any) -> str:
        dataset = BOOK.datasets.get(record.dataset)
        return str(dataset.fields.get(record.field, record.field)) if dataset else record.field

    def render_field(self, record: Any) -> str:
        return self.value_field(record)


def _dataset_choices() -> list[tuple[str, Any]]:
    return [(code, dataset.name) for code, dataset in BOOK.datasets.items()]


def _field_choices() -> list[tuple[Any, Any]]:
    return [
        (dataset.name, [(f"{code}.{name}", label) for name, label in dataset.fields.items()])
        for code, dataset in BOOK.datasets.items()
    ]


def _rule_choices() -> list[tuple[Any, Any]]:
    return [
        (dataset.name, [(rule.code, rule.title) for rule in BOOK.rules_of(code)])
        for code, dataset in BOOK.datasets.items()
    ]


def _units(request: Any) -> QuerySet[Any]:
    return organization.units_visible(request.actor)


class CaseFilter(FilterSet):
    main = ("state", "severity", "dataset")

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[("any", EVERY), *CaseState.choices],
        empty_label=gettext_lazy("Đang mở"),
        method="filter_state",
    )
    severity = django_filters.ChoiceFilter(
        label=gettext_lazy("Mức"), choices=Severity.choices, empty_label=EVERY
    )
    dataset = django_filters.ChoiceFilter(
        label=gettext_lazy("Dữ liệu"), choices=_dataset_choices, empty_label=EVERY
    )
    field = django_filters.ChoiceFilter(
        label=gettext_lazy("Trường dữ liệu"), choices=_field_choices, empty_label=EVERY, method="filter_field"
    )
    rule = django_filters.ChoiceFilter(
        label=gettext_lazy("Quy tắc"), choices=_rule_choices, empty_label=EVERY
    )
    group = django_filters.ChoiceFilter(
        label=gettext_lazy("Nhóm lỗi"), choices=ErrorGroup.choices, empty_label=EVERY, method="filter_group"
    )
    word = django_filters.ChoiceFilter(
        label=gettext_lazy("Tiêu chí"), choices=Word.choices, empty_label=EVERY, method="filter_word"
    )
    incident = django_filters.ChoiceFilter(
        label=gettext_lazy("Mã định danh"),
        choices=[("yes", gettext_lazy("Chỉ sự cố nghiêm trọng"))],
        empty_label=EVERY,
        method="filter_incident",
    )
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("Hạn"),
        choices=[("late", gettext_lazy("Đã quá hạn")), ("week", gettext_lazy("Trong 7 ngày tới"))],
        empty_label=EVERY,
        method="filter_due",
    )
    due_on = DateFromToFilter(label=gettext_lazy("Hạn xử lý"))
    school = django_filters.CharFilter(label=gettext_lazy("Tên trường, xã"), method="filter_school")
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Đơn vị"),
        queryset=_units,
        method="filter_unit",
        widget=forms.HiddenInput,
    )
    mine = django_filters.ChoiceFilter(
        label=gettext_lazy("Người xử lý"),
        choices=[("1", gettext_lazy("Tôi")), ("0", gettext_lazy("Chưa có ai"))],
        empty_label=EVERY,
        method="filter_mine",
    )

    @property
    def more_fields(self) -> list[Any]:
        return [bound for bound in super().more_fields if not bound.is_hidden]

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if value == "any" else rows.filter(state=value)

    def filter_field(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        dataset, _dot, field = value.partition(".")
        return rows.filter(dataset=dataset, field=field)

    def _by_rules(self, rows: QuerySet[Any], wanted: Any) -> QuerySet[Any]:
        return rows.filter(rule__in=[rule.code for rule in BOOK.rules.values() if wanted(rule)])

    def filter_group(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self._by_rules(rows, lambda rule: rule.group == value)

    def filter_word(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self._by_rules(rows, lambda rule: rule.word == value)

    def filter_incident(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self._by_rules(rows, lambda rule: rule.identifier)

    def filter_due(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        rows = rows.filter(closed_at__isnull=True)
        if value == "late":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__range=(today, today + timedelta(days=7)))

    def filter_school(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        own, above = Q(), Q()
        for word in fold_words(value):
            own &= Q(unit__name_fold__contains=word)
            above &= Q(unit__parent__name_fold__contains=word)
        return rows.filter(own | above)

    def filter_unit(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(unit_id__in=organization.unit_ids_below(value.pk))

    def filter_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(owner_id=self.actor.user_id) if value == "1" else rows.filter(owner__isnull=True)


class CaseList(ListPage):
    title = gettext_lazy("Lỗi dữ liệu")
    right = "quality.view"
    template_name = "quality/cases.html"
    table_class = CaseTable
    filterset_class = CaseFilter
    search_hint = gettext_lazy("Tên học sinh, cán bộ, lớp, tên lỗi")
    detail_url = "quality:case-detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Không có lỗi nào đang mở")
    empty_text = gettext_lazy(
        "Lỗi xuất hiện ở đây sau lần kiểm tra hằng đêm, hoặc khi bấm “Kiểm tra ngay” ở trang Chỉ số."
    )
    file_labels: dict[tuple[str, int], str] | None = None

    def query(self, actor: Actor) -> QuerySet[Any]:
        rows = queries.cases(actor)
        words = self.request.GET.get("q", "").strip()
        if not self.request.GET.get("state") and self.request.method == "GET":
            rows = rows.filter(closed_at__isnull=True)
        return rows.filter(queries.about(words)) if words else rows

    def search_on(self) -> bool:
        return True

    def links(self) -> Sequence[PageLink]:
        return [
            PageLink(_("Chỉ số"), reverse("quality:overview"), "gauge"),
            PageLink(_("Xếp hạng"), reverse("quality:ranking"), "award"),
        ]

    def table(self, rows: Any, *, boxes: bool = False) -> Table:
        made = super().table(rows, boxes=boxes)
        reach = self.actor.reach_of("quality.view")
        if reach is not None and len(reach) == 1:
            made.columns.hide("unit")
        made.labels = self.file_labels if self.file_labels is not None else queries.labels(rows)
        return made

    def exported(self, kind: str) -> None:
        self.file_labels = queries.labels(self.listing.rows.iterator(chunk_size=2000))

    @cached_property
    def colleagues(self) -> list[tuple[int, str]]:
        """Whom cases of the own unit can be given to."""
        acting = self.actor.acting
        if acting is None or not self.actor.can(MEND, acting.unit_id):
            return []
        return queries.menders(acting.unit_id, today=timezone.localdate())

    def extra_context(self) -> dict[str, Any]:
        return {"colleagues": self.colleagues}

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        found = [
            BulkAction("take", _("Nhận xử lý"), self._take, right=MEND, icon="user-check"),
            BulkAction("claim", _("Báo đã sửa"), self._claim, right=MEND, icon="checks"),
        ]
        if self.colleagues:
            found.append(
                BulkAction("assign", _("Giao cho người đã chọn"), self._assign, right=MEND, icon="user")
            )
        return found

    def _take(self, *, by: Actor, rows: QuerySet[Any]) -> str:
        number = actions.take_cases(by=by, rows=rows)
        return ngettext("Đã nhận %(n)d lỗi.", "Đã nhận %(n)d lỗi.", number) % {"n": number}

    def _claim(self, *, by: Actor, rows: QuerySet[Any]) -> str:
        number = claim_and_check(by=by, rows=rows)
        said = ngettext(
            "Đã ghi nhận %(n)d lỗi báo đã sửa; hệ thống đang kiểm tra lại.",
            "Đã ghi nhận %(n)d lỗi báo đã sửa; hệ thống đang kiểm tra lại.",
            number,
        )
        return said % {"n": number}

    def _assign(self, *, by: Actor, rows: QuerySet[Any]) -> str:
        chosen = self.request.POST.get("assignee", "")
        known = dict(self.colleagues)
        if not chosen.isdecimal() or int(chosen) not in known:
            raise Refused(_("Hãy chọn người nhận trước khi giao."))
        number = actions.assign_cases(by=by, rows=rows, user_id=int(chosen), today=timezone.localdate())
        said = ngettext("Đã giao %(n)d lỗi cho %(who)s.", "Đã giao %(n)d lỗi cho %(who)s.", number)
        return said % {"n": number, "who": known[int(chosen)]}
