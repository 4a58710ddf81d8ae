"""Rules about the classes of the present school year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import Dataset, ErrorGroup, Parameters, Rule, Severity, Word

from ..models import SchoolClass
from . import sources
from .enrolment import grade_outside
from .expressions import filled
from .lazily import pl
from .reading import at_units, copy_frame, scope
from .words import found_by, labels_of, page_of

FIELDS = {
    "name": _("Tên lớp"),
    "grade": _("Khối, nhóm tuổi"),
    "size": _("Sĩ số"),
    "homeroom": _("Giáo viên chủ nhiệm"),
    "teaching": _("Phân công giảng dạy"),
    "room": _("Phòng học"),
    "sessions": _("Số buổi học"),
    "dates": _("Thời gian"),
}
WEIGHTS = {"grade": Decimal(2), "size": Decimal(2), "homeroom": Decimal(2), "sessions": Decimal("0.5")}
COLUMNS = {
    "id": ("c.id", "int"),
    "unit_id": ("c.unit_id", "int"),
    "name": ("c.name", "text"),
    "grade": ("c.grade", "int"),
    "mixed_grades": ("c.mixed_grades", "text"),
    "max_students": ("c.max_students", "int"),
    "size": ("coalesce(n.size, 0)", "int"),
    "boys_and_girls": ("coalesce(n.sexes, 0)", "int"),
    "homeroom_id": ("c.homeroom_teacher_id", "int"),
    "homeroom_works_here": (
        "(exists (select 1 from registry_employment w where w.staff_id = c.homeroom_teacher_id"
        " and w.unit_id = c.unit_id and w.status = 'working' and w.valid_from <= %(today)s"
        " and (w.valid_to is null or w.valid_to >= %(today)s)))::int",
        "bool",
    ),
    "homeroom_classes": (
        "count(c.homeroom_teacher_id) over (partition by c.unit_id, c.homeroom_teacher_id)",
        "int",
    ),
    "same_name": ("count(*) over (partition by c.unit_id, lower(c.name)) - 1", "int"),
    "subjects": (
        "(select count(distinct t.subject) from registry_teachingassignment t where t.school_class_id = c.id"
        " and t.valid_from <= %(today)s and (t.valid_to is null or t.valid_to >= %(today)s))",
        "int",
    ),
    "room_id": ("c.room_id", "int"),
    "room_unit_id": ("r.unit_id", "int"),
    "room_is_broken": ("(r.condition = 'broken')::int", "bool"),
    "room_capacity": ("r.capacity", "int"),
    "room_classes": (
        "count(c.room_id) over (partition by c.unit_id, c.room_id, c.is_two_sessions)",
        "int",
    ),
    "is_two_sessions": ("c.is_two_sessions::int", "bool"),
    "is_boarding": ("c.is_boarding::int", "bool"),
    "sessions_per_week": ("c.sessions_per_week", "int"),
    "valid_from": ("c.valid_from", "date"),
    "year_ends_on": ("y.ends_on", "date"),
    "grades": ("array_to_string(o.levels, ',')", "text"),
}
ROWS = """
    registry_schoolclass c
    join organization_schoolyear y on y.id = c.school_year_id
    left join organization_school o on o.unit_id = c.unit_id
    left join registry_room r on r.id = c.room_id
    left join (
        select e.school_class_id, count(*) as size, count(*) filter (where s.gender <> '') as sexes
        from registry_enrolment e join registry_student s on s.id = e.student_id
        where e.school_year_id = %(year)s and e.exit_type <> 'withdrawn' and e.entered_on <= %(today)s
            and (e.left_on is null or e.left_on >= %(today)s) and {enrolled}
        group by e.school_class_id
    ) n on n.school_class_id = c.id
    where c.school_year_id = %(year)s and (c.valid_to is null or c.valid_to >= %(today)s)
