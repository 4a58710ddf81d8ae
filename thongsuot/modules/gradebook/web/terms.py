"""Terms of a school year as pages need them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..queries.listing import term_of


def term_now(year: Any) -> int:
    """The term of the year that today lies in; of a past year the second."""
    if year is None:
        return 1
    second = next((one.starts_on for one in year.terms.all() if one.number == 2), None)
    return term_of(timezone.localdate(), second)


def term_name(term: int) -> str:
    return _("Học kỳ I") if term == 1 else _("Học kỳ II")
