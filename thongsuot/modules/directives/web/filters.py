"""What the lists are narrowed by."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.filters import DateFromToFilter, FilterSet
from thongsuot.modules.organization import queries as organization

from ..queries.directives import directives
from ..queries.reports import duties
from ..queries.standing import timeliness_filters
from ..types import AssignmentState, DeadlineKind, DirectiveState, ObligationState, Timeliness
from .forms.units import UnitsField

EVERY = _("Tất cả")
# Several answers that a person asks for at once.
GROUPS_OF_TIMELINESS = (
    ("open", _("Chưa hoàn thành")),
    ("finished", _("Hoàn thành (mọi loại)")),
    ("idle", _("Không hạn, chờ điều kiện")),
)
TIMELINESS_OF: dict[str, tuple[str, ...]] = {
    "open": (
        Timeliness.LATE,
        Timeliness.DUE_SOON,
        Timeliness.ON_TIME,
        Timeliness.NO_DEADLINE,
        Timeliness.WAITING,
    ),
    "finished": (Timeliness.DONE_ON_TIME, Timeliness.DONE_LATE, Timeliness.DONE),
    "idle": (Timeliness.NO_DEADLINE, Timeliness.WAITING),
}


class UnitFilter(django_filters.Filter):
    """One unit, chosen by typing its name."""

    field_class = UnitsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, single=True, required=False, **kwargs)

    def filter(self, qs: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        return super().filter(qs, int(value)) if value is not None else qs


class _Actors(FilterSet):
    def get_form_class(self) -> Any:
        made = super().get_form_class()
        for field in made.base_fields.values():
            if isinstance(field, UnitsField):
                field.let(self.actor)
        return made


def _directives(request: Any) -> QuerySet[Any]:
    return directives(request.actor).order_by("-issued_on", "-pk")


class DirectiveFilter(_Actors):
    main = ("state", "owner")

    state = django_filters.ChoiceFilter(
        label=_("Trạng thái"), choices=DirectiveState.choices, empty_label=EVERY
    )
    issued_on = DateFromToFilter(label=_("Ngày ban hành"))
    owner = UnitFilter(label=_("Đơn vị theo dõi"), field_name="owner_unit_id")


class AssignmentFilter(_Actors):
    main = ("timeliness", "below", "directive")

    timeliness = django_filters.ChoiceFilter(
        label=_("Tình trạng"),
        choices=[*GROUPS_OF_TIMELINESS, *Timeliness.choices],
        empty_label=EVERY,
        method="filter_timeliness",
    )
    state = django_filters.ChoiceFilter(
        label=_("Trạng thái"), choices=AssignmentState.choices, empty_label=EVERY
    )
    directive = django_filters.ModelChoiceFilter(
        label=_("Văn bản"), queryset=_directives, to_field_name="public_id", empty_label=EVERY
    )
    below = UnitFilter(label=_("Đơn vị, kể cả cấp dưới"), method="filter_below")
    unit = UnitFilter(label=_("Đúng đơn vị chủ trì"), field_name="unit_id")
    due_on = DateFromToFilter(label=_("Hạn"))
    deadline_kind = django_filters.ChoiceFilter(
        label=_("Loại thời hạn"), choices=DeadlineKind.choices, empty_label=EVERY
    )
    mine = django_filters.ChoiceFilter(
        label=_("Của tôi"),
        choices=[("person", _("Tôi thực hiện")), ("leader", _("Tôi phụ trách")), ("given", _("Tôi giao"))],
        empty_label=EVERY,
        method="filter_mine",
    )

    def filter_timeliness(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By plain conditions rather than by the annotation, so that indexes serve."""
        conditions = timeliness_filters(timezone.localdate())
        return rows.filter(reduce(or_, (conditions[one] for one in TIMELINESS_OF.get(value, (value,)))))

    def filter_below(self, rows: QuerySet[Any], name: str, value: int | None) -> QuerySet[Any]:
        return rows.filter(unit_id__in=organization.unit_ids_below(int(value))) if value else rows

    def filter_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        column = {"person": "person_id", "leader": "leader_id", "given": "assigned_by_id"}[value]
        return rows.filter(**{column: self.actor.user_id})


class TargetFilter(_Actors):
    directive = django_filters.ModelChoiceFilter(
        label=_("Văn bản"), queryset=_directives, to_field_name="public_id", empty_label=EVERY
    )
    automatic = django_filters.ChoiceFilter(
        label=_("Nguồn số liệu"),
        choices=[("yes", _("Tự động từ chỉ số")), ("no", _("Đơn vị báo cáo"))],
        empty_label=EVERY,
        method="filter_automatic",
    )

    def filter_automatic(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.exclude(indicator_code="") if value == "yes" else rows.filter(indicator_code="")


class ObligationFilter(_Actors):
    main = ("state", "unit", "late")

    state = django_filters.ChoiceFilter(
        label=_("Trạng thái"), choices=ObligationState.choices, empty_label=EVERY
    )
    late = django_filters.ChoiceFilter(
        label=_("Đúng hạn"), choices=[("yes", _("Đang quá hạn"))], empty_label=EVERY, method="filter_late"
    )
    unit = UnitFilter(label=_("Đơn vị báo cáo"), field_name="unit_id")
    to = UnitFilter(label=_("Nơi nhận"), field_name="to_unit_id")
    due_on = DateFromToFilter(label=_("Hạn nộp"))
    duty = django_filters.ModelChoiceFilter(
        label=_("Chế độ báo cáo"),
        queryset=lambda request: duties(request.actor, today=timezone.localdate()),
        to_field_name="public_id",
        empty_label=EVERY,
    )

    def filter_late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        owed = (ObligationState.OWED, ObligationState.RETURNED)
        return rows.filter(state__in=owed, due_on__lt=timezone.localdate())
