"""Rows for the house test of list pages."""

from __future__ import annotations

import itertools

from tests.kit.audit.test_history import make_token
from tests.kit.people import make_user
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.models import SignInLog

_numbers = itertools.count(1)


def make_changes(number, actor):
    for _ in range(number):
        make_token(make_user(), prefix=f"lp{next(_numbers)}")
    return {"kind": "api.apitoken"}


def make_readings(number, actor):
    for _ in range(number):
        user = make_user()
        record_reading(by=Actor(user_id=user.pk, name=user.full_name), subject=user, purpose="Xem hồ sơ")


def make_sign_ins(number, actor):
    for _ in range(number):
        SignInLog.objects.create(user=make_user(), event="signed_in")


ROWS = {
    "audit:changes": make_changes,
    "audit:readings": make_readings,
    "audit:sign-ins": make_sign_ins,
}
