"""Vietnamese text: clean it, fold it for search, key it for sorting. Pure: no Django, no database.

fold() agrees with the SQL expression `expressions.Fold`; a test holds them together.
"""

from __future__ import annotations

import re
import unicodedata

# A reader cannot see these; a comparison can. Soft hyphen, zero-width marks, BOM.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
# Python's \s knows NBSP and the typographic spaces; written out because PostgreSQL's does not.
SPACES = "\t-\r \u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_SPACES = re.compile(f"[{SPACES}]+")
_MARKS = re.compile("[\u0300-\u036f]")
# Eth and the African D look like Đ, and files hold them where somebody meant Đ.
FOLD_FROM = "ĐđÐðƉɖ’‘ʼ`´"
FOLD_TO = "dddddd'''''"
_FOLDED = str.maketrans(FOLD_FROM, FOLD_TO)
_D_STROKE = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_QUOTES = str.maketrans("’‘ʼ`´", "'''''")

KEY_LENGTH = 400
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: f"{20 + index}" for index, letter in enumerate(_LETTERS)}
_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_MARK_RANK = {mark: f"{55 + index}" for index, mark in enumerate(_PUNCTUATION)}
# The order of tones in a Vietnamese dictionary: level, falling, asking, tumbling, rising, heavy.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_OTHER_ACCENT = "6"


def clean_text(text: str) -> str:
    """NFC, no invisible and no control characters (PostgreSQL keeps no NUL), single spaces, no space at the ends. Line
    breaks become spaces.
    """
    text = _CONTROL.sub("", _UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    return _SPACES.sub(" ", text).strip()


def clean_lines(text: str) -> str:
    """`clean_text` for text of several lines: each line is cleaned, empty ones at the ends go."""
    return "\n".join(clean_text(line) for line in text.splitlines()).strip()


def mend_d(text: str) -> str:
    """Eth and African D read as the Vietnamese Đ that was meant."""
    return text.translate(_D_STROKE)


def fold(text: str | None) -> str:
    """Text as it is searched: no marks, đ as d, lower case, plain apostrophes, single spaces."""
    if not text:
        return ""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    bare = _UNSEEN.sub("", bare).translate(_FOLDED).lower()
    return _SPACES.sub(" ", bare).strip()


def fold_words(text: str | None, *, most: int = 8) -> list[str]:
    """The folded words of a search box; a text of many words is searched by its first ones."""
    return fold(text).split(" ")[:most] if text and text.strip() else []


def sort_key(text: str | None, *, limit: int = KEY_LENGTH) -> str:
    """A key of digits that sorts as a Vietnamese dictionary does, in any collation of the database.

    First the letters (a ă â b c d đ e ê ...; space and punctuation before digits before letters), then the
    tone of each word, wherever in the word it is written ("hòa" is "hoà").
    """
    letters, tones = [], ["0"]
    for character, marks in _characters(fold_case(text)):
        letters.append(_rank(character))
        if character == " ":
            tones.append("0")
        elif tones[-1] == "0":
            tones[-1] = _tone(marks)
    # Trailing level tones say nothing: "00" between the parts is less than any letter.
    return ("".join(letters) + "00" + "".join(tones).rstrip("0"))[:limit]


def word_key(word: str) -> tuple[str, str]:
    """(letters, tone) of one word: what `sort_key` is put together from."""
    letters, tone = [], "0"
    for character, marks in _characters(fold_case(word)):
        letters.append(_rank(character))
        tone = _tone(marks) if tone == "0" else tone
    return "".join(letters), tone


def person_sort_key(full_name: str | None, *, limit: int = KEY_LENGTH) -> str:
    """The order of a Vietnamese register of people: by given name (the last word), then the rest."""
    words = clean_text(full_name or "").split(" ")
    return (sort_key(words[-1]) + "00" + sort_key(" ".join(words[:-1])))[:limit]


def fold_case(text: str | None) -> str:
    """Clean lower-case text that keeps its marks, with plain apostrophes and a Vietnamese đ."""
    return clean_text(mend_d(text or "")).lower().translate(_QUOTES)


def _characters(text: str) -> list[tuple[str, str]]:
    """(base letter with its own mark: ă â ê ô ơ ư đ; the marks that are left) for each letter."""
    found: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(character) or not found:
            found.append((character, ""))
            continue
        base, marks = found[-1]
        joined = unicodedata.normalize("NFC", base + character)
        found[-1] = (joined, marks) if joined in _LETTER_RANK else (base, marks + character)
    return found


def _rank(character: str) -> str:
    if character in _LETTER_RANK:
        return _LETTER_RANK[character]
    if character == " ":
        return "01"
    # Punctuation sorts after the space and before digits: "02" and two more digits.
    if character in _MARK_RANK:
        return f"02{_MARK_RANK[character]}"
    if character.isdecimal():
        return f"{10 + unicodedata.decimal(character)}"
    return f"99{ord(character):07d}"


def _tone(marks: str) -> str:
    return next((_TONES.get(mark, _OTHER_ACCENT) for mark in marks), "0")
