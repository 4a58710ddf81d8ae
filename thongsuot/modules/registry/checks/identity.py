"""Rules about the numbers that identify a person, and about checking them against the population database."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import ErrorGroup, Rule, Severity, Word

from . import sources
from .expressions import birth_century, blank, days_since, filled, outside
from .lazily import pl
from .people import UNVERIFIED


def rules(dataset: str, *, code_shape: str, shape_words: object) -> list[Rule]:
    """code_shape: what the ministry's code of these people looks like."""
    return [
        *_personal_id(
            partial(Rule, dataset=dataset, field="personal_id", source=sources.PERSONAL_ID), dataset
        ),
        *_copies(partial(Rule, dataset=dataset, word=Word.CLEAN, group=ErrorGroup.DUPLICATE), dataset),
        *_verification(partial(Rule, dataset=dataset, field="identity"), dataset),
        Rule(
            code=f"{dataset}.ministry_code.format",
            dataset=dataset,
            field="ministry_code",
            title=_("Mã định danh của Bộ sai dạng"),
            group=ErrorGroup.FORMAT,
            word=Word.CLEAN,
            severity=Severity.ERROR,
            message=shape_words,
            repair=_("Chép lại mã từ CSDL của Bộ; giữ nguyên số 0 ở đầu."),
            source=sources.ONE_ID,
            fails=lambda p: ~pl.col("ministry_code").str.contains(code_shape),
            applies=lambda p: filled("ministry_code"),
            identifier=True,
            sla_days=5,
            confidence="V",
        ),
    ]


