"""Rights in words: settings.RIGHT_NAMES names a dict of them, as the kit knows no module."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


def right_names(rights: Iterable[str]) -> list[tuple[str, str]]:
    """(right, sentence) for each; the right itself where no sentence is known."""
    place = getattr(settings, "RIGHT_NAMES", "")
    known = import_string(place) if place else {}
    return [(right, _(known[right]) if right in known else right) for right in rights]
