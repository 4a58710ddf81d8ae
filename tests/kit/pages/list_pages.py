"""Rows for the lists of this room, for tests/house/test_list_page_queries.py."""

import itertools

from thongsuot.kit.pages.actions import save_filter

_numbers = itertools.count(1)


def saved_filters(number, actor):
    for _ in range(number):
        save_filter(by=actor, page="pages:saved-filter-list", name=f"Bộ lọc {next(_numbers)}", query="q=a")


ROWS = {"pages:saved-filter-list": saved_filters}
