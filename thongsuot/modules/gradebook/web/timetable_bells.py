"""Fields of the page of rules about the clock: shown and read."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from ..domain.timetable_bells import Bells
from ..domain.timetable_rules import TimetableRules
from ..types import BadValue


def _names() -> dict[str, tuple[str, str]]:
    return {
        "morning": (_("Vào học buổi sáng"), "time"),
        "afternoon": (_("Vào học buổi chiều"), "time"),
        "minutes": (_("Số phút một tiết"), "number"),
        "pause": (_("Số phút nghỉ giữa hai tiết"), "number"),
        "long_after": (_("Ra chơi dài sau tiết (0: không có)"), "number"),
        "long_pause": (_("Số phút ra chơi dài"), "number"),
    }


def bell_values(rules: TimetableRules, sent: QueryDict | None = None) -> list[dict[str, Any]]:
    kept = rules.bells.model_dump()
    return [
        {
            "key": f"bell-{key}",
            "label": label,
            "kind": kind,
            "value": kept[key] if sent is None else sent.get(f"bell-{key}", ""),
        }
        for key, (label, kind) in _names().items()
    ]


def read_bells(rules: TimetableRules, sent: QueryDict) -> dict[str, Any]:
    """A field that was not sent stays as it is. Raises BadValue naming the field."""
    kept = rules.bells.model_dump()
    given = {key: sent.get(f"bell-{key}", "").strip()[:5] or kept[key] for key in kept}
    try:
        return Bells.model_validate(
            {key: _as_kept(value, kept[key]) for key, value in given.items()}
        ).model_dump()
    except (ValidationError, ValueError) as error:
        key = str(error.errors()[0]["loc"][0]) if isinstance(error, ValidationError) else ""
        label = _names().get(key, (_("Giờ học"), ""))[0]
        said = _("%(what)s: “%(said)s” không dùng được.")
        raise BadValue(said % {"what": label, "said": given.get(key, "")}, field=f"bell-{key}") from error


def _as_kept(value: Any, kept: Any) -> Any:
    """A number as a number; what is no number is left for the shape to refuse."""
    return int(value) if isinstance(kept, int) and str(value).isdecimal() else value
