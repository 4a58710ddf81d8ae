"""Invented persons: names of the peoples of the province, personal ids and codes of the right shape. Pure.

The peoples of a commune, their names and the numbers below are rough and made up for the demo, not statistics.
"""

from __future__ import annotations

import random
import uuid
from bisect import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from thongsuot.config.demo.names import Names
from thongsuot.config.demo.places import is_highland

KINH, HRE, CO, XO_DANG, BA_NA, GIE_TRIENG, GIA_RAI, BRAU, RO_MAM = (
    "01", "19", "30", "14", "13", "27", "10", "52", "54",
)  # fmt: skip
CITY_OF_KON_TUM = range(23284, 23330)
# One word, as the peoples of the highlands give them; some are a single letter.
WORDS = (
    "Ư", "Hlim", "Brôl", "Thiu", "Blưng", "Kjưn", "Đậm", "Phiêng", "Nhơi", "Lưp", "Thoai", "Xếp", "Hyưk", "Gương",
    "Blơi", "Hmrik", "Nhưk", "Byưn", "Hơnh", "Khưnh", "Kơi", "Đih", "Plơng", "Thâm", "Rĩu", "Hrêng", "Djing", "Mrưk",
    "Nghễ", "Kriêng", "Tưk", "Ngŏk", "Blĕk",
)  # fmt: skip
CLANS = ("Rơ Châm", "Rơ Mah", "Ksor", "Siu", "Kpă", "Rah Lan", "Puih")
SYLLABLES = ("Nhi", "Kiều", "Bia", "Lan", "Thảo", "Wel", "Mlơng", "Uyên", "Hoa", "Trinh")
OTHER_PROVINCES = ("079", "048", "049", "052", "064", "066", "001", "075", "074", "056", "038", "040")
PROVINCE_NAMES = {
    "051": "Quảng Ngãi", "062": "Kon Tum", "079": "TP. Hồ Chí Minh", "048": "Đà Nẵng", "049": "Quảng Nam",
    "052": "Bình Định", "064": "Gia Lai", "066": "Đắk Lắk", "001": "Hà Nội", "075": "Đồng Nai", "074": "Bình Dương",
    "056": "Khánh Hòa", "038": "Thanh Hóa", "040": "Nghệ An",
}  # fmt: skip
JOBS = ("Nông dân", "Công nhân", "Giáo viên", "Buôn bán", "Thợ xây", "Tài xế", "Viên chức", "Lao động tự do")


def peoples(commune: str, rng: random.Random) -> dict[str, float]:
    """Shares of the peoples in a commune."""
    number = int(commune)
    if not is_highland(commune):
        return {KINH: 0.985, HRE: 0.01, CO: 0.005}
    if number < 21200:
        return {CO: 0.72, KINH: 0.2, HRE: 0.05, XO_DANG: 0.03}
    if number < 21400:
        return {HRE: 0.74, KINH: 0.15, XO_DANG: 0.11}
    if number < 23000:
        return {HRE: 0.8, KINH: 0.2}
    if number in CITY_OF_KON_TUM:
        return {KINH: 0.62, BA_NA: 0.25, XO_DANG: 0.08, GIA_RAI: 0.05}
    main, second = rng.sample((XO_DANG, XO_DANG, GIE_TRIENG, BA_NA, GIA_RAI), 2)
    shares = {main: 0.58, KINH: 0.27, BRAU: 0.01, RO_MAM: 0.01}
    shares[second] = shares.get(second, 0) + 0.13
    return shares


