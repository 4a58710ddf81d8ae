"""Rows for the house test of list pages."""

from __future__ import annotations

from tests.kit.people import make_user


def make_accounts(number, actor):
    for _ in range(number):
        make_user()


ROWS = {"account-list": make_accounts}
