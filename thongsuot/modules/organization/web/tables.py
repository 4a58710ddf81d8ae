"""Tables and filters of the organisation's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.filters import FilterSet, YesNoFilter
from thongsuot.kit.pages.tables import BooleanColumn, Column, DateColumn, Table

from .. import queries
from ..types import (
    AdministrativeLevel,
    ChangeKind,
    Confidence,
    EducationLevel,
    RoleCode,
    SchoolType,
    UnitKind,
)


def level_names(levels: list[str]) -> str:
    return ", ".join(str(EducationLevel(level).label) for level in levels)


class InForceFilter(YesNoFilter):
    """Only what exists, or only what has ended, today."""

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value in (None, ""):
            return rows
        today = timezone.localdate()
        now = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        return rows.filter(now if value else ~now)


class UnitTable(Table):
    name = Column(verbose_name=_("Tên"), order_by="sort_key")
    kind = Column(verbose_name=_("Loại"), accessor="get_kind_display", order_by="kind")
    parent = Column(verbose_name=_("Cơ quan quản lý"), order_by="parent__sort_key")
    place = Column(
        verbose_name=_("Địa bàn"),
        accessor="administrative_unit__full_name",
        order_by="administrative_unit__sort_key",
    )
    code = Column(verbose_name=_("Mã"))
    phone = Column(verbose_name=_("Điện thoại"))
    valid_from = DateColumn(verbose_name=_("Hoạt động từ"))
    valid_to = DateColumn(verbose_name=_("Đến hết"))
    hidden = ("phone", "valid_from", "valid_to")


class UnitFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Loại"), choices=UnitKind.choices, empty_label=_("Tất cả"))
    active = InForceFilter(label=_("Đang hoạt động"))


class CommuneTable(Table):
    name = Column(verbose_name=_("Tên"), order_by="sort_key")
    place = Column(verbose_name=_("Mã xã"), accessor="administrative_unit__code")
    kind = Column(verbose_name=_("Loại"), accessor="administrative_unit__kind")
    school_count = Column(
        verbose_name=_("Số trường thuộc xã"), attrs={"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}
    )
    phone = Column(verbose_name=_("Điện thoại"))


class SchoolTable(Table):
    name = Column(verbose_name=_("Tên trường"), accessor="unit__name", order_by="unit__sort_key")
    levels = Column(verbose_name=_("Cấp học"), orderable=False)
    school_type = Column(
        verbose_name=_("Loại hình"), accessor="get_school_type_display", order_by="school_type"
    )
    managed_by = Column(
        verbose_name=_("Cơ quan quản lý"), accessor="unit__parent", order_by="unit__parent__sort_key"
    )
    place = Column(
        verbose_name=_("Xã, phường"),
        accessor="unit__administrative_unit__full_name",
        order_by="unit__administrative_unit__sort_key",
    )
    ministry_code = Column(verbose_name=_("Mã của Bộ"))
    is_boarding = BooleanColumn(verbose_name=_("Nội trú, bán trú"))
    is_hard_area = BooleanColumn(verbose_name=_("Vùng khó khăn"))
    hidden = ("ministry_code", "is_boarding", "is_hard_area")

    def render_levels(self, value: list[str]) -> str:
        return level_names(value)

    value_levels = render_levels


class SchoolFilter(FilterSet):
    level = django_filters.ChoiceFilter(
        label=_("Cấp học"), choices=EducationLevel.choices, empty_label=_("Tất cả"), method="of_level"
    )
    school_type = django_filters.ChoiceFilter(
        label=_("Loại hình"), choices=SchoolType.choices, empty_label=_("Tất cả")
    )
    managed_by = django_filters.ModelChoiceFilter(
        label=_("Cơ quan quản lý"),
        field_name="unit__parent",
        empty_label=_("Tất cả"),
        queryset=lambda request: (
            queries.units_visible(request.actor)
            .filter(kind__in=[UnitKind.DEPARTMENT, UnitKind.COMMUNE])
            .select_related(None)
        ),
    )
    is_hard_area = YesNoFilter(label=_("Vùng khó khăn"))

    def of_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(levels__contains=[value])


class AdministrativeTable(Table):
    full_name = Column(verbose_name=_("Tên"), order_by="sort_key")
    code = Column(verbose_name=_("Mã"))
    level = Column(verbose_name=_("Cấp"), accessor="get_level_display", order_by="level")
    parent = Column(verbose_name=_("Thuộc"), order_by="parent__sort_key")
    valid_from = DateColumn(verbose_name=_("Có hiệu lực từ"))
    valid_to = DateColumn(verbose_name=_("Đến hết"))


def provinces(request: Any) -> Any:
    return (
        queries.administrative_units(level=AdministrativeLevel.PROVINCE)
        .filter(valid_to__isnull=True)
        .select_related(None)
    )


class AdministrativeFilter(FilterSet):
    level = django_filters.ChoiceFilter(
        label=_("Cấp"),
        choices=[c for c in AdministrativeLevel.choices if c[0] != AdministrativeLevel.DISTRICT],
        empty_label=_("Tất cả"),
    )
    parent = django_filters.ModelChoiceFilter(
        label=_("Thuộc tỉnh"), queryset=provinces, empty_label=_("Tất cả")
    )
    active = InForceFilter(label=_("Đang có hiệu lực"))


class ConfidenceColumn(Column):
    """How a value is known; what was not read is marked, in words."""

    def render(self, value: Any, record: Any) -> str:
        if record.is_corrected:
            return format_html('<span class="badge ts-badge ts-tone-ok">{}</span>', gettext("Đã hiệu chỉnh"))
        if record.confidence in (Confidence.READ, Confidence.SECONDARY):
            return gettext("Đã đọc")
        return format_html('<span class="badge ts-badge ts-tone-warn">{}</span>', gettext("Cần kiểm tra"))

    def value(self, value: Any, record: Any) -> str:
        return gettext("Đã hiệu chỉnh") if record.is_corrected else str(Confidence(record.confidence).label)


class ChangeTable(Table):
    old_name = Column(verbose_name=_("Tên cũ"), order_by="old_name_fold")
    old_code = Column(verbose_name=_("Mã cũ"))
    old_parent_name = Column(verbose_name=_("Huyện cũ"))
    old_province_name = Column(verbose_name=_("Tỉnh cũ"))
    kind = Column(verbose_name=_("Kiểu thay đổi"), accessor="get_kind_display", order_by="kind")
    new_unit = Column(
        verbose_name=_("Đơn vị mới"), accessor="new_unit__full_name", order_by="new_unit__sort_key"
    )
    new_code = Column(verbose_name=_("Mã mới"), accessor="new_unit__code")
    new_province = Column(
        verbose_name=_("Tỉnh mới"),
        accessor="new_unit__parent__full_name",
        order_by="new_unit__parent__sort_key",
    )
    is_partial = BooleanColumn(verbose_name=_("Chỉ một phần"))
    effective_on = DateColumn(verbose_name=_("Từ ngày"))
    document = Column(verbose_name=_("Văn bản"), attrs={"td": {"class": "text-nowrap"}})
    confidence = ConfidenceColumn(verbose_name=_("Độ tin cậy"))
    hidden = ("is_partial", "new_province", "confidence")

    def render_document(self, value: str) -> str:
        """The number says what it is ("1677/NQ-UBTVQH15"); files have it in full."""
        return value.removeprefix("Nghị quyết ")

    def value_document(self, value: str) -> str:
        return value


def old_provinces() -> list[tuple[str, str]]:
    lines = queries.administrative_changes(level=AdministrativeLevel.PROVINCE).exclude(old_code="")
    return list(lines.order_by("old_name_fold").values_list("old_code", "old_name").distinct())


class ChangeFilter(FilterSet):
    province = django_filters.ModelChoiceFilter(
        label=_("Tỉnh mới"), queryset=provinces, empty_label=_("Tất cả"), method="of_province"
    )
    old_province_code = django_filters.ChoiceFilter(
        label=_("Tỉnh cũ"), choices=old_provinces, empty_label=_("Tất cả")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kiểu thay đổi"), choices=ChangeKind.choices, empty_label=_("Tất cả")
    )
    level = django_filters.ChoiceFilter(
        label=_("Cấp"), choices=AdministrativeLevel.choices, empty_label=_("Tất cả")
    )
    corrected = YesNoFilter(label=_("Đã hiệu chỉnh"), field_name="is_corrected")

    def of_province(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(Q(new_unit=value) | Q(new_unit__parent=value))


class AppointmentTable(Table):
    person = Column(verbose_name=_("Người"), accessor="user__full_name")
    role = Column(verbose_name=_("Vai trò"), accessor="get_role_display", order_by="role")
    title = Column(verbose_name=_("Chức vụ"))
    unit = Column(verbose_name=_("Đơn vị"), order_by="unit__sort_key")
    valid_from = DateColumn(verbose_name=_("Từ ngày"))
    valid_to = DateColumn(verbose_name=_("Đến hết"))
    lent_by = Column(
        verbose_name=_("Được uỷ quyền bởi"), accessor="delegated_from__user__full_name", orderable=False
    )
    username = Column(verbose_name=_("Tên đăng nhập"), accessor="user__username")
    hidden = ("username",)


class AppointmentFilter(FilterSet):
    role = django_filters.ChoiceFilter(label=_("Vai trò"), choices=RoleCode.choices, empty_label=_("Tất cả"))
    kind = django_filters.ChoiceFilter(
        label=_("Loại đơn vị"), field_name="unit__kind", choices=UnitKind.choices, empty_label=_("Tất cả")
    )
    active = InForceFilter(label=_("Đang hiệu lực"))


class YearTable(Table):
    name = Column(verbose_name=_("Năm học"))
    starts_on = DateColumn(verbose_name=_("Bắt đầu"))
    ends_on = DateColumn(verbose_name=_("Kết thúc"))
    terms = Column(verbose_name=_("Học kỳ"), orderable=False)

    def render_terms(self, value: Any) -> str:
        terms = ((t.number, f"{t.starts_on:%d/%m/%Y}", f"{t.ends_on:%d/%m/%Y}") for t in value.all())
        return format_html_join("; ", _("Học kỳ") + " {}: {} – {}", terms)

    value_terms = render_terms


class CodeListTable(Table):
    name = Column(verbose_name=_("Danh mục"))
    code = Column(verbose_name=_("Mã danh mục"))
    source = Column(verbose_name=_("Căn cứ"))
    size = Column(verbose_name=_("Số mã"), attrs={"td": {"class": "ts-num"}, "th": {"class": "ts-num"}})
    to_check = Column(
        verbose_name=_("Cần kiểm tra"), attrs={"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}
    )
    collected_on = DateColumn(verbose_name=_("Thu thập ngày"))
    hidden = ("collected_on",)


class CodeValueTable(Table):
    code = Column(verbose_name=_("Mã"))
    name = Column(verbose_name=_("Tên"))
    confidence = ConfidenceColumn(verbose_name=_("Độ tin cậy"))
    valid_from = DateColumn(verbose_name=_("Dùng từ"))
    valid_to = DateColumn(verbose_name=_("Đến hết"))
