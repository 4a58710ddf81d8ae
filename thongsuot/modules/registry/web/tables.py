"""Tables and filters of the registry's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.filters import FilterSet, YesNoFilter
from thongsuot.kit.pages.tables import BooleanColumn, Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from .. import queries
from ..types import (
    CharacteristicKind,
    Condition,
    EquipmentKind,
    ErrorReportState,
    Gender,
    GradeLevel,
    IdentityStatus,
    RoomBuild,
    RoomKind,
    StaffGroup,
    StaffStatus,
)
from .forms.people import REPORT_FIELDS

NUM = {"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}
ALL = _("Tất cả")
GRADES = dict(GradeLevel.choices)
GROUPS, STATUSES = dict(StaffGroup.choices), dict(StaffStatus.choices)


def choice(label: Any, choices: Any, **kwargs: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=[c for c in choices if c[0] != ""], empty_label=ALL, **kwargs
    )


class SchoolNameFilter(django_filters.CharFilter):
    """Part of the name of the school, without accents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Trường"), field_name="unit__name_fold", lookup_expr="contains", **kwargs)

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        for word in fold(value).split() if value else ():
            rows = super().filter(rows, word)
        return rows


class DayFilter(django_filters.DateFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class PersonTable(Table):
    """`reveals` is set by a page that may carry out sensitive columns (an export that is traced)."""

    reveals = False
    ethnicity_names: dict[str, str]

    def render_birth_date(self, record: Any, value: Any) -> str:
        # A column of a template is asked for empty cells too.
        if value is None:
            return str(self.default)
        return f"{value:%Y}" if record.is_birth_year_only else f"{value:%d/%m/%Y}"

    def render_gender(self, record: Any) -> str:
        return str(record.get_gender_display())

    value_gender = render_gender

    def render_personal_id(self, record: Any) -> str:
        return queries.shown_personal_id(record, full=False)

    def value_personal_id(self, record: Any) -> str:
        return queries.shown_personal_id(record, full=self.reveals)

    def render_ethnicity(self, record: Any) -> str:
        return "••••" if record.ethnicity else ""

    def value_ethnicity(self, record: Any) -> str:
        return (
            self.ethnicity_names.get(record.ethnicity, record.ethnicity)
            if self.reveals
            else self.render_ethnicity(record)
        )


class StudentTable(PersonTable):
    full_name = Column(verbose_name=_("Họ và tên"), order_by=("sort_key", "full_name"))
    birth_date = DateColumn(verbose_name=_("Ngày sinh"))
    gender = Column(verbose_name=_("Giới tính"), empty_values=())
    class_name = Column(verbose_name=_("Lớp"), order_by=("grade_now", "class_name"))
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    local_code = Column(verbose_name=_("Mã của trường"))
    ministry_code = Column(verbose_name=_("Mã của Bộ"))
    provisional_code = Column(verbose_name=_("Mã tạm"))
    identity_status = Column(
        verbose_name=_("Xác thực dân cư"), accessor="get_identity_status_display", order_by="identity_status"
    )
    grade = Column(verbose_name=_("Khối"), accessor="grade_now")
    phone = Column(verbose_name=_("Điện thoại"))
    current_address = Column(verbose_name=_("Nơi ở"))
    personal_id = Column(
        verbose_name=_("Số định danh"), accessor="personal_id_sealed", orderable=False, empty_values=()
    )
    ethnicity = Column(verbose_name=_("Dân tộc"), orderable=False, empty_values=())
    hidden = (
        "ministry_code", "provisional_code", "identity_status", "grade", "phone", "current_address", "personal_id",
        "ethnicity",
    )  # fmt: skip

    def render_grade(self, value: int) -> str:
        return str(GRADES.get(value, value))

    value_grade = render_grade


class StudentFilter(FilterSet):
    state = choice(
        _("Đang học"), [("in", _("Đang học ở lớp")), ("out", _("Không ở lớp nào"))], method="in_class"
    )
    grade = choice(_("Khối"), GradeLevel.choices, field_name="grade_now")
    gender = choice(_("Giới tính"), Gender.choices)
    school_class = django_filters.NumberFilter(
        label=_("Lớp (số)"), widget=forms.HiddenInput, method="of_class"
    )
    school = SchoolNameFilter()
    on = DayFilter(label=_("Có tên ở lớp vào ngày"), method="sat_on")
    characteristic = choice(
        _("Thuộc diện"),
        [c for c in CharacteristicKind.choices if c[0] not in ("disability", "health")],
        method="has_characteristic",
    )
    identity = choice(_("Xác thực dân cư"), IdentityStatus.choices, field_name="identity_status")
    no_ministry_code = YesNoFilter(label=_("Chưa có mã của Bộ"), method="without_code")
    main = ("state", "grade")

    def in_class(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(now__isnull=value == "out")

    def of_class(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(class_id=int(value))

    def sat_on(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        there = queries.enrolments(self.actor, on=value).order_by().values("student_id")
        return rows.filter(pk__in=there)

    def has_characteristic(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(characteristics__kind=value, characteristics__valid_to__isnull=True).distinct()

    def without_code(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(ministry_code="") if value == "true" else rows.exclude(ministry_code="")


class ClassTable(Table):
    name = Column(verbose_name=_("Lớp"))
    grade = Column(verbose_name=_("Khối"), accessor="get_grade_display", order_by="grade")
    size = Column(verbose_name=_("Sĩ số"), attrs=NUM)
    max_students = Column(verbose_name=_("Tối đa"), attrs=NUM)
    homeroom = Column(
        verbose_name=_("Giáo viên chủ nhiệm"), accessor="homeroom_teacher__full_name",
        order_by="homeroom_teacher__sort_key",
    )  # fmt: skip
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    year = Column(verbose_name=_("Năm học"), accessor="school_year__name", order_by="school_year__starts_on")
    is_two_sessions = BooleanColumn(verbose_name=_("2 buổi/ngày"))
    is_boarding = BooleanColumn(verbose_name=_("Bán trú"))
    code = Column(verbose_name=_("Mã lớp"))
    valid_to = DateColumn(verbose_name=_("Đóng từ"))
    hidden = ("is_two_sessions", "is_boarding", "code", "valid_to")


class ClassFilter(FilterSet):
    year = django_filters.ChoiceFilter(label=_("Năm học"), field_name="school_year_id", empty_label=ALL)
    grade = choice(_("Khối"), GradeLevel.choices)
    over = YesNoFilter(label=_("Vượt sĩ số tối đa"), method="above")
    no_teacher = YesNoFilter(
        label=_("Chưa có chủ nhiệm"), field_name="homeroom_teacher", lookup_expr="isnull"
    )
    school = SchoolNameFilter()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Without a word about the year it is this one; "Tất cả" says an empty year.
        now = organization.current_school_year(timezone.localdate())
        if data is not None and "year" not in data and "all" not in data and now is not None:
            data = data.copy()
            data["year"] = str(now.pk)
        super().__init__(data, *args, **kwargs)
        years = [(year.pk, year.name) for year in organization.school_years()]
        self.filters["year"].extra["choices"] = years

    def above(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        over = Q(size__gt=F("max_students"))
        return rows.filter(over) if value == "true" else rows.exclude(over)


class StaffTable(PersonTable):
    full_name = Column(verbose_name=_("Họ và tên"), order_by=("sort_key", "full_name"))
    birth_date = DateColumn(verbose_name=_("Ngày sinh"))
    gender = Column(verbose_name=_("Giới tính"), empty_values=())
    group = Column(verbose_name=_("Vị trí"), accessor="post_group")
    position = Column(verbose_name=_("Chức vụ"), accessor="post_position", orderable=False)
    subjects = Column(verbose_name=_("Môn dạy"), accessor="post_subjects", orderable=False)
    status = Column(verbose_name=_("Trạng thái"), accessor="post_status")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    degree = Column(verbose_name=_("Trình độ"), orderable=False)
    local_code = Column(verbose_name=_("Mã của trường"))
    ministry_code = Column(verbose_name=_("Mã của Bộ"))
    phone = Column(verbose_name=_("Điện thoại"))
    email = Column(verbose_name=_("Thư điện tử"))
    personal_id = Column(
        verbose_name=_("Số định danh"), accessor="personal_id_sealed", orderable=False, empty_values=()
    )
    ethnicity = Column(verbose_name=_("Dân tộc"), orderable=False, empty_values=())
    hidden = ("degree", "local_code", "ministry_code", "phone", "email", "personal_id", "ethnicity")
    position_names: dict[str, str]
    degree_names: dict[str, str]

    def render_group(self, value: str) -> str:
        return str(GROUPS.get(value, value))

    def render_status(self, value: str) -> str:
        return str(STATUSES.get(value, value))

    def render_position(self, value: str) -> str:
        return self.position_names.get(value, value)

    def render_degree(self, value: str) -> str:
        return self.degree_names.get(value, value)

    def render_subjects(self, value: list[str]) -> str:
        return ", ".join(value)

    value_group, value_status, value_subjects = render_group, render_status, render_subjects
    value_position, value_degree = render_position, render_degree


class StaffFilter(FilterSet):
    group = choice(_("Vị trí"), StaffGroup.choices, field_name="post_group")
    status = choice(_("Trạng thái"), StaffStatus.choices, field_name="post_status")
    gender = choice(_("Giới tính"), Gender.choices)
    has_digital_skills = YesNoFilter(label=_("Kỹ năng số cơ bản"))
    school = SchoolNameFilter()
    main = ("group", "status")


class ThingTable(Table):
    name = Column(verbose_name=_("Tên"))
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    site = Column(verbose_name=_("Điểm trường"), accessor="site__name", order_by="site__name")
    valid_from = DateColumn(verbose_name=_("Có từ ngày"))
    valid_to = DateColumn(verbose_name=_("Đến hết"))
    note = Column(verbose_name=_("Ghi chú"))


class RoomTable(ThingTable):
    kind = Column(verbose_name=_("Loại phòng"), accessor="get_kind_display", order_by="kind")
    build = Column(verbose_name=_("Kết cấu"), accessor="get_build_display", order_by="build")
    condition = Column(verbose_name=_("Tình trạng"), accessor="get_condition_display", order_by="condition")
    area = Column(verbose_name=_("Diện tích (m²)"), attrs=NUM)
    capacity = Column(verbose_name=_("Số chỗ"), attrs=NUM)
    built_year = Column(verbose_name=_("Năm xây"), attrs=NUM)
    hidden = ("site", "valid_from", "valid_to", "note", "built_year")

    class Meta:
        sequence = ("name", "kind", "build", "condition", "area", "capacity", "unit", "...")


class LandTable(ThingTable):
    area = Column(verbose_name=_("Diện tích (m²)"), attrs=NUM)
    has_certificate = BooleanColumn(verbose_name=_("Có giấy chứng nhận"))
    hidden = ("valid_to", "note")

    class Meta:
        sequence = ("name", "area", "has_certificate", "unit", "...")


class EquipmentTable(ThingTable):
    kind = Column(verbose_name=_("Loại thiết bị"), accessor="get_kind_display", order_by="kind")
    use = Column(verbose_name=_("Dùng cho"), accessor="get_use_display", order_by="use")
    quantity = Column(verbose_name=_("Hiện có"), attrs=NUM)
    broken = Column(verbose_name=_("Hỏng"), attrs=NUM)
    needed = Column(verbose_name=_("Cần"), attrs=NUM)
    measure = Column(verbose_name=_("Đơn vị tính"))
    is_connected = BooleanColumn(verbose_name=_("Nối mạng"))
    hidden = ("site", "valid_from", "valid_to", "note", "measure", "is_connected", "use")

    class Meta:
        sequence = ("name", "kind", "quantity", "broken", "needed", "unit", "...")


class LineTable(ThingTable):
    provider = Column(verbose_name=_("Nhà cung cấp"))
    technology = Column(verbose_name=_("Loại kết nối"))
    bandwidth = Column(verbose_name=_("Băng thông (Mbps)"), attrs=NUM)
    is_for_teaching = BooleanColumn(verbose_name=_("Dùng cho dạy học"))
    hidden = ("site", "valid_to", "note")

    class Meta:
        sequence = ("name", "provider", "technology", "bandwidth", "is_for_teaching", "unit", "...")


class ThingFilter(FilterSet):
    in_use = YesNoFilter(label=_("Đang dùng"), field_name="valid_to", lookup_expr="isnull")
    school = SchoolNameFilter()


class RoomFilter(ThingFilter):
    bad = YesNoFilter(label=_("Xuống cấp, hỏng"), method="is_bad")
    kind = choice(_("Loại phòng"), RoomKind.choices)
    condition = choice(_("Tình trạng"), Condition.choices)
    build = choice(_("Kết cấu"), RoomBuild.choices)
    main = ("bad", "kind", "in_use")

    def is_bad(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        bad = Q(condition__in=[Condition.WORN, Condition.BROKEN])
        return rows.filter(bad) if value == "true" else rows.exclude(bad)


class EquipmentFilter(ThingFilter):
    bad = YesNoFilter(label=_("Có cái hỏng"), method="is_bad")
    short = YesNoFilter(label=_("Thiếu so với định mức"), method="is_short")
    kind = choice(_("Loại thiết bị"), EquipmentKind.choices)
    main = ("bad", "short", "kind")

    def is_bad(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(broken__gt=0) if value == "true" else rows.filter(broken=0)

    def is_short(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        short = Q(quantity__lt=F("needed") + F("broken"))
        return rows.filter(short) if value == "true" else rows.exclude(short)


class ReportTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="student__full_name", order_by="student__sort_key")
    field = Column(verbose_name=_("Mục"))
    said = Column(verbose_name=_("Nội dung đề nghị"), orderable=False)
    state = Column(verbose_name=_("Trạng thái"), accessor="get_state_display", order_by="state")
    reported_at = DateTimeColumn(verbose_name=_("Báo lúc"))
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    hidden = ("unit",)

    def render_field(self, value: str) -> str:
        return str(dict(REPORT_FIELDS).get(value, value))

    value_field = render_field


class ReportFilter(FilterSet):
    state = choice(_("Trạng thái"), ErrorReportState.choices)
