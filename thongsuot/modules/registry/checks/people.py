"""Rules about a person, the same for pupils and staff: name, personal id, birth date, sex, codes, contacts."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import ErrorGroup, Rule, Severity, Word

from . import sources
from .expressions import (
    BRACKETS,
    EMAIL,
    LEGACY_FONT,
    NAME_CHARACTER,
    ODD_SPACES,
    PHONE,
    PLACEHOLDERS,
    blank,
    days_since,
    filled,
    outside,
)
from .lazily import pl

FIELDS = {
    "full_name": _("Họ và tên"),
    "personal_id": _("Số định danh cá nhân"),
    "identity": _("Xác thực với CSDL dân cư"),
    "ministry_code": _("Mã định danh của Bộ"),
    "birth_date": _("Ngày sinh"),
    "gender": _("Giới tính"),
    "ethnicity": _("Dân tộc"),
    "religion": _("Tôn giáo"),
    "nationality": _("Quốc tịch"),
    "residence": _("Nơi thường trú"),
    "phone": _("Điện thoại"),
    "email": _("Thư điện tử"),
}
WEIGHTS = {
    "personal_id": Decimal(3),
    "full_name": Decimal(2),
    "birth_date": Decimal(2),
    "gender": Decimal(2),
    "ministry_code": Decimal(2),
    "identity": Decimal(2),
    "email": Decimal("0.5"),
    "phone": Decimal("0.5"),
    "religion": Decimal("0.5"),
}
CODES = ("dan_toc", "ton_giao", "ma_tinh_so_dinh_danh")
TWO_LETTERS = r"\p{L}\p{M}*\p{L}"
UNVERIFIED = ("mismatched", "not_found", "id_shared", "id_cancelled")


def rules(dataset: str) -> list[Rule]:
    return [
        *_name_rules(partial(Rule, dataset=dataset, field="full_name", word=Word.CLEAN), dataset),
        *_birth_rules(partial(Rule, dataset=dataset, field="birth_date", source=sources.DATABASE), dataset),
        *_code_rules(partial(Rule, dataset=dataset), dataset),
        *_contact_rules(partial(Rule, dataset=dataset, source=sources.DATABASE), dataset),
    ]


def _name_rules(rule: partial[Rule], of: str) -> list[Rule]:
    spelling = partial(
        rule, group=ErrorGroup.FORMAT, severity=Severity.ERROR, source=sources.UNICODE, sla_days=5
    )
    applies: dict[str, Any] = {"applies": lambda p: filled("full_name")}
    return [
        rule(
            code=f"{of}.full_name.missing",
            title=_("Thiếu họ tên"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.ERROR,
            source=sources.DATABASE,
            message=_("Hồ sơ không có họ tên, hoặc chỉ ghi chữ thay thế như “không rõ”."),
            repair=_("Ghi họ tên đúng như giấy khai sinh hoặc căn cước."),
            fails=lambda p: blank("full_name") | pl.col("name_fold").str.contains(PLACEHOLDERS),
            weight=Decimal(2),
            sla_days=5,
        ),
        spelling(
            code=f"{of}.full_name.unicode",
            title=_("Họ tên không ở dạng Unicode dựng sẵn"),
            message=_("Chữ có dấu được ghép từ nhiều ký tự (Unicode tổ hợp), máy khác sẽ không tìm thấy."),
            repair=_("Mở sửa và lưu lại họ tên: hệ thống tự chuyển về Unicode dựng sẵn (NFC)."),
            fails=lambda p: pl.col("full_name") != pl.col("full_name").str.normalize("NFC"),
            **applies,
        ),
        spelling(
            code=f"{of}.full_name.eth",
            title=_("Họ tên dùng chữ Ð, ð nước ngoài thay cho Đ, đ"),
            message=_("Chữ Đ trong họ tên là ký tự của tiếng Iceland (Ð, ð) trông giống nhưng khác mã."),
            repair=_("Gõ lại chữ Đ bằng bộ gõ tiếng Việt."),
            fails=lambda p: pl.col("full_name").str.contains("[ÐðƉɖ]"),
            **applies,
        ),
        spelling(
            code=f"{of}.full_name.spaces",
            title=_("Họ tên thừa khoảng trắng hoặc có ký tự ẩn"),
            message=_(
                "Có khoảng trắng ở đầu, ở cuối, hai khoảng trắng liền nhau hoặc ký tự không nhìn thấy."
            ),
            repair=_("Xóa khoảng trắng thừa trong họ tên."),
            fails=lambda p: pl.col("full_name").str.contains(ODD_SPACES),
            **applies,
        ),
        spelling(
            code=f"{of}.full_name.legacy_font",
            title=_("Họ tên bị lỗi phông chữ cũ"),
            message=_("Họ tên có ký tự của bảng mã TCVN3, VNI đọc sai (ví dụ “NguyÔn”)."),
            repair=_("Gõ lại họ tên bằng Unicode."),
            fails=lambda p: pl.col("full_name").str.contains(LEGACY_FONT),
            **applies,
        ),
        spelling(
            code=f"{of}.full_name.brackets",
            title=_("Họ tên có tên gọi khác trong ngoặc"),
            message=_("Họ tên có ngoặc hoặc dấu nháy kép: thường là tên ở nhà hoặc ghi chú."),
            repair=_("Chỉ giữ họ tên theo giấy khai sinh; ghi chú chuyển sang mục khác."),
            fails=lambda p: pl.col("full_name").str.contains(BRACKETS),
            **applies,
        ),
        spelling(
            code=f"{of}.full_name.characters",
            title=_("Họ tên có chữ số hoặc ký hiệu"),
            message=_("Họ tên có chữ số, dấu phẩy, dấu gạch chéo hoặc ký hiệu khác."),
            repair=_("Xóa ký tự không thuộc họ tên (ví dụ số thứ tự, “A/B”)."),
            fails=lambda p: (
                pl.col("full_name").str.contains(NAME_CHARACTER)
                & ~pl.col("full_name").str.contains(f"{BRACKETS}|{LEGACY_FONT}|{ODD_SPACES}")
            ),
            **applies,
        ),
        rule(
            code=f"{of}.full_name.capitals",
            title=_("Họ tên viết hoa toàn bộ"),
            group=ErrorGroup.FORMAT,
            severity=Severity.WARNING,
            source=sources.DATABASE,
            message=_("Họ tên viết hoa toàn bộ, không in được đúng lên học bạ, văn bằng."),
            repair=_("Viết hoa chữ cái đầu mỗi tiếng."),
            fails=lambda p: (
                (pl.col("full_name") == pl.col("full_name").str.to_uppercase())
                & pl.col("full_name").str.contains(" ")
                # A name of single letters ("Y Ô") has no small ones to miss, however it is spaced or coded.
                & pl.col("full_name").str.contains(TWO_LETTERS)
            ),
            **applies,
        ),
        rule(
            code=f"{of}.full_name.lower_case",
            title=_("Họ tên có tiếng viết thường chữ đầu"),
            group=ErrorGroup.FORMAT,
            severity=Severity.WARNING,
            source=sources.DATABASE,
            message=_("Có tiếng trong họ tên viết thường chữ cái đầu."),
            repair=_("Viết hoa chữ cái đầu mỗi tiếng; giải trình nếu giấy khai sinh ghi như vậy."),
            fails=lambda p: pl.col("full_name").str.contains(r"(^| )\p{Ll}"),
            **applies,
        ),
        rule(
            code=f"{of}.full_name.one_word",
            title=_("Họ tên chỉ có một tiếng"),
            group=ErrorGroup.OUT_OF_RANGE,
            severity=Severity.WARNING,
            source=sources.DATABASE,
            message=_("Họ tên chỉ có một tiếng; có thể thiếu họ hoặc tên đệm."),
            repair=_("Đối chiếu giấy khai sinh; giải trình nếu tên đúng là một tiếng (có ở một số dân tộc)."),
            fails=lambda p: ~pl.col("full_name").str.strip_chars().str.contains(r"\s"),
            **applies,
        ),
    ]


def _birth_rules(rule: partial[Rule], of: str) -> list[Rule]:
    known: dict[str, Any] = {"applies": lambda p: pl.col("birth_date").is_not_null()}
    return [
        rule(
            code=f"{of}.birth_date.missing",
            title=_("Thiếu ngày sinh"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.ERROR,
            message=_("Hồ sơ không có ngày sinh."),
            repair=_("Ghi ngày sinh theo giấy khai sinh."),
            fails=lambda p: pl.col("birth_date").is_null(),
            sla_days=5,
        ),
        rule(
            code=f"{of}.birth_date.future",
            title=_("Ngày sinh ở tương lai"),
            group=ErrorGroup.OUT_OF_RANGE,
            word=Word.ACCURATE,
            severity=Severity.ERROR,
            message=_("Ngày sinh sau ngày hôm nay."),
            repair=_("Kiểm tra năm sinh, ngày và tháng có thể bị đảo."),
            fails=lambda p: pl.col("birth_date") > p.today,
            sla_days=5,
            **known,
        ),
        rule(
            code=f"{of}.birth_date.first_january",
            title=_("Ngày sinh 01/01, có thể chỉ biết năm"),
            group=ErrorGroup.OUT_OF_RANGE,
            word=Word.ACCURATE,
            severity=Severity.WARNING,
            message=_("Ngày sinh ghi 01/01 mà không đánh dấu “chỉ biết năm sinh”."),
            repair=_("Đối chiếu giấy khai sinh: sửa ngày, hoặc giải trình nếu đúng là 01/01."),
            fails=lambda p: (pl.col("birth_date").dt.ordinal_day() == 1) & ~pl.col("is_birth_year_only"),
            weight=Decimal("0.5"),
            sla_days=15,
            **known,
        ),
        rule(
            code=f"{of}.birth_date.year_only",
            title=_("Chỉ biết năm sinh"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.WARNING,
            message=_("Hồ sơ chỉ có năm sinh."),
            repair=_(
                "Bổ sung ngày, tháng khi gia đình có giấy khai sinh; giải trình nếu giấy tờ chỉ ghi năm."
            ),
            fails=lambda p: pl.col("is_birth_year_only"),
            weight=Decimal("0.5"),
            sla_days=15,
            **known,
        ),
        rule(
            code=f"{of}.gender.missing",
            field="gender",
            title=_("Thiếu giới tính"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.ERROR,
            message=_("Hồ sơ chưa ghi giới tính."),
            repair=_("Ghi giới tính theo giấy khai sinh."),
            fails=lambda p: blank("gender"),
            sla_days=5,
        ),
    ]


def _code_rules(rule: partial[Rule], of: str) -> list[Rule]:
    listed = partial(
        rule, group=ErrorGroup.REFERENCE, word=Word.CLEAN, severity=Severity.ERROR, source=sources.CODE_LISTS
    )
    return [
        rule(
            code=f"{of}.ethnicity.missing",
            field="ethnicity",
            title=_("Thiếu dân tộc"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.ERROR,
            source=sources.DATABASE,
            message=_("Hồ sơ chưa ghi dân tộc; các biểu thống kê theo dân tộc sẽ thiếu."),
            repair=_("Chọn dân tộc theo giấy khai sinh."),
            fails=lambda p: blank("ethnicity"),
        ),
        listed(
            code=f"{of}.ethnicity.code",
            field="ethnicity",
            title=_("Mã dân tộc không có trong danh mục"),
            message=_("Mã dân tộc không có trong danh mục của Bộ."),
            repair=_("Chọn lại dân tộc từ danh mục."),
            fails=lambda p: outside("ethnicity", p.codes["dan_toc"]),
            applies=lambda p: filled("ethnicity"),
        ),
        listed(
            code=f"{of}.religion.code",
            field="religion",
            title=_("Mã tôn giáo không có trong danh mục"),
            message=_("Mã tôn giáo không có trong danh mục."),
            repair=_("Chọn lại tôn giáo từ danh mục."),
            fails=lambda p: outside("religion", p.codes["ton_giao"]),
            applies=lambda p: filled("religion"),
        ),
        listed(
            code=f"{of}.nationality.code",
            field="nationality",
            title=_("Quốc tịch không đúng mã"),
            group=ErrorGroup.FORMAT,
            message=_("Quốc tịch phải ghi bằng mã hai hoặc ba chữ in hoa (VN, LA, ...)."),
            repair=_("Chọn lại quốc tịch từ danh mục."),
            fails=lambda p: ~pl.col("nationality").fill_null("").str.contains(r"^[A-Z]{2,3}$"),
        ),
        rule(
            code=f"{of}.nationality.ethnicity",
            field="nationality",
            title=_("Quốc tịch và dân tộc mâu thuẫn"),
            group=ErrorGroup.CONTRADICTION,
            word=Word.CONSISTENT,
            severity=Severity.WARNING,
            source=sources.DATABASE,
            message=_("Ghi dân tộc “Người nước ngoài” nhưng quốc tịch Việt Nam."),
            repair=_("Kiểm tra lại quốc tịch và dân tộc."),
            fails=lambda p: (pl.col("ethnicity") == "55") & (pl.col("nationality") == "VN"),
            applies=lambda p: filled("ethnicity"),
        ),
        rule(
            code=f"{of}.residence.missing",
            field="residence",
            title=_("Thiếu xã, phường thường trú"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.WARNING,
            source=sources.DATABASE,
            message=_("Hồ sơ chưa có mã xã, phường nơi thường trú."),
            repair=_("Chọn xã, phường, đặc khu theo danh mục hiện hành."),
            fails=lambda p: blank("residence_commune_code"),
        ),
        rule(
            code=f"{of}.residence.commune",
            field="residence",
            title=_("Mã xã thường trú không có hiệu lực"),
            group=ErrorGroup.REFERENCE,
            word=Word.CLEAN,
            severity=Severity.ERROR,
            source=sources.ADMINISTRATIVE,
            message=_("Mã xã, phường không có trong danh mục còn hiệu lực vào ngày hồ sơ được cập nhật."),
            repair=_("Chọn lại xã, phường, đặc khu theo danh mục hiện hành (tra ở mục Địa giới hành chính)."),
            fails=lambda p: ~pl.col("commune_in_force"),
            applies=lambda p: filled("residence_commune_code"),
            identifier=True,
            confidence="V2",
        ),
    ]


def _contact_rules(rule: partial[Rule], of: str) -> list[Rule]:
    shape = partial(
        rule, group=ErrorGroup.FORMAT, word=Word.CLEAN, severity=Severity.WARNING, weight=Decimal("0.5")
    )
    return [
        shape(
            code=f"{of}.phone.format",
            field="phone",
            title=_("Số điện thoại sai dạng"),
            message=_("Số điện thoại không có dạng 0xxxxxxxxx (10 số; máy bàn 11 số)."),
            repair=_("Ghi lại số điện thoại, không có dấu chấm, khoảng trắng."),
            fails=lambda p: ~pl.col("phone").str.contains(PHONE),
            applies=lambda p: filled("phone"),
        ),
        shape(
            code=f"{of}.email.format",
            field="email",
            title=_("Thư điện tử sai dạng"),
            message=_("Địa chỉ thư điện tử không hợp lệ."),
            repair=_("Ghi lại địa chỉ, ví dụ ten@truong.edu.vn."),
            fails=lambda p: ~pl.col("email").str.contains(EMAIL),
            applies=lambda p: filled("email"),
        ),
        rule(
            code=f"{of}.ministry_code.late",
            field="ministry_code",
            title=_("Chưa có mã định danh của Bộ"),
            group=ErrorGroup.MISSING,
            word=Word.COMPLETE,
            severity=Severity.WARNING,
            message=_("Hồ sơ đã lập nhiều tuần mà chưa có mã định danh của Bộ."),
            repair=_("Gửi hồ sơ lên CSDL của Bộ, nhận mã và ghi vào đúng hồ sơ này (không tạo hồ sơ mới)."),
            fails=lambda p: blank("ministry_code") & (days_since("created_on", p.today) > 7 * p["weeks"]),
            parameters={"weeks": 8},
            labels={"weeks": _("Số tuần từ khi lập hồ sơ")},
        ),
    ]