class Persons:
    """Draws persons. Numbers and codes never repeat, whoever asks for them."""

    def __init__(self, names: Names, rng: random.Random) -> None:
        self.rng = rng
        self.surnames, self.weights = names.surnames, list(accumulate(names.weights))
        self.given = {sex: [one for one in names.given[sex] if _is_plain(one)] for sex in ("male", "female")}
        self._serials: dict[str, int] = {}

    def pick(self, values: Sequence[Any]) -> Any:
        return values[int(self.rng.random() * len(values))]

    def share(self, shares: dict[str, float]) -> str:
        at = self.rng.random() * sum(shares.values())
        for value, part in shares.items():
            at -= part
            if at <= 0:
                return value
        return next(iter(shares))

    def sex(self) -> str:
        return "male" if self.rng.random() < 0.522 else "female"

    def name(self, people: str, sex: str) -> str:
        chance = self.rng.random()
        if people in (XO_DANG, GIE_TRIENG, RO_MAM) or (people == BA_NA and chance < 0.6):
            first = "A" if sex == "male" else "Y"
            word = self.pick(WORDS) if chance < 0.35 else self._last_word(sex)
            return f"{first} {word}" if chance < 0.88 else f"{first} {self.pick(self.given[sex])}"
        if people == BA_NA:
            return (
                self.pick(WORDS[1:]) if chance > 0.96 else f"Đinh {self._middle(sex)} {self._last_word(sex)}"
            )
        if people == GIA_RAI:
            mark = "'" if chance < 0.75 else "\u2019"
            word = f"H{mark}{self.pick(SYLLABLES)}" if sex == "female" else self.pick(WORDS[1:])
            return f"{self.pick(CLANS)} {word}"
        if people == BRAU:
            return f"{'Thao' if sex == 'male' else 'Nàng'} {self.pick(WORDS[1:])}"
        if people == HRE:
            return f"{'Phạm' if chance < 0.55 else 'Đinh'} {self._middle(sex)} {self._last_word(sex)}"
        if people == CO:
            return f"{'Hồ' if chance < 0.75 else 'Đinh'} {self._middle(sex)} {self._last_word(sex)}"
        return self._kinh(sex, chance)

    def _kinh(self, sex: str, chance: float) -> str:
        surname = self.surnames[bisect(self.weights, self.rng.random() * self.weights[-1] * 0.999)]
        if chance < 0.3:
            return f"{surname} {self._middle(sex)} {self._last_word(sex)}"
        return f"{surname} {self.pick(self.given[sex])}"

    def sex_of(self, full_name: str) -> str:
        """The likely sex of somebody whose name was drawn elsewhere."""
        words = full_name.split(" ")
        if words[0] in ("A", "Y") or "Thị" in words:
            return "female" if words[0] == "Y" or "Thị" in words else "male"
        given = " ".join(words[1:])
        return "male" if given in self.given["male"] and given not in self.given["female"] else "female"

    def _middle(self, sex: str) -> str:
        return "Văn" if sex == "male" else "Thị"

    def _last_word(self, sex: str) -> str:
        return str(self.pick(self.given[sex])).rsplit(" ", 1)[-1]

    def serial(self, prefix: str, digits: int) -> str:
        """Numbers in disorder that never repeat: a walk by a step that shares no divisor with 10^digits."""
        number = self._serials.get(prefix, 0)
        self._serials[prefix] = number + 1
        space = 10**digits
        start = 1 + int(prefix) * 7919
        return f"{prefix}{(start + number * 618_033_989) % space:0{digits}d}"

    def personal_id(self, birth_date: date, sex: str, province: str) -> str:
        century = {19: 0, 20: 2, 21: 4}[birth_date.year // 100] + (sex == "female")
        return self.serial(f"{province}{century}{birth_date.year % 100:02d}", 6)

    def birth_province(self, commune: str) -> str:
        if self.rng.random() < 0.06:
            return str(self.pick(OTHER_PROVINCES))
        return "062" if int(commune) >= 23284 else "051"

    def ministry_code(self, commune: str) -> str:
        """10 digits; the first two are the province at the time of issue, that of the former Kon Tum too."""
        return self.serial("62" if int(commune) >= 23284 else "51", 8)

    def phone(self) -> str:
        return f"0{self.pick('35789')}{self.rng.randrange(10**8):08d}"

    def day_in(self, year: int, *, last: int = 365) -> date:
        return date(year, 1, 1) + timedelta(days=int(self.rng.random() * last))

    def public_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def religion(self) -> str:
        chance = self.rng.random()
        return "00" if chance < 0.9 else "01" if chance < 0.94 else "02" if chance < 0.98 else "08"


def _is_plain(name: str) -> bool:
    return all(
        word.isalpha() and word[0].isupper() and word[1:] == word[1:].lower() for word in name.split(" ")
    )
