"""Generated people with known pairs, as Polars frames: for matching, identity and imports. No database.

`linkage(schools, population)` gives what a province's schools write down and what the population database holds of the
same people, with the disagreements of life in the shares measured in the stack notes. `import_rows(many)` gives pupils in
the columns of the ministry's file. The same seed gives the same rows.

Everything is drawn in columns: half a million records against two million take well under a minute.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from thongsuot.config.demo import defects_twice as variants
from thongsuot.config.demo.names import Names
from thongsuot.config.demo.registry.persons import CLANS, SYLLABLES, WORDS

SEED = 20261
NAMES = Path(__file__).resolve().parents[2] / "data" / "demo" / "names"
# Of the school records: share of each disagreement; several may meet in one record.
RATES = {
    "no_accents": 0.15,
    "tone_place": 0.08,
    "nfd": 0.05,
    "capitals": 0.10,
    "eth": 0.02,
    "order": 0.03,
    "no_middle": 0.03,
    "typing_error": 0.02,
    "day_month": 0.04,
    "other_birth_date": 0.04,
    "no_personal_id": 0.25,
    "wrong_personal_id": 0.02,
    "no_mother": 0.20,
    "other_gender": 0.004,
}
WITHOUT_TRUE_MATCH = 0.10
MINORITY = 0.16
FIRST_BIRTH, LAST_BIRTH = date(2008, 1, 1), date(2023, 12, 31)
# More distinct full names than people who share one; as common as in life through the weights of family names.
DISTINCT = 120_000
PROVINCES = ("051", "062", "079", "048", "049", "052", "064", "001")


@dataclass(frozen=True)
class Linkage:
    """school: records of schools; population: the population database; both have id, full_name, birth_date, gender,
    personal_id, mother_name, commune. truth: school_id, population_id of every true pair; a school record that is not
    there has none. disagreements: school_id, kind, as drawn (a name without Đ stays as it is where "eth" was drawn).
    """

    school: pl.DataFrame
    population: pl.DataFrame
    truth: pl.DataFrame
    disagreements: pl.DataFrame


class Draw:
    """Columns of pseudo-random numbers: each call by a name of its own, so that one more column changes no other."""

    def __init__(self, seed: int, many: int) -> None:
        self.seed, self.many = seed, many
        self.rows = pl.int_range(many, dtype=pl.UInt64, eager=True)

    def bits(self, what: str) -> pl.Series:
        salt = sum(ord(c) * 131**i for i, c in enumerate(what)) % (1 << 61)
        # splitmix64: fixed arithmetic, because a hash may change with the library's version.
        frame = pl.select(
            x=self.rows * 0x9E3779B97F4A7C15 + ((self.seed * 0xBF58476D1CE4E5B9 + salt) % (1 << 64))
        )
        for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
            frame = frame.select(x=(pl.col("x") ^ (pl.col("x") // (1 << 31))) * factor)
        return frame["x"] ^ (frame["x"] // (1 << 33))

    def chance(self, what: str) -> pl.Series:
        """Between 0 and 1."""
        return (self.bits(what) // (1 << 11)).cast(pl.Float64) / float(1 << 53)

    def below(self, what: str, most: int) -> pl.Series:
        return ((self.bits(what) // (1 << 16)) % most).cast(pl.Int64)


@cache
def _full_names(sex: str) -> pl.Series:
    """A bag of names to draw from, family names in their real proportions."""
    import random

    names, rng = Names(NAMES), random.Random(f"{SEED}:{sex}")
    family = rng.choices(names.surnames, names.weights, k=DISTINCT)
    made = []
    for index, surname in enumerate(family):
        given = rng.choice(names.given[sex])
        if index < DISTINCT * MINORITY:
            made.append(
                _minority(
                    rng.random(), rng.choice(WORDS), rng.choice(SYLLABLES), rng.choice(CLANS), sex, given
                )
            )
        elif rng.random() < 0.3:
            made.append(f"{surname} {'Văn' if sex == 'male' else 'Thị'} {given.rsplit(' ', 1)[-1]}")
        else:
            made.append(f"{surname} {given}")
    rng.shuffle(made)
    return pl.Series(made, dtype=pl.String)


def _minority(chance: float, word: str, syllable: str, clan: str, sex: str, given: str) -> str:
    if chance < 0.6:
        return f"{'A' if sex == 'male' else 'Y'} {word if chance < 0.2 else given.rsplit(' ', 1)[-1]}"
    if chance < 0.8:
        return f"{clan} {word}" if sex == "male" else f"{clan} H'{syllable}"
    return (
        f"{'Phạm' if chance < 0.9 else 'Đinh'} {'Văn' if sex == 'male' else 'Thị'} {given.rsplit(' ', 1)[-1]}"
    )


def _names(draw: Draw, what: str, is_male: pl.Series) -> pl.Series:
    at = draw.below(what, DISTINCT)
    male, female = (_full_names(sex).gather(at) for sex in ("male", "female"))
    return pl.select(pl.when(is_male).then(male).otherwise(female)).to_series()


def people(many: int, *, seed: int = SEED) -> pl.DataFrame:
    """`many` persons as the population database has them. personal_id is of the right shape and never twice."""
    draw = Draw(seed, many)
    is_male = draw.chance("sex") < 0.52
    span = (LAST_BIRTH - FIRST_BIRTH).days + 1
    frame = pl.DataFrame(
        {
            "id": pl.int_range(1, many + 1, eager=True),
            "full_name": _names(draw, "name", is_male),
            "days": draw.below("birth", span),
            "is_male": is_male,
            "mother_name": _names(draw, "mother", pl.repeat(False, many, eager=True)),
            "commune": draw.below("commune", 96),
            "province": pl.Series(PROVINCES).gather(
                pl.select(pl.when(draw.chance("far") < 0.06).then(draw.below("which", 8)).otherwise(draw.below("near", 2))).to_series()
            ),
        }
    )  # fmt: skip
    frame = frame.with_columns(birth_date=pl.lit(FIRST_BIRTH) + pl.duration(days="days"))
    century = 2 + (~pl.col("is_male")).cast(pl.Int64)
    head = pl.col("province") + century.cast(pl.String) + pl.col("birth_date").dt.strftime("%y")
    # Within a head a running number, walked in disorder: never the same twice.
    serial = (pl.int_range(pl.len()).over("head") * 618_033 + 7919) % 1_000_000
    return (
        frame.with_columns(head=head)
        .with_columns(personal_id=pl.col("head") + serial.cast(pl.String).str.zfill(6))
        .select(
            "id",
            "full_name",
            "birth_date",
            gender=pl.when("is_male").then(pl.lit("male")).otherwise(pl.lit("female")),
            personal_id="personal_id",
            mother_name="mother_name",
            commune=pl.format("21{}", pl.col("commune").cast(pl.String).str.zfill(3)),
        )
    )


def linkage(schools: int, population: int, *, seed: int = SEED) -> Linkage:
    """`schools` records against `population` persons (at least 0.9 of `schools`); a tenth of the records has no match."""
    strangers = int(schools * WITHOUT_TRUE_MATCH)
    everybody = people(population + strangers, seed=seed)
    registered = everybody.slice(0, population)
    known = schools - strangers
    # Evenly through the population, in disorder: a step that divides nothing here.
    order = pl.DataFrame(
        {"id": pl.int_range(1, population + 1, eager=True), "by": Draw(seed, population).bits("who")}
    )
    chosen = order.sort("by", "id").head(known).select("id")
    origin = pl.concat([chosen, everybody.slice(population, strangers).select("id")])
    written = origin.join(everybody, on="id", how="left", maintain_order="left").rename(
        {"id": "population_id"}
    )
    shuffled = written.with_columns(by=Draw(seed, schools).bits("shuffle")).sort("by").drop("by")
    shuffled = shuffled.with_row_index("id", offset=1).with_columns(pl.col("id").cast(pl.Int64))
    truth = shuffled.filter(pl.col("population_id") <= population).select(
        school_id="id", population_id="population_id"
    )
    school, disagreements = _disagree(shuffled.drop("population_id"), seed)
    return Linkage(school, registered, truth, disagreements)


def _disagree(frame: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    draw = Draw(seed + 1, frame.height)
    hit = pl.DataFrame({kind: draw.chance(kind) < rate for kind, rate in RATES.items()})
    changes: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("no_middle", _without_middle),
        ("order", variants.other_order),
        ("typing_error", variants.typing_error),
        ("tone_place", variants.other_tone_place),
        ("eth", variants.eth),
        ("no_accents", variants.no_accents),
        ("capitals", str.upper),
        ("nfd", lambda name: unicodedata.normalize("NFD", name)),
    )
    names = frame["full_name"]
    for kind, change in changes:
        names = _changed(names, hit[kind], change)
    other = draw.below("days", 40) - 20
    swaps = pl.col("birth_date").dt.day() <= 12
    digit = (pl.col("personal_id").str.slice(9, 1).cast(pl.Int64) + 1) % 10
    school = frame.with_columns(
        names.alias("full_name"), **{f"_{k}": hit[k] for k in RATES}, _days=other
    ).with_columns(
        birth_date=pl.when(pl.col("_day_month") & swaps)
        .then(
            pl.date(
                pl.col("birth_date").dt.year(), pl.col("birth_date").dt.day(), pl.col("birth_date").dt.month()
            )
        )
        .when("_other_birth_date")
        .then(pl.col("birth_date") + pl.duration(days=pl.col("_days")))
        .otherwise("birth_date"),
        personal_id=pl.when("_no_personal_id")
        .then(None)
        .when("_wrong_personal_id")
        .then(
            pl.col("personal_id").str.slice(0, 9)
            + digit.cast(pl.String)
            + pl.col("personal_id").str.slice(10)
        )
        .otherwise("personal_id"),
        mother_name=pl.when("_no_mother").then(None).otherwise("mother_name"),
        gender=pl.when("_other_gender")
        .then(pl.when(pl.col("gender") == "male").then(pl.lit("female")).otherwise(pl.lit("male")))
        .otherwise("gender"),
    )
    said = pl.concat([frame.filter(hit[k]).select(school_id="id", kind=pl.lit(k)) for k in RATES])
    return school.select(frame.columns), said


def _changed(names: pl.Series, hit: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """The change on the names that are hit; each distinct name is changed once."""
    distinct = names.filter(hit).unique()
    table = {name: change(name) for name in distinct.to_list()}
    done = names.replace(table) if table else names
    return pl.select(pl.when(hit).then(done).otherwise(names)).to_series()


def _without_middle(name: str) -> str:
    words = name.split(" ")
    return f"{words[0]} {words[-1]}" if len(words) > 2 else name


# Columns of the ministry's file C1-HocSinh, in the words of its header.
COLUMNS = (
    "STT", "Mã lớp", "Tên lớp", "Mã học sinh", "Họ tên", "Ngày sinh", "Giới tính", "Trạng thái HS", "Ngày nhập trạng thái",
    "Dân tộc", "Tôn giáo", "Nơi sinh", "Xã thường trú", "Số định danh cá nhân", "Mẹ - họ tên",
)  # fmt: skip


def import_rows(
    many: int, *, grade: int = 1, year: int = 2026, per_class: int = 35, seed: int = SEED
) -> pl.DataFrame:
    """`many` (at most a million) pupils as rows of the ministry's layout, all text, in classes of `per_class`."""
    frame = people(many, seed=seed + grade)
    number = pl.int_range(pl.len())
    section = (number // per_class + 1).cast(pl.String)
    # Born in the right year: the day and month are kept, the year and its digits in the number are set.
    born = year - grade - 5
    right = pl.col("personal_id").str.slice(0, 4) + pl.lit(f"{born % 100:02d}")
    serial = (number * 618_033 + 7919) % 1_000_000
    return frame.select(
        (number + 1).cast(pl.String).alias("STT"),
        pl.format("{}{}", pl.lit(f"{grade:02d}"), section.str.zfill(2)).alias("Mã lớp"),
        pl.format("{}/{}", pl.lit(str(grade)), section).alias("Tên lớp"),
        (pl.lit("51") + (number * 61_803 % 100_000_000).cast(pl.String).str.zfill(8)).alias("Mã học sinh"),
        pl.col("full_name").alias("Họ tên"),
        pl.format("{}/{}", _day_and_month(pl.col("birth_date")), pl.lit(str(born))).alias("Ngày sinh"),
        pl.when(pl.col("gender") == "male").then(pl.lit("Nam")).otherwise(pl.lit("Nữ")).alias("Giới tính"),
        pl.lit("Đang học").alias("Trạng thái HS"),
        pl.lit(f"05/09/{year}").alias("Ngày nhập trạng thái"),
        pl.lit("Kinh").alias("Dân tộc"),
        pl.lit("Không").alias("Tôn giáo"),
        pl.lit("Quảng Ngãi").alias("Nơi sinh"),
        pl.col("commune").alias("Xã thường trú"),
        (right + serial.cast(pl.String).str.zfill(6)).alias("Số định danh cá nhân"),
        pl.col("mother_name").alias("Mẹ - họ tên"),
    )


def _day_and_month(day: pl.Expr) -> pl.Expr:
    """29 February is written as the 28th: not every year has one."""
    text = day.dt.strftime("%d/%m")
    return pl.when(text == "29/02").then(pl.lit("28/02")).otherwise(text)
