"""Files that can be imported: schools, appointments, the old-to-new map. Rows go through the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import (
    Ambiguous,
    Boolean,
    Choice,
    Code,
    Column,
    Date,
    Reference,
    Text,
    text_of,
)
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.registry import register
from thongsuot.kit.importing.types import Cell, CellError, Found, RowError, RowPlan, RowState

from . import actions
from .domain.unit_words import canonical
from .models import AdministrativeUnit, AdministrativeUnitChange, Appointment, School, Unit
from .permissions import units_visible
from .types import AdministrativeLevel, EducationLevel, RoleCode, SchoolType, UnitKind

LEVEL_WORDS = {
    "mam non": EducationLevel.PRESCHOOL,
    "mau giao": EducationLevel.PRESCHOOL,
    "tieu hoc": EducationLevel.PRIMARY,
    "trung hoc co so": EducationLevel.LOWER_SECONDARY,
    "trung hoc pho thong": EducationLevel.UPPER_SECONDARY,
    "giao duc thuong xuyen": EducationLevel.CONTINUING,
}


@dataclass(frozen=True)
class Levels(Column):
    """Several levels in one cell: "Tiểu học, THCS", "TH&THCS", "Mầm non"."""

    def clean(self, cell: Cell, prepared: Any) -> list[str]:
        rest = canonical(text_of(cell).replace("-", " "))
        found = []
        for words, level in sorted(LEVEL_WORDS.items(), key=lambda pair: -len(pair[0])):
            if words in rest:
                found.append(level.value)
                rest = rest.replace(words, " ")
        if not found or rest.strip():
            raise CellError(_t("Không nhận ra cấp học. Ví dụ: Mầm non; Tiểu học, THCS."))
        order = list(EducationLevel.values)
        return sorted(set(found), key=order.index)

    def show(self, value: list[str] | None) -> str:
        return ", ".join(str(EducationLevel(level).label) for level in value or ())


def units_of(*kinds: UnitKind) -> Any:
    """A resolver of units of some kinds that the actor sees, by code, name or another spelling."""

    def resolve(texts: set[str], actor: Actor) -> Mapping[str, Any]:
        units = Unit.objects.filter(units_visible(actor), kind__in=kinds, valid_to__isnull=True)
        named: dict[str, dict[int, str]] = {}
        codes: dict[str, int] = {}
        for pk, code, name, short_name, aliases in units.values_list(
            "id", "code", "name", "short_name", "aliases"
        ):
            codes[code.lower()] = pk
            for said in (name, short_name, *aliases):
                named.setdefault(canonical(said), {})[pk] = name
        found: dict[str, Any] = {}
        for text in texts:
            fits = named.get(canonical(text), {})
            if text.lower() in codes:
                found[text] = codes[text.lower()]
            elif len(fits) == 1:
                found[text] = next(iter(fits))
            elif fits:
                found[text] = Ambiguous(list(fits.values()))
        return found

    return resolve


def unit_names(ids: set[Any]) -> Mapping[Any, str]:
    return dict(Unit.objects.filter(pk__in=ids).values_list("id", "name"))


def places(texts: set[str], actor: Actor) -> Mapping[str, Any]:
    """Communes and provinces of today by code."""
    now = AdministrativeUnit.objects.filter(valid_to__isnull=True)
    wanted = {text: text.zfill(5) if len(text) > 2 else text.zfill(2) for text in texts if text.isdecimal()}
    ids = dict(now.filter(code__in=wanted.values()).values_list("code", "id"))
    return {text: ids[code] for text, code in wanted.items() if code in ids}


def place_names(ids: set[Any]) -> Mapping[Any, str]:
    return dict(AdministrativeUnit.objects.filter(pk__in=ids).values_list("id", "full_name"))


def accounts(texts: set[str], actor: Actor) -> Mapping[str, Any]:
    """Active accounts by the name they sign in with, or their e-mail."""
    lower = {text.lower(): text for text in texts}
    users = User.objects.filter(is_active=True)
    found: dict[str, Any] = {}
    for pk, username, email in users.values_list("id", "username", "email"):
        for said in (username.lower(), email.lower()):
            if said in lower:
                found[lower[said]] = pk
    return found


def account_names(ids: set[Any]) -> Mapping[Any, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("id", "full_name"))


class SchoolImporter(Importer):
    kind, title, right = "organization.schools", _("Trường"), "organization.manage_units"
    help = _("Mỗi dòng một trường, nhận ra theo mã. Trường đã có thì cập nhật, ô trống thì giữ nguyên.")
    key = ("code",)
    can_undo = False
    columns = (
        Code("code", _("Mã trường"), aliases=("mã đơn vị", "mã cơ sở giáo dục"), required=True),
        Text("name", _("Tên trường"), aliases=("tên đơn vị", "trường"), required=True, max_length=200),
        Levels("levels", _("Cấp học"), aliases=("cấp",), required=True),
        Reference(
            "parent",
            _("Cơ quan quản lý"),
            aliases=("đơn vị quản lý", "trực thuộc"),
            required=True,
            resolver=units_of(UnitKind.DEPARTMENT, UnitKind.COMMUNE),
            namer=unit_names,
        ),
        Reference(
            "administrative_unit",
            _("Mã xã"),
            aliases=("mã xã phường", "xã"),
            resolver=places,
            namer=place_names,
        ),
        Choice("school_type", _("Loại hình"), choices=SchoolType.choices),
        Code("ministry_code", _("Mã định danh của Bộ"), aliases=("mã moet", "mã bộ")),
        Boolean("is_boarding", _("Nội trú, bán trú")),
        Boolean("is_hard_area", _("Vùng khó khăn")),
        Text("address", _("Địa chỉ"), max_length=300),
        Text("email", _("Thư điện tử"), aliases=("email",)),
        Text("phone", _("Điện thoại"), aliases=("số điện thoại", "sđt"), max_length=20),
        Date("valid_from", _("Ngày thành lập"), aliases=("hoạt động từ",), required=True),
    )
    of_unit = ("code", "name", "address", "email", "phone")
    of_school = ("levels", "school_type", "ministry_code", "is_boarding", "is_hard_area")

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        schools = School.objects.filter(unit__code__in=[key[0] for key in keys]).select_related("unit")
        return {(school.unit.code,): Found(school.pk, self._values(school)) for school in schools}

    def _values(self, school: School) -> dict[str, Any]:
        unit = school.unit
        return {
            **{name: getattr(unit, name) for name in (*self.of_unit, "valid_from")},
            **{name: getattr(school, name) for name in self.of_school},
            "parent": unit.parent_id,
            "administrative_unit": unit.administrative_unit_id,
        }

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        """Whose school it is, and since when, is not changed by a file: that takes a decision of its own."""
        for plan in plans:
            for name in ("parent", "administrative_unit", "valid_from"):
                if name in plan.before:
                    column = self.column(name)
                    reason = _t("Không đổi được bằng tệp; hãy sửa trên trang của trường.")
                    yield plan.number, RowError(name, str(column.label), "", reason)

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        there = School.objects.select_related("unit").in_bulk([p.target_id for p in plans if p.target_id])
        parents = Unit.objects.in_bulk([p.values["parent"] for p in plans if "parent" in p.values])
        wanted = [
            p.values["administrative_unit"] for p in plans if p.values.get("administrative_unit") is not None
        ]
        areas = AdministrativeUnit.objects.in_bulk(wanted)
        made = {}
        for plan in plans:
            if plan.state == RowState.CHANGED and plan.target_id:
                made[plan.number] = self._update(there[plan.target_id], plan.values, by)
            else:
                made[plan.number] = self._create(plan.values, parents, areas, by)
        return made

    def _create(
        self,
        values: dict[str, Any],
        parents: dict[int, Unit],
        areas: dict[int, AdministrativeUnit],
        by: Actor,
    ) -> int:
        facts = {name: values[name] for name in self.of_unit if values.get(name) is not None}
        of_school = {name: values[name] for name in self.of_school if values.get(name) is not None}
        school = actions.create_school(
            by=by,
            facts=actions.UnitFacts(kind=UnitKind.SCHOOL.value, **facts),
            school=actions.SchoolFacts(**of_school),
            parent=parents[values["parent"]],
            administrative_unit=areas.get(values.get("administrative_unit") or 0),
            valid_from=values["valid_from"],
        )
        return school.pk

    def _update(self, school: School, values: dict[str, Any], by: Actor) -> int:
        merged = {**self._values(school), **{k: v for k, v in values.items() if v is not None}}
        unit = school.unit
        facts = actions.UnitFacts(
            kind=unit.kind,
            short_name=unit.short_name,
            aliases=unit.aliases,
            **{k: merged[k] for k in self.of_unit},
        )
        of_school = actions.SchoolFacts(**{name: merged[name] for name in self.of_school})
        actions.update_school(by=by, school=school, facts=facts, of_school=of_school)
        return school.pk


class AppointmentImporter(Importer):
    kind, title, right = "organization.appointments", _("Phân công"), "organization.manage_appointments"
    help = _(
        "Mỗi dòng một người giữ một vai trò tại một đơn vị. Người phải có tài khoản. "
        "Ghi ngày kết thúc để chấm dứt."
    )
    key = ("user", "role", "unit")
    can_undo = False
    columns = (
        Reference(
            "user",
            _("Tên đăng nhập"),
            aliases=("tài khoản", "email", "thư điện tử"),
            required=True,
            resolver=accounts,
            namer=account_names,
        ),
        Choice("role", _("Vai trò"), choices=RoleCode.choices, required=True),
        Reference(
            "unit",
            _("Đơn vị"),
            aliases=("mã đơn vị", "trường"),
            required=True,
            resolver=units_of(*(kind for kind in UnitKind if kind != UnitKind.EXTERNAL)),
            namer=unit_names,
        ),
        Text("title", _("Chức vụ"), max_length=120),
        Date("valid_from", _("Từ ngày"), required=True),
        Date("valid_to", _("Đến hết ngày")),
        Text("reason", _("Căn cứ"), aliases=("quyết định", "lý do"), max_length=300),
    )

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        """The latest appointment of each person, role and unit."""
        held = Appointment.objects.filter(user_id__in={key[0] for key in keys}, delegated_from__isnull=True)
        found: dict[Key, Found] = {}
        for row in held.order_by("valid_from"):
            values = {name: getattr(row, name) for name in ("title", "valid_from", "valid_to", "reason")}
            found[row.user_id, row.role, row.unit_id] = Found(row.pk, values)
        return {key: found[key] for key in keys if key in found}

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        for plan in plans:
            if plan.state == RowState.CHANGED and set(plan.before) - {"valid_to", "reason"}:
                reason = _t("Phân công này đã có với nội dung khác; tệp chỉ ghi được ngày kết thúc.")
                yield plan.number, RowError("", "", plan.key, reason)

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        there = Appointment.objects.select_related("delegated_from").in_bulk(
            [plan.target_id for plan in plans if plan.target_id]
        )
        users = User.objects.in_bulk([plan.values["user"] for plan in plans if "user" in plan.values])
        units = Unit.objects.in_bulk([plan.values["unit"] for plan in plans if "unit" in plan.values])
        made = {}
        for plan in plans:
            values = plan.values
            if plan.target_id:
                row = there[plan.target_id]
                if values.get("valid_to"):
                    actions.end_appointment(
                        by=by, appointment=row, on=values["valid_to"], reason=values.get("reason") or ""
                    )
            else:
                row = actions.appoint(
                    by=by,
                    user=users[values["user"]],
                    role=values["role"],
                    unit=units[values["unit"]],
                    valid_from=values["valid_from"],
                    valid_to=values.get("valid_to"),
                    title=values.get("title") or "",
                    reason=values.get("reason") or "",
                )
            made[plan.number] = row.pk
        return made


class ChangeImporter(Importer):
    kind, title, right = "organization.changes", _("Thay đổi địa giới"), "organization.manage_lists"
    help = _("Mỗi dòng: đơn vị cũ đã thành (một phần của) đơn vị mới. Một đơn vị cũ có thể có nhiều dòng.")
    key = ("level", "old_name", "old_parent_name", "new_unit")
    can_undo = False
    columns = (
        Choice("level", _("Cấp"), aliases=("level",), choices=AdministrativeLevel.choices, required=True),
        Code("old_code", _("Mã cũ")),
        Text("old_name", _("Tên cũ"), required=True, max_length=160),
        Text("old_parent_name", _("Thuộc cũ"), aliases=("thuộc", "huyện cũ"), max_length=160),
        Text("old_province_name", _("Tỉnh cũ"), max_length=160),
        Reference(
            "new_unit",
            _("Mã mới"),
            aliases=("mã đơn vị mới", "new_code"),
            required=True,
            resolver=places,
            namer=place_names,
        ),
        Boolean("is_partial", _("Chỉ một phần"), empty_is_no=True),
        Date("effective_on", _("Có hiệu lực từ"), aliases=("từ ngày",), required=True),
        Text("document", _("Văn bản"), aliases=("nghị quyết", "căn cứ"), max_length=200),
    )
    facts = ("old_code", "old_province_name", "is_partial", "effective_on", "document")

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        rows = AdministrativeUnitChange.objects.filter(
            Q(old_name__in=[key[1] for key in keys]), new_unit_id__in=[key[3] for key in keys]
        )
        found: dict[Key, Found] = {}
        for row in rows:
            values = {name: getattr(row, name) for name in self.facts}
            # An empty cell is no value, and the key of a file says so.
            found[row.level, row.old_name, row.old_parent_name or None, row.new_unit_id] = Found(
                row.pk, values
            )
        return {key: found[key] for key in keys if key in found}

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        there = AdministrativeUnitChange.objects.in_bulk([plan.target_id for plan in plans if plan.target_id])
        units = AdministrativeUnit.objects.in_bulk(
            [p.values["new_unit"] for p in plans if "new_unit" in p.values]
        )
        made = {}
        for plan in plans:
            values = {name: value for name, value in plan.values.items() if value is not None}
            values["new_unit"] = units[values["new_unit"]]
            row = there.get(plan.target_id or 0)
            made[plan.number] = actions.record_change(by=by, change=row, **values).pk
        return made


def register_all() -> None:
    for importer in (SchoolImporter, AppointmentImporter, ChangeImporter):
        register(importer())
