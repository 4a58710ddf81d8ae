"""What every action of the room asks first: the right over the unit, the row as the editor saw it, clean values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..permissions import can_edit
from ..queries.editions import edition_of
from ..types import BadValue, ChangedMeanwhile, StateConflict

M = TypeVar("M", bound=Model)


def require_edit(*, by: Actor, unit_id: int) -> None:
    """Raise NotAllowed unless `by` keeps the records of the unit."""
    if not can_edit(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa hồ sơ của trường này."))


def locked(*, by: Actor, row: M, seen: str = "") -> M:
    """The row as it is now, locked. Raises StateConflict (it is gone), ChangedMeanwhile (its edition is not `seen`)."""
    manager: Any = type(row)._default_manager
    rows: QuerySet[M] = manager.select_for_update(of=("self",))
    fresh = rows.filter(pk=row.pk).first()
    if fresh is None:
        raise StateConflict(_("Hồ sơ này không còn nữa."))
    if seen and edition_of(fresh) != seen:
        raise ChangedMeanwhile(
            _(
                "Người khác vừa sửa “%(thing)s” sau khi anh/chị mở. Chưa có gì bị ghi đè: hãy mở lại để xem giá trị mới rồi sửa."
            )
            % {"thing": fresh}
        )
    return fresh


def only_named(*, by: Actor, given: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """The values given, text cleaned. Raises BadValue for a field that cannot be edited here."""
    for name in given:
        if name not in allowed:
            raise BadValue(_("Không sửa được mục “%(field)s” ở đây.") % {"field": name}, field=name)
    return {name: clean_text(value) if isinstance(value, str) else value for name, value in given.items()}


def require_code(*, by: Actor, code_list: str, code: str, field: str) -> None:
    """Raise BadValue unless the ministry's list has this code ("" passes; so does everything while the list is not loaded)."""
    if not code:
        return
    values = organization.code_values(code_list).order_by()
    if not values.filter(code=code).exists() and values.exists():
        said = _("Mã “%(code)s” không có trong danh mục %(list)s.")
        raise BadValue(said % {"code": code, "list": code_list}, field=field)


def not_in_future(*, by: Actor, day: date, field: str) -> None:
    """Raise BadValue for a day that has not come: what happens is written when it happens."""
    if day > timezone.localdate():
        raise BadValue(_("Ngày này chưa tới."), field=field)
