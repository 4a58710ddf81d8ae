"""Passwords, locks and the end of sessions: the pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kit.accounts.domain.lockout import Rule, Tally
from thongsuot.kit.accounts.domain.passwords import character_types, one_time_password, weakness
from thongsuot.kit.accounts.domain.sessions import has_ended

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RULE = Rule(failures=5, window=timedelta(minutes=15), duration=timedelta(minutes=15))
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("password", "with_mfa", "problem"),
    [
        ("ThongSuot@2026", False, None),
        ("ThongSuot@202", False, "short"),
        ("thongsuot@2026x", False, "types"),
        ("Đường Lên Đỉnh 9", False, None),  # a space is the fourth kind
        ("ĐườngLênĐỉnh999", False, "types"),
        ("matkhau8", True, None),
        ("matkha7", True, "short"),
    ],
)
def test_weakness(password, with_mfa, problem):
    assert weakness(password, with_mfa=with_mfa, alone_length=14, mfa_length=8) == problem


def test_accented_letters_are_letters():
    assert character_types("đ") == 1
    assert character_types("đĐ") == 2


@given(st.integers())
def test_one_time_passwords_keep_the_rule(any_number):
    password = one_time_password()
    assert weakness(password, with_mfa=False, alone_length=14, mfa_length=8) is None
    assert password[0].isalpha()
    assert not set(password) & set("0O1lI")


def fail(times: int, *, start: datetime = NOW, step: timedelta = MINUTE, tally: Tally | None = None) -> Tally:
    tally = tally or Tally()
    for number in range(times):
        tally = tally.after_failure(start + number * step, RULE)
    return tally


def test_fifth_failure_locks():
    assert not fail(4).is_locked(NOW + 4 * MINUTE)
    locked = fail(5)
    assert locked.is_locked(NOW + 5 * MINUTE)
    assert not locked.is_locked(NOW + 4 * MINUTE + RULE.duration)


def test_slow_failures_do_not_lock():
    assert not fail(20, step=timedelta(minutes=16)).is_locked(NOW + timedelta(minutes=16 * 19))


def test_failures_during_a_lock_do_not_lengthen_it():
    locked = fail(5)
    assert fail(50, start=NOW + 5 * MINUTE, step=timedelta(seconds=1), tally=locked) == locked


def test_after_a_lock_the_count_starts_again():
    later = NOW + timedelta(hours=1)
    assert fail(1, start=later, tally=fail(5)) == Tally(failures=1, since=later)


@pytest.mark.parametrize(
    ("began", "seen", "ended"),
    [(0, 0, True), (900, 950, False), (900, 99, True), (-44_000, 999, True), (0, 101, False)],
)
def test_has_ended(began, seen, ended):
    assert has_ended(began=began, seen=seen, now=1000, idle_limit=900, absolute_limit=43_200) is ended
