"""How the department sets rules and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import clean_text

from ..models import RuleSetting
from ..permissions import MANAGE
from ..queries.rules import THRESHOLD_NUMBERS, THRESHOLDS
from ..types import BOOK, WrongParameter

LARGEST = 100_000


@transaction.atomic
def set_rule(
    *,
    by: Actor,
    code: str,
    is_on: bool,
    weight: Decimal | None,
    numbers: Mapping[str, Any],
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> RuleSetting:
    """Switch a rule on or off, weigh it (None: as in the book), correct its numbers, from a day on.

    A second setting from the same day replaces the first. Takes effect at the next check. Raises WrongParameter
    (unknown rule or number, a number below 0, weight not above 0, dates out of order), NotAllowed.
    """
    by.require(MANAGE)
    rule = BOOK.rules.get(code)
    if rule is None:
        raise WrongParameter(_("Không có quy tắc này."))
    if not set(numbers) <= set(rule.parameters):
        raise WrongParameter(_("Quy tắc không có tham số này."))
    if weight is not None and not Decimal(0) < weight < 1000:
        raise WrongParameter(_("Trọng số phải lớn hơn 0 và nhỏ hơn 1000."), field="weight")
    return _set(code, is_on, weight, _whole(numbers), valid_from, valid_to, reason)


@transaction.atomic
def set_thresholds(*, by: Actor, green: int, yellow: int, valid_from: date, reason: str = "") -> RuleSetting:
    """From which index on a unit is green, and yellow. Raises WrongParameter unless 0 < yellow < green <= 100."""
    by.require(MANAGE)
    if not 0 < yellow < green <= 100:
        raise WrongParameter(_("Ngưỡng vàng phải nhỏ hơn ngưỡng xanh, cả hai trong khoảng 1 đến 100."))
    numbers = dict(zip(THRESHOLD_NUMBERS, (green, yellow), strict=True))
    return _set(THRESHOLDS, True, None, numbers, valid_from, None, reason)


def _whole(numbers: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            said = _("Tham số phải là số nguyên từ 0 đến %(most)d.")
            raise WrongParameter(said % {"most": LARGEST}, field=name)
        found[name] = value
    return found


def _set(
    code: str,
    is_on: bool,
    weight: Decimal | None,
    numbers: dict[str, int],
    valid_from: date,
    valid_to: date | None,
    reason: str,
) -> RuleSetting:
    if valid_to is not None and valid_to < valid_from:
        raise WrongParameter(_("Ngày kết thúc trước ngày bắt đầu."), field="valid_to")
    setting, _made = RuleSetting.objects.update_or_create(
        rule=code,
        valid_from=valid_from,
        defaults={
            "is_on": is_on,
            "weight": weight,
            "parameters": numbers,
            "valid_to": valid_to,
            "reason": clean_text(reason)[:300],
        },
    )
    return setting
