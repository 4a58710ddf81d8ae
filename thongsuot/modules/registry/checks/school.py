"""Rules about schools: identity, place, leadership, classes against teachers and rooms, totals, freshness."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.organization import queries as organization
from thongsuot.modules.quality.types import Dataset, ErrorGroup, Rule, Severity, Word

from . import sources
from .expressions import EMAIL, blank, days_since, filled
from .lazily import pl
from .school_rows import load

FIELDS = {
    "ministry_code": _("Mã trường của Bộ"),
    "commune": _("Xã, phường, đặc khu"),
    "contact": _("Địa chỉ, liên hệ"),
    "site": _("Điểm trường"),
    "head": _("Người đứng đầu"),
    "classes": _("Lớp"),
    "teachers": _("Giáo viên trên lớp"),
    "students": _("Học sinh"),
    "rooms": _("Phòng"),
    "land": _("Đất"),
    "internet": _("Internet"),
    "devices": _("Thiết bị"),
    "submission": _("Gửi dữ liệu lên Bộ"),
}
WEIGHTS = {"ministry_code": Decimal(3), "commune": Decimal(3), "head": Decimal(2), "students": Decimal(2)}
rule = partial(Rule, dataset="school", source=sources.DATABASE)
error = partial(rule, severity=Severity.ERROR)
warning = partial(rule, severity=Severity.WARNING)
has_classes: dict[str, Any] = {"applies": lambda p: pl.col("classes") > 0}
NORMS = {"preschool": 220, "primary": 150, "lower": 190, "upper": 225}
NORM_LABELS = {
    "preschool": _("Định mức mầm non (phần trăm giáo viên/lớp)"),
    "primary": _("Định mức tiểu học"),
    "lower": _("Định mức THCS"),
    "upper": _("Định mức THPT"),
}


def _norm(p: object) -> pl.Expr:
    """Teachers that the school's classes call for, in hundredths."""
    parts = [pl.col(f"classes_{level}") * p[level] for level in NORMS]  # type: ignore[index]
    return pl.sum_horizontal(parts)


