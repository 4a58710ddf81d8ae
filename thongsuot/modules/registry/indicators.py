"""Figures of the registry (hệ thống chỉ tiêu thống kê ngành giáo dục, TT 03/2024/TT-BGDĐT). A figure of a unit adds up the
unit and all below it; levels go by grade, not by school; whatever is counted is counted as of a day (facts/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.indicators.measures import measure
from thongsuot.kit.indicators.registry import register
from thongsuot.kit.indicators.types import PERCENT, Confidence, Direction, Indicator

Where = Mapping[str, Any]
LIST = "TT 03/2024/TT-BGDĐT"
SURE, MEMORY, INFERRED = Confidence.VERIFIED, Confidence.MEMORY, Confidence.INFERRED
NEITHER = Direction.NEITHER
PUPILS, CLASSES, TEACHERS, THINGS, YEAR, DIGITAL = (
    _("Học sinh"),
    _("Trường, lớp"),
    _("Cán bộ, giáo viên"),
    _("Cơ sở vật chất"),
    _("Kết quả và duy trì sĩ số"),
    _("Chuyển đổi số"),
)
PLACE = ("commune", "school_type")
OF_PUPILS = ("level", "grade", "sex", "ethnicity", *PLACE)
OF_CLASSES = ("level", "grade", *PLACE)
OF_STAFF = ("level", "sex", "ethnicity", *PLACE)
LEVELS = {
    "preschool": _("mầm non"),
    "primary": _("tiểu học"),
    "lower_secondary": _("THCS"),
    "upper_secondary": _("THPT"),
}
WORKING = {"status": "working"}
TEACHING = {**WORKING, "post": "teacher"}
CLASSROOM = {"kind": "classroom"}


def count(
    code: str, name: Any, unit: Any, fact: str, where: Where, by: tuple[str, ...], **said: Any
) -> Indicator:
    """How many rows of a fact table meet a condition."""
    said = {"decimals": 0, "source_of_law": LIST, "confidence": SURE, "direction": NEITHER, **said}
    top = measure(f"registry.{fact}", where)
    return Indicator(f"registry.{code}", name, str(unit), numerator=top, breakdowns=by, **said)


def share(
    code: str, name: Any, fact: str, part: Where, by: tuple[str, ...], of: Where | None = None, **said: Any
) -> Indicator:
    """Rows that meet `part`, of 100 that meet `of`; rows of the part lie within the whole."""
    whole = measure(f"registry.{fact}", of)
    said = {"decimals": 1, "source_of_law": LIST, "confidence": MEMORY, **said}
    return Indicator(
        f"registry.{code}",
        name,
        PERCENT,
        numerator=whole.with_where(part),
        denominator=whole,
        breakdowns=by,
        **said,
    )


def mean(
    code: str,
    name: Any,
    unit: Any,
    top: tuple[str, Where],
    below: tuple[str, Where],
    by: tuple[str, ...],
    **said: Any,
) -> Indicator:
    """Rows of one fact table for each row of another."""
    said = {"decimals": 2, "source_of_law": LIST, "confidence": MEMORY, **said}
    return Indicator(
        f"registry.{code}",
        name,
        str(unit),
        numerator=measure(f"registry.{top[0]}", top[1]),
        denominator=measure(f"registry.{below[0]}", below[1]),
        breakdowns=by,
        **said,
    )


def _counts() -> Iterator[Indicator]:
    pupil = _("học sinh")
    yield count("pupils", _("Số học sinh, trẻ"), pupil, "students", {}, OF_PUPILS, subject=PUPILS)
    for level, word in LEVELS.items():
        said = format_lazy(_("Số học sinh, trẻ {level}"), level=word)
        yield count(f"pupils_{level}", said, pupil, "students", {"level": level}, OF_PUPILS, subject=PUPILS)
    yield count(
        "pupils_girls", _("Số học sinh nữ"), pupil, "students", {"sex": "female"}, OF_PUPILS, subject=PUPILS
    )
    yield count(
        "pupils_minority", _("Số học sinh dân tộc thiểu số"), pupil, "students", {"ethnic_minority": True},
        OF_PUPILS, subject=PUPILS, description=_("Dân tộc khác Kinh; không tính người nước ngoài."),
    )  # fmt: skip
    yield count(
        "pupils_inclusive", _("Số học sinh khuyết tật học hòa nhập"), pupil, "students", {"disability": True},
        OF_PUPILS, subject=PUPILS,
    )  # fmt: skip
    yield count(
        "pupils_poor", _("Số học sinh thuộc hộ nghèo, cận nghèo"), pupil, "students",
        {"poverty": ["poor", "near_poor"]}, OF_PUPILS, subject=PUPILS, confidence=INFERRED,
    )  # fmt: skip
    yield count("schools", _("Số trường"), _("trường"), "schools", {}, ("level", *PLACE), subject=CLASSES)
    yield count("classes", _("Số lớp, nhóm trẻ"), _("lớp"), "classes", {}, OF_CLASSES, subject=CLASSES)
    yield count("teachers", _("Số giáo viên"), _("người"), "staff", TEACHING, OF_STAFF, subject=TEACHERS)
    yield count(
        "staff",
        _("Số cán bộ, giáo viên, nhân viên"),
        _("người"),
        "staff",
        WORKING,
        OF_STAFF,
        subject=TEACHERS,
    )
    yield count(
        "classrooms", _("Số phòng học"), _("phòng"), "rooms", CLASSROOM, ("build", *PLACE), subject=THINGS
    )


def _of_year() -> Iterator[Indicator]:
    said: dict[str, Any] = {"subject": YEAR}
    low = {**said, "direction": Direction.LOWER, "decimals": 2}
    year = "registry.year_pupils"
    yield Indicator(
        "registry.dropout_rate", _("Tỷ lệ bỏ học trong năm học"), PERCENT,
        numerator=measure(year, {"dropped": True}), denominator=measure(year, {"began": True}),
        breakdowns=OF_PUPILS, source_of_law=LIST, confidence=MEMORY,
        description=_(
            "Học sinh thôi học từ đầu năm học đến ngày tính (không tính chuyển đi, không tính người đã trở lại) / "
            "học sinh có mặt ngày đầu năm học."
        ),
        **low,
    )  # fmt: skip
    yield count(
        "dropouts", _("Số học sinh bỏ học trong năm học"), _("học sinh"), "leavers", {"dropped": True},
        (*OF_PUPILS, "reason"), direction=Direction.LOWER, confidence=MEMORY, **said,
    )  # fmt: skip
    yield share(
        "repetition_rate", _("Tỷ lệ lưu ban"), "year_ends", {"result": "retained"}, OF_PUPILS,
        {"not": {"result": None}}, description=_("Của năm học kết thúc gần nhất."), **low,
    )  # fmt: skip
    yield share(
        "promotion_rate", _("Tỷ lệ lên lớp, hoàn thành chương trình lớp học"), "year_ends",
        {"result": ["promoted", "completed"]}, OF_PUPILS, {"not": {"result": None}},
        description=_("Của năm học kết thúc gần nhất, trên số đã biết kết quả."), **said,
    )  # fmt: skip
    for level in ("primary", "lower_secondary", "upper_secondary"):
        yield share(
            f"completion_{level}", format_lazy(_("Tỷ lệ hoàn thành cấp học: {level}"), level=LEVELS[level]), "year_ends",
            {"completed_level": True}, ("sex", "ethnicity", *PLACE),
            {"level": level, "last_grade": True, "not": {"result": None}},
            description=_("Của năm học kết thúc gần nhất, trên số đã biết kết quả."), **said,
        )  # fmt: skip
    for code, name, grade, before in (
        ("primary", _("Tỷ lệ chuyển cấp từ mầm non lên tiểu học"), 1, 18),
        ("lower_secondary", _("Tỷ lệ chuyển cấp từ tiểu học lên THCS"), 6, 5),
        ("upper_secondary", _("Tỷ lệ chuyển cấp từ THCS lên THPT"), 10, 9),
    ):
        yield mean(
            f"transition_{code}", name, PERCENT, ("students", {"grade": grade, "repeating": False}),
            ("year_ends", {"grade": before, "completed_level": True}), ("sex", "ethnicity", "commune"),
            decimals=1, is_area_only=True, **said,
            description=_("Học sinh mới vào lớp đầu cấp / học sinh hoàn thành cấp trước năm học vừa qua."),
        )  # fmt: skip
    female, male = (
        measure("registry.year_ends", {"sex": "female"}),
        measure("registry.year_ends", {"sex": "male"}),
    )
    assessed = measure("registry.year_ends", {"not": {"result": None}})
    yield Indicator(
        "registry.gpi_promotion", _("Chỉ số bình đẳng giới (GPI) về lên lớp"), "",
        numerator=assessed.with_where({"result": ["promoted", "completed"]}), denominator=assessed,
        compared=(female.where, male.where), breakdowns=("level", "grade", "ethnicity", *PLACE), source_of_law=LIST,
        confidence=MEMORY, description=_("Tỷ lệ lên lớp của nữ / tỷ lệ lên lớp của nam."), direction=NEITHER, **said,
    )  # fmt: skip


def _means() -> Iterator[Indicator]:
    crowd: dict[str, Any] = {"subject": CLASSES, "direction": Direction.LOWER}
    pupils: tuple[str, dict[str, Any]] = ("students", {})
    classes: tuple[str, dict[str, Any]] = ("classes", {})
    teachers = ("staff", TEACHING)
    yield mean(
        "pupils_per_class", _("Học sinh bình quân một lớp"), _("học sinh/lớp"), pupils, classes, OF_CLASSES,
        **{**crowd, "confidence": SURE},
    )  # fmt: skip
    yield share(
        "classes_over_limit", _("Tỷ lệ lớp vượt sĩ số tối đa"), "classes", {"over_limit": True}, OF_CLASSES,
        description=_("Sĩ số tối đa theo khối: danh mục “si_so_lop_toi_da”, sửa được."), **crowd,
    )  # fmt: skip
    yield mean(
        "teachers_per_class", _("Giáo viên bình quân một lớp"), _("giáo viên/lớp"), teachers, classes,
        ("level", *PLACE), subject=TEACHERS,
        description=_("Nhóm giáo viên, trạng thái đang làm việc / số lớp."),
    )  # fmt: skip
    yield mean(
        "pupils_per_teacher", _("Học sinh bình quân một giáo viên"), _("học sinh/giáo viên"), pupils, teachers,
        ("level", *PLACE), subject=TEACHERS, direction=Direction.LOWER,
    )  # fmt: skip
    yield mean(
        "rooms_per_class", _("Phòng học bình quân một lớp"), _("phòng/lớp"), ("rooms", CLASSROOM), classes, PLACE,
        subject=THINGS,
    )  # fmt: skip


def _shares() -> Iterator[Indicator]:
    yield share(
        "girls_share", _("Tỷ lệ học sinh nữ"), "students", {"sex": "female"}, OF_PUPILS, subject=PUPILS,
        direction=NEITHER,
    )  # fmt: skip
    yield share(
        "two_sessions_share", _("Tỷ lệ học sinh học 2 buổi/ngày"), "students", {"two_sessions": True}, OF_PUPILS,
        subject=PUPILS,
    )  # fmt: skip
    yield share(
        "boarding_share", _("Tỷ lệ học sinh bán trú, nội trú"), "students", {"boarding": True}, OF_PUPILS,
        subject=PUPILS, direction=NEITHER,
    )  # fmt: skip
    yield share(
        "teachers_standard", _("Tỷ lệ giáo viên đạt chuẩn trình độ đào tạo"), "staff", {"meets_standard": True},
        OF_STAFF, TEACHING, subject=TEACHERS, source_of_law=f"{LIST}; Luật Giáo dục 43/2019/QH14 Điều 72",
        description=_(
            "Trình độ nào đạt chuẩn: danh mục “trinh_do_dat_chuan_mam_non” và “trinh_do_dat_chuan_pho_thong”, sửa "
            "được. Người chưa ghi trình độ tính là chưa đạt."
        ),
    )  # fmt: skip
    yield share(
        "solid_rooms",
        _("Tỷ lệ phòng học kiên cố"),
        "rooms",
        {"build": "solid"},
        PLACE,
        CLASSROOM,
        subject=THINGS,
    )
    by = ("level", *PLACE)
    for code, name, part in (
        ("schools_internet", _("Tỷ lệ trường có Internet dùng cho dạy học"), {"internet_teaching": True}),
        ("schools_computers", _("Tỷ lệ trường có máy tính dùng cho dạy học"), {"computers_teaching": True}),
        ("schools_library", _("Tỷ lệ trường có thư viện"), {"library": True}),
        ("schools_toilets", _("Tỷ lệ trường có nhà vệ sinh"), {"toilet": True}),
    ):
        yield share(code, name, "schools", part, by, subject=THINGS)
    yield share(
        "schools_below_norm", _("Tỷ lệ trường có số giáo viên dưới định mức"), "schools", {"below_norm": True}, by,
        {"not": {"below_norm": None}}, subject=TEACHERS, direction=Direction.LOWER,
        source_of_law="TT 20/2023/TT-BGDĐT; TT 19/2023/TT-BGDĐT",
        description=_(
            "Giáo viên đang làm việc ít hơn định mức của các lớp (cộng định mức từng lớp, bỏ phần lẻ), trên số trường "
            "tính được định mức. Định mức: danh mục “dinh_muc_giao_vien_lop”, sửa được."
        ),
    )  # fmt: skip
    law = "Đề án 06 (QĐ 06/QĐ-TTg ngày 06/01/2022)"
    digital: dict[str, Any] = {"subject": DIGITAL, "confidence": INFERRED, "source_of_law": law}
    yield share(
        "pupils_verified", _("Tỷ lệ học sinh đã xác thực định danh"), "students", {"verified": True}, OF_PUPILS,
        description=_("Hồ sơ khớp với Cơ sở dữ liệu quốc gia về dân cư ở lần xác thực gần nhất."), **digital,
    )  # fmt: skip
    yield share(
        "staff_verified", _("Tỷ lệ cán bộ, giáo viên đã xác thực định danh"), "staff", {"verified": True}, OF_STAFF,
        WORKING, **digital,
    )  # fmt: skip
    yield share(
        "staff_digital_skills", _("Tỷ lệ cán bộ, giáo viên đạt kỹ năng số cơ bản"), "staff", {"digital_skills": True},
        OF_STAFF, WORKING, **{**digital, "source_of_law": "Nghị quyết 57-NQ/TW ngày 22/12/2024"},
    )  # fmt: skip


def register_all() -> None:
    """Called once, when the app is ready, after the fact tables."""
    for make in (_counts, _of_year, _means, _shares):
        for one in make():
            register(one)
