"""School years, terms, and the code lists. Public inside the platform."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from thongsuot.kit.text.vietnamese import fold

from ..models import CodeList, CodeValue, SchoolYear, Term
from ..types import Confidence
from .actor import in_force

# What a person still has to compare with the official text.
TO_CHECK = [Confidence.INFERRED, Confidence.MEMORY]


def school_years() -> QuerySet[SchoolYear]:
    return SchoolYear.objects.prefetch_related("terms")


def school_year(name: str) -> SchoolYear | None:
    """By its name, "2026-2027"."""
    return SchoolYear.objects.filter(name=name).first()


def current_school_year(today: date) -> SchoolYear | None:
    """The year that `today` lies in; in the summer gap the one that began last."""
    return SchoolYear.objects.filter(starts_on__lte=today).order_by("-starts_on").first()


def is_in_school_year(day: date) -> bool:
    """Whether a school year is under way, first and last day counted. True as well before any year is known of: then
    nothing can be said of the summer."""
    known = SchoolYear.objects.filter(starts_on__lte=day)
    return known.filter(ends_on__gte=day).exists() or not known.exists()


def current_term(today: date) -> Term | None:
    """The term that `today` lies in; between terms the one that began last."""
    return (
        Term.objects.filter(starts_on__lte=today).select_related("school_year").order_by("-starts_on").first()
    )


def code_lists(*, words: str = "") -> QuerySet[CodeList]:
    """Each with `size` (values in all) and `to_check` (values not read in an official text and not set
    right since).
    """
    unsure = Q(values__confidence__in=TO_CHECK, values__is_corrected=False)
    lists = CodeList.objects.annotate(size=Count("values"), to_check=Count("values", filter=unsure))
    for word in words.split():
        lists = lists.filter(Q(name__icontains=word) | Q(code__icontains=fold(word)))
    return lists


def code_list(code: str) -> CodeList | None:
    return CodeList.objects.filter(code=code).first()


def code_values(code: str, *, today: date | None = None, words: str = "") -> QuerySet[CodeValue]:
    values = CodeValue.objects.filter(code_list__code=code).select_related("code_list")
    if words:
        values = values.filter(Q(name__icontains=words) | Q(code=words))
    if today is None:
        return values
    started = Q(valid_from__isnull=True) | in_force(today)
    return values.filter(started & (Q(valid_to__isnull=True) | Q(valid_to__gte=today)))
