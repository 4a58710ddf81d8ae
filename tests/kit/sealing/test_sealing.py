"""Sealed values come back, differ each time, cannot be changed; keys can be turned over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kit.sealing.sealing import (
    SealBroken,
    digest,
    digest_many,
    seal,
    seal_many,
    unseal,
    unseal_many,
)


@given(st.text(min_size=1))
def test_what_was_sealed_comes_back(text):
    assert unseal(seal(text)) == text


def test_nothing_stays_nothing():
    assert (seal(""), digest(""), digest(None), unseal(None), unseal(b"")) == (None, None, None, "", "")


def test_the_same_text_is_sealed_differently_and_found_by_one_digest():
    assert seal("051220000123") != seal("051220000123")
    assert digest("051220000123") == digest("051220000123")
    assert digest("051220000123") != digest("051220000124")


def test_many_at_once_are_the_same_as_one_by_one():
    texts = ["051220000123", "", None, "H’Hen Niê"]
    assert list(unseal_many(seal_many(texts))) == ["051220000123", "", "", "H’Hen Niê"]
    assert list(digest_many(texts)) == [digest(text) for text in texts]


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_a_changed_value_is_refused(position):
    sealed = bytearray(seal("051220000123"))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        unseal(bytes(sealed))


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    settings.SEALING_SECRETS = ["first"]
    old, found_by = seal("051220000123"), digest("051220000123")
    settings.SEALING_SECRETS = ["first", "second"]
    assert unseal(old) == "051220000123"
    assert seal("051220000123")[0] == 2
    assert digest("051220000123") == found_by
    settings.SEALING_SECRETS = ["another"]
    with pytest.raises(SealBroken):
        unseal(old)