def _personal_id(rule: partial[Rule], of: str) -> list[Rule]:
    wrong = partial(rule, severity=Severity.ERROR, identifier=True, sla_days=15, confidence="M")
    shaped: dict[str, Any] = {"applies": lambda p: pl.col("id_shaped")}
    clash = partial(wrong, group=ErrorGroup.CONTRADICTION, word=Word.ACCURATE)
    born: dict[str, Any] = {"applies": lambda p: pl.col("id_shaped") & pl.col("birth_date").is_not_null()}
    return [
        rule(
            code=f"{of}.personal_id.missing",
            title=_("Chưa có số định danh cá nhân"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.WARNING,
            message=_("Công dân Việt Nam nhưng hồ sơ chưa có số định danh cá nhân."),
            repair=_(
                "Hỏi gia đình, hoặc tra cứu với công an xã; ghi vào đúng hồ sơ này, không tạo hồ sơ mới."
            ),
            fails=lambda p: pl.col("id_shaped").is_null(),
            applies=lambda p: pl.col("nationality") == "VN",
            sla_days=15,
        ),
        wrong(
            code=f"{of}.personal_id.format",
            title=_("Số định danh không đủ 12 chữ số"),
            group=ErrorGroup.FORMAT,
            word=Word.CLEAN,
            message=_("Số định danh cá nhân phải gồm đúng 12 chữ số."),
            repair=_(
                "Nhập lại từ thẻ căn cước hoặc giấy khai sinh; chú ý số 0 ở đầu hay bị mất khi chép từ Excel."
            ),
            fails=lambda p: ~pl.col("id_shaped"),
            applies=lambda p: pl.col("id_shaped").is_not_null(),
        ),
        wrong(
            code=f"{of}.personal_id.province",
            title=_("Số định danh: mã nơi đăng ký khai sinh không có"),
            group=ErrorGroup.REFERENCE,
            word=Word.CLEAN,
            message=_(
                "Ba chữ số đầu của số định danh không phải mã tỉnh, thành phố nào (danh mục 63 tỉnh cũ)."
            ),
            repair=_("Nhập lại số định danh từ giấy tờ gốc."),
            fails=lambda p: outside("id_province", p.codes["ma_tinh_so_dinh_danh"]),
            **shaped,
        ),
        clash(
            code=f"{of}.personal_id.gender",
            title=_("Số định danh không khớp giới tính"),
            message=_("Chữ số thứ tư của số định danh cho biết giới tính khác với hồ sơ."),
            repair=_("Đối chiếu giấy khai sinh: sửa giới tính hoặc số định danh."),
            fails=lambda p: (pl.col("id_century") % 2 == 1) != (pl.col("gender") == "female"),
            applies=lambda p: pl.col("id_shaped") & filled("gender"),
        ),
        clash(
            code=f"{of}.personal_id.century",
            title=_("Số định danh không khớp thế kỷ sinh"),
            message=_("Chữ số thứ tư của số định danh cho biết thế kỷ sinh khác với ngày sinh."),
            repair=_("Đối chiếu giấy khai sinh: sửa ngày sinh hoặc số định danh."),
            fails=lambda p: pl.col("id_century") // 2 * 2 != birth_century(),
            **born,
        ),
        clash(
            code=f"{of}.personal_id.year",
            title=_("Số định danh không khớp năm sinh"),
            message=_("Hai chữ số năm trong số định danh khác với năm sinh trong hồ sơ."),
            repair=_("Đối chiếu giấy khai sinh: sửa ngày sinh hoặc số định danh."),
            fails=lambda p: pl.col("id_year") != pl.col("birth_date").dt.year() % 100,
            **born,
        ),
    ]


def _copies(rule: partial[Rule], of: str) -> list[Rule]:
    once = partial(rule, severity=Severity.ERROR, source=sources.ONE_ID, identifier=True)
    numbered: dict[str, Any] = {"applies": lambda p: pl.col("id_shaped").is_not_null()}
    return [
        once(
            code=f"{of}.personal_id.copied_here",
            field="personal_id",
            title=_("Số định danh trùng trong trường"),
            message=_("Hồ sơ khác của trường có cùng số định danh."),
            repair=_("Nếu là một người: gộp hai hồ sơ. Nếu là hai người: sửa số bị ghi nhầm."),
            fails=lambda p: pl.col("same_id_here") > 0,
            sla_days=5,
            **numbered,
        ),
        once(
            code=f"{of}.personal_id.copied_elsewhere",
            field="personal_id",
            title=_("Số định danh trùng với trường khác trong tỉnh"),
            message=_("Hồ sơ ở trường khác trong tỉnh có cùng số định danh."),
            repair=_(
                "Nếu người này chuyển trường: hoàn tất thủ tục chuyển. Nếu không: đối chiếu giấy khai sinh rồi sửa."
            ),
            fails=lambda p: pl.col("same_id_elsewhere") > 0,
            sla_days=15,
            **numbered,
        ),
        once(
            code=f"{of}.ministry_code.copied",
            field="ministry_code",
            title=_("Mã định danh của Bộ bị trùng"),
            message=_("Hồ sơ khác có cùng mã định danh của Bộ."),
            repair=_("Tra mã trên CSDL của Bộ, sửa hồ sơ ghi nhầm; nếu là một người thì gộp hai hồ sơ."),
            fails=lambda p: (pl.col("same_code_here") + pl.col("same_code_elsewhere")) > 0,
            applies=lambda p: filled("ministry_code"),
            confidence="V",
        ),
    ]


def _verification(rule: partial[Rule], of: str) -> list[Rule]:
    return [
        rule(
            code=f"{of}.identity.mismatch",
            title=_("Không khớp CSDL quốc gia về dân cư"),
            group=ErrorGroup.MISMATCH,
            word=Word.ACCURATE,
            severity=Severity.ERROR,
            source=sources.POPULATION,
            message=_("Kết quả xác thực: không khớp, không tìm thấy, trùng số hoặc số đã hủy."),
            repair=_(
                "Đối chiếu giấy khai sinh. Hồ sơ sai: sửa rồi gửi xác thực lại. Dân cư sai: chuyển công an xã."
            ),
            # Settled by a new answer or by a changed record, not by saying so.
            fails=lambda p: pl.col("identity_status").is_in(UNVERIFIED) | pl.col("is_unsettled"),
            applies=lambda p: (
                ~pl.col("identity_status").is_in(["not_sent", "waiting"]) | pl.col("is_unsettled")
            ),
            sla_days=15,
            weight=Decimal(2),
        ),
        rule(
            code=f"{of}.identity.not_sent",
            title=_("Chưa gửi xác thực dân cư"),
            group=ErrorGroup.STALE,
            word=Word.SHARED,
            severity=Severity.WARNING,
            source=sources.POPULATION,
            message=_("Hồ sơ có số định danh đã lâu mà chưa gửi xác thực."),
            repair=_("Gửi danh sách xác thực ở mục Xác thực dân cư."),
            fails=lambda p: (
                (pl.col("identity_status") == "not_sent")
                & (days_since("created_on", p.today) > 7 * p["weeks"])
            ),
            applies=lambda p: pl.col("id_shaped"),
            parameters={"weeks": 8},
            labels={"weeks": _("Số tuần từ khi lập hồ sơ")},
        ),
        rule(
            code=f"{of}.identity.waiting",
            title=_("Chờ kết quả xác thực quá lâu"),
            group=ErrorGroup.STALE,
            word=Word.LIVE,
            severity=Severity.WARNING,
            source=sources.POPULATION,
            message=_(
                "Đã gửi xác thực, hoặc đã chuyển công an, hoặc đã sửa chờ gửi lại, mà quá lâu chưa xong."
            ),
            repair=_("Gửi lại danh sách xác thực, hoặc hỏi công an xã."),
            fails=lambda p: days_since("identity_checked_on", p.today) > p["days"],
            applies=lambda p: pl.col("identity_status").is_in(["waiting", "with_police", "mended"]),
            parameters={"days": 45},
            labels={"days": _("Số ngày chờ")},
        ),
        rule(
            code=f"{of}.ministry_code.provisional",
            field="ministry_code",
            title=_("Mã tạm để quá lâu"),
            group=ErrorGroup.STALE,
            word=Word.LIVE,
            severity=Severity.WARNING,
            source=sources.ONE_ID,
            message=_("Hồ sơ dùng mã tạm quá số ngày cho phép mà chưa có số định danh và mã của Bộ."),
            repair=_("Xin số định danh; khi có mã thì thay mã tạm trong chính hồ sơ này."),
            fails=lambda p: (
                blank("ministry_code")
                & pl.col("id_shaped").is_null()
                & (days_since("created_on", p.today) > p["days"])
            ),
            applies=lambda p: filled("provisional_code"),
            parameters={"days": 90},
            labels={"days": _("Số ngày dùng mã tạm")},
        ),
    ]
