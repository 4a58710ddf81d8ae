"""School years, and corrections of code lists."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.text.vietnamese import clean_text

from ..models import CodeValue, SchoolYear, Term
from ..permissions import can_manage_lists
from ..types import Confidence


def _require(by: Actor) -> None:
    if not can_manage_lists(by):
        raise NotAllowed(_("Anh/chị không có quyền sửa danh mục."))


@transaction.atomic
def create_school_year(
    *, by: Actor, starts_on: date, ends_on: date, terms: list[tuple[date, date]]
) -> SchoolYear:
    """A school year, named after the years of its first day ("2026-2027"), with its terms in order.

    terms: first and last day of each, inside the year, one after the other (the ministry's yearly framework
    plan, khung kế hoạch thời gian năm học). Raises NotAllowed, Refused.
    """
    _require(by)
    name = f"{starts_on.year}-{starts_on.year + 1}"
    if not starts_on < ends_on:
        raise Refused(_("Ngày kết thúc năm học phải sau ngày bắt đầu."))
    days = [day for term in terms for day in term]
    if not terms or days != sorted(set(days)) or days[0] < starts_on or days[-1] > ends_on:
        raise Refused(_("Các học kỳ phải nối tiếp nhau và nằm trong năm học."))
    if SchoolYear.objects.filter(name=name).exists():
        raise Refused(_("Năm học %(name)s đã có.") % {"name": name})
    year = SchoolYear.objects.create(name=name, starts_on=starts_on, ends_on=ends_on)
    Term.objects.bulk_create(
        Term(school_year=year, number=number, starts_on=first, ends_on=last)
        for number, (first, last) in enumerate(terms, 1)
    )
    return year


@transaction.atomic
def correct_code(*, by: Actor, value: CodeValue, name: str, valid_to: date | None = None) -> CodeValue:
    """Set a value of a code list right after comparing it with the official text; the loader leaves it
    alone from then on.

    The code itself never changes: records hold it. Raises NotAllowed, Refused (no name).
    """
    _require(by)
    if not clean_text(name):
        raise Refused(_("Cần tên của mã."))
    value.name, value.valid_to = clean_text(name), valid_to
    value.is_corrected, value.confidence = True, Confidence.READ
    value.save()
    return value
