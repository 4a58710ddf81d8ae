"""The same measures over Parquet of many provinces: DuckDB on one machine and Spark in local mode give the same numbers.

    python -m tests.bench.bench_spark [--pupils 25000000] [--keep]

One Ibis expression made of all the registry's measures of pupils (kit/indicators/ibis_measures.py), compiled by both.
Each engine runs in a process of its own: time with and without starting up, and the most memory that it took (for
Spark, Python and the Java machine together). Needs requirements/bench.txt and Java 17; without them it says so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")

FACT = "registry.students"
BREAKDOWNS: tuple[tuple[str, ...], ...] = ((), ("level", "sex"))
PUPILS_OF_A_SCHOOL = 450
MEMORY = "4g"
# What the hashes below are taken modulo: columns independent of each other, the same on every run.
GENERATE = """
copy (
    with pupil as (
        select i as record_id, (hash(i) % {schools})::bigint as unit_id,
            hash(i, 1) as a, hash(i, 2) as b, hash(i, 3) as c
        from range({start}, {stop}) t(i)
    ),
    placed as (select *, (a % 18 + 1)::integer as grade from pupil)
    select record_id, unit_id, grade,
        case when grade <= 5 then 'primary' when grade <= 9 then 'lower_secondary'
            when grade <= 12 then 'upper_secondary' else 'preschool' end as level,
        case when b % 200 = 0 then null when b % 2 = 0 then 'female' else 'male' end as sex,
        case when b % 97 = 0 then null else lpad((b % 54 + 1)::varchar, 2, '0') end as ethnicity,
        case when b % 97 = 0 then null else b % 54 > 0 end as ethnic_minority,
        b % 5 > 0 as verified,
        (case when grade <= 12 then grade + 5 else grade - 13 end + (c % 11 = 0)::integer)::integer as age,
        (2020 - grade)::integer as birth_year,
        (unit_id % 96)::bigint as commune,
        case when unit_id % 25 = 0 then 'private' else 'public' end as school_type,
        c % 150 = 0 as disability, c % 40 = 0 as policy,
        case c % 20 when 0 then 'poor' when 1 then 'near_poor' end as poverty,
        c % 7 = 0 as boarding, c % 3 > 0 as two_sessions, c % 130 = 0 as repeating, c % 9 = 0 as is_new,
        (record_id // 35)::bigint as class_id, record_id as student_id
    from placed
) to '{file}' (format parquet, compression zstd)
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=25_000_000)
    parser.add_argument("--keep", action="store_true", help="do not delete the Parquet files")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        print(json.dumps(ENGINES[asked.engine](asked.folder)))
        return 0
    if missing := _missing():
        print(f"not run: {missing}")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="ts-parquet-"))
    try:
        return _compare(asked.pupils, folder)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _missing() -> str:
    for package in ("ibis", "duckdb", "pyspark"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed; see requirements/bench.txt"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "no Java found; Spark 4.0 needs Java 17 or 21 (Debian: openjdk-17-jre-headless)"
    return ""


def _compare(pupils: int, folder: Path) -> int:
    start = perf_counter()
    _generate(pupils, folder)
    size = sum(file.stat().st_size for file in folder.glob("*.parquet")) / 2**20
    print(
        f"{pupils:,} pupils x 21 columns, {size:,.0f} MB of Parquet, made in {perf_counter() - start:.1f} s"
    )
    for engine in ENGINES:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.bench_spark", "--engine", engine, "--folder", str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        said = json.loads(ran.stdout.splitlines()[-1])
        times = ", ".join(f"{seconds:.1f}" for seconds in said["seconds"])
        print(
            f"{engine:<7} {said['measures']} measures, start {said['start']:.1f} s, first and second time by "
            f"{' and by '.join(' x '.join(('unit', *by)) for by in BREAKDOWNS)}: {times} s, {said['memory']:,.0f} MB"
        )
    return _same(folder)


def _generate(pupils: int, folder: Path) -> None:
    """Eight files, made one after the other, so that memory stays small."""
    import duckdb

    files = 8
    connection = duckdb.connect()
    for index in range(files):
        start, stop = pupils * index // files, pupils * (index + 1) // files
        schools = max(pupils // PUPILS_OF_A_SCHOOL, 1)
        file = folder / f"pupils-{index}.parquet"
        connection.execute(GENERATE.format(schools=schools, start=start, stop=stop, file=file))


def _expressions(table: Any) -> tuple[int, list[Any]]:
    import django

    django.setup()
    from thongsuot.kit.indicators.ibis_measures import totals_expression
    from thongsuot.kit.indicators.registry import all_indicators

    found = {one for indicator in all_indicators() for one in indicator.measures if one.fact == FACT}
    measures = sorted(found, key=repr)
    return len(measures), [totals_expression(table, measures, by) for by in BREAKDOWNS]


def _run_duckdb(folder: Path) -> dict[str, Any]:
    import ibis

    start = perf_counter()
    connection = ibis.duckdb.connect(memory_limit=MEMORY.replace("g", "GB"))
    table = connection.read_parquet(str(folder / "pupils-*.parquet"), table_name="pupils")
    started = perf_counter() - start
    number, expressions = _expressions(table)
    seconds = []
    for index, one in enumerate(expressions):
        for _again in range(2):
            start = perf_counter()
            one.to_parquet(folder / f"result-duckdb-{index}.parquet")
            seconds.append(perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"start": started, "measures": number, "seconds": seconds, "memory": memory}


def _run_spark(folder: Path) -> dict[str, Any]:
    import ibis
    from pyspark.sql import SparkSession

    start = perf_counter()
    session = (
        SparkSession.builder.master("local[*]")
        .config("spark.driver.memory", MEMORY)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "16")
        .config("spark.local.dir", str(folder))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(*map(str, sorted(folder.glob("pupils-*.parquet")))).createOrReplaceTempView("pupils")
    connection = ibis.pyspark.connect(session)
    table = connection.table("pupils")
    started = perf_counter() - start
    number, expressions = _expressions(table)
    seconds = []
    for index, one in enumerate(expressions):
        sql = connection.compile(one)
        for _again in range(2):
            start = perf_counter()
            target = str(folder / f"result-spark-{index}")
            session.sql(sql).write.mode("overwrite").parquet(target)
            seconds.append(perf_counter() - start)
    java = session.sparkContext._gateway.proc.pid  # type: ignore[union-attr]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + _most_memory(java)
    session.stop()
    return {"start": started, "measures": number, "seconds": seconds, "memory": memory}


def _most_memory(process: int) -> float:
    """MB that this process, or those that it started, took at most (Linux)."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            lines = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if process in (int(entry.name), int(lines["PPid"])) and "VmHWM" in lines:
            total += int(lines["VmHWM"].split()[0]) / 1024
    return total


def _same(folder: Path) -> int:
    """Both results sorted by their keys, cell by cell."""
    import polars

    wrong = 0
    for index, by in enumerate(BREAKDOWNS):
        keys = ["unit_id", *by]
        ours = polars.read_parquet(folder / f"result-duckdb-{index}.parquet").sort(keys)
        theirs = polars.read_parquet(folder / f"result-spark-{index}" / "*.parquet").sort(keys)
        theirs = theirs.select(polars.col(name).cast(kind) for name, kind in ours.schema.items())
        same = ours.equals(theirs)
        wrong += not same
        rows = f"{ours.height:,} rows x {ours.width - len(keys)} figures"
        print(f"by {' x '.join(keys)}: {rows}: {'identical' if same else 'DIFFERENT'}")
    return 1 if wrong else 0


ENGINES = {"duckdb": _run_duckdb, "spark": _run_spark}

if __name__ == "__main__":
    raise SystemExit(main())
