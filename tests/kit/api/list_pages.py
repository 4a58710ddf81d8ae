"""Rows for the house test of list pages."""

from __future__ import annotations

import itertools

from tests.kit.audit.test_history import make_token
from thongsuot.kit.accounts.models import User

_numbers = itertools.count(1)


def make_tokens(number, actor):
    for _ in range(number):
        make_token(User.objects.get(pk=actor.user_id), prefix=f"tl{next(_numbers)}")


ROWS = {"api:token-list": make_tokens}
