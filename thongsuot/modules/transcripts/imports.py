"""What the school adds for transcripts, from a spreadsheet: a row a pupil, with a dry run, and taken back when it was a mistake.

An empty cell leaves what is there; who is not in the file stays as he or she is. Transcripts made already do not change.
Place of birth and home town are the registry's: its own import of pupils takes them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Code, Decimal, Text, text_of
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.registry import register
from thongsuot.kit.importing.types import Found, ImportRefused, RowError, RowPlan
from thongsuot.modules.organization.queries import school_years
from thongsuot.modules.registry.queries import coded_pupils

from . import actions
from .actions.supplementing import FIELDS
from .models import Supplement
from .permissions import PREPARE


class SupplementImporter(Importer):
    """Kind "transcripts.supplements"."""

    kind, title, right = "transcripts.supplements", _("Thông tin bổ sung cho học bạ"), PREPARE
    help = _(
        "Mỗi dòng một học sinh. Ô trống giữ nguyên thông tin đang có; học sinh không có trong tệp không bị thay đổi. "
        "Học bạ đã lập không đổi theo. Nơi sinh, quê quán nhập ở tệp hồ sơ học sinh."
    )
    key = ("student",)
    columns = (
        Code(
            "student",
            _("Mã học sinh"),
            aliases=("mã định danh", "mã hs", "mã định danh bộ gd&đt"),
            required=True,
        ),
        Text("student_name", _("Họ và tên"), aliases=("họ tên", "tên học sinh")),
        Text("register_number", _("Số đăng bộ"), aliases=("số sổ đăng bộ", "số sổ đăng bạ"), max_length=30),
        Decimal("weight", _("Cân nặng (kg)"), aliases=("cân nặng",), least=1, most=199),
        Decimal("height", _("Chiều cao (cm)"), aliases=("chiều cao",), least=40, most=249),
        Text("homeroom_remark", _("Nhận xét của chủ nhiệm"), aliases=("nhận xét của gvcn",), max_length=1000),
        Text("qualities_remark", _("Nhận xét phẩm chất"), max_length=1000),
        Text("general_remark", _("Nhận xét năng lực chung"), max_length=1000),
        Text("specific_remark", _("Nhận xét năng lực đặc thù"), max_length=1000),
        Text("special_awards", _("Khen thưởng đột xuất"), max_length=300),
    )

    def __init__(self, year_id: int | None = None) -> None:
        self.year_id = year_id

    def questions(self, actor: Actor) -> dict[str, Any]:
        years = [(str(year.pk), year.name) for year in school_years()]
        return {"year": forms.ChoiceField(label=_("Năm học"), choices=years)}

    def options(self, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        found = next((one for one in school_years() if str(one.pk) == str(data.get("year"))), None)
        if found is None:
            raise ImportRefused(_t("Chưa có năm học này trong hệ thống."), field="year")
        return {"year": found.pk}

    def for_run(self, options: Mapping[str, Any]) -> SupplementImporter:
        return SupplementImporter(options.get("year"))

    def _pupils(self, codes: Iterable[Any], actor: Actor) -> dict[str, tuple[int, int]]:
        """{code: (school, pupil)} at the schools whose transcripts the actor prepares; a code that two of them use is left
        out."""
        units = [h.unit_id for h in actor.holdings if actor.can(PREPARE, h.unit_id)]
        found: dict[str, tuple[int, int]] = {}
        twice = set()
        for (unit_id, code), pk in coded_pupils(
            actor, unit_ids=units, codes={str(one) for one in codes}
        ).items():
            if code in found and found[code] != (unit_id, pk):
                twice.add(code)
            found[code] = (unit_id, pk)
        return {code: place for code, place in found.items() if code not in twice}

    def _rows(self, student_ids: Collection[int], unit_ids: Collection[int]) -> list[Supplement]:
        return list(
            Supplement.objects.filter(
                school_year_id=self.year_id, student_id__in=student_ids, unit_id__in=unit_ids
            )
        )

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        pupils = self._pupils((key[0] for key in keys), actor)
        rows = self._rows({p for _u, p in pupils.values()}, {u for u, _p in pupils.values()})
        by_place = {(row.unit_id, row.student_id): row for row in rows}
        return {
            (code,): Found(row.pk, _values(row))
            for code, place in pupils.items()
            if (row := by_place.get(place)) is not None
        }

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        pupils = self._pupils((plan.values["student"] for plan in plans), actor)
        for plan in plans:
            code = plan.values["student"]
            if str(code) not in pupils:
                label = str(self.column("student").label)
                reason = _t("Không có học sinh mang mã này ở trường, hoặc mã có ở hai trường.")
                yield plan.number, RowError("student", label, text_of(code), reason)
            for name in ("weight", "height"):
                value = plan.values.get(name)
                if value is not None and value != round(value, 1):
                    label = str(self.column(name).label)
                    yield (
                        plan.number,
                        RowError(name, label, text_of(value), _t("Ghi tối đa một chữ số thập phân.")),
                    )

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        pupils = self._pupils((plan.values["student"] for plan in plans), by)
        by_unit: dict[int, dict[int, dict[str, Any]]] = {}
        places = {}
        for plan in plans:
            place = pupils.get(str(plan.values["student"]))
            if place is None:
                raise ImportRefused(_t("Không còn học sinh của dòng này ở trường."))
            unit_id, student_id = places[plan.number] = place
            # Undoing gives back what was there: None where there was nothing.
            said = {name: plan.values[name] for name in FIELDS if name in plan.values}
            by_unit.setdefault(unit_id, {})[student_id] = said
        year = next(one for one in school_years() if one.pk == self.year_id)
        for unit_id, rows in by_unit.items():
            actions.supplement_pupils(by=by, unit_id=unit_id, school_year=year, rows=rows)
        found = self._rows({p for _u, p in places.values()}, set(by_unit))
        ids = {(row.unit_id, row.student_id): row.pk for row in found}
        return {number: ids[place] for number, place in places.items() if place in ids}

    def present(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Mapping[str, Any]]:
        return {row.pk: _values(row) for row in Supplement.objects.filter(pk__in=ids)}

    def remove(self, ids: Sequence[int], by: Actor) -> None:
        """What the file has added for a pupil of whom nothing stood there is emptied again."""
        empty = {name: None if name in ("weight", "height") else "" for name in FIELDS}
        for row in Supplement.objects.filter(pk__in=ids).select_related("school_year"):
            actions.supplement_pupils(
                by=by, unit_id=row.unit_id, school_year=row.school_year, rows={row.student_id: empty}
            )


def _values(row: Supplement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def register_all() -> None:
    register(SupplementImporter())
