from datetime import date, timedelta

import pytest

from thongsuot.modules.directives.domain.deadlines import deadline_after_event, due_for_kind
from thongsuot.modules.directives.types import DeadlineKind

FRIDAY = date(2026, 3, 13)


def seven(day, count):
    """A calendar that is easily told from every other."""
    return day + timedelta(days=7 * count)


def deadline(words, day):
    return deadline_after_event(words, day, after_working_days=seven)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Trong 15 ngày sau khi Thủ tướng phê duyệt Đề án", date(2026, 3, 28)),
        ("Trong vòng 05 ngày làm việc kể từ ngày có hướng dẫn của Bộ", date(2026, 4, 17)),
        ("chậm nhất 01 tháng kể từ khi Bộ ban hành", date(2026, 4, 13)),
        ("Sau khi Bộ ban hành Thông tư, chậm nhất 2 tuần", date(2026, 3, 27)),
        ("Trong 30 (ba mươi) ngày kể từ ngày ký", date(2026, 4, 12)),
        ("Sau khi Thủ tướng phê duyệt Đề án", None),
        ("Sau khi có hướng dẫn của Bộ năm 2026", None),
        ("", None),
    ],
)
def test_words_set_a_day_only_when_they_name_a_span(words, expected):
    assert deadline(words, FRIDAY) == expected


def test_a_month_after_the_last_of_january():
    assert deadline("trong 1 tháng kể từ khi có", date(2026, 1, 31)) == date(2026, 2, 28)
    assert deadline("trong 1 tháng kể từ khi có", date(2026, 2, 28)) == date(2026, 3, 28)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (DeadlineKind.DATE, date(2026, 3, 13)),
        (DeadlineKind.MONTH, date(2026, 3, 31)),
        (DeadlineKind.QUARTER, date(2026, 3, 31)),
        (DeadlineKind.YEAR, date(2026, 12, 31)),
        (DeadlineKind.SCHOOL_YEAR, date(2026, 8, 31)),
        (DeadlineKind.RECURRING, date(2026, 3, 13)),
        (DeadlineKind.ONGOING, None),
        (DeadlineKind.EVENT, None),
        (DeadlineKind.NONE, None),
    ],
)
def test_last_day_of_each_kind(kind, expected):
    assert due_for_kind(kind, FRIDAY) == expected
    assert due_for_kind(kind, None) is None
