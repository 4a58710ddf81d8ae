"""Tags of the page frame: icons, the current menu entry, charts, states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thongsuot.kit.pages.menu import MenuItem
from thongsuot.kit.pages.menu import current_entry as nearest_entry

register = template.Library()

# Tone of a state -> class of the badge. Colour never stands alone: a badge always has its words.
TONES = {
    "ok": "ts-tone-ok",
    "info": "ts-tone-info",
    "warn": "ts-tone-warn",
    "bad": "ts-tone-bad",
    "quiet": "ts-tone-quiet",
}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite (ops/icons.txt). Without `label` it is decoration and hidden from readers."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href
        )
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, href
    )


@register.simple_tag
def current_entry(menu: list[MenuItem], path: str) -> MenuItem | None:
    return nearest_entry(menu, path)


@register.filter
def holds(item: MenuItem, entry: MenuItem | None) -> bool:
    return item.holds(entry)


@register.simple_tag
def tone(name: str) -> str:
    return TONES.get(name, TONES["quiet"])


@register.inclusion_tag("components/badge.html")
def state(label: object, tone: str = "quiet", icon: str = "") -> dict[str, object]:
    """A state in words with a tone: ok, info, warn, bad, quiet."""
    return {"label": label, "tone_class": TONES.get(tone, TONES["quiet"]), "icon": icon}


@register.inclusion_tag("components/progress.html")
def progress(value: Any, maximum: Any = 100, label: str = "", tone: str = "info") -> dict[str, object]:
    """A bar of `value` out of `maximum` with its percentage in words."""
    whole = float(maximum or 0)
    percent = 0 if whole <= 0 else max(0, min(100, int(float(value or 0) * 100 / whole + 0.5)))
    return {"percent": percent, "label": label, "tone_class": TONES.get(tone, TONES["info"])}


@register.inclusion_tag("components/chart.html")
def chart(element_id: str, figure: Mapping[str, Any]) -> dict[str, object]:
    """A chart with the same figures as a table beside it.

    figure: title, kind ("bar", "hbar", "line", "pie", "stacked", "hstacked"), categories [str],
    series [{"name", "data", "tone"?}], unit ("%", "nhiệm vụ" ...). Pages with charts fill the block `charts`
    by {% include "components/chart_scripts.html" %}.
    """
    series = list(figure.get("series", ()))
    rows = [
        (category, [item["data"][index] if index < len(item["data"]) else None for item in series])
        for index, category in enumerate(figure.get("categories", ()))
    ]
    return {"element_id": element_id, "figure": dict(figure), "series": series, "rows": rows}


@register.filter
def initials(full_name: str) -> str:
    """Letters for an avatar: first and last word of a Vietnamese name."""
    words = [word for word in (full_name or "").split() if word]
    if not words:
        return "?"
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][0].upper()


@register.filter
def page_range(paginator: Any, number: int) -> list[int | None]:
    """Numbers for a pagination bar; None stands for a gap."""
    return [
        item if isinstance(item, int) else None
        for item in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]
