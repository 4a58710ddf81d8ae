"""Answers of the ministry's database as a file: which rows it took, which it refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Choice, Code, Text
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.types import Found, RowError, RowPlan, RowState

from ..actions import ministry
from ..models import MinistrySubmission, SchoolClass, Staff, Student
from ..permissions import EXPORT, within
from ..types import SubmissionStatus

STATES = [
    (SubmissionStatus.ACCEPTED.value, _("Đã tiếp nhận")),
    (SubmissionStatus.REFUSED.value, _("Bị từ chối")),
]
ALSO = {
    "thanh cong": "accepted",
    "hop le": "accepted",
    "da nhan": "accepted",
    "that bai": "refused",
    "khong hop le": "refused",
    "loi": "refused",
}
PERSON_CODES = ("ministry_code", "provisional_code", "local_code")


class MinistryAnswers(Importer):
    """One class for the three kinds of objects; codes are sought where they were sent from."""

    right = EXPORT
    help = _(
        "Tệp kết quả tải về từ hệ thống của Bộ. Mã là mã đã gửi đi: mã của Bộ, mã tạm hoặc mã của trường."
    )
    key = ("code",)
    can_undo = False
    columns = (
        Code("code", _("Mã"), aliases=("mã học sinh", "mã cán bộ", "mã giáo viên", "mã lớp"), required=True),
        Choice("status", _("Kết quả"), aliases=("trạng thái",), required=True, choices=STATES, also=ALSO),
        Text("reason", _("Lý do"), aliases=("ghi chú", "mô tả lỗi", "lý do từ chối"), max_length=500),
    )
    model: Any = None
    object_kind = ""
    codes: Sequence[str] = PERSON_CODES

    def _by_code(self, codes: set[str], actor: Actor) -> dict[str, list[MinistrySubmission]]:
        """Submissions of the newest year of the objects that go by one of these codes."""
        named: dict[int, set[str]] = {}
        for field in self.codes:
            rows = self.model.objects.filter(within(actor, EXPORT), **{f"{field}__in": codes})
            for pk, code in rows.values_list("pk", field):
                named.setdefault(pk, set()).add(code)
        sent = MinistrySubmission.objects.filter(
            within(actor, EXPORT), kind=self.object_kind, object_id__in=list(named)
        ).select_related("school_year")
        found: dict[str, list[MinistrySubmission]] = {}
        # A class of last year has the same code: the answer is to the newest year.
        for submission in sent.order_by("-school_year__starts_on", "object_id"):
            for code in named[submission.object_id]:
                rows = found.setdefault(code, [])
                if not rows or rows[0].school_year_id == submission.school_year_id:
                    rows.append(submission)
        return found

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        found = self._by_code({str(key[0]) for key in keys}, actor)
        return {
            (code,): Found(rows[0].pk, {"code": code, "status": rows[0].status, "reason": rows[0].reason})
            for code, rows in found.items()
            if len(rows) == 1
        }

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        found = self._by_code({plan.values["code"] for plan in plans}, actor)
        for plan in plans:
            if reason := self._fault(plan, found.get(plan.values["code"], [])):
                yield plan.number, RowError("code", "", plan.key, reason)

    def _fault(self, plan: RowPlan, rows: list[MinistrySubmission]) -> str:
        if not rows:
            return _t("Không có đối tượng nào mang mã này trong các tệp đã gửi.")
        if len(rows) > 1:
            return _t("Nhiều đối tượng mang mã này; hãy dùng mã của Bộ, hoặc nhập bằng tài khoản của trường.")
        if (
            plan.values["status"] == SubmissionStatus.REFUSED
            and not (plan.values.get("reason") or "").strip()
        ):
            return _t("Bị từ chối phải có lý do.")
        return ""

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        sound = [plan for plan in plans if plan.state == RowState.CHANGED and plan.target_id is not None]
        answers = {
            plan.target_id: (SubmissionStatus(plan.values["status"]), plan.values.get("reason") or "")
            for plan in sound
            if plan.target_id is not None
        }
        ministry.take_answers(by=by, answers=answers, now=timezone.now())
        return {plan.number: plan.target_id for plan in sound if plan.target_id is not None}


class StudentAnswers(MinistryAnswers):
    kind, title = "registry.ministry_student", _("Trả lời của Bộ: học sinh")
    model, object_kind = Student, "student"


class StaffAnswers(MinistryAnswers):
    kind, title = "registry.ministry_staff", _("Trả lời của Bộ: cán bộ, giáo viên")
    model, object_kind = Staff, "staff"


class ClassAnswers(MinistryAnswers):
    kind, title = "registry.ministry_class", _("Trả lời của Bộ: lớp")
    model, object_kind, codes = SchoolClass, "class", ("code",)
