"""The list behind the unit picker."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import MatchKind

MOST = 12
# "sa thầy" means the commune before its schools.
_ORDER = ("department", "department_office", "commune", "commune_office", "school")
_RANK = Case(
    *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(_ORDER)),
    default=Value(len(_ORDER)),
    output_field=IntegerField(),
)


@require_safe
def unit_search(request: HttpRequest) -> JsonResponse:
    """{"items": [{"label", "note", "ids"}]}: a group of units that the words name, then units by name."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("directives.view"):
        raise Http404
    words = request.GET.get("q", "").strip()[:120]
    if len(words) < 2:
        return JsonResponse({"items": []})
    visible = organization.units_visible(actor)
    items = []
    own = actor.acting.unit_id if actor.acting else None
    for match in organization.match_unit_names([words], context_unit_id=own):
        if match.kind == MatchKind.GROUP:
            ids = list(visible.filter(pk__in=match.unit_ids).values_list("pk", flat=True))
            if ids:
                note = _("%(n)d đơn vị") % {"n": len(ids)}
                label = f"{match.group_label or words} ({note})"
                items.append({"label": label, "note": _("Nhóm đơn vị"), "ids": ids})
    found = organization.units_visible(actor, words=words).order_by(_RANK, "sort_key", "pk")
    for unit in found[:MOST]:
        above = unit.parent.name if unit.parent else ""
        note = " · ".join(part for part in (str(unit.get_kind_display()), above) if part)
        items.append({"label": unit.name, "note": note, "ids": [unit.pk]})
    return JsonResponse({"items": items})
