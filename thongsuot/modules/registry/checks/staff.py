"""Rules about staff (beside those about any person). Who has left, moved or retired is not assessed."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import Dataset, ErrorGroup, Rule, Severity, Word

from ..models import Staff
from . import identity, people, sources
from .expressions import blank, days_since, filled, outside
from .lazily import pl
from .mending import PERSON_MENDS, mends
from .reading import codes_of
from .staff_rows import load
from .words import found_by, labels_of, page_of

FIELDS = {
    **people.FIELDS,
    "employment": _("Vị trí công tác"),
    "position": _("Chức vụ"),
    "contract": _("Hợp đồng"),
    "degree": _("Trình độ chuyên môn"),
    "subjects": _("Môn dạy"),
    "teaching": _("Phân công giảng dạy"),
    "recruited_on": _("Ngày tuyển dụng"),
    "professional_standard": _("Chuẩn nghề nghiệp"),
    "dossier": _("Hồ sơ"),
}
WEIGHTS = {**people.WEIGHTS, "employment": Decimal(2), "degree": Decimal(2), "email": Decimal(1)}
LISTS = (
    "chuc_vu",
    "hinh_thuc_hop_dong",
    "trinh_do_chuyen_mon",
    "danh_gia_chuan_nghe_nghiep",
    "trinh_do_dat_chuan_mam_non",
    "trinh_do_dat_chuan_pho_thong",
)
HEADS = ("01", "02", "05", "06")
rule = partial(Rule, dataset="staff", source=sources.DATABASE)
error = partial(rule, severity=Severity.ERROR)
warning = partial(rule, severity=Severity.WARNING)
employed: dict[str, Any] = {"applies": lambda p: pl.col("is_employed")}
teaches: dict[str, Any] = {
    "applies": lambda p: (pl.col("group") == "teacher") & (pl.col("status") == "working")
}


def _is_preschool_only() -> pl.Expr:
    return pl.col("levels") == "preschool"


def _age(p: object) -> pl.Expr:
    return pl.lit(p.today.year) - pl.col("birth_date").dt.year()  # type: ignore[attr-defined]


POST_RULES = (
    error(
        code="staff.employment.missing",
        field="employment",
        title=_("Không có vị trí công tác"),
        group=ErrorGroup.REFERENCE,
        word=Word.CONSISTENT,
        message=_("Hồ sơ thuộc trường nhưng chưa có vị trí công tác nào."),
        repair=_("Ghi vị trí việc làm, hợp đồng, ngày bắt đầu; nếu đã nghỉ thì ghi trạng thái."),
        fails=lambda p: ~pl.col("is_employed"),
        sla_days=5,
    ),
    warning(
        code="staff.employment.several",
        field="employment",
        title=_("Đang làm việc ở hai trường"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Người này còn vị trí “đang làm việc” khác, không phải thỉnh giảng."),
        repair=_("Kết thúc vị trí ở trường cũ; giải trình nếu được biệt phái, dạy liên trường."),
        fails=lambda p: pl.col("other_posts") > 0,
        sla_days=15,
        **employed,
    ),
    error(
        code="staff.position.group",
        field="position",
        title=_("Chức vụ mâu thuẫn với nhóm vị trí"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Chức vụ là hiệu trưởng, phó hiệu trưởng, giám đốc nhưng nhóm không phải cán bộ quản lý."),
        repair=_("Sửa nhóm vị trí việc làm hoặc chức vụ."),
        fails=lambda p: pl.col("position").is_in(HEADS) & (pl.col("group") != "manager"),
        applies=lambda p: filled("position"),
    ),
    error(
        code="staff.position.code",
        field="position",
        title=_("Mã chức vụ không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        source=sources.CODE_LISTS,
        message=_("Mã chức vụ không có trong danh mục của Bộ."),
        repair=_("Chọn lại chức vụ từ danh mục."),
        fails=lambda p: outside("position", p.codes["chuc_vu"]),
        applies=lambda p: filled("position"),
        confidence="V",
    ),
    warning(
        code="staff.position.missing",
        field="position",
        title=_("Cán bộ quản lý, nhân viên chưa ghi chức vụ"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi chức vụ."),
        repair=_("Chọn chức vụ từ danh mục."),
        fails=lambda p: blank("position"),
        applies=lambda p: pl.col("group").is_in(["manager", "employee"]),
    ),
    error(
        code="staff.contract.missing",
        field="contract",
        title=_("Thiếu hình thức hợp đồng"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi hình thức hợp đồng."),
        repair=_("Chọn hình thức hợp đồng theo quyết định tuyển dụng."),
        fails=lambda p: blank("contract"),
        **employed,
    ),
    error(
        code="staff.contract.code",
        field="contract",
        title=_("Mã hợp đồng không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        source=sources.CODE_LISTS,
        message=_("Mã hình thức hợp đồng không có trong danh mục của Bộ."),
        repair=_("Chọn lại hình thức hợp đồng từ danh mục."),
        fails=lambda p: outside("contract", p.codes["hinh_thuc_hop_dong"]),
        applies=lambda p: filled("contract"),
        confidence="V",
    ),
)
DEGREE_RULES = (
    error(
        code="staff.degree.missing",
        field="degree",
        title=_("Thiếu trình độ chuyên môn"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Giáo viên, cán bộ quản lý chưa ghi trình độ chuyên môn."),
        repair=_("Chọn trình độ theo bằng cao nhất."),
        fails=lambda p: blank("degree"),
        applies=lambda p: pl.col("group").is_in(["teacher", "manager"]),
    ),
    error(
        code="staff.degree.code",
        field="degree",
        title=_("Mã trình độ không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        source=sources.CODE_LISTS,
        message=_("Mã trình độ chuyên môn không có trong danh mục của Bộ."),
        repair=_("Chọn lại trình độ từ danh mục."),
        fails=lambda p: outside("degree", p.codes["trinh_do_chuyen_mon"]),
        applies=lambda p: filled("degree"),
        confidence="V",
    ),
    # A warning, not an error: a true degree cannot be mended by the office, only explained.
    warning(
        code="staff.degree.standard",
        field="degree",
        title=_("Chưa đạt chuẩn trình độ đào tạo"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.DEGREES,
        message=_("Trình độ của giáo viên thấp hơn chuẩn của cấp học."),
        repair=_(
            "Kiểm tra bằng cấp, cập nhật nếu đã học nâng chuẩn; giải trình kế hoạch nâng chuẩn nếu chưa."
        ),
        fails=lambda p: (
            pl.when(_is_preschool_only())
            .then(outside("degree", p.codes["trinh_do_dat_chuan_mam_non"]))
            .otherwise(outside("degree", p.codes["trinh_do_dat_chuan_pho_thong"]))
        ),
        applies=lambda p: (pl.col("group") == "teacher") & filled("degree"),
        weight=Decimal("0.5"),
        sla_days=15,
        confidence="M",
    ),
    warning(
        code="staff.professional_standard.code",
        field="professional_standard",
        title=_("Kết quả chuẩn nghề nghiệp không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        source=sources.CODE_LISTS,
        message=_("Mã kết quả đánh giá chuẩn nghề nghiệp không có trong danh mục."),
        repair=_("Chọn lại kết quả từ danh mục."),
        fails=lambda p: outside("professional_standard", p.codes["danh_gia_chuan_nghe_nghiep"]),
        applies=lambda p: filled("professional_standard"),
        confidence="V",
    ),
)
TEACHING_RULES = (
    warning(
        code="staff.subjects.missing",
        field="subjects",
        title=_("Giáo viên chưa ghi môn dạy"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Giáo viên phổ thông chưa ghi môn dạy."),
        repair=_("Ghi môn dạy theo phân công, bằng cấp."),
        fails=lambda p: pl.col("subjects") == 0,
        applies=lambda p: (pl.col("group") == "teacher") & ~_is_preschool_only(),
    ),
    warning(
        code="staff.teaching.none",
        field="teaching",
        title=_("Giáo viên không dạy, không chủ nhiệm lớp nào"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Giáo viên đang làm việc nhưng không có phân công giảng dạy, không chủ nhiệm."),
        repair=_("Nhập phân công; nếu không đứng lớp thì sửa trạng thái hoặc nhóm vị trí."),
        fails=lambda p: (pl.col("assignments") == 0) & (pl.col("led_classes") == 0),
        **teaches,
    ),
    error(
        code="staff.teaching.on_leave",
        field="teaching",
        title=_("Đang tạm nghỉ mà vẫn có phân công"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Trạng thái tạm nghỉ nhưng còn phân công giảng dạy đang hiệu lực."),
        repair=_("Kết thúc phân công, hoặc sửa trạng thái."),
        fails=lambda p: pl.col("assignments") > 0,
        applies=lambda p: pl.col("status") == "on_leave",
    ),
    warning(
        code="staff.teaching.lessons",
        field="teaching",
        title=_("Số tiết một tuần quá nhiều"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source="Thông tư 05/2025/TT-BGDĐT",
        message=_("Tổng số tiết một tuần vượt mức hợp lý."),
        repair=_("Kiểm tra phân công bị nhập hai lần; giải trình nếu dạy thừa giờ."),
        fails=lambda p: pl.col("lessons") > p["most"],
        applies=lambda p: pl.col("assignments") > 0,
        parameters={"most": 30},
        labels={"most": _("Số tiết/tuần nhiều nhất")},
        confidence="M",
    ),
)
DATE_RULES = (
    error(
        code="staff.birth_date.working_age",
        field="birth_date",
        title=_("Tuổi không thể đang làm việc"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        source=sources.LABOUR,
        message=_("Năm sinh cho thấy người này quá trẻ hoặc đã quá tuổi nghỉ hưu."),
        repair=_("Kiểm tra ngày sinh; nếu đã nghỉ hưu thì cập nhật trạng thái."),
        fails=lambda p: ~_age(p).is_between(p["youngest"], p["oldest"]),
        applies=lambda p: pl.col("birth_date").is_not_null(),
        parameters={"youngest": 18, "oldest": 62},
        labels={"youngest": _("Tuổi nhỏ nhất"), "oldest": _("Tuổi lớn nhất")},
        confidence="M",
    ),
    warning(
        code="staff.recruited_on.missing",
        field="recruited_on",
        title=_("Thiếu ngày tuyển dụng"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi ngày tuyển dụng."),
        repair=_("Ghi ngày theo quyết định tuyển dụng."),
        fails=lambda p: pl.col("recruited_on").is_null(),
        weight=Decimal("0.5"),
    ),
    error(
        code="staff.recruited_on.future",
        field="recruited_on",
        title=_("Ngày tuyển dụng ở tương lai"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Ngày tuyển dụng sau ngày hôm nay."),
        repair=_("Sửa ngày tuyển dụng."),
        fails=lambda p: pl.col("recruited_on") > p.today,
        applies=lambda p: pl.col("recruited_on").is_not_null(),
        sla_days=5,
    ),
    error(
        code="staff.recruited_on.birth",
        field="recruited_on",
        title=_("Tuyển dụng khi chưa đủ tuổi"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        source=sources.LABOUR,
        message=_("Ngày tuyển dụng cho thấy người này khi đó chưa đủ tuổi lao động."),
        repair=_("Kiểm tra ngày tuyển dụng và ngày sinh."),
        fails=lambda p: (pl.col("recruited_on").dt.year() - pl.col("birth_date").dt.year()) < p["age"],
        applies=lambda p: pl.col("recruited_on").is_not_null() & pl.col("birth_date").is_not_null(),
        parameters={"age": 18},
        labels={"age": _("Tuổi nhỏ nhất khi tuyển")},
        confidence="M",
    ),
    warning(
        code="staff.dossier.stale",
        field="dossier",
        title=_("Hồ sơ lâu không cập nhật"),
        group=ErrorGroup.STALE,
        word=Word.LIVE,
        source=sources.DATA_CENTRE,
        message=_("Hồ sơ không được cập nhật quá số ngày quy định."),
        repair=_("Rà soát hồ sơ với người có hồ sơ, lưu lại."),
        fails=lambda p: days_since("updated_on", p.today) > p["days"],
        parameters={"days": 400},
        labels={"days": _("Số ngày không cập nhật")},
        weight=Decimal("0.5"),
        sla_days=15,
    ),
)
REACH_RULES = (
    error(
        code="staff.email.twice",
        field="email",
        title=_("Thư điện tử trùng với người khác"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_(
            "Thư điện tử này cũng là của hồ sơ khác; thư điện tử dùng để đăng nhập nên phải riêng từng người."
        ),
        repair=_("Hỏi lại từng người, ghi đúng địa chỉ của mỗi người."),
        fails=lambda p: (pl.col("same_email_here") + pl.col("same_email_elsewhere")) > 0,
        applies=lambda p: filled("email"),
        confidence="V",
    ),
    warning(
        code="staff.email.missing",
        field="email",
        title=_("Thiếu thư điện tử"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa có thư điện tử để nhận thông báo và đăng nhập."),
        repair=_("Ghi thư điện tử công vụ."),
        fails=lambda p: blank("email"),
    ),
    warning(
        code="staff.phone.missing",
        field="phone",
        title=_("Thiếu số điện thoại"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa có số điện thoại."),
        repair=_("Ghi số điện thoại liên hệ."),
        fails=lambda p: blank("phone"),
        weight=Decimal("0.5"),
    ),
)
RULES = (
    *people.rules("staff"),
    *identity.rules(
        "staff",
        code_shape=r"^[0-9]{10}$",
        shape_words=_("Mã định danh của Bộ cấp cho cán bộ phải gồm đúng 10 chữ số."),
    ),
    *POST_RULES,
    *DEGREE_RULES,
    *TEACHING_RULES,
    *DATE_RULES,
    *REACH_RULES,
)
DATASET = Dataset(
    code="staff",
    name=_("Cán bộ, giáo viên"),
    load=load,
    labels_of=labels_of(Staff, "full_name"),
    url_of=page_of(Staff, "registry:staff-detail", "public_id"),
    fields=FIELDS,
    weights=WEIGHTS,
    codes=lambda: codes_of(*people.CODES, *LISTS),
    find=found_by(Staff, "name_fold"),
    mend=mends(Staff, PERSON_MENDS),
)
