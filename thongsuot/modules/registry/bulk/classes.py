"""The class that a row names: by its code in the school and year, else by its name; made where that was asked for."""

from __future__ import annotations

from functools import lru_cache

import polars as pl
from django.utils.translation import gettext as _

from thongsuot.kit.importing.vectors import ROW

from ..domain.layouts import grade_of_class, squeezed
from ..models import SchoolClass
from .types import Staged

KNOWN = {"unit_id": pl.Int64, "word": pl.String, "class_id": pl.Int64, "class_grade": pl.Int64}


def find_classes(staged: Staged) -> None:
    """`class_id` and `class_grade` of each row; a class that is not there rejects its rows."""
    values = staged.cleaned.values
    if "class_code" not in values.columns:
        empty = [pl.lit(None, pl.Int64).alias(name) for name in ("class_id", "class_grade")]
        staged.cleaned.values = values.with_columns(empty, class_code=pl.lit(None, pl.String))
        return
    words = values["class_code"].drop_nulls().unique()
    squeeze = pl.DataFrame(
        {"class_code": words, "word": [squeezed(word) for word in words]},
        schema={"class_code": pl.String, "word": pl.String},
    )
    values = values.join(squeeze, on="class_code", how="left", maintain_order="left")
    values = values.join(_known(staged, values), on=["unit_id", "word"], how="left", maintain_order="left")
    unknown = values.filter(
        pl.col("class_code").is_not_null() & pl.col("class_id").is_null() & pl.col("unit_id").is_not_null()
    )
    if not staged.asked.make_classes:
        reason = _("Năm học này chưa có lớp ấy: nhập tệp lớp trước, hoặc chọn tạo lớp còn thiếu.")
        label = staged.labels.get("class_code", "")
        staged.cleaned.reject(unknown.select(ROW, value="class_code"), "class_code", label, reason)
    staged.cleaned.values = values.drop("word")


def _known(staged: Staged, values: pl.DataFrame) -> pl.DataFrame:
    """Codes first; a name only where one class of the school has it and no class has it as its code."""
    units = values["unit_id"].drop_nulls().unique().to_list()
    found = SchoolClass.objects.filter(school_year_id=staged.asked.year.id, unit_id__in=units)
    codes: dict[tuple[int, str], tuple[int, int | None]] = {}
    names: dict[tuple[int, str], list[tuple[int, int | None]]] = {}
    # A province's classes bear few different names.
    word_of = lru_cache(maxsize=None)(squeezed)
    for pk, unit_id, code, name, grade in found.values_list("id", "unit_id", "code", "name", "grade"):
        codes[unit_id, word_of(code)] = (pk, grade)
        names.setdefault((unit_id, word_of(name)), []).append((pk, grade))
    alone = {key: fits[0] for key, fits in names.items() if len(fits) == 1}
    rows = [(*key, *one) for key, one in (alone | codes).items()]
    return pl.DataFrame(rows, schema=KNOWN, orient="row")


def make_missing(staged: Staged) -> int:
    """Classes that rows name and nobody has made: code and name as the file has them, the grade out of the name."""
    values = staged.cleaned.values
    wrong = staged.cleaned.all_errors()["row"].unique()
    missing = values.filter(
        pl.col("class_code").is_not_null()
        & pl.col("class_id").is_null()
        & ~pl.col(ROW).is_in(wrong.implode())
    )
    pairs = missing.select("unit_id", "class_code").unique(maintain_order=True)
    seen: dict[tuple[int, str], SchoolClass] = {}
    for unit_id, code in pairs.iter_rows():
        seen.setdefault(
            (unit_id, squeezed(code)),
            SchoolClass(
                unit_id=unit_id,
                school_year_id=staged.asked.year.id,
                code=code,
                name=code,
                grade=grade_of_class(code),
                valid_from=staged.asked.year.starts_on,
            ),
        )
    SchoolClass.objects.bulk_create(seen.values(), batch_size=2000)
    return len(seen)
