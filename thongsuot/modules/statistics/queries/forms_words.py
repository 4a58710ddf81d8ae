"""What stands around the figures of a form: number of the form, who reports to whom, the day, who signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ..domain.form import Desk, Form, YearDay
from ..domain.form_layout import Sheet

MONTH_OF_NEW_YEAR = 8


@dataclass(frozen=True)
class HeadWords:
    left: tuple[str, ...]
    right: tuple[str, ...]
    title: str
    day: str
    state: str


def head_words(sheet: Sheet) -> HeadWords:
    form = sheet.form
    due = [
        _("%(desk)s: %(day)s") % {"desk": name, "day": day_words(form.due[desk])}
        for desk, name in desk_names().items()
        if desk in form.due
    ]
    return HeadWords(
        (
            _("Biểu số: %(code)s") % {"code": form.code},
            _("Ban hành theo %(law)s") % {"law": form.legal_source} if form.legal_source else "",
            _("Hạn gửi: %(due)s") % {"due": "; ".join(due)},
        ),
        (
            _("Đơn vị báo cáo: %(name)s") % {"name": sheet.unit_name},
            _("Đơn vị nhận báo cáo: %(name)s") % {"name": sheet.above or _("Bộ Giáo dục và Đào tạo")},
            _("Năm học: %(year)s") % {"year": school_year_name(sheet.as_of)},
        ),
        form.name.upper(),
        _("Số liệu tính đến ngày %(day)s") % {"day": f"{sheet.as_of:%d/%m/%Y}"},
        sheet.state,
    )


def desk_names() -> dict[Desk, str]:
    return {Desk.SCHOOL: _("trường"), Desk.COMMUNE: _("xã"), Desk.DEPARTMENT: _("Sở")}


def day_words(day: YearDay) -> str:
    return f"{day.day}/{day.month}"


def start_year_of(day: date) -> int:
    """The calendar year in which the school year of a day begins: from August on, this one."""
    return day.year if day.month >= MONTH_OF_NEW_YEAR else day.year - 1


def last_day_of(form: Form, today: date) -> date:
    """The last day of the form's figures that has come."""
    start = start_year_of(today)
    return next(day for year in (start, start - 1, start - 2) if (day := form.day(year)) <= today)


def school_year_name(day: date) -> str:
    start = start_year_of(day)
    return f"{start}-{start + 1}"


def signers(sheet: Sheet) -> tuple[tuple[str, str], tuple[str, str]]:
    """(who drew it up, who answers for it), each with what is to be done there."""
    return (
        (_("NGƯỜI LẬP BIỂU"), _("(Ký, ghi rõ họ tên)")),
        (_("THỦ TRƯỞNG ĐƠN VỊ"), _("(Ký, ghi rõ họ tên, đóng dấu)")),
    )
