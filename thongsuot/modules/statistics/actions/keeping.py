"""Computing forms of large units, and keeping what they came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.facts import FactTable
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.form import Form
from ..models import KeptForm
from ..permissions import VIEW
from ..queries.computing import compute_all
from ..queries.forms import forms
from ..queries.forms_words import last_day_of
from ..queries.kept import is_large
from ..types import Tell, silent
from .warming import look

KEPT = timedelta(days=90)


@transaction.atomic
def keep_forms(
    *, by: Actor, forms: Iterable[Form], unit_id: int, as_of: date, now: datetime, tell: Tell = silent
) -> int:
    """Compute these forms of a unit with one scan of each fact table and keep them in place of what was kept; returns
    how many. Raises NotAllowed for whoever may not read the unit's figures. tell: how many fact tables are read.
    """
    by.require(VIEW, unit_id)
    # Noticed before the count: what is noticed later came later (queries/kept.py, `changed_since`).
    look(by=Actor.system(), now=now)
    asked = list(forms)
    total = len({measure.fact for form in asked for measure in form.measures})
    begun = 0

    def told(fact: FactTable) -> None:
        nonlocal begun
        tell(begun, total, _("Đang đếm: %(name)s") % {"name": fact.name})
        begun += 1

    found = compute_all(asked, [unit_id], as_of, told)
    rows = [
        KeptForm(
            form_code=form.code,
            form_version=form.version,
            unit_id=unit_id,
            as_of=as_of,
            values={code: format(number, "f") for code, number in found[form.code][unit_id].items()},
            computed_at=now,
        )
        for form in asked
        if unit_id in found[form.code]
    ]
    with act_as(Actor.system()):
        KeptForm.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["unit", "form_code", "form_version", "as_of"],
            update_fields=["values", "computed_at"],
        )
    tell(total, total, None)
    return len(rows)


def forget_forms(*, by: Actor, now: datetime) -> int:
    """Throw away what was computed long ago; returns how many. Only the system does this; raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        return KeptForm.objects.filter(computed_at__lt=now - KEPT).delete()[0]


def keep_usual_forms(*, by: Actor, today: date, now: datetime) -> int:
    """The forms of the department as of the last day of each that has come; returns how many. Nothing is computed where
    a page would not have to wait for them."""
    department = organization.department_id()
    if department is None or not is_large(department, today):
        return 0
    by_day: dict[date, list[Form]] = defaultdict(list)
    for form in forms(today):
        by_day[last_day_of(form, today)].append(form)
    return sum(
        keep_forms(by=by, forms=some, unit_id=department, as_of=day, now=now)
        for day, some in sorted(by_day.items())
    )
