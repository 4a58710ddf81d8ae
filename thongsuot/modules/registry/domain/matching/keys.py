"""What of a record is compared: names as folded words, dates in parts, codes.

Names are never changed here, only compared: without accents and tone placement, Đ and Ð as d, i and y alike (Lý, Lí are
both legal spellings), apostrophes of highland names left out, words in any order.
"""

from __future__ import annotations

import polars as pl

from thongsuot.kit.text.vietnamese import FOLD_FROM, FOLD_TO, SPACES, UNSEEN

# Columns that a caller gives; all but id may be null.
GIVEN = ("id", "full_name", "birth_date", "gender", "personal_id", "mother_name")


def folded(column: str) -> pl.Expr:
    """Words of a name as they are compared; the same as kit.text's fold, then y as i and no punctuation."""
    bare = pl.col(column).str.normalize("NFD").str.replace_all(f"[\u0300-\u036f{UNSEEN}]", "")
    bare = bare.str.replace_many(list(FOLD_FROM), list(FOLD_TO)).str.to_lowercase()
    bare = (
        bare.str.replace_all("['.]", "")
        .str.replace_all("[^a-z0-9]+", " ")
        .str.replace_all("y", "i", literal=True)
    )
    return bare.str.replace_all(f"[{SPACES}]+", " ").str.strip_chars(" ")


def prepare(frame: pl.DataFrame) -> pl.DataFrame:
    """Keys of records with the columns GIVEN: id, name (folded), name_set (its words in order of the alphabet), first,
    last, birth_date, year, low and high (day and month, the smaller first), gender, personal_id, mother.
    """
    words = pl.col("name").str.split(" ")
    return (
        frame.lazy()
        # The order in which records come must not change what is found.
        .sort("id")
        .select(
            "id",
            folded("full_name").replace("", None).alias("name"),
            "birth_date",
            pl.col("gender").replace("", None),
            pl.col("personal_id").replace("", None),
            folded("mother_name").replace("", None).alias("mother"),
        )
        .with_columns(
            words.list.sort().list.join(" ").alias("name_set"),
            words.list.first().alias("first"),
            words.list.last().alias("last"),
            pl.col("birth_date").dt.year().alias("year"),
            pl.min_horizontal(pl.col("birth_date").dt.day(), pl.col("birth_date").dt.month()).alias("low"),
            pl.max_horizontal(pl.col("birth_date").dt.day(), pl.col("birth_date").dt.month()).alias("high"),
        )
        .collect()
    )
