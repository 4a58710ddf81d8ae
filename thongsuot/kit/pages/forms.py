"""How forms look: Tabler's classes are put on by the renderer, so that no form has to name them."""

from __future__ import annotations

from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.translation import gettext as _

PLAIN = {"hidden", "checkbox", "radio"}


def widget_class(widget: dict[str, Any]) -> str:
    kind = widget.get("type")
    template = widget.get("template_name", "")
    if kind in PLAIN or "checkbox" in template or "radio" in template:
        return "form-check-input" if kind in ("checkbox", "radio") else ""
    if "select" in template:
        return "form-select"
    return "form-control"


class TablerRenderer(TemplatesSetting):
    """FORM_RENDERER: labels, help and errors tied to their field for readers, Tabler classes on widgets."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        for widget in self._widgets(context.get("widget")):
            self._dress(widget)
        return super().render(template_name, context, request)

    def _widgets(self, widget: dict[str, Any] | None) -> list[dict[str, Any]]:
        if not widget:
            return []
        options = [option for _name, group, _index in widget.get("optgroups", []) for option in group]
        return [widget, *widget.get("subwidgets", []), *options]

    def _dress(self, widget: dict[str, Any]) -> None:
        if widget.get("value") == "" and widget.get("label") == BLANK_CHOICE_DASH[0][1]:
            widget["label"] = _("Chọn…")
        attrs = widget.get("attrs", {})
        wanted = widget_class(widget)
        given = attrs.get("class", "").split()
        if wanted and wanted not in given:
            given.append(wanted)
        if attrs.get("aria-invalid") == "true" and wanted:
            given.append("is-invalid")
        if given:
            attrs["class"] = " ".join(dict.fromkeys(given))
