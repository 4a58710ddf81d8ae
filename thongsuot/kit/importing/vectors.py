"""Rows and cells of a frame, a column at a time: the same rules as `headers.data_rows` and `Column.read`.

A column of few different texts (dates, states, classes) is read by its own `read`, once for each text; names and
codes, which all differ, have expressions of their own here. A test holds both ways equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Boolean, Code, Column, Date, Integer, Text
from thongsuot.kit.importing.frames import Frame
from thongsuot.kit.importing.headers import Header, RowReader
from thongsuot.kit.importing.types import CellError
from thongsuot.kit.text.vectors import clean_texts, mend_d_texts

ROW = "row"
ERRORS: dict[str, Any] = {
    "row": pl.Int64,
    "field": pl.String,
    "label": pl.String,
    "value": pl.String,
    "reason": pl.String,
}
# A row that may be no data: looked at one by one by the rules of `headers`.
_DOUBTFUL = r"(?i)^\W*(tổng|cộng|toàn|tong|cong|người lập|hiệu trưởng|phó hiệu|giáo viên chủ|thủ trưởng|ký)"
SHORT = 4
# So many of the first columns are asked whether they have a text in every row: a name, a code.
FULL_COLUMNS = 3
# Codes with which nothing is to be done: of most files all.
_PLAIN = r"^[0-9A-Za-z]+$"


@dataclass
class Cleaned:
    """values: column `row` (number in the sheet, from 1) and one for each column of ours that the file has.
    errors: row, field, label, value, reason. A row with an error stays in `values`, the cell being null.
    """

    values: pl.DataFrame
    errors: list[pl.DataFrame] = field(default_factory=list)

    def reject(self, rows: pl.DataFrame, name: str, label: str, reason: str) -> None:
        """rows: `row` and `value` (what stood there)."""
        if rows.height:
            said = {"field": pl.lit(name), "label": pl.lit(label), "reason": pl.lit(reason)}
            self.errors.append(rows.with_columns(**said).select(list(ERRORS)).cast(pl.Schema(ERRORS)))

    def all_errors(self) -> pl.DataFrame:
        return pl.concat(self.errors).sort("row") if self.errors else pl.DataFrame(schema=ERRORS)


def table_rows(frame: Frame, header: Header, columns: Sequence[Column]) -> tuple[pl.DataFrame, list[int]]:
    """(rows of the table: `row` and the raw text under each matched head; numbers of the rows passed over)."""
    below = frame.cells.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    below = below.slice(header.row + header.depth)
    below = below.filter(_is_filled(below, header))
    raw = below.select(ROW, *(_joined(places).alias(key) for key, places in header.mapping.items()))
    doubtful = below.filter(_is_doubtful(raw, header, columns))
    reader = RowReader(header, columns)
    passed = [
        number for number, *cells in doubtful.iter_rows() if reader.is_passed([cell or "" for cell in cells])
    ]
    return (raw.filter(~pl.col(ROW).is_in(passed)) if passed else raw), passed


def _is_filled(below: pl.DataFrame, header: Header) -> pl.Expr:
    """Something stands in the row. Of most tables one column says so already: it has no empty cell."""
    for places in list(header.mapping.values())[:FULL_COLUMNS]:
        has_text = _has_text(pl.col(f"c{places[0]}"))
        if below.select(has_text.all()).item():
            return pl.lit(value=True)
    return pl.any_horizontal(_has_text(pl.exclude(ROW)))


def _has_text(cells: pl.Expr) -> pl.Expr:
    return (cells.str.strip_chars() != "").fill_null(value=False)


def _joined(places: Sequence[int]) -> pl.Expr:
    """The text of a column; of a date in three columns day/month/year."""
    columns = [pl.col(f"c{place}") for place in places]
    return columns[0] if len(columns) == 1 else pl.concat_str(columns, separator="/")


def _is_doubtful(raw: pl.DataFrame, header: Header, columns: Sequence[Column]) -> pl.Series:
    """What every row that is no data has: something missing, or a required cell that says its own head, or a
    total's word, or next to nothing."""
    keys = [column.key for column in columns if column.required and column.key in header.mapping]
    needed = keys or list(header.mapping)
    texts = [pl.col(key).str.strip_chars() for key in needed]
    missing = pl.any_horizontal(text.is_null() | (text == "") for text in texts)
    again = pl.any_horizontal(
        pl.col(key).is_in(_said_like(raw[key], _heads(header, header.mapping[key])).implode())
        for key in needed
    )
    leading = dict.fromkeys([*needed, *list(header.mapping)[:4]])
    total = pl.any_horizontal(pl.col(key).str.contains(_DOUBTFUL) for key in leading)
    short = pl.all_horizontal(text.str.len_chars() <= SHORT for text in texts)
    return raw.select((missing | again | total.fill_null(value=False) | short).alias("x"))["x"].fill_null(
        value=True
    )


def _said_like(texts: pl.Series, heads: list[str]) -> pl.Series:
    """The different texts that say one of the heads."""
    few = texts.unique().to_frame("text")
    return few.filter(clean_texts(pl.col("text")).is_in(heads))["text"]


