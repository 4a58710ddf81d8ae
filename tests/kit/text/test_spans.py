"""What a sort key says of a name is never less than what the folded name says."""

import itertools
import re

from hypothesis import example, given
from hypothesis import strategies as st

from thongsuot.kit.text.spans import ODD, STRANGE, given_spans, key_patterns
from thongsuot.kit.text.vietnamese import clean_text, fold, person_sort_key

words = st.text(alphabet="aăâáầbdđDĐeêệnghoôơởuưyvtz'-.0189ÐжE\u0301", min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=5).map(" ".join).map(clean_text).filter(fold)


@given(name=names, length=st.integers(1, 7))
@example(name="Trần Thị Vy", length=2)
@example(name="H'Mông Điểu Ré", length=1)
@example(name="Nguyễn Đường", length=5)
@example(name="An \u0301", length=1)
def test_whoever_has_a_word_is_found_by_the_key(name, length):
    key = person_sort_key(name)
    *others, last = fold(name).split(" ")
    begins = last[:length]
    assert any(low <= key < high for low, high in given_spans(begins)) or not given_spans(begins)
    for word in () if ODD in key else (*others, last):
        quick_given, quick_elsewhere, exact = key_patterns(word[:length])
        assert like(key, quick_given) or like(key, quick_elsewhere)
        assert re.search(exact, key)


def like(text: str, pattern: str) -> bool:
    return bool(re.fullmatch(pattern.replace("%", ".*").replace("_", "."), text))


def test_the_spans_are_few_and_apart():
    assert given_spans("vy") == [("4851", "4852"), STRANGE]
    spans = given_spans("duong")
    assert len(spans) == 13
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    assert len(given_spans("aeouaeouaeou")) <= 25
    assert given_spans("ж") == []


def test_another_word_is_seen_to_be_another():
    key = person_sort_key("Trần Thị Lan")
    assert ODD not in key
    assert not re.search(key_patterns("vy")[2], key)
    assert not re.search(key_patterns("lang")[2], key)
