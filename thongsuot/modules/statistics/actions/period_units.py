"""Who fills a form: the schools of its levels and whoever has rows in it, the communes above them, the department."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..domain.form import Form
from ..models import ReportingPeriod, Return


def _add_returns(
    *, period: ReportingPeriod, forms: Iterable[Form], counting: Mapping[str, Collection[int]] | None = None
) -> int:
    """Make the returns that are not there yet; called as the system. Returns how many are new.

    counting: {form: units with rows in it}: a school that teaches what its list of levels does not name is asked too,
    or the sum of the schools would not be that of their commune.
    """
    before = period.returns.count()
    schools = list(
        organization.schools(Actor.system(), today=period.as_of)
        .order_by("pk")
        .values_list("pk", "levels", "unit__parent_id", "unit__parent__kind")
    )
    department = organization.department_id()
    rows: list[Return] = []
    for form in forms:
        also = set((counting or {}).get(form.code, ()))
        filling = [
            (pk, parent, kind)
            for pk, levels, parent, kind in schools
            if pk in also or not form.levels or form.levels & set(levels)
        ]
        communes = {parent for _pk, parent, kind in filling if kind == "commune" and parent is not None}
        rows += [
            _return(period, form, pk, parent if kind == "commune" else department, "school")
            for pk, parent, kind in filling
        ]
        rows += [_return(period, form, pk, department, "commune") for pk in sorted(communes)]
        if department is not None:
            rows.append(_return(period, form, department, None, "department"))
    Return.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return period.returns.count() - before


def _return(period: ReportingPeriod, form: Form, unit: int, to_unit: int | None, desk: str) -> Return:
    due_on = {
        "school": period.school_due_on,
        "commune": period.commune_due_on,
        "department": period.department_due_on,
    }[desk]
    return Return(
        period=period,
        form_code=form.code,
        form_version=form.version,
        form_name=form.name,
        unit_id=unit,
        to_unit_id=to_unit,
        due_on=due_on,
    )
