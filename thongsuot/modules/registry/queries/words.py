"""Names behind the ministry's codes."""

from __future__ import annotations

from thongsuot.modules.organization import queries as organization

from ..types import CharacteristicKind, Poverty

CHARACTERISTIC_LISTS = {
    CharacteristicKind.POLICY.value: "dien_chinh_sach",
    CharacteristicKind.DISABILITY.value: "loai_khuyet_tat",
}


def code_names(code_list: str) -> dict[str, str]:
    """{code: name} of a list, in its order; empty while the list is not loaded."""
    return dict(organization.code_values(code_list).order_by("position", "code").values_list("code", "name"))


def characteristic_names() -> dict[tuple[str, str], str]:
    """{(kind, code): name} of what characteristics say."""
    found = {
        (kind, code): name
        for kind, code_list in CHARACTERISTIC_LISTS.items()
        for code, name in code_names(code_list).items()
    }
    found |= {(CharacteristicKind.POVERTY.value, code): str(label) for code, label in Poverty.choices}
    return found
