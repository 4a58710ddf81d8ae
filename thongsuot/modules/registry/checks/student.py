"""Rules about pupils (beside those about any person)."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import Dataset, ErrorGroup, Rule, Severity, Word

from . import identity, people, sources
from .expressions import blank, days_since
from .lazily import pl
from .reading import codes_of
from .student_rows import load
from .student_words import FINDS, LABELS, MENDS, URLS

FIELDS = {
    **people.FIELDS,
    "age": _("Độ tuổi theo khối"),
    "enrolment": _("Lớp đang học"),
    "local_code": _("Mã học sinh của trường"),
    "birth_place": _("Nơi sinh"),
    "contacts": _("Cha mẹ, người giám hộ"),
    "characteristics": _("Diện chính sách, khuyết tật"),
    "dossier": _("Hồ sơ"),
}
WEIGHTS = {
    **people.WEIGHTS,
    "enrolment": Decimal(2),
    "birth_place": Decimal("0.5"),
    "characteristics": Decimal("0.5"),
}
rule = partial(Rule, dataset="student")
at_school: dict[str, Any] = {
    "applies": lambda p: pl.col("grade").is_between(1, 12) & pl.col("birth_date").is_not_null()
}


def _years_late() -> pl.Expr:
    """Start year - birth year - (grade + 5): 0 at the usual age, 1 a year late."""
    return pl.col("year_starts_on").dt.year() - pl.col("birth_date").dt.year() - pl.col("grade") - 5


def _preschool_years_late() -> pl.Expr:
    """The same for the groups of preschool: 3 to 12 months (13) are 0 years, ... 5 to 6 years (18) are 5."""
    return pl.col("year_starts_on").dt.year() - pl.col("birth_date").dt.year() - (pl.col("grade") - 13)


AGE_RULES = (
    rule(
        code="student.age.too_young",
        field="age",
        title=_("Học trước tuổi"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.ACCURATE,
        severity=Severity.ERROR,
        source=sources.SCHOOL_RULES,
        message=_("Năm sinh cho thấy học sinh nhỏ hơn tuổi của khối."),
        repair=_("Kiểm tra năm sinh và khối; nếu được học vượt lớp, học sớm thì ghi quyết định vào hồ sơ."),
        fails=lambda p: _years_late() < 0,
        confidence="M",
        **at_school,
    ),
    rule(
        code="student.age.late",
        field="age",
        title=_("Học muộn so với tuổi"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        severity=Severity.WARNING,
        source=sources.SCHOOL_RULES,
        message=_("Năm sinh cho thấy học sinh lớn hơn tuổi của khối (học muộn hoặc lưu ban)."),
        repair=_("Kiểm tra năm sinh và khối; giải trình nếu học muộn, lưu ban."),
        fails=lambda p: _years_late().is_between(1, p["most"]),
        parameters={"most": 3},
        labels={"most": _("Số năm muộn nhiều nhất được phép")},
        weight=Decimal("0.5"),
        confidence="M",
        **at_school,
    ),
    rule(
        code="student.age.too_old",
        field="age",
        title=_("Quá tuổi của khối"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        severity=Severity.ERROR,
        source=sources.SCHOOL_RULES,
        message=_("Học sinh lớn hơn tuổi của khối quá số năm Điều lệ cho phép."),
        repair=_("Kiểm tra năm sinh và khối; học viên lớn tuổi thuộc giáo dục thường xuyên."),
        fails=lambda p: _years_late() > p["most"],
        parameters={"most": 3},
        labels={"most": _("Số năm muộn nhiều nhất được phép")},
        confidence="M",
        **at_school,
    ),
    rule(
        code="student.age.preschool",
        field="age",
        title=_("Tuổi không hợp nhóm, lớp mầm non"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.ACCURATE,
        severity=Severity.WARNING,
        source=sources.SCHOOL_RULES,
        message=_("Năm sinh của trẻ không hợp với nhóm tuổi của lớp."),
        repair=_("Kiểm tra năm sinh và nhóm tuổi; giải trình nếu là lớp ghép."),
        fails=lambda p: _preschool_years_late().abs() > p["slack"],
        applies=lambda p: pl.col("grade").is_between(13, 18) & pl.col("birth_date").is_not_null(),
        parameters={"slack": 0},
        labels={"slack": _("Số năm được lệch")},
        confidence="M",
    ),
)
DOUBLE_RULES = (
    rule(
        code="student.dossier.namesake_here",
        field="dossier",
        title=_("Hai hồ sơ giống nhau trong trường"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        severity=Severity.WARNING,
        source=sources.ONE_ID,
        message=_("Hồ sơ khác của trường trùng họ tên, ngày sinh và giới tính."),
        repair=_("Nếu là một em: gộp hai hồ sơ. Nếu là hai em: giải trình (sinh đôi, trùng tên)."),
        fails=lambda p: pl.col("namesakes_here") > 0,
    ),
    rule(
        code="student.dossier.namesake_elsewhere",
        field="dossier",
        title=_("Có hồ sơ giống ở trường khác"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        severity=Severity.WARNING,
        source=sources.ONE_ID,
        message=_(
            "Hồ sơ ở trường khác trong tỉnh trùng họ tên, ngày sinh, giới tính: có thể chuyển trường chưa xong."
        ),
        repair=_("Hoàn tất thủ tục chuyển trường; giải trình nếu là hai em khác nhau."),
        fails=lambda p: pl.col("namesakes_elsewhere") > 0,
        sla_days=15,
    ),
)
DOSSIER_RULES = (
    rule(
        code="student.enrolment.missing",
        field="enrolment",
        title=_("Học sinh chưa vào lớp nào"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        severity=Severity.ERROR,
        source=sources.DATABASE,
        message=_("Hồ sơ thuộc trường nhưng không có quá trình học nào đang mở."),
        repair=_("Xếp lớp cho học sinh; nếu đã chuyển đi, thôi học thì ghi ngày và lý do."),
        fails=lambda p: ~pl.col("is_enrolled"),
        sla_days=5,
        weight=Decimal(2),
    ),
    rule(
        code="student.enrolment.other_school",
        field="enrolment",
        title=_("Hồ sơ và lớp ở hai trường"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        severity=Severity.ERROR,
        source=sources.DATABASE,
        message=_("Trường giữ hồ sơ khác trường có lớp học sinh đang học."),
        repair=_("Hoàn tất thủ tục chuyển trường để hồ sơ đi theo học sinh."),
        fails=lambda p: pl.col("enrolled_unit_id") != pl.col("unit_id"),
        applies=lambda p: pl.col("is_enrolled"),
    ),
    rule(
        code="student.local_code.missing",
        field="local_code",
        title=_("Thiếu mã học sinh của trường"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_("Học sinh chưa có mã của trường."),
        repair=_("Cấp mã học sinh (số đăng bộ)."),
        fails=lambda p: blank("local_code"),
        weight=Decimal("0.5"),
    ),
    rule(
        code="student.birth_place.missing",
        field="birth_place",
        title=_("Thiếu nơi sinh"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_("Hồ sơ chưa ghi nơi sinh; học bạ và văn bằng cần mục này."),
        repair=_("Ghi nơi sinh theo giấy khai sinh."),
        fails=lambda p: ~pl.col("has_birth_place"),
    ),
    rule(
        code="student.residence.address",
        field="residence",
        title=_("Thiếu địa chỉ"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_("Hồ sơ không có địa chỉ thường trú và nơi ở hiện nay."),
        repair=_("Ghi ít nhất một địa chỉ (thôn, tổ dân phố)."),
        fails=lambda p: ~pl.col("has_address"),
        weight=Decimal("0.5"),
    ),
    rule(
        code="student.dossier.stale",
        field="dossier",
        title=_("Hồ sơ lâu không cập nhật"),
        group=ErrorGroup.STALE,
        word=Word.LIVE,
        severity=Severity.WARNING,
        source=sources.DATA_CENTRE,
        message=_("Hồ sơ không được xem lại, cập nhật quá số ngày quy định."),
        repair=_("Rà soát hồ sơ với gia đình đầu năm học, lưu lại."),
        fails=lambda p: days_since("updated_on", p.today) > p["days"],
        parameters={"days": 400},
        labels={"days": _("Số ngày không cập nhật")},
        weight=Decimal("0.5"),
        sla_days=15,
    ),
)
CONTACT_RULES = (
    rule(
        code="student.contacts.missing",
        field="contacts",
        title=_("Không có cha mẹ, người giám hộ"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.ERROR,
        source=sources.DATABASE,
        message=_("Hồ sơ không có cha, mẹ hay người giám hộ nào."),
        repair=_("Ghi ít nhất một người: cha, mẹ hoặc người giám hộ."),
        fails=lambda p: pl.col("contacts") == 0,
    ),
    rule(
        code="student.contacts.unreachable",
        field="contacts",
        title=_("Không có cách liên hệ gia đình"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_("Không có số điện thoại hay thư điện tử của cha mẹ, người giám hộ nào."),
        repair=_("Xin số điện thoại của gia đình; giải trình nếu gia đình không có."),
        fails=lambda p: pl.col("reachable") == 0,
        applies=lambda p: pl.col("contacts") > 0,
    ),
    rule(
        code="student.contacts.phone",
        field="contacts",
        title=_("Điện thoại của gia đình sai dạng"),
        group=ErrorGroup.FORMAT,
        word=Word.CLEAN,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_("Số điện thoại của cha mẹ, người giám hộ không có dạng 0xxxxxxxxx."),
        repair=_("Ghi lại số điện thoại, chỉ gồm chữ số."),
        fails=lambda p: pl.col("wrong_phones") > 0,
        applies=lambda p: pl.col("contacts") > 0,
        weight=Decimal("0.5"),
    ),
    rule(
        code="student.contacts.twice",
        field="contacts",
        title=_("Hai người cùng là cha hoặc cùng là mẹ"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        severity=Severity.WARNING,
        source=sources.DATABASE,
        message=_(
            "Hồ sơ ghi hai người cha hoặc hai người mẹ: thường do nhập tệp hai lần với cách viết tên khác nhau."
        ),
        repair=_("Giữ một dòng; giải trình nếu đúng (cha dượng, mẹ kế nên ghi là người giám hộ)."),
        fails=lambda p: pl.col("has_parent_twice"),
        applies=lambda p: pl.col("contacts") > 0,
    ),
)


def _any_outside(column: str, codes: object) -> pl.Expr:
    listed = sorted(codes)  # type: ignore[call-overload]
    return pl.col(column).list.eval(~pl.element().is_in(listed)).list.any() if listed else pl.lit(False)


LIST_RULES = (
    rule(
        code="student.characteristics.disability",
        field="characteristics",
        title=_("Loại khuyết tật không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        severity=Severity.ERROR,
        source="Thông tư 01/2019/TT-BLĐTBXH",
        message=_("Mã loại khuyết tật không có trong danh mục."),
        repair=_("Chọn lại loại khuyết tật từ danh mục, theo giấy xác nhận mức độ khuyết tật."),
        fails=lambda p: _any_outside("disabilities", p.codes["loai_khuyet_tat"]),
        applies=lambda p: pl.col("disabilities").list.len() > 0,
        confidence="V",
    ),
    rule(
        code="student.characteristics.policy",
        field="characteristics",
        title=_("Diện chính sách không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        severity=Severity.ERROR,
        source=sources.CODE_LISTS,
        message=_("Mã diện chính sách không có trong danh mục."),
        repair=_("Chọn lại diện chính sách từ danh mục."),
        fails=lambda p: _any_outside("policies", p.codes["dien_chinh_sach"]),
        applies=lambda p: pl.col("policies").list.len() > 0,
        confidence="M",
    ),
    rule(
        code="student.characteristics.poverty",
        field="characteristics",
        title=_("Vừa hộ nghèo vừa hộ cận nghèo"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        severity=Severity.ERROR,
        source="Nghị định 07/2021/NĐ-CP",
        message=_("Hồ sơ cùng lúc ghi hộ nghèo và hộ cận nghèo."),
        repair=_("Giữ một diện theo giấy chứng nhận còn hiệu lực, ghi ngày kết thúc cho diện kia."),
        fails=lambda p: pl.col("poverty").list.n_unique() > 1,
        applies=lambda p: pl.col("poverty").list.len() > 0,
    ),
)
RULES = (
    *people.rules("student"),
    *identity.rules(
        "student",
        code_shape=r"^[0-9]{10}$",
        shape_words=_("Mã định danh của Bộ cấp cho học sinh phải gồm đúng 10 chữ số."),
    ),
    *AGE_RULES,
    *DOUBLE_RULES,
    *DOSSIER_RULES,
    *CONTACT_RULES,
    *LIST_RULES,
)
DATASET = Dataset(
    code="student",
    name=_("Học sinh"),
    load=load,
    labels_of=LABELS,
    url_of=URLS,
    fields=FIELDS,
    weights=WEIGHTS,
    codes=lambda: codes_of(*people.CODES, "loai_khuyet_tat", "dien_chinh_sach"),
    find=FINDS,
    mend=MENDS,
)
