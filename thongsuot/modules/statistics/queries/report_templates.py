"""Templates of periodic reports: files of data/reports/."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ..domain.report_template import Template, TemplateFault, parse_template
from ..types import BadTemplate


def _words(fault: TemplateFault) -> str:
    return {
        "missing": _("thiếu “%(value)s”"),
        "day": _("“%(value)s” không phải ngày dạng tháng-ngày (MM-DD)"),
        "kind": _("không có loại khối “%(value)s”"),
        "twice": _("mục “%(value)s” có hai lần"),
        "not_object": _("tệp phải là một đối tượng JSON"),
    }[fault.fault] % {"value": fault.value}


def read_template(file: Path) -> Template:
    """Raises BadTemplate naming the file and the place."""
    try:
        return parse_template(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        said = _words(error) if isinstance(error, TemplateFault) else _("không đọc được tệp JSON")
        place = error.place if isinstance(error, TemplateFault) else ""
        raise BadTemplate(f"{file.name}: {place}: {said}" if place else f"{file.name}: {said}") from error


@lru_cache(maxsize=8)
def report_template(kind: str) -> Template:
    return read_template(Path(settings.DATA_DIR) / "reports" / f"{kind}.json")
