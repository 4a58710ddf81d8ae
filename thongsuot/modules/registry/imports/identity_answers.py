"""Answers of the population database as a file (docs/identity-contract.md, "Files")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Choice, Column, text_of
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.types import Cell, CellError, Found, RowError, RowPlan
from thongsuot.kit.text.vietnamese import fold

from ..actions import identity
from ..domain.identity import FIELDS, BadAnswer, Verdict, differing_of
from ..models import IdentityCheck
from ..permissions import VERIFY, within
from ..types import BatchState, IdentityStatus

RESULTS = [
    (IdentityStatus.MATCHED.value, _("Khớp")),
    (IdentityStatus.MISMATCHED.value, _("Không khớp")),
    (IdentityStatus.NOT_FOUND.value, _("Không tìm thấy")),
    (IdentityStatus.ID_SHARED.value, _("Trùng số")),
    (IdentityStatus.ID_CANCELLED.value, _("Số đã hủy")),
]
WORDS = {
    "ho ten": "full_name",
    "ho va ten": "full_name",
    "ten": "full_name",
    "ngay sinh": "birth_date",
    "gioi tinh": "gender",
} | {name.replace("_", " "): name for name in FIELDS}


@dataclass(frozen=True)
class Reference(Column):
    """The UUID that went out with the person."""

    def clean(self, cell: Cell, prepared: Any) -> str:
        try:
            return str(UUID(text_of(cell)))
        except ValueError as error:
            raise CellError(
                _t("Mã tham chiếu không đúng dạng; hãy giữ nguyên cột này của tệp đã gửi.")
            ) from error


@dataclass(frozen=True)
class Differing(Column):
    """Names of fields with commas: "Họ tên, Ngày sinh"."""

    def clean(self, cell: Cell, prepared: Any) -> str:
        said = [fold(part.replace("_", " ")) for part in text_of(cell).replace(";", ",").split(",")]
        if unknown := [part for part in said if part.strip() and part not in WORDS]:
            raise CellError(
                _t("Không rõ trường “%(name)s”. Dùng: Họ tên, Ngày sinh, Giới tính.") % {"name": unknown[0]}
            )
        named = {WORDS[part] for part in said if part.strip()}
        return ",".join(name for name in FIELDS if name in named)


class IdentityAnswers(Importer):
    kind = "registry.identity_answers"
    title = _("Kết quả xác thực dân cư")
    right = VERIFY
    help = _(
        "Tệp trả lời của cơ quan quản lý CSDL dân cư cho danh sách đã gửi. Nhập lại tệp cũ không thay đổi gì."
    )
    key = ("reference",)
    can_undo = False
    columns = (
        Reference("reference", _("Mã tham chiếu"), required=True),
        Choice(
            "status", _("Kết quả"), aliases=("kết quả xác thực", "trạng thái"), required=True, choices=RESULTS
        ),
        Differing("differing", _("Trường không khớp"), aliases=("trường sai lệch",)),
    )

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        checks = self._checks([str(key[0]) for key in keys], actor)
        return {
            (str(check.reference),): Found(
                check.pk,
                {"reference": str(check.reference), "status": check.status, "differing": check.differing},
            )
            for check in checks
        }

    def _checks(self, references: Sequence[str], actor: Actor) -> Iterable[IdentityCheck]:
        return IdentityCheck.objects.filter(within(actor, VERIFY), reference__in=references).select_related(
            "batch"
        )

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        known = {
            str(check.reference): check
            for check in self._checks([plan.values["reference"] for plan in plans], actor)
        }
        for plan in plans:
            if reason := self._fault(plan, known.get(plan.values["reference"])):
                yield plan.number, RowError("reference", "", plan.key, reason)

    def _fault(self, plan: RowPlan, check: IdentityCheck | None) -> str:
        if check is None:
            return _t("Không có mã tham chiếu này trong các lần gửi của đơn vị.")
        if check.batch.state == BatchState.GIVEN_UP:
            return _t("Lần gửi này đã dừng; người này phải gửi lại.")
        if check.status != IdentityStatus.WAITING:
            return _t("Người này đã có trả lời khác trước đó; trả lời sau không thay trả lời trước.")
        try:
            differing_of(IdentityStatus(plan.values["status"]), _list(plan))
        except BadAnswer:
            return _t("“Không khớp” phải nêu trường không khớp; kết quả khác thì để trống.")
        return ""

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        checks = {str(one.reference): one for one in self._checks([p.values["reference"] for p in plans], by)}
        by_batch: dict[int, list[Verdict]] = {}
        for plan in plans:
            check = checks[plan.values["reference"]]
            verdict = Verdict(check.reference, IdentityStatus(plan.values["status"]), tuple(_list(plan)))
            by_batch.setdefault(check.batch_id, []).append(verdict)
        batches = {check.batch_id: check.batch for check in checks.values()}
        for pk, verdicts in by_batch.items():
            identity.take_answers(by=by, batch=batches[pk], verdicts=verdicts, now=timezone.now())
        return {plan.number: checks[plan.values["reference"]].pk for plan in plans}


def _list(plan: RowPlan) -> list[str]:
    return [name for name in (plan.values.get("differing") or "").split(",") if name]
