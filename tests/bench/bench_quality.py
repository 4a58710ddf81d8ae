"""All rules over N pupils, reading and the writing of cases included, against a COPY out of the rows and the same rules
in bare Polars; ten of them against Great Expectations (requirements/bench.txt) on the same rows."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import polars as pl
from django.db import transaction

from tests.bench.measure import Figure, figure
from tests.bench.pupils import DAY, analyze, fill
from tests.bench.scale import Scale
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.quality.actions import run_checks
from thongsuot.modules.quality.domain.evaluation import ActiveRule, evaluate
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.types import BOOK, Parameters
from thongsuot.modules.registry.checks import student_rows
from thongsuot.modules.registry.checks.expressions import EMAIL, PHONE
from thongsuot.modules.registry.checks.person_rows import with_unsettled
from thongsuot.modules.registry.checks.reading import copy_frame, scope, with_commune, with_copies

ROUNDS = 3
TEN = (
    "student.birth_date.missing",
    "student.gender.missing",
    "student.ethnicity.missing",
    "student.nationality.code",
    "student.ministry_code.format",
    "student.ministry_code.copied",
    "student.phone.format",
    "student.email.format",
    "student.birth_date.future",
    "student.personal_id.format",
)


def run(scale: Scale) -> Iterator[Figure]:
    fill(scale.pupils)
    analyze()
    yield nightly(scale.pupils)
    if importlib.util.find_spec("great_expectations") is None:
        print("Great Expectations is not installed (requirements/bench.txt): not compared.", file=sys.stderr)
        return
    yield ten_rules(scale.pupils)


def nightly(pupils: int) -> Figure:
    taken: dict[str, list[float]] = {"ours": [], "floor": [], "again": []}
    cases = 0
    for _ in range(ROUNDS if pupils > 1000 else 1):
        taken["floor"].append(_milliseconds(bare))
        # Every violation is new: the night on which most is written. Taken back, so that each round is the first.
        with transaction.atomic():
            taken["ours"].append(_milliseconds(checked))
            cases = QualityCase.objects.count()
            taken["again"].append(_milliseconds(checked))
            transaction.set_rollback(True)
    again = min(taken["again"]) / min(taken["floor"])
    note = f"{pupils} pupils, {len(BOOK.rules)} rules, {cases} cases opened; a second night, nothing new: {again:.2f}"
    return figure("all rules, reading and writing cases", taken["ours"], taken["floor"], note=note, most=3.0)


def _milliseconds(work: Any) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def checked() -> None:
    run_checks(by=Actor.system(), today=DAY)


def bare() -> int:
    """The rows by COPY, the ids unsealed already, the rules as one select; nothing is written."""
    found = 0
    for dataset in BOOK.datasets.values():
        frame = bare_students() if dataset.code == "student" else dataset.load(None, DAY)
        codes = dataset.codes()
        flags = []
        for n, rule in enumerate(BOOK.rules_of(dataset.code)):
            given = Parameters(DAY, rule.parameters, codes)
            fails = rule.fails(given).fill_null(False)
            flags.append((fails & rule.applies(given) if rule.applies else fails).sum().alias(str(n)))
        found += sum(frame.lazy().select(flags).collect().row(0))
    return found


def bare_students() -> pl.DataFrame:
    columns = {name: value for name, value in student_rows.COLUMNS.items() if name != "sealed"}
    columns["personal_id"] = ("p.personal_id", "text")
    picked = ", ".join(expression for expression, _ in columns.values())
    rows = student_rows.PRESENT.replace(
        "    where s.merged", "    left join bench_plain p on p.student_id = s.id\n    where s.merged", 1
    )
    asked = scope(None, DAY)
    frame = copy_frame(
        f"select {picked} from {rows}", asked, {name: kind for name, (_, kind) in columns.items()}
    )
    number = pl.col("personal_id")
    shaped = number.str.contains(r"^[0-9]{12}$")
    frame = frame.with_columns(
        id_shaped=shaped,
        id_province=pl.when(shaped).then(number.str.slice(0, 3)),
        id_century=pl.when(shaped).then(number.str.slice(3, 1).cast(pl.Int64, strict=False)),
        id_year=pl.when(shaped).then(number.str.slice(4, 2).cast(pl.Int64, strict=False)),
    )
    for names, called in ((["id_key"], "same_id"), (["ministry_code"], "same_code"),
                          (["name_fold", "birth_date", "gender"], "namesakes")):  # fmt: skip
        frame = with_copies(frame, frame, names, called)
    frame = with_unsettled(frame, "student", None, asked)
    frame = with_commune(frame, "residence_commune_code", "updated_on")
    frame = student_rows._with_contacts(frame, None, asked)
    return student_rows._with_lists(frame, None, asked)


def ten_rules(pupils: int) -> Figure:
    with act_as(Actor.system()):
        frame = student_rows.load(None, DAY)
    import pandas

    columns = (
        "birth_date",
        "gender",
        "ethnicity",
        "nationality",
        "ministry_code",
        "phone",
        "email",
        "id_shaped",
    )
    rows = pandas.DataFrame({name: frame[name].to_list() for name in columns} | {"today": DAY})
    rules = [ActiveRule(BOOK.rules[code], BOOK.rules[code].parameters) for code in TEN]
    rounds = range(ROUNDS if pupils > 1000 else 1)
    ours = [_milliseconds(lambda: evaluate(frame, rules, today=DAY, codes={})) for _ in rounds]
    theirs = [_milliseconds(_expectations(rows)) for _ in rounds]
    note = f"{pupils} pupils; ours {theirs[0] / ours[0]:.1f} times as fast; import and set-up not counted"
    return figure("ten rules against Great Expectations", ours, theirs, note=note, most=0.2)


def _expectations(rows: Any) -> Any:
    """The same ten, as a suite that is ready to run."""
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations import expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("rows")
    batch = source.add_dataframe_asset("pupils").add_batch_definition_whole_dataframe("all")
    filled = r"^.*\S.*$"
    suite = gx.ExpectationSuite(
        name="ten",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(column="birth_date"),
            gxe.ExpectColumnValuesToMatchRegex(column="gender", regex=filled),
            gxe.ExpectColumnValuesToMatchRegex(column="ethnicity", regex=filled),
            gxe.ExpectColumnValuesToMatchRegex(column="nationality", regex=r"^[A-Z]{2,3}$"),
            gxe.ExpectColumnValuesToMatchRegex(column="ministry_code", regex=r"^([0-9]{10})?$"),
            gxe.ExpectColumnValuesToBeUnique(column="ministry_code"),
            gxe.ExpectColumnValuesToMatchRegex(column="phone", regex=f"^$|{PHONE}"),
            gxe.ExpectColumnValuesToMatchRegex(column="email", regex=f"^$|{EMAIL}"),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="today",
                column_B="birth_date",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            ),
            gxe.ExpectColumnValuesToBeInSet(column="id_shaped", value_set=[True]),
        ],
    )
    validation = gx.ValidationDefinition(name="ten", data=batch, suite=suite)
    context.suites.add(suite)
    context.validation_definitions.add(validation)
    return lambda: validation.run(batch_parameters={"dataframe": rows}, result_format="BOOLEAN_ONLY")
