"""Rows out of the database into Polars frames, by COPY; and the columns that are derived in memory."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection

from thongsuot.kit.sealing.sealing import unseal_many
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import AdministrativeLevel

from .lazily import pl

# What a column of the SQL is read as. "bool" is written 0 or 1 by the SQL.
TYPES = {"int": "Int64", "text": "String", "date": "Date", "bool": "Int8", "float": "Float64"}


def copy_frame(sql: str, asked: Mapping[str, Any], columns: Mapping[str, str]) -> pl.DataFrame:
    """The rows of `sql` with these columns {name: kind of TYPES}, in the order of the SQL."""
    with connection.cursor() as cursor, _copy(cursor, f"copy ({sql}) to stdout (format csv)", asked) as rows:
        text = b"".join(rows)
    schema = {name: getattr(pl, TYPES[kind]) for name, kind in columns.items()}
    if not text:
        frame = pl.DataFrame(schema=schema)
    else:
        frame = pl.read_csv(io.BytesIO(text), has_header=False, schema=schema, try_parse_dates=True)
    flags = [name for name, kind in columns.items() if kind == "bool"]
    return frame.with_columns(pl.col(flags).cast(pl.Boolean)) if flags else frame


def _copy(cursor: Any, sql: str, asked: Mapping[str, Any]) -> Any:
    # Of psycopg itself: Django's wrapper for debugging takes no parameters here.
    return cursor.cursor.copy(sql, asked)


def scope(unit_ids: Collection[int] | None, today: date) -> dict[str, Any]:
    """What every SQL of the loaders is asked with: {units} and {today}, and the school year of today."""
    year = organization.current_school_year(today)
    return {
        "units": None if unit_ids is None else sorted(unit_ids),
        "today": today,
        "year": year.pk if year else 0,
    }


def at_units(column: str, unit_ids: Collection[int] | None) -> str:
    """The condition that leaves the rows of these units."""
    return "true" if unit_ids is None else f"{column} = any(%(units)s)"


def with_id_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Personal ids are opened here and nowhere else, and only their parts stay: id_shaped (12 digits), id_province,
    id_century (the digit of century and sex), id_year (two digits). Null where there is no id."""
    opened = pl.Series("opened", list(unseal_many(frame["sealed"].str.decode("base64").to_list())), pl.String)
    number = pl.when(opened != "").then(opened)
    parts = pl.select(
        id_shaped=number.str.contains(r"^[0-9]{12}$"),
        number=number,
    ).select(
        "id_shaped",
        pl.when("id_shaped").then(pl.col("number").str.slice(0, 3)).alias("id_province"),
        pl.when("id_shaped")
        .then(pl.col("number").str.slice(3, 1).cast(pl.Int64, strict=False))
        .alias("id_century"),
        pl.when("id_shaped")
        .then(pl.col("number").str.slice(4, 2).cast(pl.Int64, strict=False))
        .alias("id_year"),
    )
    return frame.drop("sealed").hstack(parts)


def with_copies(frame: pl.DataFrame, keys: pl.DataFrame, columns: list[str], name: str) -> pl.DataFrame:
    """Adds {name}_here and {name}_elsewhere: how many other rows of `keys` (with unit_id) share these columns, at the
    same unit and at others. 0 where one of the columns is empty."""
    filled = [pl.col(column).is_not_null() & (pl.col(column).cast(pl.String) != "") for column in columns]
    known = keys.lazy().filter(pl.all_horizontal(filled)).select(*columns, "unit_id")
    everywhere = known.group_by(columns).agg(pl.len().alias("_all")).filter(pl.col("_all") > 1)
    here = (
        known.join(everywhere, on=columns, how="semi")
        .group_by(*columns, "unit_id")
        .agg(pl.len().alias("_here"))
    )
    joined = (
        frame.lazy()
        .join(everywhere, on=columns, how="left", maintain_order="left")
        .join(here, on=[*columns, "unit_id"], how="left", maintain_order="left")
    )
    counts = [
        (pl.col("_here").fill_null(1).cast(pl.Int64) - 1).clip(0).alias(f"{name}_here"),
        (pl.col("_all").fill_null(0).cast(pl.Int64) - pl.col("_here").fill_null(0).cast(pl.Int64))
        .clip(0)
        .alias(f"{name}_elsewhere"),
    ]
    return joined.with_columns(counts).drop("_all", "_here").collect()


def communes() -> pl.DataFrame:
    """code, first, last of every commune that was ever in the list of the law."""
    rows = organization.administrative_units(level=AdministrativeLevel.COMMUNE).order_by()
    found = list(rows.values_list("code", "valid_from", "valid_to"))
    schema = {"commune": pl.String, "first": pl.Date, "last": pl.Date}
    return pl.DataFrame(found, schema=schema, orient="row")


def with_commune(frame: pl.DataFrame, code: str, day: str) -> pl.DataFrame:
    """Adds commune_in_force: whether the code is in the list as it stood on the row's `day` (units merge without
    rewriting history). Null where there is no code."""
    found = (
        frame.lazy()
        .select("id", pl.col(code).alias("commune"), pl.col(day).alias("_day"))
        .join(communes().lazy(), on="commune")
        .filter(
            (pl.col("first") <= pl.col("_day"))
            & (pl.col("last").is_null() | (pl.col("last") >= pl.col("_day")))
        )
        .select("id", pl.lit(True).alias("_known"))
        .unique("id")
    )
    known = pl.when(pl.col(code) != "").then(pl.col("_known").fill_null(False)).alias("commune_in_force")
    return (
        frame.lazy()
        .join(found, on="id", how="left", maintain_order="left")
        .with_columns(known)
        .drop("_known")
        .collect()
    )


def codes_of(*lists: str) -> dict[str, frozenset[str]]:
    """The codes of these lists of the ministry."""
    return {name: frozenset(organization.code_values(name).values_list("code", flat=True)) for name in lists}
