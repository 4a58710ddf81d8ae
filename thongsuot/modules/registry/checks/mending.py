"""Which data are mended in place, on the page of the case: how they are read, asked for and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.quality.types import MendField

from ..actions.mending import mend_person
from ..permissions import rows_visible
from ..types import Gender

# Field of the rule -> (column, kind, list of codes, sensitive in law).
PERSON_MENDS = {
    "full_name": ("full_name", "text", "", False),
    "birth_date": ("birth_date", "date", "", False),
    "gender": ("gender", "choice", "gender", False),
    "ethnicity": ("ethnicity", "choice", "dan_toc", True),
    "religion": ("religion", "choice", "ton_giao", True),
    "nationality": ("nationality", "text", "", False),
    "ministry_code": ("ministry_code", "text", "", False),
    "phone": ("phone", "text", "", False),
    "email": ("email", "text", "", False),
}
HELP = {
    "full_name": _("Đúng như giấy khai sinh hoặc căn cước."),
    "birth_date": _("Theo giấy khai sinh."),
    "nationality": _("Mã hai chữ, ví dụ VN, LA."),
    "ministry_code": _("Giữ nguyên số 0 ở đầu; để trống nếu mã ghi nhầm."),
}


def mends(model: type[Model], fields: Mapping[str, tuple[str, str, str, bool]]) -> dict[str, MendField]:
    return {
        name: MendField(
            kind=kind,
            read=partial(_read, model, column, sensitive),
            write=partial(mend_person, model=model, column=column),
            choices=partial(_choices, codes) if codes else None,
            help_text=HELP.get(name, ""),
            may_be_empty=column != "full_name",
        )
        for name, (column, kind, codes, sensitive) in fields.items()
    }


def _read(model: type[Model], column: str, sensitive: bool, actor: Actor, pk: int) -> Any:
    """What stands there; sensitive data are set here, never shown (their reading is traced, in the dossier)."""
    if sensitive:
        return None
    row = model._default_manager.filter(rows_visible(actor), pk=pk).values_list(column, flat=True)
    return row.first()


def _choices(codes: str) -> Sequence[tuple[str, Any]]:
    if codes == "gender":
        return [(value, label) for value, label in Gender.choices if value]
    return list(organization.code_values(codes).values_list("code", "name"))
