"""`clean_text`, `fold` and `person_sort_key` for whole columns (Polars). A test holds them equal to the originals.

Import inside the function that uses it: Polars takes its time to load.
"""

from __future__ import annotations

import polars as pl

from thongsuot.kit.text.vietnamese import (
    FOLD_FROM,
    FOLD_TO,
    KEY_LENGTH,
    SPACES,
    UNSEEN,
    word_key,
)

_SPACES = f"[{SPACES}]+"
_UNSEEN = f"[{UNSEEN}]"
_MARKS = "[\u0300-\u036f]"
_D_FROM, _D_TO = "ÐðƉɖ", "ĐđĐđ"


def clean_texts(texts: pl.Expr) -> pl.Expr:
    """NFC, nothing invisible, single spaces; null where nothing is left."""
    cleaned = texts.str.normalize("NFC").str.replace_all(_UNSEEN, "")
    cleaned = cleaned.str.replace_all(_SPACES, " ").str.strip_chars(" ")
    return pl.when(cleaned != "").then(cleaned)


def mend_d_texts(texts: pl.Expr) -> pl.Expr:
    """Eth and African D read as the Vietnamese Đ that was meant."""
    return texts.str.replace_many(list(_D_FROM), list(_D_TO))


def fold_texts(texts: pl.Expr) -> pl.Expr:
    """Text as it is searched; null stays null."""
    bare = texts.str.normalize("NFD").str.replace_all(_MARKS, "").str.replace_all(_UNSEEN, "")
    bare = bare.str.replace_many(list(FOLD_FROM), list(FOLD_TO)).str.to_lowercase()
    return bare.str.replace_all(_SPACES, " ").str.strip_chars(" ")


def person_sort_keys(names: pl.Series, *, limit: int = KEY_LENGTH) -> pl.Series:
    """`person_sort_key` of each name, the names being clean. Words are few and come again: each is keyed once."""
    split = pl.DataFrame({"name": names.fill_null("").unique()}).with_columns(
        word=pl.col("name").str.split(" ")
    )
    # Polars keeps the words of a name together and in their order.
    words = split.explode("word")
    keyed = words.join(_keyed(words["word"].unique()), on="word", how="left", maintain_order="left")
    rest = pl.int_range(pl.len()) < pl.len() - 1
    parts = keyed.group_by("name").agg(
        given=pl.col("letters").last(),
        given_tone=pl.col("tone").last(),
        letters=pl.col("letters").filter(rest).str.join("01"),
        tones=pl.col("tone").filter(rest).str.join(""),
    )
    keys = parts.select(
        "name",
        key=pl.concat_str(
            _key(pl.col("given"), pl.col("given_tone")),
            pl.lit("00"),
            _key(pl.col("letters"), pl.col("tones")),
        ).str.slice(0, limit),
    )
    found = names.to_frame("name").join(keys, on="name", how="left", maintain_order="left")["key"]
    return found.alias(names.name)


def _keyed(words: pl.Series) -> pl.DataFrame:
    pairs = [word_key(word) for word in words]
    columns = {"letters": [pair[0] for pair in pairs], "tone": [pair[1] for pair in pairs]}
    return pl.DataFrame(
        {"word": words, **columns}, schema_overrides={"letters": pl.String, "tone": pl.String}
    )


def _key(letters: pl.Expr, tones: pl.Expr) -> pl.Expr:
    whole = pl.concat_str(letters, pl.lit("00"), tones.str.strip_chars_end("0"))
    return whole.str.slice(0, KEY_LENGTH)
