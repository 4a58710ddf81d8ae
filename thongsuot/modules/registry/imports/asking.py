"""What is asked beside a file: the school, the year, the day from which changes hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.importing.types import ImportRefused
from thongsuot.modules.organization.queries import current_school_year, school_years, schools

from ..domain.import_terms import Asked, Year
from ..permissions import IMPORT_FILES, can_see_sensitive, imports_within

EDIT = "registry.edit"
# More schools than this are not chosen from a list: their codes stand in the file.
LISTED_SCHOOLS = 300


def may_import(actor: Actor) -> bool:
    """Whether the actor may bring files of some school in."""
    return actor.can(EDIT) or actor.can(IMPORT_FILES)


def schools_to_edit(actor: Actor) -> list[tuple[int, str, str, str]]:
    """(id, code, ministry's code, name) of the schools whose files the actor may bring in."""
    # Which schools there are is public: a key with nothing but the right to edit names those that it keeps.
    found = schools(Actor.system()).filter(imports_within(actor))
    return list(found.values_list("unit_id", "unit__code", "ministry_code", "unit__name"))


def questions(actor: Actor, *, effective: bool = True) -> dict[str, forms.Field]:
    """The fields beside the file on the page of the upload."""
    mine = schools_to_edit(actor)
    year = current_school_year(timezone.localdate())
    found: dict[str, forms.Field] = {}
    one = len(mine) == 1
    listed = [(str(pk), name) for pk, _code, _ministry, name in mine] if len(mine) <= LISTED_SCHOOLS else []
    found["unit"] = forms.ChoiceField(
        label=gettext_lazy("Trường"),
        choices=listed if one else [("", _("Nhiều trường: mỗi dòng ghi mã trường")), *listed],
        required=one,
        help_text=""
        if one
        else gettext_lazy(
            "Tệp của nhiều trường cần cột “Mã trường”: mã của Bộ hoặc mã đơn vị trong hệ thống."
        ),
    )
    found["year"] = forms.ChoiceField(
        label=gettext_lazy("Năm học"),
        choices=[(one_year.name, one_year.name) for one_year in school_years()],
        initial=year.name if year else None,
    )
    if effective:
        found["effective_on"] = forms.DateField(
            label=gettext_lazy("Thay đổi tính từ ngày"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=gettext_lazy("Ngày mà chuyển lớp, thôi học, đổi diện có hiệu lực. Để trống: hôm nay."),
        )
    return found


def options(data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Answers as JSON. Raises NotAllowed for a school that the actor does not keep, ImportRefused without a year."""
    unit_id = int(data["unit"]) if data.get("unit") else None
    mine = {pk for pk, *_rest in schools_to_edit(actor)}
    if unit_id is not None and unit_id not in mine:
        raise NotAllowed(_("Anh/chị không có quyền nhập dữ liệu của trường này."))
    if not mine:
        raise NotAllowed(_("Anh/chị không có quyền nhập dữ liệu của trường nào."))
    if not any(year.name == data.get("year") for year in school_years()):
        raise ImportRefused(_("Chưa có năm học này trong hệ thống."), field="year")
    effective = data.get("effective_on")
    return {
        "unit": unit_id,
        "year": data["year"],
        "effective_on": effective.isoformat() if isinstance(effective, date) else None,
        "make_classes": bool(data.get("make_classes")),
    }


def asked(answers: Mapping[str, Any], actor: Actor) -> Asked:
    """The answers with what they name. Raises ImportRefused when the year has gone since."""
    found = next((one for one in school_years() if one.name == answers.get("year")), None)
    if found is None:
        raise ImportRefused(_("Chưa có năm học này trong hệ thống."), field="year")
    year = Year(found.pk, found.name, found.starts_on, found.ends_on)
    units: dict[str, int] = {}
    for pk, code, ministry_code, _name in schools_to_edit(actor):
        if answers.get("unit") in (None, pk):
            units |= {said: pk for said in (ministry_code, code) if said}
    effective = answers.get("effective_on")
    day = date.fromisoformat(effective) if effective else timezone.localdate()
    return Asked(
        year=year,
        units=units,
        unit_id=answers.get("unit"),
        effective_on=year.clamp(day),
        make_classes=bool(answers.get("make_classes")),
        contacts=settings.REGISTRY_KEEP_CONTACTS,
        veiled=not all(can_see_sensitive(actor, pk) for pk in set(units.values())),
    )
