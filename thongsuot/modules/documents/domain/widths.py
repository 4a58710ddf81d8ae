"""How wide a line of Times is, and where to break it so that its lines are of like length. Pure.

Word has no line "as long as the words above it" and breaks titles greedily; both need the width of words.
The figures are the public metrics of Times Bold (thousandths of the size); accents do not widen a letter.
"""

from __future__ import annotations

import unicodedata

# Letters of the same width together.
_WIDTHS = {
    letter: width
    for width, letters in {
        1000: "W",
        944: "M",
        833: "m",
        778: "GHKOQ",
        722: "ACDNRUVXYĐw",
        667: "BELTZ",
        611: "FP",
        556: "Sbdhknpquđ",
        500: "Jagovxy",
        444: "cerz",
        389: "Is",
        333: "fjt-;:()",
        278: "il/",
        250: " .,",
    }.items()
    for letter in letters
}
_DIGIT = 500
MM_PER_POINT = 25.4 / 72


def width_mm(text: str, size_pt: float) -> float:
    """Width of one line in bold Times."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return sum(_WIDTHS.get(letter, _DIGIT) for letter in letters) / 1000 * size_pt * MM_PER_POINT


def balanced(text: str, size_pt: float, room_mm: float) -> str:
    """`text` with line breaks: as few lines as fit `room_mm`, as even as can be. Own breaks stay."""
    return "\n".join(_balanced_line(line, size_pt, room_mm) for line in text.split("\n"))


def _balanced_line(line: str, size_pt: float, room_mm: float) -> str:
    if width_mm(line, size_pt) <= room_mm:
        return line
    words = line.split()
    count = 1
    while True:
        count += 1
        # The narrowest measure into which the words still go in `count` lines.
        low, high = max(width_mm(word, size_pt) for word in words), room_mm
        if count >= len(words):
            return "\n".join(_filled(words, size_pt, room_mm))
        if len(_filled(words, size_pt, room_mm)) > count:
            continue
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (low, middle) if len(_filled(words, size_pt, middle)) <= count else (middle, high)
        return "\n".join(_filled(words, size_pt, high))


def _filled(words: list[str], size_pt: float, room_mm: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width_mm(longer, size_pt) <= room_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
