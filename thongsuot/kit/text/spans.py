"""What can be said of names by their `person_sort_key` alone: where they stand, whether they may have a word. Pure."""

from __future__ import annotations

from thongsuot.kit.text.vietnamese import word_key

# What a folded letter may have been. Any other character stands for itself.
_WRITTEN = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}
# Where a name ends in neither letter, digit nor punctuation: in a mark by itself, which a folded name has lost.
STRANGE = ("990", "992")
# In a key only where the name holds such a character.
ODD = "99"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789'-.")


def given_spans(folded: str, *, most: int = 24) -> list[tuple[str, str]]:
    """[(from, to)) of `person_sort_key`, in order and apart: in one of them is every person whose given name, folded,
    begins with `folded`.

    Others may be in them too: after `most` ways of writing the letters, or at a character that is neither letter nor
    digit, the rest of the word is left out. Empty when the first character is such a one.
    """
    keys = [""]
    for letter in folded:
        written = _WRITTEN.get(letter, letter)
        if letter not in _PLAIN or len(keys) * len(written) > most:
            break
        keys = [key + word_key(one)[0] for key in keys for one in written]
    return [(key, _after(key)) for key in sorted(keys)] + [STRANGE] if keys != [""] else []


def key_patterns(folded: str) -> tuple[str, str, str]:
    """Patterns that the `person_sort_key` of everybody meets who has, folded, a word that begins with `folded`: one of two
    of LIKE (as given name, elsewhere), which are quick, and a regular expression, which lets fewer others through. A key
    that was cut, or holds ODD, may meet none.
    """
    like, exact = "", ""
    for letter in folded:
        if letter not in _PLAIN:
            break
        written = [word_key(one)[0] for one in _WRITTEN.get(letter, letter)]
        like += "".join(digits[0] if len(set(digits)) == 1 else "_" for digits in zip(*written, strict=True))
        exact += f"({'|'.join(written)})"
    # "00" stands before the rest of the name, "01" is a space.
    return f"{like}%", f"%0_{like}%", f"(^|0[01]){exact}"


def _after(key: str) -> str:
    """The least text of digits that is greater than all that begin with `key`, which is not all nines."""
    return f"{int(key) + 1:0{len(key)}d}"
