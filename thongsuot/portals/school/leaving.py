"""A pupil stops going to school, or comes back: more than the spell is touched, so the pages call the journey."""

from __future__ import annotations

from typing import Any

from thongsuot.journeys import leave_and_return as journey
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.web.student_steps import Leave, ReturnToSchool


class LeaveSchool(Leave):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.leave_school(by=by, student=thing, **data)


class BackToSchool(ReturnToSchool):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.return_to_school(by=by, student=thing, school_class=self.chosen(data), on=data["on"])
