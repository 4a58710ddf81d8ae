"""Which forms there are, in which version, and what is wrong with the figures in one. Forms are public inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..domain.form import Form, FormFault, Period, Values
from ..domain.form_checks import Finding, check_form
from ..domain.form_reading import check_forms, parse_form
from ..models import FormVersion
from ..types import BadForm, NoForm
from .computing import compute, compute_all, values_of_units

__all__ = [
    "changed_forms",
    "check",
    "compute",
    "compute_all",
    "file_forms",
    "form",
    "form_version",
    "form_versions",
    "forms",
    "message_of",
    "read_form",
    "values_of_units",
]


def read_form(data: Any, place: str) -> Form:
    """Raises BadForm or BadMeasure in Vietnamese, beginning with `place`."""
    try:
        return parse_form(data, place)
    except FormFault as fault:
        said = _(fault.said) % fault.values
        raise BadForm(f"{fault.place}: {said}" if fault.place else said) from fault


def file_forms() -> tuple[Form, ...]:
    """The forms as the product brings them, by name of the file."""
    return _of_folder(Path(settings.DATA_DIR) / "forms")


@lru_cache(maxsize=8)
def _of_folder(folder: Path) -> tuple[Form, ...]:
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadForm(
                _("tệp %(name)s không phải JSON: %(why)s") % {"name": path.name, "why": error}
            ) from error
        found.append(read_form(data, _("tệp %(name)s") % {"name": path.name}))
    try:
        check_forms(found)
    except FormFault as fault:
        raise BadForm(f"{fault.place}: {_(fault.said) % fault.values}") from fault
    return tuple(found)


@lru_cache(maxsize=128)
def _parsed(pk: int, made_at: Any) -> Form:
    kept = FormVersion.objects.get(pk=pk)
    return read_form({**kept.data, "version": kept.number}, kept.code)


def changed_forms() -> list[Form]:
    """Versions that users have made."""
    return [_parsed(pk, made_at) for pk, made_at in FormVersion.objects.values_list("pk", "made_at")]


def form_versions(code: str) -> list[Form]:
    """All versions of a form by its code or slug, the newest first."""
    found = [one for one in (*file_forms(), *changed_forms()) if code in (one.code, one.slug)]
    return sorted(found, key=lambda one: -one.version)


def forms(on: date) -> list[Form]:
    """The newest version of each form that is in force on the day of the figures: start of the year before its end."""
    newest: dict[str, Form] = {}
    for one in (*file_forms(), *changed_forms()):
        if one.is_in_force(on) and (one.code not in newest or newest[one.code].version < one.version):
            newest[one.code] = one
    return sorted(newest.values(), key=lambda one: (list(Period).index(one.period), one.code))


def form(code: str, on: date) -> Form:
    """By its code (02.ĐN-TH) or slug (02-dn-th). Raises NoForm."""
    found = next((one for one in forms(on) if code in (one.code, one.slug)), None)
    if found is None:
        known = ", ".join(one.code for one in forms(on))
        raise NoForm(_("Không có biểu “%(code)s” (có: %(known)s).") % {"code": code, "known": known or "–"})
    return found


def form_version(code: str, version: int) -> Form:
    """The version with which a return was made. Raises NoForm."""
    found = next((one for one in form_versions(code) if one.version == version), None)
    if found is None:
        words = {"code": code, "version": version}
        raise NoForm(_("Không có phiên bản %(version)s của biểu “%(code)s”.") % words)
    return found


def check(
    form: Form, values: Values, last_year: Values | None = None, others: Mapping[str, Values] | None = None
) -> list[Finding]:
    """Faults, and what needs a reason (domain/form_checks.py)."""
    return check_form(form, values, last_year, others)


def message_of(finding: Finding) -> str:
    return _(finding.said) % finding.words