"""


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    picked = ", ".join(expression for expression, _ in COLUMNS.values())
    rows = ROWS.format(enrolled=at_units("e.unit_id", unit_ids))
    sql = f"select {picked} from {rows} and {at_units('c.unit_id', unit_ids)}"  # noqa: S608 - names of columns
    return copy_frame(sql, scope(unit_ids, today), {name: kind for name, (_, kind) in COLUMNS.items()})


def limit_of(p: Parameters) -> pl.Expr:
    """The most pupils that a class of this grade may have."""
    grade = pl.col("grade")
    return (
        pl.when(grade.is_between(1, 5))
        .then(p["primary"])
        .when(grade.is_between(6, 12))
        .then(p["secondary"])
        .when(grade == 13)
        .then(p["months_3_12"])
        .when(grade == 14)
        .then(p["months_13_24"])
        .when(grade == 15)
        .then(p["months_25_36"])
        .when(grade == 16)
        .then(p["age_3"])
        .when(grade == 17)
        .then(p["age_4"])
        .otherwise(p["age_5"])
    )


rule = partial(Rule, dataset="class", source=sources.DATABASE)
error = partial(rule, severity=Severity.ERROR, sla_days=5)
warning = partial(rule, severity=Severity.WARNING)
led: dict[str, Any] = {"applies": lambda p: pl.col("homeroom_id").is_not_null()}
housed: dict[str, Any] = {"applies": lambda p: pl.col("room_id").is_not_null()}
RULES = (
    error(
        code="class.name.missing",
        field="name",
        title=_("Lớp không có tên"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Lớp không có tên."),
        repair=_("Ghi tên lớp."),
        fails=lambda p: ~filled("name"),
    ),
    error(
        code="class.name.twice",
        field="name",
        title=_("Hai lớp cùng tên"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Trường có hai lớp cùng tên trong năm học này."),
        repair=_("Đổi tên một lớp, hoặc gộp nếu là một lớp được nhập hai lần."),
        fails=lambda p: pl.col("same_name") > 0,
        applies=lambda p: filled("name"),
    ),
    warning(
        code="class.name.grade",
        field="name",
        title=_("Tên lớp không hợp với khối"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Số ở đầu tên lớp khác với khối của lớp."),
        repair=_("Sửa tên lớp hoặc khối; giải trình nếu trường đặt tên theo cách riêng."),
        fails=lambda p: (
            pl.col("name").str.extract(r"^(?:[Ll]ớp\s*)?([0-9]{1,2})", 1).cast(pl.Int64, strict=False)
            != pl.col("grade")
        ),
        applies=lambda p: pl.col("grade").is_between(1, 12) & ~filled("mixed_grades"),
    ),
    error(
        code="class.grade.missing",
        field="grade",
        title=_("Lớp không có khối"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Lớp chưa ghi khối, nhóm tuổi."),
        repair=_("Chọn khối, nhóm tuổi của lớp."),
        fails=lambda p: pl.col("grade").is_null(),
    ),
    error(
        code="class.grade.level",
        field="grade",
        title=_("Khối không thuộc cấp học của trường"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Trường không có cấp học của khối này."),
        repair=_("Sửa khối của lớp, hoặc cập nhật cấp học của trường."),
        fails=lambda p: grade_outside("grade", "grades"),
        applies=lambda p: pl.col("grade").is_not_null() & filled("grades"),
    ),
    warning(
        code="class.grade.mixed",
        field="grade",
        title=_("Khối ghép ghi sai dạng"),
        group=ErrorGroup.FORMAT,
        word=Word.CLEAN,
        message=_("Các khối ghép phải ghi bằng số, cách nhau dấu phẩy (ví dụ 2,3)."),
        repair=_("Ghi lại các khối ghép."),
        fails=lambda p: ~pl.col("mixed_grades").str.contains(r"^[0-9]{1,2}([,+ ]+[0-9]{1,2})*$"),
        applies=lambda p: filled("mixed_grades"),
    ),
    error(
        code="class.size.empty",
        field="size",
        title=_("Lớp không có học sinh"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Lớp đang mở mà không có học sinh nào."),
        repair=_("Xếp học sinh vào lớp, hoặc ghi ngày kết thúc của lớp."),
        fails=lambda p: pl.col("size") == 0,
    ),
    warning(
        code="class.size.limit",
        field="size",
        title=_("Sĩ số vượt mức tối đa"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.SCHOOL_RULES,
        message=_("Sĩ số vượt mức tối đa của Điều lệ."),
        repair=_("Kiểm tra học sinh đã chuyển đi chưa ghi; giải trình nếu sĩ số thực tế vượt."),
        fails=lambda p: pl.col("size") > limit_of(p),
        applies=lambda p: pl.col("grade").is_between(1, 18),
        parameters={
            "primary": 35,
            "secondary": 45,
            "months_3_12": 15,
            "months_13_24": 20,
            "months_25_36": 25,
            "age_3": 25,
            "age_4": 30,
            "age_5": 35,
        },
        labels={
            "primary": _("Tiểu học"),
            "secondary": _("THCS, THPT"),
            "months_3_12": _("Nhóm 3-12 tháng"),
            "months_13_24": _("Nhóm 13-24 tháng"),
            "months_25_36": _("Nhóm 25-36 tháng"),
            "age_3": _("Lớp 3-4 tuổi"),
            "age_4": _("Lớp 4-5 tuổi"),
            "age_5": _("Lớp 5-6 tuổi"),
        },
        confidence="M",
    ),
    warning(
        code="class.size.own_limit",
        field="size",
        title=_("Sĩ số vượt số tối đa của lớp"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Sĩ số lớn hơn số học sinh tối đa ghi cho lớp."),
        repair=_("Sửa số tối đa của lớp, hoặc chuyển bớt học sinh."),
        fails=lambda p: pl.col("size") > pl.col("max_students"),
        applies=lambda p: pl.col("max_students").is_not_null(),
        weight=Decimal("0.5"),
    ),
    warning(
        code="class.size.totals",
        field="size",
        title=_("Tổng theo giới tính khác sĩ số"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.STATISTICS,
        message=_("Số nam cộng số nữ nhỏ hơn sĩ số: có học sinh chưa ghi giới tính."),
        repair=_("Ghi giới tính cho các học sinh còn thiếu của lớp."),
        fails=lambda p: pl.col("boys_and_girls") != pl.col("size"),
        applies=lambda p: pl.col("size") > 0,
    ),
    error(
        code="class.homeroom.missing",
        field="homeroom",
        title=_("Lớp không có giáo viên chủ nhiệm"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Lớp chưa có giáo viên chủ nhiệm."),
        repair=_("Phân công giáo viên chủ nhiệm."),
        fails=lambda p: pl.col("homeroom_id").is_null(),
    ),
    error(
        code="class.homeroom.gone",
        field="homeroom",
        title=_("Giáo viên chủ nhiệm không còn làm việc"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        message=_("Giáo viên chủ nhiệm không ở trạng thái “đang làm việc” tại trường."),
        repair=_("Phân công người khác, hoặc cập nhật trạng thái của giáo viên."),
        fails=lambda p: ~pl.col("homeroom_works_here"),
        **led,
    ),
    warning(
        code="class.homeroom.several",
        field="homeroom",
        title=_("Một người chủ nhiệm nhiều lớp"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Giáo viên chủ nhiệm của lớp này còn chủ nhiệm lớp khác."),
        repair=_("Phân công lại; giải trình nếu trường bố trí như vậy."),
        fails=lambda p: pl.col("homeroom_classes") > p["most"],
        parameters={"most": 1},
        labels={"most": _("Số lớp nhiều nhất một người chủ nhiệm")},
        **led,
    ),
    warning(
        code="class.teaching.missing",
        field="teaching",
        title=_("Lớp chưa có phân công giảng dạy"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Lớp có ít môn được phân công giáo viên hơn mức tối thiểu."),
        repair=_("Nhập phân công giảng dạy của lớp."),
        fails=lambda p: pl.col("subjects") < p["least"],
        applies=lambda p: pl.col("grade").is_between(1, 12),
        parameters={"least": 1},
        labels={"least": _("Số môn ít nhất phải có giáo viên")},
    ),
    error(
        code="class.room.other_school",
        field="room",
        title=_("Phòng học của trường khác"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        message=_("Phòng học của lớp thuộc trường khác."),
        repair=_(
            "Chọn lại phòng của trường mình (phòng mượn: thêm vào danh sách phòng, kết cấu “Nhờ, mượn”)."
        ),
        fails=lambda p: pl.col("room_unit_id") != pl.col("unit_id"),
        **housed,
    ),
    warning(
        code="class.room.broken",
        field="room",
        title=_("Lớp học trong phòng đã hỏng"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.FACILITIES,
        message=_("Phòng học của lớp được ghi là hỏng, không dùng được."),
        repair=_("Chuyển lớp sang phòng khác, hoặc cập nhật tình trạng phòng."),
        fails=lambda p: pl.col("room_is_broken"),
        **housed,
    ),
    warning(
        code="class.room.crowded",
        field="room",
        title=_("Sĩ số vượt số chỗ của phòng"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.FACILITIES,
        message=_("Sĩ số lớn hơn số chỗ của phòng học."),
        repair=_("Kiểm tra số chỗ của phòng; giải trình nếu đúng thực tế."),
        fails=lambda p: pl.col("size") > pl.col("room_capacity"),
        applies=lambda p: pl.col("room_capacity").is_not_null(),
    ),
    warning(
        code="class.room.shared",
        field="room",
        title=_("Quá nhiều lớp chung một phòng"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        source=sources.FACILITIES,
        message=_(
            "Phòng này được ghi cho nhiều lớp hơn số lớp có thể học chung (2 buổi: một lớp; một buổi: hai lớp)."
        ),
        repair=_("Kiểm tra lại phòng của các lớp; giải trình nếu học luân phiên."),
        fails=lambda p: (
            pl.col("room_classes")
            > pl.when(pl.col("is_two_sessions")).then(p["two_sessions"]).otherwise(p["one_session"])
        ),
        parameters={"two_sessions": 1, "one_session": 2},
        labels={"two_sessions": _("Lớp học 2 buổi/ngày"), "one_session": _("Lớp học 1 buổi/ngày")},
        **housed,
    ),
    warning(
        code="class.sessions.contradiction",
        field="sessions",
        title=_("Học 2 buổi/ngày nhưng ít buổi"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Lớp ghi học 2 buổi/ngày (hoặc bán trú) nhưng số buổi một tuần quá ít."),
        repair=_("Sửa số buổi/tuần hoặc bỏ đánh dấu 2 buổi/ngày."),
        fails=lambda p: pl.col("sessions_per_week") < p["least"],
        applies=lambda p: (
            (pl.col("is_two_sessions") | pl.col("is_boarding")) & pl.col("sessions_per_week").is_not_null()
        ),
        parameters={"least": 7},
        labels={"least": _("Số buổi/tuần ít nhất")},
        confidence="M",
    ),
    error(
        code="class.dates.year",
        field="dates",
        title=_("Ngày mở lớp ngoài năm học"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Ngày mở lớp sau khi năm học kết thúc."),
        repair=_("Sửa ngày mở lớp."),
        fails=lambda p: pl.col("valid_from") > pl.col("year_ends_on"),
        weight=Decimal("0.5"),
    ),
)
DATASET = Dataset(
    code="class",
    name=_("Lớp"),
    load=load,
    labels_of=labels_of(SchoolClass, "name"),
    url_of=page_of(SchoolClass, "registry:class-detail"),
    fields=FIELDS,
    weights=WEIGHTS,
    find=found_by(SchoolClass, "name"),
)
