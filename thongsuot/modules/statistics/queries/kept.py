"""Forms of large units: computed in the background, kept for the moment at which that was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from thongsuot.kit.indicators.queries import unit_nodes

from ..domain.form import Form
from ..domain.form_layout import Sheet
from ..models import KeptForm, WarmChange
from .forms import forms
from .forms_sheet import sheet_of
from .frozen import decimals


def is_large(unit_id: int, as_of: date) -> bool:
    """Whether so many schools add up to the unit that nobody is to wait for its forms while a page opens."""
    node = unit_nodes([unit_id], as_of).get(unit_id)
    return node is not None and len(node.covers) > settings.FORM_UNITS_AT_ONCE


def kept_form(form: Form, unit_id: int, as_of: date) -> KeptForm | None:
    """The form as it was computed last; row-level security holds it back from whom the unit is beyond reach."""
    return KeptForm.objects.filter(
        form_code=form.code, form_version=form.version, unit_id=unit_id, as_of=as_of
    ).first()


def changed_since(kept: KeptForm, form: Form) -> datetime | None:
    """When a change to the records of the unit's schools was last noticed since the form was computed; None: none was.
    The change log is read every few minutes (tasks.py, `refresh`)."""
    node = unit_nodes([kept.unit_id], kept.as_of).get(kept.unit_id)
    return WarmChange.objects.filter(
        Q(unit_id__isnull=True) | Q(unit_id__in=node.covers if node else ()),
        fact__in={measure.fact for measure in form.measures},
        at__gt=kept.computed_at,
    ).aggregate(last=Max("at"))["last"]


def kept_sheet(kept: KeptForm, form: Form, unit: Any) -> Sheet:
    return sheet_of(form, unit, kept.as_of, decimals(kept.values), state=_("Số liệu sống, chưa chốt"))


def computed_beside(form: Form, as_of: date) -> list[Form]:
    """The forms that are computed with this one, since they count the same records: those of its period."""
    return [one for one in forms(as_of) if one.period == form.period]
