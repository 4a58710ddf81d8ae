"""Rules about spells of the present school year: who sits where, since when, and how it ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import Dataset, ErrorGroup, Rule, Severity, Word

from ..models import Enrolment
from . import sources
from .expressions import blank, days_since, filled, outside
from .lazily import pl
from .reading import at_units, codes_of, copy_frame, scope
from .words import found_by, labels_of, page_of

FIELDS = {
    "school_class": _("Lớp"),
    "grade": _("Khối"),
    "status": _("Trạng thái"),
    "entered_on": _("Ngày vào"),
    "exit": _("Kết thúc, lý do"),
    "school_year": _("Năm học"),
}
WEIGHTS = {"school_class": Decimal(2), "grade": Decimal(2)}
COLUMNS = {
    "id": ("e.id", "int"),
    "unit_id": ("e.unit_id", "int"),
    "student_id": ("e.student_id", "int"),
    "school_class_id": ("e.school_class_id", "int"),
    "class_unit_id": ("c.unit_id", "int"),
    "class_year_id": ("c.school_year_id", "int"),
    "class_grade": ("c.grade", "int"),
    "class_is_mixed": ("(c.mixed_grades <> '')::int", "bool"),
    "class_from": ("c.valid_from", "date"),
    "class_to": ("c.valid_to", "date"),
    "school_year_id": ("e.school_year_id", "int"),
    "year_starts_on": ("y.starts_on", "date"),
    "year_ends_on": ("y.ends_on", "date"),
    "grade": ("e.grade", "int"),
    "status": ("e.status", "text"),
    "entry_type": ("e.entry_type", "text"),
    "entered_on": ("e.entered_on", "date"),
    "exit_type": ("e.exit_type", "text"),
    "exit_reason": ("e.exit_reason", "text"),
    "left_on": ("e.left_on", "date"),
    "has_other_school": ("(e.other_school <> '')::int", "bool"),
    "birth_date": ("s.birth_date", "date"),
    "grades": ("array_to_string(o.levels, ',')", "text"),
    "next_entered_on": (
        "(select min(n.entered_on) from registry_enrolment n where n.student_id = e.student_id"
        " and n.exit_type <> 'withdrawn' and (n.entered_on, n.id) > (e.entered_on, e.id))",
        "date",
    ),
    # Given away to a school of another province: nobody here will receive the pupil.
    "has_left_province": ("coalesce(t.left_on > e.entered_on, false)::int", "bool"),
}
# Spells of the present year, and open ones of any year. What was written by mistake is not assessed.
ROWS = """
    registry_enrolment e
    join registry_student s on s.id = e.student_id and s.merged_into_id is null and s.erased_at is null
    join organization_schoolyear y on y.id = e.school_year_id
    left join registry_schoolclass c on c.id = e.school_class_id
    left join organization_school o on o.unit_id = e.unit_id
    left join (
        select student_id, from_unit_id, max(effective_on) as left_on from registry_transfer
        where to_unit_id is null and state = 'completed' group by student_id, from_unit_id
    ) t on t.student_id = e.student_id and t.from_unit_id = e.unit_id
    where (e.school_year_id = %(year)s or e.left_on is null) and e.exit_type <> 'withdrawn'
"""
LEVELS = {
    "preschool": range(13, 19),
    "primary": range(1, 6),
    "lower_secondary": range(6, 10),
    "upper_secondary": range(10, 13),
    "continuing": range(1, 13),
}


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    picked = ", ".join(expression for expression, _ in COLUMNS.values())
    sql = f"select {picked} from {ROWS} and {at_units('e.unit_id', unit_ids)}"  # noqa: S608 - names of columns
    return copy_frame(sql, scope(unit_ids, today), {name: kind for name, (_, kind) in COLUMNS.items()})


def grade_outside(grade: str, levels: str) -> pl.Expr:
    """A grade that none of the school's levels has. Levels: "primary,lower_secondary"."""
    taught = [
        pl.col(levels).str.split(",").list.contains(level) & pl.col(grade).is_between(grades[0], grades[-1])
        for level, grades in LEVELS.items()
    ]
    return ~pl.any_horizontal(taught)


