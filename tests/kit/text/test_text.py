import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kit.text.vietnamese import (
    clean_lines,
    clean_text,
    fold,
    fold_words,
    mend_d,
    person_sort_key,
    sort_key,
)

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
vietnamese = st.text(alphabet=LETTERS + LETTERS.upper() + "  '-.0123456789", max_size=40)

FOLDED = [
    ("Đặng Thị Ngọc Ánh", "dang thi ngoc anh"),
    ("  Xã   Đắk R’Lấp ", "xa dak r'lap"),
    ("Ðà Nẵng", "da nang"),  # Eth
    ("ƉẮK NÔNG", "dak nong"),  # African D
    ("Trường\u00a0THPT\u200b Số 1", "truong thpt so 1"),
    ("H`Mông hʼmông", "h'mong h'mong"),
    ("ƯỜNG ươ", "uong uo"),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_fold(text, expected):
    assert fold(text) == expected


@given(vietnamese)
def test_fold_is_the_same_for_every_spelling(text):
    folded = fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(text.upper()) == folded
    assert fold(folded) == folded


@given(vietnamese)
def test_folded_text_is_plain(text):
    assert fold(text).isascii()


@given(st.text(max_size=60))
def test_fold_takes_any_text(text):
    folded = fold(text)
    assert "  " not in folded
    assert folded == folded.strip()


def test_fold_words():
    assert fold_words("  Ngũ   Trần ") == ["ngu", "tran"]
    assert fold_words("   ") == []
    assert fold_words(None) == []


def test_clean_text():
    assert clean_text("Nguye\u0302\u0303n\u00a0 Va\u0306n\u200b \n A ") == "Nguyễn Văn A"
    assert clean_text("A\x00\x07n\x7f") == "An"
    assert clean_lines(" một \r\n\r\nhai  ba \n") == "một\n\nhai ba"
    assert mend_d("Ðức Ɖà") == "Đức Đà"


# Lists in the order of ICU's Vietnamese collation.
SORTED = [
    ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "b"],
    [
        "An",
        "Ân",
        "Ấn",
        "Ba",
        "Cao",
        "Dung",
        "Đức",
        "Em",
        "Êm",
        "Giang",
        "Oanh",
        "Ông",
        "Ơn",
        "Phú",
        "Út",
        "Ưng",
        "Vy",
        "Ý",
    ],
    ["Bình An", "Bình Ân", "Bình Châu", "Bình Chương", "Bình Đông", "Bình Giang", "Bình Minh", "Bình Sơn"],
    ["Mộ Đức", "Nghĩa Giang", "Nghĩa Hành", "Ngọc Bay", "Ngok Bay", "Nguyễn Nghiêm", "Ngự Bình"],
    # The tone counts only when all letters are the same: "Má B" comes after "Ma A" and before "Ma C".
    ["Ma A", "Má A", "Ma B", "Má B", "Ma C"],
    ["Phường 1", "Phường 10", "Phường 2", "Phường Ba"],
    ["Trường THCS", "Trường THCS Ba Đình", "Trường THPT"],
    ["Sa Huỳnh", "Sa Thầy", "Sơn Hà", "Sơn Hạ", "Sơn Kỳ", "Sơn Linh", "Sơn Mai"],
    ["hoa", "hòa", "hỏa", "hõa", "hóa", "hoạ", "hoan", "hoàn"],
]


@pytest.mark.parametrize("expected", SORTED, ids=lambda words: words[0])
def test_sort_key_orders_as_a_dictionary(expected):
    words = list(expected)
    random.Random(7).shuffle(words)
    keys = [sort_key(word) for word in sorted(words, key=sort_key)]
    assert keys == [sort_key(word) for word in expected]


@given(vietnamese)
def test_sort_key_does_not_depend_on_spelling(text):
    key = sort_key(text)
    assert sort_key(unicodedata.normalize("NFD", text)) == key
    assert sort_key(text.upper()) == key
    assert sort_key(f" {text}\u200b ") == key


@given(st.text(max_size=200))
def test_sort_key_is_digits_within_its_limit(text):
    key = sort_key(text)
    assert key.isascii()
    assert key.isdigit()
    assert len(key) <= 400


@given(vietnamese, vietnamese)
def test_letters_decide_before_tones(left, right):
    bare_left, bare_right = (sort_key(fold(text)) for text in (left, right))
    if bare_left < bare_right and "d" not in fold(left + right) and not set("aeou") & set(fold(left + right)):
        assert sort_key(left) < sort_key(right)


def test_the_old_and_the_new_place_of_a_tone_are_one():
    assert sort_key("hòa bình") == sort_key("hoà bình")
    assert sort_key("thúy") == sort_key("thuý")


def test_people_sort_by_given_name():
    people = ["Trần Văn An", "Lê Thị Bình", "Nguyễn Văn Bình", "Nguyễn Thị Bích"]
    assert sorted(people, key=person_sort_key) == [
        "Trần Văn An",
        "Nguyễn Thị Bích",
        "Lê Thị Bình",
        "Nguyễn Văn Bình",
    ]
    assert person_sort_key("Y'Nhi")
