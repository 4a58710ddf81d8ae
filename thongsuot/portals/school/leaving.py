"""A pupil stops going to school, comes back, changes class: more than the spell is touched, so the pages call a journey."""

from __future__ import annotations

from typing import Any

from thongsuot.journeys import leave_and_return as journey
from thongsuot.journeys import leave_post as posts
from thongsuot.journeys import move_class as moving
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.web.staff import PostEnd
from thongsuot.modules.registry.web.student_steps import Leave, MoveClass, ReturnToSchool


class LeaveSchool(Leave):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.leave_school(by=by, student=thing, **data)


class BackToSchool(ReturnToSchool):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.return_to_school(by=by, student=thing, school_class=self.chosen(data), on=data["on"])


class ToOtherClass(MoveClass):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return moving.move_class(by=by, student=thing, to_class=self.chosen(data), on=data["on"])


class LeavePost(PostEnd):
    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        posts.leave_post(by=by, employment=self.running, **data)