rule = partial(Rule, dataset="enrolment", source=sources.DATABASE)
error = partial(rule, severity=Severity.ERROR, sla_days=5)
in_class: dict[str, Any] = {"applies": lambda p: pl.col("school_class_id").is_not_null()}
is_open: dict[str, Any] = {"applies": lambda p: pl.col("left_on").is_null()}
RULES = (
    error(
        code="enrolment.school_class.missing",
        field="school_class",
        title=_("Quá trình học không có lớp"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Học sinh đang học nhưng chưa được xếp vào lớp nào."),
        repair=_("Xếp lớp cho học sinh."),
        fails=lambda p: pl.col("school_class_id").is_null(),
        **is_open,
    ),
    error(
        code="enrolment.school_class.other_school",
        field="school_class",
        title=_("Lớp của trường khác"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        message=_("Lớp được ghi là lớp của trường khác."),
        repair=_("Chọn lại lớp của trường mình."),
        fails=lambda p: pl.col("class_unit_id") != pl.col("unit_id"),
        **in_class,
    ),
    error(
        code="enrolment.school_class.other_year",
        field="school_class",
        title=_("Lớp của năm học khác"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        message=_(
            "Lớp được ghi thuộc năm học khác với quá trình học (thường do chọn nhầm năm khi nhập tệp)."
        ),
        repair=_("Chọn lại lớp của đúng năm học."),
        fails=lambda p: pl.col("class_year_id") != pl.col("school_year_id"),
        **in_class,
    ),
    error(
        code="enrolment.school_class.closed",
        field="school_class",
        title=_("Lớp đã kết thúc mà còn học sinh"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Lớp đã ghi ngày kết thúc nhưng học sinh này vẫn đang học ở lớp."),
        repair=_("Chuyển học sinh sang lớp khác, hoặc sửa ngày kết thúc của lớp."),
        fails=lambda p: pl.col("class_to") < p.today,
        applies=lambda p: pl.col("school_class_id").is_not_null() & pl.col("left_on").is_null(),
    ),
    error(
        code="enrolment.grade.missing",
        field="grade",
        title=_("Thiếu khối"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Quá trình học không có khối, nhóm tuổi."),
        repair=_("Ghi khối của học sinh (ở lớp ghép: khối của chính em)."),
        fails=lambda p: pl.col("grade").is_null(),
    ),
    error(
        code="enrolment.grade.class",
        field="grade",
        title=_("Khối của học sinh khác khối của lớp"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Khối của học sinh khác khối của lớp, mà lớp không phải lớp ghép."),
        repair=_("Sửa khối của học sinh, hoặc ghi các khối ghép của lớp."),
        fails=lambda p: pl.col("grade") != pl.col("class_grade"),
        applies=lambda p: ~pl.col("class_is_mixed") & pl.col("class_grade").is_not_null(),
    ),
    error(
        code="enrolment.grade.level",
        field="grade",
        title=_("Khối không thuộc cấp học của trường"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Trường không có cấp học của khối này."),
        repair=_("Sửa khối; nếu trường có thêm cấp học thì cập nhật thông tin trường."),
        fails=lambda p: grade_outside("grade", "grades"),
        applies=lambda p: pl.col("grade").is_not_null() & filled("grades"),
    ),
    rule(
        code="enrolment.status.code",
        field="status",
        title=_("Trạng thái không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        severity=Severity.ERROR,
        source=sources.CODE_LISTS,
        message=_("Mã trạng thái học sinh không có trong danh mục của Bộ."),
        repair=_("Mở quá trình học, lưu lại để hệ thống ghi đúng trạng thái."),
        fails=lambda p: outside("status", p.codes["trang_thai_hoc_sinh"]) | blank("status"),
        confidence="V",
    ),
    error(
        code="enrolment.status.exit",
        field="status",
        title=_("Trạng thái mâu thuẫn với ngày kết thúc"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Trạng thái là chuyển đi, thôi học nhưng quá trình học chưa có ngày kết thúc."),
        repair=_("Ghi ngày và lý do kết thúc, hoặc sửa trạng thái."),
        fails=lambda p: pl.col("status").is_in(["04", "05", "08", "09", "11", "12"]),
        **is_open,
    ),
    error(
        code="enrolment.entered_on.future",
        field="entered_on",
        title=_("Ngày vào lớp ở tương lai"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Ngày vào lớp sau ngày hôm nay."),
        repair=_("Sửa ngày vào lớp."),
        fails=lambda p: pl.col("entered_on") > p.today,
    ),
    error(
        code="enrolment.entered_on.birth",
        field="entered_on",
        title=_("Vào lớp trước khi sinh"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.ACCURATE,
        message=_("Ngày vào lớp không sau ngày sinh."),
        repair=_("Sửa ngày vào lớp hoặc ngày sinh."),
        fails=lambda p: pl.col("entered_on") <= pl.col("birth_date"),
        applies=lambda p: pl.col("birth_date").is_not_null(),
    ),
    error(
        code="enrolment.entered_on.year",
        field="entered_on",
        title=_("Ngày vào lớp ngoài năm học"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Ngày vào lớp cách xa năm học được ghi: có thể chọn nhầm năm học khi nhập."),
        repair=_("Kiểm tra năm học và ngày vào lớp."),
        fails=lambda p: (
            (pl.col("entered_on") > pl.col("year_ends_on"))
            | ((pl.col("year_starts_on") - pl.col("entered_on")).dt.total_days() > p["days"])
        ),
        parameters={"days": 120},
        labels={"days": _("Số ngày được vào trước khai giảng")},
    ),
    error(
        code="enrolment.entered_on.class",
        field="entered_on",
        title=_("Vào lớp trước khi lớp mở"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        severity=Severity.WARNING,
        message=_("Ngày vào lớp trước ngày mở lớp."),
        repair=_("Sửa ngày vào lớp hoặc ngày mở lớp."),
        fails=lambda p: pl.col("entered_on") < pl.col("class_from"),
        weight=Decimal("0.5"),
        **in_class,
    ),
    error(
        code="enrolment.entered_on.overlap",
        field="entered_on",
        title=_("Học hai nơi cùng một thời gian"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Quá trình học này chưa kết thúc thì quá trình tiếp theo của cùng học sinh đã bắt đầu."),
        repair=_("Ghi ngày kết thúc ở nơi học cũ trước ngày vào nơi học mới."),
        fails=lambda p: pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("next_entered_on")),
        applies=lambda p: pl.col("next_entered_on").is_not_null(),
        weight=Decimal(2),
    ),
    rule(
        code="enrolment.exit.reason",
        field="exit",
        title=_("Thôi học không ghi lý do"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.ERROR,
        source=sources.STATISTICS,
        message=_("Học sinh thôi học mà không ghi lý do; biểu thống kê bỏ học cần lý do."),
        repair=_("Chọn lý do thôi học từ danh mục."),
        fails=lambda p: blank("exit_reason"),
        applies=lambda p: pl.col("exit_type") == "dropped_out",
    ),
    rule(
        code="enrolment.exit.reason_code",
        field="exit",
        title=_("Lý do thôi học không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        severity=Severity.ERROR,
        source=sources.CODE_LISTS,
        message=_("Mã lý do thôi học không có trong danh mục của Bộ."),
        repair=_("Chọn lại lý do từ danh mục."),
        fails=lambda p: outside("exit_reason", p.codes["ly_do_thoi_hoc"]),
        applies=lambda p: filled("exit_reason"),
        confidence="V",
    ),
    rule(
        code="enrolment.exit.destination",
        field="exit",
        title=_("Chuyển đi không ghi nơi đến"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.WARNING,
        message=_("Học sinh chuyển đi mà không ghi trường đến."),
        repair=_("Ghi tên trường đến; giải trình nếu gia đình không cho biết."),
        fails=lambda p: ~pl.col("has_other_school"),
        applies=lambda p: pl.col("exit_type") == "transferred_out",
    ),
    rule(
        code="enrolment.exit.not_received",
        field="exit",
        title=_("Chuyển đi mà chưa trường nào tiếp nhận"),
        group=ErrorGroup.STALE,
        word=Word.SHARED,
        severity=Severity.WARNING,
        message=_("Đã chuyển đi nhiều ngày mà chưa có trường nào trong tỉnh tiếp nhận."),
        repair=_("Liên hệ trường đến để hoàn tất; nếu chuyển ra ngoài tỉnh thì ghi ở mục Chuyển trường."),
        fails=lambda p: pl.col("next_entered_on").is_null() & (days_since("left_on", p.today) > p["days"]),
        applies=lambda p: (pl.col("exit_type") == "transferred_out") & ~pl.col("has_left_province"),
        parameters={"days": 30},
        labels={"days": _("Số ngày chờ tiếp nhận")},
        sla_days=15,
    ),
    error(
        code="enrolment.school_year.over",
        field="school_year",
        title=_("Năm học đã hết mà chưa kết thúc"),
        group=ErrorGroup.STALE,
        word=Word.LIVE,
        message=_("Quá trình học của năm học đã qua vẫn đang mở."),
        repair=_("Kết thúc năm học (lên lớp, lưu ban, hoàn thành cấp học) cho học sinh."),
        fails=lambda p: days_since("year_ends_on", p.today) > p["days"],
        parameters={"days": 92},
        labels={"days": _("Số ngày sau khi năm học kết thúc")},
        **is_open,
    ),
)
DATASET = Dataset(
    code="enrolment",
    name=_("Quá trình học"),
    load=load,
    labels_of=labels_of(Enrolment, "student_name"),
    url_of=page_of(Enrolment, "registry:student-detail", "student__public_id"),
    fields=FIELDS,
    weights=WEIGHTS,
    codes=lambda: codes_of("trang_thai_hoc_sinh", "ly_do_thoi_hoc"),
    find=found_by(Enrolment, "student__name_fold"),
)