IDENTITY_RULES = (
    error(
        code="school.ministry_code.missing",
        field="ministry_code",
        title=_("Trường chưa có mã của Bộ"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Trường chưa có mã định danh của Bộ."),
        repair=_("Sở ghi mã trường theo CSDL của Bộ."),
        fails=lambda p: blank("ministry_code"),
        identifier=True,
    ),
    error(
        code="school.ministry_code.format",
        field="ministry_code",
        title=_("Mã trường sai dạng"),
        group=ErrorGroup.FORMAT,
        word=Word.CLEAN,
        message=_("Mã trường của Bộ phải gồm đúng 8 chữ số."),
        repair=_("Chép lại mã từ CSDL của Bộ, giữ số 0 ở đầu."),
        fails=lambda p: ~pl.col("ministry_code").str.contains(r"^[0-9]{8}$"),
        applies=lambda p: filled("ministry_code"),
        identifier=True,
        sla_days=5,
        confidence="V",
    ),
    error(
        code="school.ministry_code.twice",
        field="ministry_code",
        title=_("Hai trường cùng mã"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Trường khác trong tỉnh có cùng mã của Bộ."),
        repair=_("Kiểm tra mã của cả hai trường trên CSDL của Bộ."),
        fails=lambda p: pl.col("same_code") > 1,
        applies=lambda p: filled("ministry_code"),
        identifier=True,
        sla_days=5,
    ),
    error(
        code="school.commune.missing",
        field="commune",
        title=_("Trường không gắn với xã, phường"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.ADMINISTRATIVE,
        message=_("Trường chưa có xã, phường, đặc khu; số liệu theo địa bàn sẽ thiếu trường này."),
        repair=_("Chọn địa bàn của trường."),
        fails=lambda p: blank("commune_code"),
        identifier=True,
        sla_days=5,
    ),
    error(
        code="school.commune.ended",
        field="commune",
        title=_("Xã, phường của trường không còn"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        source=sources.ADMINISTRATIVE,
        message=_("Đơn vị hành chính của trường đã hết hiệu lực (đã sáp nhập, đổi mã)."),
        repair=_("Chọn đơn vị hành chính mới (tra ở mục Địa giới hành chính)."),
        fails=lambda p: ~pl.col("commune_in_force"),
        applies=lambda p: filled("commune_code"),
        identifier=True,
        sla_days=5,
    ),
    warning(
        code="school.contact.missing",
        field="contact",
        title=_("Thiếu địa chỉ, điện thoại hoặc thư điện tử"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Thông tin liên hệ của trường chưa đủ địa chỉ, điện thoại và thư điện tử."),
        repair=_("Bổ sung ở trang thông tin của trường."),
        fails=lambda p: blank("address") | blank("phone") | blank("email"),
    ),
    warning(
        code="school.contact.email",
        field="contact",
        title=_("Thư điện tử của trường sai dạng"),
        group=ErrorGroup.FORMAT,
        word=Word.CLEAN,
        message=_("Thư điện tử của trường không hợp lệ."),
        repair=_("Ghi lại địa chỉ thư điện tử."),
        fails=lambda p: ~pl.col("email").str.contains(EMAIL),
        applies=lambda p: filled("email"),
        weight=Decimal("0.5"),
    ),
    warning(
        code="school.site.main",
        field="site",
        title=_("Chưa ghi điểm trường chính"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Trường chưa có điểm trường chính."),
        repair=_("Thêm điểm chính ở trang thông tin của trường."),
        fails=lambda p: pl.col("main_sites") == 0,
    ),
    error(
        code="school.head.missing",
        field="head",
        title=_("Không có hiệu trưởng đang làm việc"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.SCHOOL_RULES,
        message=_("Không có ai giữ chức vụ hiệu trưởng (giám đốc) ở trạng thái đang làm việc."),
        repair=_("Cập nhật chức vụ, trạng thái của người đứng đầu."),
        fails=lambda p: pl.col("heads") == 0,
    ),
    warning(
        code="school.head.several",
        field="head",
        title=_("Hơn một hiệu trưởng đang làm việc"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        source=sources.SCHOOL_RULES,
        message=_("Hơn một người giữ chức vụ hiệu trưởng ở trạng thái đang làm việc."),
        repair=_("Cập nhật người đã chuyển đi, nghỉ hưu."),
        fails=lambda p: pl.col("heads") > 1,
    ),
)
COUNT_RULES = (
    error(
        code="school.classes.none",
        field="classes",
        title=_("Trường không có lớp nào"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Năm học này trường chưa có lớp nào."),
        repair=_("Tạo lớp, hoặc ghi ngày trường ngừng hoạt động."),
        fails=lambda p: pl.col("classes") == 0,
    ),
    warning(
        code="school.classes.level",
        field="classes",
        title=_("Có cấp học mà không có lớp của cấp ấy"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Trường ghi có cấp học nhưng không có lớp nào của cấp đó."),
        repair=_("Bỏ cấp học không còn dạy, hoặc ghi đúng khối của lớp."),
        fails=lambda p: pl.any_horizontal(
            pl.col("levels").str.split(",").list.contains(level) & (pl.col(f"classes_{short}") == 0)
            for level, short in (
                ("preschool", "preschool"),
                ("primary", "primary"),
                ("lower_secondary", "lower"),
                ("upper_secondary", "upper"),
            )
        ),
        **has_classes,
    ),
    warning(
        code="school.teachers.few",
        field="teachers",
        title=_("Quá ít giáo viên so với số lớp"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.STAFFING,
        message=_("Số giáo viên đang làm việc dưới một nửa định mức theo số lớp."),
        repair=_("Kiểm tra giáo viên chưa nhập, trạng thái; giải trình nếu trường thật sự thiếu."),
        fails=lambda p: pl.col("teachers") * 10_000 < _norm(p) * p["percent"],
        parameters={"percent": 50, **NORMS},
        labels={"percent": _("Dưới bao nhiêu phần trăm định mức"), **NORM_LABELS},
        confidence="M",
        **has_classes,
    ),
    warning(
        code="school.teachers.many",
        field="teachers",
        title=_("Quá nhiều giáo viên so với số lớp"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.STAFFING,
        message=_("Số giáo viên đang làm việc vượt một lần rưỡi định mức theo số lớp."),
        repair=_("Kiểm tra người đã chuyển đi, nghỉ hưu, bị nhập hai lần; giải trình nếu đúng."),
        fails=lambda p: pl.col("teachers") * 10_000 > _norm(p) * p["percent"],
        parameters={"percent": 150, **NORMS},
        labels={"percent": _("Trên bao nhiêu phần trăm định mức"), **NORM_LABELS},
        confidence="M",
        **has_classes,
    ),
    warning(
        code="school.students.change",
        field="students",
        title=_("Số học sinh thay đổi nhiều so với năm trước"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.STATISTICS,
        message=_("Số học sinh tăng hoặc giảm quá mức so với cùng ngày năm trước."),
        repair=_("Kiểm tra lớp nhập thiếu, nhập hai lần; giải trình nếu đúng thực tế."),
        fails=lambda p: (
            (pl.col("students") - pl.col("students_last_year")).abs() * 100
            > pl.col("students_last_year") * p["percent"]
        ),
        applies=lambda p: pl.col("students_last_year") > 0,
        parameters={"percent": 10},
        labels={"percent": _("Thay đổi quá bao nhiêu phần trăm")},
    ),
    error(
        code="school.students.totals",
        field="students",
        title=_("Tổng theo lớp khác tổng số học sinh"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.STATISTICS,
        message=_("Cộng sĩ số các lớp không bằng số học sinh đang học: có em chưa vào lớp."),
        repair=_("Xếp lớp cho các em còn thiếu."),
        fails=lambda p: pl.col("placed_students") != pl.col("students"),
        applies=lambda p: pl.col("students") > 0,
    ),
    warning(
        code="school.students.ethnicity",
        field="students",
        title=_("Tổng theo dân tộc khác tổng số học sinh"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.STATISTICS,
        message=_("Có học sinh chưa ghi dân tộc nên biểu theo dân tộc không khớp tổng số."),
        repair=_("Ghi dân tộc cho các em còn thiếu."),
        fails=lambda p: pl.col("unknown_ethnicity") > 0,
        applies=lambda p: pl.col("students") > 0,
    ),
    warning(
        code="school.students.flow",
        field="students",
        title=_("Số lên lớp nhiều hơn số học lớp dưới năm trước"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.STATISTICS,
        message=_("Ở một khối, số em ghi “lên lớp” nhiều hơn số em học khối dưới cuối năm trước."),
        repair=_("Kiểm tra hình thức vào của các em chuyển đến, lưu ban."),
        fails=lambda p: pl.col("flow_excess") > p["slack"],
        applies=lambda p: pl.col("students_last_year") > 0,
        parameters={"slack": 0},
        labels={"slack": _("Số em được lệch")},
    ),
    warning(
        code="school.students.stale",
        field="students",
        title=_("Dữ liệu học sinh lâu không có thay đổi"),
        group=ErrorGroup.STALE,
        word=Word.LIVE,
        source=sources.DATA_CENTRE,
        message=_("Nhiều ngày liền không hồ sơ học sinh nào của trường được cập nhật."),
        repair=_("Cập nhật biến động (chuyển đi, đến, thôi học); giải trình nếu không có biến động."),
        fails=lambda p: days_since("last_change_on", p.today) > p["days"],
        applies=lambda p: pl.col("last_change_on").is_not_null(),
        parameters={"days": 60},
        labels={"days": _("Số ngày không có thay đổi")},
    ),
    warning(
        code="school.submission.refused",
        field="submission",
        title=_("Có dữ liệu bị Bộ từ chối"),
        group=ErrorGroup.MISMATCH,
        word=Word.SHARED,
        message=_("Có đối tượng gửi lên CSDL của Bộ bị từ chối mà chưa gửi lại."),
        repair=_("Mở mục Gửi dữ liệu lên Bộ, xem lý do, sửa và gửi lại."),
        fails=lambda p: pl.col("refused") > 0,
    ),
)
THING_RULES = (
    warning(
        code="school.rooms.none",
        field="rooms",
        title=_("Chưa kê khai phòng học"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.FACILITIES,
        message=_("Trường chưa kê khai phòng học nào dùng được."),
        repair=_("Kê khai phòng ở mục Cơ sở vật chất."),
        fails=lambda p: pl.col("classrooms") == 0,
    ),
    warning(
        code="school.rooms.few",
        field="rooms",
        title=_("Số phòng học không đủ cho số lớp"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.FACILITIES,
        message=_("Dù mỗi phòng học hai ca, số phòng kê khai vẫn không đủ cho các lớp."),
        repair=_("Kê khai đủ phòng (kể cả phòng mượn); kiểm tra lớp ghi học 2 buổi/ngày."),
        fails=lambda p: pl.col("class_days") > pl.col("classrooms") * 2,
        applies=lambda p: (pl.col("classes") > 0) & (pl.col("classrooms") > 0),
    ),
    warning(
        code="school.rooms.support",
        field="rooms",
        title=_("Chưa kê khai thư viện, y tế hoặc nhà vệ sinh"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.FACILITIES,
        message=_("Thiếu ít nhất một trong: thư viện, phòng y tế, nhà vệ sinh."),
        repair=_("Kê khai nếu có; giải trình nếu trường chưa có."),
        fails=lambda p: (pl.col("libraries") == 0) | (pl.col("toilets") == 0) | (pl.col("health_rooms") == 0),
        applies=lambda p: pl.col("rooms") > 0,
        weight=Decimal("0.5"),
    ),
    warning(
        code="school.land.missing",
        field="land",
        title=_("Chưa kê khai đất"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.FACILITIES,
        message=_("Trường chưa kê khai khu đất nào."),
        repair=_("Kê khai khu đất ở mục Cơ sở vật chất."),
        fails=lambda p: pl.col("lands") == 0,
        weight=Decimal("0.5"),
    ),
    warning(
        code="school.internet.missing",
        field="internet",
        title=_("Chưa có đường truyền Internet"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.DIGITAL,
        message=_("Trường chưa kê khai đường truyền Internet nào."),
        repair=_("Kê khai đường truyền; giải trình nếu nơi chưa có mạng."),
        fails=lambda p: pl.col("lines") == 0,
    ),
    warning(
        code="school.internet.teaching",
        field="internet",
        title=_("Không có Internet cho dạy học"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.DIGITAL,
        message=_("Có đường truyền nhưng không đường nào dùng cho dạy học."),
        repair=_("Đánh dấu đường truyền dùng cho dạy học nếu đúng."),
        fails=lambda p: pl.col("teaching_lines") == 0,
        applies=lambda p: pl.col("lines") > 0,
        weight=Decimal("0.5"),
    ),
    warning(
        code="school.devices.computers",
        field="devices",
        title=_("Không có máy tính cho dạy học"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        source=sources.EQUIPMENT,
        message=_("Trường phổ thông chưa kê khai máy tính dùng được cho dạy học."),
        repair=_("Kê khai thiết bị; giải trình nếu trường chưa có."),
        fails=lambda p: pl.col("computers") == 0,
        applies=lambda p: pl.col("levels") != "preschool",
    ),
    warning(
        code="school.devices.broken",
        field="devices",
        title=_("Tỷ lệ thiết bị hỏng cao"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.EQUIPMENT,
        message=_("Tỷ lệ thiết bị hỏng của trường vượt mức bình thường."),
        repair=_("Kiểm tra số liệu; thanh lý thiết bị hỏng (ghi ngày kết thúc); giải trình nếu đúng."),
        fails=lambda p: pl.col("broken_devices") * 100 > pl.col("devices") * p["percent"],
        applies=lambda p: pl.col("devices") > 0,
        parameters={"percent": 30},
        labels={"percent": _("Quá bao nhiêu phần trăm")},
    ),
)
RULES = (*IDENTITY_RULES, *COUNT_RULES, *THING_RULES)


def _labels(ids: object) -> dict[int, str]:
    return {pk: name for pk, name, _kind in organization.units_named(ids)}  # type: ignore[arg-type]


def _url(pk: int, field: str) -> str:
    from django.urls import reverse

    return reverse("organization:school-detail", args=[pk])


DATASET = Dataset(
    code="school",
    name=_("Trường"),
    load=load,
    labels_of=_labels,
    url_of=_url,
    fields=FIELDS,
    weights=WEIGHTS,
)