def _heads(header: Header, places: Sequence[int]) -> list[str]:
    label = header.labels[places[0]]
    words = label.split(" ")
    # A head of several rows comes again row by row: any of its ends.
    ends = {" ".join(words[number:]) for number in range(len(words))}
    return [*ends, *(" ".join(words[:number]) for number in range(1, len(words)))]


# -- cells ----------------------------------------------------------------------------------------


def clean(raw: pl.DataFrame, columns: Sequence[Column], actor: Actor) -> Cleaned:
    """Read every cell. `raw` as `table_rows` gives it."""
    cleaned = Cleaned(raw.select(ROW))
    for column in columns:
        if column.key not in raw.columns:
            continue
        texts = raw.select(ROW, value=pl.col(column.key))
        if type(column) is Text and column.check is None:
            found = _texts(column, texts, cleaned)
        elif type(column) is Code and column.check is None:
            found = _codes(column, texts, cleaned)
        else:
            found = _few(column, texts, actor, cleaned)
        cleaned.values = cleaned.values.with_columns(found.alias(column.key))
        if column.required:
            # What was read is not empty: the few others are looked at again.
            empty = texts.filter(found.is_null()).filter(clean_texts(pl.col("value")).is_null())
            cleaned.reject(empty, column.key, str(column.label), _("Thiếu dữ liệu bắt buộc."))
    return cleaned


def _texts(column: Text, texts: pl.DataFrame, cleaned: Cleaned) -> pl.Series:
    # Places and ways of writing are few and come again.
    few = texts.select("value").unique().with_columns(clean=mend_d_texts(clean_texts(pl.col("value"))))
    found = texts.join(few, on="value", how="left", maintain_order="left", nulls_equal=True)["clean"]
    if not column.max_length:
        return found
    is_long = found.str.len_chars() > column.max_length
    reason = _("Dài quá %(max)d ký tự.") % {"max": column.max_length}
    cleaned.reject(texts.filter(is_long), column.key, str(column.label), reason)
    return found.set(is_long.fill_null(value=False), None)


def _codes(column: Code, texts: pl.DataFrame, cleaned: Cleaned) -> pl.Series:
    code = pl.col("value")
    if not texts.select(code.str.contains(_PLAIN).all(ignore_nulls=True)).item():
        bare = clean_texts(code).str.replace_all(" ", "", literal=True).str.strip_chars_start("'")
        # A school's code comes again in each of its rows.
        few = texts.select("value").unique().with_columns(bare=bare)
        texts = texts.join(few, on="value", how="left", maintain_order="left", nulls_equal=True)
        code = pl.col("bare")
    if column.width:
        long = code.str.len_chars()
        is_short = code.str.contains(r"^\d+$") & long.is_between(column.least, column.width - 1)
        code = pl.when(is_short).then(code.str.zfill(column.width)).otherwise(code)
    if column.upper:
        code = code.str.to_uppercase()
    found = texts.select(code.alias("value"))["value"]
    if not column.pattern:
        return found
    is_wrong = ~found.str.contains(f"^(?:{column.pattern})$")
    reason = str(column.help) or _("Mã không đúng mẫu.")
    cleaned.reject(texts.filter(is_wrong), column.key, str(column.label), reason)
    return found.set(is_wrong.fill_null(value=False), None)


def _few(column: Column, texts: pl.DataFrame, actor: Actor, cleaned: Cleaned) -> pl.Series:
    """Each different text once through the column's own `read`."""
    said = texts["value"].unique().drop_nulls()
    plain = pl.DataFrame({"raw": said}).with_columns(text=clean_texts(pl.col("raw"))).drop_nulls()
    prepared = column.prepare(set(plain["text"]), actor)
    pairs = list(_read(column, plain["text"], prepared))
    values = pl.Series("clean", [value for value, _reason in pairs], dtype=dtype_of(column))
    reasons = pl.Series("reason", [reason for _value, reason in pairs], dtype=pl.String)
    known = plain.select("raw").with_columns(values, reasons)
    joined = texts.join(known, left_on="value", right_on="raw", how="left", maintain_order="left")
    for reason in reasons.drop_nulls().unique():
        wrong = joined.filter(pl.col("reason") == reason).select(ROW, "value")
        cleaned.reject(wrong, column.key, str(column.label), reason)
    return joined["clean"]


def _read(column: Column, texts: pl.Series, prepared: Any) -> Iterator[tuple[Any, str | None]]:
    for text in texts:
        try:
            yield column.read(text, prepared), None
        except CellError as error:
            yield None, str(error)


def dtype_of(column: Column) -> Any:
    """What the clean values of a column are in a frame."""
    if isinstance(column, Date):
        return pl.Date
    if isinstance(column, Boolean):
        return pl.Boolean
    return pl.Int64 if isinstance(column, Integer) else pl.String


__all__ = ["Cleaned", "clean", "dtype_of", "table_rows"]
